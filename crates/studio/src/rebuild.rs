//! A catalog made again from the folder of originals.

use std::{fmt, path::PathBuf};

use clap::Args;
use ingest::Ingest;

use crate::{
    StartError,
    chance::now,
    lock::DataLock,
    running::{Folders, ingest_config, open, worker_pool},
};

/// Which catalog.
#[derive(Clone, Debug, Args)]
pub struct RebuildArgs {
    /// The data folder whose catalog is made again.
    #[arg(long, env = "BOOTHLIGHT_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Folder of originals; DATA/Originals unless set.
    #[arg(long, env = "BOOTHLIGHT_ORIGINALS", value_name = "DIR")]
    pub originals: Option<PathBuf>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Events: folders below the originals folder.
    pub events: usize,
    /// Originals taken up.
    pub originals: usize,
    /// Files that are no whole camera files; they stay where they are.
    pub refused: usize,
    /// Where the old catalog was put.
    pub kept: Option<PathBuf>,
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} events, {} originals, {} files refused", self.events, self.originals, self.refused)?;
        if let Some(kept) = &self.kept {
            write!(out, "; the old catalog is {}", kept.display())?;
        }
        Ok(())
    }
}

/// Puts the old catalog aside and makes a new one: every folder below the originals is an event, every folder below
/// that a creator. Previews are made at the next start.
pub async fn rebuild(args: &RebuildArgs) -> Result<Rebuilt, StartError> {
    let folders = Folders::make(&args.data, args.originals.as_deref())?;
    let _lock = DataLock::take(&folders.data)?;
    let mut rebuilt = Rebuilt { kept: put_aside(&folders)?, ..Rebuilt::default() };
    for (event, creator) in event_folders(&folders.originals)? {
        let opened = open(&folders, &event, &creator).await?;
        let ingest = Ingest::new(ingest_config(&folders, &opened, &creator, worker_pool()?));
        let found = ingest.reconcile().await?;
        rebuilt.events += 1;
        rebuilt.originals += found.adopted;
        rebuilt.refused += found.refused;
        ingest.shutdown().await;
        opened.catalog.close().await;
    }
    Ok(rebuilt)
}

fn put_aside(folders: &Folders) -> Result<Option<PathBuf>, StartError> {
    let old = folders.catalog();
    if !old.exists() {
        return Ok(None);
    }
    let kept = folders.data.join(format!("catalog.before-rebuild-{}.sqlite", now().0));
    for suffix in ["", "-wal", "-shm"] {
        let name = |path: &PathBuf| PathBuf::from(format!("{}{suffix}", path.display()));
        match std::fs::rename(name(&old), name(&kept)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StartError::Folder { path: name(&old), source: error });
            }
            _ => {}
        }
    }
    Ok(Some(kept))
}

/// (event, creator) by folder, in order of name.
fn event_folders(originals: &PathBuf) -> Result<Vec<(String, String)>, StartError> {
    let list = |path: &PathBuf| -> Result<Vec<(String, PathBuf)>, StartError> {
        let entries = std::fs::read_dir(path).map_err(|source| StartError::Folder { path: path.clone(), source })?;
        let mut folders: Vec<_> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter_map(|entry| Some((entry.file_name().to_str()?.to_owned(), entry.path())))
            .filter(|(name, _)| !name.starts_with('.'))
            .collect();
        folders.sort();
        Ok(folders)
    };
    let mut found = Vec::new();
    for (event, path) in list(originals)? {
        for (creator, _) in list(&path)? {
            found.push((event.clone(), creator));
        }
    }
    Ok(found)
}
