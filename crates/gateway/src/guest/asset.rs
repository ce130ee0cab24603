//! The page's script and style, embedded when the studio is built, under names that hold the hash of their content.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderValue,
    response::Response,
};
use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::answer::{self, Speaks};
use crate::{
    response::{self, FOR_EVER},
    shared::Shared,
};

#[derive(RustEmbed)]
#[folder = "../../ui/guest/dist"]
#[allow_missing = true]
struct Built;

const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">\
    <circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"#f5a524\"/><circle cx=\"8\" cy=\"8\" r=\"3\" fill=\"#16130f\"/></svg>";

/// Script and style, with their addresses.
pub(crate) struct Files {
    style: String,
    script: Bytes,
    script_href: String,
}

impl Files {
    pub(crate) fn load() -> Self {
        let read = |name: &str| Built::get(name).map(|file| file.data.into_owned()).unwrap_or_default();
        let script = Bytes::from(read("guest.js"));
        let hash: String = hex::encode(Sha256::digest(&script)).chars().take(12).collect();
        Self {
            style: String::from_utf8(read("style.css")).unwrap_or_default(),
            script,
            script_href: format!("/a/guest.{hash}.js"),
        }
    }

    pub(super) fn assets(&self) -> pages::Assets<'_> {
        pages::Assets { style: &self.style, script_href: &self.script_href }
    }
}

/// The script. Another name, of another build, is not there.
pub(super) async fn file(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    Speaks(lang): Speaks,
) -> Response {
    if shared.files.script_href.strip_prefix("/a/") != Some(name.as_str()) {
        return answer::missing(&shared, lang);
    }
    response::bytes("text/javascript; charset=utf-8", FOR_EVER, shared.files.script.clone())
}

pub(super) async fn icon() -> Response {
    response::bytes("image/svg+xml", HeaderValue::from_static("public, max-age=86400"), ICON)
}

/// Nobody's face belongs into a search engine.
pub(super) async fn robots() -> Response {
    let text = "User-agent: *\nDisallow: /\n";
    response::bytes("text/plain; charset=utf-8", HeaderValue::from_static("public, max-age=86400"), text)
}
