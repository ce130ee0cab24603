//! The catalog's file, read beside the studio: what the API has no reason to tell.

use std::path::Path;

use sqlx::{
    ConnectOptions as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

/// What is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Source files that were dealt with.
    pub known: i64,
    /// Files that are shown and not landed.
    pub arrivals: i64,
    /// Previews that wait or are being made.
    pub jobs: i64,
}

async fn open(path: &Path, read_only: bool) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).read_only(read_only);
    // The mode is the file's own: asking for another would write.
    let options = if read_only { options } else { options.journal_mode(SqliteJournalMode::Wal) };
    options.connect().await.unwrap()
}

async fn number(path: &Path, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(&mut open(path, true).await).await.unwrap()
}

/// What is still to be done.
pub async fn left(catalog: &Path) -> Left {
    let query = "SELECT (SELECT count(*) FROM source_file), (SELECT count(*) FROM arrival), (SELECT count(*) FROM job)";
    let (known, arrivals, jobs) = sqlx::query_as(query).fetch_one(&mut open(catalog, true).await).await.unwrap();
    Left { known, arrivals, jobs }
}

/// A picture of a frame that is shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Picture {
    /// The key that it lies under.
    pub version: String,
    /// `thumb`, `screen` or `large`.
    pub rung: String,
    /// Its size.
    pub bytes: i64,
}

/// Every picture that should lie on disk; none where the studio died before it had a catalog.
pub async fn pictures(catalog: &Path) -> Vec<Picture> {
    if !catalog.is_file() {
        return Vec::new();
    }
    let mut books = open(catalog, true).await;
    let whole = "SELECT count(*) FROM sqlite_schema WHERE name IN ('frame', 'derivative')";
    if sqlx::query_scalar::<_, i64>(whole).fetch_one(&mut books).await.unwrap() < 2 {
        return Vec::new();
    }
    let query =
        "SELECT f.version, d.rung, d.bytes FROM derivative d JOIN frame f ON f.seq = d.frame WHERE f.preview = 'ready'";
    sqlx::query_as(query).fetch_all(&mut books).await.unwrap()
}

/// How many frames a catalog holds.
pub async fn frame_count(catalog: &Path) -> i64 {
    number(catalog, "SELECT count(*) FROM frame").await
}

/// Makes the file look as if a newer Boothlight had written it.
pub async fn pretend_newer(catalog: &Path) {
    let mut connection = open(catalog, false).await;
    let query = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'from the future', 1, x'00', 0)";
    sqlx::query(query).execute(&mut connection).await.unwrap();
    // Into the file itself: what lies in the log beside it would move there at the next opening.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
}
