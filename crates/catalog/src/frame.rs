//! Reading frames: the contact sheet, the guest's page, one frame in full.

use model::{CaptureFacts, ContentHash, EventId, FileKind, FrameId, OriginalId, TicketCode, UnixMillis};

use crate::{Catalog, CatalogError, LookState, Stage, Version};

/// How far a frame's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameState {
    /// Shown, not landed.
    Arriving,
    /// Its picture is safe in the originals folder.
    Landed,
}

/// How far a frame's preview is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewState {
    /// In the queue.
    Waiting,
    /// Proofs can be shown.
    Ready,
    /// None can be made; in plain words why.
    Failed(String),
}

/// One press of the shutter.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Its id.
    pub id: FrameId,
    /// Its event.
    pub event: EventId,
    /// Order of arrival; never reused.
    pub seq: i64,
    /// Readable name.
    pub name: String,
    /// Who shot it.
    pub creator: String,
    /// How far its files are.
    pub state: FrameState,
    /// How far its preview is.
    pub preview: PreviewState,
    /// Key of its derivatives.
    pub version: Option<Version>,
    /// Size of the `screen` proof, px: what boxes are made from.
    pub width_px: Option<u32>,
    /// See `width_px`.
    pub height_px: Option<u32>,
    /// ThumbHash of the picture.
    pub thumbhash: Option<Vec<u8>>,
    /// The ticket it is filed under.
    pub ticket: Option<TicketCode>,
    /// What the camera said.
    pub facts: CaptureFacts,
    /// When the studio first saw it.
    pub seen_at: UnixMillis,
    /// Kinds of its files, landed or on their way.
    pub kinds: Vec<FileKind>,
    /// Whether the picture that is shown was developed from its raw.
    pub developed: bool,
    /// How far its development is.
    pub look: LookState,
}

/// One file of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its id.
    pub id: OriginalId,
    /// What it is.
    pub kind: FileKind,
    /// Path below the originals folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its content.
    pub sha256: ContentHash,
    /// When it was safe.
    pub landed_at: UnixMillis,
}

/// A frame with its files and stamps.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameDetail {
    /// The frame.
    pub frame: Frame,
    /// Its landed files.
    pub originals: Vec<Original>,
    /// Its stamps, by time.
    pub stages: Vec<(Stage, UnixMillis)>,
}

/// Which frames, newest first.
#[derive(Clone, Copy, Debug)]
pub struct FrameQuery {
    /// The event.
    pub event: EventId,
    /// Only frames filed under this ticket.
    pub ticket: Option<TicketCode>,
    /// Only frames with proofs: all that a guest can see.
    pub ready_only: bool,
    /// Only frames older than this `seq`.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

struct Row {
    seq: i64,
    id: Vec<u8>,
    event: Vec<u8>,
    stem: String,
    creator: String,
    seen_at_ms: i64,
    facts: String,
    preview: String,
    preview_problem: Option<String>,
    version: Option<String>,
    width_px: Option<i64>,
    height_px: Option<i64>,
    thumbhash: Option<Vec<u8>>,
    ticket: Option<String>,
    landed: bool,
    kinds: Option<String>,
    developed: bool,
    look: String,
}

/// One list of columns for every way of asking: `$tail` is what follows the view's name.
macro_rules! frames {
    ($tail:tt, $($arg:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT seq AS "seq!: i64", id AS "id!: Vec<u8>", event AS "event!: Vec<u8>", stem AS "stem!: String",
                      creator AS "creator!: String", seen_at_ms AS "seen_at_ms!: i64", facts AS "facts!: String",
                      preview AS "preview!: String", preview_problem AS "preview_problem?: String",
                      version AS "version?: String", width_px AS "width_px?: i64", height_px AS "height_px?: i64",
                      thumbhash AS "thumbhash?: Vec<u8>", ticket AS "ticket?: String", landed AS "landed!: bool",
                      kinds AS "kinds?: String", developed AS "developed!: bool", look AS "look!: String" FROM frame_view "# + $tail,
            $($arg),*
        )
    };
}

impl Catalog {
    /// Frames, newest first.
    pub async fn frames(&self, query: &FrameQuery) -> Result<Vec<Frame>, CatalogError> {
        let event = query.event.as_bytes().as_slice();
        let before = query.before.unwrap_or(i64::MAX);
        let rows = if let Some(code) = query.ticket {
            let code = code.as_str();
            frames!(
                "WHERE ticket_id = (SELECT id FROM ticket WHERE event = ?1 AND code = ?2) AND seq < ?3
                 AND (preview = 'ready' OR NOT ?4) ORDER BY seq DESC LIMIT ?5",
                event,
                code,
                before,
                query.ready_only,
                query.limit
            )
            .fetch_all(&self.readers)
            .await?
        } else {
            frames!(
                "WHERE event = ?1 AND seq < ?2 AND (preview = 'ready' OR NOT ?3) ORDER BY seq DESC LIMIT ?4",
                event,
                before,
                query.ready_only,
                query.limit
            )
            .fetch_all(&self.readers)
            .await?
        };
        rows.into_iter().map(frame_of).collect()
    }

