//! Names on disk: the files of one frame share a stem, and nothing of another frame has it.

use model::{CaptureFacts, CreatorId, EventId, FileKind};
use sqlx::SqliteConnection;

use crate::{
    Catalog, CatalogError,
    pairing::{self, Whence},
};

/// Names tried before giving up: stem, stem-2, stem-3...
const TRIES_MAX: u32 = 10_000;

/// Whose name is looked for: who shot it for which event, and how and where the camera named it.
pub(crate) struct Wanted<'a> {
    pub event: &'a [u8],
    pub creator: &'a [u8],
    /// As the camera wrote it.
    pub stem: &'a str,
    /// The same in upper case: the key for pairing.
    pub key: &'a str,
    pub folder: &'a str,
}

impl Catalog {
    /// The stem under which a sidecar lands that came before its picture: the picture's, where that has come meanwhile; else
    /// one that is kept for it.
    pub async fn sidecar_stem(
        &self,
        event: EventId,
        creator: CreatorId,
        stem: &str,
        source_folder: &str,
    ) -> Result<String, CatalogError> {
        let mut tx = self.begin().await?;
        let (event, creator) = (event.as_bytes().as_slice(), creator.as_bytes().as_slice());
        let key = stem.to_uppercase();
        let whence = Whence { event, stem: &key, folder: source_folder };
        if let Some(seq) = pairing::frame_for(&mut tx, &whence, FileKind::Sidecar, &CaptureFacts::default()).await? {
            return Ok(sqlx::query_scalar!("SELECT stem FROM frame WHERE seq = ?", seq).fetch_one(&mut *tx).await?);
        }
        let wanted = Wanted { event, creator, stem, key: &key, folder: source_folder };
        if let Some(kept) = kept_for(&mut tx, &wanted).await? {
            return Ok(kept);
        }
        let free = first_free(&mut tx, &wanted).await?;
        sqlx::query!(
            "INSERT INTO sidecar_stem (event, creator, stem, source_stem, source_folder) VALUES (?, ?, ?, ?, ?)",
            event,
            creator,
            free,
            key,
            source_folder
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(free)
    }
}

/// The stem of a new frame: the one that its sidecar has landed under, else the first that is free.
pub(crate) async fn of_new_frame(tx: &mut SqliteConnection, wanted: &Wanted<'_>) -> Result<String, CatalogError> {
    match kept_for(tx, wanted).await? {
        Some(kept) => Ok(kept),
        None => first_free(tx, wanted).await,
    }
}

/// A stem that a sidecar of that name and folder has, and no frame yet.
async fn kept_for(tx: &mut SqliteConnection, wanted: &Wanted<'_>) -> Result<Option<String>, CatalogError> {
    Ok(sqlx::query_scalar!(
        "SELECT s.stem FROM sidecar_stem s WHERE s.event = ?1 AND s.creator = ?2 AND s.source_stem = ?3 AND s.source_folder = ?4
         AND NOT EXISTS (SELECT 1 FROM frame f WHERE f.event = ?1 AND f.creator = ?2 AND f.stem = s.stem COLLATE NOCASE)",
        wanted.event,
        wanted.creator,
        wanted.key,
        wanted.folder
    )
    .fetch_optional(tx)
    .await?)
}

async fn first_free(tx: &mut SqliteConnection, wanted: &Wanted<'_>) -> Result<String, CatalogError> {
    for n in 1..=TRIES_MAX {
        let stem = if n == 1 { wanted.stem.to_owned() } else { format!("{}-{n}", wanted.stem) };
        let taken = sqlx::query_scalar!(
            r#"SELECT 1 AS "one!: i64" FROM frame WHERE event = ?1 AND creator = ?2 AND stem = ?3 COLLATE NOCASE
               UNION ALL SELECT 1 FROM sidecar_stem WHERE event = ?1 AND creator = ?2 AND stem = ?3"#,
            wanted.event,
            wanted.creator,
            stem
        )
        .fetch_optional(&mut *tx)
        .await?;
        if taken.is_none() {
            return Ok(stem);
        }
    }
    Err(CatalogError::TooMany { what: "frames of one name", max: TRIES_MAX as usize })
}
