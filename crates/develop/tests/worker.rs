//! The pool of capped children against files and children that misbehave.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::{path::Path, process::Command, time::Duration};

use develop::worker::{Caps, WorkerError};
use model::Rung;
use rehearsal::{DngOptions, JpegOptions, draw, hostile};
use support::{
    Dice, Pixels, cr3,
    drawn::{CR3, DNG_PORTRAIT, JPEG_24MP, JPEG_45MP, ORIENTED, RAF},
    pool,
    processes::children_named,
    raf, sample, spec,
};

const ALL: [Rung; 3] = [Rung::Screen, Rung::Thumb, Rung::Large];

#[tokio::test]
async fn inspects_and_renders_in_a_child_as_it_does_here() {
    let pool = pool(1, Caps::default(), &[]);
    let path = sample("_DSC2164.ARW");
    assert_eq!(pool.inspect(&path).await.unwrap(), develop::inspect(&path).unwrap());
    let mut all = Vec::new();
    let report = pool.render(&path, &spec(&ALL), |rendered| all.push(rendered)).await.unwrap();
    let mut here = Vec::new();
    let inspection = develop::inspect(&path).unwrap();
    let expected = develop::render(&path, &inspection, &spec(&ALL), &mut |rendered| here.push(rendered)).unwrap();
    assert_eq!(report.thumbhash, expected.thumbhash);
    let bytes = |all: &[develop::Rendered]| all.iter().map(|one| (one.rung, one.jpeg.clone())).collect::<Vec<_>>();
    assert_eq!(bytes(&all), bytes(&here));
}

#[tokio::test]
async fn refusals_travel_in_words() {
    let pool = pool(1, Caps::default(), &[]);
    let missing = pool.inspect(Path::new("/nowhere/at/all.jpg")).await.unwrap_err();
    assert!(matches!(missing, WorkerError::Inspect(develop::InspectError::Io { .. })) && missing.worth_a_retry());
    let none = pool.render(&sample("tinydng_colorchart.dng"), &spec(&ALL), |_| {}).await.unwrap_err();
    assert!(matches!(none, WorkerError::Render(develop::RenderError::NoEmbeddedPreview)) && !none.worth_a_retry());
    assert!(none.to_string().contains("the original is safe"));
}

#[tokio::test]
async fn a_program_that_is_no_worker_is_an_error_and_no_hang() {
    let config = |program: &str| develop::worker::PoolConfig {
        program: program.into(),
        args: vec![],
        workers: 1,
        caps: Caps::default(),
    };
    for program in ["/bin/true", "/bin/cat", "/nowhere/at/all"] {
        let pool = develop::worker::Pool::new(config(program));
        let error = pool.inspect(&sample("test_raw.cr2")).await.unwrap_err();
        assert!(matches!(error, WorkerError::Spawn(_)), "{program}: {error}");
    }
}

/// Files that went wrong in all the ways that we know, and whether each one may still become whole.
fn hostile_files() -> Vec<(String, Vec<u8>, Option<bool>)> {
    let mut files: Vec<(String, Vec<u8>, Option<bool>)> = Vec::new();
    for (n, drawn) in [&ORIENTED[5], &DNG_PORTRAIT, &CR3, &RAF].into_iter().enumerate() {
        let bytes = std::fs::read(drawn.path()).unwrap();
        let mut add = |what: String, bytes, incomplete| {
            files.push((format!("{what}-{}", drawn.name), bytes, incomplete));
        };
        for share in [0.0005, 0.02, 0.3, 0.6] {
            add(format!("cut-{share}"), hostile::truncate(&bytes, share), Some(true));
        }
        for (seed, count) in [(1, 20), (2, 20), (3, 200), (4, 5000)] {
            add(format!("flipped-{seed}"), hostile::flip(&bytes, seed + 10 * n as u64, count), None);
        }
        add("half".into(), hostile::half_written(&bytes), None);
        add("noise".into(), Dice(5).mutated(&bytes, 2048, 3000), None);
    }
    files.push(("empty.jpg".into(), hostile::zero_length(), Some(true)));
    files.push(("text.jpg".into(), hostile::text(), Some(false)));
    files.push(("text.cr3".into(), hostile::text(), Some(false)));
    files.push(("claim.dng".into(), hostile::giant_claim(), Some(false)));
    files.push(("loop.dng".into(), hostile::ifd_loop(), Some(false)));
    files
}

