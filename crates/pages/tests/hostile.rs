//! Whatever an event, a file or a guest is called, it stays text.
#![allow(clippy::unwrap_used)]

mod common;

use pages::{BusyView, Lang, NotFoundView, PhotoView, TicketView, WrongCodeView};

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;</style></title>\u{202e}";

fn hostile_photo() -> PhotoView {
    let text = || HOSTILE.to_owned();
    PhotoView {
        id: text(),
        name: text(),
        width_px: u32::MAX,
        height_px: 1,
        colour: "red;background:url(//evil)".to_owned(),
        thumbhash_base64: text(),
        thumb_href: text(),
        screen_href: text(),
        page_href: text(),
        arriving: true,
        time_label: text(),
        lang: Lang::English,
    }
}

fn assert_harmless(html: &str) {
    for tag in ["<script>", "<img src=x", "</style></title>", "url(//evil)"] {
        assert!(!html.contains(tag), "{tag} in {html}");
    }
    // Every quotation mark of the text is escaped, so no attribute can be left.
    assert!(!html.contains("\"'>"), "{html}");
}

#[test]
fn hostile_names_are_escaped_on_every_page() {
    let text = || HOSTILE.to_owned();
    let mut gallery = common::gallery(1);
    gallery.event_name = text();
    gallery.ticket = Some(TicketView { code: text() });
    gallery.photos = vec![hostile_photo(); 3];
    gallery.live_href = text();
    gallery.older_href = Some(text());
    gallery.newer_href = None;
    assert_harmless(&pages::gallery(&gallery));
    assert_harmless(&pages::tile(&hostile_photo()));
    let mut page = common::photo_page();
    page.event_name = text();
    page.photo = hostile_photo();
    page.following = vec![hostile_photo()];
    page.newer_href = Some(text());
    page.gallery_href = text();
    assert_harmless(&pages::photo_page(&page));
    for lang in Lang::ALL {
        let assets = common::ASSETS;
        assert_harmless(&pages::wrong_code(&WrongCodeView { event_name: text(), lang, typed: text(), assets }));
        assert_harmless(&pages::busy(&BusyView { event_name: text(), lang, retry_after_s: u32::MAX, assets }));
        assert_harmless(&pages::not_found(&NotFoundView { event_name: text(), lang, assets }));
    }
}

#[test]
fn what_a_guest_typed_is_cut_short() {
    let typed = "x".repeat(100_000);
    let assets = common::ASSETS;
    let view = WrongCodeView { event_name: "Fair".to_owned(), lang: Lang::English, typed, assets };
    assert!(pages::wrong_code(&view).len() < 4_000);
}

#[test]
fn impossible_sizes_still_make_a_tile() {
    for (width_px, height_px) in [(0, 0), (0, 9), (9, 0), (1, u32::MAX), (u32::MAX, 1), (u32::MAX, u32::MAX)] {
        let html = pages::tile(&PhotoView { width_px, height_px, ..common::photo(1) });
        assert!(html.contains("width=\"") && !html.contains("width=\"0\"") && !html.contains("height=\"0\""), "{html}");
        let rows: u32 = html.split("--r:").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        assert!((14..=57).contains(&rows), "{rows}");
    }
}
