//! One task follows the catalog's feed, renders each event once, and hands it to everybody who listens.

mod announcement;
mod shown;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use catalog::{Catalog, CatalogError, Change, Frame, FrameQuery, Stage};
use model::{EventId, FrameId, UnixMillis};
use tokio::sync::{Semaphore, broadcast, broadcast::error::RecvError};

pub(crate) use announcement::{Announcement, Audience, LastSeen, What};
use shown::{ShownFrames, Turn};

use crate::{
    live, operator,
    shared::{Shared, lock},
};

/// Events that a slow phone may lag behind; beyond that it loads its page again.
const GUESTS_LAG_MAX: usize = 256;
/// The same for the operator's window.
const OPERATORS_LAG_MAX: usize = 4096;
/// Phones that may listen at once.
pub(crate) const PHONES_MAX: usize = 4000;
/// Windows that may.
pub(crate) const OPERATORS_MAX: usize = 32;
/// Announcements kept for phones that come back.
const RECENT_MAX: usize = 256;
/// A page that is opened may have been rendered so long before its stream began.
const OVERLAP_MS: i64 = 10_000;
/// Changes taken together, so that three changes of one frame are told once.
const BATCH_MAX: usize = 256;
/// Frames that are looked at again after changes were lost.
const RELOADED_MAX: u32 = 500;

/// What an operator's stream is told.
#[derive(Clone, Debug)]
pub(crate) enum ForOperator {
    Event(Bytes),
    /// Changes were lost: the window comes back and loads anew.
    Reconnect,
}

/// Where events meet listeners.
pub(crate) struct Hub {
    /// Names this run, so that an event's id of an earlier one is not taken for one of ours.
    epoch: i64,
    operators: broadcast::Sender<ForOperator>,
    guests: broadcast::Sender<Arc<Announcement>>,
    recent: Mutex<Recent>,
    shown: Mutex<ShownFrames>,
    pub phone_places: Arc<Semaphore>,
    pub operator_places: Arc<Semaphore>,
}

#[derive(Default)]
struct Recent {
    last_number: u64,
    ring: VecDeque<Arc<Announcement>>,
}

impl Hub {
    /// A hub that knows which frames guests can see already.
    pub(crate) async fn new(catalog: &Catalog, event: EventId, now: UnixMillis) -> Result<Self, CatalogError> {
        let mut shown = ShownFrames::default();
        for frame in newest(catalog, event, shown::SHOWN_MAX as u32).await?.iter().rev() {
            shown.remember(frame);
        }
        Ok(Self {
            epoch: now.0,
            operators: broadcast::Sender::new(OPERATORS_LAG_MAX),
            guests: broadcast::Sender::new(GUESTS_LAG_MAX),
            recent: Mutex::default(),
            shown: Mutex::new(shown),
            phone_places: Arc::new(Semaphore::new(PHONES_MAX)),
            operator_places: Arc::new(Semaphore::new(OPERATORS_MAX)),
        })
    }

    /// Phones that listen now.
    pub(crate) fn phones(&self) -> usize {
        PHONES_MAX.saturating_sub(self.phone_places.available_permits())
    }

    pub(crate) fn operators_listen(&self) -> bool {
        self.operators.receiver_count() > 0
    }

    pub(crate) fn hear_as_operator(&self) -> broadcast::Receiver<ForOperator> {
        self.operators.subscribe()
    }

    pub(crate) fn tell_operators(&self, name: &str, data: &impl serde::Serialize) {
        if !self.operators_listen() {
            return;
        }
        match serde_json::to_string(data) {
            Ok(data) => {
                let _ = self.operators.send(ForOperator::Event(live::event(name, None, &data)));
            }
            Err(error) => tracing::error!(%error, name, "an event could not be written"),
        }
    }

    /// What this phone has missed, and everything from now on: nothing falls between.
    pub(crate) fn hear_as_guest(
        &self,
        audience: Audience,
        last: Option<LastSeen>,
        now: UnixMillis,
    ) -> (VecDeque<Bytes>, broadcast::Receiver<Arc<Announcement>>) {
        let recent = lock(&self.recent);
        let feed = self.guests.subscribe();
        let oldest = recent.ring.front().map_or(recent.last_number + 1, |announcement| announcement.number);
        let known = last.is_none_or(|last| last.epoch == self.epoch && last.number.saturating_add(1) >= oldest);
        if !known {
            drop(recent);
            return (VecDeque::from([self.resync()]), feed);
        }
        let missed = |it: &&Arc<Announcement>| match last {
            Some(last) => it.number > last.number,
            None => now.since(it.at) <= OVERLAP_MS && !matches!(it.what, What::Resync(_)),
        };
        (recent.ring.iter().filter(missed).filter_map(|it| it.for_audience(audience)).collect(), feed)
    }

    /// A phone decoded this frame. Whether that is news: the first report of a frame that was announced just now.
    pub(crate) fn first_report(&self, frame: FrameId, now: UnixMillis) -> bool {
        lock(&self.shown).first_report(frame, now)
    }

