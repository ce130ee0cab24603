//! Who is let in where: the operator's key, the loopback address, and a guest's listener without controls.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use gateway::{Gateway, GatewayError};
use model::Rung;
use reqwest::{Method, header};
use serde_json::Value;
use support::{Booth, json, picture, text};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Every route of the document, with the placeholders filled.
fn routes(frame: &str) -> Vec<(Method, String)> {
    let document: Value = serde_json::to_value(gateway::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{frame}", frame)
            .replace("{rung}", "large")
            .replace("{file}", "K7P3.svg")
            .replace("{id}", frame);
        for method in item.as_object().unwrap().keys() {
            routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    assert!(routes.len() >= 18, "{routes:?}");
    routes
}

#[tokio::test]
async fn the_operators_listener_is_refused_on_any_other_address() {
    let booth = Booth::open().await;
    for address in ["0.0.0.0:0", "[::]:0", "192.168.1.7:0"] {
        let refused = Gateway::start(booth.config(address)).await;
        assert!(matches!(refused, Err(GatewayError::OperatorNotLoopback(_))), "{address}");
    }
}

#[tokio::test]
async fn nothing_of_the_api_opens_without_the_key() {
    let booth = Booth::open().await;
    let (frame, _) = booth.ready("A").await;
    for (method, path) in routes(&frame.to_string()) {
        if path == "/health" {
            assert_eq!(booth.knock(method, &path).send().await.unwrap().status(), 200);
            continue;
        }
        let bare = booth.knock(method.clone(), &path).send().await.unwrap();
        assert_eq!(bare.status(), 401, "{method} {path}");
        assert_eq!(json(bare).await["error"], "no_key");
        for key in [
            "Bearer wrong".to_owned(),
            "Bearer ".into(),
            format!("Basic {}", booth.secret.reveal()),
            format!("Bearer {}x", booth.secret.reveal()),
        ] {
            let wrong = booth.knock(method.clone(), &path).header(header::AUTHORIZATION, key).send().await.unwrap();
            assert_eq!(wrong.status(), 401, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_cookie_is_good_for_pictures_and_nothing_else() {
    let booth = Booth::open().await;
    let (frame, version) = booth.ready("A").await;
    booth.ticket("K7P3").await;
    let session = booth.operator(Method::POST, "/api/session").send().await.unwrap();
    assert_eq!(session.status(), 204);
    let cookie = session.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let port = booth.running.as_ref().unwrap().operator_addr().port();
    assert!(cookie.starts_with(&format!("boothlight_{port}=")));
    assert!(!cookie.contains(booth.secret.reveal()));
    let pair = cookie.split(';').next().unwrap().to_owned();
    let with =
        |method: Method, path: String| booth.knock(method, &path).header(header::COOKIE, format!("x=y; {pair}")).send();
    for path in
        [format!("/api/pixels/{frame}/large?v={version}"), "/api/qr/join.svg".into(), "/api/qr/ticket/K7P3.svg".into()]
    {
        assert_eq!(with(Method::GET, path.clone()).await.unwrap().status(), 200, "{path}");
    }
    for (method, path) in [
        (Method::GET, "/api/frames"),
        (Method::GET, "/api/studio"),
        (Method::GET, "/metrics"),
        (Method::POST, "/api/tickets"),
        (Method::POST, "/api/qr/join.svg"),
    ] {
        assert_eq!(with(method, path.into()).await.unwrap().status(), 401, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_name_for_this_computer_is_turned_away() {
    let booth = Booth::open().await;
    for host in ["evil.example", "localhost.evil.example", "192.168.1.7:80"] {
        let asked = booth.operator(Method::GET, "/api/studio").header(header::HOST, host).send().await.unwrap();
        assert_eq!(asked.status(), 403, "{host}");
        let window = booth.knock(Method::GET, "/").header(header::HOST, host).send().await.unwrap();
        assert_eq!(window.status(), 403, "{host}");
    }
    let asked = booth.operator(Method::GET, "/api/studio").header(header::HOST, "localhost:1").send().await.unwrap();
    assert_eq!(asked.status(), 200);
    let headers = asked.headers();
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn the_guests_listener_has_no_route_of_the_operators() {
    let booth = Booth::open().await;
    let (frame, version) = booth.ready("A").await;
    for (method, path) in routes(&frame.to_string()) {
        let asked = booth.guest_with(method.clone(), &path).bearer_auth(booth.secret.reveal()).send().await.unwrap();
        assert_eq!(asked.status(), 404, "{method} {path}");
        assert!(text(asked).await.contains("<html"), "a friendly page");
    }
    for path in [
        format!("/api/pixels/{frame}/thumb"),
        format!("//api/pixels/{frame}/large?v={version}"),
        "/api".into(),
        "/%61pi/studio".into(),
    ] {
        let asked = booth.guest(&path).bearer_auth(booth.secret.reveal()).send().await.unwrap();
        assert_eq!(asked.status(), 404, "{path}");
    }
}

/// Sends bytes as they are, because clients tidy paths up.
async fn raw(booth: &Booth, request: &str) -> String {
    let mut socket = tokio::net::TcpStream::connect(booth.running.as_ref().unwrap().guest_addr()).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_guest_never_gets_a_picture_without_watermark() {
    let booth = Booth::open().await;
    let (_, version) = booth.ready("A").await;
    let shard = &version.as_str()[..2];
    let mut paths = Vec::new();
    for name in [
        "large",
        "Large",
        "LARGE",
        "l%61rge",
        "final",
        "original",
        "thumb/../large",
        "thumb%2f..%2flarge",
        "%2e%2e/large",
        "large.jpg%00thumb",
    ] {
        paths.push(format!("/i/{version}/{name}.jpg"));
    }
    for path in [
        "/i/../unmarked/{s}/{v}-large.jpg",
        "/i/{v}/../../unmarked/{s}/{v}-large.jpg",
        "/i/%2e%2e/unmarked.jpg",
        "/i/..%2funmarked%2f{s}%2f{v}-large/thumb.jpg",
        "/i/{v}-large/thumb.jpg",
        "/i/{v}/thumb.jpg/large.jpg",
        "/i/{v}/thumb.JPG",
        "/i/{v}/screen.jpeg",
        "/a/..%2f..%2funmarked",
        "/unmarked/{s}/{v}-large.jpg",
    ] {
        paths.push(path.replace("{v}", version.as_str()).replace("{s}", shard));
    }
    paths.push(format!("/i/{}/thumb.jpg", version.as_str().to_uppercase()));
    for path in paths {
        for range in ["", "Range: bytes=0-10\r\n"] {
            let answer =
                raw(&booth, &format!("GET {path} HTTP/1.1\r\nHost: booth\r\n{range}Connection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
            assert!(!answer.contains("UNMARKED"), "{path}");
        }
    }
    let proof =
        booth.guest(&format!("/i/{version}/screen.jpg")).header(header::RANGE, "bytes=0-3").send().await.unwrap();
    assert_eq!(proof.status(), 200, "ranges are not served, the whole is");
    assert_eq!(proof.bytes().await.unwrap(), picture(&version, Rung::Screen));
}

#[tokio::test]
async fn odd_requests_are_answered_and_harm_nothing() {
    let booth = Booth::open().await;
    let cases = [
        ("GET / HTTP/1.1\r\nHost: <script>alert(1)</script>\r\nConnection: close\r\n\r\n".to_owned(), "HTTP/1.1 200"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n".into(), "HTTP/1.1 200"),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "y".repeat(100_000)), "HTTP/1.1 431"),
        (format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "y".repeat(100_000)), "HTTP/1.1 4"),
        ("BREW /t/K7P3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".into(), "HTTP/1.1 405"),
        ("nonsense\r\n\r\n".into(), "HTTP/1.1 400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nAccept-Language: \u{0}\r\nConnection: close\r\n\r\n".into(), "HTTP/1.1 400"),
        ("POST /seen HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nConnection: close\r\n\r\n".into(), "HTTP/1.1 413"),
    ];
    for (request, expected) in cases {
        let answer = raw(&booth, &request).await;
        assert!(answer.starts_with(expected), "{request:.80}: {answer:.200}");
        assert!(!answer.contains("alert(1)"));
    }
    assert_eq!(booth.guest("/").send().await.unwrap().status(), 200);
}
