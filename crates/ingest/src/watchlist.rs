//! What is to be done with each file of a hot folder, and when. Pure: events and the time go in, actions come out.
//!
//! A file is written, closed, examined, shown, quiet, landed. Whatever happens to it on the way restarts the way; whatever
//! fails is tried again, later each time. A file leaves the list when it is safe, when a person was told, or when it is gone.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    path::{Path, PathBuf},
    time::Duration,
};

use model::UnixMillis;
use tokio::time::Instant;

use crate::{
    copy::Marks,
    examine::{Examined, Sight, Whole},
    inbox::{Told, Touch},
    inspector::Refusal,
};

/// Files tracked at once; what is beyond is found again by a listing.
const TRACKED_MAX: usize = 20_000;
/// Files examined at once: the workers behind the inspector are few.
const EXAMINED_AT_ONCE: usize = 3;
/// Files copied at once: more only makes a disk seek.
const LANDED_AT_ONCE: usize = 2;
/// Files of an earlier time that wait to be examined; the rest of a listing waits outside.
const BACKLOG_MAX: usize = 64;
/// First wait after a failure; doubled each time.
const RETRY_FIRST: Duration = Duration::from_millis(200);
/// Longest wait after failures.
const RETRY_LAST: Duration = Duration::from_secs(15);
/// Failures of the same file before a person is told. It is tried on.
pub(crate) const TRIES_UNTOLD: u32 = 5;

/// Preview priority of what happens now, and of what an earlier time left.
const LIVE: i64 = 0;
const BACKLOG: i64 = 1;

/// What is to be done next.
#[derive(Debug)]
pub(crate) enum Action {
    /// Look at it; answer with [`Watchlist::examined`].
    Examine(PathBuf, Sight),
    /// Copy and record it; answer with [`Watchlist::landed`].
    Land(PathBuf, Box<Whole>, u32),
    /// Tell a person; the file leaves the list.
    Attend(PathBuf, Refusal, Option<Marks>),
    /// Tell a person that a shown file is gone; it leaves the list.
    Lost(PathBuf),
    /// A shown file has another name now: take it back without a word.
    TakeBack(PathBuf),
}

/// How a landing ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It is safe, or was here already.
    Safe,
    /// It was written again while it was copied.
    Changed,
    /// It is not there.
    Gone,
    /// It is tried again later.
    Again(Box<Whole>),
}

#[derive(Debug)]
enum Phase {
    /// Being written: wait for its writer to close it.
    Writing,
    /// In the queue for a look.
    Ready,
    /// Being looked at.
    Examining,
    /// Shown; landed when it stays quiet.
    Shown(Box<Whole>),
    /// In the queue for landing.
    Settled(Box<Whole>),
    /// Being copied.
    Landing,
    /// Not taken; told to a person when nothing changes.
    Refused(Refusal, Marks),
    /// To be looked at again later.
    Retry,
    /// Shown, and not there any more; it may come back at once. `true`: it was renamed.
    Vanished(bool),
}

#[derive(Debug)]
struct Entry {
    sight: Sight,
    last_touch: Instant,
    tries: u32,
    phase: Phase,
    /// What happened while it was being looked at or copied.
    meanwhile: Option<Touch>,
    wake: Option<Instant>,
}

/// The files of one hot folder that are not dealt with yet.
#[derive(Debug)]
pub(crate) struct Watchlist {
    quiet: Duration,
    patience: Duration,
    entries: HashMap<PathBuf, Entry>,
    wakes: BTreeSet<(Instant, PathBuf)>,
    /// To be examined: what happens now comes before what an earlier time left.
    ready: [VecDeque<PathBuf>; 2],
    settled: [VecDeque<PathBuf>; 2],
    examining: usize,
    landing: usize,
    /// The folder is not there now.
    away: bool,
}

impl Watchlist {
    pub(crate) fn new(quiet: Duration, patience: Duration) -> Self {
        Self {
            quiet,
            patience,
            entries: HashMap::new(),
            wakes: BTreeSet::new(),
            ready: Default::default(),
            settled: Default::default(),
            examining: 0,
            landing: 0,
            away: false,
        }
    }

