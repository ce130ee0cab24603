//! One look at one file: is it new, is it whole; then it is shown.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use catalog::{CatalogError, NewArrival};
use model::{CaptureFacts, FileKind, FrameId, UnixMillis};

use crate::{
    copy::{Marks, hash_file},
    inspector::Refusal,
    names::{split_name, worth_a_look},
    room::Room,
};

/// A file's own time is taken for the moment of its completion when it is not older than this: copies may keep the
/// camera's time, which says nothing about now.
const FRESH_MS: i64 = 3_000;

/// A file at its source.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub path: PathBuf,
    /// The catalog's key: the absolute path as text.
    pub key: String,
    /// Its folder: pairs are looked for inside one.
    pub folder: String,
    pub stem: String,
    pub extension: String,
    pub marks: Marks,
}

impl SourceFile {
    /// Looks at a path. `Ok(None)` for what is no capture: a folder, a link, a name that is left alone.
    pub(crate) fn at(path: &Path) -> io::Result<Option<Self>> {
        let meta = fs::symlink_metadata(path)?;
        let (Some(key), Some(name)) = (path.to_str(), path.file_name().and_then(|name| name.to_str())) else {
            return Err(io::ErrorKind::InvalidFilename.into());
        };
        if !meta.is_file() || !worth_a_look(name) {
            return Ok(None);
        }
        let (stem, extension) = split_name(name);
        let folder = path.parent().and_then(Path::to_str).unwrap_or_default();
        Ok(Some(Self {
            path: path.to_owned(),
            key: key.to_owned(),
            folder: folder.to_owned(),
            stem: stem.to_owned(),
            extension: extension.to_owned(),
            marks: Marks::of(&meta),
        }))
    }

    pub(crate) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// A file that is whole.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub file: SourceFile,
    pub kind: FileKind,
    pub facts: CaptureFacts,
    pub seen_at: UnixMillis,
    pub complete_at: UnixMillis,
    /// Of its preview; smaller is sooner.
    pub priority: i64,
    /// Whether its frame is made. Not yet for a probable duplicate, and for what is hashed first.
    pub shown: bool,
}

/// What a look found.
#[derive(Debug)]
pub(crate) enum Examined {
    /// Dealt with before, no capture, or gone again.
    Nothing,
    /// Whole, and shown unless it looks like a duplicate.
    Whole(Box<Whole>),
    /// Not taken, at least not now.
    Refused(Refusal, Marks),
    /// Its name is no text.
    Nameless,
    /// The catalog or the disk did not answer; the file is as it was.
    Failed(String),
}

/// When and how a file came to our eyes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    pub seen_at: UnixMillis,
    pub closed_at: UnixMillis,
    pub priority: i64,
}

impl Room {
    /// Looks at a file below `root` (canonical), and shows it when it is whole.
    pub(crate) async fn examine(&self, path: &Path, root: &Path, sight: Sight) -> Examined {
        let (owned, root) = (path.to_owned(), root.to_owned());
        let looked =
            tokio::task::spawn_blocking(move || look(&owned, &root)).await.unwrap_or_else(|e| Err(io::Error::other(e)));
        let file = match looked {
            Ok(Some(file)) => file,
            Ok(None) => return Examined::Nothing,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Examined::Nothing,
            Err(error) if error.kind() == io::ErrorKind::InvalidFilename => return Examined::Nameless,
            Err(error) => return Examined::Failed(error.to_string()),
        };
        match self.config.catalog.knows_source(&file.key, file.marks.bytes, file.marks.mtime_ns).await {
            Ok(true) => return Examined::Nothing,
            Ok(false) => {}
            Err(error) => return Examined::Failed(error.to_string()),
        }
        let mut whole = match self.inspect(file, sight).await {
            Ok(whole) => whole,
            Err((refusal, marks)) => return Examined::Refused(refusal, marks),
        };
        match self.show(&whole, false).await {
            Ok(true) => whole.shown = true,
            Ok(false) => match self.show_unless_here(&whole).await {
                Ok(shown) => whole.shown = shown,
                Err(error) => return Examined::Failed(error.to_string()),
            },
            Err(error) => return Examined::Failed(error.to_string()),
        }
        Examined::Whole(Box::new(whole))
    }

    /// A file that looks like one that landed is compared by content before it is shown: raws of one burst may share size
    /// and second, and their guests do not wait for the quiet time. What cannot be read now is held; landing looks again.
    async fn show_unless_here(&self, whole: &Whole) -> Result<bool, CatalogError> {
        let path = whole.file.path.clone();
        let hashed = tokio::task::spawn_blocking(move || hash_file(&path)).await;
        let Ok(Ok(sha256)) = hashed else { return Ok(false) };
        if self.config.catalog.original_by_hash(self.config.event, sha256).await?.is_some() {
            return Ok(false);
        }
        self.show(whole, true).await
    }

    /// Asks the inspector. Nothing is shown yet.
    pub(crate) async fn inspect(&self, file: SourceFile, sight: Sight) -> Result<Whole, (Refusal, Marks)> {
        match self.config.inspector.inspect(&file.path).await {
            Ok(inspected) => Ok(Whole {
                complete_at: complete_at(file.marks, sight.closed_at),
                kind: inspected.kind,
                facts: inspected.facts,
                seen_at: sight.seen_at,
                priority: sight.priority,
                shown: false,
                file,
            }),
            Err(refusal) => Err((refusal, file.marks)),
        }
    }

    /// Makes the file's frame. False when it is held back: it looks like one that landed before, and nobody is `sure`.
    pub(crate) async fn show(&self, whole: &Whole, sure: bool) -> Result<bool, CatalogError> {
        let arrival = NewArrival {
            fresh: FrameId::new(whole.seen_at, self.random()),
            event: self.config.event,
            creator: self.config.creator,
            source_path: whole.file.key.clone(),
            source_folder: whole.file.folder.clone(),
            stem: whole.file.stem.clone(),
            kind: whole.kind,
            bytes: whole.file.marks.bytes,
            facts: whole.facts.clone(),
            seen_at: whole.seen_at,
            complete_at: whole.complete_at,
            priority: whole.priority,
            sure,
        };
        let arrived = self.config.catalog.arrive(&arrival).await?;
        Ok(arrived.frame.is_some() || whole.kind == FileKind::Sidecar)
    }
}

/// The file, if it is one and really lies below `root`: a linked folder on the way leads out.
fn look(path: &Path, root: &Path) -> io::Result<Option<SourceFile>> {
    let Some(file) = SourceFile::at(path)? else { return Ok(None) };
    Ok(path.canonicalize()?.starts_with(root).then_some(file))
}

/// The file's own time is the truer instant, unless a copy kept the camera's.
fn complete_at(marks: Marks, closed_at: UnixMillis) -> UnixMillis {
    let written = UnixMillis(marks.mtime_ns / 1_000_000);
    if (0..=FRESH_MS).contains(&closed_at.since(written)) { written } else { closed_at }
}
