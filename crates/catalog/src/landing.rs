//! A file that is safely on disk under its readable name.

use model::{CaptureFacts, ContentHash, EventId, FileKind, FrameId, OriginalId, UnixMillis};
use sqlx::SqliteConnection;

use crate::{
    Catalog, CatalogError, Change, Stage,
    pairing::{self, Whence},
    stage,
};

/// A source file whose copy is safe: hashed, synced, renamed.
#[derive(Clone, Debug)]
pub struct Landing {
    /// The id of the original, should it be new.
    pub fresh: OriginalId,
    /// The event.
    pub event: EventId,
    /// The arrival's key.
    pub source_path: String,
    /// The folder part of it; empty when a catalog is rebuilt.
    pub source_folder: String,
    /// File name without extension as the camera wrote it.
    pub stem: String,
    /// The source file's modification time, so that a rescan passes over it.
    pub source_mtime_ns: i64,
    /// What it is.
    pub kind: FileKind,
    /// Path below the originals folder, with forward slashes.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its content.
    pub sha256: ContentHash,
    /// When it was safe.
    pub landed_at: UnixMillis,
}

/// What a landing meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    /// The frame that the file belongs to; none for a sidecar alone.
    pub frame: Option<FrameId>,
    /// The content was here already, under this path.
    pub duplicate_of: Option<String>,
}

impl Catalog {
    /// The path, below the originals folder, of the original with that content.
    pub async fn original_by_hash(&self, event: EventId, sha256: ContentHash) -> Result<Option<String>, CatalogError> {
        let (event, hash) = (event.as_bytes().as_slice(), sha256.0.as_slice());
        Ok(sqlx::query_scalar!("SELECT path FROM original WHERE event = ? AND sha256 = ?", event, hash)
            .fetch_optional(&self.writer)
            .await?)
    }

    /// Records a landed original, or that its content was here already. The arrival ends; a frame left with nothing goes.
    pub async fn land(&self, landing: &Landing) -> Result<Landed, CatalogError> {
        let mut tx = self.begin().await?;
        let path = landing.source_path.as_str();
        let seq = sqlx::query_scalar!("SELECT frame FROM arrival WHERE source_path = ?", path)
            .fetch_optional(&mut *tx)
            .await?
            .flatten();
        let seq = match seq {
            None if landing.kind == FileKind::Sidecar => picture_of(&mut tx, landing).await?,
            known => known,
        };
        let (event, hash) = (landing.event.as_bytes().as_slice(), landing.sha256.0.as_slice());
        let twin = sqlx::query!(
            r#"SELECT o.path, f.id AS "frame?" FROM original o LEFT JOIN frame f ON f.seq = o.frame WHERE o.event = ? AND o.sha256 = ?"#,
            event,
            hash
        )
        .fetch_optional(&mut *tx)
        .await?;
        if twin.is_none() {
            insert_original(&mut tx, landing, seq).await?;
        }
        sqlx::query!("DELETE FROM arrival WHERE source_path = ?", path).execute(&mut *tx).await?;
        remember_source(&mut tx, path, landing.bytes, landing.source_mtime_ns).await?;
        let attended = sqlx::query!("DELETE FROM attention WHERE source_path = ?", path).execute(&mut *tx).await?;
        let mut changes = Vec::new();
        let mut frame = None;
        if let Some(seq) = seq {
            let gone = drop_if_empty(&mut tx, seq).await?;
            changes.extend(gone.map(Change::FrameGone));
            if gone.is_none() {
                frame = Some(frame_id(&mut tx, seq).await?);
            }
        }
        if let Some(twin) = &twin {
            let id = twin.frame.as_deref().map(FrameId::from_slice).transpose().map_err(CatalogError::corrupt)?;
            frame = frame.or(id);
        }
        tx.commit().await?;
        changes.extend(frame.map(Change::Frame));
        changes.extend((attended.rows_affected() > 0).then_some(Change::Attention));
        self.tell(changes);
        Ok(Landed { frame, duplicate_of: twin.map(|twin| twin.path) })
    }

