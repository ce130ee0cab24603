//! What a guest sees: pages, proofs, codes, reports.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::Duration;

use catalog::Stage;
use model::Rung;
use reqwest::{Method, header};
use support::{Booth, picture, text};

#[tokio::test]
async fn proofs_are_kept_for_ever_and_told_apart_by_their_tag() {
    let booth = Booth::open().await;
    let (_, version) = booth.ready("A").await;
    for (name, rung) in [("thumb.jpg", Rung::Thumb), ("screen.jpg", Rung::Screen)] {
        let path = format!("/i/{version}/{name}");
        let got = booth.guest(&path).send().await.unwrap();
        let headers = got.headers().clone();
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers.get("content-encoding").is_none());
        assert_eq!(got.bytes().await.unwrap(), picture(&version, rung));
        let again = booth.guest(&path).header(header::IF_NONE_MATCH, &headers["etag"]).send().await.unwrap();
        assert_eq!(again.status(), 304);
        let head = booth.guest_with(Method::HEAD, &path).send().await.unwrap();
        assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &headers["content-length"]));
    }
    let metrics = text(booth.operator(Method::GET, "/metrics").send().await.unwrap()).await;
    assert!(metrics.contains("boothlight_cache_total{rung=\"thumb\",result=\"miss\"} 1"), "{metrics}");
    assert!(metrics.contains("boothlight_cache_total{rung=\"thumb\",result=\"hit\"} 2"), "{metrics}");
}

