//! The operator's listener: the API, the window's page, metrics. On this computer alone, and behind a secret.

mod attention;
mod detail;
mod development;
mod door;
mod error;
mod frames;
mod json;
mod live;
mod looks;
mod recipe;
mod sources;
mod studio;
mod tickets;
mod window;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};
use utoipa::{
    OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{response, shared::Shared};
pub(crate) use json::{AttentionTotal, CurrentTicket, Disk, FirstPreview, Frame, Gone, Pulse, Queue};
pub(crate) use looks::DevelopmentPulse;

/// 2,000 ids with room.
const BODY_MAX_BYTES: usize = 256 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Boothlight, the operator's API",
        description = "On the loopback listener alone. Every request to /api and /metrics carries `Authorization: Bearer <secret>`.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(json::Pulse, json::Gone, json::AttentionTotal, json::CurrentTicket))
)]
struct Document;

fn api() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(studio::studio))
        .routes(routes!(studio::choose_join))
        .routes(routes!(studio::pulse))
        .routes(routes!(studio::metrics))
        .routes(routes!(studio::health))
        .routes(routes!(studio::document))
        .routes(routes!(door::open_session))
        .routes(routes!(frames::list))
        .routes(routes!(frames::one))
        .routes(routes!(frames::retry_preview))
        .routes(routes!(frames::pixels))
        .routes(routes!(tickets::join_qr))
        .routes(routes!(tickets::ticket_qr))
        .routes(routes!(tickets::list, tickets::mint))
        .routes(routes!(tickets::set_current))
        .routes(routes!(tickets::assign))
        .routes(routes!(attention::list))
        .routes(routes!(attention::retry))
        .routes(routes!(attention::dismiss))
        .routes(routes!(sources::import))
        .routes(routes!(sources::watch))
        .routes(routes!(sources::unwatch))
        .routes(routes!(sources::folder))
        .routes(routes!(development::get, development::set))
        .routes(routes!(development::presets))
        .routes(routes!(development::save_preset, development::delete_preset))
        .routes(routes!(development::creators))
        .routes(routes!(development::set_creator_look))
        .routes(routes!(looks::get, looks::set))
        .routes(routes!(looks::set_many))
        .routes(routes!(looks::picture))
        .routes(routes!(looks::grey))
        .routes(routes!(live::live))
}

/// The document of every route that the operator's listener has, but for the window's own files.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = api().into_openapi();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("Printed at the start")).build();
    document.components.get_or_insert_default().add_security_scheme("operator", SecurityScheme::Http(scheme));
    document.security =
        Some(vec![utoipa::openapi::security::SecurityRequirement::new("operator", Vec::<String>::new())]);
    document
}

/// The listener's router.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let (api, _) = api().split_for_parts();
    api.fallback(window::file)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(RequestBodyLimitLayer::new(BODY_MAX_BYTES))
        .layer(CatchPanicLayer::custom(response::after_panic))
        .layer(middleware::from_fn_with_state(Arc::clone(shared), door::guard))
        .with_state(Arc::clone(shared))
}
