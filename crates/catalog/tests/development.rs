//! Development as the catalog keeps it: whose look a frame has, what is queued when, and how a picture takes another's place.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use catalog::{
    Catalog, Change, LookSource, LookState, MadeDevelopment, NewArrival, NotDeveloped, Part, PreviewState, Stage,
    Version,
};
use model::{CaptureFacts, CreatorId, FileKind, FrameId, UnixMillis};
use support::{
    Booth, NOW, alter,
    looks::{developed, look},
    made,
};

#[tokio::test]
async fn a_developed_picture_takes_the_place_of_the_cameras_own_in_one_step() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    assert_eq!(booth.state(frame).await, (LookState::Waiting, LookSource::Event, None));
    assert!(!booth.frame(frame).await.developed);
    let mut changes = booth.catalog.changes();
    let job = booth.catalog.claim_behind(NOW).await.unwrap().unwrap();
    assert_eq!((job.part, job.frame, job.wish.unwrap().recipe), (Part::Developed, frame, look(1)));
    // A row of pixels more: the box stays as it is.
    assert!(booth.catalog.finish_development(frame, &developed(2, &look(1), (1200, 799))).await.unwrap());
    assert_eq!(changes.try_recv().unwrap(), Change::Frame(frame));
    assert!(changes.try_recv().is_err(), "told once");
    let now = booth.frame(frame).await;
    assert_eq!((now.version, now.width_px, now.height_px), (Some(Version::new([2; 16])), Some(1200), Some(800)));
    assert!(now.developed && now.look == LookState::Developed && now.preview == PreviewState::Ready);
    let files = booth.catalog.derivative_files(booth.event.id).await.unwrap();
    assert!(files.len() == 3 && files.iter().all(|file| file.version == Version::new([2; 16])), "all of one version");
    assert_eq!(booth.catalog.queue_state().await.unwrap(), catalog::QueueState::default());
    let stages = booth.catalog.stage_times(1).await.unwrap();
    assert!(stages.contains(&(Stage::Developed, 1000)) && stages.contains(&(Stage::Encoded, 90)), "{stages:?}");
}

#[tokio::test]
async fn the_old_address_stays_good_until_its_files_go() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    booth.develop_next(2).await;
    let old = Version::new([1; 16]);
    assert_eq!(booth.catalog.frame_by_version(&old).await.unwrap().unwrap().id, frame);
    assert!(booth.catalog.superseded_before(UnixMillis(NOW.0 + 1000), 9).await.unwrap().is_empty());
    let due = booth.catalog.superseded_before(UnixMillis(NOW.0 + 1001), 9).await.unwrap();
    assert_eq!(due, std::slice::from_ref(&old));
    // A look that was there before comes back to its address: that is not superseded any more.
    booth.catalog.set_frame_looks(booth.event.id, &[frame], Some(&look(7)), NOW).await.unwrap();
    booth.develop_next(1).await;
    assert_eq!(booth.catalog.superseded_before(UnixMillis(NOW.0 + 2000), 9).await.unwrap(), [Version::new([2; 16])]);
    booth.catalog.forget_superseded(&[Version::new([2; 16])]).await.unwrap();
    assert!(booth.catalog.frame_by_version(&Version::new([2; 16])).await.unwrap().is_none());
}

#[tokio::test]
async fn a_crop_changes_the_box_and_rounding_does_not() {
    for (size, expected) in [((1200, 801), (1200, 800)), ((800, 800), (800, 800)), ((800, 1200), (800, 1200))] {
        let booth = Booth::with_look().await;
        let frame = booth.shown("A.CR2", 1, 0).await;
        booth.claim(Part::Developed).await.unwrap();
        booth.catalog.finish_development(frame, &developed(2, &look(1), size)).await.unwrap();
        let now = booth.frame(frame).await;
        assert_eq!((now.width_px.unwrap(), now.height_px.unwrap()), expected, "{size:?}");
    }
}

