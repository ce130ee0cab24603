//! What a guest's phone has to fetch before it shows anything: weighed.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use pages::{Assets, Lang, PHOTOS_PER_PAGE};

/// The first round trip of a fresh TCP connection carries about so much (RFC 6928: ten segments).
const HTML_AND_CSS_BYTES_MAX: usize = 14 * 1024;
const SCRIPT_BYTES_MAX: usize = 15 * 1024;

fn built(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/guest/dist").join(name);
    fs::read_to_string(path).unwrap_or_else(|error| {
        panic!("ui/guest/dist/{name} is not there ({error}): run `npm ci && npm run build` in ui/guest first")
    })
}

fn compressed_bytes(text: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap().len()
}

#[test]
fn html_and_css_with_twelve_photos_fit_into_the_first_round_trip() {
    let style = built("style.css");
    for lang in Lang::ALL {
        for ticket in [None, Some(common::ticket())] {
            let mut view = common::gallery(PHOTOS_PER_PAGE as u32);
            view.lang = lang;
            view.ticket = ticket;
            view.older_href = Some("/?before=9000".to_owned());
            view.assets = Assets { style: &style, ..common::ASSETS };
            let bytes = compressed_bytes(&pages::gallery(&view));
            assert!(bytes <= HTML_AND_CSS_BYTES_MAX, "{lang:?}: {bytes} bytes");
            eprintln!("{lang:?}: {bytes} bytes of HTML and CSS, compressed");
        }
    }
}

#[test]
fn the_script_is_small() {
    let bytes = compressed_bytes(&built("guest.js"));
    assert!(bytes <= SCRIPT_BYTES_MAX, "{bytes} bytes");
}

#[test]
fn the_style_asks_for_nothing_and_cannot_end_its_element() {
    let style = built("style.css");
    assert!(!style.contains("url(") && !style.contains("@import") && !style.contains("</"));
}
