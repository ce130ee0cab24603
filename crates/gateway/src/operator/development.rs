//! How the event's raws are developed: flow, device, the event's look; presets, and each creator's own look.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use catalog::StoredRecipe;
use model::CreatorId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    error::{ApiError, Body, ErrorBody, Path},
    looks::{SetLook, read, said},
    recipe::Recipe,
};
use crate::{DeviceState, shared::Shared};

/// Longest name of a preset, in characters.
const NAME_MAX_CHARS: usize = 60;

/// How the event's raws are developed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Development {
    pub flow: Flow,
    /// The look of every frame that has none of its own, nor from its creator.
    pub recipe: Recipe,
    pub device: DeviceReport,
    pub queue: DevelopmentQueue,
}

/// What guests see, and when.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flow {
    /// The camera's own picture at once; the developed one takes its place.
    EmbeddedThenDeveloped,
    /// The camera's own picture alone.
    EmbeddedOnly,
    /// Nothing until it is developed; what cannot be is shown as the camera made it.
    DevelopedOnly,
}

/// What developments run on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeviceReport {
    /// `CPU (2 cores)`, or the graphics card's name.
    pub in_use: String,
    pub kind: DeviceKind,
    pub choice: DeviceChoice,
    /// Why it is the one in use: one line.
    pub why: String,
    /// How long one development took on either, where both were tried.
    #[schema(required = true)]
    pub trial: Option<DeviceTrial>,
}

/// What a device is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceKind {
    Cpu,
    Gpu,
}

/// What the operator chose.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceChoice {
    Auto,
    Cpu,
    Gpu,
}

/// A short trial of both.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeviceTrial {
    pub cpu_ms: f32,
    pub gpu_ms: f32,
}

/// Developments that wait or run, and frames whose last one failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DevelopmentQueue {
    pub waiting: i64,
    pub running: i64,
    pub failed: i64,
}

/// Any of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetDevelopment {
    #[schema(nullable = false)]
    pub flow: Option<Flow>,
    #[schema(nullable = false)]
    pub recipe: Option<Recipe>,
    #[schema(nullable = false)]
    pub device: Option<DeviceChoice>,
}

/// A look with a name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preset {
    pub name: String,
    pub recipe: Recipe,
    /// Whose it is; null where it is the booth's.
    #[schema(required = true)]
    pub creator: Option<String>,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// A look to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavePreset {
    pub recipe: Recipe,
    #[schema(value_type = Option<String>)]
    pub creator: Option<CreatorId>,
}

/// A photographer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Creator {
    pub id: String,
    pub name: String,
    /// The look of all that this creator shot; null: the event's.
    #[schema(required = true)]
    pub recipe: Option<Recipe>,
}

impl From<catalog::Flow> for Flow {
    fn from(flow: catalog::Flow) -> Self {
        match flow {
            catalog::Flow::EmbeddedThenDeveloped => Self::EmbeddedThenDeveloped,
            catalog::Flow::EmbeddedOnly => Self::EmbeddedOnly,
            catalog::Flow::DevelopedOnly => Self::DevelopedOnly,
        }
    }
}

impl From<Flow> for catalog::Flow {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::EmbeddedThenDeveloped => Self::EmbeddedThenDeveloped,
            Flow::EmbeddedOnly => Self::EmbeddedOnly,
            Flow::DevelopedOnly => Self::DevelopedOnly,
        }
    }
}

impl From<catalog::DeviceChoice> for DeviceChoice {
    fn from(choice: catalog::DeviceChoice) -> Self {
        match choice {
            catalog::DeviceChoice::Auto => Self::Auto,
            catalog::DeviceChoice::Cpu => Self::Cpu,
            catalog::DeviceChoice::Gpu => Self::Gpu,
        }
    }
}

impl From<DeviceChoice> for catalog::DeviceChoice {
    fn from(choice: DeviceChoice) -> Self {
        match choice {
            DeviceChoice::Auto => Self::Auto,
            DeviceChoice::Cpu => Self::Cpu,
            DeviceChoice::Gpu => Self::Gpu,
        }
    }
}

impl From<DeviceState> for DeviceReport {
    fn from(state: DeviceState) -> Self {
        Self {
            in_use: state.in_use,
            kind: if state.is_gpu { DeviceKind::Gpu } else { DeviceKind::Cpu },
            choice: state.choice.into(),
            why: state.why,
            trial: state.trial_ms.map(|(cpu_ms, gpu_ms)| DeviceTrial { cpu_ms, gpu_ms }),
        }
    }
}

/// How raws are developed, and how far that is.
#[utoipa::path(get, path = "/api/development", operation_id = "development", tag = "development",
    responses((status = 200, body = Development), (status = 401, body = ErrorBody)))]
pub(crate) async fn get(State(shared): State<Arc<Shared>>) -> Result<Json<Development>, ApiError> {
    describe(&shared).await.map(Json)
}

