//! After a start: derivatives that a crash or a tidy hand took away are made again.

use catalog::{Catalog, CatalogError, DerivativeStore};
use model::{EventId, UnixMillis};

/// Behind everything that arrives tonight.
const PRIORITY_LOST: i64 = 20;

/// Compares every derivative with its file and queues the frames that lack one. Returns how many.
pub async fn verify(
    catalog: &Catalog,
    event: EventId,
    derivatives: &DerivativeStore,
    now: UnixMillis,
) -> Result<usize, CatalogError> {
    let listed = catalog.derivative_files(event).await?;
    let store = derivatives.clone();
    let check = tokio::task::spawn_blocking(move || {
        let mut lost: Vec<_> = listed
            .into_iter()
            .filter(|file| {
                let path = store.path(&file.version, file.rung);
                std::fs::metadata(path).map_or(true, |found| found.len() != file.bytes)
            })
            .map(|file| file.frame)
            .collect();
        lost.dedup();
        lost
    });
    let lost = check.await.unwrap_or_default();
    for &frame in &lost {
        catalog.requeue_preview(frame, PRIORITY_LOST, now).await?;
    }
    Ok(lost.len())
}
