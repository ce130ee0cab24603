//! The guests' listener: pages, proofs, events. No route here leads to a control or to a picture without watermark.

mod answer;
mod asset;
mod gallery;
mod guard;
mod image;
mod live;
mod photo;
mod seen;
mod view;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer};

use crate::{metrics::Route, response, shared::Shared};
pub(crate) use asset::Files;
pub(crate) use gallery::PageCache;
pub(crate) use guard::Guard;
pub(crate) use view::{LANGS, tile};

/// A code or a report; nothing larger is read from a guest.
const BODY_MAX_BYTES: usize = 1024;

/// The listener's router.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let pages = Router::new()
        .route("/", get(gallery::newest))
        .route("/t/{code}", get(gallery::of_ticket))
        .route("/p/{frame}", get(photo::page))
        .route("/find", post(gallery::find).get(|| async { axum::response::Redirect::to("/") }))
        .route("/a/{name}", get(asset::file))
        .layer(CompressionLayer::new());
    Router::new()
        .route("/i/{version}/{file}", get(image::proof))
        .route("/live", get(live::live))
        .route("/seen", post(seen::seen))
        .route("/favicon.ico", get(asset::icon))
        .route("/robots.txt", get(asset::robots))
        .merge(pages)
        .fallback(answer::not_found)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(RequestBodyLimitLayer::new(BODY_MAX_BYTES))
        .layer(CatchPanicLayer::custom(response::after_panic))
        .layer(middleware::from_fn_with_state(Arc::clone(shared), harden))
        .with_state(Arc::clone(shared))
}

async fn harden(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let route = Route::of_guest(request.uri().path());
    let mut response = next.run(request).await;
    shared.counters.request(route, response.status().as_u16());
    response::harden(response.headers_mut(), pages::CONTENT_SECURITY_POLICY);
    response
}
