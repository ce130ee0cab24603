//! A folder into which a camera's software writes.
//!
//! Three actors: the watcher's thread fills the [`Inbox`]; this source's loop moves what is there through the
//! [`Watchlist`]; tasks, one per file, look and copy. A task that fails or panics ends in that file's entry, never here.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use model::SourceState;
use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    attention::Words,
    examine::{Examined, Whole},
    inbox::Inbox,
    inspector::{Refusal, RefusalKind},
    land::LandError,
    room::Room,
    source::{Source, SourceRun},
    status::Gauge,
    walk::{self, Found},
    watchlist::{Action, Ended, TRIES_UNTOLD, Watchlist},
};

/// How often the folder itself is looked for: a pulled drive may come back under the same name.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Found files that may wait; beyond, the folder is listed again when they are dealt with.
const BACKLOG_MAX: usize = 50_000;
/// Looks between listings where the system could not watch all of the folder.
const LOOKS_PER_LISTING: u32 = 5;

pub(crate) struct HotFolder {
    id: String,
    label: String,
    folder: PathBuf,
    room: Arc<Room>,
    gauge: Gauge,
    inbox: Arc<Inbox>,
}

impl HotFolder {
    /// `folder` is absolute; it need not be there yet.
    pub(crate) fn new(id: String, folder: PathBuf, room: Arc<Room>, gauge: Gauge) -> Self {
        let inbox = Arc::new(Inbox::new(&folder));
        Self { id, label: folder.display().to_string(), folder, room, gauge, inbox }
    }
}

impl Source for HotFolder {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.label
    }

    fn run(self: Arc<Self>, stop: CancellationToken) -> SourceRun {
        Box::pin(async move { Runner::new(self, stop).run().await })
    }

    fn reexamine(&self, path: &Path) -> bool {
        let ours = path.starts_with(&self.folder);
        if ours {
            self.inbox.again(path);
        }
        ours
    }
}

/// Which folder is watched: a drive that was pulled and put back is another one under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

/// A watched folder. Dropped, it is watched no more.
struct Watched {
    watcher: Arc<Mutex<RecommendedWatcher>>,
    /// The folder with all links resolved: what lies outside is not taken.
    root: PathBuf,
    identity: Identity,
    /// The system has no watch to spare for some part of it, which is listed again and again instead.
    in_part: bool,
}

/// What a task brought.
enum Done {
    Looked(Option<Identity>),
    Subscribed(io::Result<(Watched, Vec<Found>)>),
    Listed(io::Result<Vec<Found>>),
    NewFolders { found: Vec<Found>, all_watched: bool },
    Examined(PathBuf, Examined),
    Landed(PathBuf, Ended),
    Told,
}

struct Runner {
    source: Arc<HotFolder>,
    stop: CancellationToken,
    list: Watchlist,
    watched: Option<Watched>,
    tasks: JoinSet<Done>,
    /// Whose task it is, should it panic.
    whose: HashMap<Id, (PathBuf, Option<Box<Whole>>)>,
    /// Listed and not offered to the watchlist yet, oldest first: one listing, and what new folders held.
    backlog: VecDeque<Found>,
    rescan: bool,
    listing: bool,
    looking: bool,
    looks: u32,
}

impl Runner {
    fn new(source: Arc<HotFolder>, stop: CancellationToken) -> Self {
        let config = &source.room.config;
        Self {
            list: Watchlist::new(config.quiet, config.patience),
            source,
            stop,
            watched: None,
            tasks: JoinSet::new(),
            whose: HashMap::new(),
            backlog: VecDeque::new(),
            rescan: false,
            listing: false,
            looking: false,
            looks: 0,
        }
    }

