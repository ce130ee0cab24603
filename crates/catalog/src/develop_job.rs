//! How a development ends: its picture takes the place of the one that is shown, or that one stays.

use model::{FrameId, Rung, UnixMillis};
use sqlx::SqliteConnection;

use crate::{
    Catalog, CatalogError, Change, MadePreview, Stage, StoredRecipe,
    job::{ATTEMPTS_MAX, RETRY_MS, put_derivatives},
    stage,
};

/// The studio may end so often in the middle of one frame's development, before that is given up: a driver that takes the
/// studio with it must not do so all evening.
const CUTS_MAX: i64 = 5;
/// Frames of one burst lie so close to each other.
const BURST_MS: i64 = 10_000;
/// A box keeps its size where the new picture's shape differs by no more than this share: a row of pixels must not move
/// what a guest looks at.
const SAME_SHAPE: f64 = 0.02;

/// What auto came to in a neighbour's picture: text that the catalog does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prior {
    /// The neighbour; the frame itself, where it was developed before.
    pub frame: FrameId,
    /// JSON.
    pub settled: String,
}

/// A picture that was developed, with its derivatives on disk.
#[derive(Clone, Debug)]
pub struct MadeDevelopment {
    /// Its derivatives: all rungs.
    pub preview: MadePreview,
    /// With which look.
    pub recipe: StoredRecipe,
    /// What auto came to.
    pub settled: String,
    /// Whose `settled` was handed in.
    pub prior: Option<FrameId>,
    /// What it was developed on.
    pub device: String,
    /// When.
    pub at: UnixMillis,
}

/// Why a development brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDeveloped {
    /// Another try may end differently.
    Retry,
    /// It would end the same.
    Failed,
    /// The raw is of a kind that is not developed, whatever the look.
    Undevelopable,
    /// The raw is not there: on its way again, or taken back. That is no verdict on it.
    NoRaw,
}

