//! A finished picture under its name: whole or not at all, and never over another file unless told.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use super::{FileFormat, Finished, Metadata, OutputError, write};

/// What to do where there is a file of that name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the call errs with [`OutputError::Exists`].
    #[default]
    Keep,
    /// The new one takes its place, in one step.
    Replace,
}

/// Tells two writers of one process apart.
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Writes the picture beside its place (`.NAME.part`), brings it to disk and renames it. Gives its length, bytes.
///
/// Errs where the folder cannot be written, where there is a file and `existing` says to keep it, and as [`write()`]
/// does. Nothing is left behind then.
pub fn save(
    path: &Path,
    picture: &Finished<'_>,
    format: FileFormat,
    metadata: &Metadata,
    existing: Existing,
) -> Result<u64, OutputError> {
    let exists = || OutputError::Exists { path: path.to_owned() };
    let fault = |error: io::Error| OutputError::File { path: path.to_owned(), detail: error.to_string() };
    // Before all the work; what appears meanwhile is noticed by the rename.
    if existing == Existing::Keep && fs::symlink_metadata(path).is_ok() {
        return Err(exists());
    }
    let part = Part(part_path(path).ok_or_else(|| fault(io::ErrorKind::InvalidFilename.into()))?);
    let file = File::create_new(&part.0).map_err(fault)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write(&mut out, picture, format, metadata).map_err(|error| match error {
        OutputError::Io { detail } => OutputError::File { path: path.to_owned(), detail },
        other => other,
    })?;
    out.flush().map_err(fault)?;
    let file = out.into_inner().map_err(|error| fault(error.into_error()))?;
    file.sync_all().map_err(fault)?;
    let len = file.metadata().map_err(fault)?.len();
    drop(file);
    match existing {
        Existing::Replace => fs::rename(&part.0, path),
        Existing::Keep => rename_to_free(&part.0, path),
    }
    .map_err(|error| if error.kind() == io::ErrorKind::AlreadyExists { exists() } else { fault(error) })?;
    sync_folder(path);
    Ok(len)
}

/// The file beside; gone when this is dropped, unless it has its name by then.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// In the same folder, hidden, like no other writer's.
fn part_path(path: &Path) -> Option<PathBuf> {
    /// With the rest below the 255 bytes that file systems take.
    const NAME_BYTES_MAX: usize = 200;
    let name = path.file_name()?.to_string_lossy();
    let name = name.get(..name.floor_char_boundary(NAME_BYTES_MAX))?;
    let (process, count) = (std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    Some(path.with_file_name(format!(".{name}.{process}-{count}.part")))
}

/// Renames, and fails with `AlreadyExists` rather than replace: a link cannot be made where there is a name.
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // USB sticks know no links. Between the look and the rename another program could only just slip in.
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

/// So that the name survives a power cut. Not everywhere can folders be opened or synced; then the system does it in
/// its time.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
