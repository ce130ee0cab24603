//! The queue of previews: in the database, so that it survives a crash.

use model::{FileKind, FrameId, Orientation, Rung, UnixMillis};

use sqlx::SqliteConnection;

use crate::{
    Catalog, CatalogError, Change, Prior, Stage, StoredRecipe, Version, develop_job::prior_of, frame::facts_of,
    recipe::stored, stage,
};

/// Tries before a part of a frame is called failed.
pub(crate) const ATTEMPTS_MAX: i64 = 3;
/// Wait after a failed try; doubled at the next.
pub(crate) const RETRY_MS: i64 = 500;

/// What of a frame's derivatives is to be made. Proofs of every frame go before anything else of any frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `screen` and `thumb` of the camera's own picture: what guests wait for.
    Proofs,
    /// All rungs of the developed picture.
    Developed,
    /// `large` of the camera's own picture, where that is what is shown: what the operator's loupe shows.
    Large,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Proofs => "proofs",
            Self::Developed => "developed",
            Self::Large => "large",
        }
    }
}

/// How a frame is to be developed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The look.
    pub recipe: StoredRecipe,
    /// What auto came to in its burst.
    pub prior: Option<Prior>,
}

/// A frame whose preview is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which part of it.
    pub part: Part,
    /// The frame.
    pub frame: FrameId,
    /// Its name, for the watermark.
    pub name: String,
    /// Files it can be made from: (kind, path below the originals folder) for landed ones.
    pub landed: Vec<(FileKind, String)>,
    /// The same for files on their way: (kind, absolute path at the source).
    pub arriving: Vec<(FileKind, String)>,
    /// How to turn a picture that does not say so itself.
    pub orientation: Orientation,
    /// This try's number, from 1.
    pub attempt: i64,
    /// For a development: how.
    pub wish: Option<Wish>,
}

/// A derivative that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeDerivative {
    /// Its rung.
    pub rung: Rung,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its width, px.
    pub width_px: u32,
    /// Its height, px.
    pub height_px: u32,
}

/// A first preview that is on disk.
#[derive(Clone, Debug)]
pub struct MadePreview {
    /// The key its derivatives lie under.
    pub version: Version,
    /// What was written.
    pub derivatives: Vec<MadeDerivative>,
    /// ThumbHash of the picture without its mark, where it was made with these.
    pub thumbhash: Option<Vec<u8>>,
    /// When the worker had decoded it, and when proofs were encoded.
    pub stages: Vec<(Stage, UnixMillis)>,
}

/// The queue as the strip shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Frames whose first picture waits or is being made.
    pub depth: i64,
    /// When the one that waits longest was queued.
    pub oldest: Option<UnixMillis>,
    /// Frames that are shown and of which something is still to come: the developed picture, or `large`.
    pub behind: i64,
}