#[tokio::test]
async fn a_frame_has_its_own_look_else_its_creators_else_the_events() {
    let booth = Booth::with_look().await;
    let (event, creator) = (booth.event.id, booth.creator);
    let frame = booth.shown("A.CR2", 1, 0).await;
    let jpeg = booth.catalog.arrive(&booth.arrival("B.JPG", FileKind::Jpeg, None)).await.unwrap().frame.unwrap();
    let of = async |id: FrameId| {
        let look = booth.catalog.frame_look(id).await.unwrap().unwrap();
        (look.recipe.unwrap(), look.source)
    };
    assert_eq!(of(frame).await, (look(1), LookSource::Event));
    booth.catalog.set_creator_look(event, creator, Some(&look(2)), NOW).await.unwrap();
    assert_eq!(of(frame).await, (look(2), LookSource::Creator));
    assert_eq!(booth.catalog.set_frame_looks(event, &[frame, jpeg], Some(&look(3)), NOW).await.unwrap(), 2);
    assert_eq!(of(frame).await, (look(3), LookSource::Frame));
    booth.catalog.set_event_look(event, &look(4), NOW).await.unwrap();
    assert_eq!(of(frame).await, (look(3), LookSource::Frame), "its own stays");
    assert_eq!(booth.develop_next(5).await.wish.unwrap().recipe, look(3));
    assert_eq!(booth.claim(Part::Developed).await, None, "the JPEG has a look and nothing to develop");
    assert_eq!(booth.catalog.set_frame_looks(event, &[frame], None, NOW).await.unwrap(), 1);
    assert_eq!(booth.develop_next(6).await.wish.unwrap().recipe, look(2));
    booth.catalog.set_creator_look(event, creator, None, NOW).await.unwrap();
    assert_eq!(booth.develop_next(7).await.wish.unwrap().recipe, look(4));
    assert_eq!(booth.catalog.creators().await.unwrap()[0].look, None);
    assert!(booth.catalog.set_creator_look(event, CreatorId::new(NOW, [99; 10]), None, NOW).await.is_err());
    assert_eq!(booth.state(jpeg).await.0, LookState::Embedded);
    // An event keeps the look that it began with.
    booth.catalog.begin_development(event, &look(8)).await.unwrap();
    assert_eq!(booth.catalog.development(event).await.unwrap().recipe, Some(look(4)));
}

#[tokio::test]
async fn a_new_look_of_the_event_develops_anew_what_is_shown_newest_first_and_behind_what_arrives() {
    let booth = Booth::with_look().await;
    let (one, two) = (booth.shown("A.CR2", 1, 0).await, booth.shown("B.CR2", 2, 60_000).await);
    booth.develop_next(3).await;
    booth.develop_next(4).await;
    assert_eq!(booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap(), 2);
    assert_eq!(booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap(), 2, "still two");
    assert_eq!(booth.state(one).await.0, LookState::Waiting);
    let three = booth.shown("C.CR2", 5, 120_000).await;
    let order: Vec<_> = [booth.develop_next(6).await, booth.develop_next(7).await, booth.develop_next(8).await]
        .map(|job| job.frame)
        .into();
    assert_eq!(order, [three, two, one]);
    booth.catalog.set_event_look(booth.event.id, &look(3), NOW).await.unwrap();
    booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap();
    assert_eq!(booth.claim(Part::Developed).await, None, "back to what is shown: nothing is to be done");
    assert_eq!(booth.state(one).await.0, LookState::Developed);
}

#[tokio::test]
async fn a_picture_of_a_look_that_changed_meanwhile_is_not_shown() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    booth.claim(Part::Developed).await.unwrap();
    booth.catalog.set_frame_looks(booth.event.id, &[frame], Some(&look(2)), NOW).await.unwrap();
    assert!(!booth.catalog.finish_development(frame, &developed(3, &look(1), (1200, 800))).await.unwrap());
    assert_eq!(booth.frame(frame).await.version, Some(Version::new([1; 16])));
    assert_eq!(booth.develop_next(4).await.wish.unwrap().recipe, look(2));
    // The same for a failure: it says nothing about the new look.
    booth.catalog.set_frame_looks(booth.event.id, &[frame], Some(&look(3)), NOW).await.unwrap();
    booth.claim(Part::Developed).await.unwrap();
    booth.catalog.set_frame_looks(booth.event.id, &[frame], Some(&look(2)), NOW).await.unwrap();
    booth.catalog.fail_development(frame, &look(3), NotDeveloped::Failed, "no", NOW).await.unwrap();
    assert_eq!(booth.state(frame).await, (LookState::Developed, LookSource::Frame, None));
    assert_eq!(booth.claim(Part::Developed).await, None, "the look that it has again is shown already");
}

