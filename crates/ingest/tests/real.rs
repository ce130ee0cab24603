//! The rehearsal's camera files, examined by `develop` itself: the room's two neighbours as they are.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::{fs, path::Path, sync::Arc};

use common::{Booth, tree};
use ingest::{InspectFuture, Inspector, Refusal};
use model::FileKind;

/// `develop::inspect` in this process: the files are our own.
struct Inline;

impl Inspector for Inline {
    fn inspect<'a>(&'a self, path: &'a Path) -> InspectFuture<'a> {
        Box::pin(async move { develop::inspect(path).map(Into::into).map_err(Refusal::from) })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_lands_pair_by_pair_and_its_broken_files_are_told() {
    let booth = Booth::new();
    let open = booth.open_inspected(Arc::new(Inline)).await;
    open.ingest.watch(&booth.hot).await.unwrap();
    let at: jiff::Zoned = "2026-11-24T19:05:09.12+01:00[Europe/Paris]".parse().unwrap();
    let mut written = Vec::new();
    for shot in rehearsal::shots(7).take(6) {
        written.extend(rehearsal::write(&shot, &booth.hot, &at, (640, 428)).unwrap());
    }
    open.landed(written.len()).await;
    let frames = open.frames().await;
    assert_eq!(frames.len(), 6);
    assert_eq!(frames.iter().filter(|frame| frame.kinds == [FileKind::Jpeg, FileKind::Raw]).count(), 2);
    assert!(frames.iter().all(|frame| frame.facts.captured.is_some() && frame.facts.serial.is_some()));
    let bytes: Vec<_> = written.iter().map(|path| fs::read(path).unwrap()).collect();
    open.assert_exactly(&bytes).await;
    fs::write(booth.hot.join("empty.JPG"), rehearsal::hostile::zero_length()).unwrap();
    fs::write(booth.hot.join("notes.txt"), rehearsal::hostile::text()).unwrap();
    fs::write(booth.hot.join("claim.DNG"), rehearsal::hostile::ifd_loop()).unwrap();
    fs::write(booth.hot.join("side.xmp"), "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"></x:xmpmeta>").unwrap();
    open.attended(3).await;
    open.landed(written.len() + 1).await;
    let cut = rehearsal::hostile::truncate(&bytes[0], 0.5);
    fs::write(booth.hot.join("cut.JPG"), &cut).unwrap();
    assert_eq!(tree(&booth.hot).len(), written.len() + 5);
    assert_eq!(open.frames().await.len(), 6, "neither cut nor broken files are shown");
    open.ingest.shutdown().await;
}
