//! The window's own files, embedded when the studio is built.

use axum::{
    http::{HeaderValue, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::error::ApiError;
use crate::response::{self, FOR_EVER};

#[derive(RustEmbed)]
#[folder = "../../ui/operator/dist"]
#[allow_missing = true]
struct Window;

const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Boothlight</title>\
    <p>The studio runs, but it was built without its window. Build the window first (<code>./run</code> does), then the studio.";

/// A file of the window; `/` is its page.
pub(crate) async fn file(method: Method, uri: Uri) -> Response {
    let name = uri.path().trim_start_matches('/');
    if !matches!(method, Method::GET | Method::HEAD) || name.starts_with("api/") {
        return ApiError::missing("such address").into_response();
    }
    let name = if name.is_empty() { "index.html" } else { name };
    let Some(file) = Window::get(name) else {
        if name == "index.html" {
            let mut page = response::bytes("text/html; charset=utf-8", HeaderValue::from_static("no-cache"), NOT_BUILT);
            *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return page;
        }
        return ApiError::missing("such file").into_response();
    };
    // Vite puts a content hash into every name below assets/.
    let cache = if name.starts_with("assets/") { FOR_EVER } else { HeaderValue::from_static("no-cache") };
    let mut page = response::bytes("application/octet-stream", cache, file.data.into_owned());
    let kind = file.metadata.mimetype();
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        page.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    }
    page
}
