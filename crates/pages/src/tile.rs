//! A photo in the gallery: one tile, also sent alone when a frame arrives.

use maud::{Markup, html};
use model::Rung;

use crate::{PhotoView, phrases::phrases};

/// Rows of the sheet that are as high as a column is wide; style.css divides a column's width by it.
const ROWS_A_COLUMN: u32 = 32;
/// Tiles are cut beyond these heights (in rows), so that a panorama is still a target and a strip does not fill the phone.
const ROWS_LEAST: u32 = 13;
const ROWS_MOST: u32 = 56;
/// The shape of a frame that has not said its size: what most cameras shoot.
const USUAL_SHAPE: (u32, u32) = (3, 2);

/// How eagerly a tile's picture is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fetch {
    /// The newest of the page.
    First,
    /// On the first screen, or just arrived.
    Now,
    /// Further down.
    Late,
}

/// One tile, for a live insert: the text of an `<li>`.
pub fn tile(photo: &PhotoView) -> String {
    tile_markup(photo, Fetch::Now, false).into_string()
}

/// One tile; `large` where it has the page's whole width.
pub(crate) fn tile_markup(photo: &PhotoView, fetch: Fetch, large: bool) -> Markup {
    let style = format!("{}--r:{}", colour(photo), rows(photo));
    let hash = Some(photo.thumbhash_base64.as_str()).filter(|hash| !hash.is_empty());
    html! {
        li data-photo=(photo.id) data-hash=[hash] data-arriving[photo.arriving] style=(style) {
            @if photo.has_picture() {
                a href=(photo.page_href) { (image(photo, fetch, if large { Width::Page } else { Width::Column })) }
            }
            @if photo.arriving { span.word { (phrases(photo.lang).arriving) } }
        }
    }
}

/// How wide a picture stands on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    Column,
    Page,
    Full,
}

/// A plain picture: a long press saves it, and its box has its size before it is there.
pub(crate) fn image(photo: &PhotoView, fetch: Fetch, width: Width) -> Markup {
    let (thumb_px, _) = scaled(photo, Rung::Thumb);
    let (screen_px, screen_high_px) = scaled(photo, Rung::Screen);
    let sizes = match width {
        // A phone's column is told smaller than it is: a thumb holds at three device pixels a point, twelve screens
        // would be 2 MB. Wider windows, which ask for four columns, say the truth.
        Width::Column => format!("(min-width:56em) 22vw, {}px", thumb_px / 3),
        Width::Page => "(min-width:44em) 44em, 100vw".to_owned(),
        Width::Full => "100vw".to_owned(),
    };
    html! {
        img src=(photo.thumb_href)
            srcset={ (photo.thumb_href) " " (thumb_px) "w, " (photo.screen_href) " " (screen_px) "w" }
            sizes=(sizes) width=(screen_px) height=(screen_high_px) alt=(alt(photo)) decoding="async"
            loading=[(fetch == Fetch::Late).then_some("lazy")]
            fetchpriority=[(fetch == Fetch::First).then_some("high")];
    }
}

/// "Photo BLR_0001, 19:42".
pub(crate) fn alt(photo: &PhotoView) -> String {
    let named = phrases(photo.lang).photo.replace("{name}", &photo.name);
    if photo.time_label.is_empty() { named } else { format!("{named}, {}", photo.time_label) }
}

/// The average colour for a style attribute, if it is one; style.css has a grey for the others.
pub(crate) fn colour(photo: &PhotoView) -> String {
    let is_colour = |text: &&str| {
        text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    Some(photo.colour.as_str()).filter(is_colour).map(|colour| format!("--c:{colour};")).unwrap_or_default()
}

fn shape(photo: &PhotoView) -> (u32, u32) {
    if photo.width_px == 0 || photo.height_px == 0 { USUAL_SHAPE } else { (photo.width_px, photo.height_px) }
}

/// A tile's height in rows of the sheet, and one for the space below it.
fn rows(photo: &PhotoView) -> u32 {
    let (width, height) = shape(photo);
    let rows = (f64::from(ROWS_A_COLUMN) * f64::from(height) / f64::from(width)).round();
    (rows as u32).clamp(ROWS_LEAST, ROWS_MOST) + 1
}

/// Width and height at that rung, px; a frame of unknown size is taken for one of the usual shape.
pub(crate) fn scaled(photo: &PhotoView, rung: Rung) -> (u32, u32) {
    let (width, height) = shape(photo);
    let long = width.max(height);
    let known = photo.width_px > 0 && photo.height_px > 0;
    let edge = rung.long_edge_px().map_or(long, |edge| if known { edge.min(long) } else { edge });
    let part = |side: u32| ((u64::from(side) * u64::from(edge) + u64::from(long) / 2) / u64::from(long)).max(1) as u32;
    (part(width), part(height))
}
