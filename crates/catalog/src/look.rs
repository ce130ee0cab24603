//! Which look a frame has, and the queue that follows when one changes.
//!
//! A frame's own look comes before its creator's, the creator's before the event's.

use std::str::FromStr;

use model::{CreatorId, EventId, FrameId, UnixMillis};
use sqlx::SqliteConnection;

use crate::{
    Catalog, CatalogError, Change, Prior,
    develop_job::prior_of,
    recipe::{StoredRecipe, keep_some, stored},
};

/// Frames that one command may give a look.
const LOOKS_MAX: usize = 1000;
/// Behind everything that arrives now: frames that were shown before get their new look meanwhile.
const PRIORITY_LOOK: i64 = 15;
/// Of a frame that somebody works on.
const PRIORITY_WORKED_ON: i64 = -5;
/// Frames of one change that are told one by one; the rest are told when their picture is there.
const TOLD_MAX: usize = 500;

/// Whose look a frame has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookSource {
    /// Its own.
    Frame,
    /// Its creator's.
    Creator,
    /// The event's.
    Event,
}

impl FromStr for LookSource {
    type Err = CatalogError;

    fn from_str(text: &str) -> Result<Self, CatalogError> {
        match text {
            "frame" => Ok(Self::Frame),
            "creator" => Ok(Self::Creator),
            "event" => Ok(Self::Event),
            other => Err(CatalogError::corrupt(other)),
        }
    }
}

/// How far a frame's development is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookState {
    /// The camera's own picture is shown, and no other one is coming.
    Embedded,
    /// A development with its look waits or runs.
    Waiting,
    /// The picture that is shown was developed.
    Developed,
    /// The development with its look failed; what was shown before stays.
    Failed,
}

impl FromStr for LookState {
    type Err = CatalogError;

    fn from_str(text: &str) -> Result<Self, CatalogError> {
        match text {
            "embedded" => Ok(Self::Embedded),
            "waiting" => Ok(Self::Waiting),
            "developed" => Ok(Self::Developed),
            "failed" => Ok(Self::Failed),
            other => Err(CatalogError::corrupt(other)),
        }
    }
}

/// A frame's look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameLook {
    /// The look; none where the event has none.
    pub recipe: Option<StoredRecipe>,
    /// Whose it is.
    pub source: LookSource,
    /// Whether the frame has a raw.
    pub raw: bool,
    /// Whether that raw was found to be of a kind that is not developed.
    pub undevelopable: bool,
    /// How far its development is.
    pub state: LookState,
    /// Why it is not developed, in plain words, where a try came to that.
    pub reason: Option<String>,
}

/// A frame's raw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFile {
    /// Below the originals folder where it landed; absolute at its source where it did not yet.
    pub path: String,
    /// Which of both.
    pub landed: bool,
    /// What auto came to in its burst.
    pub prior: Option<Prior>,
}

/// Which frames of an event a change of look concerns.
pub(crate) enum Scope {
    Event,
    Creator(CreatorId),
    Frame(i64),
}

