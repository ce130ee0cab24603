//! Writing a derivative: aside, then renamed, so that a reader never meets half a picture.

use std::{
    io,
    path::{Path, PathBuf},
};

/// A derivative that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the preview could not be written to {path}: {source}. The original is safe; free some disk space")]
pub struct StoreError {
    path: PathBuf,
    source: io::Error,
}

/// Writes the bytes to `path`. Not synced: a derivative lost in a power cut is found missing at the next start and made again.
pub(crate) async fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let fail = |source| StoreError { path: path.to_owned(), source };
    let part = path.with_extension("part");
    if let Err(error) = tokio::fs::write(&part, bytes).await {
        if error.kind() != io::ErrorKind::NotFound {
            return Err(fail(error));
        }
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(fail)?;
        }
        tokio::fs::write(&part, bytes).await.map_err(fail)?;
    }
    tokio::fs::rename(&part, path).await.map_err(fail)
}

/// Removes what lies at `path`; what is not there is as good as removed.
pub(crate) async fn remove(path: &Path) {
    if let Err(error) = tokio::fs::remove_file(path).await
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a preview that nobody needs could not be removed");
    }
}
