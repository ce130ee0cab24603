//! The catalog's promises, each against a real SQLite file.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use catalog::{
    Catalog, Change, FrameQuery, FrameState, MadePreview, NewArrival, NewAttention, OpenError, Part, PreviewState,
    QueueState, Stage, Version,
};
use model::{AttentionId, FileKind, TicketCode, TicketId};
use sqlx::Connection as _;
use support::{Booth, NOW, alter, made};
use tempfile::TempDir;

#[tokio::test]
async fn raw_jpeg_and_sidecar_become_one_frame_in_every_order() {
    let names = [("IMG_1.CR2", FileKind::Raw), ("IMG_1.JPG", FileKind::Jpeg), ("IMG_1.xmp", FileKind::Sidecar)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let booth = Booth::open().await;
        for at in order {
            let (name, kind) = names[at];
            let arrival = booth.arrival(name, kind, (kind != FileKind::Sidecar).then_some(5_000));
            booth.catalog.arrive(&arrival).await.unwrap();
            booth.catalog.land(&booth.landing(&arrival, at as u8)).await.unwrap();
        }
        let frames = booth.all().await;
        assert_eq!(frames.len(), 1, "{order:?}");
        assert_eq!(frames[0].kinds, [FileKind::Jpeg, FileKind::Raw, FileKind::Sidecar], "{order:?}");
        assert_eq!(frames[0].state, FrameState::Landed);
        let detail = booth.catalog.frame_detail(frames[0].id).await.unwrap().unwrap();
        assert_eq!(detail.originals.len(), 3);
    }
}

#[tokio::test]
async fn a_sidecar_that_comes_first_keeps_its_name_for_its_picture() {
    let booth = Booth::open().await;
    booth.catalog.arrive(&booth.arrival("IMG_5.JPG", FileKind::Jpeg, Some(0))).await.unwrap();
    let (event, creator) = (booth.event.id, booth.creator);
    let stem = async |name: &str, folder: &str| booth.catalog.sidecar_stem(event, creator, name, folder).await.unwrap();
    assert_eq!(stem("IMG_5", "/card/101").await, "IMG_5-2", "not beside another picture");
    assert_eq!(stem("IMG_5", "/card/101").await, "IMG_5-2", "the same one asks again");
    assert_eq!(stem("img_5", "/card/102").await, "img_5-3", "names that differ in case alone are one on many disks");
    let of_folder = |folder: &str, moment: i64| NewArrival {
        source_path: format!("{folder}/IMG_5.JPG"),
        source_folder: folder.to_owned(),
        ..booth.arrival("IMG_5.JPG", FileKind::Jpeg, Some(moment))
    };
    booth.catalog.arrive(&of_folder("/card/103", 60_000)).await.unwrap();
    booth.catalog.arrive(&of_folder("/card/101", 120_000)).await.unwrap();
    let names: Vec<_> = booth.all().await.into_iter().map(|frame| frame.name).collect();
    assert_eq!(names, ["IMG_5-2", "IMG_5-4", "IMG_5"], "each beside its own");
}

#[tokio::test]
async fn a_picture_that_comes_while_its_sidecar_is_copied_gets_it() {
    let booth = Booth::open().await;
    let sidecar = booth.arrival("IMG_7.xmp", FileKind::Sidecar, None);
    assert_eq!(booth.catalog.arrive(&sidecar).await.unwrap().frame, None);
    booth.catalog.arrive(&booth.arrival("IMG_7.CR2", FileKind::Raw, Some(0))).await.unwrap();
    let stem = booth.catalog.sidecar_stem(booth.event.id, booth.creator, "IMG_7", "/card").await.unwrap();
    assert_eq!(stem, "IMG_7", "beside its picture");
    booth.catalog.land(&booth.landing(&sidecar, 4)).await.unwrap();
    assert_eq!(booth.all().await[0].kinds, [FileKind::Raw, FileKind::Sidecar]);
}

