//! Errors as the window reads them: a code for programs, and what happened, what is safe, what to do next for people.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use catalog::CatalogError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::pixels::PixelError;

/// The body of every answer that is an error.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// For programs.
    pub error: String,
    /// For people: what happened, what is safe, what to do next.
    pub message: String,
}

/// An answer that is an error.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    pub(crate) fn missing(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no {what} here. Nothing was changed; it may have been taken back. Load the page again."),
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody { error: self.code.to_owned(), message: self.message };
        (self.status, Json(body)).into_response()
    }
}

impl From<CatalogError> for ApiError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Missing(what) => Self::missing(what),
            CatalogError::TooMany { .. } => {
                Self::new(StatusCode::BAD_REQUEST, "too_many", format!("Nothing was changed: {error}. Choose fewer."))
            }
            CatalogError::CodesExhausted => Self::new(StatusCode::CONFLICT, "no_code_left", format!("{error}.")),
            CatalogError::Sqlite(_) | CatalogError::Corrupt(_) => {
                tracing::error!(%error, "a request failed on the catalog");
                let message = format!("{error}. Originals are safe and nothing was changed; try again.");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "catalog", message)
            }
        }
    }
}

impl From<Arc<PixelError>> for ApiError {
    fn from(error: Arc<PixelError>) -> Self {
        match &*error {
            PixelError::NotThere => Self::missing("such picture yet"),
            PixelError::Disk(_) | PixelError::Catalog(_) => {
                tracing::error!(%error, "a preview could not be read");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "preview", error.to_string())
            }
        }
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        let status = match rejection.status() {
            // A body of the right form and the wrong content is as bad as one of the wrong form.
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self::new(status, "bad_request", format!("{}. Nothing was changed.", rejection.body_text()))
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad(format!("{}.", rejection.body_text()))
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::bad(format!("{}.", rejection.body_text()))
    }
}

/// A JSON body whose faults are told as [`ErrorBody`].
#[derive(FromRequest)]
#[from_request(via(Json), rejection(ApiError))]
pub(crate) struct Body<T>(pub T);

/// A query whose faults are told as [`ErrorBody`].
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub(crate) struct Query<T>(pub T);

/// Parts of a path whose faults are told as [`ErrorBody`].
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ApiError))]
pub(crate) struct Path<T>(pub T);

/// The answer to a method that a route does not have.
pub(crate) async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "This address does not take that method. Nothing was changed.",
    )
}
