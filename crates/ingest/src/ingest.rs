//! The room's front: sources are added, asked and ended here.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use model::{SourceKind, SourceState, SourceStatus};
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    IngestConfig, IngestError, Reconciled, card::Card, hot_folder::HotFolder, room::Room, source::Source, status::Board,
};

/// Sources of one studio; a finished import makes place.
const SOURCES_MAX: usize = 64;
/// How long the sources may take to end. A copy that is cut is taken up at the next start.
const STOP_MAX: Duration = Duration::from_secs(3);

/// Takes captures from sources until it is shut down or dropped.
pub struct Ingest {
    room: Arc<Room>,
    board: Board,
    sources: Mutex<Vec<Running>>,
    tasks: Mutex<JoinSet<()>>,
    numbers: AtomicU64,
    stop: CancellationToken,
    _stop_when_dropped: DropGuard,
}

struct Running {
    source: Arc<dyn Source>,
    kind: SourceKind,
    folder: PathBuf,
    stop: CancellationToken,
    /// Its task has ended.
    ended: CancellationToken,
}

impl Ingest {
    /// A room without sources. Nothing is touched yet.
    pub fn new(config: IngestConfig) -> Self {
        let stop = CancellationToken::new();
        Self {
            room: Arc::new(Room::new(config)),
            board: Board::new(),
            sources: Mutex::default(),
            tasks: Mutex::default(),
            numbers: AtomicU64::new(0),
            _stop_when_dropped: stop.clone().drop_guard(),
            stop,
        }
    }

    /// How each source is; changes are announced.
    pub fn status(&self) -> watch::Receiver<Vec<SourceStatus>> {
        self.board.reader()
    }

    /// Takes up what an earlier run left, before any source is started: unfinished landings are finished or undone, and
    /// files in the event's originals folder that the catalog does not know are recorded. Over an empty catalog this is a rebuild.
    pub async fn reconcile(&self) -> Result<Reconciled, IngestError> {
        self.reconcile_with(&|_, _| {}).await
    }

    /// [`Self::reconcile`], telling after each unknown file how many of how many are done.
    pub async fn reconcile_with(
        &self,
        progress: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<Reconciled, IngestError> {
        self.room.reconcile(&self.stop, progress).await
    }

    /// Whether [`Self::watch`] would take the folder.
    pub async fn check(&self, folder: &Path) -> Result<(), IngestError> {
        self.source_folder(folder, true).await.map(drop)
    }

    /// Watches a folder from now on, its subfolders too. A folder that is not there yet is waited for.
    /// Returns the source's id; watching the same folder again changes nothing.
    pub async fn watch(&self, folder: &Path) -> Result<String, IngestError> {
        let folder = self.source_folder(folder, true).await?;
        if let Some(id) = self.running_id(SourceKind::HotFolder, &folder) {
            return Ok(id);
        }
        let (room, path) = (Arc::clone(&self.room), folder.clone());
        self.start(SourceKind::HotFolder, SourceState::Gone, folder, |id, gauge| {
            Arc::new(HotFolder::new(id, path, room, gauge))
        })
    }

    /// Reads a card or a folder once, in the background. Returns the source's id; asking for the same folder again reads it again.
    pub async fn import(&self, folder: &Path) -> Result<String, IngestError> {
        let folder = self.source_folder(folder, false).await?;
        if let Some(id) = self.running_id(SourceKind::Card, &folder) {
            self.reexamine(&folder);
            return Ok(id);
        }
        let (room, path) = (Arc::clone(&self.room), folder.clone());
        self.start(SourceKind::Card, SourceState::Importing, folder, |id, gauge| {
            Arc::new(Card::new(id, path, room, gauge))
        })
    }

    /// Watches a folder no more; returns it. What had landed stays, what was only shown is taken back.
    pub async fn unwatch(&self, id: &str) -> Result<PathBuf, IngestError> {
        let running = {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            let at =
                sources.iter().position(|running| running.source.id() == id && running.kind == SourceKind::HotFolder);
            sources.remove(at.ok_or(IngestError::NoSuchSource)?)
        };
        running.stop.cancel();
        // Its last landing is finished or given up before what it had shown is taken back.
        running.ended.cancelled().await;
        self.board.forget(id);
        let folder = running.folder;
        self.room.config.catalog.forget_watched(&folder.to_string_lossy()).await?;
        Ok(folder)
    }

    /// Looks at a file again: a person pressed "try again".
    pub fn reexamine(&self, path: &Path) {
        let asked = {
            let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            // All that know it: a folder may be watched and imported.
            sources.iter().filter(|running| running.source.reexamine(path)).count()
        };
        if asked == 0 && path.starts_with(self.room.event_dir()) && !self.stop.is_cancelled() {
            let (room, path) = (Arc::clone(&self.room), path.to_owned());
            self.tasks().spawn(async move { room.adopt_again(&path).await });
        }
    }

    /// Ends all sources: what is being recorded is finished, what is being copied is abandoned and taken up at the next start.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        let mut tasks = std::mem::take(&mut *self.tasks());
        let ended = tokio::time::timeout(STOP_MAX, async { while tasks.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("a source did not end in time; its files are taken up at the next start");
        }
    }

    fn start(
        &self,
        kind: SourceKind,
        state: SourceState,
        folder: PathBuf,
        make: impl FnOnce(String, crate::status::Gauge) -> Arc<dyn Source>,
    ) -> Result<String, IngestError> {
        if self.stop.is_cancelled() {
            return Err(IngestError::Closed("the studio is stopping"));
        }
        self.make_place()?;
        let id = format!("source-{}", self.numbers.fetch_add(1, Ordering::Relaxed) + 1);
        let gauge = self.board.gauge(&id, kind, &folder.display().to_string(), state);
        let source = make(id.clone(), gauge);
        let stop = self.stop.child_token();
        tracing::info!(id = source.id(), folder = source.name(), "a source begins");
        let ended = CancellationToken::new();
        let run = Arc::clone(&source).run(stop.clone());
        // Dropped when the task ends, however it ends.
        let guard = ended.clone().drop_guard();
        self.tasks().spawn(async move {
            let _guard = guard;
            run.await;
        });
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).push(Running { source, kind, folder, stop, ended });
        Ok(id)
    }

