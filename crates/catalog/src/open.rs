//! Opening: settings, refusal of newer formats, the copy before a migration.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use model::UnixMillis;
use sqlx::{
    AssertSqlSafe, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::broadcast;

use crate::{CatalogError, Change, OpenError, develop_job, recipe};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Readers at once; a guest's request waits for one of them.
const READERS: u32 = 4;
/// How long a statement waits for a lock, before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Changes a slow reader may lag behind before it must reload.
const CHANGES_HELD: usize = 4096;

/// The studio's state. Cheap to clone; all clones share one writer.
#[derive(Clone, Debug)]
pub struct Catalog {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    changes: broadcast::Sender<Change>,
}

impl Catalog {
    /// Opens or creates the catalog at `path`; `now` names the copy that is made before a migration.
    pub async fn open(path: &Path, now: UnixMillis) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A landed original's row must survive a power cut; NORMAL may roll back what was committed.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        migrate(&writer, path, now).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let catalog = Self { writer, readers, changes: broadcast::Sender::new(CHANGES_HELD) };
        catalog.take_up(now).await?;
        Ok(catalog)
    }

    /// What an earlier run left half done.
    async fn take_up(&self, now: UnixMillis) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        develop_job::take_up(&mut tx, now).await?;
        recipe::sweep(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// What is committed from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Waits for the last writes and closes the files.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, CatalogError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub(crate) fn tell(&self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            // Nobody listening is no fault.
            let _ = self.changes.send(change);
        }
    }
}

async fn migrate(writer: &SqlitePool, path: &Path, now: UnixMillis) -> Result<(), OpenError> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    let fresh = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(writer)
        .await?
        == 0;
    if !fresh {
        let found = sqlx::query_scalar::<_, i64>("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
            .fetch_one(writer)
            .await?;
        if found > known {
            return Err(OpenError::Newer { path: path.to_owned(), found, known });
        }
        if found < known {
            copy_before(writer, path, found, now).await?;
        }
    }
    Ok(MIGRATIONS.run(writer).await?)
}

async fn copy_before(writer: &SqlitePool, path: &Path, found: i64, now: UnixMillis) -> Result<PathBuf, OpenError> {
    let copy = path.with_extension(format!("before-upgrade-from-{found}-{}.sqlite", now.0));
    let quoted = copy.to_string_lossy().replace('\'', "''");
    sqlx::raw_sql(AssertSqlSafe(format!("VACUUM INTO '{quoted}'")))
        .execute(writer)
        .await
        .map_err(|source| OpenError::Backup { path: copy.clone(), source })?;
    Ok(copy)
}
