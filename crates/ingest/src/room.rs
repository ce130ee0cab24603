//! What every part of the room shares: configuration, ids, the originals folder, the one door through which files land.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use model::UnixMillis;
use tokio::sync::Mutex;

use crate::{IngestConfig, names::safe_name};

pub(crate) struct Room {
    pub config: IngestConfig,
    /// The event's and the creator's folder names.
    pub event_folder: String,
    pub creator_folder: String,
    /// Held from "is this content here?" to "it is here": two files of one content never land at the same time.
    pub commit: Mutex<()>,
    /// Whether the list may hold an item about the disk. True at start: an earlier run may have left one.
    pub disk_item: AtomicBool,
}

impl Room {
    pub(crate) fn new(config: IngestConfig) -> Self {
        Self {
            event_folder: safe_name(&config.event_name),
            creator_folder: safe_name(&config.creator_name),
            commit: Mutex::new(()),
            disk_item: AtomicBool::new(true),
            config,
        }
    }

    pub(crate) fn now(&self) -> UnixMillis {
        (self.config.clock)()
    }

    pub(crate) fn random(&self) -> [u8; 10] {
        (self.config.random)()
    }

    /// The event's folder.
    pub(crate) fn event_dir(&self) -> PathBuf {
        self.config.originals.join(&self.event_folder)
    }

    /// Where originals land.
    pub(crate) fn creator_dir(&self) -> PathBuf {
        self.event_dir().join(&self.creator_folder)
    }

    /// Makes the folder where originals land, and makes sure that it survives a power cut.
    pub(crate) fn make_creator_dir(&self) -> io::Result<PathBuf> {
        let folder = self.creator_dir();
        if !folder.is_dir() {
            fs::create_dir_all(&folder)?;
            sync_folder(&self.event_dir())?;
            sync_folder(&self.config.originals)?;
        }
        Ok(folder)
    }

    /// The catalog's path of a landed file: below the originals folder, with forward slashes.
    pub(crate) fn catalog_path(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.event_folder, self.creator_folder)
    }
}

/// Makes new names in a folder survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems cannot sync a folder; they write names through.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}
