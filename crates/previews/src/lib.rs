//! Which derivative, when: takes preview jobs from the catalog, newest frame first, has them rendered by capped workers,
//! and puts the results where the gateway finds them.
//!
//! Previews knows no camera, no guest and no socket. A frame that cannot be rendered ends as `failed` with words for the
//! operator; a worker that dies costs a try, never the studio.

mod make;
mod store;
mod verify;

use std::{sync::Arc, time::Duration};

use catalog::{Catalog, Change};
use model::UnixMillis;
use tokio::{sync::broadcast::error::RecvError, task::JoinSet};
use tokio_util::sync::CancellationToken;

pub use make::{MakeError, Maker};
pub use store::StoreError;
pub use verify::verify;

/// Looks at the queue at least so often, should a change have been missed.
const IDLE_MAX: Duration = Duration::from_secs(5);
/// Pause after the catalog could not be read, before it is asked again.
const CATALOG_PAUSE: Duration = Duration::from_millis(500);

/// The laptop's clock, passed in.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// Works through the queue until `stop`; `jobs_max` frames at once.
pub async fn run(catalog: Catalog, maker: Arc<Maker>, jobs_max: usize, stop: CancellationToken) {
    let mut changes = catalog.changes();
    let mut running = JoinSet::new();
    loop {
        while running.len() < jobs_max.max(1) && !stop.is_cancelled() {
            match catalog.claim_job(maker.now()).await {
                Ok(Some(job)) => {
                    let maker = Arc::clone(&maker);
                    running.spawn(async move { maker.make(job).await });
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "the preview queue could not be read");
                    tokio::time::sleep(CATALOG_PAUSE).await;
                    break;
                }
            }
        }
        let idle = idle_time(&catalog, &maker).await;
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = running.join_next() => report(done),
            () = job_queued(&mut changes) => {}
            () = tokio::time::sleep(idle) => {}
        }
    }
    // What runs is cut short: its job is in the catalog and begins again at the next start.
    running.shutdown().await;
}

fn report(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "a preview ended in a panic; its job is tried again at the next start");
    }
}

async fn idle_time(catalog: &Catalog, maker: &Maker) -> Duration {
    let Ok(Some(at)) = catalog.next_job_at().await else { return IDLE_MAX };
    // A job that may run now waits only for a free place, which wakes us by itself.
    let wait_ms = at.since(maker.now());
    if wait_ms <= 0 { IDLE_MAX } else { Duration::from_millis(wait_ms.unsigned_abs()).min(IDLE_MAX) }
}

async fn job_queued(changes: &mut tokio::sync::broadcast::Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(Change::JobQueued) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            // The catalog is closing; the idle time carries on until `stop`.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
