//! Which frame a file belongs to: RAW, JPEG and sidecar of one press of the shutter.
//!
//! Same name in the same folder, no file of that kind yet, and no contradiction in serial number or capture time:
//! counters wrap at 9999 and two bodies both write DSC_0001.

use model::{CaptureFacts, FileKind};
use sqlx::SqliteConnection;

use crate::CatalogError;

/// A RAW and its JPEG carry the same capture time; bodies differ by a rounding of sub-seconds at most.
const PAIR_TOLERANCE_MS: i64 = 2_000;

/// Where and under which name the camera wrote a file.
pub(crate) struct Whence<'a> {
    pub event: &'a [u8],
    pub stem: &'a str,
    pub folder: &'a str,
}

/// The newest frame that the file belongs to. Rebuilt frames (folder '') pair with any folder.
pub(crate) async fn frame_for(
    tx: &mut SqliteConnection,
    whence: &Whence<'_>,
    kind: FileKind,
    facts: &CaptureFacts,
) -> Result<Option<i64>, CatalogError> {
    let kind_name = kind.name();
    let rows = sqlx::query!(
        r#"SELECT f.seq AS "seq!", f.captured_order_ms, f.serial FROM frame f
           WHERE f.event = ?1 AND f.source_stem = ?2 AND f.source_folder IN (?3, '')
             AND NOT EXISTS (SELECT 1 FROM original o WHERE o.frame = f.seq AND o.kind = ?4)
             AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.frame = f.seq AND a.kind = ?4)
           ORDER BY f.seq DESC LIMIT 16"#,
        whence.event,
        whence.stem,
        whence.folder,
        kind_name
    )
    .fetch_all(tx)
    .await?;
    let captured_ms = facts.captured.as_ref().map(|captured| captured.order_ms);
    Ok(rows
        .into_iter()
        .find(|row| {
            kind == FileKind::Sidecar
                || (agree(row.serial.as_ref(), facts.serial.as_ref(), |a, b| a == b)
                    && agree(row.captured_order_ms.as_ref(), captured_ms.as_ref(), |a, b| {
                        a.abs_diff(*b) <= PAIR_TOLERANCE_MS.unsigned_abs()
                    }))
        })
        .map(|row| row.seq))
}

/// Sidecars that landed before their picture join it now.
pub(crate) async fn adopt_sidecars(
    tx: &mut SqliteConnection,
    whence: &Whence<'_>,
    seq: i64,
) -> Result<(), CatalogError> {
    sqlx::query!(
        "UPDATE original SET frame = ? WHERE event = ? AND frame IS NULL AND source_stem = ? AND source_folder IN (?, '')",
        seq,
        whence.event,
        whence.stem,
        whence.folder
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn agree<T>(one: Option<&T>, other: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
    one.zip(other).is_none_or(|(one, other)| same(one, other))
}
