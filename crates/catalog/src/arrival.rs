//! A file that is structurally whole at its source: shown at once, landed after its quiet time.

use model::{CaptureFacts, CreatorId, EventId, FileKind, FrameId, UnixMillis};
use sqlx::SqliteConnection;

use crate::{
    Catalog, CatalogError, Change, Stage, landing,
    pairing::{self, Whence},
    stage,
    stem::{self, Wanted},
};

/// A file that stands whole at its source.
#[derive(Clone, Debug)]
pub struct NewArrival {
    /// The id of the frame, should this file begin one.
    pub fresh: FrameId,
    /// The event it belongs to.
    pub event: EventId,
    /// Who shot it.
    pub creator: CreatorId,
    /// Absolute path at the source: the arrival's key.
    pub source_path: String,
    /// The folder part of it; empty when a catalog is rebuilt.
    pub source_folder: String,
    /// File name without extension, as the camera wrote it.
    pub stem: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size.
    pub bytes: u64,
    /// What it says about itself.
    pub facts: CaptureFacts,
    /// When the studio first saw it.
    pub seen_at: UnixMillis,
    /// When its last byte was on disk.
    pub complete_at: UnixMillis,
    /// Priority of its preview job; smaller is sooner.
    pub priority: i64,
    /// Make the frame even where the file looks like one that is here already. Off at first sight, so that a folder
    /// copied twice does not flash up on phones; on when its content was compared.
    pub sure: bool,
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The frame; none for a sidecar whose picture is not here, and for a probable duplicate.
    pub frame: Option<FrameId>,
    /// The file joined a frame that was there.
    pub joined: bool,
}

impl Catalog {
    /// Shows a file that is not landed yet: pairs it with its frame or begins one, and queues the preview.
    /// Asking again for the same path changes nothing.
    pub async fn arrive(&self, arrival: &NewArrival) -> Result<Arrived, CatalogError> {
        let mut tx = self.begin().await?;
        let arrived = arrive(&mut tx, arrival).await?;
        tx.commit().await?;
        if let Some(frame) = arrived.frame {
            self.tell([Change::Frame(frame), Change::JobQueued]);
        }
        Ok(arrived)
    }

    /// The name, without extension, that the file's original will have; none before [`Self::arrive`].
    pub async fn landing_stem(&self, source_path: &str) -> Result<Option<String>, CatalogError> {
        Ok(sqlx::query_scalar!(
            "SELECT f.stem FROM arrival a JOIN frame f ON f.seq = a.frame WHERE a.source_path = ?",
            source_path
        )
        .fetch_optional(&self.writer)
        .await?)
    }

