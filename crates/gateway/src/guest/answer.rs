//! Answers in the guest's language, also when something is wrong.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use catalog::CatalogError;
use pages::{BusyView, Lang, NotFoundView, WrongCodeView};

use super::guard::Refused;
use crate::{response, shared::Shared};

/// The guest's language, from the request.
pub(super) struct Speaks(pub Lang);

impl<S: Sync> FromRequestParts<S> for Speaks {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(lang(&parts.headers)))
    }
}

fn lang(headers: &HeaderMap) -> Lang {
    let wish = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Lang::from_accept_language(wish.unwrap_or_default())
}

/// A page. It is asked for anew each time; what it shows comes from addresses that are kept for ever.
pub(super) fn html(status: StatusCode, text: impl Into<Bytes>) -> Response {
    let mut page = response::bytes("text/html; charset=utf-8", HeaderValue::from_static("private, no-cache"), text);
    *page.status_mut() = status;
    page.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    page
}

/// The page for an address that leads nowhere.
pub(super) async fn not_found(State(shared): State<Arc<Shared>>, Speaks(lang): Speaks) -> Response {
    missing(&shared, lang)
}

pub(super) fn missing(shared: &Shared, lang: Lang) -> Response {
    let view = NotFoundView { event_name: shared.event.name.clone(), lang, assets: shared.files.assets() };
    html(StatusCode::NOT_FOUND, pages::not_found(&view))
}

/// The page for a code that opens nothing.
pub(super) fn refused(shared: &Shared, lang: Lang, typed: &str, refused: Refused) -> Response {
    match refused {
        Refused::Wrong => {
            let view = WrongCodeView {
                event_name: shared.event.name.clone(),
                lang,
                typed: typed.chars().take(32).collect(),
                assets: shared.files.assets(),
            };
            html(StatusCode::NOT_FOUND, pages::wrong_code(&view))
        }
        Refused::Busy { retry_after_s } => busy(shared, lang, StatusCode::TOO_MANY_REQUESTS, retry_after_s),
        Refused::Catalog(error) => failed(shared, lang, &error),
    }
}

/// The page that asks for patience.
pub(super) fn busy(shared: &Shared, lang: Lang, status: StatusCode, retry_after_s: u32) -> Response {
    let view = BusyView { event_name: shared.event.name.clone(), lang, retry_after_s, assets: shared.files.assets() };
    let page = html(status, pages::busy(&view));
    ([(header::RETRY_AFTER, HeaderValue::from(retry_after_s))], page).into_response()
}

/// The page for a fault of ours.
pub(super) fn failed(shared: &Shared, lang: Lang, error: &CatalogError) -> Response {
    tracing::error!(%error, "a guest's page could not be made");
    busy(shared, lang, StatusCode::SERVICE_UNAVAILABLE, 5)
}
