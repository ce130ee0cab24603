//! At start: the originals folder and the catalog are brought together, so that a kill at any moment loses and doubles
//! nothing. Over an empty catalog the same makes it again from the files.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use catalog::{Landing, NewArrival};
use model::{ContentHash, CreatorId, FrameId, OriginalId};
use tokio_util::sync::CancellationToken;

use crate::{
    IngestError,
    attention::Words,
    copy::{Marks, hash_file},
    examine::{Sight, SourceFile, Whole},
    inspector::Refusal,
    names::worth_a_look,
    publish::{Note, is_part, noted_name, read_note},
    room::Room,
    walk::{self, Found},
};

/// Looks at one file that the worker failed on.
const TRIES: u32 = 4;
/// Wait between them.
const RETRY: Duration = Duration::from_millis(500);
/// Missing originals that are listed one by one; more is a disk that is not connected.
const MISSING_LISTED: usize = 20;
/// What is found at a start waits behind what is being shot.
const BACKLOG: i64 = 1;

/// What a start found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Originals that were on disk and not in the catalog, and are now.
    pub adopted: usize,
    /// Landings that were cut between naming the file and recording it, and are finished now; counted in `adopted` too.
    pub finished: usize,
    /// Files that are no whole camera files, or hold what another original holds; they stay where they are.
    pub refused: usize,
    /// Copies that were cut, and are removed; their sources are read again.
    pub parts_removed: usize,
    /// Frames that were shown and never landed; they appear again when their files are seen at the source.
    pub arrivals_forgotten: u64,
    /// Originals that the catalog knows and the folder does not hold any more, or not with that size.
    pub missing: usize,
}

/// What lies in the event's folder.
#[derive(Default)]
struct Lying {
    originals: Vec<Found>,
    parts: Vec<PathBuf>,
    notes: Vec<PathBuf>,
}

/// How the adoption of one file ended.
#[derive(Debug, PartialEq, Eq)]
enum Adopted {
    Original,
    Refused,
}

impl Room {
    pub(crate) async fn reconcile(
        self: &Arc<Self>,
        stop: &CancellationToken,
        progress: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<Reconciled, IngestError> {
        let mut found = Reconciled::default();
        let lying = self.lying().await?;
        for part in &lying.parts {
            // What cannot be removed now is tried again at the next start.
            found.parts_removed += usize::from(fs::remove_file(part).is_ok());
        }
        for note in &lying.notes {
            found.finished += usize::from(self.finish_noted(note).await?);
        }
        found.adopted = found.finished;
        found.arrivals_forgotten = self.config.catalog.forget_arrivals().await?;
        let known: HashMap<String, u64> =
            self.config.catalog.original_paths(self.config.event).await?.into_iter().collect();
        let unknown: Vec<&Found> = lying
            .originals
            .iter()
            .filter(|file| self.relative(&file.path).is_some_and(|path| !known.contains_key(&path)))
            .collect();
        found.missing = self.tell_missing(&known, &lying.originals).await;
        for (at, file) in unknown.iter().enumerate() {
            if stop.is_cancelled() {
                break;
            }
            match self.adopt(&file.path).await? {
                Some(Adopted::Original) => found.adopted += 1,
                Some(Adopted::Refused) => found.refused += 1,
                None => {}
            }
            progress(at + 1, unknown.len());
        }
        Ok(found)
    }

    /// Looks again at a file in the originals folder that was refused.
    pub(crate) async fn adopt_again(self: &Arc<Self>, path: &Path) {
        if let Err(error) = self.adopt(path).await {
            tracing::error!(%error, path = %path.display(), "a file of the originals folder could not be recorded");
        }
    }

    async fn lying(&self) -> Result<Lying, IngestError> {
        let folder = self.event_dir();
        let path = folder.clone();
        let listed =
            tokio::task::spawn_blocking(move || sort_out(&path)).await.unwrap_or_else(|e| Err(io::Error::other(e)));
        match listed {
            Ok(lying) => Ok(lying),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lying::default()),
            Err(source) => Err(IngestError::Originals { path: folder, source }),
        }
    }

    /// Finishes a landing that was cut between naming and recording. True when an original came into the catalog by it.
    async fn finish_noted(self: &Arc<Self>, note_path: &Path) -> Result<bool, IngestError> {
        let mut finished = false;
        if let Some((path, note)) = named_by(note_path)
            && let Some(catalog_path) = self.relative(&path)
            && self.config.catalog.original_by_hash(self.config.event, note.sha256).await?.is_none()
            && hash_of(&path).await.is_ok_and(|hash| hash == note.sha256)
            && let Ok(Some(file)) = SourceFile::at(&path)
            && let Ok(mut whole) = self.inspect_patiently(file, note.seen_at).await
        {
            // As if nothing had happened: by the source's own path the arrival, and so the frame, is found again.
            (whole.seen_at, whole.complete_at) = (note.seen_at, note.complete_at);
            whole.file.key = note.source_path;
            whole.file.folder = note.source_folder;
            whole.file.stem = note.stem;
            whole.file.marks = Marks { bytes: note.bytes, mtime_ns: note.source_mtime_ns };
            let creator = self.creator_of(&path).await?;
            finished = self.record_adopted(&whole, creator, note.sha256, catalog_path).await?;
        }
        // A note that cannot be removed is read again at the next start.
        let _ = fs::remove_file(note_path);
        Ok(finished)
    }

