//! Which derivative, when: takes preview jobs from the catalog, newest frame first and proofs before `large`, has them
//! rendered by capped workers, and puts the results where the gateway finds them.
//!
//! Previews knows no camera, no guest and no socket. A frame that cannot be rendered ends as `failed` with words for the
//! operator; a worker that dies costs a try, never the studio.

mod make;
mod store;
mod verify;

use std::{sync::Arc, time::Duration};

use catalog::{Catalog, CatalogError, Change, Job, Part};
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

/// Works through the queue until `stop`; `jobs_max` frames at once. A `large` that is being made takes no place from
/// proofs: a frame that arrives meanwhile need not wait for it.
pub async fn run(catalog: Catalog, maker: Arc<Maker>, jobs_max: usize, stop: CancellationToken) {
    let mut changes = catalog.changes();
    let mut places = Places { proofs: JoinSet::new(), large: JoinSet::new(), jobs_max: jobs_max.max(1) };
    loop {
        while !stop.is_cancelled() {
            match places.next_job(&catalog, maker.now()).await {
                Ok(Some(job)) => places.begin(job, &maker),
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
            Some(done) = places.proofs.join_next() => report(done),
            Some(done) = places.large.join_next() => report(done),
            () = job_queued(&mut changes) => {}
            () = tokio::time::sleep(idle) => {}
        }
    }
    // What runs is cut short: its job is in the catalog and begins again at the next start.
    places.proofs.shutdown().await;
    places.large.shutdown().await;
}

/// What is being made.
struct Places {
    proofs: JoinSet<()>,
    large: JoinSet<()>,
    jobs_max: usize,
}

impl Places {
    /// The next job for which there is a place: proofs first.
    async fn next_job(&self, catalog: &Catalog, now: UnixMillis) -> Result<Option<Job>, CatalogError> {
        if self.proofs.len() < self.jobs_max
            && let Some(job) = catalog.claim_job(Part::Proofs, now).await?
        {
            return Ok(Some(job));
        }
        if self.proofs.len() + self.large.len() < self.jobs_max {
            return catalog.claim_job(Part::Large, now).await;
        }
        Ok(None)
    }

    fn begin(&mut self, job: Job, maker: &Arc<Maker>) {
        let maker = Arc::clone(maker);
        let places = match job.part {
            Part::Proofs => &mut self.proofs,
            Part::Large => &mut self.large,
        };
        places.spawn(async move { maker.make(job).await });
    }
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
