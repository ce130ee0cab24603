//! Which derivative, when: takes preview jobs from the catalog, newest frame first and proofs before everything else, has
//! them rendered by capped workers or developed, and puts the results where the gateway finds them.
//!
//! Previews knows no camera, no guest and no socket. A frame that cannot be rendered ends as `failed` with words for the
//! operator; one that cannot be developed goes on showing what it showed. A worker that dies costs a try, never the studio.

mod development;
mod make;
#[cfg(test)]
mod order;
mod rooms;
mod store;
mod tidy;
mod verify;

use std::{sync::Arc, time::Duration};

use catalog::{Catalog, CatalogError, Change, Job, Part};
use model::UnixMillis;
use tokio::{sync::broadcast::error::RecvError, task::JoinSet};
use tokio_util::sync::CancellationToken;

pub use development::DEVELOP_MAX;
pub use make::{MakeError, Maker};
pub use rooms::{Develop, DevelopFailure, Developed, Later, Render, Sink, read_settled, stored};
pub use store::StoreError;
pub use tidy::tidy;
pub use verify::verify;

/// Looks at the queue at least so often, should a change have been missed.
const IDLE_MAX: Duration = Duration::from_secs(5);
/// Looks for superseded files no more often than this, ms.
const TIDY_EVERY_MS: i64 = 30_000;
/// Pause after the catalog could not be read, before it is asked again.
const CATALOG_PAUSE: Duration = Duration::from_millis(500);

/// The laptop's clock, passed in.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// Works through the queue until `stop`; `jobs_max` frames at once. A `large` or a development that is being made takes no
/// place from proofs: a frame that arrives meanwhile need not wait for it. One frame is developed at a time: that keeps all
/// cores busy by itself.
pub async fn run(catalog: Catalog, maker: Arc<Maker>, jobs_max: usize, stop: CancellationToken) {
    let mut changes = catalog.changes();
    let mut places = Places { jobs_max: jobs_max.max(1), ..Places::default() };
    let mut tidied_at = maker.now();
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
        // With nothing being made, no file that is to go can be one that is just coming back.
        if places.are_free() && maker.now().since(tidied_at) >= TIDY_EVERY_MS {
            tidied_at = maker.now();
            if let Err(error) = tidy(&catalog, &maker.derivatives, maker.now()).await {
                tracing::warn!(%error, "superseded previews could not be tidied away");
            }
        }
        let idle = idle_time(&catalog, &maker).await;
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = places.proofs.join_next() => report(done),
            Some(done) = places.developing.join_next() => report(done),
            Some(done) = places.large.join_next() => report(done),
            () = job_queued(&mut changes) => {}
            () = tokio::time::sleep(idle) => {}
        }
    }
    // What runs is cut short: its job is in the catalog and begins again at the next start.
    places.proofs.shutdown().await;
    places.developing.shutdown().await;
    places.large.shutdown().await;
    if let Err(error) = catalog.put_back_developments().await {
        tracing::warn!(%error, "developments that were cut short could not be put back");
    }
}

/// What is being made.
#[derive(Default)]
struct Places {
    proofs: JoinSet<()>,
    developing: JoinSet<()>,
    large: JoinSet<()>,
    jobs_max: usize,
}

impl Places {
    /// The next job for which there is a place: proofs first, whatever else waits.
    async fn next_job(&self, catalog: &Catalog, now: UnixMillis) -> Result<Option<Job>, CatalogError> {
        if self.proofs.len() >= self.jobs_max {
            return Ok(None);
        }
        if let Some(job) = catalog.claim_job(Part::Proofs, now).await? {
            return Ok(Some(job));
        }
        match (self.developing.is_empty(), self.proofs.len() + self.large.len() < self.jobs_max) {
            (true, true) => catalog.claim_behind(now).await,
            (true, false) => catalog.claim_job(Part::Developed, now).await,
            (false, true) => catalog.claim_job(Part::Large, now).await,
            (false, false) => Ok(None),
        }
    }

    fn begin(&mut self, job: Job, maker: &Arc<Maker>) {
        let maker = Arc::clone(maker);
        let places = match job.part {
            Part::Proofs => &mut self.proofs,
            Part::Developed => &mut self.developing,
            Part::Large => &mut self.large,
        };
        places.spawn(async move { maker.make(job).await });
    }

    fn are_free(&self) -> bool {
        self.proofs.is_empty() && self.developing.is_empty() && self.large.is_empty()
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
