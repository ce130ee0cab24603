//! What can go wrong with the catalog.

use std::path::PathBuf;

/// A catalog that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer Boothlight wrote it.
    #[error(
        "the catalog {path} was written by a newer Boothlight (format {found}; this one knows {known}). Nothing was changed. Install the newer version, or start with another --data folder"
    )]
    Newer {
        /// The catalog's file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// The safety copy before a migration failed.
    #[error(
        "could not copy the catalog to {path} before upgrading it: {source}. Nothing was changed; free some disk space and start again"
    )]
    Backup {
        /// Where the copy should have gone.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// A migration failed; the copy made before it is whole.
    #[error("could not upgrade the catalog: {0}. The copy made before stands beside it")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// SQLite's own word.
    #[error(
        "could not open the catalog: {0}. If its disk is healthy, `boothlight rebuild` makes a new one from the originals folder"
    )]
    Sqlite(#[from] sqlx::Error),
    /// What an earlier run left half done could not be taken up.
    #[error(transparent)]
    TakeUp(#[from] CatalogError),
}

/// A read or write that failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// SQLite's own word: disk full, file gone, busy.
    #[error("the catalog could not be read or written: {0}")]
    Sqlite(#[from] sqlx::Error),
    /// What is stored is not what this program stores.
    #[error(
        "the catalog holds a value that this program cannot read: {0}. `boothlight rebuild` makes a new one from the originals folder"
    )]
    Corrupt(String),
    /// No frame, ticket or item of that name.
    #[error("there is no {0}")]
    Missing(&'static str),
    /// A list that is longer than one request may be.
    #[error("at most {max} {what} at once")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// Every ticket code that was tried is taken.
    #[error("no free ticket code was found; this event has too many tickets")]
    CodesExhausted,
}

impl CatalogError {
    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt(what.to_string())
    }
}
