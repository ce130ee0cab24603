//! Events: who hears what, what is never missed, and an end that does not wait for anybody.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::{Duration, Instant};

use catalog::Stage;
use model::FileKind;
use support::{Booth, text};

#[tokio::test]
async fn a_new_frame_reaches_phones_and_window() {
    let booth = Booth::open().await;
    let mut gallery = booth.listen_as_guest("/live").await;
    let mut window = booth.listen_as_operator().await;
    let frame = booth.waiting("A").await;
    let told = window.until("frame").await;
    assert_eq!(
        (told.data["preview"].as_str(), told.data["id"].as_str()),
        (Some("waiting"), Some(frame.to_string().as_str()))
    );
    let version = booth.develop(frame).await;
    let photo = gallery.next().await.unwrap();
    assert_eq!(photo.name, "photo", "guests hear of a frame when it can be shown");
    assert_eq!(photo.data["id"], frame.to_string());
    assert!(photo.data["html"].as_str().unwrap().contains(&format!("/i/{version}/thumb.jpg")));
    let told = window.until("frame").await;
    assert_eq!((told.data["preview"].as_str(), told.data["version"].as_str()), (Some("ready"), Some(version.as_str())));
    booth.stamped(frame, Stage::Announced).await;
    let pulse = window.until("pulse").await;
    assert_eq!((pulse.data["phones"].as_i64(), pulse.data["frames"].as_i64()), (Some(1), Some(1)));
}

#[tokio::test]
async fn phones_hear_tiles_in_their_language() {
    let booth = Booth::open().await;
    let mut german = support::Events::open(booth.guest("/live").header("accept-language", "de")).await;
    let mut english = booth.listen_as_guest("/live").await;
    booth.ready("A").await;
    let (german, english) = (german.next().await.unwrap(), english.next().await.unwrap());
    assert_ne!(german.data["html"], english.data["html"], "the word for `arriving` differs");
}

