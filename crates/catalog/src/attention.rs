//! Files that need a person: what happened, what is safe, what to do next. Nothing is ever deleted.

use model::{AttentionId, EventId, UnixMillis};

use crate::{
    Catalog, CatalogError, Change,
    landing::{drop_if_empty, remember_source},
};

/// The longest list that is read at once; the total says how many there are.
const LISTED_MAX: i64 = 500;

/// A file that could not be taken.
#[derive(Clone, Debug)]
pub struct NewAttention {
    /// The id of the item, should it be new.
    pub fresh: AttentionId,
    /// The event.
    pub event: EventId,
    /// Where the file stands.
    pub source_path: String,
    /// Its size and time, so that it is not examined again before it changes.
    pub source_bytes: u64,
    /// See `source_bytes`.
    pub source_mtime_ns: i64,
    /// The source's name, as the operator knows it.
    pub source: String,
    /// What happened.
    pub problem: String,
    /// What is safe.
    pub safe: String,
    /// What to do next.
    pub next: String,
    /// When.
    pub at: UnixMillis,
}

/// An item of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Its id.
    pub id: AttentionId,
    /// Where the file stands.
    pub source_path: String,
    /// The source's name.
    pub source: String,
    /// What happened.
    pub problem: String,
    /// What is safe.
    pub safe: String,
    /// What to do next.
    pub next: String,
    /// When.
    pub at: UnixMillis,
}

impl Catalog {
    /// Puts a file on the list, and takes it back from view where it was shown already.
    pub async fn attend(&self, item: &NewAttention) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let (id, event) = (item.fresh.as_bytes().as_slice(), item.event.as_bytes().as_slice());
        sqlx::query!(
            "INSERT INTO attention (id, event, source_path, source, problem, safe, next, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (source_path) DO UPDATE SET problem = ?5, safe = ?6, next = ?7, at_ms = ?8, dismissed = 0",
            id,
            event,
            item.source_path,
            item.source,
            item.problem,
            item.safe,
            item.next,
            item.at.0
        )
        .execute(&mut *tx)
        .await?;
        remember_source(&mut tx, &item.source_path, item.source_bytes, item.source_mtime_ns).await?;
        let seq = sqlx::query_scalar!("DELETE FROM arrival WHERE source_path = ? RETURNING frame", item.source_path)
            .fetch_optional(&mut *tx)
            .await?
            .flatten();
        let gone = match seq {
            Some(seq) => drop_if_empty(&mut tx, seq).await?,
            None => None,
        };
        tx.commit().await?;
        self.tell(gone.map(Change::FrameGone).into_iter().chain([Change::Attention]));
        Ok(())
    }

    /// The newest items, and how many there are.
    pub async fn attention(&self, event: EventId) -> Result<(Vec<Attention>, i64), CatalogError> {
        let event = event.as_bytes().as_slice();
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!: i64" FROM attention WHERE event = ? AND dismissed = 0"#,
            event
        )
        .fetch_one(&self.readers)
        .await?;
        let rows = sqlx::query!(
            "SELECT id, source_path, source, problem, safe, next, at_ms FROM attention
             WHERE event = ? AND dismissed = 0 ORDER BY at_ms DESC, id DESC LIMIT ?",
            event,
            LISTED_MAX
        )
        .fetch_all(&self.readers)
        .await?;
        let items = rows
            .into_iter()
            .map(|row| {
                Ok(Attention {
                    id: AttentionId::from_slice(&row.id).map_err(CatalogError::corrupt)?,
                    source_path: row.source_path,
                    source: row.source,
                    problem: row.problem,
                    safe: row.safe,
                    next: row.next,
                    at: UnixMillis(row.at_ms),
                })
            })
            .collect::<Result<_, CatalogError>>()?;
        Ok((items, total))
    }

    /// Takes an item off the list; its file stays where it is.
    pub async fn dismiss_attention(&self, id: AttentionId) -> Result<(), CatalogError> {
        let id = id.as_bytes().as_slice();
        let done = sqlx::query!("UPDATE attention SET dismissed = 1 WHERE id = ?", id).execute(&self.writer).await?;
        self.tell([Change::Attention]);
        if done.rows_affected() == 0 { Err(CatalogError::Missing("item of that id")) } else { Ok(()) }
    }

    /// Takes an item off the list and forgets that its file was examined. Returns the path to examine again.
    pub async fn retry_attention(&self, id: AttentionId) -> Result<String, CatalogError> {
        let mut tx = self.begin().await?;
        let id = id.as_bytes().as_slice();
        let path = sqlx::query_scalar!("DELETE FROM attention WHERE id = ? RETURNING source_path", id)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(CatalogError::Missing("item of that id"))?;
        sqlx::query!("DELETE FROM source_file WHERE path = ?", path).execute(&mut *tx).await?;
        tx.commit().await?;
        self.tell([Change::Attention]);
        Ok(path)
    }
}