#[tokio::test]
async fn a_development_that_fails_is_tried_thrice_then_what_is_shown_stays() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    let mut now = NOW;
    for attempt in 1..=3 {
        assert_eq!(booth.fail(NotDeveloped::Retry, now).await.attempt, attempt);
        assert_eq!(booth.catalog.claim_job(Part::Developed, now).await.unwrap(), None, "not at once");
        now.0 += 100_000;
    }
    assert_eq!(booth.state(frame).await, (LookState::Failed, LookSource::Event, Some("the words".into())));
    assert_eq!(booth.frame(frame).await.preview, PreviewState::Ready, "guests see no error");
    assert_eq!(booth.catalog.development_queue(booth.event.id).await.unwrap().failed, 1);
    assert_eq!(booth.claim(Part::Large).await.unwrap().frame, frame, "the loupe gets the camera's own");
    // With another look it may end differently.
    booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap();
    booth.develop_next(3).await;
    booth.catalog.set_event_look(booth.event.id, &look(3), NOW).await.unwrap();
    booth.fail(NotDeveloped::Failed, NOW).await;
    let failed = booth.frame(frame).await;
    assert_eq!((failed.look, failed.version), (LookState::Failed, Some(Version::new([3; 16]))));
    assert!(failed.developed, "with the look before");
    assert_eq!(booth.claim(Part::Large).await, None, "which has its `large`");
}

#[tokio::test]
async fn a_large_that_was_being_made_does_not_bring_the_old_picture_back() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    booth.fail(NotDeveloped::Failed, NOW).await;
    assert_eq!(booth.claim(Part::Large).await.unwrap().frame, frame);
    booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap();
    assert!(booth.catalog.finish_preview(frame, &made(1), true).await.unwrap(), "still of what is shown");
    booth.develop_next(3).await;
    assert!(!booth.catalog.finish_preview(frame, &made(1), true).await.unwrap());
    booth.catalog.fail_preview(frame, "no", false, NOW).await.unwrap();
    assert_eq!(booth.frame(frame).await.version, Some(Version::new([3; 16])));
}

#[tokio::test]
async fn what_is_not_developed_at_all_is_shown_as_the_camera_made_it_without_an_error() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.NEF", 1, 0).await;
    booth.fail(NotDeveloped::Undevelopable, NOW).await;
    assert_eq!(booth.state(frame).await, (LookState::Embedded, LookSource::Event, Some("the words".into())));
    assert!(booth.catalog.frame_look(frame).await.unwrap().unwrap().undevelopable);
    booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap();
    assert_eq!(booth.claim(Part::Developed).await, None, "no look changes that");
    assert_eq!(booth.catalog.development_queue(booth.event.id).await.unwrap().failed, 0);
    booth.catalog.set_frame_looks(booth.event.id, &[frame], Some(&look(3)), NOW).await.unwrap();
    assert!(booth.claim(Part::Developed).await.is_some(), "but who asks for this very frame gets a try");
}

#[tokio::test]
async fn a_raw_that_is_not_here_is_no_failure() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    booth.fail(NotDeveloped::NoRaw, NOW).await;
    assert_eq!(booth.state(frame).await.0, LookState::Embedded);
    assert!(booth.claim(Part::Large).await.is_some());
}

