//! Pictures that a better one took the place of: their addresses stay good for a while, then their files go.

use model::UnixMillis;

use crate::{Catalog, CatalogError, Version};

impl Catalog {
    /// Keys that were superseded before that moment, oldest first.
    pub async fn superseded_before(&self, before: UnixMillis, limit: u32) -> Result<Vec<Version>, CatalogError> {
        let rows = sqlx::query_scalar!(
            "SELECT version FROM superseded WHERE at_ms < ? ORDER BY at_ms LIMIT ?",
            before.0,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(|text| text.parse().map_err(CatalogError::corrupt)).collect()
    }

    /// The files of these keys are gone.
    pub async fn forget_superseded(&self, versions: &[Version]) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        for version in versions {
            let version = version.as_str();
            sqlx::query!("DELETE FROM superseded WHERE version = ?", version).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }
}
