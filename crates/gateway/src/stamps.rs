//! Stamps on a frame's way are written beside the way, so that no phone waits for the disk.

use catalog::{Catalog, CatalogError, Stage};
use model::{FrameId, UnixMillis};
use tokio::sync::mpsc;

/// Stamps that may wait; beyond that they are lost, and only a statistic is poorer.
const WAITING_MAX: usize = 4096;

/// A stage that a frame has reached.
pub(crate) type Stamp = (FrameId, Stage, UnixMillis);

/// The near end of the queue.
#[derive(Clone, Debug)]
pub(crate) struct Stamps(mpsc::Sender<Stamp>);

impl Stamps {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Stamp>) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        (Self(sender), receiver)
    }

    pub(crate) fn put(&self, frame: FrameId, stage: Stage, at: UnixMillis) {
        if self.0.try_send((frame, stage, at)).is_err() {
            tracing::debug!(%frame, %stage, "a stamp was lost");
        }
    }
}

/// Writes stamps until told to stop and the queue is empty.
pub(crate) async fn run(catalog: Catalog, mut queue: mpsc::Receiver<Stamp>, stop: tokio_util::sync::CancellationToken) {
    loop {
        let next = tokio::select! {
            biased;
            next = queue.recv() => next,
            () = stop.cancelled() => None,
        };
        let Some((frame, stage, at)) = next else { return };
        match catalog.stamp(frame, &[(stage, at)]).await {
            // The frame may have been taken back meanwhile.
            Ok(_) | Err(CatalogError::Missing(_)) => (),
            Err(error) => tracing::warn!(%error, "a stamp was not written"),
        }
    }
}