/// Changes how raws are developed; what is not named stays. With another look, frames that are shown are developed anew,
/// newest first.
#[utoipa::path(put, path = "/api/development", operation_id = "set_development", tag = "development", request_body = SetDevelopment,
    responses((status = 200, body = Development), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn set(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<SetDevelopment>,
) -> Result<Json<Development>, ApiError> {
    let (event, now) = (shared.event.id, shared.now());
    // Read before anything is changed.
    let recipe = asked.recipe.map(|recipe| read(&shared, &recipe)).transpose()?;
    if let Some(recipe) = recipe {
        shared.catalog.set_event_look(event, &recipe, now).await?;
    }
    if let Some(flow) = asked.flow {
        shared.catalog.set_flow(event, flow.into(), now).await?;
    }
    if let Some(choice) = asked.device {
        shared.catalog.set_device(event, choice.into()).await?;
        shared.looks.port().choose_device(choice.into()).await;
    }
    describe(&shared).await.map(Json)
}

async fn describe(shared: &Shared) -> Result<Development, ApiError> {
    let (settings, queue) =
        (shared.catalog.development(shared.event.id).await?, shared.catalog.development_queue(shared.event.id).await?);
    Ok(Development {
        flow: settings.flow.into(),
        recipe: look_of(shared, settings.recipe)?,
        device: shared.looks.port().device().into(),
        queue: DevelopmentQueue { waiting: queue.waiting, running: queue.running, failed: queue.failed },
    })
}

/// The recipe as the API speaks it; where an event has none yet, the usual one.
pub(crate) fn look_of(shared: &Shared, recipe: Option<StoredRecipe>) -> Result<Recipe, ApiError> {
    match recipe {
        Some(recipe) => said(&recipe),
        None => said(&shared.looks.port().recipe(b"{}").map_err(|refused| ApiError::bad(refused.0))?),
    }
}

/// All presets, by name.
#[utoipa::path(get, path = "/api/presets", operation_id = "presets", tag = "development",
    responses((status = 200, body = Vec<Preset>), (status = 401, body = ErrorBody)))]
pub(crate) async fn presets(State(shared): State<Arc<Shared>>) -> Result<Json<Vec<Preset>>, ApiError> {
    let presets = shared.catalog.presets().await?.into_iter().map(|preset| {
        Ok(Preset {
            name: preset.name,
            recipe: said(&preset.recipe)?,
            creator: preset.creator.map(|creator| creator.to_string()),
            updated_at: preset.updated_at.0,
        })
    });
    Ok(Json(presets.collect::<Result<_, ApiError>>()?))
}

/// Keeps a look under a name, of 60 characters at most; a preset that has the name is replaced. 100 presets at most.
#[utoipa::path(put, path = "/api/presets/{name}", operation_id = "save_preset", tag = "development", request_body = SavePreset,
    params(("name" = String, Path, description = "What it is called")),
    responses((status = 204), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn save_preset(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    Body(asked): Body<SavePreset>,
) -> Result<StatusCode, ApiError> {
    let recipe = read(&shared, &asked.recipe)?;
    shared.catalog.put_preset(named(&name)?, &recipe, asked.creator, shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a preset. Frames that have its look keep it.
#[utoipa::path(delete, path = "/api/presets/{name}", operation_id = "delete_preset", tag = "development",
    params(("name" = String, Path, description = "What it is called")),
    responses((status = 204), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn delete_preset(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    shared.catalog.delete_preset(name.trim()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn named(name: &str) -> Result<&str, ApiError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS || name.chars().any(char::is_control) {
        return Err(ApiError::bad(format!(
            "A preset's name has 1 to {NAME_MAX_CHARS} characters, all of them visible. Nothing was changed. Choose another name."
        )));
    }
    Ok(name)
}

/// Everybody who shoots, by name.
#[utoipa::path(get, path = "/api/creators", operation_id = "creators", tag = "development",
    responses((status = 200, body = Vec<Creator>), (status = 401, body = ErrorBody)))]
pub(crate) async fn creators(State(shared): State<Arc<Shared>>) -> Result<Json<Vec<Creator>>, ApiError> {
    let creators = shared.catalog.creators().await?.into_iter().map(|creator| {
        let recipe = creator.look.as_ref().map(said).transpose()?;
        Ok(Creator { id: creator.id.to_string(), name: creator.name, recipe })
    });
    Ok(Json(creators.collect::<Result<_, ApiError>>()?))
}

/// Gives a creator a look, or takes it away. What the creator shot and is shown with another one is developed anew.
#[utoipa::path(put, path = "/api/creators/{id}/look", operation_id = "set_creator_look", tag = "development", request_body = SetLook,
    params(("id" = String, Path, description = "The creator")),
    responses((status = 204), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn set_creator_look(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<CreatorId>,
    Body(asked): Body<SetLook>,
) -> Result<StatusCode, ApiError> {
    let recipe = asked.recipe.as_ref().map(|recipe| read(&shared, recipe)).transpose()?;
    shared.catalog.set_creator_look(shared.event.id, id, recipe.as_ref(), shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
