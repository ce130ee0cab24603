//! The strip's numbers: read once a second while a window looks, and not at all otherwise.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use catalog::{CatalogError, Stage};
use tokio::time::MissedTickBehavior;

use crate::{
    metrics::quantile_of,
    operator::{DevelopmentPulse, Disk, FirstPreview, Pulse, Queue},
    shared::Shared,
};

const EVERY: Duration = Duration::from_secs(1);
/// Frames whose first previews the strip tells about.
const FRAMES: u32 = 200;

/// Tells windows until told to stop.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            _ = beat.tick() => (),
        }
        shared.looks.tidy(Instant::now());
        if !shared.hub.operators_listen() {
            continue;
        }
        match read(&shared).await {
            Ok(pulse) => shared.hub.tell_operators("pulse", &pulse),
            Err(error) => tracing::error!(%error, "the studio's numbers could not be read"),
        }
    }
}

/// The numbers now.
pub(crate) async fn read(shared: &Shared) -> Result<Pulse, CatalogError> {
    let (catalog, event, now) = (&shared.catalog, shared.event.id, shared.now());
    let queue = catalog.queue_state().await?;
    let (_, attention) = catalog.attention(event).await?;
    let disk = shared.port.disk();
    Ok(Pulse {
        at_ms: now.0,
        sources: shared.port.sources().into_iter().map(Into::into).collect(),
        queue: Queue { depth: queue.depth, oldest_age_ms: queue.oldest.map(|oldest| now.since(oldest).max(0)) },
        phones: shared.hub.phones(),
        first_preview: first_preview(&catalog.stage_times(FRAMES).await?),
        disk: Disk { free_bytes: disk.free_bytes, frames_left: disk.frames_left },
        frames: catalog.frame_count(event, None).await?,
        attention,
        development: development(shared).await?,
    })
}

async fn development(shared: &Shared) -> Result<DevelopmentPulse, CatalogError> {
    let queue = shared.catalog.development_queue(shared.event.id).await?;
    let notice = match queue.failed {
        0 => None,
        1 => Some("1 raw could not be developed; guests see the picture that was there before.".to_owned()),
        n => Some(format!("{n} raws could not be developed; guests see the pictures that were there before.")),
    };
    let device = shared.looks.port().device().in_use;
    Ok(DevelopmentPulse { waiting: queue.waiting, running: queue.running, failed: queue.failed, device, notice })
}

/// From the camera's last byte to the first phone that shows the picture; where no phone reports, to the announcement.
fn first_preview(times: &[(Stage, i64)]) -> FirstPreview {
    let of = |stage: Stage| {
        let mut took_ms: Vec<i64> = times.iter().filter(|(it, _)| *it == stage).map(|(_, ms)| (*ms).max(0)).collect();
        took_ms.sort_unstable();
        took_ms
    };
    let mut took_ms = of(Stage::PhoneDecoded);
    if took_ms.is_empty() {
        took_ms = of(Stage::Announced);
    }
    FirstPreview { count: took_ms.len(), median_ms: quantile_of(&took_ms, 0.5), p95_ms: quantile_of(&took_ms, 0.95) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_count_where_they_report_and_announcements_otherwise() {
        let announced = [(Stage::Announced, 80), (Stage::Announced, 120), (Stage::Complete, 0)];
        let preview = first_preview(&announced);
        assert_eq!((preview.count, preview.median_ms, preview.p95_ms), (2, Some(80), Some(120)));
        let preview = first_preview(&[(Stage::Announced, 80), (Stage::PhoneDecoded, 150)]);
        assert_eq!((preview.count, preview.median_ms), (1, Some(150)));
        assert_eq!(first_preview(&[]).median_ms, None);
    }
}
