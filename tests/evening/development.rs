//! Raws from the card to the phone: each flow, a look of the event's, and the picture under the sliders.

use std::{fs, path::Path, time::Duration};

use evening::{api::Frame, booth::Booth, material::sample, studio::Studio, until::until, verdict::pictures_lie_there};
use serde_json::{Value, json};

/// Longest wait for developments; a debug build on a small machine takes seconds for each.
const DEVELOPED_MAX: Duration = Duration::from_mins(2);

async fn start(booth: &Booth, flags: &[&str]) -> Studio {
    let mut serve = booth.serve();
    serve.args(flags);
    booth.spawn(serve).ready().await
}

fn shoot(booth: &Booth, names: &[&str]) {
    for name in names {
        fs::copy(sample(name), booth.watch().join(name)).unwrap();
    }
}

/// Waits until so many frames are landed and nothing of them is still to be made.
async fn at_rest(studio: &Studio, count: usize) -> Vec<Frame> {
    let mut frames = Vec::new();
    until("all frames are shown as they are to be", DEVELOPED_MAX, async || {
        frames = studio.api.frames().await;
        let done = |frame: &&Frame| frame.state == "landed" && frame.preview == "ready" && frame.look != "waiting";
        let left = frames.len() - frames.iter().filter(done).count();
        if frames.len() == count && left == 0 { Ok(()) } else { Err((frames.len(), left)) }
    })
    .await;
    frames
}

fn look_of<'a>(frames: &'a [Frame], name: &str) -> &'a str {
    let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
    &frames.iter().find(|frame| frame.name == stem).unwrap().look
}

async fn version(studio: &Studio, frame: &Frame) -> String {
    studio.api.json(&format!("api/frames/{}", frame.id)).await["frame"]["version"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flow_is_kept_with_the_event_and_shows_what_it_says() {
    let booth = Booth::new();
    let (sony, bare) = ("_DSC2164.ARW", "tinydng_colorchart.dng");
    let studio = start(&booth, &["--flow", "embedded-only", "--device", "cpu"]).await;
    shoot(&booth, &[sony, bare]);
    let frames = at_rest(&studio, 2).await;
    assert_eq!(
        (look_of(&frames, sony), look_of(&frames, bare)),
        ("embedded", "developed"),
        "the second has no other picture"
    );
    let told = studio.api.json("api/development").await;
    assert_eq!((&told["flow"], &told["device"]["choice"]), (&json!("embedded_only"), &json!("cpu")));
    studio.stop_cleanly().await;
    let studio = booth.start().await;
    assert_eq!(studio.api.json("api/development").await["flow"], "embedded_only", "kept");
    assert_eq!(studio.api.put("api/development", &json!({ "flow": "developed_only" })).await, 200);
    let frames = at_rest(&studio, 2).await;
    assert_eq!(look_of(&frames, sony), "developed", "what was shown is developed after all");
    shoot(&booth, &["test_raw.cr2"]);
    until("the third frame is known", DEVELOPED_MAX, async || match studio.api.frames().await.len() {
        3 => Ok(()),
        n => Err(n),
    })
    .await;
    until("it is shown, and not before it is developed", DEVELOPED_MAX, async || {
        let newest = studio.api.frames().await.remove(0);
        assert!(newest.preview != "ready" || newest.developed, "{newest:?}");
        if newest.developed { Ok(()) } else { Err(newest.look) }
    })
    .await;
    assert!(studio.api.json("health").await["device"].as_str().unwrap().starts_with("CPU"));
    studio.stop_cleanly().await;
    pictures_lie_there(&booth).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_is_seen_live_then_given_and_phones_keep_the_old_address_for_a_while() {
    let booth = Booth::new();
    let studio = booth.start().await;
    shoot(&booth, &["_DSC2164.ARW"]);
    let frame = at_rest(&studio, 1).await.remove(0);
    let before = version(&studio, &frame).await;
    let look = studio.api.json(&format!("api/frames/{}/look", frame.id)).await;
    assert_eq!(
        (&look["state"], &look["developable"], &look["source"]),
        (&json!("developed"), &json!(true), &json!("event"))
    );
    let mut recipe = look["recipe"].clone();
    recipe["exposure"]["ev"] = json!(1.5);
    let mut sizes = Vec::new();
    for wanted in [&look["recipe"], &recipe] {
        let wish = json!({ "recipe": wanted, "long_edge_px": 600 });
        let picture = studio.api.bytes(&format!("api/frames/{}/look/picture", frame.id), &wish).await;
        assert_eq!(picture[..3], [0xFF, 0xD8, 0xFF], "a JPEG");
        sizes.push(picture);
    }
    assert_ne!(sizes[0], sizes[1], "the sliders do something");
    let grey: Value = serde_json::from_slice(
        &studio
            .api
            .bytes(&format!("api/frames/{}/look/grey", frame.id), &json!({ "recipe": recipe, "x": 0.5, "y": 0.5 }))
            .await,
    )
    .unwrap();
    assert!(grey["red"].as_f64().unwrap() > 0.0, "{grey}");
    assert_eq!(studio.api.put(&format!("api/frames/{}/look", frame.id), &json!({ "recipe": recipe })).await, 204);
    until("the new look is shown", DEVELOPED_MAX, async || match version(&studio, &frame).await {
        now if now != before => Ok(()),
        now => Err(now),
    })
    .await;
    let after = version(&studio, &frame).await;
    let mut pictures = Vec::new();
    for version in [&before, &after] {
        let answer = reqwest::get(format!("{}i/{version}/screen.jpg", studio.ready.guest)).await.unwrap();
        assert_eq!(answer.status(), 200, "{version}");
        pictures.push(answer.bytes().await.unwrap());
    }
    assert_ne!(pictures[0], pictures[1]);
    assert_eq!(studio.api.json(&format!("api/frames/{}/look", frame.id)).await["source"], "frame");
    studio.stop_cleanly().await;
}
