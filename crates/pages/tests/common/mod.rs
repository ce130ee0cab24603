//! Views to render.
#![allow(dead_code)]

use pages::{Assets, GalleryView, Lang, PhotoPageView, PhotoView, TicketView};

pub const ASSETS: Assets<'static> = Assets { style: "body{}", script_href: "/a/guest.0a1b2c3d.js" };

pub fn photo(number: u32) -> PhotoView {
    let id = format!("0197b1e0-3c5f-7a41-9d2e-{number:012x}");
    // As hard to compress as real hashes.
    let mixed = |seed: u128| {
        u128::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835 ^ seed).rotate_left(61)
    };
    let version = format!("{:032x}{:032x}", mixed(0).wrapping_mul(mixed(7)), mixed(1).wrapping_mul(mixed(9)));
    PhotoView {
        name: format!("BLR_{number:04}"),
        width_px: if number.is_multiple_of(3) { 4000 } else { 6000 },
        height_px: if number.is_multiple_of(3) { 6000 } else { 4000 },
        colour: format!("#{:06x}", number.wrapping_mul(0x9b_357f) % 0x0100_0000),
        thumbhash_base64: "3OcRJYB4d3h/iIeHeEh3eIhw+j3A".to_owned(),
        thumb_href: format!("/i/{version}/thumb.jpg"),
        screen_href: format!("/i/{version}/screen.jpg"),
        page_href: format!("/p/{id}?t=K7P3"),
        arriving: false,
        time_label: format!("19:{:02}", number % 60),
        id,
        lang: Lang::English,
    }
}

pub fn gallery(photos: u32) -> GalleryView<'static> {
    GalleryView {
        event_name: "Night Market".to_owned(),
        lang: Lang::English,
        ticket: None,
        photos: (1..=photos).rev().map(photo).collect(),
        older_href: None,
        newer_href: None,
        total: photos as usize,
        assets: ASSETS,
        live_href: "/live?since=1-0".to_owned(),
    }
}

pub fn ticket() -> TicketView {
    TicketView { code: "K7P3".to_owned() }
}

pub fn photo_page() -> PhotoPageView<'static> {
    PhotoPageView {
        event_name: "Night Market".to_owned(),
        lang: Lang::English,
        ticket: Some(ticket()),
        photo: photo(7),
        following: vec![photo(6)],
        newer_href: Some("/p/8?t=K7P3".to_owned()),
        older_href: Some("/p/6?t=K7P3".to_owned()),
        gallery_href: "/t/K7P3".to_owned(),
        assets: ASSETS,
    }
}
