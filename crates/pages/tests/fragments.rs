//! How the parts look in HTML.

mod common;

use pages::{BusyView, Lang, PhotoView, WrongCodeView};

/// What stands between the tags: small enough to be read in a review.
fn body(html: &str) -> String {
    let body = html.split_once("<body>").map_or(html, |(_, body)| body);
    body.replace("><", ">\n<")
}

#[test]
fn a_tile_is_a_plain_picture_in_a_link() {
    insta::assert_snapshot!(body(&pages::tile(&common::photo(1))));
}

#[test]
fn an_arriving_tile_says_so_and_leads_nowhere_before_there_is_a_picture() {
    let photo = PhotoView {
        thumb_href: String::new(),
        screen_href: String::new(),
        thumbhash_base64: String::new(),
        colour: String::new(),
        arriving: true,
        lang: Lang::German,
        ..common::photo(2)
    };
    insta::assert_snapshot!(body(&pages::tile(&photo)));
}

#[test]
fn an_empty_gallery_offers_the_next_step() {
    insta::assert_snapshot!(body(&pages::gallery(&common::gallery(0))));
}

#[test]
fn a_ticket_with_one_photo_shows_it_large() {
    let mut view = common::gallery(1);
    view.ticket = Some(common::ticket());
    insta::assert_snapshot!(body(&pages::gallery(&view)));
}

#[test]
fn a_photo_page_works_without_script() {
    insta::assert_snapshot!(body(&pages::photo_page(&common::photo_page())));
}

#[test]
fn notices_say_what_is_safe_and_what_to_do() {
    let (event_name, lang, assets) = ("Marché de nuit".to_owned(), Lang::French, common::ASSETS);
    let busy = BusyView { event_name: event_name.clone(), lang, retry_after_s: 5, assets };
    insta::assert_snapshot!("busy", body(&pages::busy(&busy)));
    let wrong = WrongCodeView { event_name, lang, typed: "K7O3".to_owned(), assets };
    insta::assert_snapshot!("wrong_code", body(&pages::wrong_code(&wrong)));
}

#[test]
fn pictures_far_down_wait_and_only_the_newest_page_is_live() {
    let html = pages::gallery(&common::gallery(12));
    assert_eq!(html.matches("loading=\"lazy\"").count(), 6);
    assert_eq!(html.matches("fetchpriority=\"high\"").count(), 1);
    assert_eq!(html.matches("decoding=\"async\"").count(), 12);
    assert!(html.contains("data-live=\"/live?since=1-0\""));
    let mut older = common::gallery(12);
    older.newer_href = Some("/".to_owned());
    assert!(!pages::gallery(&older).contains("data-live"));
}
