//! Proofs: watermarked pictures under addresses that hold their content key.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use catalog::Version;

use super::answer::{self, Speaks};
use crate::{
    pixels::{PixelError, Proof},
    response::{self, FOR_EVER},
    shared::Shared,
};

/// A proof's bytes.
pub(super) async fn proof(
    State(shared): State<Arc<Shared>>,
    Path((version, file)): Path<(String, String)>,
    Speaks(lang): Speaks,
    headers: HeaderMap,
) -> Response {
    let (Ok(version), Some(proof)) = (version.parse::<Version>(), Proof::from_file_name(&file)) else {
        return answer::missing(&shared, lang);
    };
    let tag = format!("\"{version}-{}\"", proof.rung());
    match shared.pixels.proof(version, proof).await {
        Ok(bytes) => response::jpeg(&headers, &tag, FOR_EVER, bytes),
        Err(error) => match &*error {
            PixelError::NotThere => answer::missing(&shared, lang),
            PixelError::Disk(_) | PixelError::Catalog(_) => {
                tracing::error!(%error, "a proof could not be read");
                answer::busy(&shared, lang, StatusCode::SERVICE_UNAVAILABLE, 2)
            }
        },
    }
}
