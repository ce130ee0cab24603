//! What the gateway may ask of the rest of the studio.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use catalog::Catalog;
use gateway::{DiskState, FolderListing, FolderRefused, PortFuture, StudioPort};
use ingest::Ingest;
use model::{EventId, SourceStatus};

use crate::{
    chance::now,
    disk,
    folders::{self, FolderError},
    running::Folders,
};

/// Joins the operator's wishes with ingest.
pub(crate) struct Port {
    ingest: Arc<Ingest>,
    catalog: Catalog,
    event: EventId,
    originals: PathBuf,
    /// The last mean that was read, so that the strip never waits for a query; 0 is none.
    mean_frame_bytes: Arc<AtomicU64>,
}

impl Port {
    pub(crate) fn new(ingest: Arc<Ingest>, catalog: Catalog, event: EventId, folders: &Folders) -> Self {
        Self { ingest, catalog, event, originals: folders.originals.clone(), mean_frame_bytes: Arc::default() }
    }
}

impl StudioPort for Port {
    fn sources(&self) -> Vec<SourceStatus> {
        self.ingest.status().borrow().clone()
    }

    fn disk(&self) -> DiskState {
        let free_bytes = disk::free_bytes(&self.originals);
        let mean = self.mean_frame_bytes.load(Ordering::Relaxed);
        let (catalog, event, slot) = (self.catalog.clone(), self.event, Arc::clone(&self.mean_frame_bytes));
        tokio::spawn(async move {
            if let Ok(Some(bytes)) = catalog.mean_frame_bytes(event).await {
                slot.store(bytes, Ordering::Relaxed);
            }
        });
        DiskState {
            free_bytes: free_bytes.unwrap_or_default(),
            frames_left: free_bytes.map(|free| disk::frames_left(free, Some(mean))),
        }
    }

    fn import(&self, folder: PathBuf) -> PortFuture<Result<String, FolderRefused>> {
        let ingest = Arc::clone(&self.ingest);
        Box::pin(async move { ingest.import(&folder).await.map_err(refused) })
    }

    fn watch(&self, folder: PathBuf) -> PortFuture<Result<String, FolderRefused>> {
        let (ingest, catalog) = (Arc::clone(&self.ingest), self.catalog.clone());
        Box::pin(async move {
            // One of the command line may be plugged in later; one that is chosen here stands before the eyes.
            tokio::fs::metadata(&folder)
                .await
                .map_err(|source| refused(FolderError { path: folder.clone(), source }))?;
            let id = ingest.watch(&folder).await.map_err(refused)?;
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            catalog.remember_watched(&folder.to_string_lossy(), now()).await.map_err(refused)?;
            Ok(id)
        })
    }

    fn unwatch(&self, source_id: String) -> PortFuture<Result<(), FolderRefused>> {
        let ingest = Arc::clone(&self.ingest);
        Box::pin(async move { ingest.unwatch(&source_id).await.map(drop).map_err(refused) })
    }

    fn folder(&self, at: Option<PathBuf>) -> PortFuture<Result<FolderListing, FolderRefused>> {
        Box::pin(async move {
            let listed = tokio::task::spawn_blocking(move || folders::list(at)).await;
            listed.map_err(refused)?.map_err(refused)
        })
    }

    fn reexamine(&self, path: PathBuf) {
        self.ingest.reexamine(&path);
    }
}

fn refused(error: impl std::fmt::Display) -> FolderRefused {
    FolderRefused(error.to_string())
}