    /// Lets the oldest finished import go when there is no place for another source.
    fn make_place(&self) -> Result<(), IngestError> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() < SOURCES_MAX {
            return Ok(());
        }
        let states = self.board.reader().borrow().clone();
        let done = |id: &str| states.iter().any(|status| status.id == id && status.state == SourceState::Done);
        let Some(at) = sources.iter().position(|running| done(running.source.id())) else {
            return Err(IngestError::Closed("there are as many as the studio can hold"));
        };
        let gone = sources.remove(at);
        gone.stop.cancel();
        self.board.forget(gone.source.id());
        Ok(())
    }

    fn running_id(&self, kind: SourceKind, folder: &Path) -> Option<String> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let same = sources.iter().find(|running| running.kind == kind && running.folder == folder);
        same.map(|running| running.source.id().to_owned())
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder's absolute path, if it can be a source.
    async fn source_folder(&self, folder: &Path, may_be_missing: bool) -> Result<PathBuf, IngestError> {
        let (given, originals) = (folder.to_owned(), self.room.config.originals.clone());
        let checked = tokio::task::spawn_blocking(move || check_folder(&given, &originals, may_be_missing)).await;
        checked.unwrap_or_else(|error| {
            Err(IngestError::Folder { path: folder.to_owned(), source: std::io::Error::other(error) })
        })
    }
}

fn check_folder(given: &Path, originals: &Path, may_be_missing: bool) -> Result<PathBuf, IngestError> {
    let refuse = |source| IngestError::Folder { path: given.to_owned(), source };
    let folder = std::path::absolute(given).map_err(refuse)?;
    match std::fs::metadata(&folder) {
        Ok(meta) if !meta.is_dir() => return Err(refuse(std::io::ErrorKind::NotADirectory.into())),
        Err(error) if !may_be_missing || error.kind() != std::io::ErrorKind::NotFound => return Err(refuse(error)),
        _ => {}
    }
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if real(&folder).starts_with(real(originals)) {
        return Err(IngestError::InsideOriginals(folder));
    }
    Ok(folder)
}
