//! Writes every page of the guest's site into a folder, to be looked at: `cargo run -p pages --example preview -- OUTDIR`.
//!
//! Expects `ui/guest/dist`. Pictures are OUTDIR/i/N-thumb.jpg and N-screen.jpg, N from 0 to 5, the odd ones upright; whoever
//! looks puts them there. `node look/look.mjs OUTDIR` in ui/guest takes the screenshots.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::{fs, path::Path};

use pages::{Assets, BusyView, GalleryView, Lang, NotFoundView, PhotoPageView, PhotoView, TicketView, WrongCodeView};

const HASHES: [&str; 3] =
    ["1QcSHQRnh493V4dIh4eXh1h4kJUI", "3OcRJYB4d3h/iIeHeEh3eIhw+j3A", "VvYRNQRod313B4h3eHhYiHeAiQUo"];
const COLOURS: [&str; 6] = ["#6d6a63", "#8a7f73", "#4c525a", "#7a6f5f", "#a59c8f", "#55504c"];

fn photo(at: usize, lang: Lang, query: &str) -> PhotoView {
    let (width_px, height_px) = if at % 2 == 1 { (4000, 6000) } else { (6000, 4000) };
    let id = format!("0197b1e0-0000-7000-8000-{:012x}", 1000 - at);
    PhotoView {
        name: format!("BLR_{:04}", 212 - at),
        width_px,
        height_px,
        colour: COLOURS[at % 6].to_owned(),
        thumbhash_base64: HASHES[at % 3].to_owned(),
        thumb_href: format!("i/{}-thumb.jpg", at % 6),
        screen_href: format!("i/{}-screen.jpg", at % 6),
        page_href: format!("photo.html{query}"),
        arriving: false,
        time_label: format!("19:{:02}", 58 - at),
        id,
        lang,
    }
}

fn photos(count: usize, lang: Lang) -> Vec<PhotoView> {
    (0..count)
        .map(|at| photo([0, 2, 1, 4, 3, 0, 2, 5, 4, 1, 0, 2][at % 12] + at / 12, lang, ""))
        .enumerate()
        .map(numbered)
        .collect()
}

/// The pictures repeat, the frames do not.
fn numbered((at, photo): (usize, PhotoView)) -> PhotoView {
    PhotoView {
        id: format!("0197b1e0-0000-7000-8000-{:012x}", 1000 - at),
        name: format!("BLR_{:04}", 212 - at),
        ..photo
    }
}

fn gallery<'a>(assets: Assets<'a>, lang: Lang, ticket: Option<&str>, photos: Vec<PhotoView>) -> GalleryView<'a> {
    GalleryView {
        event_name: "Night Market".to_owned(),
        lang,
        ticket: ticket.map(|code| TicketView { code: code.to_owned() }),
        total: photos.len(),
        older_href: (photos.len() >= pages::PHOTOS_PER_PAGE).then(|| "index.html?before=200".to_owned()),
        newer_href: None,
        photos,
        assets,
        live_href: "live".to_owned(),
    }
}

fn galleries(write: impl Fn(&str, String), assets: Assets<'_>) {
    let english = Lang::English;
    write("index.html", pages::gallery(&gallery(assets, english, None, photos(12, english))));
    write("ticket.html", pages::gallery(&gallery(assets, english, Some("K7P3"), photos(7, english))));
    write("one.html", pages::gallery(&gallery(assets, english, Some("K7P3"), photos(1, english))));
    write("empty.html", pages::gallery(&gallery(assets, english, None, Vec::new())));
    write("empty-ticket.html", pages::gallery(&gallery(assets, english, Some("K7P3"), Vec::new())));
    for lang in Lang::ALL {
        write(&format!("index-{}.html", lang.code()), pages::gallery(&gallery(assets, lang, None, photos(12, lang))));
        write(
            &format!("ticket-{}.html", lang.code()),
            pages::gallery(&gallery(assets, lang, Some("W8MQ"), photos(12, lang))),
        );
    }
    let mut arriving = photos(6, english);
    for (at, photo) in arriving.iter_mut().enumerate().take(2) {
        photo.arriving = true;
        if at == 0 {
            (photo.thumb_href, photo.screen_href, photo.thumbhash_base64) = Default::default();
            photo.colour.clear();
        }
    }
    write("arriving.html", pages::gallery(&gallery(assets, english, None, arriving)));
    let mut long = gallery(assets, Lang::German, None, photos(3, Lang::German));
    "Weihnachtsmarkt der Donaudampfschifffahrtsgesellschaft am Hauptbahnhof 2026".clone_into(&mut long.event_name);
    write("long.html", pages::gallery(&long));
}

fn notices(write: impl Fn(&str, String), assets: Assets<'_>) {
    let lang = Lang::English;
    let event_name = "Night Market".to_owned();
    let page = PhotoPageView {
        event_name: event_name.clone(),
        lang,
        ticket: None,
        photo: photo(2, lang, ""),
        following: vec![photo(1, lang, ""), photo(4, lang, "")],
        newer_href: Some("photo.html".to_owned()),
        older_href: Some("photo.html".to_owned()),
        gallery_href: "index.html".to_owned(),
        assets,
    };
    write("photo.html", pages::photo_page(&page));
    let portrait =
        PhotoPageView { photo: photo(1, lang, ""), ticket: Some(TicketView { code: "K7P3".to_owned() }), ..page };
    write("photo-portrait.html", pages::photo_page(&portrait));
    let typed = "K7O3".to_owned();
    write("wrong.html", pages::wrong_code(&WrongCodeView { event_name: event_name.clone(), lang, typed, assets }));
    write("busy.html", pages::busy(&BusyView { event_name: event_name.clone(), lang, retry_after_s: 600, assets }));
    write("missing.html", pages::not_found(&NotFoundView { event_name, lang, assets }));
}

fn main() {
    let out = std::env::args().nth(1).expect("preview OUTDIR");
    let out = Path::new(&out);
    fs::create_dir_all(out).unwrap();
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/guest/dist");
    let style = fs::read_to_string(dist.join("style.css")).expect("build ui/guest first: npm run build");
    fs::copy(dist.join("guest.js"), out.join("guest.js")).unwrap();
    let assets = Assets { style: &style, script_href: "guest.js" };
    let write = |name: &str, text: String| fs::write(out.join(name), text).unwrap();
    galleries(write, assets);
    notices(write, assets);
    println!("pages written to {}", out.display());
}