    async fn run(mut self) {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let source = Arc::clone(&self.source);
        loop {
            let deadline = self.list.deadline();
            let due = async {
                match deadline {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = source.inbox.wait() => self.read_post(),
                Some(done) = self.tasks.join_next_with_id() => self.take(done),
                () = due => {}
                _ = look.tick() => self.look(),
            }
            self.offer_backlog();
            if !self.stop.is_cancelled() {
                self.act();
            }
        }
        self.watched = None;
        // What is copying stops at its next block; what is being recorded is let finish.
        while self.tasks.join_next().await.is_some() {}
    }

    fn read_post(&mut self) {
        let post = self.source.inbox.take();
        let now = Instant::now();
        let at = self.source.room.now();
        self.rescan |= post.rescan;
        let mut files: Vec<_> = post.files.into_iter().collect();
        files.sort_by(|(one, told), (other, later)| (told.at, one).cmp(&(later.at, other)));
        for (path, told) in files {
            self.rescan |= !self.list.touch(&path, told, now);
        }
        for path in post.again {
            self.rescan |= !self.list.found(&path, true, at, now);
        }
        self.take_in(post.folders);
        if post.unwatched {
            self.watched_in_part();
        }
        if post.root_gone {
            self.folder_gone();
        }
    }

    /// Is the folder still the one that is watched? Asked on a thread: a dead network drive answers late.
    fn look(&mut self) {
        self.source.gauge.tick();
        if self.looking || self.listing {
            return;
        }
        self.looking = true;
        let folder = self.source.folder.clone();
        self.tasks.spawn_blocking(move || Done::Looked(identity(&folder).ok()));
    }

    fn looked(&mut self, found: Option<Identity>) {
        self.looking = false;
        let watched = self.watched.as_ref().map(|watched| watched.identity);
        if watched.is_some() && watched != found {
            self.folder_gone();
        }
        if found.is_none() {
            self.show_gone();
        } else if self.watched.is_none() {
            self.subscribe();
        } else {
            self.looks = self.looks.wrapping_add(1);
            let in_part = self.watched.as_ref().is_some_and(|watched| watched.in_part);
            self.rescan |= in_part && self.looks.is_multiple_of(LOOKS_PER_LISTING);
            if self.rescan && self.backlog.is_empty() {
                self.list_again();
            }
        }
    }

    fn folder_gone(&mut self) {
        self.watched = None;
        self.backlog.clear();
        self.list.folder_gone(Instant::now());
        self.show_gone();
    }

    fn show_gone(&self) {
        let detail = "The folder is not there. It is looked for every second.".to_owned();
        self.source.gauge.state(SourceState::Gone, Some(detail));
    }

    /// Watches first and lists then, so that nothing falls in between.
    fn subscribe(&mut self) {
        if self.listing {
            return;
        }
        self.listing = true;
        let source = Arc::clone(&self.source);
        self.tasks.spawn_blocking(move || Done::Subscribed(watch(&source)));
    }

    fn list_again(&mut self) {
        if self.listing {
            return;
        }
        (self.listing, self.rescan) = (true, false);
        let folder = self.source.folder.clone();
        self.tasks.spawn_blocking(move || Done::Listed(walk::captures(&folder)));
    }

    /// A folder that is new is watched, then listed: its first files may be older than its watch.
    fn take_in(&mut self, folders: BTreeSet<PathBuf>) {
        let Some(watched) = &self.watched else { return };
        if folders.is_empty() {
            return;
        }
        let watcher = Arc::clone(&watched.watcher);
        self.tasks.spawn_blocking(move || {
            let (mut found, mut all_watched) = (Vec::new(), true);
            // A link, or a file that was renamed, is no folder.
            for folder in folders.iter().filter(|path| path.symlink_metadata().is_ok_and(|meta| meta.is_dir())) {
                let subscribed =
                    watcher.lock().unwrap_or_else(PoisonError::into_inner).watch(folder, RecursiveMode::Recursive);
                let listed = walk::captures(folder);
                // Where it is gone again, its parent's watch tells when it comes back.
                all_watched &= (subscribed.is_ok() && listed.is_ok()) || !folder.exists();
                found.extend(listed.unwrap_or_default());
            }
            Done::NewFolders { found, all_watched }
        });
    }

    /// Part of the folder tells nothing: it is listed every few seconds from now on.
    fn watched_in_part(&mut self) {
        self.rescan = true;
        if let Some(watched) = &mut self.watched {
            watched.in_part = true;
            let detail = "This computer watches too many folders already; this one is listed every few seconds.";
            self.source.gauge.state(SourceState::Watching, Some(detail.to_owned()));
        }
    }

    fn take(&mut self, done: Result<(Id, Done), JoinError>) {
        let now = Instant::now();
        let done = match done {
            Ok((id, done)) => {
                self.whose.remove(&id);
                done
            }
            Err(error) => return self.panicked(&error, now),
        };
        match done {
            Done::Looked(found) => self.looked(found),
            Done::Subscribed(result) => self.subscribed(result),
            Done::Listed(Ok(found)) => {
                self.listing = false;
                self.backlog.extend(found);
            }
            Done::Listed(Err(error)) => {
                tracing::warn!(%error, folder = self.source.label, "the folder could not be listed; it is tried again");
                (self.listing, self.rescan) = (false, true);
            }
            Done::NewFolders { found, all_watched } => {
                if self.backlog.len() < BACKLOG_MAX {
                    self.backlog.extend(found);
                } else {
                    self.rescan = true;
                }
                if !all_watched {
                    self.watched_in_part();
                }
            }
            Done::Examined(path, outcome) => self.list.examined(&path, outcome, now),
            Done::Landed(path, ended) => self.list.landed(&path, ended, now),
            Done::Told => {}
        }
    }

    fn subscribed(&mut self, result: io::Result<(Watched, Vec<Found>)>) {
        self.listing = false;
        match result {
            Ok((watched, found)) => {
                let in_part = watched.in_part;
                self.watched = Some(watched);
                self.list.folder_back();
                self.rescan = false;
                self.backlog = found.into();
                self.source.gauge.state(SourceState::Watching, None);
                if in_part {
                    self.watched_in_part();
                }
            }
            Err(error) => {
                let detail = format!("The folder cannot be watched: {error}. It is tried again every second.");
                self.source.gauge.state(SourceState::Gone, Some(detail));
            }
        }
    }

    fn panicked(&mut self, error: &JoinError, now: Instant) {
        tracing::error!(%error, "a task of this source ended unexpectedly");
        match self.whose.remove(&error.id()) {
            Some((path, Some(whole))) => self.list.landed(&path, Ended::Again(whole), now),
            Some((path, None)) => {
                let refusal = Refusal {
                    reason: RefusalKind::WorkerFailed,
                    problem: "Examining this file failed unexpectedly.".to_owned(),
                    incomplete: false,
                    retry: true,
                };
                let marks = crate::copy::Marks { bytes: 0, mtime_ns: 0 };
                self.list.examined(&path, Examined::Refused(refusal, marks), now);
            }
            // Looking or listing: both are asked for again by the clock.
            None => (self.listing, self.looking, self.rescan) = (false, false, true),
        }
    }

    fn offer_backlog(&mut self) {
        let (at, now) = (self.source.room.now(), Instant::now());
        while self.list.has_room() {
            let Some(found) = self.backlog.pop_front() else { return };
            self.list.found(&found.path, false, at, now);
        }
    }

    fn act(&mut self) {
        while let Some(action) = self.list.next(Instant::now()) {
            let (room, name) = (Arc::clone(&self.source.room), self.source.label.clone());
            match action {
                Action::Examine(path, sight) => {
                    let root = self
                        .watched
                        .as_ref()
                        .map_or_else(|| self.source.folder.clone(), |watched| watched.root.clone());
                    let (key, source) = (path.clone(), Arc::clone(&self.source));
                    let task = self.tasks.spawn(async move {
                        let outcome = source.examine(&path, &root, sight).await;
                        Done::Examined(path, outcome)
                    });
                    self.whose.insert(task.id(), (key, None));
                }
                Action::Land(path, whole, tries) => {
                    let (source, stop) = (Arc::clone(&self.source), self.stop.clone());
                    let (key, kept) = (path.clone(), whole.clone());
                    let task = self.tasks.spawn(async move {
                        let ended = source.land(whole, tries, &stop).await;
                        Done::Landed(path, ended)
                    });
                    self.whose.insert(task.id(), (key, Some(kept)));
                }
                Action::Attend(path, refusal, marks) => self.tell(async move {
                    room.attend(&path, &name, marks, Words::of_refusal(&refusal, &path)).await;
                }),
                Action::Lost(path) => self.tell(async move {
                    room.attend(&path, &name, None, Words::vanished(&path)).await;
                }),
                Action::TakeBack(path) => self.tell(async move {
                    room.attend(&path, &name, None, Words::vanished(&path)).await;
                    room.unattend(&path).await;
                }),
            }
        }
    }

    fn tell(&mut self, telling: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(async move {
            telling.await;
            Done::Told
        });
    }
}

impl HotFolder {
    async fn examine(&self, path: &Path, root: &Path, sight: crate::examine::Sight) -> Examined {
        let outcome = self.room.examine(path, root, sight).await;
        match &outcome {
            Examined::Whole(whole) => self.gauge.took(&whole.file.name(), self.room.now()),
            Examined::Nameless => self.room.attend(path, &self.label, None, Words::unreadable_name(path)).await,
            Examined::Failed(problem) => tracing::warn!(problem, "a file could not be examined; it is tried again"),
            Examined::Nothing | Examined::Refused(..) => {}
        }
        outcome
    }

