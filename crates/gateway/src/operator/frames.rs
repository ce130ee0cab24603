//! The contact sheet and the loupe.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use catalog::{FrameQuery, PreviewState, Version};
use model::{FrameId, Rung};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    error::{ApiError, ErrorBody, Path, Query},
    json::{Frame, FrameDetail, FramePage, FramesQuery, StageStamp},
};
use crate::{
    pixels::Proof,
    response::{self, FOR_EVER_PRIVATE},
    shared::Shared,
};

const LIMIT_MAX: u32 = 2000;
const LIMIT_DEFAULT: u32 = 200;

/// Frames, newest first.
#[utoipa::path(get, path = "/api/frames", operation_id = "frames", tag = "frames", params(FramesQuery),
    responses((status = 200, body = FramePage), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<FramesQuery>,
) -> Result<Json<FramePage>, ApiError> {
    let limit = asked.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(ApiError::bad(format!("`limit` is 1 to {LIMIT_MAX}.")));
    }
    let event = shared.event.id;
    let query = FrameQuery { event, ticket: None, ready_only: false, before: asked.before, limit };
    let frames: Vec<Frame> = shared.catalog.frames(&query).await?.iter().map(Frame::from).collect();
    let full = frames.len() == limit as usize;
    let next_before = frames.last().filter(|_| full).map(|frame| frame.seq);
    Ok(Json(FramePage { frames, next_before, total: shared.catalog.frame_count(event, None).await? }))
}

/// One frame in full.
#[utoipa::path(get, path = "/api/frames/{id}", operation_id = "frame", tag = "frames", params(("id" = String, Path, description = "The frame")),
    responses((status = 200, body = FrameDetail), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn one(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<FrameId>,
) -> Result<Json<FrameDetail>, ApiError> {
    let detail = shared.catalog.frame_detail(id).await?.filter(|detail| detail.frame.event == shared.event.id);
    let detail = detail.ok_or_else(|| ApiError::missing("frame of that id"))?;
    let complete = detail.stages.iter().find(|(stage, _)| *stage == catalog::Stage::Complete).map(|(_, at)| *at);
    let stages = detail.stages.iter().map(|&(stage, at)| StageStamp {
        stage: stage.into(),
        at_ms: at.0,
        since_complete_ms: complete.map_or(0, |complete| at.since(complete)),
    });
    Ok(Json(FrameDetail {
        frame: Frame::from(&detail.frame),
        stages: stages.collect(),
        facts: detail.frame.facts.into(),
        creator: detail.frame.creator,
        originals: detail.originals.into_iter().map(Into::into).collect(),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PixelsQuery {
    /// The version that the frame named; makes the answer immutable.
    v: Option<String>,
}

/// A frame's picture. `large` carries no watermark.
#[utoipa::path(get, path = "/api/pixels/{frame}/{rung}", tag = "frames",
    params(("frame" = String, Path, description = "The frame"), ("rung" = String, Path, description = "thumb, screen or large"), PixelsQuery),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn pixels(
    State(shared): State<Arc<Shared>>,
    Path((id, rung)): Path<(FrameId, String)>,
    Query(asked): Query<PixelsQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let missing = || ApiError::missing("such picture yet");
    let rung: Rung = rung.parse().map_err(|_| missing())?;
    let frame = shared.catalog.frame(id).await?.filter(|frame| frame.event == shared.event.id).ok_or_else(missing)?;
    let ready = frame.preview == PreviewState::Ready;
    let version: Version = frame.version.filter(|_| ready).ok_or_else(missing)?;
    let current = asked.v.as_deref() == Some(version.as_str());
    let cache = if current { FOR_EVER_PRIVATE } else { HeaderValue::from_static("private, no-cache") };
    let tag = format!("\"{version}-{rung}\"");
    let bytes = match rung {
        Rung::Thumb => shared.pixels.proof(version, Proof::Thumb).await?,
        Rung::Screen => shared.pixels.proof(version, Proof::Screen).await?,
        Rung::Large => shared.pixels.unmarked(version).await?,
        Rung::Final => return Err(missing()),
    };
    Ok(response::jpeg(&headers, &tag, cache, bytes))
}
