//! One photo, large: swipe on to older ones, with script or without.

use maud::{Markup, html};
use model::Rung;

use crate::{
    PhotoPageView, PhotoView, bar,
    phrases::phrases,
    shell::Shell,
    tile::{Fetch, Width, alt, colour, image, scaled},
};

/// The page.
pub fn photo_page(view: &PhotoPageView<'_>) -> String {
    let says = phrases(view.lang);
    let title = format!("{} · {}", alt(&view.photo), view.event_name);
    let body = html! {
        header.slim {
            a.go.back href=(view.gallery_href) { (says.back) }
            h1 { (view.event_name) }
        }
        main.one {
            ul #strip tabindex="0" aria-label=(alt(&view.photo)) data-wait=(says.one_moment) {
                (slide(&view.photo, Fetch::First))
                @for photo in &view.following { (slide(photo, Fetch::Late)) }
            }
            nav {
                @if let Some(href) = &view.newer_href { a.go rel="prev" href=(href) { (says.newer_one) } }
                @if let Some(href) = &view.older_href { a.go rel="next" href=(href) { (says.older_one) } }
            }
        }
        @match &view.ticket {
            Some(ticket) => (bar::ticket(view.lang, ticket, None)),
            None => (bar::find(view.lang)),
        }
    };
    Shell { lang: view.lang, title: &title, assets: view.assets, script: true }.wrap(&body)
}

fn slide(photo: &PhotoView, fetch: Fetch) -> Markup {
    let (width, height) = scaled(photo, Rung::Screen);
    let style = format!("{}--w:{width};--h:{height}", colour(photo));
    html! {
        li data-photo=(photo.id) data-arriving[photo.arriving] style=(style) {
            @if photo.has_picture() { (image(photo, fetch, Width::Full)) }
            p.soft {
                (photo.name)
                @if !photo.time_label.is_empty() { " · " (photo.time_label) }
                @if photo.arriving { " · " (phrases(photo.lang).arriving) }
            }
        }
    }
}
