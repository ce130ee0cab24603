//! How raws are developed, as the operator's window asks for it: every route, hostile input, and what phones are told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use base64::{Engine, engine::general_purpose::STANDARD};
use catalog::{NotDeveloped, Part};
use develop::recipe::Recipe;
use model::{FrameId, Rung};
use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use support::{Booth, picture, stored};

const NOBODY: &str = "018f0000-0000-7000-8000-000000000000";

fn recipe(ev: f64) -> Value {
    let mut recipe: Value = serde_json::from_str(&Recipe::default().to_json()).unwrap();
    recipe["exposure"]["ev"] = json!(ev);
    recipe
}

async fn booth() -> Booth {
    let booth = Booth::open().await;
    booth.catalog.begin_development(booth.event.id, &stored(&Recipe::default())).await.unwrap();
    booth
}

impl Booth {
    async fn ask(&self, method: Method, path: &str, body: &Value) -> Response {
        let request = self.operator(method, path).header(header::CONTENT_TYPE, "application/json");
        request.body(body.to_string()).send().await.unwrap()
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let answer = self.ask(method, path, &body).await;
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn look(&self, frame: FrameId) -> Value {
        self.read(&format!("/api/frames/{frame}/look")).await
    }

    async fn shown(&self, frame: FrameId) -> Value {
        self.read(&format!("/api/frames/{frame}")).await["frame"].clone()
    }
}

#[tokio::test]
async fn the_events_development_is_told_and_changed_in_parts() {
    let booth = booth().await;
    let frame = booth.raw("A").await;
    let told = booth.read("/api/development").await;
    assert_eq!(told["flow"], "embedded_then_developed");
    assert_eq!(told["recipe"], recipe(0.0));
    assert_eq!(
        told["device"],
        json!({ "in_use": "CPU (2 cores)", "kind": "cpu", "choice": "auto", "why": "No graphics card was found.",
                "trial": { "cpu_ms": 90.0, "gpu_ms": 400.5 } })
    );
    assert_eq!(told["queue"], json!({ "waiting": 1, "running": 0, "failed": 0 }));
    booth.develop_next(9).await;
    let set = |body: Value| booth.send(Method::PUT, "/api/development", body);
    let (status, told) = set(json!({ "recipe": recipe(1.0) })).await;
    assert_eq!((status, &told["recipe"], &told["queue"]["waiting"]), (200, &recipe(1.0), &json!(1)));
    assert_eq!(booth.look(frame).await["source"], "event");
    let (_, told) = set(json!({ "flow": "embedded_only", "device": "gpu" })).await;
    assert_eq!((&told["flow"], &told["device"]["choice"]), (&json!("embedded_only"), &json!("gpu")));
    assert_eq!((&told["recipe"], &told["queue"]["waiting"]), (&recipe(1.0), &json!(0)));
    assert_eq!(set(json!({})).await, (200, told), "nothing is named, nothing changes");
    let settings = booth.catalog.development(booth.event.id).await.unwrap();
    assert_eq!(settings.device, catalog::DeviceChoice::Gpu, "kept for the next start");
}

#[tokio::test]
async fn numbers_are_brought_into_their_ranges_and_nonsense_is_refused_in_words() {
    let booth = booth().await;
    let frame = booth.raw("A").await;
    let (_, told) = booth.send(Method::PUT, "/api/development", json!({ "recipe": recipe(900.0) })).await;
    assert_eq!(told["recipe"]["exposure"]["ev"], 5.0);
    let mut newer = recipe(0.0);
    newer["process"] = json!(999);
    let mut unknown = recipe(0.0);
    unknown["exposer"] = json!(1);
    let mut half = recipe(0.0);
    half.as_object_mut().unwrap().remove("tone");
    let mut wrong = recipe(0.0);
    wrong["white_balance"] = json!({ "mode": "kelvin", "temperature_k": "warm", "tint": 0 });
    let path = format!("/api/frames/{frame}/look");
    for odd in [newer.clone(), unknown, half, wrong, json!(7), json!([]), json!("x"), json!({})] {
        for (method, path, body) in [
            (Method::PUT, "/api/development", json!({ "recipe": odd })),
            (Method::PUT, "/api/presets/x", json!({ "recipe": odd })),
            (Method::PUT, &*path, json!({ "recipe": odd })),
            (Method::POST, "/api/looks", json!({ "recipe": odd, "frames": [] })),
            (Method::POST, &*format!("{path}/picture"), json!({ "recipe": odd, "long_edge_px": 1000 })),
            (Method::POST, &*format!("{path}/grey"), json!({ "recipe": odd, "x": 0.1, "y": 0.1 })),
        ] {
            let (status, error) = booth.send(method, path, body).await;
            assert_eq!((status, error["error"].as_str()), (400, Some("bad_request")), "{path} {odd}");
            assert!(error["message"].as_str().unwrap().contains("Nothing was changed"), "{error}");
        }
    }
    let (_, error) = booth.send(Method::PUT, "/api/development", json!({ "recipe": newer })).await;
    assert!(error["message"].as_str().unwrap().contains("newer Boothlight"), "{error}");
    for body in [json!({ "flow": "sideways" }), json!({ "device": "abacus" }), json!({ "flwo": "embedded_only" })] {
        assert_eq!(booth.send(Method::PUT, "/api/development", body.clone()).await.0, 400, "{body}");
    }
    let large = json!({ "recipe": recipe(0.0), "frames": ["x".repeat(300_000)] });
    assert_eq!(booth.send(Method::POST, "/api/looks", large).await.0, 413);
    assert_eq!(booth.read("/api/development").await["recipe"]["exposure"]["ev"], 5.0, "nothing was changed");
}

#[tokio::test]
async fn a_frames_look_its_state_and_its_reason() {
    let booth = booth().await;
    let (jpeg, _) = booth.ready("J").await;
    let frame = booth.raw("A").await;
    let look = booth.look(frame).await;
    assert_eq!(
        look,
        json!({ "recipe": recipe(0.0), "source": "event", "developable": true, "reason": null, "as_shot": null, "state": "waiting" })
    );
    let of_jpeg = booth.look(jpeg).await;
    assert_eq!((&of_jpeg["developable"], &of_jpeg["state"]), (&json!(false), &json!("embedded")));
    assert!(of_jpeg["reason"].as_str().unwrap().contains("no raw"), "{of_jpeg}");
    let path = format!("/api/frames/{frame}/look");
    assert_eq!(booth.send(Method::PUT, &path, json!({ "recipe": recipe(-1.0) })).await.0, 204);
    booth.develop_next(8).await;
    let look = booth.look(frame).await;
    assert_eq!(
        (&look["source"], &look["state"], &look["recipe"]),
        (&json!("frame"), &json!("developed"), &recipe(-1.0))
    );
    assert_eq!(
        (&booth.shown(frame).await["developed"], &booth.shown(jpeg).await["developed"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(booth.send(Method::PUT, &path, json!({ "recipe": null })).await.0, 204);
    assert_eq!(booth.look(frame).await["state"], "waiting");
    let job = booth.catalog.claim_job(Part::Developed, booth.now()).await.unwrap().unwrap();
    let wanted = job.wish.unwrap().recipe;
    booth.catalog.fail_development(frame, &wanted, NotDeveloped::Failed, "no memory", booth.now()).await.unwrap();
    let look = booth.look(frame).await;
    assert_eq!(
        (&look["state"], &look["reason"], &look["developable"]),
        (&json!("failed"), &json!("no memory"), &json!(true))
    );
    let shown = booth.shown(frame).await;
    assert_eq!(
        (&shown["developed"], &shown["look"], &shown["preview"]),
        (&json!(true), &json!("failed"), &json!("ready"))
    );
    let pulse = booth.read("/api/pulse").await["development"].clone();
    assert_eq!(pulse["failed"], 1);
    assert!(pulse["notice"].as_str().unwrap().starts_with("1 raw could not be developed"), "{pulse}");
    for (method, path) in
        [(Method::GET, format!("/api/frames/{NOBODY}/look")), (Method::PUT, format!("/api/frames/{NOBODY}/look"))]
    {
        assert_eq!(booth.send(method, &path, json!({ "recipe": null })).await.0, 404);
    }
    assert_eq!(booth.send(Method::GET, "/api/frames/nonsense/look", Value::Null).await.0, 400);
}

#[tokio::test]
async fn one_look_for_many_up_to_a_thousand() {
    let booth = booth().await;
    let (one, two) = (booth.raw("A").await.to_string(), booth.raw("B").await.to_string());
    let give = |recipe: Value, frames: Vec<String>| {
        booth.send(Method::POST, "/api/looks", json!({ "recipe": recipe, "frames": frames }))
    };
    let (status, set) = give(recipe(2.0), vec![one.clone(), NOBODY.into(), two.clone()]).await;
    assert_eq!((status, set), (200, json!({ "changed": 2 })));
    assert_eq!(booth.read(&format!("/api/frames/{two}/look")).await["recipe"], recipe(2.0));
    assert_eq!(give(Value::Null, vec![one.clone()]).await.1, json!({ "changed": 1 }));
    assert_eq!(booth.read(&format!("/api/frames/{one}/look")).await["source"], "event");
    assert_eq!(give(recipe(1.0), vec![NOBODY.into(); 1000]).await.0, 200);
    let (status, error) = give(recipe(1.0), vec![NOBODY.into(); 1001]).await;
    assert_eq!((status, error["error"].as_str()), (400, Some("too_many")));
    assert_eq!(give(recipe(1.0), vec!["x".into()]).await.0, 400);
}

#[tokio::test]
async fn presets_and_creators_looks_are_kept() {
    let booth = booth().await;
    let creator = booth.creator.to_string();
    let save = async |name: &str, body: Value| booth.send(Method::PUT, &format!("/api/presets/{name}"), body).await.0;
    assert_eq!(save("our%20booth", json!({ "recipe": recipe(1.0) })).await, 204);
    assert_eq!(save("%20warm%20%2F%20soft%20", json!({ "recipe": recipe(2.0), "creator": creator })).await, 204);
    assert_eq!(save("of%20nobody", json!({ "recipe": recipe(2.0), "creator": NOBODY })).await, 404);
    assert_eq!(save("of%20nobody", json!({ "recipe": recipe(2.0), "creator": "x" })).await, 400);
    for odd in ["%20", "a%00b", "a%0Ab", &"x".repeat(61)] {
        assert_eq!(save(odd, json!({ "recipe": recipe(1.0) })).await, 400, "{odd}");
    }
    assert_eq!(save(&"%C3%A4".repeat(60), json!({ "recipe": recipe(1.0) })).await, 204, "characters, not bytes");
    let presets = booth.read("/api/presets").await;
    let names: Vec<_> = presets.as_array().unwrap().iter().map(|preset| preset["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["our booth", "warm / soft"]);
    assert_eq!((&presets[1]["recipe"], &presets[1]["creator"]), (&recipe(2.0), &json!(creator)));
    assert!(presets[0]["updated_at"].is_i64() && presets[0]["creator"].is_null());
    let delete = async |name: &str| booth.send(Method::DELETE, &format!("/api/presets/{name}"), Value::Null).await.0;
    assert_eq!((delete("our%20booth").await, delete("our%20booth").await), (204, 404));
    assert_eq!(booth.read("/api/creators").await, json!([{ "id": creator, "name": "Lena", "recipe": null }]));
    let frame = booth.raw("A").await;
    let path = format!("/api/creators/{creator}/look");
    assert_eq!(booth.send(Method::PUT, &path, json!({ "recipe": recipe(3.0) })).await.0, 204);
    let look = booth.look(frame).await;
    assert_eq!((&look["source"], &look["recipe"]), (&json!("creator"), &recipe(3.0)));
    assert_eq!(booth.read("/api/creators").await[0]["recipe"], recipe(3.0));
    assert_eq!(booth.send(Method::PUT, &path, json!({ "recipe": null })).await.0, 204);
    assert_eq!(booth.look(frame).await["source"], "event");
    assert_eq!(
        booth.send(Method::PUT, &format!("/api/creators/{NOBODY}/look"), json!({ "recipe": null })).await.0,
        404
    );
    assert_eq!(booth.send(Method::PUT, &path, json!({})).await.0, 204, "nothing said is null");
}

#[tokio::test]
async fn a_live_picture_comes_with_its_histogram() {
    let booth = booth().await;
    let frame = booth.raw("A").await;
    let path = format!("/api/frames/{frame}/look/picture");
    let answer = booth.ask(Method::POST, &path, &json!({ "recipe": recipe(1.0), "long_edge_px": 900 })).await;
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(
        (&headers["content-type"], &headers["cache-control"]),
        (&"image/jpeg".parse().unwrap(), &"no-store".parse().unwrap())
    );
    assert_eq!(headers["x-as-shot"], "5200,-3.5");
    assert!(headers["x-render-ms"].to_str().unwrap().parse::<u32>().is_ok());
    let histogram = STANDARD.decode(headers["x-histogram"].as_bytes()).unwrap();
    assert_eq!((histogram.len(), &histogram[255 * 4..256 * 4]), (3 * 256 * 4, [7, 0, 0, 0].as_slice()));
    assert_eq!(histogram[(512 + 1) * 4..(512 + 2) * 4], [4, 3, 2, 1]);
    let mut wanted = Recipe::default();
    wanted.exposure.ev = 1.0;
    assert_eq!(answer.bytes().await.unwrap(), format!("live 900 {}", stored(&wanted).hash));
    assert_eq!(booth.look(frame).await["as_shot"], json!({ "temperature_k": 5200.0, "tint": -3.5 }));
    assert_eq!(booth.look(frame).await["recipe"], recipe(0.0), "looking changes nothing");
    assert_eq!(*booth.room.opened.lock().unwrap(), [("/in/A.CR2".into(), None)]);
    for px in [json!(399), json!(2049), json!(-1), json!("900"), json!(1e12), Value::Null] {
        let (status, _) = booth.send(Method::POST, &path, json!({ "recipe": recipe(1.0), "long_edge_px": px })).await;
        assert_eq!(status, 400, "{px}");
    }
    let (jpeg, _) = booth.ready("J").await;
    let bad = booth.raw("BAD").await;
    for (frame, status, words) in
        [(jpeg.to_string(), 422, "no raw"), (bad.to_string(), 422, "not known yet"), (NOBODY.into(), 404, "no frame")]
    {
        let path = format!("/api/frames/{frame}/look/picture");
        let (found, error) =
            booth.send(Method::POST, &path, json!({ "recipe": recipe(0.0), "long_edge_px": 400 })).await;
        assert_eq!(found, status);
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
    }
}

#[tokio::test]
async fn grey_is_picked_or_refused_in_words() {
    let booth = booth().await;
    let frame = booth.raw("A").await;
    let path = format!("/api/frames/{frame}/look/grey");
    let pick = |x: Value, y: Value| booth.send(Method::POST, &path, json!({ "recipe": recipe(0.0), "x": x, "y": y }));
    assert_eq!(pick(json!(0.25), json!(1.0)).await, (200, json!({ "red": 1.9, "blue": 1.4 })));
    let (status, error) = pick(json!(0.75), json!(0.0)).await;
    assert_eq!((status, error["error"].as_str()), (422, Some("look_refused")));
    for odd in [json!(-0.01), json!(1.01), json!(1e39), json!("x"), Value::Null] {
        assert_eq!(pick(odd.clone(), json!(0.5)).await.0, 400, "{odd}");
        assert_eq!(pick(json!(0.5), odd.clone()).await.0, 400, "{odd}");
    }
}

#[tokio::test]
async fn nothing_of_it_is_open_to_who_has_no_key_nor_to_guests() {
    let booth = booth().await;
    let frame = booth.raw("A").await;
    for (method, path) in [
        (Method::GET, "/api/development".to_owned()),
        (Method::PUT, "/api/development".into()),
        (Method::GET, "/api/presets".into()),
        (Method::PUT, "/api/presets/x".into()),
        (Method::DELETE, "/api/presets/x".into()),
        (Method::GET, "/api/creators".into()),
        (Method::PUT, format!("/api/creators/{}/look", booth.creator)),
        (Method::GET, format!("/api/frames/{frame}/look")),
        (Method::PUT, format!("/api/frames/{frame}/look")),
        (Method::POST, "/api/looks".into()),
        (Method::POST, format!("/api/frames/{frame}/look/picture")),
        (Method::POST, format!("/api/frames/{frame}/look/grey")),
    ] {
        let opened = booth.operator(Method::POST, "/api/session").send().await.unwrap();
        let cookie = opened.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        for knock in [booth.knock(method.clone(), &path), booth.knock(method.clone(), &path).header("cookie", cookie)] {
            assert_eq!(knock.send().await.unwrap().status(), 401, "{method} {path}");
        }
        assert_eq!(booth.guest_with(method.clone(), &path).send().await.unwrap().status(), 404, "{method} {path}");
    }
}

#[tokio::test]
async fn phones_are_told_the_new_address_and_the_old_one_still_answers() {
    let booth = booth().await;
    let frame = booth.raw("A").await;
    let old = booth.shown(frame).await["version"].as_str().unwrap().to_owned();
    let mut phone = booth.listen_as_guest("/live").await;
    let mut window = booth.listen_as_operator().await;
    let (_, version) = booth.develop_next(7).await;
    let told = loop {
        let told = phone.until("photo").await.data;
        if told["html"].as_str().unwrap().contains(version.as_str()) {
            break told;
        }
    };
    let html = told["html"].as_str().unwrap();
    assert!(told["id"] == frame.to_string() && html.contains("width=\"1200\" height=\"800\""), "{html}");
    assert_eq!(window.until("frame").await.data["developed"], true);
    for (key, address) in
        [(version.as_str(), format!("/i/{version}/screen.jpg")), (&old, format!("/i/{old}/thumb.jpg"))]
    {
        let got = booth.guest(&address).send().await.unwrap();
        assert_eq!(got.status(), 200, "{address}");
        assert!(got.bytes().await.unwrap().starts_with(format!("marked {key}").as_bytes()));
    }
    let page = support::text(booth.guest("/").send().await.unwrap()).await;
    assert!(page.contains(version.as_str()) && !page.contains(&old), "a page that is loaded now has the new one");
    let asked = format!("/api/pixels/{frame}/large?v={old}");
    let loupe = booth.operator(Method::GET, &asked).send().await.unwrap();
    assert_eq!(loupe.headers()["cache-control"], "private, no-cache", "what came is not what the old address names");
    assert_eq!(loupe.bytes().await.unwrap(), picture(&version, Rung::Large));
}
