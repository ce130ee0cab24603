//! A memory card, or a folder, that is read once: oldest first, hashed before anything is shown.

use std::{
    collections::VecDeque,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use model::{FileKind, SourceState};
use tokio::{sync::Notify, time::sleep};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    attention::Words,
    copy::Marks,
    examine::{Sight, SourceFile, Whole},
    inspector::{Refusal, RefusalKind},
    land::{LandError, Landed, Staged},
    names::worth_a_look,
    room::Room,
    source::{Source, SourceRun},
    status::Gauge,
    walk::{self, Found},
};

/// Files read ahead of the one that is recorded.
const AHEAD: usize = 2;
/// How often a pulled card is looked for, and a full disk is tried again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks at one file that the worker failed on.
const TRIES: u32 = 3;
/// Files in a row that cannot be read: then it is the card, not the file.
const UNREADABLE_IN_A_ROW: u32 = 5;
/// An import never delays the preview of what is being shot.
const BACKLOG: i64 = 1;

pub(crate) struct Card {
    id: String,
    label: String,
    folder: PathBuf,
    /// Where its pictures are: `DCIM`, or the folder itself where there is none.
    pictures: PathBuf,
    room: Arc<Room>,
    gauge: Gauge,
    asked: Notify,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    total: usize,
    done: usize,
    new: usize,
    here: usize,
    refused: usize,
    left: usize,
    unreadable_in_a_row: u32,
}

/// How reading one file ahead ended.
enum Read {
    Staged(Box<Whole>, Staged),
    Known,
    Nothing,
    Refused(Refusal, Marks),
    Failed(LandError),
}

/// Why a pass over the card ended early.
enum Cut {
    Stopped,
    Pulled,
}

impl Card {
    /// `folder` is absolute and there. Blocks on the disk for two looks.
    pub(crate) fn new(id: String, folder: PathBuf, room: Arc<Room>, gauge: Gauge) -> Self {
        let dcim = folder.join("DCIM");
        let pictures = if dcim.is_dir() { dcim } else { folder.clone() };
        Self { id, label: folder.display().to_string(), folder, pictures, room, gauge, asked: Notify::new() }
    }
}

impl Source for Card {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.label
    }

    fn run(self: Arc<Self>, stop: CancellationToken) -> SourceRun {
        Box::pin(async move {
            // A cut sleep, an abandoned read: nothing of it is recorded, so that leaving anywhere is safe.
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.passes(&stop) => {}
            }
        })
    }

    fn reexamine(&self, path: &Path) -> bool {
        let ours = path.starts_with(&self.folder);
        if ours {
            self.asked.notify_one();
        }
        ours
    }
}

impl Card {
    /// Reads the card; again when it was pulled and came back, and when a person asks. What landed is passed over quickly.
    async fn passes(self: &Arc<Self>, stop: &CancellationToken) {
        loop {
            match self.pass(stop).await {
                Ok(tally) => {
                    self.gauge.state(SourceState::Done, Some(tally.summary()));
                    self.asked.notified().await;
                }
                Err(Cut::Stopped) => return,
                Err(Cut::Pulled) => {
                    sleep(LOOK_EVERY).await;
                    while !self.is_there().await {
                        sleep(LOOK_EVERY).await;
                    }
                }
            }
        }
    }

