//! Where frames come from: folders that are watched, cards that are read once, and this computer's folders to choose from.

use std::{path::PathBuf, sync::Arc};

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, Body, ErrorBody, Path, Query};
use crate::{FolderListing, FolderRefused, shared::Shared};

/// Longest path that common systems take.
const PATH_MAX_BYTES: usize = 4096;

/// A card or folder of this computer.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Folder {
    /// Absolute path.
    pub folder: String,
}

/// The source that reads it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceStarted {
    pub source_id: String,
}

/// What lies in a folder.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FolderContents {
    /// Its whole path.
    pub path: String,
    /// The folder around it; null at the top.
    #[schema(required = true)]
    pub parent: Option<String>,
    /// The folders in it, by name; hidden ones are left out.
    pub folders: Vec<Choice>,
    /// Whether there are more than the list holds.
    pub more: bool,
    /// How many files with a camera's ending lie in it.
    pub captures: usize,
    /// Where to begin: home, pictures, cards and drives.
    pub places: Vec<Choice>,
}

/// A folder that can be opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FolderChoice)]
pub(crate) struct Choice {
    pub path: String,
    pub name: String,
}

impl From<FolderListing> for FolderContents {
    fn from(listing: FolderListing) -> Self {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let choice = |path: PathBuf| {
            let name = path.file_name().map_or_else(|| text(path.clone()), |name| name.to_string_lossy().into_owned());
            Choice { path: text(path), name }
        };
        Self {
            folders: listing.folders.iter().map(|name| choice(listing.path.join(name))).collect(),
            path: text(listing.path),
            parent: listing.parent.map(text),
            more: listing.more,
            captures: listing.captures,
            places: listing.places.into_iter().map(choice).collect(),
        }
    }
}

/// Begins to read a card or folder once; the strip shows how far it is.
#[utoipa::path(post, path = "/api/import", tag = "sources", request_body = Folder,
    responses((status = 202, body = SourceStarted), (status = 400, body = ErrorBody), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn import(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<Folder>,
) -> Result<(StatusCode, Json<SourceStarted>), ApiError> {
    let source_id = shared.port.import(whole(&asked.folder)?).await.map_err(refused)?;
    Ok((StatusCode::ACCEPTED, Json(SourceStarted { source_id })))
}

/// Watches a folder from now on, at later starts too.
#[utoipa::path(post, path = "/api/sources", tag = "sources", request_body = Folder,
    responses((status = 201, body = SourceStarted), (status = 400, body = ErrorBody), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn watch(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<Folder>,
) -> Result<(StatusCode, Json<SourceStarted>), ApiError> {
    let source_id = shared.port.watch(whole(&asked.folder)?).await.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(SourceStarted { source_id })))
}

/// Watches that folder no more. What has landed from it stays.
#[utoipa::path(delete, path = "/api/sources/{id}", tag = "sources", params(("id" = String, Path, description = "The source")),
    responses((status = 204), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn unwatch(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    shared.port.unwatch(id).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FolderQuery {
    /// Whole path of the folder; without it, where pictures usually are.
    path: Option<String>,
}

/// What lies in a folder of this computer, for choosing one.
#[utoipa::path(get, path = "/api/folders", tag = "sources", params(FolderQuery),
    responses((status = 200, body = FolderContents), (status = 400, body = ErrorBody), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn folder(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<FolderQuery>,
) -> Result<Json<FolderContents>, ApiError> {
    let at = asked.path.as_deref().map(whole).transpose()?;
    Ok(Json(shared.port.folder(at).await.map_err(refused)?.into()))
}

fn whole(text: &str) -> Result<PathBuf, ApiError> {
    let folder = PathBuf::from(text);
    if text.len() > PATH_MAX_BYTES || text.contains('\0') || !folder.is_absolute() {
        return Err(ApiError::bad(
            "That is not the whole path of a card or folder on this computer. Nothing was read. Enter it from its beginning, such as /media/card.",
        ));
    }
    Ok(folder)
}

fn refused(error: FolderRefused) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "folder_refused", error.0)
}