    /// When [`Self::next`] is to be asked again, should nothing happen before.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.wakes.first().map(|(at, _)| *at)
    }

    /// Whether another file of a listing may be offered.
    pub(crate) fn has_room(&self) -> bool {
        self.ready[1].len() < BACKLOG_MAX && self.entries.len() < TRACKED_MAX
    }

    /// Something happened to a file. False when the list is full: a listing must find the file again.
    pub(crate) fn touch(&mut self, path: &Path, told: Told, now: Instant) -> bool {
        let gone = matches!(told.touch, Touch::Removed | Touch::Renamed);
        if !self.entries.contains_key(path) {
            if gone {
                return true;
            }
            if self.entries.len() >= TRACKED_MAX {
                return false;
            }
            let sight = Sight { seen_at: told.first_at, closed_at: told.at, priority: LIVE };
            self.begin(path, sight, now);
        }
        let Some(entry) = self.entries.get_mut(path) else { return true };
        entry.last_touch = now;
        if !gone {
            entry.sight.closed_at = told.at;
            entry.sight.priority = LIVE;
            entry.tries = 0;
        }
        if matches!(entry.phase, Phase::Examining | Phase::Landing) {
            entry.meanwhile = Some(told.touch);
            return true;
        }
        self.follow(path, told.touch, now);
        true
    }

    /// A listing, or a person, found a file. False when there is no room now.
    pub(crate) fn found(&mut self, path: &Path, live: bool, at: UnixMillis, now: Instant) -> bool {
        match self.entries.get(path).map(|entry| &entry.phase) {
            // On its way already: the listing tells nothing new.
            Some(Phase::Vanished(_)) => {}
            Some(Phase::Refused(..) | Phase::Writing | Phase::Retry) if live => {}
            Some(_) => return true,
            None if self.entries.len() >= TRACKED_MAX => return false,
            None => {
                let priority = if live { LIVE } else { BACKLOG };
                self.begin(path, Sight { seen_at: at, closed_at: at, priority }, now);
            }
        }
        self.queue(path);
        true
    }

    /// The folder is not there: what was not shown is found again when it comes back, what was shown is waited for.
    pub(crate) fn folder_gone(&mut self, now: Instant) {
        self.away = true;
        let paths: Vec<PathBuf> = self.entries.keys().cloned().collect();
        for path in paths {
            match self.entries.get(&path).map(|entry| &entry.phase) {
                Some(Phase::Shown(_) | Phase::Settled(_)) => {
                    self.set(&path, Phase::Vanished(false), Some(now + self.patience));
                }
                Some(Phase::Examining | Phase::Landing | Phase::Vanished(_)) | None => {}
                Some(_) => self.forget(&path),
            }
        }
    }

    /// The folder is there again; a listing follows.
    pub(crate) fn folder_back(&mut self) {
        self.away = false;
    }

    /// The next thing to do now, if there is one.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Action> {
        while let Some((at, path)) = self.wakes.first().cloned() {
            if at > now {
                break;
            }
            if let Some(action) = self.wake(&path) {
                return Some(action);
            }
        }
        self.next_landing().or_else(|| self.next_examination())
    }

    /// What a look found.
    pub(crate) fn examined(&mut self, path: &Path, outcome: Examined, now: Instant) {
        self.examining = self.examining.saturating_sub(1);
        let Some(entry) = self.entries.get_mut(path) else { return };
        let meanwhile = entry.meanwhile.take();
        let last_touch = entry.last_touch;
        match outcome {
            Examined::Whole(whole) => self.set(path, Phase::Shown(whole), Some(last_touch + self.quiet)),
            Examined::Refused(refusal, _) if refusal.asks_again() && entry.tries < TRIES_UNTOLD => {
                self.retry(path, now);
            }
            Examined::Refused(refusal, marks) => {
                let wait = if refusal.incomplete { self.patience } else { self.quiet };
                self.set(path, Phase::Refused(refusal, marks), Some(last_touch + wait));
            }
            Examined::Failed(_) => self.retry(path, now),
            Examined::Nothing | Examined::Nameless if meanwhile.is_none() => return self.forget(path),
            Examined::Nothing | Examined::Nameless => self.set(path, Phase::Writing, None),
        }
        if let Some(touch) = meanwhile {
            self.follow(path, touch, now);
        }
    }

    /// How a landing ended.
    pub(crate) fn landed(&mut self, path: &Path, ended: Ended, now: Instant) {
        self.landing = self.landing.saturating_sub(1);
        let Some(entry) = self.entries.get_mut(path) else { return };
        let meanwhile = entry.meanwhile.take();
        match ended {
            Ended::Safe if meanwhile.is_none_or(|touch| matches!(touch, Touch::Removed | Touch::Renamed)) => {
                return self.forget(path);
            }
            Ended::Safe => self.set(path, Phase::Writing, None),
            Ended::Changed => {
                entry.last_touch = now;
                self.queue(path);
            }
            Ended::Gone => {
                let wait = if self.away { self.patience } else { self.quiet };
                self.set(path, Phase::Vanished(false), Some(now + wait));
            }
            Ended::Again(whole) => {
                entry.tries = entry.tries.saturating_add(1);
                let wait = backoff(entry.tries);
                self.set(path, Phase::Shown(whole), Some(now + wait));
            }
        }
        if let Some(touch) = meanwhile {
            self.follow(path, touch, now);
        }
    }

    /// What a touch means for a file that nobody works on.
    fn follow(&mut self, path: &Path, touch: Touch, now: Instant) {
        let Some(entry) = self.entries.get(path) else { return };
        let shown = matches!(entry.phase, Phase::Shown(_) | Phase::Settled(_) | Phase::Vanished(_));
        match touch {
            Touch::Written => self.set(path, Phase::Writing, Some(now + self.patience)),
            Touch::Closed => self.queue(path),
            Touch::Removed | Touch::Renamed if shown => {
                // Some writers remove and write again: the quiet time decides.
                self.set(path, Phase::Vanished(touch == Touch::Renamed), Some(now + self.quiet));
            }
            Touch::Removed | Touch::Renamed => self.forget(path),
        }
    }

    /// A file's time has come.
    fn wake(&mut self, path: &Path) -> Option<Action> {
        self.unwake(path);
        let entry = self.entries.get_mut(path)?;
        match std::mem::replace(&mut entry.phase, Phase::Ready) {
            Phase::Shown(whole) => {
                let queue = usize::from(entry.sight.priority != LIVE);
                entry.phase = Phase::Settled(whole);
                self.settled[queue].push_back(path.to_owned());
                None
            }
            Phase::Refused(refusal, marks) => {
                self.forget(path);
                // What may succeed when asked again is asked again at the next start.
                let marks = (!refusal.asks_again()).then_some(marks);
                Some(Action::Attend(path.to_owned(), refusal, marks))
            }
            Phase::Vanished(renamed) => {
                self.forget(path);
                Some(if renamed { Action::TakeBack(path.to_owned()) } else { Action::Lost(path.to_owned()) })
            }
            // Never closed, or to be tried again.
            Phase::Writing | Phase::Retry | Phase::Ready => {
                self.queue(path);
                None
            }
            busy @ (Phase::Examining | Phase::Landing | Phase::Settled(_)) => {
                entry.phase = busy;
                None
            }
        }
    }

    fn next_landing(&mut self) -> Option<Action> {
        while self.landing < LANDED_AT_ONCE {
            let path = self.settled.iter_mut().find_map(VecDeque::pop_front)?;
            let Some(entry) = self.entries.get_mut(&path) else { continue };
            match std::mem::replace(&mut entry.phase, Phase::Landing) {
                Phase::Settled(whole) => {
                    self.landing += 1;
                    return Some(Action::Land(path, whole, entry.tries));
                }
                // It was touched again while it waited: its place in this queue is void.
                other => entry.phase = other,
            }
        }
        None
    }

    fn next_examination(&mut self) -> Option<Action> {
        while self.examining < EXAMINED_AT_ONCE {
            let path = self.ready.iter_mut().find_map(VecDeque::pop_front)?;
            let Some(entry) = self.entries.get_mut(&path) else { continue };
            if matches!(entry.phase, Phase::Ready) {
                entry.phase = Phase::Examining;
                self.examining += 1;
                return Some(Action::Examine(path, entry.sight));
            }
        }
        None
    }

    fn begin(&mut self, path: &Path, sight: Sight, now: Instant) {
        let entry = Entry { sight, last_touch: now, tries: 0, phase: Phase::Writing, meanwhile: None, wake: None };
        self.entries.insert(path.to_owned(), entry);
    }

    fn queue(&mut self, path: &Path) {
        let Some(entry) = self.entries.get(path) else { return };
        let queued = matches!(entry.phase, Phase::Ready);
        let queue = usize::from(entry.sight.priority != LIVE);
        self.set(path, Phase::Ready, None);
        if !queued || !self.ready[queue].iter().any(|waiting| waiting == path) {
            self.ready[queue].push_back(path.to_owned());
        }
    }

    fn retry(&mut self, path: &Path, now: Instant) {
        let Some(entry) = self.entries.get_mut(path) else { return };
        entry.tries = entry.tries.saturating_add(1);
        let wait = backoff(entry.tries);
        self.set(path, Phase::Retry, Some(now + wait));
    }

    fn set(&mut self, path: &Path, phase: Phase, wake: Option<Instant>) {
        self.unwake(path);
        let Some(entry) = self.entries.get_mut(path) else { return };
        entry.phase = phase;
        entry.wake = wake;
        self.wakes.extend(wake.map(|at| (at, path.to_owned())));
    }

    fn unwake(&mut self, path: &Path) {
        if let Some(at) = self.entries.get_mut(path).and_then(|entry| entry.wake.take()) {
            self.wakes.remove(&(at, path.to_owned()));
        }
    }

    fn forget(&mut self, path: &Path) {
        self.unwake(path);
        self.entries.remove(path);
    }
}

fn backoff(tries: u32) -> Duration {
    RETRY_FIRST.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(RETRY_LAST)
}

#[cfg(test)]
mod tests;
