//! What guests see, and when: each flow, changes of it, and evenings of earlier versions.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use catalog::{Catalog, Flow, LookState, NotDeveloped, Part, PreviewState};
use model::{FileKind, FrameId};
use support::{
    Booth, NOW, alter,
    looks::{developed, look},
    made,
};

#[tokio::test]
async fn with_the_cameras_pictures_only_nothing_is_developed_but_what_has_none() {
    let booth = Booth::with_look().await;
    booth.catalog.set_flow(booth.event.id, Flow::EmbeddedOnly, NOW).await.unwrap();
    let frame = booth.shown("A.CR2", 1, 0).await;
    assert_eq!(booth.state(frame).await.0, LookState::Embedded);
    assert!(booth.claim(Part::Large).await.is_some());
    let bare = booth.raw("B.DNG", 60_000).await;
    booth.claim(Part::Proofs).await.unwrap();
    assert_eq!(booth.catalog.develop_instead(bare).await.unwrap(), Ok(()));
    assert_eq!(booth.frame(bare).await.preview, PreviewState::Waiting);
    booth.develop_next(2).await;
    assert_eq!(booth.frame(bare).await.preview, PreviewState::Ready);
}

#[tokio::test]
async fn a_raw_without_a_picture_that_cannot_be_developed_says_why() {
    let booth = Booth::with_look().await;
    let bare = booth.raw("B.DNG", 0).await;
    booth.claim(Part::Proofs).await.unwrap();
    assert_eq!(booth.catalog.develop_instead(bare).await.unwrap(), Ok(()));
    booth.fail(NotDeveloped::Failed, NOW).await;
    booth.claim(Part::Proofs).await.expect("the camera's own once more");
    assert_eq!(booth.catalog.develop_instead(bare).await.unwrap(), Err(Some("the words".into())));
    booth.catalog.fail_preview(bare, "the words", false, NOW).await.unwrap();
    assert_eq!(booth.frame(bare).await.preview, PreviewState::Failed("the words".into()));
    booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap();
    booth.develop_next(1).await;
    assert_eq!(booth.frame(bare).await.preview, PreviewState::Ready, "another look, another try");
}

#[tokio::test]
async fn with_developed_pictures_only_guests_wait_for_them_and_fall_back() {
    let booth = Booth::with_look().await;
    booth.catalog.set_flow(booth.event.id, Flow::DevelopedOnly, NOW).await.unwrap();
    let (good, bad) = (booth.raw("A.CR2", 0).await, booth.raw("B.NEF", 60_000).await);
    let jpeg = booth.catalog.arrive(&booth.arrival("C.JPG", FileKind::Jpeg, None)).await.unwrap().frame.unwrap();
    assert_eq!(booth.catalog.queue_state().await.unwrap().depth, 3);
    assert_eq!(booth.claim(Part::Proofs).await.unwrap().frame, jpeg, "nothing of it is to be developed");
    assert_eq!(booth.claim(Part::Proofs).await, None);
    assert_eq!(booth.fail(NotDeveloped::Undevelopable, NOW).await.frame, bad);
    assert_eq!(booth.claim(Part::Proofs).await.unwrap().frame, bad);
    booth.catalog.finish_preview(bad, &made(1), false).await.unwrap();
    let shown = booth.frame(bad).await;
    assert_eq!((shown.preview, shown.look), (PreviewState::Ready, LookState::Embedded));
    assert_eq!(booth.frame(good).await.preview, PreviewState::Waiting);
    assert_eq!(booth.develop_next(2).await.frame, good);
    assert_eq!(booth.frame(good).await.preview, PreviewState::Ready);
    assert_eq!(booth.claim(Part::Large).await.unwrap().frame, bad);
}

