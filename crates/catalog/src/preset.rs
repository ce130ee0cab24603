//! Presets: looks with a name, for every event of this catalog; and each creator's own look.

use model::{CreatorId, EventId, UnixMillis};

use crate::{
    Catalog, CatalogError,
    look::{self, Scope},
    recipe::{StoredRecipe, keep, keep_some, stored},
};

/// Presets that are kept; nobody finds one among more.
const PRESETS_MAX: i64 = 100;
/// Creators in one list; a booth has a handful.
const CREATORS_LISTED_MAX: i64 = 500;

/// A look with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub recipe: StoredRecipe,
    /// Whose it is; none where it is the booth's.
    pub creator: Option<CreatorId>,
    /// When it was last changed.
    pub updated_at: UnixMillis,
}

/// A photographer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creator {
    /// Its id.
    pub id: CreatorId,
    /// Its name; a folder of originals has it too.
    pub name: String,
    /// The look of frames that this creator shot, unless a frame has its own.
    pub look: Option<StoredRecipe>,
}

impl Catalog {
    /// All presets, by name.
    pub async fn presets(&self) -> Result<Vec<Preset>, CatalogError> {
        let rows = sqlx::query!(
            r#"SELECT p.name, p.creator, p.updated_at_ms, r.hash AS "hash!", r.json AS "json!"
               FROM preset p JOIN recipe r ON r.hash = p.recipe ORDER BY p.name COLLATE NOCASE, p.name"#
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| {
                let creator = row.creator.as_deref().map(CreatorId::from_slice).transpose();
                Ok(Preset {
                    name: row.name,
                    recipe: stored(&row.hash, row.json)?,
                    creator: creator.map_err(CatalogError::corrupt)?,
                    updated_at: UnixMillis(row.updated_at_ms),
                })
            })
            .collect()
    }

    /// Keeps a look under a name of 1 to 60 characters; one that has the name is replaced.
    pub async fn put_preset(
        &self,
        name: &str,
        recipe: &StoredRecipe,
        creator: Option<CreatorId>,
        now: UnixMillis,
    ) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let others = sqlx::query_scalar!(r#"SELECT count(*) AS "n!: i64" FROM preset WHERE name <> ?"#, name)
            .fetch_one(&mut *tx)
            .await?;
        if others >= PRESETS_MAX {
            return Err(CatalogError::TooMany { what: "presets", max: PRESETS_MAX as usize });
        }
        let hash = keep(&mut tx, recipe).await?;
        let creator = match creator {
            Some(creator) => {
                let creator = creator.as_bytes().to_vec();
                known_creator(&mut tx, &creator).await?;
                Some(creator)
            }
            None => None,
        };
        sqlx::query!(
            "INSERT INTO preset (name, creator, recipe, updated_at_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET creator = ?2, recipe = ?3, updated_at_ms = ?4",
            name,
            creator,
            hash,
            now.0
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a preset. Frames that have its look keep it.
    pub async fn delete_preset(&self, name: &str) -> Result<(), CatalogError> {
        let done = sqlx::query!("DELETE FROM preset WHERE name = ?", name).execute(&self.writer).await?;
        if done.rows_affected() == 0 { Err(CatalogError::Missing("preset of that name")) } else { Ok(()) }
    }

    /// Every creator, by name.
    pub async fn creators(&self) -> Result<Vec<Creator>, CatalogError> {
        let rows = sqlx::query!(
            r#"SELECT c.id, c.name, r.hash AS "hash?", r.json AS "json?"
               FROM creator c LEFT JOIN recipe r ON r.hash = c.recipe ORDER BY c.name LIMIT ?"#,
            CREATORS_LISTED_MAX
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Creator {
                    id: CreatorId::from_slice(&row.id).map_err(CatalogError::corrupt)?,
                    name: row.name,
                    look: row.hash.zip(row.json).map(|(hash, json)| stored(&hash, json)).transpose()?,
                })
            })
            .collect()
    }

    /// Gives a creator a look, or takes it away. The creator's frames of this event that are shown with another one are
    /// developed anew; returns how many.
    pub async fn set_creator_look(
        &self,
        event: EventId,
        creator: CreatorId,
        recipe: Option<&StoredRecipe>,
        now: UnixMillis,
    ) -> Result<usize, CatalogError> {
        let mut tx = self.begin().await?;
        let (id, hash) = (creator.as_bytes().as_slice(), keep_some(&mut tx, recipe).await?);
        known_creator(&mut tx, id).await?;
        sqlx::query!("UPDATE creator SET recipe = ? WHERE id = ?", hash, id).execute(&mut *tx).await?;
        let queued = look::requeue(&mut tx, event, &Scope::Creator(creator), now).await?;
        tx.commit().await?;
        Ok(self.tell_queued(queued))
    }
}

async fn known_creator(tx: &mut sqlx::SqliteConnection, id: &[u8]) -> Result<(), CatalogError> {
    sqlx::query_scalar!(r#"SELECT 1 AS "one!: i64" FROM creator WHERE id = ?"#, id)
        .fetch_optional(tx)
        .await?
        .map(|_| ())
        .ok_or(CatalogError::Missing("creator of that id"))
}