#[tokio::test]
async fn every_hostile_file_is_answered_and_the_pool_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(2, Caps::default(), &[]);
    let files = hostile_files();
    assert!(files.len() >= 40, "only {} hostile files", files.len());
    for (name, bytes, expected) in files {
        let path = dir.path().join(&name);
        std::fs::write(&path, bytes).unwrap();
        let inspected = pool.inspect(&path).await;
        if let Some(incomplete) = expected {
            let Err(WorkerError::Inspect(error)) = &inspected else { panic!("{name}: {inspected:?}") };
            assert_eq!(error.is_incomplete(), incomplete, "{name}: {error}");
        }
        for result in [inspected.err(), pool.render(&path, &spec(&ALL), |_| {}).await.err()] {
            let broke = matches!(result, Some(WorkerError::Died | WorkerError::TimedOut | WorkerError::Spawn(_)));
            assert!(!broke, "{name}: {result:?}");
        }
        std::fs::remove_file(&path).unwrap();
    }
    pool.inspect(&sample("test_raw.cr2")).await.unwrap();
}

#[tokio::test]
async fn a_killed_child_is_replaced() {
    let pool = pool(1, Caps::default(), &["--named-for-the-kill"]);
    let path = sample("test_raw.cr2");
    pool.inspect(&path).await.unwrap();
    let pid = children_named("--named-for-the-kill").pop().expect("a child");
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
    // The pool may not know yet: then this request dies with it, and the next one has a new child.
    let mut outcomes = Vec::new();
    while outcomes.len() < 3 {
        match pool.inspect(&path).await {
            Ok(_) => break,
            Err(error) => outcomes.push(error.to_string()),
        }
    }
    assert!(outcomes.len() < 2, "{outcomes:?}");
    let after = children_named("--named-for-the-kill");
    assert!(after.len() == 1 && after != [pid], "{after:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_childs_words_go_up_a_pipe() {
    let name = "--named-for-its-words";
    let pool = pool(1, Caps::default(), &[name]);
    pool.inspect(&sample("test_raw.cr2")).await.unwrap();
    let pid = children_named(name).pop().expect("a child");
    // Into a file, were this program's own standard error one, the kernel would let it write nothing and end it.
    let words = std::fs::read_link(format!("/proc/{pid}/fd/2")).unwrap();
    assert!(words.to_string_lossy().starts_with("pipe:"), "{}", words.display());
}

#[tokio::test]
async fn children_end_with_their_pool() {
    let name = "--named-for-the-end";
    let pool = pool(1, Caps::default(), &[name]);
    pool.inspect(&sample("test_raw.cr2")).await.unwrap();
    assert_eq!(children_named(name).len(), 1);
    drop(pool);
    for _ in 0..500 {
        if children_named(name).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a child outlived its pool by five seconds");
}

#[tokio::test]
async fn children_are_replaced_after_their_share_of_requests() {
    let name = "--named-for-the-share";
    let pool = pool(1, Caps { requests_per_child: 2, ..Caps::default() }, &[name]);
    let path = sample("test_raw.cr2");
    pool.inspect(&path).await.unwrap();
    let first = children_named(name);
    pool.inspect(&path).await.unwrap();
    pool.inspect(&path).await.unwrap();
    let later = children_named(name);
    assert!(first.len() == 1 && later.iter().any(|pid| !first.contains(pid)), "{first:?} {later:?}");
}

#[tokio::test]
async fn a_child_over_its_time_is_killed_and_replaced() {
    let pool = pool(1, Caps { request_ms: 30, ..Caps::default() }, &[]);
    let slow = pool.render(JPEG_45MP.path(), &spec(&ALL), |_| {}).await;
    assert!(matches!(slow, Err(WorkerError::TimedOut)), "{slow:?}");
    assert!(pool.inspect(Path::new("/nowhere.jpg")).await.is_err_and(|error| matches!(error, WorkerError::Inspect(_))));
}

#[tokio::test]
async fn a_child_over_its_memory_fails_alone() {
    let pool = pool(1, Caps { memory_bytes: 12 << 20, ..Caps::default() }, &[]);
    let large = pool.render(JPEG_45MP.path(), &spec(&ALL), |_| {}).await;
    assert!(matches!(large, Err(WorkerError::Died | WorkerError::Render(_))), "{large:?}");
    pool.inspect(&sample("test_raw.cr2")).await.unwrap();
}

#[tokio::test]
async fn a_request_that_is_given_up_leaves_no_confusion() {
    let pool = pool(1, Caps::default(), &[]);
    let path = JPEG_24MP.path();
    let given_up = tokio::time::timeout(Duration::from_millis(20), pool.render(path, &spec(&ALL), |_| {})).await;
    assert!(given_up.is_err());
    assert_eq!(pool.inspect(path).await.unwrap().previews[0].width_px, 6000);
}

#[tokio::test]
async fn more_requests_than_children_wait_their_turn() {
    let pool = pool(2, Caps::default(), &[]);
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.inspect(&sample("_DSC2164.ARW")).await.unwrap().previews.len() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap() >= 1);
    }
}