#[tokio::test]
async fn a_counter_that_wrapped_does_not_pair_with_last_year() {
    let booth = Booth::open().await;
    booth.catalog.arrive(&booth.arrival("DSC_0001.NEF", FileKind::Raw, Some(0))).await.unwrap();
    let later = booth.arrival("DSC_0001.JPG", FileKind::Jpeg, Some(86_400_000));
    assert!(!booth.catalog.arrive(&later).await.unwrap().joined);
    let names: Vec<_> = booth.all().await.into_iter().map(|frame| frame.name).collect();
    assert_eq!(names, ["DSC_0001-2", "DSC_0001"]);
}

#[tokio::test]
async fn the_same_content_lands_once_and_its_twin_is_taken_back() {
    let booth = Booth::open().await;
    let one = booth.arrival("A.JPG", FileKind::Jpeg, None);
    booth.catalog.arrive(&one).await.unwrap();
    booth.catalog.land(&booth.landing(&one, 9)).await.unwrap();

    let again = NewArrival {
        source_path: "/card/copy/A.JPG".into(),
        source_folder: "/card/copy".into(),
        ..booth.arrival("A.JPG", FileKind::Jpeg, None)
    };
    assert_eq!(booth.catalog.arrive(&again).await.unwrap().frame, None, "same name and size: held until compared");
    let landed = booth.catalog.land(&booth.landing(&again, 9)).await.unwrap();
    assert_eq!(landed.duplicate_of.as_deref(), Some("Night Market/Lena/card/A.JPG"));

    let renamed = NewArrival { bytes: 1001, ..booth.arrival("B.JPG", FileKind::Jpeg, None) };
    let shown = booth.catalog.arrive(&renamed).await.unwrap().frame.unwrap();
    let mut changes = booth.catalog.changes();
    booth.catalog.land(&booth.landing(&renamed, 9)).await.unwrap();
    assert_eq!(changes.recv().await.unwrap(), Change::FrameGone(shown));
    assert_eq!(booth.all().await.len(), 1);
    assert!(booth.catalog.knows_source("/card/B.JPG", 1001, 7).await.unwrap());
}

#[tokio::test]
async fn a_copy_under_another_name_is_held_until_compared_and_a_burst_is_not() {
    let booth = Booth::open().await;
    let one = booth.arrival("A.ARW", FileKind::Raw, Some(5_000));
    booth.catalog.arrive(&one).await.unwrap();
    booth.catalog.land(&booth.landing(&one, 1)).await.unwrap();
    let copy = booth.arrival("COPY.ARW", FileKind::Raw, Some(5_000));
    assert_eq!(booth.catalog.arrive(&copy).await.unwrap().frame, None, "same size and same moment");
    // Uncompressed raws all have one size; the next frame of a burst has another moment.
    let mut next = booth.arrival("B.ARW", FileKind::Raw, Some(5_200));
    if let Some(captured) = &mut next.facts.captured {
        captured.local = "a moment later".into();
    }
    assert!(booth.catalog.arrive(&next).await.unwrap().frame.is_some());
}

#[tokio::test]
async fn a_folder_that_is_watched_no_more_takes_back_what_had_not_landed() {
    let booth = Booth::open().await;
    let (landed, shown) = (booth.arrival("A.JPG", FileKind::Jpeg, None), booth.arrival("B.JPG", FileKind::Jpeg, None));
    let elsewhere = NewArrival { source_path: "/cards/C.JPG".into(), ..booth.arrival("C.JPG", FileKind::Jpeg, None) };
    for arrival in [&landed, &shown, &elsewhere] {
        booth.catalog.arrive(arrival).await.unwrap();
    }
    booth.catalog.land(&booth.landing(&landed, 1)).await.unwrap();
    for folder in ["/other", "/card"] {
        booth.catalog.remember_watched(folder, NOW).await.unwrap();
    }
    booth.catalog.forget_watched("/card").await.unwrap();
    assert_eq!(booth.catalog.watched_folders().await.unwrap(), ["/other"]);
    let names: Vec<_> = booth.all().await.into_iter().map(|frame| frame.name).collect();
    assert_eq!(names, ["C", "A"]);
}

#[tokio::test]
async fn a_restart_forgets_what_had_not_landed_and_keeps_what_had() {
    let booth = Booth::open().await;
    let landed = booth.arrival("A.JPG", FileKind::Jpeg, None);
    booth.catalog.arrive(&landed).await.unwrap();
    booth.catalog.land(&booth.landing(&landed, 1)).await.unwrap();
    booth.catalog.arrive(&booth.arrival("B.JPG", FileKind::Jpeg, None)).await.unwrap();
    assert_eq!(booth.catalog.forget_arrivals().await.unwrap(), 1);
    let frames = booth.all().await;
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].name, "A");
}

