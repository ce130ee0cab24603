//! A copy gets its readable name, never over another file, and in a way that a kill at any moment leaves traceable.
//!
//! Before the rename a note `.NAME.landing` says where the file came from; it goes when the catalog has the original.
//! A note that a start still finds tells it which arrival to finish (see `reconcile`).

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use model::{ContentHash, FileKind, UnixMillis};
use rustix::fs::{CWD, RenameFlags};
use serde::{Deserialize, Serialize};

use crate::{
    copy::{PartFile, hash_file},
    names::file_name,
    room::sync_folder,
};

/// Names tried before giving up: stem, stem-2, stem-3...
const NAMES_TRIED: u32 = 10_000;
/// Bytes of a note; ours have a few hundred.
const NOTE_BYTES_MAX: u64 = 64 * 1024;
const NOTE_ENDING: &str = ".landing";
const PART_ENDING: &str = ".part";
/// Hexadecimal digits of a part's id: ten random bytes.
const PART_ID_DIGITS: usize = 20;

/// Where a file that is being named came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub source_path: String,
    pub source_folder: String,
    pub source_mtime_ns: i64,
    pub stem: String,
    pub kind: FileKind,
    pub bytes: u64,
    pub sha256: ContentHash,
    pub seen_at: UnixMillis,
    pub complete_at: UnixMillis,
}

/// A file under its readable name.
#[derive(Debug)]
pub(crate) struct Published {
    pub name: String,
    pub path: PathBuf,
    /// The note, to be removed when the catalog knows the file.
    pub note: PathBuf,
}

/// The temporary name of a copy.
pub(crate) fn part_path(folder: &Path, name: &str, id: [u8; 10]) -> PathBuf {
    folder.join(format!(".{name}.{}{PART_ENDING}", hex::encode(id)))
}

/// Whether a name is one of [`part_path`].
pub(crate) fn is_part(name: &str) -> bool {
    let id =
        name.strip_prefix('.').and_then(|rest| rest.strip_suffix(PART_ENDING)).and_then(|rest| rest.rsplit_once('.'));
    id.is_some_and(|(_, id)| id.len() == PART_ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The name that a note stands for.
pub(crate) fn noted_name(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.strip_suffix(NOTE_ENDING).filter(|rest| !rest.is_empty())
}

/// Reads a note; none when it is torn or foreign.
pub(crate) fn read_note(path: &Path) -> Option<Note> {
    let size = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?.len();
    if size > NOTE_BYTES_MAX {
        return None;
    }
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Gives the copy its name: the stem's first free one. A file of that name with the same content is taken for the copy itself:
/// an earlier run was killed between naming it and recording it.
pub(crate) fn publish(
    part: PartFile,
    folder: &Path,
    stem: &str,
    extension: &str,
    note: &Note,
) -> io::Result<Published> {
    for n in 1..=NAMES_TRIED {
        let name = file_name(stem, extension, n);
        let path = folder.join(&name);
        let note_path = folder.join(format!(".{name}{NOTE_ENDING}"));
        if let Ok(meta) = fs::symlink_metadata(&path) {
            if meta.is_file() && meta.len() == note.bytes && hash_file(&path)? == note.sha256 {
                File::open(&path)?.sync_all()?;
                sync_folder(folder)?;
                return Ok(Published { name, path, note: note_path });
            }
            continue;
        }
        write_note(&note_path, note)?;
        match rename_to_free(part.path(), &path) {
            Ok(()) => {
                part.keep();
                sync_folder(folder)?;
                return Ok(Published { name, path, note: note_path });
            }
            Err(error) => {
                let _ = fs::remove_file(&note_path);
                if error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(error);
                }
            }
        }
    }
    Err(io::Error::other("no free name was found for this file in the originals folder"))
}

fn write_note(path: &Path, note: &Note) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&serde_json::to_vec(note).map_err(io::Error::other)?)?;
    file.sync_all()
}

/// Renames, and fails with `AlreadyExists` rather than replace.
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            rename_by_link(from, to)
        }
        Err(error) => Err(error.into()),
    }
}

/// For file systems that know no such rename (NFS): a link fails where the name is taken.
fn rename_by_link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Neither (some USB sticks): this room is the folder's only writer, and lands one file at a time.
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_our_own_temporary_names_are_ours() {
        let part = part_path(Path::new("/o"), "IMG_1.JPG", [0xab; 10]);
        assert!(is_part(part.file_name().unwrap().to_str().unwrap()));
        for other in [".IMG_1.JPG.part", "IMG_1.abababababababababab.part", ".part", ".x.zzabababababababab.part"] {
            assert!(!is_part(other), "{other}");
        }
        assert_eq!(noted_name(".IMG_1.JPG.landing"), Some("IMG_1.JPG"));
        assert_eq!(noted_name(".landing"), None);
    }

    #[test]
    fn a_link_never_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(&one, "1").unwrap();
        fs::write(&other, "2").unwrap();
        for rename in [rename_to_free, rename_by_link] {
            assert_eq!(rename(&one, &other).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&other).unwrap(), b"2");
        }
        let free = folder.path().join("free");
        rename_by_link(&one, &free).unwrap();
        assert!(!one.exists() && free.exists());
    }
}