impl Catalog {
    /// Takes the next job of that part: the most urgent priority, within it the newest frame.
    pub async fn claim_job(&self, part: Part, now: UnixMillis) -> Result<Option<Job>, CatalogError> {
        let mut tx = self.begin().await?;
        let name = part.name();
        let next = sqlx::query_scalar!(
            "SELECT frame FROM job WHERE part = ? AND running = 0 AND not_before_ms <= ? ORDER BY priority, frame DESC LIMIT 1",
            name,
            now.0
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(seq) = next else { return Ok(None) };
        let job = take(&mut tx, seq, part).await?;
        tx.commit().await?;
        Ok(Some(job))
    }

    /// Takes the next development or `large`, whichever is more urgent; of two that are alike the development.
    pub async fn claim_behind(&self, now: UnixMillis) -> Result<Option<Job>, CatalogError> {
        let mut tx = self.begin().await?;
        let next = sqlx::query!(
            r#"SELECT frame AS "seq!: i64", rank AS "rank!: i64" FROM (
                   SELECT * FROM (SELECT frame, priority, 0 AS rank FROM job WHERE part = 'developed' AND running = 0
                                  AND not_before_ms <= ?1 ORDER BY priority, frame DESC LIMIT 1)
                   UNION ALL
                   SELECT * FROM (SELECT frame, priority, 1 AS rank FROM job WHERE part = 'large' AND running = 0
                                  AND not_before_ms <= ?1 ORDER BY priority, frame DESC LIMIT 1)
               ) ORDER BY priority, rank LIMIT 1"#,
            now.0
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(next) = next else { return Ok(None) };
        let part = if next.rank == 0 { Part::Developed } else { Part::Large };
        let job = take(&mut tx, next.seq, part).await?;
        tx.commit().await?;
        Ok(Some(job))
    }

    /// When the next job that waits for its time may run.
    pub async fn next_job_at(&self) -> Result<Option<UnixMillis>, CatalogError> {
        let at = sqlx::query_scalar!(r#"SELECT min(not_before_ms) AS "at: i64" FROM job WHERE running = 0"#)
            .fetch_one(&self.readers)
            .await?;
        Ok(at.map(UnixMillis))
    }

    /// What was made of the camera's own picture is on disk: the frame can be shown. `done` ends the job; otherwise its
    /// development or its `large` follows when its turn comes. Returns false, and changes nothing, when the frame was taken
    /// back meanwhile or is shown developed by now.
    pub async fn finish_preview(&self, frame: FrameId, made: &MadePreview, done: bool) -> Result<bool, CatalogError> {
        let mut tx = self.begin().await?;
        let (id, version) = (frame.as_bytes().as_slice(), made.version.as_str());
        let Some(row) = sqlx::query!(
            r#"SELECT f.seq AS "seq!", j.part AS "part?: String",
                      d.recipe IS NOT NULL AND f.version IS NOT ?2 AND f.preview <> 'waiting' AS "overtaken!: bool"
               FROM frame f LEFT JOIN job j ON j.frame = f.seq LEFT JOIN development d ON d.frame = f.seq WHERE f.id = ?1"#,
            id,
            version
        )
        .fetch_optional(&mut *tx)
        .await?
        else {
            return Ok(false);
        };
        if row.overtaken || (!done && row.part.as_deref() != Some("proofs")) {
            return Ok(false);
        }
        show(&mut tx, row.seq, made).await?;
        if done {
            sqlx::query!("DELETE FROM job WHERE frame = ? AND part <> 'developed'", row.seq).execute(&mut *tx).await?;
        } else {
            sqlx::query!(
                "UPDATE job SET running = 0, attempts = 0, part = (SELECT iif(raw AND untried AND flow <> 'embedded_only',
                     'developed', 'large') FROM look_view WHERE seq = job.frame) WHERE frame = ?",
                row.seq
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.tell(std::iter::once(Change::Frame(frame)).chain((!done).then_some(Change::JobQueued)));
        Ok(true)
    }

    /// The try failed: it is tried again later where that is worth it and tries are left, or the preview is called failed.
    pub async fn fail_preview(
        &self,
        frame: FrameId,
        problem: &str,
        worth_a_retry: bool,
        now: UnixMillis,
    ) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        let Some(row) = sqlx::query!(
            r#"SELECT f.seq AS "seq!", f.preview, j.attempts FROM frame f
               JOIN job j ON j.frame = f.seq AND j.part <> 'developed' WHERE f.id = ?"#,
            id
        )
        .fetch_optional(&mut *tx)
        .await?
        else {
            return Ok(());
        };
        if worth_a_retry && row.attempts < ATTEMPTS_MAX {
            let not_before = now.0 + (RETRY_MS << row.attempts.clamp(0, 6));
            sqlx::query!("UPDATE job SET running = 0, not_before_ms = ? WHERE frame = ?", not_before, row.seq)
                .execute(&mut *tx)
                .await?;
        } else {
            sqlx::query!("DELETE FROM job WHERE frame = ?", row.seq).execute(&mut *tx).await?;
            // A proof that stands stays: only what was to follow it failed.
            sqlx::query!(
                "UPDATE frame SET preview = 'failed', preview_problem = ? WHERE seq = ? AND preview = 'waiting'",
                problem,
                row.seq
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.tell([Change::Frame(frame), Change::JobQueued]);
        Ok(())
    }

    /// Queues the preview of a frame again: its derivatives were lost. Its development follows as if it were the first.
    pub async fn requeue_preview(&self, frame: FrameId, priority: i64, now: UnixMillis) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        let seq = sqlx::query_scalar!(
            r#"UPDATE frame SET preview = 'waiting', preview_problem = NULL WHERE id = ? RETURNING seq AS "seq!""#,
            id
        )
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(CatalogError::Missing("frame of that id"))?;
        sqlx::query!("DELETE FROM development WHERE frame = ?", seq).execute(&mut *tx).await?;
        crate::arrival::queue_preview(&mut tx, seq, priority, now).await?;
        tx.commit().await?;
        self.tell([Change::Frame(frame), Change::JobQueued]);
        Ok(())
    }

    /// Queues `large` alone: the proofs stand, and guests go on seeing them. One that waits already is hurried. Where the
    /// picture that is shown was developed, it is developed again.
    pub async fn requeue_large(&self, frame: FrameId, priority: i64, now: UnixMillis) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        sqlx::query!(
            "INSERT INTO job (frame, part, priority, queued_at_ms)
             SELECT f.seq, iif(d.recipe IS NULL, 'large', 'developed'), ?2, ?3
             FROM frame f LEFT JOIN development d ON d.frame = f.seq WHERE f.id = ?1
             ON CONFLICT (frame) DO UPDATE SET priority = min(priority, excluded.priority)",
            id,
            priority,
            now.0
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        self.tell([Change::JobQueued]);
        Ok(())
    }

    /// Depth and oldest age of the queue.
    pub async fn queue_state(&self) -> Result<QueueState, CatalogError> {
        let row = sqlx::query!(
            r#"SELECT count(*) FILTER (WHERE f.preview = 'waiting') AS "depth!: i64",
                      min(j.queued_at_ms) FILTER (WHERE f.preview = 'waiting') AS "oldest: i64",
                      count(*) FILTER (WHERE f.preview <> 'waiting') AS "behind!: i64"
               FROM job j JOIN frame f ON f.seq = j.frame"#
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(QueueState { depth: row.depth, oldest: row.oldest.map(UnixMillis), behind: row.behind })
    }
}

/// Marks a job as running, and reads what it needs.
async fn take(tx: &mut SqliteConnection, seq: i64, part: Part) -> Result<Job, CatalogError> {
    let attempt = sqlx::query_scalar!(
        "UPDATE job SET running = 1, attempts = attempts + 1 WHERE frame = ? RETURNING attempts",
        seq
    )
    .fetch_one(&mut *tx)
    .await?;
    let frame = sqlx::query!("SELECT id, stem, facts FROM frame WHERE seq = ?", seq).fetch_one(&mut *tx).await?;
    let landed = sqlx::query!("SELECT kind, path FROM original WHERE frame = ? AND kind <> 'sidecar'", seq)
        .fetch_all(&mut *tx)
        .await?;
    let arriving = sqlx::query!("SELECT kind, source_path FROM arrival WHERE frame = ? AND kind <> 'sidecar'", seq)
        .fetch_all(&mut *tx)
        .await?;
    let kind = |name: &str| FileKind::from_name(name).ok_or_else(|| CatalogError::corrupt(name));
    Ok(Job {
        part,
        frame: FrameId::from_slice(&frame.id).map_err(CatalogError::corrupt)?,
        name: frame.stem,
        landed: landed.into_iter().map(|row| Ok((kind(&row.kind)?, row.path))).collect::<Result<_, CatalogError>>()?,
        arriving: arriving
            .into_iter()
            .map(|row| Ok((kind(&row.kind)?, row.source_path)))
            .collect::<Result<_, CatalogError>>()?,
        orientation: facts_of(&frame.facts)?.orientation,
        attempt,
        wish: if part == Part::Developed { wish_of(tx, seq).await? } else { None },
    })
}

async fn wish_of(tx: &mut SqliteConnection, seq: i64) -> Result<Option<Wish>, CatalogError> {
    let row = sqlx::query!(
        r#"SELECT r.hash AS "hash!: Vec<u8>", r.json AS "json!: String" FROM look_view l JOIN recipe r ON r.hash = l.recipe
           WHERE l.seq = ?"#,
        seq
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let prior = prior_of(tx, seq).await?;
    Ok(Some(Wish { recipe: stored(&row.hash, row.json)?, prior }))
}

/// The frame is shown with these derivatives of the camera's own picture.
async fn show(tx: &mut SqliteConnection, seq: i64, made: &MadePreview) -> Result<(), CatalogError> {
    let version = made.version.as_str();
    let screen = made.derivatives.iter().find(|made| made.rung == Rung::Screen);
    let (width, height) = (screen.map(|made| made.width_px), screen.map(|made| made.height_px));
    sqlx::query!(
        "UPDATE frame SET preview = 'ready', preview_problem = NULL, version = ?, thumbhash = coalesce(?, thumbhash),
         width_px = coalesce(?, width_px), height_px = coalesce(?, height_px) WHERE seq = ?",
        version,
        made.thumbhash,
        width,
        height,
        seq
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("DELETE FROM superseded WHERE version = ?", version).execute(&mut *tx).await?;
    put_derivatives(tx, seq, &made.derivatives).await?;
    for &(name, at) in &made.stages {
        stage::stamp(tx, seq, name, at).await?;
    }
    Ok(())
}

pub(crate) async fn put_derivatives(
    tx: &mut SqliteConnection,
    seq: i64,
    made: &[MadeDerivative],
) -> Result<(), CatalogError> {
    for made in made {
        let (rung, bytes) = (made.rung.name(), made.bytes as i64);
        sqlx::query!(
            "INSERT INTO derivative (frame, rung, bytes, width_px, height_px) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (frame, rung) DO UPDATE SET bytes = ?3, width_px = ?4, height_px = ?5",
            seq,
            rung,
            bytes,
            made.width_px,
            made.height_px
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