    /// Whether that source file, with that size and time, was dealt with before.
    pub async fn knows_source(&self, path: &str, bytes: u64, mtime_ns: i64) -> Result<bool, CatalogError> {
        let bytes = bytes as i64;
        Ok(sqlx::query_scalar!(
            r#"SELECT 1 AS "one!: i64" FROM source_file WHERE path = ? AND bytes = ? AND mtime_ns = ?"#,
            path,
            bytes,
            mtime_ns
        )
        .fetch_optional(&self.readers)
        .await?
        .is_some())
    }

    /// Mean bytes of a frame's originals; none before the first landed. What "frames left on the disk" is made of.
    pub async fn mean_frame_bytes(&self, event: EventId) -> Result<Option<u64>, CatalogError> {
        let event = event.as_bytes().as_slice();
        let mean = sqlx::query_scalar!(
            r#"SELECT sum(bytes) / count(DISTINCT frame) AS "mean: i64" FROM original WHERE event = ? AND frame IS NOT NULL"#,
            event
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(mean.map(|bytes| bytes as u64))
    }

    /// Paths below the originals folder, with sizes, of all originals of the event: what a start compares the folder with.
    pub async fn original_paths(&self, event: EventId) -> Result<Vec<(String, u64)>, CatalogError> {
        let event = event.as_bytes().as_slice();
        let rows =
            sqlx::query!("SELECT path, bytes FROM original WHERE event = ?", event).fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(|row| (row.path, row.bytes as u64)).collect())
    }
}

/// The frame of a sidecar that was seen before its picture, which came while the sidecar was copied.
async fn picture_of(tx: &mut SqliteConnection, landing: &Landing) -> Result<Option<i64>, CatalogError> {
    let key = landing.stem.to_uppercase();
    let whence = Whence { event: landing.event.as_bytes().as_slice(), stem: &key, folder: &landing.source_folder };
    pairing::frame_for(tx, &whence, landing.kind, &CaptureFacts::default()).await
}

async fn insert_original(tx: &mut SqliteConnection, landing: &Landing, seq: Option<i64>) -> Result<(), CatalogError> {
    let (id, event) = (landing.fresh.as_bytes().as_slice(), landing.event.as_bytes().as_slice());
    let (kind, bytes, hash) = (landing.kind.name(), landing.bytes as i64, landing.sha256.0.as_slice());
    let key = landing.stem.to_uppercase();
    sqlx::query!(
        "INSERT INTO original (id, event, frame, kind, path, bytes, sha256, source_stem, source_folder, landed_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        event,
        seq,
        kind,
        landing.path,
        bytes,
        hash,
        key,
        landing.source_folder,
        landing.landed_at.0
    )
    .execute(&mut *tx)
    .await?;
    if let (Some(seq), true) = (seq, landing.kind != FileKind::Sidecar) {
        stage::stamp(tx, seq, Stage::Landed, landing.landed_at).await?;
    }
    Ok(())
}

pub(crate) async fn remember_source(
    tx: &mut SqliteConnection,
    path: &str,
    bytes: u64,
    mtime_ns: i64,
) -> Result<(), CatalogError> {
    let bytes = bytes as i64;
    sqlx::query!(
        "INSERT INTO source_file (path, bytes, mtime_ns) VALUES (?1, ?2, ?3)
         ON CONFLICT (path) DO UPDATE SET bytes = ?2, mtime_ns = ?3",
        path,
        bytes,
        mtime_ns
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a frame back that has neither an original nor a file on its way.
pub(crate) async fn drop_if_empty(tx: &mut SqliteConnection, seq: i64) -> Result<Option<FrameId>, CatalogError> {
    let id = sqlx::query_scalar!(
        "DELETE FROM frame WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM original WHERE frame = ?1)
         AND NOT EXISTS (SELECT 1 FROM arrival WHERE frame = ?1) RETURNING id",
        seq
    )
    .fetch_optional(tx)
    .await?;
    id.map(|id| FrameId::from_slice(&id).map_err(CatalogError::corrupt)).transpose()
}

pub(crate) async fn frame_id(tx: &mut SqliteConnection, seq: i64) -> Result<FrameId, CatalogError> {
    let id = sqlx::query_scalar!("SELECT id FROM frame WHERE seq = ?", seq).fetch_one(tx).await?;
    FrameId::from_slice(&id).map_err(CatalogError::corrupt)
}