#[tokio::test]
async fn a_broken_file_is_taken_back_and_listed_until_it_lands() {
    let booth = Booth::open().await;
    let arrival = booth.arrival("A.JPG", FileKind::Jpeg, None);
    booth.catalog.arrive(&arrival).await.unwrap();
    let item = NewAttention {
        fresh: AttentionId::new(NOW, booth.random()),
        event: booth.event.id,
        source_path: arrival.source_path.clone(),
        source_bytes: 1000,
        source_mtime_ns: 7,
        source: "hot folder".into(),
        problem: "cut short".into(),
        safe: "the file stays".into(),
        next: "copy it again".into(),
        at: NOW,
    };
    booth.catalog.attend(&item).await.unwrap();
    booth.catalog.attend(&item).await.unwrap();
    assert!(booth.all().await.is_empty());
    let (items, total) = booth.catalog.attention(booth.event.id).await.unwrap();
    assert_eq!((items.len(), total), (1, 1));
    assert_eq!(booth.catalog.retry_attention(items[0].id).await.unwrap(), "/card/A.JPG");
    assert!(!booth.catalog.knows_source("/card/A.JPG", 1000, 7).await.unwrap());

    booth.catalog.attend(&item).await.unwrap();
    booth.catalog.arrive(&arrival).await.unwrap();
    booth.catalog.land(&booth.landing(&arrival, 1)).await.unwrap();
    assert_eq!(booth.catalog.attention(booth.event.id).await.unwrap().1, 0);
}

#[tokio::test]
async fn the_newest_frame_is_rendered_first_and_a_failed_one_is_tried_thrice() {
    let booth = Booth::open().await;
    for name in ["A.JPG", "B.JPG", "C.JPG"] {
        booth.catalog.arrive(&booth.arrival(name, FileKind::Jpeg, None)).await.unwrap();
    }
    let mut now = NOW;
    let mut order = Vec::new();
    while let Some(job) = booth.catalog.claim_job(Part::Proofs, now).await.unwrap() {
        order.push(job.name.clone());
        booth.catalog.fail_preview(job.frame, "worker died", true, now).await.unwrap();
        now.0 += 100_000;
    }
    assert_eq!(order, ["C", "C", "C", "B", "B", "B", "A", "A", "A"]);
    assert!(
        booth
            .all()
            .await
            .iter()
            .all(|frame| matches!(&frame.preview, PreviewState::Failed(why) if why == "worker died"))
    );
    assert_eq!(booth.catalog.queue_state().await.unwrap().depth, 0);
}

