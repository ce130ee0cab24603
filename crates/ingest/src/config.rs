//! What the room is given at start.

use std::{path::PathBuf, sync::Arc, time::Duration};

use catalog::{Catalog, CatalogError};
use model::{CreatorId, EventId, UnixMillis};

use crate::Inspector;

/// Everything that comes from outside, time and randomness included.
#[derive(Clone)]
pub struct IngestConfig {
    /// Where arrivals, originals and attention items are recorded.
    pub catalog: Catalog,
    /// Who tells whether a file is whole, and what it is.
    pub inspector: Arc<dyn Inspector>,
    /// The event that files belong to.
    pub event: EventId,
    /// Its name: the folder below the originals folder.
    pub event_name: String,
    /// Who shot them.
    pub creator: CreatorId,
    /// Their name: the folder below the event's.
    pub creator_name: String,
    /// The originals folder.
    pub originals: PathBuf,
    /// The laptop's clock.
    pub clock: Arc<dyn Fn() -> UnixMillis + Send + Sync>,
    /// Fresh random bytes, for ids.
    pub random: Arc<dyn Fn() -> [u8; 10] + Send + Sync>,
    /// A file that is written again within this time has not landed yet.
    pub quiet: Duration,
    /// A file that stays incomplete so long is put on the attention list; it is taken when the rest arrives.
    pub patience: Duration,
}

/// A source, or the room itself, cannot do what was asked; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The folder is a file, or cannot be read.
    #[error("the folder {path} cannot be read: {source}. Choose another one, or make it readable")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder lies inside the originals folder: landed files would come in again.
    #[error("{0} lies inside the originals folder. Choose the folder into which the camera's software writes")]
    InsideOriginals(PathBuf),
    /// The originals folder cannot be read or written.
    #[error("the originals folder {path} cannot be used: {source}. Make it writable, or choose another one")]
    Originals {
        /// Which part of it.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The room was shut down, or has all the sources it can hold.
    #[error("no further source can be taken: {0}")]
    Closed(&'static str),
    /// No folder is watched under that id.
    #[error("this folder is not watched any more")]
    NoSuchSource,
    /// The catalog does not read or write.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}
