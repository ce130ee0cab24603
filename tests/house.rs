//! The house keeps its own rules: arrows, sizes, first lines, lock files, no traces of a machine.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod arrows;
mod scan;

use std::path::Path;

use scan::{files_ending, indent, text, top, tracked_files, without_tests};

/// Lines of a function, outside tests.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of a file. A file that is written by a program says "generated" in its first lines and is let off.
const FILE_LINES_MAX: usize = 500;
/// What counts as a file of code.
const CODE: &[&str] = &["rs", "ts", "js", "mjs", "svelte", "css", "html", "wgsl", "sql", "sh"];
/// Cargo's own name for its default registry; any other address in a lock file is somebody's mirror.
const CARGO_REGISTRY: &str = r#"source = "registry+https://github.com/rust-lang/crates.io-index""#;

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut faults = Vec::new();
    for path in files_ending(&["rs"]) {
        if path.components().any(|part| part.as_os_str() == "tests")
            || path.file_name().is_some_and(|name| name == "tests.rs")
        {
            continue;
        }
        let source = text(&path).unwrap();
        faults.extend(
            long_functions(&source)
                .into_iter()
                .map(|(line, lines)| format!("{}:{line}: {lines} lines", path.display())),
        );
    }
    assert!(faults.is_empty(), "functions over {FUNCTION_LINES_MAX} lines:\n{}", faults.join("\n"));
}

/// First line and length of every function that is too long. Leans on rustfmt: a function ends at its own indent.
fn long_functions(source: &str) -> Vec<(usize, usize)> {
    let lines = without_tests(source);
    let mut found = Vec::new();
    for (at, (number, line)) in lines.iter().enumerate() {
        if !begins_function(line) || line.trim_end().ends_with(['}', ';']) {
            continue;
        }
        let (end, signature) = (format!("{}}}", indent(line)), format!("{})", indent(line)));
        // A trait's function may end with its signature, whatever it returns.
        let without_body = |line: &str| line.starts_with(&signature) && line.ends_with(';');
        let last = lines.iter().skip(at + 1).find(|(_, line)| *line == end || without_body(line));
        let length = last.map_or(usize::MAX, |(last, _)| last - number + 1);
        if length > FUNCTION_LINES_MAX {
            found.push((*number, length));
        }
    }
    found
}

fn begins_function(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let prefix = |word: &str| {
        matches!(word, "pub" | "async" | "const" | "unsafe" | "extern" | "default")
            || word.starts_with("pub(")
            || word.starts_with('"')
    };
    words.find(|word| !prefix(word)) == Some("fn")
}

#[test]
fn a_long_function_would_be_found() {
    let long = format!("impl A {{\n    pub(crate) async fn b() {{\n{}    }}\n}}\n", "        c();\n".repeat(69));
    assert_eq!(long_functions(&long), [(2, 71)]);
    let short = format!("fn b(\n    a: u8,\n) {{\n{}}}\n", "    c();\n".repeat(60));
    assert!(long_functions(&short).is_empty());
    let test = format!("#[cfg(test)]\nmod tests {{\n    fn b() {{\n{}    }}\n}}\n", "        c();\n".repeat(90));
    assert!(long_functions(&test).is_empty());
}

#[test]
fn no_file_is_longer_than_a_story() {
    let mut faults = Vec::new();
    for path in tracked_files() {
        let Some(source) = text(&path) else { continue };
        let is_code = path.extension().is_some_and(|found| CODE.iter().any(|ending| found == *ending))
            || source.starts_with("#!");
        let generated = source.lines().take(5).any(|line| line.contains("generated"));
        let lines = source.lines().count();
        if is_code && !generated && lines > FILE_LINES_MAX {
            faults.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(faults.is_empty(), "files over {FILE_LINES_MAX} lines:\n{}", faults.join("\n"));
}

#[test]
fn every_crate_says_what_it_is_in_its_first_line() {
    let mut faults = Vec::new();
    for path in files_ending(&["rs"]) {
        let is_root =
            path.starts_with("crates") && ["src/lib.rs", "src/main.rs"].iter().any(|root| path.ends_with(root));
        if is_root && !text(&path).unwrap().starts_with("//! ") {
            faults.push(path.display().to_string());
        }
    }
    assert!(faults.is_empty(), "these begin without a `//!` line: {faults:?}");
}

#[test]
fn lock_files_name_no_registry() {
    let mut faults = Vec::new();
    for path in tracked_files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !["Cargo.lock", "package-lock.json", ".npmrc"].contains(&name.as_str()) {
            continue;
        }
        for (index, line) in text(&path).unwrap().lines().enumerate() {
            if names_registry(&name, line) {
                faults.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "lock files must hold versions and hashes alone:\n{}", faults.join("\n"));
}

fn names_registry(file: &str, line: &str) -> bool {
    match file {
        "Cargo.lock" => line.contains("://") && line != CARGO_REGISTRY,
        "package-lock.json" => line.trim_start().starts_with("\"resolved\""),
        _ => line.contains("registry=") || line.contains("://"),
    }
}

#[test]
fn a_registry_in_a_lock_file_would_be_found() {
    assert!(names_registry("Cargo.lock", r#"source = "registry+https://mirror.example/index""#));
    assert!(!names_registry("Cargo.lock", CARGO_REGISTRY));
    assert!(names_registry("package-lock.json", r#"      "resolved": "https://mirror.example/a.tgz","#));
    assert!(names_registry(".npmrc", "registry=https://mirror.example/"));
    assert!(!names_registry(".npmrc", "omit-lockfile-registry-resolved=true"));
}

#[test]
fn no_file_knows_a_machine() {
    let mut faults = Vec::new();
    for path in tracked_files() {
        for (index, line) in text(&path).unwrap_or_default().lines().enumerate() {
            if let Some(found) = machine_path(line) {
                faults.push(format!("{}:{}: {found}", path.display(), index + 1));
            }
        }
    }
    assert!(faults.is_empty(), "paths of somebody's machine:\n{}", faults.join("\n"));
}

/// A home folder's or a workplace's absolute path in a line. Written in two halves, so that this file does not find itself.
fn machine_path(line: &str) -> Option<&'static str> {
    let needles = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/shared"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
    ];
    needles.into_iter().find(|needle| {
        line.match_indices(needle).any(|(at, _)| {
            // "src/root/x" is no absolute path: what stands before must not be part of one.
            !line[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || "._-}$".contains(before))
        })
    })
}

#[test]
fn a_path_of_a_machine_would_be_found() {
    assert!(machine_path(concat!("let a = \"/ro", "ot/.cache\";")).is_some());
    assert!(machine_path(concat!("cd /ho", "me/lena")).is_some());
    assert!(machine_path(concat!("tree/ro", "ot/leaf")).is_none());
}

#[test]
fn what_a_house_needs_is_there() {
    for name in [
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "README.md",
        "CHANGELOG.md",
        "THIRD_PARTY.md",
        "docs/ARCHITECTURE.md",
        "run",
        "test",
        ".ci/run",
    ] {
        assert!(top().join(Path::new(name)).is_file(), "{name} is missing");
    }
}
