//! The arrows between crates run only downward, by the floors of the design, and floor 0 stays pure.

use std::{collections::BTreeMap, path::Path, process::Command};

use crate::scan::{files_ending, text, top, without_tests};

/// Every crate of the workspace stands on a floor. A new crate is given its floor here.
const FLOORS: &[(&str, u8)] = &[
    ("model", 0),
    ("pages", 0),
    ("libraw", 0),
    ("hevc", 0),
    ("catalog", 1),
    ("develop", 1),
    ("rehearsal", 1),
    ("ingest", 2),
    ("previews", 2),
    ("gateway", 2),
    ("studio", 3),
    ("boothlight-desktop", 4),
    ("evening", 5),
];

/// The vocabulary lies under everything, its own floor too.
const UNDER_ALL: &str = "model";

/// Bindings of C and C++ libraries, and the one room that may know each.
const BINDINGS: &[(&str, &str)] = &[("hevc", "develop"), ("libraw", "develop")];

/// What floor 0 may neither depend on nor say: no tasks, no file system, no clock, no randomness.
const IMPURE_CRATES: &[&str] =
    &["tokio", "rand", "sqlx", "axum", "hyper", "reqwest", "tempfile", "notify", "rustix", "libc"];
const IMPURE_WORDS: &[&str] = &[
    "tokio::",
    "std::fs",
    "fs::File",
    "std::net",
    "std::process",
    "std::env",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "now_v7(",
    "new_v4(",
    "rand::",
    "thread_rng",
    "std::thread",
];

struct Arrow {
    from: String,
    to: String,
    dev: bool,
}

/// All dependencies of workspace members, as cargo reads them.
fn arrows() -> Vec<Arrow> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(top())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut arrows = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        for dependency in package["dependencies"].as_array().unwrap() {
            arrows.push(Arrow {
                from: word(&package["name"]),
                to: word(&dependency["name"]),
                dev: dependency["kind"].as_str() == Some("dev"),
            });
        }
    }
    arrows
}

fn floors() -> BTreeMap<&'static str, u8> {
    FLOORS.iter().copied().collect()
}

/// Why an arrow is wrong; none where it is right or leaves the house.
fn fault(arrow: &Arrow, floors: &BTreeMap<&str, u8>) -> Option<String> {
    let Arrow { from, to, dev } = arrow;
    let (from_floor, to_floor) = (*floors.get(from.as_str())?, *floors.get(to.as_str())?);
    if to == UNDER_ALL && from != UNDER_ALL {
        return None;
    }
    if from_floor > to_floor {
        return None;
    }
    // A keeper's own tests may use what its neighbour draws; rooms on floor 2 do not know each other even there.
    if *dev && from_floor == to_floor && from_floor == 1 {
        return None;
    }
    Some(format!("{from} (floor {from_floor}) knows {to} (floor {to_floor})"))
}

#[test]
fn arrows_run_only_downward() {
    let floors = floors();
    let faults: Vec<String> = arrows().iter().filter_map(|arrow| fault(arrow, &floors)).collect();
    assert!(faults.is_empty(), "arrows must point down:\n{}", faults.join("\n"));
}

#[test]
fn every_crate_has_its_floor() {
    let floors = floors();
    let mut missing: Vec<String> = arrows().into_iter().map(|arrow| arrow.from).collect();
    missing.retain(|name| !floors.contains_key(name.as_str()));
    missing.dedup();
    assert!(missing.is_empty(), "crates without a floor in tests/arrows.rs: {missing:?}");
}

#[test]
fn an_arrow_upward_or_sideways_would_be_found() {
    let floors = floors();
    let arrow = |from: &str, to: &str, dev| Arrow { from: from.into(), to: to.into(), dev };
    assert!(fault(&arrow("catalog", "studio", false), &floors).is_some());
    assert!(fault(&arrow("ingest", "previews", false), &floors).is_some());
    assert!(fault(&arrow("ingest", "gateway", true), &floors).is_some());
    assert!(fault(&arrow("develop", "rehearsal", false), &floors).is_some());
    assert!(fault(&arrow("model", "pages", false), &floors).is_some());
    assert!(fault(&arrow("develop", "rehearsal", true), &floors).is_none());
    assert!(fault(&arrow("pages", "model", false), &floors).is_none());
    assert!(fault(&arrow("studio", "tokio", false), &floors).is_none());
}

#[test]
fn a_binding_is_known_to_its_room_alone() {
    let faults: Vec<String> = arrows()
        .iter()
        .filter(|arrow| BINDINGS.iter().any(|(binding, room)| arrow.to == *binding && arrow.from != *room))
        .map(|arrow| format!("{} knows {}", arrow.from, arrow.to))
        .collect();
    assert!(faults.is_empty(), "decoders run in the capped worker and nowhere else:\n{}", faults.join("\n"));
}

#[test]
fn floor_0_is_pure() {
    let pure: Vec<&str> = FLOORS.iter().filter(|(_, floor)| *floor == 0).map(|(name, _)| *name).collect();
    let mut faults: Vec<String> = arrows()
        .iter()
        .filter(|arrow| !arrow.dev && pure.contains(&arrow.from.as_str()) && IMPURE_CRATES.contains(&arrow.to.as_str()))
        .map(|arrow| format!("{} depends on {}", arrow.from, arrow.to))
        .collect();
    for name in pure {
        let folder = Path::new("crates").join(name).join("src");
        for path in files_ending(&["rs"]).into_iter().filter(|path| path.starts_with(&folder)) {
            let source = text(&path).unwrap();
            faults.extend(impurities(&source).into_iter().map(|found| format!("{}: {found}", path.display())));
        }
    }
    assert!(faults.is_empty(), "floor 0 has no tasks, files, clock or randomness:\n{}", faults.join("\n"));
}

/// Lines of code outside tests that say what floor 0 may not.
fn impurities(source: &str) -> Vec<String> {
    without_tests(source)
        .into_iter()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter_map(|(number, line)| {
            IMPURE_WORDS.iter().find(|word| line.contains(**word)).map(|word| format!("line {number}: {word}"))
        })
        .collect()
}

#[test]
fn an_impurity_would_be_found() {
    assert_eq!(impurities("fn now() -> u64 {\n    SystemTime::now()\n}\n").len(), 1);
    assert!(impurities("// SystemTime is not ours\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n").is_empty());
}