#[tokio::test]
async fn a_frame_that_is_taken_back_goes_everywhere() {
    let booth = Booth::open().await;
    let one = booth.arrival("A");
    booth.catalog.arrive(&one).await.unwrap();
    booth.catalog.land(&booth.landing(&one, 9)).await.unwrap();
    let twin = booth.arrival("B");
    let frame = booth.catalog.arrive(&twin).await.unwrap().frame.unwrap();
    let version = booth.develop(frame).await;
    let mut gallery = booth.listen_as_guest("/live").await;
    let mut window = booth.listen_as_operator().await;
    let proof = format!("/i/{version}/thumb.jpg");
    assert_eq!(booth.guest(&proof).send().await.unwrap().status(), 200);
    booth.catalog.land(&booth.landing(&twin, 9)).await.unwrap();
    assert_eq!(gallery.until("gone").await.data["id"], frame.to_string());
    assert_eq!(window.until("frame_gone").await.data["id"], frame.to_string());
    let deadline = Instant::now() + support::PATIENCE;
    while booth.guest(&proof).send().await.unwrap().status() != 404 {
        assert!(Instant::now() < deadline, "its proof is still served");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_frame_that_moves_leaves_one_ticket_and_joins_the_other() {
    let booth = Booth::open().await;
    let other = booth.ticket("ABCD").await;
    booth.ticket("K7P3").await;
    let mut mine = booth.listen_as_guest("/live?t=K7P3").await;
    let mut theirs = booth.listen_as_guest("/live?t=ABCD").await;
    let mut gallery = booth.listen_as_guest("/live").await;
    let mut window = booth.listen_as_operator().await;
    let (frame, _) = booth.ready("A").await;
    let photo = mine.next().await.unwrap();
    assert_eq!(photo.name, "photo");
    assert!(photo.data["html"].as_str().unwrap().contains("?t=K7P3"), "its link stays on the ticket's page");
    let photo = gallery.next().await.unwrap();
    assert!(!photo.data["html"].as_str().unwrap().contains("K7P3"), "the gallery tells no codes");

    booth.catalog.assign(booth.event.id, &[frame], Some(other)).await.unwrap();
    let gone = mine.next().await.unwrap();
    assert_eq!((gone.name.as_str(), gone.data["id"].as_str()), ("gone", Some(frame.to_string().as_str())));
    let photo = theirs.next().await.unwrap();
    assert_eq!((photo.name.as_str(), photo.data["id"].as_str()), ("photo", Some(frame.to_string().as_str())));
    assert_eq!(window.until("ticket").await.data["current"], "K7P3");

    booth.catalog.assign(booth.event.id, &[frame], None).await.unwrap();
    assert_eq!(theirs.next().await.unwrap().name, "gone");
    let (next, _) = booth.ready("B").await;
    assert_eq!(gallery.next().await.unwrap().data["id"], next.to_string(), "the gallery heard nothing of the moves");
}

#[tokio::test]
async fn the_word_arriving_goes_when_the_original_has_landed() {
    let booth = Booth::open().await;
    let arrival = booth.arrival("A");
    let frame = booth.catalog.arrive(&arrival).await.unwrap().frame.unwrap();
    let mut gallery = booth.listen_as_guest("/live").await;
    booth.develop(frame).await;
    let before = gallery.next().await.unwrap();
    booth.catalog.land(&booth.landing(&arrival, 1)).await.unwrap();
    let after = gallery.next().await.unwrap();
    assert_eq!((after.name.as_str(), &after.data["id"]), ("photo", &before.data["id"]));
    assert_ne!(after.data["html"], before.data["html"]);
    let mut raw = booth.arrival("A");
    raw.kind = FileKind::Raw;
    raw.source_path = "/in/A.CR2".into();
    booth.catalog.arrive(&raw).await.unwrap();
    booth.ready("B").await;
    assert_ne!(gallery.next().await.unwrap().data["id"], before.data["id"], "a RAW beside it changes no tile");
}

#[tokio::test]
async fn a_phone_that_comes_back_hears_what_it_missed() {
    let booth = Booth::open().await;
    let page = text(booth.guest("/").send().await.unwrap()).await;
    let since: String =
        page.split("since=").nth(1).unwrap().chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    let (first, _) = booth.ready("A").await;
    booth.stamped(first, Stage::Announced).await;
    booth.pass(Duration::from_mins(1));
    let mut opened = booth.listen_as_guest(&format!("/live?since={since}")).await;
    let seen = opened.next().await.unwrap();
    assert_eq!(seen.data["id"], first.to_string(), "what came between page and stream is not lost");
    drop(opened);
    let (second, _) = booth.ready("B").await;
    booth.stamped(second, Stage::Announced).await;
    let id = seen.id.unwrap();
    let back = booth.guest(&format!("/live?since={since}")).header("last-event-id", id);
    assert_eq!(support::Events::open(back).await.next().await.unwrap().data["id"], second.to_string());
    let stranger = booth.guest("/live").header("last-event-id", "123-1");
    assert_eq!(support::Events::open(stranger).await.next().await.unwrap().name, "resync", "of an earlier run");
}

#[tokio::test]
async fn the_end_waits_for_no_stream() {
    let mut booth = Booth::open().await;
    let mut streams = Vec::new();
    for _ in 0..50 {
        streams.push(booth.listen_as_guest("/live").await);
    }
    streams.push(booth.listen_as_operator().await);
    let begun = Instant::now();
    booth.running.take().unwrap().shutdown().await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    for mut stream in streams {
        while stream.next().await.is_some() {}
    }
}

#[tokio::test]
async fn a_new_start_announces_nothing_twice() {
    let mut booth = Booth::open().await;
    let (frame, _) = booth.ready("A").await;
    let announced = booth.stamped(frame, Stage::Announced).await;
    booth.running.take().unwrap().shutdown().await;
    booth.pass(Duration::from_secs(5));
    booth.start().await;
    let mut gallery = booth.listen_as_guest("/live").await;
    booth.catalog.assign(booth.event.id, &[frame], None).await.unwrap();
    let (second, _) = booth.ready("B").await;
    assert_eq!(gallery.next().await.unwrap().data["id"], second.to_string());
    assert_eq!(booth.stamped(frame, Stage::Announced).await, announced);
}

#[tokio::test]
async fn windows_beyond_the_bound_are_asked_to_wait() {
    let booth = Booth::open().await;
    let mut windows = Vec::new();
    for _ in 0..32 {
        windows.push(booth.listen_as_operator().await);
    }
    let full = booth.operator(reqwest::Method::GET, "/api/live").send().await.unwrap();
    assert_eq!((full.status().as_u16(), full.headers()["retry-after"].to_str().unwrap()), (503, "5"));
    windows.pop();
    let deadline = Instant::now() + support::PATIENCE;
    while booth.operator(reqwest::Method::GET, "/api/live").send().await.unwrap().status() != 200 {
        assert!(Instant::now() < deadline, "the place of a window that closed stays taken");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_phone_that_was_away_too_long_loads_its_page_again() {
    let booth = Booth::open().await;
    let page = text(booth.guest("/").send().await.unwrap()).await;
    let since: String =
        page.split("since=").nth(1).unwrap().chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    let code = booth.ticket("K7P3").await;
    let (frame, _) = booth.ready("A").await;
    let mut ticket = booth.listen_as_guest("/live?t=K7P3").await;
    ticket.until("photo").await;
    for _ in 0..150 {
        for (code, name) in [(None, "gone"), (Some(code), "photo")] {
            booth.catalog.assign(booth.event.id, &[frame], code).await.unwrap();
            ticket.until(name).await;
        }
    }
    let mut back = booth.listen_as_guest(&format!("/live?since={since}")).await;
    assert_eq!(back.next().await.unwrap().name, "resync");
    let (next, _) = booth.ready("B").await;
    assert_eq!(back.next().await.unwrap().data["id"], next.to_string());
}
