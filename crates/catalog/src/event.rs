//! Events and creators.

use model::{CreatorId, EventId, UnixMillis};

use crate::{Catalog, CatalogError};

/// One market day, party or pop-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its name, as guests read it.
    pub name: String,
}

impl Catalog {
    /// The event of that name, made with `fresh` as its id if there is none.
    pub async fn event_named(&self, name: &str, fresh: EventId, now: UnixMillis) -> Result<Event, CatalogError> {
        let mut tx = self.begin().await?;
        let id = fresh.as_bytes().as_slice();
        sqlx::query!(
            "INSERT INTO event (id, name, created_at_ms) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
            id,
            name,
            now.0
        )
        .execute(&mut *tx)
        .await?;
        let found = sqlx::query_scalar!("SELECT id FROM event WHERE name = ?", name).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(Event { id: EventId::from_slice(&found).map_err(CatalogError::corrupt)?, name: name.to_owned() })
    }

    /// The creator of that name, made with `fresh` as its id if there is none.
    pub async fn creator_named(&self, name: &str, fresh: CreatorId) -> Result<CreatorId, CatalogError> {
        let mut tx = self.begin().await?;
        let id = fresh.as_bytes().as_slice();
        sqlx::query!("INSERT INTO creator (id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", id, name)
            .execute(&mut *tx)
            .await?;
        let found = sqlx::query_scalar!("SELECT id FROM creator WHERE name = ?", name).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        CreatorId::from_slice(&found).map_err(CatalogError::corrupt)
    }
}