/// Files to be mutated, by their extension: two real ones, and small drawn ones of every other structure.
fn to_mutate() -> Vec<(Vec<u8>, &'static str)> {
    let (scene, exif) = (draw(6, 600, 400), ORIENTED[5].exif());
    let jpeg = |options| rehearsal::jpeg(&scene, &exif, options).unwrap();
    let bare = [160, 360, 600].map(|width| Pixels::from_scene(&draw(6, width, width * 2 / 3)).to_jpeg_of(85));
    vec![
        (std::fs::read(sample("test_raw.cr2")).unwrap(), "cr2"),
        (std::fs::read(sample("tinydng_colorchart.dng")).unwrap(), "dng"),
        (jpeg(JpegOptions::default()), "jpg"),
        (jpeg(JpegOptions { progressive: true, ..JpegOptions::default() }), "jpg"),
        (rehearsal::dng(&scene, &exif, DngOptions::default()).unwrap(), "dng"),
        (cr3::Cr3::new(cr3::tags(&exif, true), bare).file(), "cr3"),
        (raf::raf(&jpeg(JpegOptions::default())), "raf"),
    ]
}

#[tokio::test]
async fn three_hundred_mutated_files_do_not_break_the_pool() {
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(2, Caps { request_ms: 10_000, ..Caps::default() }, &[]);
    let mut dice = Dice(20_261_124);
    let originals = to_mutate();
    let (mut taken, mut died) = (0, 0);
    for round in 0..300 {
        let (bytes, extension) = &originals[dice.roll(originals.len())];
        // Directories, the first 64 KB, or anywhere.
        let reach = [2048, 65_536, bytes.len()][dice.roll(3)].min(bytes.len());
        let count = 1 + dice.roll(25);
        let path = dir.path().join(format!("mutated.{extension}"));
        std::fs::write(&path, dice.mutated(bytes, reach, count)).unwrap();
        match pool.render(&path, &spec(&ALL), |_| {}).await {
            Ok(_) => taken += 1,
            Err(WorkerError::Died | WorkerError::TimedOut) => died += 1,
            Err(WorkerError::Inspect(_) | WorkerError::Render(_)) => {}
            Err(error) => panic!("round {round}, {extension}: {error}"),
        }
    }
    assert!(taken >= 50, "only {taken} of 300 were still pictures: the mutations are too wild to prove anything");
    assert!(taken <= 280, "{taken} of 300 were still pictures: the mutations are too tame to prove anything");
    assert_eq!(died, 0, "children died or hung over mutated files");
}

#[cfg(target_os = "linux")]
#[test]
fn caps_hold() {
    let dir = tempfile::tempdir().unwrap();
    let (new, old) = (dir.path().join("new"), dir.path().join("old"));
    std::fs::write(&old, b"precious").unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_develop-worker")).arg("probe").args([&new, &old]).output().unwrap();
    let said = String::from_utf8(out.stdout).unwrap();
    let refused = ["socket", "udp", "process", "thread", "write", "remove", "memory"];
    let expected = refused.join(" refused\n") + " refused\n";
    assert_eq!(said, format!("limits true calls true\n{expected}read works\n"));
    assert!(old.is_file() && !new.exists());
}
