//! From the catalog's frames to what the pages show.

use base64::{Engine, engine::general_purpose::STANDARD};
use catalog::{Frame, FrameState, PreviewState};
use model::TicketCode;
use pages::{Lang, PhotoView, TicketView};

/// Every language that the pages speak: events are rendered once for each.
pub(crate) const LANGS: [Lang; Lang::ALL.len()] = Lang::ALL;

/// A tile of the gallery, or of that ticket's page.
pub(crate) fn tile(frame: &Frame, ticket: Option<TicketCode>, lang: Lang) -> String {
    pages::tile(&photo(frame, ticket, lang))
}

/// A frame as a guest may see it; links stay on the page of `ticket`.
pub(super) fn photo(frame: &Frame, ticket: Option<TicketCode>, lang: Lang) -> PhotoView {
    let version = frame.version.as_ref().filter(|_| frame.preview == PreviewState::Ready);
    let proof = |file: &str| version.map(|version| format!("/i/{version}/{file}")).unwrap_or_default();
    let hash = frame.thumbhash.as_deref().unwrap_or_default();
    PhotoView {
        id: frame.id.to_string(),
        name: frame.name.clone(),
        width_px: frame.width_px.unwrap_or(0),
        height_px: frame.height_px.unwrap_or(0),
        colour: average(hash),
        thumbhash_base64: STANDARD.encode(hash),
        thumb_href: proof("thumb.jpg"),
        screen_href: proof("screen.jpg"),
        page_href: page_href(frame, ticket),
        arriving: frame.state == FrameState::Arriving,
        time_label: frame.facts.captured.as_ref().map(|at| clock_label(&at.local)).unwrap_or_default(),
        lang,
    }
}

/// The address of a frame's own page.
pub(super) fn page_href(frame: &Frame, ticket: Option<TicketCode>) -> String {
    match ticket {
        Some(code) => format!("/p/{}?t={code}", frame.id),
        None => format!("/p/{}", frame.id),
    }
}

pub(super) fn ticket_view(ticket: Option<TicketCode>) -> Option<TicketView> {
    ticket.map(|code| TicketView { code: code.to_string() })
}

/// `#rrggbb`, or nothing where the hash is no ThumbHash.
fn average(hash: &[u8]) -> String {
    let Ok((r, g, b, _)) = thumbhash::thumb_hash_to_average_rgba(hash) else { return String::new() };
    let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    format!("#{:02x}{:02x}{:02x}", byte(r), byte(g), byte(b))
}

/// Hours and minutes of `2026-11-24T19:05:09.120`.
fn clock_label(local: &str) -> String {
    let well_formed = local.as_bytes().get(10) == Some(&b'T') && local.as_bytes().get(13) == Some(&b':');
    local.get(11..16).filter(|_| well_formed).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_told_where_the_camera_told_it() {
        assert_eq!(clock_label("2026-11-24T19:05:09.120"), "19:05");
        assert_eq!(clock_label("t"), "");
        assert_eq!(clock_label("ääääääääääääää"), "");
    }

    #[test]
    fn a_hash_has_a_colour_and_nonsense_has_none() {
        let red: Vec<u8> = [255, 0, 0, 255].repeat(16);
        let hash = thumbhash::rgba_to_thumb_hash(4, 4, &red);
        let colour = average(&hash);
        assert!(colour.starts_with('#') && colour.len() == 7, "{colour}");
        assert_eq!(average(&[]), "");
        assert_eq!(average(&[1, 2]), "");
    }
}
