//! The one way in which a whole file becomes an original: copied aside while hashed, compared, named, recorded.

use std::{fs, io, sync::Arc};

use catalog::{CatalogError, Landing};
use model::{ContentHash, FileKind, OriginalId};
use tokio_util::sync::CancellationToken;

use crate::{
    copy::{PartFile, copy_aside},
    examine::Whole,
    names::file_name,
    publish::{Note, Published, part_path, publish},
    room::Room,
};

/// A file that did not land; nothing of it is left in the originals folder, and its source is untouched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LandError {
    #[error("the file is gone")]
    Gone,
    #[error("the file was written again meanwhile")]
    Changed,
    #[error("the source cannot be read: {0}")]
    Read(io::Error),
    #[error("the originals folder cannot be written: {0}")]
    Write(io::Error),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("the studio is stopping")]
    Stopped,
}

impl LandError {
    pub(crate) fn from_read(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Gone } else { Self::Read(error) }
    }
}

/// A copy that is synced and hashed, and not yet named.
#[derive(Debug)]
pub(crate) struct Staged {
    part: PartFile,
    pub sha256: ContentHash,
}

/// What a landing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Landed {
    /// Safe under its name.
    Original,
    /// The content was here already.
    Duplicate,
}

impl Room {
    /// Copies and records.
    pub(crate) async fn land(self: &Arc<Self>, whole: &Whole, stop: &CancellationToken) -> Result<Landed, LandError> {
        let staged = self.stage(whole, stop).await?;
        self.commit(whole, staged).await
    }

    /// The slow half: copies the file aside while hashing it.
    pub(crate) async fn stage(self: &Arc<Self>, whole: &Whole, stop: &CancellationToken) -> Result<Staged, LandError> {
        let (room, stop, file) = (Arc::clone(self), stop.clone(), whole.file.clone());
        blocking(move || {
            let folder = room.make_creator_dir().map_err(LandError::Write)?;
            let part = part_path(&folder, &file_name(&file.stem, &file.extension, 1), room.random());
            let (part, sha256) = copy_aside(&file.path, file.marks, part, &stop)?;
            Ok(Staged { part, sha256 })
        })
        .await
    }

    /// The quick half, one file at a time: is the content new, then it gets its name and its row.
    pub(crate) async fn commit(self: &Arc<Self>, whole: &Whole, staged: Staged) -> Result<Landed, LandError> {
        let _door = self.commit.lock().await;
        let file = &whole.file;
        let sha256 = staged.sha256;
        if let Some(path) = self.config.catalog.original_by_hash(self.config.event, sha256).await? {
            drop(staged);
            self.record(whole, sha256, path).await?;
            return Ok(Landed::Duplicate);
        }
        let mut stem = self.config.catalog.landing_stem(&file.key).await?;
        if !whole.shown || (stem.is_none() && whole.kind != FileKind::Sidecar) {
            self.show(whole, true).await?;
            stem = self.config.catalog.landing_stem(&file.key).await?;
        }
        let stem = if let Some(stem) = stem {
            stem
        } else {
            // A sidecar without its picture: its name must not be another picture's, or it would stand beside the wrong one.
            let (event, creator) = (self.config.event, self.config.creator);
            self.config.catalog.sidecar_stem(event, creator, &file.stem, &file.folder).await?
        };
        let published = self.publish(whole, staged, stem).await?;
        let duplicate_of = self.record(whole, sha256, self.catalog_path(&published.name)).await?;
        let ours = published.path.clone();
        let stray = duplicate_of.is_some_and(|path| self.config.originals.join(path) != ours);
        blocking(move || {
            if stray {
                // The same content is recorded under another name: this copy is one too many, and it is ours.
                let _ = fs::remove_file(&published.path);
            }
            // A note that stays is read, and removed, at the next start.
            let _ = fs::remove_file(&published.note);
            Ok(())
        })
        .await?;
        Ok(if stray { Landed::Duplicate } else { Landed::Original })
    }

    async fn publish(self: &Arc<Self>, whole: &Whole, staged: Staged, stem: String) -> Result<Published, LandError> {
        let (folder, extension) = (self.creator_dir(), whole.file.extension.clone());
        let note = Note {
            source_path: whole.file.key.clone(),
            source_folder: whole.file.folder.clone(),
            source_mtime_ns: whole.file.marks.mtime_ns,
            stem: whole.file.stem.clone(),
            kind: whole.kind,
            bytes: whole.file.marks.bytes,
            sha256: staged.sha256,
            seen_at: whole.seen_at,
            complete_at: whole.complete_at,
        };
        blocking(move || publish(staged.part, &folder, &stem, &extension, &note).map_err(LandError::Write)).await
    }

    /// Tells the catalog; returns the path under which the content was here already.
    async fn record(&self, whole: &Whole, sha256: ContentHash, path: String) -> Result<Option<String>, LandError> {
        let landed_at = self.now();
        let landing = Landing {
            fresh: OriginalId::new(landed_at, self.random()),
            event: self.config.event,
            source_path: whole.file.key.clone(),
            source_folder: whole.file.folder.clone(),
            stem: whole.file.stem.clone(),
            source_mtime_ns: whole.file.marks.mtime_ns,
            kind: whole.kind,
            path,
            bytes: whole.file.marks.bytes,
            sha256,
            landed_at,
        };
        Ok(self.config.catalog.land(&landing).await?.duplicate_of)
    }
}

/// Runs file work on a thread that may block. A panic there is an error of this one file.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LandError> + Send + 'static,
) -> Result<T, LandError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(LandError::Write(io::Error::other(error))))
}
