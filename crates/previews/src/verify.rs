//! After a start: derivatives that a crash or a tidy hand took away are made again.

use std::collections::BTreeMap;

use catalog::{Catalog, CatalogError, DerivativeStore};
use model::{EventId, FrameId, Rung, UnixMillis};

/// Behind everything that arrives tonight.
const PRIORITY_LOST: i64 = 20;

/// Compares every derivative with its file and queues what is lacking. Returns for how many frames. Where only `large` is
/// lost, guests go on seeing the proofs.
pub async fn verify(
    catalog: &Catalog,
    event: EventId,
    derivatives: &DerivativeStore,
    now: UnixMillis,
) -> Result<usize, CatalogError> {
    let listed = catalog.derivative_files(event).await?;
    let store = derivatives.clone();
    let check = tokio::task::spawn_blocking(move || {
        let mut lost: BTreeMap<FrameId, bool> = BTreeMap::new();
        for file in listed {
            let path = store.path(&file.version, file.rung);
            if std::fs::metadata(path).map_or(true, |found| found.len() != file.bytes) {
                *lost.entry(file.frame).or_default() |= file.rung != Rung::Large;
            }
        }
        lost
    });
    let lost = check.await.unwrap_or_default();
    for (&frame, &proofs) in &lost {
        if proofs {
            catalog.requeue_preview(frame, PRIORITY_LOST, now).await?;
        } else {
            catalog.requeue_large(frame, PRIORITY_LOST, now).await?;
        }
    }
    Ok(lost.len())
}
