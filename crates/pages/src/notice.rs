//! Pages that say what happened, what is safe, and what to do next.

use maud::{Markup, html};

use crate::{BusyView, NotFoundView, WrongCodeView, bar, phrases::phrases, shell::Shell};

/// Of what a guest typed, so much is shown again.
const TYPED_MAX: usize = 16;

/// A code that fits no ticket: serve it with status 404.
pub fn wrong_code(view: &WrongCodeView<'_>) -> String {
    let says = phrases(view.lang);
    let typed: String = view.typed.trim().chars().filter(|letter| !letter.is_control()).take(TYPED_MAX).collect();
    let title = says.wrong_title.replace("{code}", &typed);
    let body = html! {
        (head(&view.event_name))
        main.note {
            h2 { (title) }
            p { (says.wrong_text) }
            p { (says.wrong_next) }
            p { a.go href="/" { (says.all_photos) } }
        }
        (bar::find(view.lang))
    };
    Shell { lang: view.lang, title: &title, assets: view.assets, script: false }.wrap(&body)
}

/// Too much at once: serve it with status 429 or 503 and the same `Retry-After`.
pub fn busy(view: &BusyView<'_>) -> String {
    let says = phrases(view.lang);
    let body = html! {
        (head(&view.event_name))
        // A `meta` that reloads would take the page away from people who read slowly; the script asks once.
        main.note data-retry-s=(view.retry_after_s.max(1)) {
            h2 { (says.busy_title) }
            p { (says.busy_text) }
            p { a.go href="" { (says.reload) } }
        }
    };
    Shell { lang: view.lang, title: says.busy_title, assets: view.assets, script: true }.wrap(&body)
}

/// An address that leads nowhere: serve it with status 404.
pub fn not_found(view: &NotFoundView<'_>) -> String {
    let says = phrases(view.lang);
    let body = html! {
        (head(&view.event_name))
        main.note {
            h2 { (says.missing_title) }
            p { (says.missing_text) }
            p { a.go href="/" { (says.all_photos) } }
        }
        (bar::find(view.lang))
    };
    Shell { lang: view.lang, title: says.missing_title, assets: view.assets, script: false }.wrap(&body)
}

fn head(event_name: &str) -> Markup {
    html! { header { h1 { (event_name) } } }
}
