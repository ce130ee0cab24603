//! The operator's API: the shapes that the window is built on, limits, and errors that help.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::{collections::BTreeSet, path::PathBuf};

use catalog::{Change, NewAttention, Part};
use model::{AttentionId, Rung};
use reqwest::{Method, header};
use serde_json::{Value, json};
use support::{Booth, picture, text};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_keys(value: &Value, expected: &str) {
    assert_eq!(keys(value), expected.split_whitespace().collect::<BTreeSet<_>>());
}

impl Booth {
    async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let body = body.to_string();
        let request = self.operator(method, path).header(header::CONTENT_TYPE, "application/json").body(body);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn the_studio_and_its_pulse_have_the_agreed_shape() {
    let booth = Booth::open().await;
    booth.ready("A").await;
    let studio = booth.read("/api/studio").await;
    assert_keys(&studio, "version rehearsal event guest originals_dir");
    assert_keys(&studio["event"], "id name");
    assert_keys(&studio["guest"], "join_url addresses mdns_url");
    assert_keys(&studio["guest"]["addresses"][0], "url interface");
    assert_eq!(studio["guest"]["join_url"], booth.running.as_ref().unwrap().join_url());
    let pulse = booth.read("/api/pulse").await;
    assert_keys(&pulse, "at_ms sources queue phones first_preview disk frames attention development");
    assert_keys(&pulse["development"], "waiting running failed device notice");
    assert_keys(&pulse["sources"][0], "id kind label state detail bytes_per_s last_file last_at_ms");
    assert_eq!(pulse["sources"][0]["kind"], "hot_folder");
    assert_keys(&pulse["queue"], "depth oldest_age_ms");
    assert_keys(&pulse["first_preview"], "count median_ms p95_ms");
    assert_keys(&pulse["disk"], "free_bytes frames_left");
}

#[tokio::test]
async fn guests_are_told_an_address_of_this_computer_alone() {
    let booth = Booth::open().await;
    let choose = |url: Value| booth.send(Method::PUT, "/api/join", json!({ "url": url }));
    let studio = booth.read("/api/studio").await;
    assert_eq!(choose(studio["guest"]["addresses"][0]["url"].clone()).await, (200, studio.clone()));
    assert_eq!(choose(Value::Null).await, (200, studio));
    let (status, error) = choose(json!("http://evil.example/")).await;
    assert_eq!((status, error["error"].as_str()), (404, Some("no_address")));
    assert_eq!(booth.send(Method::PUT, "/api/join", json!([])).await.0, 400);
}

#[tokio::test]
async fn a_failed_preview_says_why_and_is_tried_again_when_asked() {
    let booth = Booth::open().await;
    let frame = booth.waiting("A").await;
    let read = || booth.read("/api/frames?limit=1");
    assert_eq!(read().await["frames"][0]["preview_problem"], Value::Null);
    booth.catalog.fail_preview(frame, "the file is damaged: no end", false, booth.now()).await.unwrap();
    let failed = read().await;
    assert_eq!(failed["frames"][0]["preview"], "failed");
    assert_eq!(failed["frames"][0]["preview_problem"], "the file is damaged: no end");
    let retry = async |id: &str| {
        let path = format!("/api/frames/{id}/preview");
        booth.send(Method::POST, &path, Value::Null).await
    };
    assert_eq!(retry(&frame.to_string()).await.0, 204);
    let again = read().await;
    assert_eq!(
        (&again["frames"][0]["preview"], &again["frames"][0]["preview_problem"]),
        (&json!("waiting"), &Value::Null)
    );
    let (ready, _) = booth.ready("B").await;
    assert_eq!(retry(&ready.to_string()).await.0, 204);
    assert_eq!(booth.read(&format!("/api/frames/{ready}")).await["frame"]["preview"], "ready");
    assert_eq!(retry("018f0000-0000-7000-8000-000000000000").await.0, 404);
}

#[tokio::test]
async fn frames_come_in_parts_up_to_the_limit() {
    let booth = Booth::open().await;
    for n in 0..5 {
        booth.waiting(&format!("P{n}")).await;
    }
    let all = booth.read("/api/frames").await;
    assert_keys(&all, "frames next_before total");
    assert_keys(
        &all["frames"][0],
        "id seq name state preview preview_problem width_px height_px thumbhash version ticket captured_at seen_at_ms kinds developed look",
    );
    assert_eq!(
        (all["total"].as_i64(), &all["next_before"], &all["frames"][0]["name"]),
        (Some(5), &Value::Null, &json!("P4"))
    );
    let part = booth.read("/api/frames?limit=2").await;
    let next = part["next_before"].as_i64().unwrap();
    let rest = booth.read(&format!("/api/frames?limit=2000&before={next}")).await;
    assert_eq!(rest["frames"].as_array().unwrap().len(), 3);
    for path in ["/api/frames?limit=2001", "/api/frames?limit=0", "/api/frames?limit=x", "/api/frames?before=x"] {
        let refused = booth.operator(Method::GET, path).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{path}");
        assert_keys(&support::json(refused).await, "error message");
    }
}

#[tokio::test]
async fn one_frame_tells_its_files_and_its_way() {
    let booth = Booth::open().await;
    let arrival = booth.arrival("A");
    let frame = booth.catalog.arrive(&arrival).await.unwrap().frame.unwrap();
    booth.develop(frame).await;
    booth.catalog.land(&booth.landing(&arrival, 1)).await.unwrap();
    booth.stamped(frame, catalog::Stage::Announced).await;
    let detail = booth.read(&format!("/api/frames/{frame}")).await;
    assert_keys(&detail, "frame facts creator originals stages");
    assert_keys(&detail["facts"], "captured_local make model serial lens exposure_s aperture_f iso focal_mm");
    assert_keys(&detail["originals"][0], "id name path bytes sha256 kind landed_at_ms");
    assert_eq!(detail["originals"][0]["name"], "A.JPG");
    assert_keys(&detail["stages"][0], "stage at_ms since_complete_ms");
    assert_eq!(detail["frame"]["state"], "landed");
    assert_eq!(detail["frame"]["kinds"], json!(["jpeg"]));
    let (status, _) = booth.send(Method::GET, "/api/frames/nonsense", Value::Null).await;
    assert_eq!(status, 400);
    let (status, error) =
        booth.send(Method::GET, "/api/frames/018f0000-0000-7000-8000-000000000000", Value::Null).await;
    assert_eq!((status, error["error"].as_str()), (404, Some("not_found")));
}

#[tokio::test]
async fn a_large_that_somebody_looks_for_is_made_next_and_the_request_waits_for_it() {
    let booth = Booth::open().await;
    let (one, version) = booth.ready("A").await;
    let (other, _) = booth.ready("B").await;
    let path = booth.store.path(&version, Rung::Large);
    std::fs::remove_file(&path).unwrap();
    booth.catalog.requeue_large(other, 0, booth.now()).await.unwrap();
    let mut changes = booth.catalog.changes();
    let looked = booth.operator(Method::GET, &format!("/api/pixels/{one}/large?v={version}")).send();
    let made = async {
        while changes.recv().await.unwrap() != Change::JobQueued {}
        let job = booth.catalog.claim_job(Part::Large, booth.now()).await.unwrap().unwrap();
        assert_eq!(job.frame, one, "before a newer one that nobody looks at");
        booth.develop(one).await;
    };
    let (looked, ()) = tokio::join!(looked, made);
    assert_eq!(looked.unwrap().bytes().await.unwrap(), picture(&version, Rung::Large));
}

#[tokio::test]
async fn the_loupe_gets_the_unmarked_picture_and_keeps_it() {
    let booth = Booth::open().await;
    let waiting = booth.waiting("W").await;
    let (frame, version) = booth.ready("A").await;
    for rung in [Rung::Thumb, Rung::Screen, Rung::Large] {
        let got = booth.operator(Method::GET, &format!("/api/pixels/{frame}/{rung}?v={version}")).send().await.unwrap();
        assert_eq!(got.headers()["cache-control"], "private, max-age=31536000, immutable");
        assert_eq!(got.bytes().await.unwrap(), picture(&version, rung));
    }
    let other = booth.operator(Method::GET, &format!("/api/pixels/{frame}/large?v=old")).send().await.unwrap();
    assert_eq!(other.headers()["cache-control"], "private, no-cache");
    for path in [
        format!("/api/pixels/{frame}/final"),
        format!("/api/pixels/{frame}/Large"),
        format!("/api/pixels/{waiting}/thumb"),
    ] {
        assert_eq!(booth.operator(Method::GET, &path).send().await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test]
async fn tickets_are_minted_chosen_filled_and_undone() {
    let booth = Booth::open().await;
    let (frame, _) = booth.ready("A").await;
    let (status, minted) = booth.send(Method::POST, "/api/tickets", Value::Null).await;
    assert_eq!(status, 200);
    assert_keys(&minted, "code url frames created_at_ms");
    let code = minted["code"].as_str().unwrap().to_owned();
    assert_eq!(minted["url"], format!("{}t/{code}", booth.running.as_ref().unwrap().join_url()));
    assert_eq!(booth.read("/api/tickets").await["current"], code);
    let assign = |frames: Vec<String>, ticket: Value| {
        booth.send(Method::POST, "/api/frames/assign", json!({ "frames": frames, "ticket": ticket }))
    };
    let (status, moved) = assign(vec![frame.to_string()], json!(code)).await;
    assert_eq!(
        (status, moved),
        (200, json!({ "changed": 1, "previous": [{ "frame": frame.to_string(), "ticket": null }] }))
    );
    assert_eq!(booth.read("/api/tickets").await["tickets"][0]["frames"], 1);
    let (_, undone) = assign(vec![frame.to_string()], Value::Null).await;
    assert_eq!(undone["previous"][0]["ticket"], code);
    assert_eq!(assign(vec![frame.to_string(); 2000], Value::Null).await.0, 200);
    let (status, error) = assign(vec![frame.to_string(); 2001], Value::Null).await;
    assert_eq!((status, error["error"].as_str()), (400, Some("too_many")));
    assert_eq!(assign(vec!["x".into()], Value::Null).await.0, 400);
    assert_eq!(assign(vec![frame.to_string()], json!("ZZZZ")).await.0, 404);
    for (body, status) in [
        (json!({ "code": null }), 204),
        (json!({ "code": code }), 204),
        (json!({ "code": "ZZZZ" }), 404),
        (json!({ "code": "0" }), 400),
        (json!([]), 400),
    ] {
        assert_eq!(booth.send(Method::PUT, "/api/tickets/current", body.clone()).await.0, status, "{body}");
    }
    let qr = booth.operator(Method::GET, &format!("/api/qr/ticket/{code}.svg")).send().await.unwrap();
    assert_eq!(qr.headers()["content-type"], "image/svg+xml");
    assert!(text(qr).await.contains("<svg"));
    assert_eq!(booth.operator(Method::GET, "/api/qr/ticket/ZZZZ.svg").send().await.unwrap().status(), 404);
    let large = booth
        .operator(Method::POST, "/api/frames/assign")
        .header(header::CONTENT_TYPE, "application/json")
        .body("x".repeat(300_000));
    assert_eq!(large.send().await.unwrap().status(), 413);
}

#[tokio::test]
async fn attention_is_told_retried_and_dismissed() {
    let booth = Booth::open().await;
    let mut window = booth.listen_as_operator().await;
    for n in 0..2u8 {
        let item = NewAttention {
            fresh: AttentionId::new(support::NOW, [n; 10]),
            event: booth.event.id,
            source_path: format!("/in/BROKEN{n}.JPG"),
            source_bytes: 1,
            source_mtime_ns: 1,
            source: "/in".into(),
            problem: "It is not whole.".into(),
            safe: "The card's copy is untouched.".into(),
            next: "Copy it again.".into(),
            at: support::NOW,
        };
        booth.catalog.attend(&item).await.unwrap();
    }
    assert!(window.until("attention").await.data["total"].as_i64() >= Some(1));
    let list = booth.read("/api/attention").await;
    assert_keys(&list, "items total");
    assert_keys(&list["items"][0], "id file_name path problem safe next at_ms source");
    assert_eq!(list["items"][0]["file_name"], "BROKEN1.JPG");
    let id = |n: usize| list["items"][n]["id"].as_str().unwrap().to_owned();
    assert_eq!(booth.send(Method::POST, &format!("/api/attention/{}/retry", id(0)), Value::Null).await.0, 204);
    assert_eq!(*booth.port.reexamined.lock().unwrap(), [PathBuf::from("/in/BROKEN1.JPG")]);
    assert_eq!(booth.send(Method::POST, &format!("/api/attention/{}/dismiss", id(1)), Value::Null).await.0, 204);
    assert_eq!(booth.send(Method::POST, &format!("/api/attention/{}/retry", id(0)), Value::Null).await.0, 404);
    assert_eq!(booth.read("/api/attention").await["total"], 0);
}

#[tokio::test]
async fn a_folder_is_watched_until_it_is_not() {
    let booth = Booth::open().await;
    let watch = |folder: &str| booth.send(Method::POST, "/api/sources", json!({ "folder": folder }));
    assert_eq!(watch("/booth/lena/Tether").await, (201, json!({ "source_id": "card-1" })));
    assert_eq!(watch("/booth/lena/missing").await.0, 422);
    assert_eq!(watch("Tether").await.0, 400);
    let unwatch = async |id: &str| {
        let path = format!("/api/sources/{id}");
        booth.operator(Method::DELETE, &path).send().await.unwrap().status().as_u16()
    };
    assert_eq!(unwatch("card-1").await, 204);
    assert_eq!(unwatch("of-nobody").await, 422);
}

#[tokio::test]
async fn folders_of_this_computer_are_shown_for_choosing() {
    let booth = Booth::open().await;
    let usual = booth.read("/api/folders").await;
    assert_eq!((&usual["path"], &usual["parent"]), (&json!("/booth/lena/Pictures"), &json!("/booth/lena")));
    assert_eq!(usual["folders"], json!([{ "path": "/booth/lena/Pictures/Tether", "name": "Tether" }]));
    assert_eq!(usual["places"], json!([{ "path": "/media/lena/CARD", "name": "CARD" }]));
    assert_eq!((&usual["captures"], &usual["more"]), (&json!(3), &json!(false)));
    assert_eq!(booth.read("/api/folders?path=%2Fmedia").await["path"], "/media");
    let status = async |path: &str| booth.operator(Method::GET, path).send().await.unwrap().status().as_u16();
    assert_eq!(status("/api/folders?path=%2Fmissing").await, 422);
    for odd in ["media", "..%2Fetc", "%2Fa%00b"] {
        assert_eq!(status(&format!("/api/folders?path={odd}")).await, 400, "{odd}");
    }
}

#[tokio::test]
async fn a_folder_is_imported_or_refused_in_words() {
    let booth = Booth::open().await;
    let import = |folder: &str| booth.send(Method::POST, "/api/import", json!({ "folder": folder }));
    assert_eq!(import("/media/card").await, (202, json!({ "source_id": "card-1" })));
    let (status, error) = import("/media/missing").await;
    assert_eq!((status, error), (422, json!({ "error": "folder_refused", "message": "The folder is not there." })));
    for odd in ["card", "", "/a\0b", &format!("/{}", "x".repeat(5000))] {
        assert_eq!(import(odd).await.0, 400, "{odd:.20}");
    }
    assert_eq!(booth.port.imported.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn metrics_tell_stages_gauges_and_requests() {
    let booth = Booth::open().await;
    let (frame, _) = booth.ready("A").await;
    booth.stamped(frame, catalog::Stage::Announced).await;
    booth.guest("/").send().await.unwrap();
    let metrics = text(booth.operator(Method::GET, "/metrics").send().await.unwrap()).await;
    for line in [
        "boothlight_frames_total 1",
        "boothlight_attention_items 0",
        "boothlight_queue_depth 0",
        "boothlight_queue_oldest_seconds 0",
        "boothlight_phones_connected 0",
        "boothlight_disk_free_bytes 1000000",
        "boothlight_developments_waiting 0",
        "boothlight_developments_failed 0",
        "boothlight_stage_seconds{stage=\"announced\",quantile=\"0.5\"} 0",
        "boothlight_stage_seconds_count{stage=\"announced\"} 1",
        "boothlight_requests_total{listener=\"guest\",route=\"page\",status=\"2xx\"} 1",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line}\nis not in\n{metrics}");
    }
}

#[test]
fn the_committed_document_is_the_codes_own() {
    let committed = include_str!("../../../docs/openapi.json");
    let generated = serde_json::to_string_pretty(&gateway::openapi()).unwrap();
    assert!(
        committed.trim_end() == generated,
        "docs/openapi.json is not what the code gives. Write both anew:\n\
         cargo run -p gateway --example openapi > docs/openapi.json && (cd ui/operator && npm run types)"
    );
}

#[tokio::test]
async fn the_document_is_whole_and_the_window_answers() {
    let booth = Booth::open().await;
    let document = booth.read("/api/openapi.json").await;
    let mut ids = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{operation}");
        }
    }
    assert_eq!(document, serde_json::to_value(gateway::openapi()).unwrap());
    let window = booth.knock(Method::GET, "/").send().await.unwrap();
    assert!(matches!(window.status().as_u16(), 200 | 503), "503 where the window was not built");
    assert_eq!(window.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(booth.knock(Method::GET, "/../Cargo.toml").send().await.unwrap().status(), 404);
    let (status, error) = booth.send(Method::DELETE, "/api/tickets", Value::Null).await;
    assert_eq!((status, error["error"].as_str()), (405, Some("wrong_method")));
    assert_eq!(booth.send(Method::GET, "/api/nowhere", Value::Null).await.0, 404);
}
