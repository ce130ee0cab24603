//! The hot folder's promises, with writers of every manner and real files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::Path,
    time::Duration,
};

use catalog::FrameState;
use common::{Booth, jpeg, raw, tree, xmp};
use model::{FileKind, SourceState};

fn write_in_pieces(path: &Path, bytes: &[u8], pieces: usize, reopen: bool) {
    let mut file = File::create(path).unwrap();
    for piece in bytes.chunks(bytes.len().div_ceil(pieces)) {
        if reopen {
            drop(file);
            file = OpenOptions::new().append(true).open(path).unwrap();
        }
        file.write_all(piece).unwrap();
        std::thread::sleep(Duration::from_millis(7));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_every_manner_land_once_and_byte_identical() {
    let booth = Booth::new();
    let open = booth.watching().await;
    let files: Vec<_> = (0..5).map(|n| jpeg(n, 100_000 + n as usize)).collect();
    fs::write(booth.hot.join("A.JPG"), &files[0]).unwrap();
    write_in_pieces(&booth.hot.join("B.JPG"), &files[1], 20, false);
    write_in_pieces(&booth.hot.join("C.JPG"), &files[2], 12, true);
    fs::write(booth.hot.join("D.JPG.tmp"), &files[3]).unwrap();
    fs::rename(booth.hot.join("D.JPG.tmp"), booth.hot.join("D.JPG")).unwrap();
    // Written elsewhere on the disk, moved in.
    fs::write(booth.folder.path().join("E.JPG"), &files[4]).unwrap();
    fs::rename(booth.folder.path().join("E.JPG"), booth.hot.join("E.JPG")).unwrap();
    open.landed(5).await;
    open.assert_exactly(&files).await;
    assert_eq!(open.frames().await.len(), 5);
    assert!(open.frames().await.iter().all(|frame| frame.state == FrameState::Landed));
    assert_eq!(open.attention().await, []);
    assert_eq!(open.recorded().await[0], "Night Market/Lena/A.JPG");
    assert_eq!(tree(&booth.hot).len(), 5, "nothing goes at the source");
    let status = open.ingest.status().borrow().clone();
    assert_eq!((status.len(), status[0].state), (1, SourceState::Watching));
    assert!(status[0].last_file.is_some() && status[0].bytes_per_s > 0);
    open.ingest.shutdown().await;
}

#[tokio::test]
async fn a_whole_file_is_shown_at_once_and_lands_after_its_quiet_time() {
    let mut booth = Booth::new();
    booth.quiet = Duration::from_secs(2);
    let open = booth.watching().await;
    open.state(SourceState::Watching).await;
    let bytes = jpeg(1, 1000);
    fs::write(booth.hot.join("A.JPG"), &bytes).unwrap();
    open.until("a frame", async || !open.frames().await.is_empty()).await;
    let frame = open.frames().await.remove(0);
    assert_eq!(frame.state, FrameState::Arriving);
    assert!(open.recorded().await.is_empty());
    open.landed(1).await;
    let detail = open.catalog.frame_detail(frame.id).await.unwrap().unwrap();
    assert_eq!(detail.frame.state, FrameState::Landed, "the same frame");
    let at = |stage| detail.stages.iter().find(|(found, _)| *found == stage).unwrap().1;
    assert!(at(catalog::Stage::FirstByte) <= at(catalog::Stage::Landed));
    assert!(at(catalog::Stage::Landed).since(at(catalog::Stage::Complete)) >= 1_900);
}

#[tokio::test]
async fn a_cut_file_is_waited_for_then_told_then_taken_when_the_rest_arrives() {
    let mut booth = Booth::new();
    booth.patience = Duration::from_millis(400);
    let open = booth.watching().await;
    let bytes = jpeg(1, 50_000);
    let path = booth.hot.join("A.JPG");
    fs::write(&path, &bytes[..20_000]).unwrap();
    open.attended(1).await;
    let item = open.attention().await.remove(0);
    assert!(item.problem.contains("missing") && item.safe.contains("nothing was deleted"), "{item:?}");
    assert!(open.frames().await.is_empty(), "not shown");
    OpenOptions::new().append(true).open(&path).unwrap().write_all(&bytes[20_000..]).unwrap();
    open.landed(1).await;
    open.attended(0).await;
    open.assert_exactly(&[bytes]).await;
}

#[tokio::test]
async fn what_is_no_photo_goes_to_the_list_with_its_reason_and_baggage_is_left_alone() {
    let booth = Booth::new();
    let open = booth.watching().await;
    fs::write(booth.hot.join("empty.jpg"), b"").unwrap();
    fs::write(booth.hot.join("notes.txt"), b"hello").unwrap();
    fs::write(booth.hot.join("broken.cr2"), b"GARBAGE").unwrap();
    for quiet in ["A.THM", "M0100.CTG", ".hidden.jpg", "Thumbs.db", "x.jpg~", "B.JPG.part"] {
        fs::write(booth.hot.join(quiet), b"whatever").unwrap();
    }
    open.attended(3).await;
    let mut problems: Vec<_> = open.attention().await.into_iter().map(|item| item.problem).collect();
    problems.sort();
    assert_eq!(problems, ["The file is damaged.", "The file is empty.", "This is no photo."]);
    assert_eq!(tree(&booth.hot).len(), 9, "nothing was deleted");
    assert!(tree(&booth.originals).is_empty());
    // A person asks again; the file was put right meanwhile, in a way that no watcher saw.
    let item = open.attention().await.into_iter().find(|item| item.source_path.ends_with("empty.jpg")).unwrap();
    let path = open.catalog.retry_attention(item.id).await.unwrap();
    open.ingest.reexamine(Path::new(&path));
    open.attended(3).await;
}

#[tokio::test]
async fn the_same_content_lands_once_whatever_its_name_and_other_content_gets_another_name() {
    let booth = Booth::new();
    let open = booth.watching().await;
    let (one, other) = (jpeg(1, 5000), jpeg(2, 5000));
    fs::write(booth.hot.join("A.JPG"), &one).unwrap();
    open.landed(1).await;
    fs::write(booth.hot.join("B.JPG"), &one).unwrap();
    fs::create_dir(booth.hot.join("copy")).unwrap();
    fs::write(booth.hot.join("copy/A.JPG"), &one).unwrap();
    // The same name and size, and yet another picture.
    fs::create_dir_all(booth.hot.join("101/deep")).unwrap();
    fs::write(booth.hot.join("101/deep/A.JPG"), &other).unwrap();
    open.landed(2).await;
    open.until("no arrivals", async || open.frames().await.iter().all(|frame| frame.state == FrameState::Landed)).await;
    open.assert_exactly(&[one, other]).await;
    assert_eq!(open.recorded().await, ["Night Market/Lena/A-2.JPG", "Night Market/Lena/A.JPG"]);
    assert_eq!(open.frames().await.len(), 2);
}

#[tokio::test]
async fn what_looks_like_a_copy_is_compared_at_once_and_shown_if_it_is_none() {
    let mut booth = Booth::new();
    booth.quiet = Duration::from_millis(20);
    let open = booth.watching().await;
    fs::write(booth.hot.join("A.JPG"), jpeg(1, 5000)).unwrap();
    open.landed(1).await;
    open.ingest.shutdown().await;
    // Nothing lands from now on: what is shown was shown before.
    booth.quiet = Duration::from_hours(1);
    let open = booth.watching().await;
    for (folder, seed) in [("copy", 1), ("other", 2)] {
        fs::create_dir(booth.hot.join(folder)).unwrap();
        fs::write(booth.hot.join(folder).join("A.JPG"), jpeg(seed, 5000)).unwrap();
    }
    open.until("the other one is shown", async || open.frames().await.len() == 2).await;
    let frames = open.frames().await;
    assert_eq!((frames[0].name.as_str(), frames[0].state), ("A-2", FrameState::Arriving));
}

#[tokio::test]
async fn raw_jpeg_and_sidecar_become_one_frame_in_every_order() {
    let files = [("IMG_1.CR2", raw(1, 3000)), ("IMG_1.JPG", jpeg(2, 3000)), ("IMG_1.CR2.xmp", xmp(3))];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut booth = Booth::new();
        booth.quiet = Duration::from_millis(20);
        let open = booth.watching().await;
        for (done, at) in order.into_iter().enumerate() {
            fs::write(booth.hot.join(files[at].0), &files[at].1).unwrap();
            open.landed(done + 1).await;
        }
        let frames = open.frames().await;
        assert_eq!(frames.len(), 1, "{order:?}");
        assert_eq!(frames[0].kinds, [FileKind::Jpeg, FileKind::Raw, FileKind::Sidecar], "{order:?}");
        open.assert_exactly(&files.clone().map(|(_, bytes)| bytes)).await;
        open.ingest.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_goes_and_comes_back_is_taken_up_again() {
    let booth = Booth::new();
    let open = booth.watching().await;
    open.state(SourceState::Watching).await;
    fs::write(booth.hot.join("A.JPG"), jpeg(1, 1000)).unwrap();
    open.landed(1).await;
    let away = booth.folder.path().join("away");
    fs::rename(&booth.hot, &away).unwrap();
    open.state(SourceState::Gone).await;
    fs::write(away.join("B.JPG"), jpeg(2, 1000)).unwrap();
    fs::rename(&away, &booth.hot).unwrap();
    open.state(SourceState::Watching).await;
    open.landed(2).await;
    fs::write(booth.hot.join("C.JPG"), jpeg(3, 1000)).unwrap();
    open.landed(3).await;
    fs::remove_dir_all(&booth.hot).unwrap();
    open.state(SourceState::Gone).await;
    fs::create_dir(&booth.hot).unwrap();
    fs::write(booth.hot.join("D.JPG"), jpeg(4, 1000)).unwrap();
    open.landed(4).await;
    open.assert_exactly(&[jpeg(1, 1000), jpeg(2, 1000), jpeg(3, 1000), jpeg(4, 1000)]).await;
    assert_eq!(open.attention().await, []);
}

#[tokio::test]
async fn links_lead_nowhere() {
    let booth = Booth::new();
    let outside = booth.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("S.JPG"), jpeg(9, 1000)).unwrap();
    std::os::unix::fs::symlink(&outside, booth.hot.join("before")).unwrap();
    let open = booth.watching().await;
    open.state(SourceState::Watching).await;
    std::os::unix::fs::symlink(&outside, booth.hot.join("after")).unwrap();
    std::os::unix::fs::symlink(outside.join("S.JPG"), booth.hot.join("S.JPG")).unwrap();
    open.ingest.reexamine(&booth.hot.join("after/S.JPG"));
    fs::write(outside.join("T.JPG"), jpeg(8, 1000)).unwrap();
    // What comes after them is taken, so they were passed over.
    fs::write(booth.hot.join("A.JPG"), jpeg(1, 1000)).unwrap();
    open.landed(1).await;
    fs::write(booth.hot.join("B.JPG"), jpeg(2, 1000)).unwrap();
    open.landed(2).await;
    open.assert_exactly(&[jpeg(1, 1000), jpeg(2, 1000)]).await;
    assert_eq!(open.attention().await, []);
}

#[tokio::test]
async fn a_panic_over_one_file_ends_in_the_list_and_the_source_goes_on() {
    let booth = Booth::new();
    let open = booth.watching().await;
    fs::write(booth.hot.join("panic.jpg"), jpeg(1, 1000)).unwrap();
    fs::write(booth.hot.join("A.JPG"), jpeg(2, 1000)).unwrap();
    open.landed(1).await;
    open.attended(1).await;
    assert!(open.attention().await[0].problem.contains("failed unexpectedly"));
    fs::write(booth.hot.join("B.JPG"), jpeg(3, 1000)).unwrap();
    open.landed(2).await;
}

#[tokio::test]
async fn a_shown_file_that_is_taken_away_is_told_and_one_that_is_renamed_is_not() {
    let mut booth = Booth::new();
    booth.quiet = Duration::from_millis(700);
    let open = booth.watching().await;
    fs::write(booth.hot.join("A.JPG"), jpeg(1, 1000)).unwrap();
    fs::write(booth.hot.join("B.JPG"), jpeg(2, 1000)).unwrap();
    open.until("two frames", async || open.frames().await.len() == 2).await;
    fs::remove_file(booth.hot.join("A.JPG")).unwrap();
    fs::rename(booth.hot.join("B.JPG"), booth.hot.join("C.JPG")).unwrap();
    open.landed(1).await;
    open.attended(1).await;
    assert!(open.attention().await[0].problem.contains("A.JPG was taken away"));
    open.until("one frame", async || open.frames().await.len() == 1).await;
    assert_eq!(open.recorded().await, ["Night Market/Lena/C.JPG"]);
    open.assert_exactly(&[jpeg(2, 1000)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_into_new_subfolders_loses_nothing() {
    let mut booth = Booth::new();
    booth.quiet = Duration::from_millis(50);
    let before: Vec<_> = (0..40).map(|n| jpeg(1000 + n, 500)).collect();
    for (n, bytes) in before.iter().enumerate() {
        fs::write(booth.hot.join(format!("OLD_{n}.JPG")), bytes).unwrap();
    }
    let open = booth.watching().await;
    let burst: Vec<_> = (0..160).map(|n| jpeg(n, 20_000)).collect();
    for (n, bytes) in burst.iter().enumerate() {
        let folder = booth.hot.join(format!("s{}/t{}", n % 7, n % 3));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("IMG_{n}.JPG")), bytes).unwrap();
    }
    open.landed(200).await;
    open.assert_exactly(&[before, burst].concat()).await;
    assert_eq!(open.frames().await.len(), 200);
}
