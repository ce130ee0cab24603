//! One frame's look: what it is, what it would be, and giving one look to many.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use catalog::StoredRecipe;
use model::FrameId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    development::look_of,
    error::{ApiError, Body, ErrorBody, Path},
    recipe::Recipe,
};
use crate::{
    LookPicture, LookRefused,
    looks::{LONG_EDGE_MAX_PX, NO_RAW, Outcome, Source},
    response,
    shared::Shared,
};

/// The smallest live picture: smaller ones judge nothing.
const LONG_EDGE_MIN_PX: u32 = 400;
/// Headers of a live picture.
const HISTOGRAM: &str = "x-histogram";
const RENDER_MS: &str = "x-render-ms";
const AS_SHOT: &str = "x-as-shot";

/// How far a frame's development is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LookState {
    /// The camera's own picture is shown, and no other one is coming.
    Embedded,
    Waiting,
    Developed,
    /// What was shown before stays.
    Failed,
}

/// Whose look it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LookSource {
    Frame,
    Creator,
    Event,
}

/// A frame's look.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FrameLook {
    pub recipe: Recipe,
    pub source: LookSource,
    /// Whether there is a raw of a kind that is developed.
    pub developable: bool,
    /// Why it is not developable, or why its development failed.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// What the camera chose; null until the frame's first live picture was made.
    #[schema(required = true)]
    pub as_shot: Option<AsShot>,
    pub state: LookState,
}

/// The camera's own white balance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AsShot {
    pub temperature_k: f32,
    pub tint: f32,
}

/// A look to be had.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetLook {
    /// Null: back to the look that it has without one of its own.
    #[schema(required = true)]
    pub recipe: Option<Recipe>,
}

/// A look for many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetLooks {
    /// Null: back to the look that they have without one of their own.
    #[schema(required = true)]
    pub recipe: Option<Recipe>,
    /// 1,000 at most; unknown ones are passed over.
    #[schema(value_type = Vec<String>)]
    pub frames: Vec<FrameId>,
}

/// What was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LooksSet {
    pub changed: usize,
}

/// A live picture.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureWish {
    pub recipe: Recipe,
    /// 400 to 2,048.
    pub long_edge_px: u32,
}

/// A place that is to be grey, in shares of the shown picture.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GreyWish {
    pub x: f32,
    pub y: f32,
    pub recipe: Recipe,
}

/// Multipliers that make it grey; green is 1.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Grey {
    pub red: f32,
    pub blue: f32,
}

/// Developments, as the strip shows them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DevelopmentPulse {
    pub waiting: i64,
    pub running: i64,
    /// Frames whose last development failed.
    pub failed: i64,
    /// What they run on.
    pub device: String,
    /// One calm line, where there is something to know.
    #[schema(required = true)]
    pub notice: Option<String>,
}

impl From<catalog::LookState> for LookState {
    fn from(state: catalog::LookState) -> Self {
        match state {
            catalog::LookState::Embedded => Self::Embedded,
            catalog::LookState::Waiting => Self::Waiting,
            catalog::LookState::Developed => Self::Developed,
            catalog::LookState::Failed => Self::Failed,
        }
    }
}

impl From<catalog::LookSource> for LookSource {
    fn from(source: catalog::LookSource) -> Self {
        match source {
            catalog::LookSource::Frame => Self::Frame,
            catalog::LookSource::Creator => Self::Creator,
            catalog::LookSource::Event => Self::Event,
        }
    }
}

/// The recipe that was sent, read and named by the developing room.
pub(crate) fn read(shared: &Shared, recipe: &Recipe) -> Result<StoredRecipe, ApiError> {
    let refused = |words: String| ApiError::bad(format!("{words}. Nothing was changed."));
    let json = serde_json::to_vec(recipe).map_err(|error| refused(error.to_string()))?;
    shared.looks.port().recipe(&json).map_err(|error| refused(error.0))
}

/// A stored recipe as the API speaks it.
pub(crate) fn said(recipe: &StoredRecipe) -> Result<Recipe, ApiError> {
    serde_json::from_str(&recipe.json).map_err(|error| {
        tracing::error!(%error, "a stored recipe could not be read");
        let message = "A stored look cannot be read by this version. Nothing was changed. Give the frame another look.";
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "look", message)
    })
}

/// The frame's look, whose it is and how far its development is.
#[utoipa::path(get, path = "/api/frames/{id}/look", operation_id = "frame_look", tag = "development",
    params(("id" = String, Path, description = "The frame")),
    responses((status = 200, body = FrameLook), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<FrameId>,
) -> Result<Json<FrameLook>, ApiError> {
    here(&shared, id).await?;
    let look = shared.catalog.frame_look(id).await?.ok_or_else(|| ApiError::missing("frame of that id"))?;
    let as_shot = shared.looks.as_shot(id).map(|(temperature_k, tint)| AsShot { temperature_k, tint });
    Ok(Json(FrameLook {
        recipe: look_of(&shared, look.recipe)?,
        source: look.source.into(),
        developable: look.raw && !look.undevelopable,
        reason: if look.raw { look.reason } else { Some(NO_RAW.into()) },
        as_shot,
        state: look.state.into(),
    }))
}

