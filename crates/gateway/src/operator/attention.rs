//! Files that need a person.

use std::{path::PathBuf, sync::Arc};

use axum::{Json, extract::State, http::StatusCode};
use model::AttentionId;

use super::{
    error::{ApiError, ErrorBody, Path},
    json::AttentionList,
};
use crate::shared::Shared;

/// The newest items, and how many there are.
#[utoipa::path(get, path = "/api/attention", operation_id = "attention", tag = "attention",
    responses((status = 200, body = AttentionList), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(State(shared): State<Arc<Shared>>) -> Result<Json<AttentionList>, ApiError> {
    let (items, total) = shared.catalog.attention(shared.event.id).await?;
    Ok(Json(AttentionList { items: items.into_iter().map(Into::into).collect(), total }))
}

/// Takes the item off the list and looks at its file again.
#[utoipa::path(post, path = "/api/attention/{id}/retry", tag = "attention", params(("id" = String, Path, description = "The item")),
    responses((status = 204), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn retry(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<AttentionId>,
) -> Result<StatusCode, ApiError> {
    let path = shared.catalog.retry_attention(id).await?;
    shared.port.reexamine(PathBuf::from(path));
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the item off the list; its file stays where it is.
#[utoipa::path(post, path = "/api/attention/{id}/dismiss", tag = "attention", params(("id" = String, Path, description = "The item")),
    responses((status = 204), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn dismiss(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<AttentionId>,
) -> Result<StatusCode, ApiError> {
    shared.catalog.dismiss_attention(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
