//! A phone's report that it shows a picture: the last stage of a frame's way, and the number that we promise.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, State},
    http::StatusCode,
};
use bytes::Bytes;
use catalog::Stage;
use model::FrameId;
use serde::Deserialize;

use crate::shared::Shared;

/// Longer than this is a phone that slept.
const TOOK_MAX_MS: f64 = 600_000.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    frame: FrameId,
    /// By the phone's own clock, from the event to the decoded picture.
    ms: f64,
}

/// Takes a report. The body is read as JSON whatever its declared type, because beacons are sent as plain text.
pub(super) async fn seen(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> StatusCode {
    let now = shared.now();
    if !shared.guard.may_report(peer.ip(), now) {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    let Ok(report) = serde_json::from_slice::<Report>(&body) else { return StatusCode::BAD_REQUEST };
    if !(0.0..=TOOK_MAX_MS).contains(&report.ms) {
        return StatusCode::BAD_REQUEST;
    }
    shared.counters.phone(report.ms as u32);
    if shared.hub.first_report(report.frame, now) {
        shared.stamps.put(report.frame, Stage::PhoneDecoded, now);
    }
    StatusCode::NO_CONTENT
}
