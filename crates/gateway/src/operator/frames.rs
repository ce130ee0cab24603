//! The contact sheet and the loupe.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::Response,
};
use catalog::{Change, FrameQuery, PreviewState, Version};
use model::{FrameId, Rung};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;

use super::{
    detail::{FrameDetail, StageStamp},
    error::{ApiError, ErrorBody, Path, Query},
    json::{Frame, FramePage, FramesQuery},
};
use crate::{
    pixels::{PixelError, Proof},
    response::{self, FOR_EVER_PRIVATE},
    shared::Shared,
};

const LIMIT_MAX: u32 = 2000;
const LIMIT_DEFAULT: u32 = 200;
/// Of a preview that a person asked for: after frames that come in now, before what a check found lost.
const PRIORITY_ASKED: i64 = 10;
/// How long a request for a `large` that is being made is held: shorter than a person's patience and any client's.
const LARGE_WAIT: Duration = Duration::from_secs(4);
/// Of a `large` that a person looks for now.
const PRIORITY_LOOKED_AT: i64 = -10;

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

/// Tries again to make a preview that failed; one that did not is left as it is.
#[utoipa::path(post, path = "/api/frames/{id}/preview", tag = "frames", params(("id" = String, Path, description = "The frame")),
    responses((status = 204), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn retry_preview(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<FrameId>,
) -> Result<StatusCode, ApiError> {
    let frame = shared.catalog.frame(id).await?.filter(|frame| frame.event == shared.event.id);
    let frame = frame.ok_or_else(|| ApiError::missing("frame of that id"))?;
    if matches!(frame.preview, PreviewState::Failed(_)) {
        shared.catalog.requeue_preview(id, PRIORITY_ASKED, shared.now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
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
    let rung: Rung = rung.parse().map_err(|_| not_yet())?;
    let version = shown_version(&shared, id).await?;
    let (version, bytes) = match rung {
        Rung::Thumb => (version.clone(), shared.pixels.proof(version, Proof::Thumb).await?),
        Rung::Screen => (version.clone(), shared.pixels.proof(version, Proof::Screen).await?),
        Rung::Large => large(&shared, id, version).await?,
        Rung::Final => return Err(not_yet()),
    };
    let current = asked.v.as_deref() == Some(version.as_str());
    let cache = if current { FOR_EVER_PRIVATE } else { HeaderValue::from_static("private, no-cache") };
    let tag = format!("\"{version}-{rung}\"");
    Ok(response::jpeg(&headers, &tag, cache, bytes))
}

fn not_yet() -> ApiError {
    ApiError::missing("such picture yet")
}

/// The key of what is shown of the frame.
async fn shown_version(shared: &Shared, id: FrameId) -> Result<Version, ApiError> {
    let frame = shared.catalog.frame(id).await?.filter(|frame| frame.event == shared.event.id).ok_or_else(not_yet)?;
    let ready = frame.preview == PreviewState::Ready;
    frame.version.filter(|_| ready).ok_or_else(not_yet)
}

/// `large`; where it is still to be made, it is hurried and waited for: somebody looks at this very frame. It may be that of
/// another picture by then, which took the place of the one that was shown.
async fn large(shared: &Shared, frame: FrameId, version: Version) -> Result<(Version, Bytes), ApiError> {
    let mut changes = shared.catalog.changes();
    if let Some(read) = read_large(shared, version).await? {
        return Ok(read);
    }
    shared.catalog.requeue_large(frame, PRIORITY_LOOKED_AT, shared.now()).await?;
    let made = async {
        loop {
            match changes.recv().await {
                Ok(Change::Frame(changed)) if changed != frame => {}
                // What was missed may have been it.
                Ok(Change::Frame(_)) | Err(RecvError::Lagged(_)) => {
                    if let Some(read) = read_large(shared, shown_version(shared, frame).await?).await? {
                        return Ok(read);
                    }
                }
                Ok(_) => {}
                Err(RecvError::Closed) => return Err(not_yet()),
            }
        }
    };
    tokio::time::timeout(LARGE_WAIT, made).await.unwrap_or_else(|_| Err(not_yet()))
}

async fn read_large(shared: &Shared, version: Version) -> Result<Option<(Version, Bytes)>, ApiError> {
    match shared.pixels.unmarked(version.clone()).await {
        Ok(bytes) => Ok(Some((version, bytes))),
        Err(error) if matches!(*error, PixelError::NotThere) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