    /// Records a file that lies in the originals folder. None when that was done, or refused, before.
    async fn adopt(self: &Arc<Self>, path: &Path) -> Result<Option<Adopted>, IngestError> {
        let (Some(catalog_path), Ok(Some(file))) = (self.relative(path), SourceFile::at(path)) else { return Ok(None) };
        if self.config.catalog.knows_source(&file.key, file.marks.bytes, file.marks.mtime_ns).await? {
            return Ok(None);
        }
        let label = self.config.originals.display().to_string();
        let mut whole = match self.inspect_patiently(file, self.now()).await {
            Ok(whole) => whole,
            Err((refusal, marks)) => {
                let marks = (!refusal.asks_again()).then_some(marks);
                self.attend(path, &label, marks, Words::of_refusal(&refusal, path)).await;
                return Ok(Some(Adopted::Refused));
            }
        };
        whole.file.folder.clear();
        let sha256 = match hash_of(path).await {
            Ok(sha256) => sha256,
            Err(error) => {
                self.attend(path, &label, None, Words::unreadable(path, &error)).await;
                return Ok(Some(Adopted::Refused));
            }
        };
        let creator = self.creator_of(path).await?;
        let new = self.record_adopted(&whole, creator, sha256, catalog_path).await?;
        Ok(Some(if new { Adopted::Original } else { Adopted::Refused }))
    }

    /// True when the content was new.
    async fn record_adopted(
        &self,
        whole: &Whole,
        creator: CreatorId,
        sha256: ContentHash,
        path: String,
    ) -> Result<bool, IngestError> {
        let _door = self.commit.lock().await;
        let file = &whole.file;
        if self.config.catalog.original_by_hash(self.config.event, sha256).await?.is_none() {
            let arrival = NewArrival {
                fresh: FrameId::new(whole.seen_at, self.random()),
                event: self.config.event,
                creator,
                source_path: file.key.clone(),
                source_folder: file.folder.clone(),
                stem: file.stem.clone(),
                kind: whole.kind,
                bytes: file.marks.bytes,
                facts: whole.facts.clone(),
                seen_at: whole.seen_at,
                complete_at: whole.complete_at,
                priority: BACKLOG,
                sure: true,
            };
            self.config.catalog.arrive(&arrival).await?;
        }
        let landed_at = self.now();
        let landing = Landing {
            fresh: OriginalId::new(landed_at, self.random()),
            event: self.config.event,
            source_path: file.key.clone(),
            source_folder: file.folder.clone(),
            stem: file.stem.clone(),
            source_mtime_ns: file.marks.mtime_ns,
            kind: whole.kind,
            path,
            bytes: file.marks.bytes,
            sha256,
            landed_at,
        };
        Ok(self.config.catalog.land(&landing).await?.duplicate_of.is_none())
    }

    async fn inspect_patiently(&self, file: SourceFile, at: model::UnixMillis) -> Result<Whole, (Refusal, Marks)> {
        let sight = Sight { seen_at: at, closed_at: at, priority: BACKLOG };
        let mut tries = 1;
        loop {
            match self.inspect(file.clone(), sight).await {
                Err((refusal, _)) if refusal.asks_again() && tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(RETRY).await;
                }
                other => return other,
            }
        }
    }

    /// The creator in whose folder a file lies; files above belong to the one at work.
    async fn creator_of(&self, path: &Path) -> Result<CreatorId, IngestError> {
        let below = path.strip_prefix(self.event_dir()).ok();
        let mut parts = below.into_iter().flat_map(Path::components);
        let (first, rest) = (parts.next(), parts.next());
        let (Some(folder), Some(_)) = (first.and_then(|part| part.as_os_str().to_str()), rest) else {
            return Ok(self.config.creator);
        };
        if folder == self.creator_folder {
            return Ok(self.config.creator);
        }
        Ok(self.config.catalog.creator_named(folder, CreatorId::new(self.now(), self.random())).await?)
    }

    /// The catalog's path of a file below the originals folder.
    fn relative(&self, path: &Path) -> Option<String> {
        path.strip_prefix(&self.config.originals).ok()?.to_str().map(str::to_owned)
    }

    /// Tells a person of originals that are not where they landed.
    async fn tell_missing(&self, known: &HashMap<String, u64>, lying: &[Found]) -> usize {
        let sizes: HashMap<String, u64> =
            lying.iter().filter_map(|file| Some((self.relative(&file.path)?, file.bytes))).collect();
        let mut missing: Vec<&String> =
            known.iter().filter(|(path, bytes)| sizes.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
        missing.sort();
        let label = self.config.originals.display().to_string();
        for path in missing.iter().take(MISSING_LISTED) {
            self.attend(&self.config.originals.join(path), &label, None, Words::missing(path)).await;
        }
        missing.len()
    }
}

fn sort_out(folder: &Path) -> io::Result<Lying> {
    let mut lying = Lying::default();
    for file in walk::files(folder, |_| true)? {
        let Some(name) = file.path.file_name().and_then(|name| name.to_str()) else { continue };
        if is_part(name) {
            lying.parts.push(file.path);
        } else if noted_name(name).is_some() {
            lying.notes.push(file.path);
        } else if worth_a_look(name) {
            lying.originals.push(file);
        }
    }
    Ok(lying)
}

/// The file that a note stands for, and what the note says.
fn named_by(note_path: &Path) -> Option<(PathBuf, Note)> {
    let name = noted_name(note_path.file_name()?.to_str()?)?;
    Some((note_path.with_file_name(name), read_note(note_path)?))
}

async fn hash_of(path: &Path) -> io::Result<ContentHash> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || hash_file(&path)).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
