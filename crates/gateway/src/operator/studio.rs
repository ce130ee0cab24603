//! The studio itself: who it is, how it is, what it counts.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    error::{ApiError, Body, ErrorBody},
    json::{Address, ChooseJoin, EventName, Guest, Health, Pulse, Studio},
};
use crate::{metrics, pulse as strip, shared::Shared};

/// Frames whose stages the metrics tell about.
const METRICS_FRAMES: u32 = 2000;

/// Who the studio is and where guests find it.
#[utoipa::path(get, path = "/api/studio", tag = "studio",
    responses((status = 200, body = Studio), (status = 401, body = ErrorBody)))]
pub(crate) async fn studio(State(shared): State<Arc<Shared>>) -> Json<Studio> {
    Json(describe(&shared))
}

/// Chooses the address that QR codes and tickets carry, until the studio ends.
#[utoipa::path(put, path = "/api/join", tag = "studio", request_body = ChooseJoin,
    responses((status = 200, body = Studio), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn choose_join(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<ChooseJoin>,
) -> Result<Json<Studio>, ApiError> {
    if shared.reach.choose(asked.url.as_deref()) {
        return Ok(Json(describe(&shared)));
    }
    Err(ApiError::new(
        StatusCode::NOT_FOUND,
        "no_address",
        "This computer does not have that address any more. QR codes stay as they were. Choose one that is listed now.",
    ))
}

fn describe(shared: &Shared) -> Studio {
    let addresses = shared.reach.addresses();
    Studio {
        version: shared.version.clone(),
        rehearsal: shared.rehearsal,
        event: EventName { id: shared.event.id.to_string(), name: shared.event.name.clone() },
        guest: Guest {
            join_url: shared.reach.join_url(),
            addresses: addresses.into_iter().map(|it| Address { url: it.url, interface: it.interface }).collect(),
            mdns_url: shared.mdns_url.clone(),
        },
        originals_dir: shared.originals_dir.to_string_lossy().into_owned(),
    }
}

/// The strip's numbers now; `/api/live` tells them once a second.
#[utoipa::path(get, path = "/api/pulse", tag = "studio", responses((status = 200, body = Pulse), (status = 401, body = ErrorBody)))]
pub(crate) async fn pulse(State(shared): State<Arc<Shared>>) -> Result<Json<Pulse>, ApiError> {
    Ok(Json(strip::read(&shared).await?))
}

/// Numbers for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "studio",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 401, body = ErrorBody)))]
pub(crate) async fn metrics(State(shared): State<Arc<Shared>>) -> Result<Response, ApiError> {
    let (catalog, event) = (&shared.catalog, shared.event.id);
    let queue = catalog.queue_state().await?;
    let gauges = metrics::Gauges {
        frames: catalog.frame_count(event, None).await?,
        attention: catalog.attention(event).await?.1,
        queue_depth: queue.depth,
        queue_oldest_ms: queue.oldest.map_or(0, |oldest| shared.now().since(oldest).max(0)),
        phones: shared.hub.phones(),
        disk_free_bytes: shared.port.disk().free_bytes,
        developments: catalog.development_queue(event).await?,
    };
    let mut text = String::with_capacity(8 * 1024);
    metrics::write_gauges(&mut text, &gauges);
    metrics::write_stages(&mut text, &catalog.stage_times(METRICS_FRAMES).await?);
    shared.counters.write(&mut text);
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// That the studio is up; needs no secret.
#[utoipa::path(get, path = "/health", tag = "studio", responses((status = 200, body = Health)), security(()))]
pub(crate) async fn health(State(shared): State<Arc<Shared>>) -> Json<Health> {
    Json(Health { status: "ok", device: shared.looks.port().device().in_use })
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "studio",
    responses((status = 200, description = "OpenAPI", content_type = "application/json"), (status = 401, body = ErrorBody)))]
pub(crate) async fn document() -> Response {
    Json(super::openapi()).into_response()
}
