//! The document around every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{Assets, Lang};

/// What stands in a page's head and around its body.
pub(crate) struct Shell<'a> {
    pub lang: Lang,
    pub title: &'a str,
    pub assets: Assets<'a>,
    /// Whether the page has something for the script to do.
    pub script: bool,
}

impl Shell<'_> {
    /// The whole document, as text.
    pub fn wrap(&self, body: &Markup) -> String {
        html! {
            (DOCTYPE)
            html lang=(self.lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    meta name="format-detection" content="telephone=no";
                    title { (self.title) }
                    style { (PreEscaped(self.assets.style)) }
                    @if self.script {
                        script type="module" src=(self.assets.script_href) {}
                    }
                }
                body { (body) }
            }
        }
        .into_string()
    }
}
