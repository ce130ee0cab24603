//! Folders that the operator chose to be watched, whatever the event.

use model::{FrameId, UnixMillis};

use crate::{Catalog, CatalogError, Change, landing::drop_if_empty};

/// Folders that are remembered; the studio holds no more sources at once.
const FOLDERS_MAX: i64 = 32;

impl Catalog {
    /// The folders, in the order in which they were chosen.
    pub async fn watched_folders(&self) -> Result<Vec<String>, CatalogError> {
        Ok(sqlx::query_scalar!("SELECT path FROM watched_folder ORDER BY added_at_ms, path")
            .fetch_all(&self.readers)
            .await?)
    }

    /// Remembers a folder; one that is known stays as it is.
    pub async fn remember_watched(&self, path: &str, now: UnixMillis) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let count = sqlx::query_scalar!("SELECT count(*) FROM watched_folder WHERE path <> ?", path)
            .fetch_one(&mut *tx)
            .await?;
        if count >= FOLDERS_MAX {
            return Err(CatalogError::TooMany { what: "watched folders", max: FOLDERS_MAX as usize });
        }
        sqlx::query!(
            "INSERT INTO watched_folder (path, added_at_ms) VALUES (?, ?) ON CONFLICT (path) DO NOTHING",
            path,
            now.0
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a folder. What has landed from it stays; what was only shown is taken back.
    pub async fn forget_watched(&self, path: &str) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        sqlx::query!("DELETE FROM watched_folder WHERE path = ?", path).execute(&mut *tx).await?;
        let below = format!("{}/", path.trim_end_matches('/'));
        let frames = sqlx::query_scalar!(
            "DELETE FROM arrival WHERE substr(source_path, 1, length(?1)) = ?1 RETURNING frame",
            below
        )
        .fetch_all(&mut *tx)
        .await?;
        let mut gone: Vec<FrameId> = Vec::new();
        for seq in frames.into_iter().flatten() {
            gone.extend(drop_if_empty(&mut tx, seq).await?);
        }
        tx.commit().await?;
        self.tell(gone.into_iter().map(Change::FrameGone));
        Ok(())
    }
}