    async fn land(&self, mut whole: Box<Whole>, tries: u32, stop: &CancellationToken) -> Ended {
        match self.room.land(&whole, stop).await {
            Ok(_) => {
                self.gauge.landed(whole.file.marks.bytes);
                self.room.disk_works().await;
                Ended::Safe
            }
            Err(LandError::Gone) => Ended::Gone,
            Err(LandError::Changed) => Ended::Changed,
            Err(LandError::Write(error)) => {
                self.room.disk_refuses(&error).await;
                Ended::Again(whole)
            }
            Err(LandError::Read(error)) => {
                if tries == TRIES_UNTOLD {
                    let words = Words::unreadable(&whole.file.path, &error);
                    self.room.attend(&whole.file.path, &self.label, None, words).await;
                    whole.shown = false;
                }
                Ended::Again(whole)
            }
            Err(error @ (LandError::Catalog(_) | LandError::Stopped)) => {
                tracing::warn!(%error, "a file did not land; it is tried again");
                Ended::Again(whole)
            }
        }
    }
}

fn identity(folder: &Path) -> io::Result<Identity> {
    let meta = std::fs::metadata(folder)?;
    if !meta.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    Ok(Identity { device: meta.dev(), inode: meta.ino() })
}

fn watch(source: &HotFolder) -> io::Result<(Watched, Vec<Found>)> {
    let identity = identity(&source.folder)?;
    let (inbox, room) = (Arc::clone(&source.inbox), Arc::clone(&source.room));
    let hear = move |event| inbox.hear(event, room.now());
    let config = Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(hear, config).map_err(io::Error::other)?;
    let in_part = match watcher.watch(&source.folder, RecursiveMode::Recursive) {
        Ok(()) => false,
        Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => true,
        Err(error) => return Err(io::Error::other(error)),
    };
    let root = source.folder.canonicalize()?;
    let found = walk::captures(&source.folder)?;
    Ok((Watched { watcher: Arc::new(Mutex::new(watcher)), root, identity, in_part }, found))
}