#[tokio::test]
async fn a_raw_that_comes_after_its_jpeg_is_developed() {
    let booth = Booth::with_look().await;
    let jpeg = booth.arrival("A.JPG", FileKind::Jpeg, Some(0));
    let frame = booth.catalog.arrive(&jpeg).await.unwrap().frame.unwrap();
    booth.claim(Part::Proofs).await.unwrap();
    booth.catalog.finish_preview(frame, &made(1), false).await.unwrap();
    assert!(booth.claim(Part::Developed).await.is_none());
    assert!(booth.catalog.raw_file(frame).await.unwrap().is_none());
    assert_eq!(booth.raw("A.CR2", 0).await, frame);
    let file = booth.catalog.raw_file(frame).await.unwrap().unwrap();
    assert_eq!((file.path.as_str(), file.landed), ("/card/A.CR2", false));
    booth.develop_next(2).await;
    assert_eq!(booth.raw("A.CR2", 0).await, frame);
    assert!(booth.claim(Part::Developed).await.is_none());
}

#[tokio::test]
async fn a_burst_hands_on_what_auto_came_to() {
    let booth = Booth::with_look().await;
    let one = booth.shown("A.CR2", 1, 0).await;
    let job = booth.claim(Part::Developed).await.unwrap();
    assert_eq!(job.wish.unwrap().prior, None);
    booth.catalog.finish_development(one, &developed(2, &look(1), (1200, 800))).await.unwrap();
    let near = booth.shown("B.CR2", 3, 10_000).await;
    let prior = booth.claim(Part::Developed).await.unwrap().wish.unwrap().prior.unwrap();
    assert_eq!((prior.frame, prior.settled.as_str()), (one, "{\"ev\":2}"));
    let with_prior = MadeDevelopment { prior: Some(one), ..developed(4, &look(1), (1200, 800)) };
    booth.catalog.finish_development(near, &with_prior).await.unwrap();
    booth.shown("C.CR2", 5, 9_000).await;
    let prior = booth.claim(Part::Developed).await.unwrap().wish.unwrap().prior.unwrap();
    assert_eq!(prior.frame, near, "the nearest in time");
    let mut other = booth.arrival("D.CR2", FileKind::Raw, Some(9_500));
    other.facts = CaptureFacts { model: Some("Another body".into()), ..other.facts };
    let other = booth.catalog.arrive(&other).await.unwrap().frame.unwrap();
    booth.claim(Part::Proofs).await.unwrap();
    booth.catalog.finish_preview(other, &made(6), false).await.unwrap();
    assert_eq!(booth.claim(Part::Developed).await.unwrap().wish.unwrap().prior, None, "of another camera");
    booth.shown("E.CR2", 7, 20_001).await;
    assert_eq!(booth.claim(Part::Developed).await.unwrap().wish.unwrap().prior, None, "too late");
    booth.catalog.set_frame_looks(booth.event.id, &[near], Some(&look(5)), NOW).await.unwrap();
    let own = booth.claim(Part::Developed).await.unwrap().wish.unwrap().prior.unwrap();
    assert_eq!(
        (own.frame, own.settled.as_str()),
        (near, "{\"ev\":4}"),
        "with another look it keeps to what it came to"
    );
}

#[tokio::test]
async fn lost_files_are_made_again_from_the_beginning_and_a_lost_large_by_development() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    booth.develop_next(2).await;
    booth.catalog.requeue_large(frame, 20, NOW).await.unwrap();
    assert_eq!(booth.claim(Part::Large).await, None, "that would be of another picture");
    let again = booth.develop_next(2).await;
    assert_eq!(again.wish.unwrap().prior.unwrap().frame, frame, "it keeps to what it was");
    assert!(booth.catalog.superseded_before(UnixMillis(i64::MAX), 9).await.unwrap() == [Version::new([1; 16])]);
    booth.catalog.requeue_preview(frame, 20, NOW).await.unwrap();
    booth.claim(Part::Proofs).await.unwrap();
    assert!(booth.catalog.finish_preview(frame, &made(1), false).await.unwrap());
    assert!(!booth.frame(frame).await.developed);
    booth.develop_next(2).await;
    assert!(booth.frame(frame).await.developed);
}