impl Catalog {
    /// The frame's look and how far it is.
    pub async fn frame_look(&self, frame: FrameId) -> Result<Option<FrameLook>, CatalogError> {
        let id = frame.as_bytes().as_slice();
        let row = sqlx::query!(
            r#"SELECT l.source AS "source!: String", l.raw AS "raw!: bool", v.look AS "look!: String",
                      r.hash AS "hash?: Vec<u8>", r.json AS "json?: String", d.outcome AS "outcome?: String",
                      CASE WHEN d.outcome = 'undevelopable' OR d.tried = l.recipe THEN d.reason END AS "reason?: String"
               FROM frame f JOIN look_view l ON l.seq = f.seq JOIN frame_view v ON v.seq = f.seq
               LEFT JOIN recipe r ON r.hash = l.recipe LEFT JOIN development d ON d.frame = f.seq WHERE f.id = ?"#,
            id
        )
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(FrameLook {
                recipe: row.hash.zip(row.json).map(|(hash, json)| stored(&hash, json)).transpose()?,
                source: row.source.parse()?,
                raw: row.raw,
                undevelopable: row.outcome.as_deref() == Some("undevelopable"),
                state: row.look.parse()?,
                reason: row.reason,
            })
        })
        .transpose()
    }

    /// Where the frame's raw lies, for a look at it without a job; none where it has none.
    pub async fn raw_file(&self, frame: FrameId) -> Result<Option<RawFile>, CatalogError> {
        let mut tx = self.readers.begin().await?;
        let id = frame.as_bytes().as_slice();
        let row = sqlx::query!(
            r#"SELECT f.seq AS "seq!",
                      (SELECT path FROM original WHERE frame = f.seq AND kind = 'raw' LIMIT 1) AS "landed?: String",
                      (SELECT source_path FROM arrival WHERE frame = f.seq AND kind = 'raw' LIMIT 1) AS "arriving?: String"
               FROM frame f WHERE f.id = ?"#,
            id
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let landed = row.landed.is_some();
        let Some(path) = row.landed.or(row.arriving) else { return Ok(None) };
        let prior = prior_of(&mut tx, row.seq).await?;
        Ok(Some(RawFile { path, landed, prior }))
    }

    /// Gives frames a look of their own, or takes it away; unknown ids are passed over. What is shown with another look
    /// is developed anew. Returns how many frames there were.
    pub async fn set_frame_looks(
        &self,
        event: EventId,
        frames: &[FrameId],
        recipe: Option<&StoredRecipe>,
        now: UnixMillis,
    ) -> Result<usize, CatalogError> {
        if frames.len() > LOOKS_MAX {
            return Err(CatalogError::TooMany { what: "frames", max: LOOKS_MAX });
        }
        let mut tx = self.begin().await?;
        let (id_of_event, hash) = (event.as_bytes().as_slice(), keep_some(&mut tx, recipe).await?);
        let (mut changed, mut queued) = (Vec::new(), Vec::new());
        for &frame in frames {
            let id = frame.as_bytes().as_slice();
            let Some(seq) = sqlx::query_scalar!(
                r#"UPDATE frame SET recipe = ? WHERE id = ? AND event = ? RETURNING seq AS "seq!""#,
                hash,
                id,
                id_of_event
            )
            .fetch_optional(&mut *tx)
            .await?
            else {
                continue;
            };
            // Somebody asks for this very frame: what was no use before may be by now.
            sqlx::query!(
                "DELETE FROM development WHERE frame = ? AND outcome = 'undevelopable' AND recipe IS NULL",
                seq
            )
            .execute(&mut *tx)
            .await?;
            queued.extend(requeue(&mut tx, event, &Scope::Frame(seq), now).await?);
            changed.push(frame);
        }
        tx.commit().await?;
        let count = changed.len();
        // Also those that wait for nothing: whose look it is has changed.
        self.tell_queued(changed);
        Ok(count)
    }

    /// Tells that developments were queued; returns how many.
    pub(crate) fn tell_queued(&self, queued: Vec<FrameId>) -> usize {
        let count = queued.len();
        self.tell(queued.into_iter().take(TOLD_MAX).map(Change::Frame).chain([Change::JobQueued]));
        count
    }
}