    async fn pass(self: &Arc<Self>, stop: &CancellationToken) -> Result<Tally, Cut> {
        self.gauge.state(SourceState::Importing, Some("Listing files".to_owned()));
        let pictures = self.pictures.clone();
        let listed = tokio::task::spawn_blocking(move || walk::files(&pictures, |_| true)).await;
        let mut files = match listed.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!(%error, folder = self.label, "the card cannot be listed; it is tried again");
                return Err(self.pulled(&Tally::default()));
            }
        };
        let all = files.len();
        files.retain(|found| found.path.file_name().is_some_and(|name| worth_a_look(&name.to_string_lossy())));
        let mut tally = Tally { total: files.len(), left: all - files.len(), ..Tally::default() };
        let mut waiting: VecDeque<Found> = files.into();
        let mut ahead: VecDeque<(PathBuf, AbortOnDropHandle<Read>)> = VecDeque::new();
        loop {
            while ahead.len() <= AHEAD
                && let Some(found) = waiting.pop_front()
            {
                ahead.push_back((found.path.clone(), self.read_ahead(found.path, stop)));
            }
            let Some((path, reading)) = ahead.pop_front() else { return Ok(tally) };
            let read = reading.await.unwrap_or_else(|error| Read::Failed(LandError::Read(io::Error::other(error))));
            self.finish(&path, read, &mut tally, stop).await?;
            tally.done += 1;
            self.gauge.state(SourceState::Importing, Some(tally.progress()));
            self.gauge.tick();
        }
    }

    fn read_ahead(self: &Arc<Self>, path: PathBuf, stop: &CancellationToken) -> AbortOnDropHandle<Read> {
        let (card, stop) = (Arc::clone(self), stop.clone());
        AbortOnDropHandle::new(tokio::spawn(async move { card.read(&path, &stop).await }))
    }

    /// Looks at a file, and copies it aside when it is whole and new.
    async fn read(&self, path: &Path, stop: &CancellationToken) -> Read {
        let owned = path.to_owned();
        let looked = tokio::task::spawn_blocking(move || SourceFile::at(&owned)).await;
        let file = match looked.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(Some(file)) => file,
            Ok(None) => return Read::Nothing,
            Err(error) => return Read::Failed(LandError::from_read(error)),
        };
        match self.room.config.catalog.knows_source(&file.key, file.marks.bytes, file.marks.mtime_ns).await {
            Ok(true) => return Read::Known,
            Ok(false) => {}
            Err(error) => return Read::Failed(error.into()),
        }
        let now = self.room.now();
        let sight = Sight { seen_at: now, closed_at: now, priority: BACKLOG };
        let mut tries = 1;
        let whole = loop {
            match self.room.inspect(file.clone(), sight).await {
                Ok(whole) => break whole,
                Err((refusal, _)) if refusal.asks_again() && tries < TRIES => {
                    tries += 1;
                    sleep(LOOK_EVERY).await;
                }
                Err((refusal, marks)) => return Read::Refused(refusal, marks),
            }
        };
        match self.room.stage(&whole, stop).await {
            Ok(staged) => Read::Staged(Box::new(whole), staged),
            Err(error) => Read::Failed(error),
        }
    }

    /// Records what was read; stays with this file while the originals' disk refuses.
    async fn finish(
        self: &Arc<Self>,
        path: &Path,
        mut read: Read,
        tally: &mut Tally,
        stop: &CancellationToken,
    ) -> Result<(), Cut> {
        loop {
            let error = match read {
                Read::Nothing => return Ok(()),
                Read::Known => {
                    tally.here += 1;
                    return Ok(());
                }
                Read::Refused(refusal, marks) => return self.refused(path, &refusal, marks, tally).await,
                Read::Failed(error) => error,
                Read::Staged(whole, staged) => match self.room.commit(&whole, staged).await {
                    Ok(landed) => {
                        self.landed(&whole, &landed, tally).await;
                        return Ok(());
                    }
                    Err(error) => error,
                },
            };
            match error {
                LandError::Stopped => return Err(Cut::Stopped),
                LandError::Gone | LandError::Read(_) => return self.unread(path, &error, tally).await,
                LandError::Changed => {}
                LandError::Write(error) => self.room.disk_refuses(&error).await,
                LandError::Catalog(error) => tracing::warn!(%error, "a file did not land; it is tried again"),
            }
            sleep(LOOK_EVERY).await;
            read = self.read(path, stop).await;
        }
    }

    async fn landed(&self, whole: &Whole, landed: &Landed, tally: &mut Tally) {
        tally.unreadable_in_a_row = 0;
        match landed {
            Landed::Original => tally.new += 1,
            Landed::Duplicate => tally.here += 1,
        }
        if whole.kind != FileKind::Sidecar {
            self.gauge.took(&whole.file.name(), self.room.now());
        }
        self.gauge.landed(whole.file.marks.bytes);
        self.room.disk_works().await;
    }

    async fn refused(&self, path: &Path, refusal: &Refusal, marks: Marks, tally: &mut Tally) -> Result<(), Cut> {
        let may_be_the_card = matches!(refusal.reason, RefusalKind::Unreadable | RefusalKind::WorkerFailed);
        if may_be_the_card && !self.is_there().await {
            return Err(self.pulled(tally));
        }
        tally.refused += 1;
        let marks = (!refusal.asks_again()).then_some(marks);
        self.room.attend(path, &self.label, marks, Words::of_refusal(refusal, path)).await;
        Ok(())
    }

    async fn unread(&self, path: &Path, error: &LandError, tally: &mut Tally) -> Result<(), Cut> {
        if !self.is_there().await {
            return Err(self.pulled(tally));
        }
        let LandError::Read(error) = error else { return Ok(()) };
        tally.refused += 1;
        tally.unreadable_in_a_row += 1;
        let words = if error.kind() == io::ErrorKind::InvalidFilename {
            Words::unreadable_name(path)
        } else {
            Words::unreadable(path, error)
        };
        self.room.attend(path, &self.label, None, words).await;
        if tally.unreadable_in_a_row >= UNREADABLE_IN_A_ROW { Err(self.pulled(tally)) } else { Ok(()) }
    }

    fn pulled(&self, tally: &Tally) -> Cut {
        let detail = format!("{}. Put the card back and the import goes on.", tally.progress());
        self.gauge.state(SourceState::Gone, Some(detail));
        Cut::Pulled
    }

    /// A pulled card may leave its empty folder behind.
    async fn is_there(&self) -> bool {
        let pictures = self.pictures.clone();
        let first =
            tokio::task::spawn_blocking(move || fs::read_dir(pictures).is_ok_and(|mut files| files.next().is_some()));
        first.await.unwrap_or(false)
    }
}

impl Tally {
    fn progress(&self) -> String {
        format!("{} of {} files", self.done, self.total)
    }

    fn summary(&self) -> String {
        let taken = format!("{} of {} files: {} new, {} were here already", self.done, self.total, self.new, self.here);
        let refused = if self.refused > 0 { format!(", {} need attention", self.refused) } else { String::new() };
        let left = if self.left > 0 {
            format!("; {} films and other files stay on the card", self.left)
        } else {
            String::new()
        };
        taken + &refused + &left
    }
}
