//! Tickets: a guest's claim, given before the shutter.

use model::{EventId, FrameId, TicketCode, TicketId, UnixMillis};

use crate::{Catalog, CatalogError, Change};

/// Frames that one command may move.
const ASSIGN_MAX: usize = 2000;

/// A ticket with what is filed under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// What the guest shows.
    pub code: TicketCode,
    /// Frames filed under it.
    pub frames: i64,
    /// When it was given.
    pub created_at: UnixMillis,
}

/// A frame that was moved, and where it lay before: what undo needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reassigned {
    /// The frame.
    pub frame: FrameId,
    /// Its ticket before.
    pub before: Option<TicketCode>,
}

impl Catalog {
    /// Mints a ticket and makes it the current one: frames that arrive from now on are filed under it.
    /// `codes` are tried in turn until one is free.
    pub async fn mint_ticket(
        &self,
        event: EventId,
        fresh: TicketId,
        codes: impl IntoIterator<Item = TicketCode>,
        now: UnixMillis,
    ) -> Result<Ticket, CatalogError> {
        let mut tx = self.begin().await?;
        let (event, id) = (event.as_bytes().as_slice(), fresh.as_bytes().as_slice());
        for code in codes {
            let text = code.as_str();
            let made = sqlx::query!(
                "INSERT INTO ticket (id, event, code, created_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (event, code) DO NOTHING",
                id,
                event,
                text,
                now.0
            )
            .execute(&mut *tx)
            .await?;
            if made.rows_affected() == 1 {
                sqlx::query!("UPDATE event SET current_ticket = ? WHERE id = ?", id, event).execute(&mut *tx).await?;
                tx.commit().await?;
                self.tell([Change::Tickets]);
                return Ok(Ticket { code, frames: 0, created_at: now });
            }
        }
        Err(CatalogError::CodesExhausted)
    }

    /// Puts back a ticket that an originals folder remembers; nothing changes if it is there.
    pub async fn restore_ticket(
        &self,
        event: EventId,
        fresh: TicketId,
        code: TicketCode,
        created_at: UnixMillis,
    ) -> Result<(), CatalogError> {
        let (event, id, text) = (event.as_bytes().as_slice(), fresh.as_bytes().as_slice(), code.as_str());
        sqlx::query!(
            "INSERT INTO ticket (id, event, code, created_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (event, code) DO NOTHING",
            id,
            event,
            text,
            created_at.0
        )
        .execute(&self.writer)
        .await?;
        self.tell([Change::Tickets]);
        Ok(())
    }

    /// The event's tickets, newest first.
    pub async fn tickets(&self, event: EventId) -> Result<Vec<Ticket>, CatalogError> {
        let event = event.as_bytes().as_slice();
        let rows = sqlx::query!(
            r#"SELECT t.code, t.created_at_ms, (SELECT count(*) FROM frame f WHERE f.ticket = t.id) AS "frames!: i64"
               FROM ticket t WHERE t.event = ? ORDER BY t.created_at_ms DESC, t.code"#,
            event
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Ticket {
                    code: row.code.parse().map_err(CatalogError::corrupt)?,
                    frames: row.frames,
                    created_at: UnixMillis(row.created_at_ms),
                })
            })
            .collect()
    }

    /// Whether the event has a ticket of that code.
    pub async fn has_ticket(&self, event: EventId, code: TicketCode) -> Result<bool, CatalogError> {
        let (event, code) = (event.as_bytes().as_slice(), code.as_str());
        let found =
            sqlx::query_scalar!(r#"SELECT 1 AS "one!: i64" FROM ticket WHERE event = ? AND code = ?"#, event, code)
                .fetch_optional(&self.readers)
                .await?;
        Ok(found.is_some())
    }

    /// The ticket under which arriving frames are filed.
    pub async fn current_ticket(&self, event: EventId) -> Result<Option<TicketCode>, CatalogError> {
        let event = event.as_bytes().as_slice();
        let code = sqlx::query_scalar!(
            "SELECT t.code FROM event e JOIN ticket t ON t.id = e.current_ticket WHERE e.id = ?",
            event
        )
        .fetch_optional(&self.readers)
        .await?;
        code.map(|code| code.parse().map_err(CatalogError::corrupt)).transpose()
    }

    /// Files arriving frames under that ticket from now on, or under none.
    pub async fn set_current_ticket(&self, event: EventId, code: Option<TicketCode>) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let ticket = ticket_id(&mut tx, event, code).await?;
        let event = event.as_bytes().as_slice();
        sqlx::query!("UPDATE event SET current_ticket = ? WHERE id = ?", ticket, event).execute(&mut *tx).await?;
        tx.commit().await?;
        self.tell([Change::Tickets]);
        Ok(())
    }

    /// Files these frames under that ticket, or under none; unknown ids are passed over.
    pub async fn assign(
        &self,
        event: EventId,
        frames: &[FrameId],
        code: Option<TicketCode>,
    ) -> Result<Vec<Reassigned>, CatalogError> {
        if frames.len() > ASSIGN_MAX {
            return Err(CatalogError::TooMany { what: "frames", max: ASSIGN_MAX });
        }
        let mut tx = self.begin().await?;
        let ticket = ticket_id(&mut tx, event, code).await?;
        let mut moved = Vec::new();
        for &frame in frames {
            let (id, event) = (frame.as_bytes().as_slice(), event.as_bytes().as_slice());
            let Some(row) = sqlx::query!(
                "SELECT f.seq, t.code AS \"code?\" FROM frame f LEFT JOIN ticket t ON t.id = f.ticket WHERE f.id = ? AND f.event = ?",
                id,
                event
            )
            .fetch_optional(&mut *tx)
            .await?
            else {
                continue;
            };
            sqlx::query!("UPDATE frame SET ticket = ? WHERE seq = ?", ticket, row.seq).execute(&mut *tx).await?;
            let before = row.code.map(|code| code.parse().map_err(CatalogError::corrupt)).transpose()?;
            moved.push(Reassigned { frame, before });
        }
        tx.commit().await?;
        self.tell(moved.iter().map(|moved| Change::Frame(moved.frame)).chain([Change::Tickets]));
        Ok(moved)
    }
}

async fn ticket_id(
    tx: &mut sqlx::SqliteConnection,
    event: EventId,
    code: Option<TicketCode>,
) -> Result<Option<Vec<u8>>, CatalogError> {
    let Some(code) = code else { return Ok(None) };
    let (event, code) = (event.as_bytes().as_slice(), code.as_str());
    let id = sqlx::query_scalar!("SELECT id FROM ticket WHERE event = ? AND code = ?", event, code)
        .fetch_optional(tx)
        .await?
        .ok_or(CatalogError::Missing("ticket of that code"))?;
    Ok(Some(id))
}