    /// The newest frame that is older than none of the query: the page before this one, oldest first.
    pub async fn frames_after(&self, query: &FrameQuery, after: i64) -> Result<Vec<Frame>, CatalogError> {
        let event = query.event.as_bytes().as_slice();
        let code = query.ticket.map(|code| code.to_string());
        let rows = frames!(
            "WHERE event = ?1 AND seq > ?2 AND (?3 IS NULL OR ticket = ?3) AND (preview = 'ready' OR NOT ?4)
             ORDER BY seq LIMIT ?5",
            event,
            after,
            code,
            query.ready_only,
            query.limit
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(frame_of).collect()
    }

    /// One frame.
    pub async fn frame(&self, id: FrameId) -> Result<Option<Frame>, CatalogError> {
        let id = id.as_bytes().as_slice();
        frames!("WHERE id = ?1", id).fetch_optional(&self.readers).await?.map(frame_of).transpose()
    }

    /// The frame whose derivatives have that key, or had it until a moment ago: phones may still hold the address.
    pub async fn frame_by_version(&self, version: &Version) -> Result<Option<Frame>, CatalogError> {
        let version = version.as_str();
        frames!("WHERE version = ?1 OR seq = (SELECT frame FROM superseded WHERE version = ?1)", version)
            .fetch_optional(&self.readers)
            .await?
            .map(frame_of)
            .transpose()
    }

    /// One frame in full.
    pub async fn frame_detail(&self, id: FrameId) -> Result<Option<FrameDetail>, CatalogError> {
        let Some(frame) = self.frame(id).await? else { return Ok(None) };
        let originals = sqlx::query!(
            "SELECT id, kind, path, bytes, sha256, landed_at_ms FROM original WHERE frame = ? ORDER BY kind, path",
            frame.seq
        )
        .fetch_all(&self.readers)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Original {
                id: OriginalId::from_slice(&row.id).map_err(CatalogError::corrupt)?,
                kind: FileKind::from_name(&row.kind).ok_or_else(|| CatalogError::corrupt(&row.kind))?,
                path: row.path,
                bytes: row.bytes as u64,
                sha256: ContentHash::from_slice(&row.sha256).map_err(CatalogError::corrupt)?,
                landed_at: UnixMillis(row.landed_at_ms),
            })
        })
        .collect::<Result<_, CatalogError>>()?;
        let stages = sqlx::query!("SELECT stage, at_ms FROM stage WHERE frame = ? ORDER BY at_ms", frame.seq)
            .fetch_all(&self.readers)
            .await?
            .into_iter()
            .map(|row| Ok((row.stage.parse()?, UnixMillis(row.at_ms))))
            .collect::<Result<_, CatalogError>>()?;
        Ok(Some(FrameDetail { frame, originals, stages }))
    }

    /// How many frames the event has; with a ticket, how many of them are filed under it and can be seen by its guest.
    pub async fn frame_count(&self, event: EventId, ticket: Option<TicketCode>) -> Result<i64, CatalogError> {
        let event = event.as_bytes().as_slice();
        let code = ticket.map(|code| code.to_string());
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!: i64" FROM frame f LEFT JOIN ticket t ON t.id = f.ticket
               WHERE f.event = ?1 AND (?2 IS NULL OR (t.code = ?2 AND f.preview = 'ready'))"#,
            event,
            code
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// How many frames a guest can see: those with proofs.
    pub async fn ready_count(&self, event: EventId) -> Result<i64, CatalogError> {
        let event = event.as_bytes().as_slice();
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!: i64" FROM frame WHERE event = ? AND preview = 'ready'"#,
            event
        )
        .fetch_one(&self.readers)
        .await?)
    }
}

pub(crate) fn facts_of(json: &str) -> Result<CaptureFacts, CatalogError> {
    serde_json::from_str(json).map_err(CatalogError::corrupt)
}

fn frame_of(row: Row) -> Result<Frame, CatalogError> {
    let preview = match row.preview.as_str() {
        "waiting" => PreviewState::Waiting,
        "ready" => PreviewState::Ready,
        _ => PreviewState::Failed(row.preview_problem.unwrap_or_default()),
    };
    let kinds = row.kinds.unwrap_or_default();
    Ok(Frame {
        id: FrameId::from_slice(&row.id).map_err(CatalogError::corrupt)?,
        event: EventId::from_slice(&row.event).map_err(CatalogError::corrupt)?,
        seq: row.seq,
        name: row.stem,
        creator: row.creator,
        state: if row.landed { FrameState::Landed } else { FrameState::Arriving },
        preview,
        version: row.version.map(|text| text.parse().map_err(CatalogError::corrupt)).transpose()?,
        width_px: row.width_px.map(|px| px as u32),
        height_px: row.height_px.map(|px| px as u32),
        thumbhash: row.thumbhash,
        ticket: row.ticket.map(|code| code.parse().map_err(CatalogError::corrupt)).transpose()?,
        facts: facts_of(&row.facts)?,
        seen_at: UnixMillis(row.seen_at_ms),
        kinds: kinds.split(',').filter_map(FileKind::from_name).collect(),
        developed: row.developed,
        look: row.look.parse()?,
    })
}