#[tokio::test]
async fn a_proof_that_is_not_made_yet_comes_when_it_is() {
    let booth = Booth::open().await;
    let frame = booth.waiting("A").await;
    let path = format!("/i/{}/thumb.jpg", catalog::Version::new(*frame.as_bytes()));
    assert_eq!(booth.guest(&path).send().await.unwrap().status(), 404);
    booth.develop(frame).await;
    assert_eq!(booth.guest(&path).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_gallery_pages_from_new_to_old_and_back() {
    let booth = Booth::open().await;
    let mut ids = Vec::new();
    for n in 0..30 {
        ids.push(booth.ready(&format!("P{n:02}")).await.0.to_string());
    }
    let hidden = booth.waiting("HIDDEN").await.to_string();
    let first = text(booth.guest("/").send().await.unwrap()).await;
    let shows = |page: &str| {
        ids.iter().enumerate().filter(|(_, id)| page.contains(id.as_str())).map(|(n, _)| n).collect::<Vec<_>>()
    };
    assert_eq!(shows(&first), (18..30).collect::<Vec<_>>());
    assert!(!first.contains(&hidden), "no preview, no tile");
    let href = |page: &str| -> String {
        let at = page.find("?before=").unwrap();
        page[at + 8..].chars().take_while(char::is_ascii_digit).collect()
    };
    let second = text(booth.guest(&format!("/?before={}", href(&first))).send().await.unwrap()).await;
    assert_eq!(shows(&second), (6..18).collect::<Vec<_>>());
    let third = text(booth.guest("/?before=7").send().await.unwrap()).await;
    assert_eq!(shows(&third), (0..6).collect::<Vec<_>>());
    assert!(third.contains("?before=19"), "newer: the twelve before these");
    for odd in ["/?before=x", "/?before=99999999999999999999", "/p/nonsense", "/nowhere"] {
        assert_eq!(booth.guest(odd).send().await.unwrap().status(), 404, "{odd}");
    }
    assert_eq!(shows(&text(booth.guest("/?before=-1").send().await.unwrap()).await), Vec::<usize>::new());
}

#[tokio::test]
async fn pages_speak_the_guests_language_and_are_small_on_the_wire() {
    let booth = Booth::open().await;
    let page = booth
        .guest("/")
        .header(header::ACCEPT_LANGUAGE, "de")
        .header(header::ACCEPT_ENCODING, "br")
        .send()
        .await
        .unwrap();
    assert_eq!(page.headers()["content-encoding"], "br");
    assert!(page.headers()["cache-control"].to_str().unwrap().contains("no-cache"));
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let german = text(booth.guest("/").header(header::ACCEPT_LANGUAGE, "de").send().await.unwrap()).await;
    assert!(german.contains("lang=\"de\""), "{german:.200}");
    let script = german.split("/a/").nth(1).unwrap().split('"').next().unwrap();
    let script = booth.guest(&format!("/a/{script}")).send().await.unwrap();
    assert_eq!(
        (script.status().as_u16(), script.headers()["cache-control"].to_str().unwrap()),
        (200, "public, max-age=31536000, immutable")
    );
    assert_eq!(booth.guest("/a/guest.000000000000.js").send().await.unwrap().status(), 404);
    assert!(text(booth.guest("/robots.txt").send().await.unwrap()).await.contains("Disallow: /"));
    assert_eq!(booth.guest("/favicon.ico").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_tickets_page_shows_its_frames_and_no_others() {
    let booth = Booth::open().await;
    let (other, _) = booth.ready("OTHER").await;
    booth.ticket("K7P3").await;
    let (mine, version) = booth.ready("MINE").await;
    for path in ["/t/K7P3", "/t/k7p3", "/t/k7-p3"] {
        let page = booth.guest(path).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
        let page = text(page).await;
        assert!(page.contains(&mine.to_string()) && page.contains(version.as_str()));
        assert!(!page.contains(&other.to_string()));
    }
    assert_eq!(booth.guest(&format!("/p/{mine}?t=K7P3")).send().await.unwrap().status(), 200);
    assert_eq!(booth.guest(&format!("/p/{other}?t=K7P3")).send().await.unwrap().status(), 404);
    assert_eq!(booth.guest(&format!("/p/{other}")).send().await.unwrap().status(), 200);
    let found = booth.guest_with(Method::POST, "/find").form_body("code=k7%20p3").send().await.unwrap();
    assert_eq!(
        (found.status().as_u16(), &found.headers()["location"]),
        (303, &header::HeaderValue::from_static("/t/K7P3"))
    );
    let odd = booth.guest_with(Method::POST, "/find").form_body("code=%3Cb%3E").send().await.unwrap();
    assert_eq!(odd.status(), 404);
    assert!(!text(odd).await.contains("<b>"));
}

trait FormBody {
    fn form_body(self, body: &'static str) -> Self;
}

impl FormBody for reqwest::RequestBuilder {
    fn form_body(self, body: &'static str) -> Self {
        self.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
    }
}

#[tokio::test]
async fn wrong_codes_run_dry_right_ones_do_not() {
    let booth = Booth::open().await;
    booth.ticket("K7P3").await;
    booth.ticket("ABCD").await;
    for _ in 0..40 {
        assert_eq!(booth.guest("/t/K7P3").send().await.unwrap().status(), 200);
    }
    for n in 0..20 {
        // Every way to ask about a code draws from one allowance.
        let path = ["/t/ZZZZ", "/live?t=ZZZZ", "/p/x?t=ZZZZ", "/t/no"][n % 4];
        assert_eq!(booth.guest(path).send().await.unwrap().status(), 404, "{n}");
    }
    for path in ["/t/ZZZZ", "/t/ABCD", "/live?t=ABCD"] {
        let busy = booth.guest(path).send().await.unwrap();
        assert_eq!(busy.status(), 429, "{path}: whether it is right is not told");
        let wait: u32 = busy.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=4).contains(&wait));
        assert!(text(busy).await.contains("<html"));
    }
    assert_eq!(booth.guest("/t/K7P3").send().await.unwrap().status(), 200, "who was in stays in");
    assert_eq!(booth.guest("/").send().await.unwrap().status(), 200);
    booth.pass(Duration::from_secs(3));
    assert_eq!(booth.guest("/t/ABCD").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_thousand_guesses_at_once_are_not_a_thousand() {
    let booth = Booth::open().await;
    let asked = (0..200).map(|_| booth.guest("/t/ZZZZ").send());
    let answers = futures_util::future::join_all(asked).await;
    let looked_up = answers.into_iter().filter(|answer| answer.as_ref().unwrap().status() == 404).count();
    assert_eq!(looked_up, 20);
}

#[tokio::test]
async fn the_first_phones_report_is_stamped_once() {
    let booth = Booth::open().await;
    let (frame, _) = booth.ready("A").await;
    booth.stamped(frame, Stage::Announced).await;
    let report = |body: String| booth.guest_with(Method::POST, "/seen").body(body).send();
    booth.pass(Duration::from_millis(150));
    for _ in 0..3 {
        assert_eq!(report(format!("{{\"frame\":\"{frame}\",\"ms\":42.5}}")).await.unwrap().status(), 204);
        booth.pass(Duration::from_millis(500));
    }
    assert_eq!(booth.stamped(frame, Stage::PhoneDecoded).await.0 - support::NOW.0, 150);
    for odd in [
        "",
        "{}",
        "[1]",
        "{\"frame\":\"x\",\"ms\":1}",
        &format!("{{\"frame\":\"{frame}\",\"ms\":-1}}"),
        &format!("{{\"frame\":\"{frame}\",\"ms\":1e99}}"),
        &format!("{{\"frame\":\"{frame}\",\"ms\":1,\"x\":1}}"),
    ] {
        assert_eq!(report(odd.to_owned()).await.unwrap().status(), 400, "{odd}");
    }
    assert_eq!(report("x".repeat(1024)).await.unwrap().status(), 400);
    assert_eq!(report("x".repeat(1025)).await.unwrap().status(), 413);
    let pulse = booth.read("/api/pulse").await;
    assert_eq!(pulse["first_preview"]["count"], 1);
    assert_eq!(pulse["first_preview"]["median_ms"], 150);
}