    /// Forgets arrivals of an earlier run: their files stand at their sources and will be seen again. Returns how many frames went.
    pub async fn forget_arrivals(&self) -> Result<u64, CatalogError> {
        let mut tx = self.begin().await?;
        sqlx::query!("DELETE FROM arrival").execute(&mut *tx).await?;
        let gone =
            sqlx::query!("DELETE FROM frame WHERE NOT EXISTS (SELECT 1 FROM original o WHERE o.frame = frame.seq)")
                .execute(&mut *tx)
                .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}

pub(crate) async fn arrive(tx: &mut SqliteConnection, arrival: &NewArrival) -> Result<Arrived, CatalogError> {
    let path = arrival.source_path.as_str();
    if let Some(seq) = sqlx::query_scalar!("SELECT frame FROM arrival WHERE source_path = ?", path)
        .fetch_optional(&mut *tx)
        .await?
        .flatten()
    {
        return Ok(Arrived { frame: Some(landing::frame_id(tx, seq).await?), joined: true });
    }
    let event = arrival.event.as_bytes().as_slice();
    let key = arrival.stem.to_uppercase();
    let whence = Whence { event, stem: &key, folder: &arrival.source_folder };
    if !arrival.sure && probably_here(tx, &whence, arrival).await? {
        return Ok(Arrived { frame: None, joined: false });
    }
    let paired = pairing::frame_for(tx, &whence, arrival.kind, &arrival.facts).await?;
    let seq = match (paired, arrival.kind) {
        (Some(seq), _) => Some(seq),
        (None, FileKind::Sidecar) => None,
        (None, _) => Some(begin_frame(tx, arrival, &key).await?),
    };
    let kind = arrival.kind.name();
    sqlx::query!(
        "INSERT INTO arrival (source_path, frame, kind) VALUES (?1, ?2, ?3) ON CONFLICT (source_path) DO UPDATE SET frame = ?2",
        path,
        seq,
        kind
    )
    .execute(&mut *tx)
    .await?;
    let Some(seq) = seq else { return Ok(Arrived { frame: None, joined: false }) };
    if arrival.kind != FileKind::Sidecar {
        pairing::adopt_sidecars(tx, &whence, seq).await?;
        queue_preview(tx, seq, arrival.priority, arrival.complete_at).await?;
    }
    Ok(Arrived { frame: Some(landing::frame_id(tx, seq).await?), joined: paired.is_some() })
}

/// Kind and size of an original that landed, and its name or its moment of capture too: most likely the same file again.
async fn probably_here(
    tx: &mut SqliteConnection,
    whence: &Whence<'_>,
    arrival: &NewArrival,
) -> Result<bool, CatalogError> {
    let (bytes, kind) = (arrival.bytes as i64, arrival.kind.name());
    let captured = arrival.facts.captured.as_ref().map(|at| at.local.as_str());
    Ok(sqlx::query_scalar!(
        r#"SELECT 1 AS "one!: i64" FROM original o LEFT JOIN frame f ON f.seq = o.frame
           WHERE o.event = ? AND o.bytes = ? AND o.kind = ? AND (o.source_stem = ? OR f.captured_local = ?) LIMIT 1"#,
        whence.event,
        bytes,
        kind,
        whence.stem,
        captured
    )
    .fetch_optional(tx)
    .await?
    .is_some())
}

async fn begin_frame(tx: &mut SqliteConnection, arrival: &NewArrival, key: &str) -> Result<i64, CatalogError> {
    let (id, event) = (arrival.fresh.as_bytes().as_slice(), arrival.event.as_bytes().as_slice());
    let creator = arrival.creator.as_bytes().as_slice();
    let wanted = Wanted { event, creator, stem: &arrival.stem, key, folder: &arrival.source_folder };
    let stem = stem::of_new_frame(tx, &wanted).await?;
    let captured = arrival.facts.captured.as_ref();
    let (local, order_ms) = (captured.map(|at| at.local.as_str()), captured.map(|at| at.order_ms));
    let serial = arrival.facts.serial.as_deref();
    let facts = serde_json::to_string(&arrival.facts).map_err(CatalogError::corrupt)?;
    let seq = sqlx::query_scalar!(
        r#"INSERT INTO frame (id, event, creator, stem, source_stem, source_folder, ticket, seen_at_ms,
                              captured_local, captured_order_ms, serial, facts)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6, e.current_ticket, ?7, ?8, ?9, ?10, ?11 FROM event e WHERE e.id = ?2
           RETURNING seq AS "seq!""#,
        id,
        event,
        creator,
        stem,
        key,
        arrival.source_folder,
        arrival.seen_at.0,
        local,
        order_ms,
        serial,
        facts
    )
    .fetch_one(&mut *tx)
    .await?;
    // The file's own time, which says when it was complete, may be earlier than our hearing of it.
    stage::stamp(tx, seq, Stage::FirstByte, arrival.seen_at.min(arrival.complete_at)).await?;
    stage::stamp(tx, seq, Stage::Complete, arrival.complete_at).await?;
    Ok(seq)
}

/// Queues the frame's preview unless it has one; and its development, where that is to come first, or where a raw comes to
/// a frame that is shown already.
pub(crate) async fn queue_preview(
    tx: &mut SqliteConnection,
    seq: i64,
    priority: i64,
    now: UnixMillis,
) -> Result<(), CatalogError> {
    sqlx::query!(
        "UPDATE frame SET preview = 'waiting', preview_problem = NULL WHERE seq = ? AND preview = 'failed'",
        seq
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "INSERT INTO job (frame, part, priority, queued_at_ms)
         SELECT f.seq, iif(l.flow = 'developed_only' AND l.raw AND l.untried, 'developed', 'proofs'), ?2, ?3
         FROM frame f JOIN look_view l ON l.seq = f.seq WHERE f.seq = ?1 AND f.preview = 'waiting'
         ON CONFLICT (frame) DO UPDATE SET running = iif(part = excluded.part, running, 0), part = excluded.part, attempts = 0,
             not_before_ms = 0, cuts = 0, priority = min(priority, excluded.priority)",
        seq,
        priority,
        now.0
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "INSERT INTO job (frame, part, priority, queued_at_ms)
         SELECT f.seq, 'developed', ?2, ?3 FROM frame f JOIN look_view l ON l.seq = f.seq
         WHERE f.seq = ?1 AND f.preview = 'ready' AND l.raw AND l.untried AND l.flow <> 'embedded_only'
         ON CONFLICT (frame) DO UPDATE SET part = 'developed', running = 0, attempts = 0, not_before_ms = 0,
             priority = min(priority, excluded.priority) WHERE part = 'large'",
        seq,
        priority,
        now.0
    )
    .execute(tx)
    .await?;
    Ok(())
}
