//! Previews and developments from the queue to the disk, with rooms that make up their pictures or fail as they are told.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use std::time::Duration;

use catalog::{Flow, LookState, NotDeveloped, PreviewState, Version};
use develop::recipe::Recipe;
use model::{FileKind, Rung, UnixMillis};
use previews::{stored, tidy, verify};
use support::{Booth, End, NOW, PATIENCE};

#[tokio::test]
async fn embedded_first_then_developed_then_the_old_files_go() {
    let booth = Booth::open().await;
    let (one, two) = (booth.arrive("A", FileKind::Raw, 3).await, booth.arrive("B", FileKind::Raw, 4).await);
    let jpeg = booth.arrive("C", FileKind::Jpeg, 5).await;
    booth.work().await;
    let begun = booth.begun();
    assert_eq!(begun[..3], ["proofs C", "proofs B", "proofs A"], "{begun:?}");
    let behind: Vec<_> = begun[3..].iter().filter(|begun| begun.starts_with("developed")).collect();
    assert_eq!(behind, ["developed B", "developed A"], "{begun:?}");
    assert!(begun.contains(&"large C".into()) && begun.len() == 6, "{begun:?}");
    assert_eq!(booth.rooms.priors.lock().unwrap()[..], [None, Some("{\"frame\":\"B\"}".into())], "of the same burst");
    for frame in [one, two] {
        for rung in [Rung::Thumb, Rung::Screen, Rung::Large] {
            assert_eq!(booth.shown(frame, rung).await, format!("developed 0 {rung}"));
        }
    }
    assert_eq!(booth.shown(jpeg, Rung::Large).await, "the camera's own large");
    assert_eq!(booth.files(), 3 * 3 + 2 * 2, "phones may still ask for what was shown before");
    let after = |minutes: i64| UnixMillis((booth.maker.clock)().0 + minutes * 60_000);
    assert_eq!(tidy(&booth.catalog, &booth.store, after(9)).await.unwrap(), 0);
    assert_eq!(tidy(&booth.catalog, &booth.store, after(11)).await.unwrap(), 2);
    assert_eq!(booth.files(), 3 * 3);
    assert_eq!(verify(&booth.catalog, booth.event.id, &booth.store, NOW).await.unwrap(), 0);
}

#[tokio::test]
async fn a_new_look_is_another_address_and_the_same_look_the_same() {
    let booth = Booth::open().await;
    let frame = booth.arrive("A", FileKind::Raw, 3).await;
    booth.work().await;
    let first = booth.frame(frame).await.version.unwrap();
    let mut bright = Recipe::default();
    bright.exposure.ev = 2.0;
    booth.catalog.set_event_look(booth.event.id, &stored(&bright), NOW).await.unwrap();
    booth.work().await;
    assert_eq!(booth.shown(frame, Rung::Screen).await, "developed 2 screen");
    assert_ne!(booth.frame(frame).await.version.unwrap(), first);
    booth.catalog.set_event_look(booth.event.id, &stored(&Recipe::default()), NOW).await.unwrap();
    booth.work().await;
    assert_eq!(booth.frame(frame).await.version.unwrap(), first);
    assert_eq!(booth.shown(frame, Rung::Screen).await, "developed 0 screen");
}

#[tokio::test]
async fn each_bound_of_a_development_ends_in_what_was_shown_before() {
    let retry = || End::Fail(NotDeveloped::Retry);
    for (ends, tries, state, words) in [
        (vec![End::Fail(NotDeveloped::Failed)], 1, LookState::Failed, "the words"),
        (vec![retry(), retry(), retry()], 3, LookState::Failed, "the words"),
        (vec![End::Fail(NotDeveloped::Undevelopable)], 1, LookState::Embedded, "the words"),
        (vec![End::Incomplete], 1, LookState::Failed, "incomplete"),
        (vec![End::Endless], 1, LookState::Failed, "incomplete"),
        (vec![End::Hang, End::Hang, End::Hang], 3, LookState::Failed, "too long"),
    ] {
        let booth = Booth::open().await;
        booth.end_with(ends.clone());
        let frame = booth.arrive("A", FileKind::Raw, 3).await;
        booth.work().await;
        let developed = booth.begun().iter().filter(|begun| *begun == "developed A").count();
        assert_eq!(developed, tries, "{ends:?}");
        let look = booth.catalog.frame_look(frame).await.unwrap().unwrap();
        assert_eq!(look.state, state, "{ends:?}");
        assert!(look.reason.unwrap().contains(words), "{ends:?}");
        assert_eq!(booth.frame(frame).await.preview, PreviewState::Ready, "guests see no error");
        assert_eq!(booth.shown(frame, Rung::Screen).await, "the camera's own screen");
        assert_eq!(booth.shown(frame, Rung::Large).await, "the camera's own large");
        assert_eq!(booth.files(), 3, "nothing is left of what was not shown");
    }
}

