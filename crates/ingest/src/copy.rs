//! A file's bytes: copied aside while they are hashed.

use std::{
    fs::{self, File, FileTimes, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use model::ContentHash;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use crate::{land::LandError, walk::mtime_ns};

/// Bytes read at once: large enough for disks, small enough to stop soon.
const BLOCK_BYTES: usize = 1 << 20;

/// A copy under its temporary name. Dropped, it is removed.
#[derive(Debug)]
pub(crate) struct PartFile {
    path: PathBuf,
    kept: bool,
}

impl PartFile {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file has its real name now.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.kept {
            // What stays is removed at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Size and time of a file: what tells that it was written again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub bytes: u64,
    pub mtime_ns: i64,
}

impl Marks {
    pub(crate) fn of(meta: &fs::Metadata) -> Self {
        Self { bytes: meta.len(), mtime_ns: mtime_ns(meta) }
    }
}

/// Copies `source` to `part` and syncs it. Fails with [`LandError::Changed`] when the source is not, before and after, what
/// `marks` say: then what was examined is not what was copied.
pub(crate) fn copy_aside(
    source: &Path,
    marks: Marks,
    part: PathBuf,
    stop: &CancellationToken,
) -> Result<(PartFile, ContentHash), LandError> {
    let mut from = open_source(source).map_err(LandError::from_read)?;
    let before = from.metadata().map_err(LandError::from_read)?;
    if Marks::of(&before) != marks {
        return Err(LandError::Changed);
    }
    let mut to = OpenOptions::new().write(true).create_new(true).open(&part).map_err(LandError::Write)?;
    let part = PartFile { path: part, kept: false };
    let mut digest = Sha256::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        if stop.is_cancelled() {
            return Err(LandError::Stopped);
        }
        let length = match from.read(&mut block) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(LandError::from_read(error)),
        };
        let bytes = block.get(..length).unwrap_or_default();
        digest.update(bytes);
        to.write_all(bytes).map_err(LandError::Write)?;
    }
    let after = fs::symlink_metadata(source).map_err(LandError::from_read)?;
    if Marks::of(&after) != marks || (after.dev(), after.ino()) != (before.dev(), before.ino()) {
        return Err(LandError::Changed);
    }
    if let Ok(modified) = before.modified() {
        // The camera's time on the original is a kindness; a file system that refuses it keeps the bytes all the same.
        let _ = to.set_times(FileTimes::new().set_modified(modified));
    }
    to.sync_all().map_err(LandError::Write)?;
    Ok((part, ContentHash(digest.finalize().into())))
}

/// Opens for reading; a symbolic link is refused, a pipe does not block.
fn open_source(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// The hash of a file that stays where it is.
pub(crate) fn hash_file(path: &Path) -> io::Result<ContentHash> {
    let mut file = open_source(path)?;
    let mut digest = Sha256::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(ContentHash(digest.finalize().into())),
            Ok(length) => digest.update(block.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