impl Catalog {
    /// A developed picture is on disk: it takes the place of the one that is shown, in one step with its address, its size
    /// and the end of its job. Returns false, and changes nothing that is shown, where the frame was taken back, has
    /// another look by now, or is not to be developed any more: its files are then nobody's.
    pub async fn finish_development(&self, frame: FrameId, made: &MadeDevelopment) -> Result<bool, CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        let Some(row) = sqlx::query!(
            r#"SELECT f.seq AS "seq!", f.version, f.width_px, f.height_px, l.recipe AS "recipe?: Vec<u8>"
               FROM frame f JOIN look_view l ON l.seq = f.seq
               JOIN job j ON j.frame = f.seq AND j.part = 'developed' AND j.running = 1 WHERE f.id = ?"#,
            id
        )
        .fetch_optional(&mut *tx)
        .await?
        else {
            return Ok(false);
        };
        if row.recipe.as_deref() != Some(made.recipe.hash.0.as_slice()) {
            begin_anew(&mut tx, row.seq).await?;
            tx.commit().await?;
            self.tell([Change::Frame(frame), Change::JobQueued]);
            return Ok(false);
        }
        let shown = Shown { version: row.version, size: row.width_px.zip(row.height_px) };
        swap(&mut tx, row.seq, &shown, made).await?;
        sqlx::query!("DELETE FROM job WHERE frame = ?", row.seq).execute(&mut *tx).await?;
        tx.commit().await?;
        self.tell([Change::Frame(frame)]);
        Ok(true)
    }

    /// The try brought nothing: it is tried again later where that is worth it and tries are left. Else what is shown
    /// stays; who waits for a first picture gets the camera's own.
    pub async fn fail_development(
        &self,
        frame: FrameId,
        recipe: &StoredRecipe,
        why: NotDeveloped,
        reason: &str,
        now: UnixMillis,
    ) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        let Some(row) = sqlx::query!(
            r#"SELECT f.seq AS "seq!", j.attempts, l.recipe AS "recipe?: Vec<u8>" FROM frame f JOIN look_view l ON l.seq = f.seq
               JOIN job j ON j.frame = f.seq AND j.part = 'developed' AND j.running = 1 WHERE f.id = ?"#,
            id
        )
        .fetch_optional(&mut *tx)
        .await?
        else {
            return Ok(());
        };
        if why != NotDeveloped::Undevelopable && row.recipe.as_deref() != Some(recipe.hash.0.as_slice()) {
            begin_anew(&mut tx, row.seq).await?;
        } else if why == NotDeveloped::Retry && row.attempts < ATTEMPTS_MAX {
            let not_before = now.0 + (RETRY_MS << row.attempts.clamp(0, 6));
            sqlx::query!("UPDATE job SET running = 0, not_before_ms = ? WHERE frame = ?", not_before, row.seq)
                .execute(&mut *tx)
                .await?;
        } else {
            give_up(&mut tx, row.seq, why, reason, now).await?;
        }
        tx.commit().await?;
        self.tell([Change::Frame(frame), Change::JobQueued]);
        Ok(())
    }

    /// The camera put no picture into the raw: the frame's first one comes from its development, whatever the flow, for
    /// there is nothing else to show. Returns false where that was tried; then with its words, if there are any.
    pub async fn develop_instead(&self, frame: FrameId) -> Result<Result<(), Option<String>>, CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        let queued = sqlx::query!(
            "UPDATE job SET part = 'developed', running = 0, attempts = 0, not_before_ms = 0 WHERE part = 'proofs'
             AND frame = (SELECT l.seq FROM look_view l JOIN frame f ON f.seq = l.seq WHERE f.id = ? AND l.raw AND l.untried)",
            id
        )
        .execute(&mut *tx)
        .await?;
        if queued.rows_affected() > 0 {
            tx.commit().await?;
            self.tell([Change::JobQueued]);
            return Ok(Ok(()));
        }
        let reason = sqlx::query_scalar!(
            "SELECT reason FROM development WHERE frame = (SELECT seq FROM frame WHERE id = ?)",
            id
        )
        .fetch_optional(&mut *tx)
        .await?;
        Ok(Err(reason.flatten()))
    }

    /// Puts back developments that were cut short on purpose: the studio ends in order.
    pub async fn put_back_developments(&self) -> Result<(), CatalogError> {
        sqlx::query!(
            "UPDATE job SET running = 0, attempts = max(0, attempts - 1) WHERE part = 'developed' AND running = 1"
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}

/// At a start: what was being made when the studio died begins again, but for a development over which it died too often.
pub(crate) async fn take_up(tx: &mut SqliteConnection, now: UnixMillis) -> Result<(), CatalogError> {
    sqlx::query!("UPDATE job SET running = 0, cuts = cuts + (part = 'developed') WHERE running = 1")
        .execute(&mut *tx)
        .await?;
    let given_up = sqlx::query_scalar!("SELECT frame FROM job WHERE part = 'developed' AND cuts >= ?", CUTS_MAX)
        .fetch_all(&mut *tx)
        .await?;
    for seq in given_up {
        let reason = format!("the studio ended {CUTS_MAX} times while it developed this raw; it is not tried again");
        give_up(tx, seq, NotDeveloped::Failed, &reason, now).await?;
    }
    Ok(())
}

/// What auto came to in the neighbour that is nearest in time: of the same event, creator and camera. The frame itself is
/// the nearest, where it was developed before: it keeps to what it came to, whatever its look.
pub(crate) async fn prior_of(tx: &mut SqliteConnection, seq: i64) -> Result<Option<Prior>, CatalogError> {
    let row = sqlx::query!(
        r#"SELECT n.id AS "id!: Vec<u8>", d.settled AS "settled!: String" FROM frame f
           JOIN frame n ON n.event = f.event AND n.captured_order_ms BETWEEN f.captured_order_ms - ?2 AND f.captured_order_ms + ?2
           JOIN development d ON d.frame = n.seq
           WHERE f.seq = ?1 AND n.creator = f.creator AND n.serial IS f.serial
             AND json_extract(n.facts, '$.model') IS json_extract(f.facts, '$.model') AND d.settled IS NOT NULL
           ORDER BY n.seq <> f.seq, abs(n.captured_order_ms - f.captured_order_ms), d.at_ms DESC, n.seq LIMIT 1"#,
        seq,
        BURST_MS
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(Prior { frame: FrameId::from_slice(&row.id).map_err(CatalogError::corrupt)?, settled: row.settled })
    })
    .transpose()
}

/// What is shown until now.
struct Shown {
    version: Option<String>,
    size: Option<(i64, i64)>,
}