    /// The event that tells one phone to load its page again.
    pub(crate) fn resync(&self) -> Bytes {
        live::event("resync", Some(&self.event_id(self.generation())), "{}")
    }

    /// The id of the announcement of that number, as phones give it back.
    pub(crate) fn event_id(&self, number: u64) -> String {
        format!("{:x}-{number:x}", self.epoch)
    }

    /// How many announcements there were: what was rendered after the last of them is still true.
    pub(crate) fn generation(&self) -> u64 {
        lock(&self.recent).last_number
    }

    /// Tells phones what `make` makes of the event's id.
    fn publish(&self, at: UnixMillis, make: impl FnOnce(&str) -> What) {
        let mut recent = lock(&self.recent);
        recent.last_number += 1;
        let number = recent.last_number;
        let what = make(&self.event_id(number));
        let announcement = Arc::new(Announcement { number, at, what });
        if recent.ring.len() >= RECENT_MAX {
            recent.ring.pop_front();
        }
        recent.ring.push_back(Arc::clone(&announcement));
        let _ = self.guests.send(announcement);
    }
}

/// Follows the feed until told to stop.
pub(crate) async fn run(shared: Arc<Shared>, mut changes: broadcast::Receiver<Change>) {
    loop {
        let first = tokio::select! {
            () = shared.stop.cancelled() => return,
            first = changes.recv() => first,
        };
        match first {
            Ok(first) => {
                let mut batch = vec![first];
                while batch.len() < BATCH_MAX {
                    let Ok(next) = changes.try_recv() else { break };
                    batch.push(next);
                }
                tell(&shared, &batch).await;
            }
            Err(RecvError::Lagged(lost)) => {
                tracing::warn!(lost, "changes came faster than they could be told; everybody loads anew");
                if let Err(error) = reload(&shared).await {
                    tracing::error!(%error, "frames could not be read again");
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn tell(shared: &Shared, batch: &[Change]) {
    let mut told = BTreeSet::new();
    for change in batch {
        let done = match *change {
            Change::Frame(frame) | Change::FrameGone(frame) if !told.insert(frame) => Ok(()),
            Change::Frame(frame) | Change::FrameGone(frame) => tell_frame(shared, frame).await,
            Change::JobQueued => Ok(()),
            Change::Attention => tell_attention(shared).await,
            Change::Tickets => tell_ticket(shared).await,
        };
        if let Err(error) = done {
            tracing::error!(%error, ?change, "a change could not be told");
        }
    }
}

/// Tells what a frame is now; the feed only says that it changed.
async fn tell_frame(shared: &Shared, id: FrameId) -> Result<(), CatalogError> {
    match shared.catalog.frame(id).await? {
        Some(frame) if frame.event == shared.event.id => show(shared, &frame),
        Some(_) => (),
        None => {
            shared.hub.tell_operators("frame_gone", &operator::Gone { id: id.to_string() });
            let was = lock(&shared.hub.shown).forget(id);
            if let Some((version, ticket)) = was {
                shared.hub.publish(shared.now(), |event| What::gone(id, ticket, event));
                shared.pixels.forget(&version).await;
            }
        }
    }
    Ok(())
}

fn show(shared: &Shared, frame: &Frame) {
    let now = shared.now();
    let turn = lock(&shared.hub.shown).turn(frame, now);
    match turn {
        Turn::Same => (),
        Turn::Gone { ticket } => shared.hub.publish(now, |event| What::gone(frame.id, ticket, event)),
        Turn::Photo { left, first, moved_only } => {
            shared.hub.publish(now, |event| What::photo(frame, left, moved_only, event));
            if first {
                shared.stamps.put(frame.id, Stage::Announced, now);
            }
        }
    }
    if shared.hub.operators_listen() {
        shared.hub.tell_operators("frame", &operator::Frame::from(frame));
    }
}

async fn tell_attention(shared: &Shared) -> Result<(), CatalogError> {
    if shared.hub.operators_listen() {
        let (_, total) = shared.catalog.attention(shared.event.id).await?;
        shared.hub.tell_operators("attention", &operator::AttentionTotal { total });
    }
    Ok(())
}

async fn tell_ticket(shared: &Shared) -> Result<(), CatalogError> {
    if shared.hub.operators_listen() {
        let current = shared.catalog.current_ticket(shared.event.id).await?.map(|code| code.to_string());
        shared.hub.tell_operators("ticket", &operator::CurrentTicket { current });
    }
    Ok(())
}

async fn reload(shared: &Shared) -> Result<(), CatalogError> {
    for frame in newest(&shared.catalog, shared.event.id, RELOADED_MAX).await?.iter().rev() {
        show(shared, frame);
    }
    let _ = shared.hub.operators.send(ForOperator::Reconnect);
    shared.hub.publish(shared.now(), What::resync);
    Ok(())
}

async fn newest(catalog: &Catalog, event: EventId, limit: u32) -> Result<Vec<Frame>, CatalogError> {
    catalog.frames(&FrameQuery { event, ticket: None, ready_only: true, before: None, limit }).await
}