/// Gives the frame a look of its own, or takes it away; it is developed anew.
#[utoipa::path(put, path = "/api/frames/{id}/look", operation_id = "set_frame_look", tag = "development", request_body = SetLook,
    params(("id" = String, Path, description = "The frame")),
    responses((status = 204), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn set(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<FrameId>,
    Body(asked): Body<SetLook>,
) -> Result<StatusCode, ApiError> {
    here(&shared, id).await?;
    let recipe = asked.recipe.as_ref().map(|recipe| read(&shared, recipe)).transpose()?;
    shared.catalog.set_frame_looks(shared.event.id, &[id], recipe.as_ref(), shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives many frames one look.
#[utoipa::path(post, path = "/api/looks", operation_id = "set_looks", tag = "development", request_body = SetLooks,
    responses((status = 200, body = LooksSet), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn set_many(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<SetLooks>,
) -> Result<Json<LooksSet>, ApiError> {
    let recipe = asked.recipe.as_ref().map(|recipe| read(&shared, recipe)).transpose()?;
    let changed = shared.catalog.set_frame_looks(shared.event.id, &asked.frames, recipe.as_ref(), shared.now()).await?;
    Ok(Json(LooksSet { changed }))
}

/// The frame's picture as the recipe has it; nothing is changed. Answers 204 to a wish in whose place a newer one came while
/// it waited. `x-histogram` holds how many pixels have each value, base64 of 3 x 256 little-endian 32-bit numbers (red,
/// green, blue); `x-render-ms` how long it took; `x-as-shot` the camera's own white balance, `kelvin,tint`, where it is known.
#[utoipa::path(post, path = "/api/frames/{id}/look/picture", operation_id = "look_picture", tag = "development", request_body = PictureWish,
    params(("id" = String, Path, description = "The frame")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 204, description = "A newer wish took its place"),
        (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn picture(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<FrameId>,
    Body(asked): Body<PictureWish>,
) -> Result<Response, ApiError> {
    if !(LONG_EDGE_MIN_PX..=LONG_EDGE_MAX_PX).contains(&asked.long_edge_px) {
        return Err(ApiError::bad(format!(
            "`long_edge_px` is {LONG_EDGE_MIN_PX} to {LONG_EDGE_MAX_PX}. Nothing was changed."
        )));
    }
    here(&shared, id).await?;
    let recipe = read(&shared, &asked.recipe)?;
    let rendered = shared.looks.render(id, source(&shared), move |session| {
        let begun = Instant::now();
        let picture = session.picture(&recipe, asked.long_edge_px)?;
        Ok((picture, begun.elapsed().as_millis(), session.as_shot()))
    });
    match rendered.await {
        Outcome::Done((picture, took_ms, as_shot)) => Ok(shown(picture, took_ms, as_shot)),
        Outcome::Replaced => Ok(StatusCode::NO_CONTENT.into_response()),
        Outcome::Refused(words) => Err(refused(words)),
    }
}

fn shown(picture: LookPicture, took_ms: u128, as_shot: Option<(f32, f32)>) -> Response {
    let histogram: Vec<u8> = picture.histogram.iter().flatten().flat_map(|count| count.to_le_bytes()).collect();
    let mut answer = response::bytes("image/jpeg", HeaderValue::from_static("no-store"), picture.jpeg);
    let headers = answer.headers_mut();
    let as_shot = as_shot.map(|(temperature_k, tint)| format!("{temperature_k},{tint}"));
    let told =
        [(HISTOGRAM, Some(STANDARD.encode(histogram))), (RENDER_MS, Some(took_ms.to_string())), (AS_SHOT, as_shot)];
    for (name, value) in told {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    answer
}

/// What makes the place at these shares of the shown picture grey.
#[utoipa::path(post, path = "/api/frames/{id}/look/grey", operation_id = "look_grey", tag = "development", request_body = GreyWish,
    params(("id" = String, Path, description = "The frame")),
    responses((status = 200, body = Grey), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn grey(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<FrameId>,
    Body(asked): Body<GreyWish>,
) -> Result<Json<Grey>, ApiError> {
    if ![asked.x, asked.y].iter().all(|share| (0.0..=1.0).contains(share)) {
        return Err(ApiError::bad("`x` and `y` are 0 to 1. Nothing was changed."));
    }
    here(&shared, id).await?;
    let recipe = read(&shared, &asked.recipe)?;
    let found =
        shared.looks.render(id, source(&shared), move |session| session.grey_at(asked.x, asked.y, &recipe)).await;
    match found {
        Outcome::Done(Some((red, blue))) => Ok(Json(Grey { red, blue })),
        Outcome::Done(None) => Err(refused(LookRefused(
            "That place says nothing about the light: it is too dark, too bright, or outside of the picture. Nothing was changed. Pick something grey that is neither.".into(),
        ))),
        Outcome::Replaced => Err(refused(LookRefused("A newer wish came first. Nothing was changed; pick again.".into()))),
        Outcome::Refused(words) => Err(refused(words)),
    }
}

fn source(shared: &Shared) -> Source<'_> {
    Source { catalog: &shared.catalog, originals: &shared.originals_dir }
}

fn refused(words: LookRefused) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "look_refused", words.0)
}

/// The frame, where it is one of this event.
async fn here(shared: &Shared, id: FrameId) -> Result<(), ApiError> {
    let frame = shared.catalog.frame(id).await?.filter(|frame| frame.event == shared.event.id);
    frame.map(|_| ()).ok_or_else(|| ApiError::missing("frame of that id"))
}
