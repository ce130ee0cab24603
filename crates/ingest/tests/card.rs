//! Card import: read once, in order, never written to.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;

use common::{Booth, Open, jpeg, raw, tree};
use ingest::IngestError;
use model::{SourceKind, SourceState};

async fn state(open: &Open, wanted: SourceState) -> String {
    open.until("a state", async || open.ingest.status().borrow()[0].state == wanted).await;
    open.ingest.status().borrow()[0].detail.clone().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_is_read_to_its_end_and_read_again_without_doubling() {
    let booth = Booth::new();
    let card = booth.folder.path().join("card");
    let folder = card.join("DCIM/100CANON");
    fs::create_dir_all(&folder).unwrap();
    let mut expected = Vec::new();
    for n in 0..20 {
        let (one, other) = (raw(n, 9000), jpeg(n, 5000));
        fs::write(folder.join(format!("IMG_{n:04}.CR2")), &one).unwrap();
        fs::write(folder.join(format!("IMG_{n:04}.JPG")), &other).unwrap();
        expected.extend([one, other]);
    }
    fs::write(folder.join("MVI_1.MOV"), b"film").unwrap();
    fs::write(folder.join("cut.JPG"), &jpeg(99, 100)[..50]).unwrap();
    fs::write(card.join("outside.JPG"), jpeg(77, 10)).unwrap();
    let before = tree(&card);
    let open = booth.open().await;
    let id = open.ingest.import(&card).await.unwrap();
    let detail = state(&open, SourceState::Done).await;
    assert_eq!(
        detail,
        "41 of 41 files: 40 new, 0 were here already, 1 need attention; 1 films and other files stay on the card"
    );
    open.assert_exactly(&expected).await;
    assert_eq!(open.frames().await.len(), 20);
    let names: Vec<_> = open.frames().await.into_iter().rev().map(|frame| frame.name).collect();
    assert!(names.is_sorted(), "oldest first: {names:?}");
    assert_eq!(open.ingest.status().borrow()[0].kind, SourceKind::Card);

    let copy = booth.folder.path().join("copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(folder.join("IMG_0003.JPG"), copy.join("renamed.JPG")).unwrap();
    assert_eq!(open.ingest.import(&card).await.unwrap(), id, "the same card is the same source");
    open.ingest.import(&copy).await.unwrap();
    open.until("both", async || open.ingest.status().borrow().iter().all(|status| status.state == SourceState::Done))
        .await;
    open.assert_exactly(&expected).await;
    assert_eq!(open.frames().await.len(), 20);
    assert_eq!(tree(&card), before, "a card is only read");
    open.ingest.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pulled_card_is_waited_for_and_goes_on() {
    let booth = Booth::new();
    let card = booth.folder.path().join("card");
    let folder = card.join("DCIM/100");
    fs::create_dir_all(&folder).unwrap();
    let expected: Vec<_> = (0..60).map(|n| jpeg(n, 40_000)).collect();
    for (n, bytes) in expected.iter().enumerate() {
        fs::write(folder.join(format!("IMG_{n:04}.JPG")), bytes).unwrap();
    }
    let open = booth.open().await;
    open.ingest.import(&card).await.unwrap();
    open.landed(3).await;
    let pulled = booth.folder.path().join("pulled");
    fs::rename(&card, &pulled).unwrap();
    // A fast import may have read everything ahead; a slow one stands and says where.
    open.until("a state", async || {
        [SourceState::Gone, SourceState::Done].contains(&open.ingest.status().borrow()[0].state)
    })
    .await;
    fs::rename(&pulled, &card).unwrap();
    state(&open, SourceState::Done).await;
    open.assert_exactly(&expected).await;
    assert_eq!(open.attention().await, []);
}

#[tokio::test]
async fn folders_that_cannot_be_sources_are_refused() {
    let booth = Booth::new();
    let open = booth.open().await;
    let file = booth.folder.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(matches!(open.ingest.watch(&file).await, Err(IngestError::Folder { .. })));
    assert!(matches!(open.ingest.import(&booth.folder.path().join("none")).await, Err(IngestError::Folder { .. })));
    assert!(matches!(open.ingest.watch(&booth.originals).await, Err(IngestError::InsideOriginals(_))));
    let id = open.ingest.watch(&booth.folder.path().join("later")).await.unwrap();
    assert_eq!(open.ingest.watch(&booth.folder.path().join("later")).await.unwrap(), id);
    open.ingest.shutdown().await;
    assert!(matches!(open.ingest.watch(&booth.hot).await, Err(IngestError::Closed(_))));
}