#[tokio::test]
async fn the_flow_can_be_changed_while_frames_wait() {
    let booth = Booth::with_look().await;
    let event = booth.event.id;
    let shown = booth.shown("A.CR2", 1, 0).await;
    let waiting = booth.raw("B.CR2", 60_000).await;
    let flow = async |flow| booth.catalog.set_flow(event, flow, NOW).await.unwrap();
    flow(Flow::DevelopedOnly).await;
    assert_eq!(booth.claim(Part::Proofs).await, None);
    flow(Flow::EmbeddedThenDeveloped).await;
    assert_eq!(booth.state(waiting).await.0, LookState::Waiting);
    assert_eq!(booth.claim(Part::Developed).await.unwrap().frame, shown);
    // It is being developed when that is called off: its picture is not shown.
    flow(Flow::EmbeddedOnly).await;
    assert!(!booth.catalog.finish_development(shown, &developed(2, &look(1), (1200, 800))).await.unwrap());
    assert_eq!(booth.claim(Part::Proofs).await.unwrap().frame, waiting);
    booth.catalog.finish_preview(waiting, &made(3), false).await.unwrap();
    assert_eq!(booth.claim(Part::Developed).await, None);
    flow(Flow::EmbeddedThenDeveloped).await;
    assert_eq!([booth.develop_next(4).await.frame, booth.develop_next(5).await.frame], [waiting, shown]);
    flow(Flow::EmbeddedOnly).await;
    assert!(booth.frame(shown).await.developed, "what is shown stays");
    assert_eq!(booth.catalog.development(event).await.unwrap().flow, Flow::EmbeddedOnly);
}

#[tokio::test]
async fn an_evening_of_the_second_version_goes_on_and_is_not_developed_unasked() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("catalog.sqlite");
    let mut second: Vec<_> = sqlx::migrate!().iter().cloned().collect();
    second.truncate(2);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let old = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::migrate::Migrator::with_migrations(second).run(&old).await.unwrap();
    old.close().await;
    alter(
        &path,
        "INSERT INTO event VALUES (zeroblob(16), 'Fair', 0, NULL);
         INSERT INTO creator VALUES (zeroblob(16), 'Lena');
         INSERT INTO frame (id, event, creator, stem, source_stem, source_folder, seen_at_ms, facts, preview, version)
         VALUES (x'00000000000000000000000000000001', zeroblob(16), zeroblob(16), 'A', 'A', '/card', 0, '{\"orientation\":1}',
                 'ready', '00000000000000000000000000000001'),
                (x'00000000000000000000000000000002', zeroblob(16), zeroblob(16), 'B', 'B', '/card', 0, '{\"orientation\":1}',
                 'waiting', NULL);
         INSERT INTO original VALUES (zeroblob(16), zeroblob(16), 1, 'raw', 'Fair/Lena/A.CR2', 1, zeroblob(32), 'A', '/card', 0);
         INSERT INTO derivative VALUES (1, 'screen', 10, 1200, 800);
         INSERT INTO job (frame, part, priority, attempts, running, queued_at_ms) VALUES (1, 'large', 10, 1, 1, 5), (2, 'proofs', 0, 0, 0, 6);",
    )
    .await;
    let catalog = Catalog::open(&path, NOW).await.unwrap();
    assert!(folder.path().join(format!("catalog.before-upgrade-from-2-{}.sqlite", NOW.0)).is_file());
    let event = model::EventId::from_slice(&[0; 16]).unwrap();
    catalog.begin_development(event, &look(1)).await.unwrap();
    assert_eq!(
        catalog.claim_behind(NOW).await.unwrap().map(|job| (job.part, job.name)),
        Some((Part::Large, "A".into()))
    );
    assert_eq!(catalog.claim_job(Part::Proofs, NOW).await.unwrap().unwrap().name, "B");
    let frame = FrameId::from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).unwrap();
    assert_eq!(catalog.frame(frame).await.unwrap().unwrap().look, LookState::Embedded);
    assert_eq!(catalog.development(event).await.unwrap().flow, Flow::EmbeddedThenDeveloped);
    assert_eq!(catalog.set_event_look(event, &look(2), NOW).await.unwrap(), 1, "when it is asked for, it is");
}