async fn swap(tx: &mut SqliteConnection, seq: i64, shown: &Shown, made: &MadeDevelopment) -> Result<(), CatalogError> {
    let version = made.preview.version.as_str();
    let screen = made.preview.derivatives.iter().find(|made| made.rung == Rung::Screen);
    let fresh = screen.map(|made| (i64::from(made.width_px), i64::from(made.height_px)));
    let (width, height) = shown.size.filter(|old| fresh.is_none_or(|new| same_shape(*old, new))).or(fresh).unzip();
    sqlx::query!(
        "UPDATE frame SET preview = 'ready', preview_problem = NULL, version = ?, thumbhash = coalesce(?, thumbhash),
         width_px = ?, height_px = ? WHERE seq = ?",
        version,
        made.preview.thumbhash,
        width,
        height,
        seq
    )
    .execute(&mut *tx)
    .await?;
    if let Some(old) = shown.version.as_deref().filter(|old| *old != version) {
        sqlx::query!("INSERT OR REPLACE INTO superseded (version, frame, at_ms) VALUES (?, ?, ?)", old, seq, made.at.0)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query!("DELETE FROM superseded WHERE version = ?", version).execute(&mut *tx).await?;
    sqlx::query!("DELETE FROM derivative WHERE frame = ?", seq).execute(&mut *tx).await?;
    put_derivatives(tx, seq, &made.preview.derivatives).await?;
    for &(name, at) in &made.preview.stages {
        stage::stamp(tx, seq, name, at).await?;
    }
    stage::stamp(tx, seq, Stage::Developed, made.at).await?;
    remember(tx, seq, made).await
}

async fn remember(tx: &mut SqliteConnection, seq: i64, made: &MadeDevelopment) -> Result<(), CatalogError> {
    let recipe = made.recipe.hash.0.as_slice();
    let prior = match made.prior {
        Some(prior) => {
            let prior = prior.as_bytes().as_slice();
            sqlx::query_scalar!(r#"SELECT seq AS "seq!" FROM frame WHERE id = ?"#, prior)
                .fetch_optional(&mut *tx)
                .await?
        }
        None => None,
    };
    sqlx::query!(
        "INSERT INTO development (frame, outcome, tried, at_ms, recipe, settled, prior, device)
         VALUES (?1, 'developed', ?2, ?3, ?2, ?4, ?5, ?6)
         ON CONFLICT (frame) DO UPDATE SET outcome = 'developed', reason = NULL, tried = ?2, at_ms = ?3, recipe = ?2,
             settled = ?4, prior = ?5, device = ?6",
        seq,
        recipe,
        made.at.0,
        made.settled,
        prior,
        made.device
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether both are the same shape but for rounding.
fn same_shape(one: (i64, i64), other: (i64, i64)) -> bool {
    let shape = |(width, height): (i64, i64)| width as f64 / height.max(1) as f64;
    (shape(one) / shape(other) - 1.0).abs() < SAME_SHAPE
}

/// The frame has another look than the one that was tried: it begins anew, unless that one is shown already.
async fn begin_anew(tx: &mut SqliteConnection, seq: i64) -> Result<(), CatalogError> {
    let untried = sqlx::query_scalar!(
        r#"SELECT l.untried OR f.preview = 'waiting' AS "untried!: bool" FROM look_view l JOIN frame f ON f.seq = l.seq WHERE l.seq = ?"#,
        seq
    )
    .fetch_one(&mut *tx)
    .await?;
    if untried {
        sqlx::query!("UPDATE job SET running = 0, attempts = 0, not_before_ms = 0 WHERE frame = ?", seq)
            .execute(tx)
            .await?;
    } else {
        sqlx::query!("DELETE FROM job WHERE frame = ?", seq).execute(tx).await?;
    }
    Ok(())
}

async fn give_up(
    tx: &mut SqliteConnection,
    seq: i64,
    why: NotDeveloped,
    reason: &str,
    now: UnixMillis,
) -> Result<(), CatalogError> {
    let outcome = if why == NotDeveloped::Undevelopable { "undevelopable" } else { "failed" };
    if why != NotDeveloped::NoRaw {
        sqlx::query!(
            "INSERT INTO development (frame, outcome, reason, tried, at_ms)
             SELECT seq, ?2, ?3, recipe, ?4 FROM look_view WHERE seq = ?1
             ON CONFLICT (frame) DO UPDATE SET outcome = ?2, reason = ?3, tried = excluded.tried, at_ms = ?4",
            seq,
            outcome,
            reason,
            now.0
        )
        .execute(&mut *tx)
        .await?;
    }
    let row = sqlx::query!(
        r#"SELECT f.preview, EXISTS (SELECT 1 FROM derivative d WHERE d.frame = f.seq AND d.rung = 'large') AS "large!: bool"
           FROM frame f WHERE f.seq = ?"#,
        seq
    )
    .fetch_one(&mut *tx)
    .await?;
    let next = match (row.preview.as_str(), row.large) {
        ("waiting", _) => Some("proofs"),
        ("ready", false) => Some("large"),
        _ => None,
    };
    match next {
        Some(part) => {
            sqlx::query!(
                "UPDATE job SET part = ?, running = 0, attempts = 0, not_before_ms = 0, cuts = 0 WHERE frame = ?",
                part,
                seq
            )
            .execute(tx)
            .await?;
        }
        None => {
            sqlx::query!("DELETE FROM job WHERE frame = ?", seq).execute(tx).await?;
        }
    }
    Ok(())
}