/// Queues what is shown with another look than it has by now, and takes back what is not needed any more. Failures are
/// forgiven: with another look it may end differently.
pub(crate) async fn requeue(
    tx: &mut SqliteConnection,
    event: EventId,
    scope: &Scope,
    now: UnixMillis,
) -> Result<Vec<FrameId>, CatalogError> {
    let event = event.as_bytes().as_slice();
    let creator = if let Scope::Creator(creator) = scope { Some(creator.as_bytes().to_vec()) } else { None };
    let (frame, priority) = match scope {
        Scope::Frame(seq) => (Some(*seq), PRIORITY_WORKED_ON),
        Scope::Event | Scope::Creator(_) => (None, PRIORITY_LOOK),
    };
    sqlx::query!(
        "UPDATE development SET tried = NULL WHERE outcome = 'failed' AND frame IN (SELECT seq FROM frame
         WHERE event = ?1 AND (?2 IS NULL OR creator = ?2) AND (?3 IS NULL OR seq = ?3))",
        event,
        creator,
        frame
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM job WHERE part = 'developed' AND running = 0 AND frame IN (
             SELECT l.seq FROM look_view l JOIN frame f ON f.seq = l.seq WHERE l.event = ?1 AND (?2 IS NULL OR l.creator = ?2)
             AND (?3 IS NULL OR l.seq = ?3) AND NOT l.untried AND f.preview = 'ready')",
        event,
        creator,
        frame
    )
    .execute(&mut *tx)
    .await?;
    let queued = sqlx::query_scalar!(
        r#"INSERT INTO job (frame, part, priority, queued_at_ms)
           SELECT l.seq, 'developed', ?4, ?5 FROM look_view l JOIN frame f ON f.seq = l.seq
           WHERE l.event = ?1 AND (?2 IS NULL OR l.creator = ?2) AND (?3 IS NULL OR l.seq = ?3)
             AND l.raw AND l.untried AND l.flow <> 'embedded_only' AND f.preview <> 'waiting'
           ON CONFLICT (frame) DO UPDATE SET part = 'developed', running = 0, attempts = 0, not_before_ms = 0,
               cuts = 0, priority = min(job.priority, excluded.priority)
           WHERE job.part = 'large' OR (job.part = 'developed' AND job.running = 0)
           RETURNING frame"#,
        event,
        creator,
        frame,
        priority,
        now.0
    )
    .fetch_all(&mut *tx)
    .await?;
    ids_of(tx, &queued).await
}

async fn ids_of(tx: &mut SqliteConnection, seqs: &[i64]) -> Result<Vec<FrameId>, CatalogError> {
    let mut newest: Vec<i64> = seqs.to_vec();
    newest.sort_unstable_by(|one, other| other.cmp(one));
    let mut ids = Vec::with_capacity(newest.len());
    for seq in newest {
        ids.push(crate::landing::frame_id(&mut *tx, seq).await?);
    }
    Ok(ids)
}

/// Developments of the event that wait are given up; who waits for a first picture gets the camera's own.
pub(crate) async fn stop_developing(tx: &mut SqliteConnection, event: EventId) -> Result<(), CatalogError> {
    let event = event.as_bytes().as_slice();
    sqlx::query!(
        "DELETE FROM job WHERE part = 'developed' AND frame IN (SELECT f.seq FROM frame f WHERE f.event = ? AND (
             f.preview = 'failed' OR (f.preview = 'ready'
             AND EXISTS (SELECT 1 FROM derivative d WHERE d.frame = f.seq AND d.rung = 'large'))))",
        event
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE job SET running = 0, attempts = 0, not_before_ms = 0,
             part = (SELECT iif(f.preview = 'waiting', 'proofs', 'large') FROM frame f WHERE f.seq = job.frame)
         WHERE part = 'developed' AND frame IN (SELECT seq FROM frame WHERE event = ?)",
        event
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Frames without a picture get the camera's own first.
pub(crate) async fn show_first(tx: &mut SqliteConnection, event: EventId) -> Result<(), CatalogError> {
    let event = event.as_bytes().as_slice();
    sqlx::query!(
        "UPDATE job SET part = 'proofs', attempts = 0, not_before_ms = 0 WHERE part = 'developed' AND running = 0
         AND frame IN (SELECT seq FROM frame WHERE event = ? AND preview = 'waiting')",
        event
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Frames without a picture are developed at once, where they can be.
pub(crate) async fn develop_first(tx: &mut SqliteConnection, event: EventId) -> Result<(), CatalogError> {
    let event = event.as_bytes().as_slice();
    sqlx::query!(
        "UPDATE job SET part = 'developed', attempts = 0, not_before_ms = 0 WHERE part = 'proofs' AND running = 0
         AND frame IN (SELECT seq FROM look_view WHERE event = ? AND raw AND untried)",
        event
    )
    .execute(tx)
    .await?;
    Ok(())
}
