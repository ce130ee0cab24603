//! The event's gallery, and a ticket's: title, code, the newest pictures, the next step.

use maud::{Markup, html};

use crate::{
    GalleryView, PhotoView, bar,
    phrases::phrases,
    shell::Shell,
    tile::{Fetch, tile_markup},
};

/// Tiles that a phone shows without scrolling; the rest is fetched when it comes near.
const FIRST_SCREEN: usize = 6;
/// Up to so many photos stand below one another in the page's whole width.
const FEW: usize = 2;

/// The page.
pub fn gallery(view: &GalleryView<'_>) -> String {
    let title = match &view.ticket {
        Some(ticket) => format!("{} · {}", ticket.code, view.event_name),
        None => view.event_name.clone(),
    };
    let body = html! {
        header {
            h1 { (view.event_name) }
            @match &view.ticket {
                Some(ticket) => span.code { (ticket.code) },
                None => p.soft { (bar::count(phrases(view.lang), view.total)) },
            }
        }
        main { (sheet(view)) (pages(view)) }
        footer { "Boothlight" }
        @match &view.ticket {
            Some(ticket) => (bar::ticket(view.lang, ticket, Some(view.total))),
            None => (bar::find(view.lang)),
        }
    };
    Shell { lang: view.lang, title: &title, assets: view.assets, script: true }.wrap(&body)
}

/// The photos, and what the script needs to know about them.
fn sheet(view: &GalleryView<'_>) -> Markup {
    let says = phrases(view.lang);
    let few = view.newer_href.is_none() && view.photos.len() <= FEW;
    let live = view.newer_href.is_none().then_some(view.live_href.as_str());
    html! {
        @if view.photos.is_empty() { (empty(view)) }
        ul #sheet.few[few] data-live=[live] data-new-one=(says.new_one) data-new-many=(says.new_many)
            data-again=(says.newer) data-lost=(says.lost) data-wait=(says.one_moment) data-close=(says.close) data-newer=(says.newer_one)
            data-older=(says.older_one) data-place=(says.place) {
            @for (at, photo) in view.photos.iter().enumerate() {
                (tile_markup(photo, fetch(at, photo), few))
            }
        }
    }
}

fn fetch(at: usize, photo: &PhotoView) -> Fetch {
    match at {
        0 if !photo.arriving => Fetch::First,
        at if at < FIRST_SCREEN => Fetch::Now,
        _ => Fetch::Late,
    }
}

fn empty(view: &GalleryView<'_>) -> Markup {
    let says = phrases(view.lang);
    html! {
        div #empty.note {
            h2 { (says.empty_title) }
            p { @if view.ticket.is_some() { (says.empty_ticket) } @else { (says.empty_event) } }
            // Nothing arrives by itself where script is off.
            noscript { p { a.go href="" { (says.reload) } } }
        }
    }
}

fn pages(view: &GalleryView<'_>) -> Markup {
    let says = phrases(view.lang);
    html! {
        @if view.newer_href.is_some() || view.older_href.is_some() {
            nav {
                @if let Some(href) = &view.newer_href { a.go rel="prev" href=(href) { (says.newer) } }
                @if let Some(href) = &view.older_href { a.go rel="next" href=(href) { (says.older) } }
            }
        }
    }
}