#[tokio::test]
async fn a_try_that_failed_may_be_followed_by_one_that_does_not() {
    let booth = Booth::open().await;
    booth.end_with([End::Fail(NotDeveloped::Retry), End::Hang]);
    let frame = booth.arrive("A", FileKind::Raw, 3).await;
    booth.work().await;
    assert_eq!(booth.shown(frame, Rung::Screen).await, "developed 0 screen");
}

#[tokio::test]
async fn a_panic_costs_this_run_one_frame_and_no_more() {
    let booth = Booth::open().await;
    booth.end_with([End::Panic]);
    let (one, two) = (booth.arrive("A", FileKind::Raw, 3).await, booth.arrive("B", FileKind::Raw, 4).await);
    let work = booth.run();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !booth.frame(one).await.developed {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    work.end().await;
    assert_eq!(booth.frame(two).await.preview, PreviewState::Ready);
    booth.work().await;
    assert!(booth.frame(two).await.developed, "it is taken up again");
}

#[tokio::test]
async fn a_raw_without_a_picture_is_developed_whatever_the_flow() {
    for flow in Flow::ALL {
        let booth = Booth::open().await;
        booth.catalog.set_flow(booth.event.id, flow, NOW).await.unwrap();
        booth.rooms.bare.lock().unwrap().push("A".into());
        let frame = booth.arrive("A", FileKind::Raw, 3).await;
        booth.work().await;
        assert_eq!(booth.shown(frame, Rung::Screen).await, "developed 0 screen", "{flow:?}");
        // The same where that fails too: it ends, and says why.
        let booth = Booth::open().await;
        booth.catalog.set_flow(booth.event.id, flow, NOW).await.unwrap();
        booth.rooms.bare.lock().unwrap().push("A".into());
        booth.end_with([End::Fail(NotDeveloped::Failed)]);
        let frame = booth.arrive("A", FileKind::Raw, 3).await;
        booth.work().await;
        assert_eq!(booth.frame(frame).await.preview, PreviewState::Failed("the words".into()), "{flow:?}");
    }
}

#[tokio::test]
async fn each_flow_shows_what_it_says() {
    for (flow, raw, jpeg) in [
        (Flow::EmbeddedThenDeveloped, "developed 0 screen", "the camera's own screen"),
        (Flow::EmbeddedOnly, "the camera's own screen", "the camera's own screen"),
        (Flow::DevelopedOnly, "developed 0 screen", "the camera's own screen"),
    ] {
        let booth = Booth::open().await;
        booth.catalog.set_flow(booth.event.id, flow, NOW).await.unwrap();
        let (one, two) = (booth.arrive("A", FileKind::Raw, 3).await, booth.arrive("B", FileKind::Jpeg, 4).await);
        booth.work().await;
        assert_eq!(booth.shown(one, Rung::Screen).await, raw);
        assert_eq!(booth.shown(two, Rung::Screen).await, jpeg);
        let begun = booth.begun();
        assert_eq!(begun.contains(&"proofs A".to_owned()), flow != Flow::DevelopedOnly, "{begun:?}");
        assert_eq!(begun.contains(&"developed A".to_owned()), flow != Flow::EmbeddedOnly, "{begun:?}");
    }
}

#[tokio::test]
async fn ending_in_the_middle_leaves_the_old_picture_and_the_job() {
    let booth = Booth::open().await;
    booth.end_with([End::Hang]);
    let frame = booth.arrive("A", FileKind::Raw, 3).await;
    let work = booth.run();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !booth.rooms.begun.lock().unwrap().contains(&"developed A".to_owned()) {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    work.end().await;
    assert_eq!(booth.shown(frame, Rung::Screen).await, "the camera's own screen");
    assert_eq!(booth.frame(frame).await.look, LookState::Waiting);
    booth.work().await;
    assert_eq!(booth.shown(frame, Rung::Screen).await, "developed 0 screen");
}

#[tokio::test]
async fn lost_files_are_made_again_and_end_developed() {
    let booth = Booth::open().await;
    let frame = booth.arrive("A", FileKind::Raw, 3).await;
    booth.work().await;
    let version: Version = booth.frame(frame).await.version.unwrap();
    for rungs in [vec![Rung::Large], vec![Rung::Thumb], vec![Rung::Screen, Rung::Thumb, Rung::Large]] {
        for rung in rungs {
            std::fs::remove_file(booth.store.path(&version, rung)).unwrap();
        }
        assert_eq!(verify(&booth.catalog, booth.event.id, &booth.store, NOW).await.unwrap(), 1);
        booth.work().await;
        assert_eq!(booth.frame(frame).await.version, Some(version.clone()));
        assert_eq!(booth.shown(frame, Rung::Large).await, "developed 0 large");
        assert_eq!(verify(&booth.catalog, booth.event.id, &booth.store, NOW).await.unwrap(), 0);
    }
}
