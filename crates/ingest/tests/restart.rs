//! Killed at any moment, the studio neither loses nor doubles: a child process kills itself at the n-th use of clock or
//! randomness, n from a seed, so that each seed dies between the same two steps again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use common::{Booth, Fake, Open, jpeg, open_with, raw, xmp};
use model::{FileKind, SourceState};

const SEEDS: u64 = 40;
const QUIET: Duration = Duration::from_millis(15);
const FRAMES: u64 = 6;

/// RAW and JPEG of six frames, a sidecar, a copy under another name, and a file with another one's name.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for n in 0..FRAMES {
        files.push((format!("IMG_{n}.CR2"), raw(n, 3000)));
        files.push((format!("IMG_{n}.JPG"), jpeg(n, 2000)));
    }
    files.push(("IMG_1.xmp".into(), xmp(1)));
    files.push(("COPY.JPG".into(), jpeg(77, 2000)));
    files.push(("other/IMG_3.JPG".into(), jpeg(77, 2000)));
    files
}

fn run_child(data: &Path, start: u64, die_at: u64) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture", "--test-threads=1"])
        .env("INGEST_CHILD", data)
        .env("INGEST_START", start.to_string())
        .env("INGEST_DIE_AT", die_at.to_string())
        .output()
        .unwrap()
        .status;
    status.success()
}

/// Not a test by itself: what [`run_child`] runs.
#[test]
fn child() {
    let Ok(data) = std::env::var("INGEST_CHILD") else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let (start, die_at) = (number("INGEST_START"), number("INGEST_DIE_AT"));
    let steps = Arc::new(AtomicU64::new(0));
    let step = move || {
        if steps.fetch_add(1, Ordering::SeqCst) + 1 == die_at {
            // SIGKILL to itself: no destructor runs, no buffer is flushed.
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let data = PathBuf::from(data);
        let open = open_with(&data, Arc::new(Fake), QUIET, Duration::from_secs(30), start, step).await;
        open.ingest.reconcile().await.unwrap();
        open.ingest.watch(&data.join("hot")).await.unwrap();
        settled(&open).await;
        open.ingest.shutdown().await;
    });
}

/// Waits until all is in: every content but one (the copy) once.
async fn settled(open: &Open) {
    open.landed(files().len() - 1).await;
    open.until("all known", async || {
        open.frames().await.iter().all(|frame| frame.state == catalog::FrameState::Landed)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_step_it_neither_loses_nor_doubles() {
    let mut deaths = 0;
    for seed in 1..=SEEDS {
        let booth = Booth::new();
        fs::create_dir(booth.hot.join("other")).unwrap();
        for (name, bytes) in files() {
            fs::write(booth.hot.join(name), bytes).unwrap();
        }
        let data = booth.folder.path().to_owned();
        for start in 0..3 {
            // Spread over a whole run: from the first steps to the last landing.
            let die_at = 1 + (seed * 37 + start * 101) % 160;
            let child_data = data.clone();
            let lived =
                tokio::task::spawn_blocking(move || run_child(&child_data, seed * 100 + start, die_at)).await.unwrap();
            deaths += u32::from(!lived);
        }
        let open = booth.watching().await;
        settled(&open).await;
        open.ingest.shutdown().await;
        open.assert_exactly(&files().into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>()).await;
        let frames = open.frames().await;
        // Six presses of the shutter, and the other picture of the same name.
        assert_eq!(
            frames.len() as u64,
            FRAMES + 1,
            "seed {seed}: {:?}",
            frames.iter().map(|f| (&f.name, &f.kinds)).collect::<Vec<_>>()
        );
        let sidecars = frames.iter().filter(|frame| frame.kinds.contains(&FileKind::Sidecar)).count();
        assert_eq!(sidecars, 1, "seed {seed}");
        assert_eq!(open.attention().await, [], "seed {seed}");
        open.catalog.close().await;
    }
    assert!(deaths >= 30, "only {deaths} of {} children died: the steps are not where they were", SEEDS * 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_catalog_is_made_again_from_the_originals() {
    let booth = Booth::new();
    fs::create_dir(booth.hot.join("other")).unwrap();
    for (name, bytes) in files() {
        fs::write(booth.hot.join(name), bytes).unwrap();
    }
    let open = booth.watching().await;
    settled(&open).await;
    open.ingest.shutdown().await;
    open.catalog.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(booth.folder.path().join(format!("catalog.sqlite{ending}")));
    }
    // Another photographer's folder, and a file that is none.
    fs::create_dir(booth.originals.join("Night Market/Ada")).unwrap();
    fs::write(booth.originals.join("Night Market/Ada/DSC_9.JPG"), jpeg(500, 100)).unwrap();
    fs::write(booth.originals.join("Night Market/Lena/readme.txt"), b"hello").unwrap();
    let open = booth.open().await;
    let found = open.ingest.reconcile().await.unwrap();
    assert_eq!((found.adopted, found.refused, found.missing), (files().len(), 1, 0), "{found:?}");
    let frames = open.frames().await;
    assert_eq!(frames.len() as u64, FRAMES + 2);
    assert!(frames.iter().any(|frame| frame.creator == "Ada"));
    let again = open.ingest.reconcile().await.unwrap();
    assert_eq!((again.adopted, again.refused), (0, 0), "a second time finds nothing new: {again:?}");
    open.ingest.watch(&booth.hot).await.unwrap();
    open.until("watching", async || open.ingest.status().borrow()[0].state == SourceState::Watching).await;
    fs::write(booth.hot.join("NEW.JPG"), jpeg(600, 100)).unwrap();
    open.landed(files().len() + 1).await;
    assert_eq!(open.frames().await.len() as u64, FRAMES + 3, "the sources' old files were known by content");
}

#[tokio::test]
async fn an_original_that_was_taken_away_is_told() {
    let booth = Booth::new();
    fs::write(booth.hot.join("A.JPG"), jpeg(1, 100)).unwrap();
    let open = booth.watching().await;
    open.landed(1).await;
    open.ingest.shutdown().await;
    fs::remove_file(booth.originals.join("Night Market/Lena/A.JPG")).unwrap();
    let open = booth.open().await;
    assert_eq!(open.ingest.reconcile().await.unwrap().missing, 1);
    assert!(open.attention().await[0].problem.contains("no longer in its folder"));
}