#[tokio::test]
async fn a_development_over_which_the_studio_dies_again_and_again_is_given_up() {
    let booth = Booth::with_look().await;
    let frame = booth.shown("A.CR2", 1, 0).await;
    let path = booth.folder.path().join("catalog.sqlite");
    for _ in 0..5 {
        assert!(booth.claim(Part::Developed).await.is_some());
        Catalog::open(&path, NOW).await.unwrap().close().await;
    }
    assert_eq!(booth.claim(Part::Developed).await, None);
    let (state, _, reason) = booth.state(frame).await;
    assert_eq!(state, LookState::Failed);
    assert!(reason.unwrap().contains("5 times"));
    assert!(booth.claim(Part::Large).await.is_some());
    // Ending in order is no fault of the frame.
    booth.catalog.set_event_look(booth.event.id, &look(2), NOW).await.unwrap();
    for _ in 0..9 {
        assert_eq!(booth.claim(Part::Developed).await.unwrap().attempt, 1);
        booth.catalog.put_back_developments().await.unwrap();
        Catalog::open(&path, NOW).await.unwrap().close().await;
    }
}

#[tokio::test]
async fn presets_are_kept_by_name_up_to_a_hundred() {
    let booth = Booth::with_look().await;
    let put = async |name: &str, n: u8, creator| booth.catalog.put_preset(name, &look(n), creator, NOW).await;
    put("our booth", 1, None).await.unwrap();
    put("Lena's", 2, Some(booth.creator)).await.unwrap();
    put("our booth", 3, None).await.unwrap();
    let presets = booth.catalog.presets().await.unwrap();
    let told: Vec<_> = presets.iter().map(|it| (it.name.as_str(), it.recipe.hash.0[0], it.creator)).collect();
    assert_eq!(told, [("Lena's", 2, Some(booth.creator)), ("our booth", 3, None)]);
    assert!(put("of nobody", 1, Some(CreatorId::new(NOW, [99; 10]))).await.is_err());
    assert!(put("", 1, None).await.is_err() && put(&"x".repeat(61), 1, None).await.is_err());
    booth.catalog.delete_preset("Lena's").await.unwrap();
    assert!(booth.catalog.delete_preset("Lena's").await.is_err());
    for n in 0..99 {
        put(&format!("p{n}"), 1, None).await.unwrap();
    }
    assert!(put("one too many", 1, None).await.unwrap_err().to_string().contains("at most 100"));
    put("our booth", 4, None).await.expect("changing one is no new one");
    let all = vec![FrameId::new(NOW, [1; 10]); 1001];
    assert!(booth.catalog.set_frame_looks(booth.event.id, &all, None, NOW).await.is_err());
    assert_eq!(booth.catalog.set_frame_looks(booth.event.id, &all[1..], None, NOW).await.unwrap(), 0);
}

#[tokio::test]
async fn recipes_that_nothing_names_go_at_the_next_start() {
    let booth = Booth::with_look().await;
    for n in 2..9 {
        booth.catalog.set_event_look(booth.event.id, &look(n), NOW).await.unwrap();
    }
    booth.catalog.put_preset("kept", &look(3), None, NOW).await.unwrap();
    let path = booth.folder.path().join("catalog.sqlite");
    Catalog::open(&path, NOW).await.unwrap().close().await;
    alter(&path, "CREATE TABLE told AS SELECT count(*) AS n FROM recipe; SELECT 1 / (n = 2) FROM told").await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>("SELECT n FROM told").fetch_one(&pool).await.unwrap(), 2);
}

#[tokio::test]
async fn two_files_of_one_name_do_not_share_a_look() {
    let booth = Booth::with_look().await;
    let one = booth.shown("A.CR2", 1, 0).await;
    let other = NewArrival {
        source_path: "/other/A.CR2".into(),
        source_folder: "/other".into(),
        ..booth.arrival("A.CR2", FileKind::Raw, Some(500_000))
    };
    let other = booth.catalog.arrive(&other).await.unwrap().frame.unwrap();
    booth.catalog.set_frame_looks(booth.event.id, &[one], Some(&look(2)), NOW).await.unwrap();
    assert_eq!(booth.state(other).await.1, LookSource::Event);
}
