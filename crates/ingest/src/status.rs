//! How each source is, for the operator's strip.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::{SourceKind, SourceState, SourceStatus, UnixMillis};
use tokio::{sync::watch, time::Instant};

/// Over how long bytes per second are counted.
const SPEED_WINDOW: Duration = Duration::from_secs(3);
/// Landings remembered for the speed; a faster source is slow in nobody's eyes.
const LANDINGS_HELD: usize = 256;

/// All sources' states; readers see each change.
pub(crate) struct Board(watch::Sender<Vec<SourceStatus>>);

impl Board {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Vec::new()))
    }

    pub(crate) fn reader(&self) -> watch::Receiver<Vec<SourceStatus>> {
        self.0.subscribe()
    }

    /// A new source's line.
    pub(crate) fn gauge(&self, id: &str, kind: SourceKind, label: &str, state: SourceState) -> Gauge {
        let status = SourceStatus {
            id: id.to_owned(),
            kind,
            label: label.to_owned(),
            state,
            detail: None,
            bytes_per_s: 0,
            last_file: None,
            last_at: None,
        };
        self.0.send_modify(|all| all.push(status));
        Gauge { board: self.0.clone(), id: id.to_owned(), landings: Mutex::new(VecDeque::new()) }
    }

    /// Takes a source's line away.
    pub(crate) fn forget(&self, id: &str) {
        self.0.send_modify(|all| all.retain(|status| status.id != id));
    }
}

/// One source's line on the board.
pub(crate) struct Gauge {
    board: watch::Sender<Vec<SourceStatus>>,
    id: String,
    landings: Mutex<VecDeque<(Instant, u64)>>,
}

impl Gauge {
    pub(crate) fn state(&self, state: SourceState, detail: Option<String>) {
        self.change(|status| {
            status.state = state;
            status.detail = detail;
        });
    }

    /// A file was taken.
    pub(crate) fn took(&self, name: &str, at: UnixMillis) {
        self.change(|status| {
            status.last_file = Some(name.to_owned());
            status.last_at = Some(at);
        });
    }

    /// A file's bytes are safe.
    pub(crate) fn landed(&self, bytes: u64) {
        {
            let mut landings = self.landings.lock().unwrap_or_else(PoisonError::into_inner);
            if landings.len() == LANDINGS_HELD {
                landings.pop_front();
            }
            landings.push_back((Instant::now(), bytes));
        }
        self.tick();
    }

    /// Brings the speed up to date; called every second.
    pub(crate) fn tick(&self) {
        let total: u64 = {
            let mut landings = self.landings.lock().unwrap_or_else(PoisonError::into_inner);
            landings.retain(|(at, _)| at.elapsed() < SPEED_WINDOW);
            landings.iter().map(|(_, bytes)| bytes).sum()
        };
        self.change(|status| status.bytes_per_s = total / SPEED_WINDOW.as_secs());
    }

    fn change(&self, edit: impl FnOnce(&mut SourceStatus)) {
        self.board.send_if_modified(|all| {
            let Some(status) = all.iter_mut().find(|status| status.id == self.id) else { return false };
            let before = status.clone();
            edit(status);
            *status != before
        });
    }
}