#[tokio::test]
async fn a_preview_is_shown_before_its_job_ends_and_survives_a_crash_in_between() {
    let booth = Booth::open().await;
    let frame = booth.catalog.arrive(&booth.arrival("A.JPG", FileKind::Jpeg, None)).await.unwrap().frame.unwrap();
    booth.catalog.claim_job(Part::Proofs, NOW).await.unwrap().unwrap();
    assert!(booth.catalog.finish_preview(frame, &made(1), false).await.unwrap());
    assert_eq!(booth.all().await[0].preview, PreviewState::Ready);
    assert_eq!(booth.all().await[0].width_px, Some(1200));
    // The studio dies here; the job is claimed again after the next start.
    let again = Catalog::open(&booth.folder.path().join("catalog.sqlite"), NOW).await.unwrap();
    assert!(again.claim_job(Part::Proofs, NOW).await.unwrap().is_none(), "guests see it already");
    assert_eq!(again.queue_state().await.unwrap(), QueueState { depth: 0, oldest: None, behind: 1 });
    assert!(again.claim_job(Part::Large, NOW).await.unwrap().is_some());
    assert!(again.finish_preview(frame, &MadePreview { thumbhash: None, ..made(1) }, true).await.unwrap());
    assert!(again.claim_job(Part::Large, NOW).await.unwrap().is_none());
    assert_eq!(again.frame(frame).await.unwrap().unwrap().thumbhash, Some(vec![1, 2, 3]));
    assert_eq!(
        again.stage_times(10).await.unwrap().iter().find(|(stage, _)| *stage == Stage::Encoded),
        Some(&(Stage::Encoded, 90))
    );
    assert_eq!(again.frame_by_version(&Version::new([1; 16])).await.unwrap().unwrap().id, frame);
    assert_eq!(again.derivative_files(booth.event.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn arriving_frames_are_filed_under_the_current_ticket_and_a_move_can_be_undone() {
    let booth = Booth::open().await;
    let code = |text: &str| text.parse::<TicketCode>().unwrap();
    let mint = |codes: Vec<TicketCode>| {
        booth.catalog.mint_ticket(booth.event.id, TicketId::new(NOW, booth.random()), codes, NOW)
    };
    mint(vec![code("AAAA")]).await.unwrap();
    let second = mint(vec![code("AAAA"), code("BBBB")]).await.unwrap();
    assert_eq!(second.code, code("BBBB"), "a taken code is passed over");
    assert!(mint(vec![code("AAAA")]).await.is_err());
    let frame = booth.catalog.arrive(&booth.arrival("A.JPG", FileKind::Jpeg, None)).await.unwrap().frame.unwrap();
    assert_eq!(booth.catalog.frame(frame).await.unwrap().unwrap().ticket, Some(code("BBBB")));
    let moved = booth.catalog.assign(booth.event.id, &[frame], Some(code("AAAA"))).await.unwrap();
    assert_eq!(moved[0].before, Some(code("BBBB")));
    let query =
        FrameQuery { event: booth.event.id, ticket: Some(code("AAAA")), ready_only: false, before: None, limit: 10 };
    assert_eq!(booth.catalog.frames(&query).await.unwrap().len(), 1);
    assert!(booth.catalog.assign(booth.event.id, &[frame], Some(code("ZZZZ"))).await.is_err());
    assert!(booth.catalog.assign(booth.event.id, &vec![frame; 2001], None).await.is_err());
    booth.catalog.set_current_ticket(booth.event.id, None).await.unwrap();
    assert_eq!(booth.catalog.current_ticket(booth.event.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_newer_catalog_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("catalog.sqlite");
    Catalog::open(&path, NOW).await.unwrap().close().await;
    alter(&path, "INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', 0, 1, x'00', 0)").await;
    let refused = Catalog::open(&path, NOW).await.unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 9999, .. }), "{refused}");
    assert!(refused.to_string().contains("newer Boothlight"));
}

#[tokio::test]
async fn an_evening_of_the_first_version_goes_on_after_the_upgrade() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("catalog.sqlite");
    let mut first: Vec<_> = sqlx::migrate!().iter().cloned().collect();
    first.truncate(1);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let old = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::migrate::Migrator::with_migrations(first).run(&old).await.unwrap();
    old.close().await;
    alter(
        &path,
        "INSERT INTO event VALUES (zeroblob(16), 'Fair', 0, NULL);
         INSERT INTO creator VALUES (zeroblob(16), 'Lena');
         INSERT INTO frame (id, event, creator, stem, source_stem, source_folder, seen_at_ms, facts)
         VALUES (zeroblob(16), zeroblob(16), zeroblob(16), 'A', 'A', '/card', 0, '{\"orientation\":1}');
         INSERT INTO job (frame, priority, running, queued_at_ms) VALUES (1, 0, 1, 0);",
    )
    .await;
    let catalog = Catalog::open(&path, NOW).await.unwrap();
    assert!(folder.path().join(format!("catalog.before-upgrade-from-1-{}.sqlite", NOW.0)).is_file());
    let job = catalog.claim_job(Part::Proofs, NOW).await.unwrap().unwrap();
    assert_eq!(job.name, "A");
}

#[tokio::test]
async fn an_original_without_its_frame_is_refused_by_foreign_keys() {
    let booth = Booth::open().await;
    let path = booth.folder.path().join("catalog.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let refused = sqlx::raw_sql("INSERT INTO stage VALUES (777, 'landed', 0)").execute(&mut connection).await;
    assert!(refused.unwrap_err().to_string().contains("FOREIGN KEY"));
}
