//! Reading a card or folder once.

use std::{path::PathBuf, sync::Arc};

use axum::{Json, extract::State, http::StatusCode};

use super::{
    error::{ApiError, Body, ErrorBody},
    json::{Import, ImportStarted},
};
use crate::shared::Shared;

/// Longest path that common systems take.
const PATH_MAX_BYTES: usize = 4096;

/// Begins to read a card or folder; the strip shows how far it is.
#[utoipa::path(post, path = "/api/import", tag = "import", request_body = Import,
    responses((status = 202, body = ImportStarted), (status = 400, body = ErrorBody), (status = 422, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn import(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<Import>,
) -> Result<(StatusCode, Json<ImportStarted>), ApiError> {
    let folder = PathBuf::from(&asked.folder);
    if asked.folder.len() > PATH_MAX_BYTES || asked.folder.contains('\0') || !folder.is_absolute() {
        return Err(ApiError::bad("`folder` is the whole path of a folder on this computer. Nothing was read."));
    }
    let refused =
        |error: crate::ImportRefused| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "import_refused", error.0);
    let source_id = shared.port.import(folder).await.map_err(refused)?;
    Ok((StatusCode::ACCEPTED, Json(ImportStarted { source_id })))
}
