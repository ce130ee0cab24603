//! Lists a folder's files. Never follows a symbolic link.

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::names::worth_a_look;

/// Folders within folders; cards have three.
const DEPTH_MAX: usize = 24;
/// Files of one listing; an evening has ten thousand. What is beyond waits until the folder is emptied, and is logged.
const FILES_MAX: usize = 200_000;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub path: PathBuf,
    pub bytes: u64,
    pub mtime_ns: i64,
}

/// A file's time of last change, ns since 1970; clamped to what the catalog can hold.
pub(crate) fn mtime_ns(meta: &fs::Metadata) -> i64 {
    meta.mtime().saturating_mul(1_000_000_000).saturating_add(meta.mtime_nsec())
}

/// All files below `folder` whose names `wanted` accepts, oldest first. Folders that cannot be read are passed over, but for the first.
pub(crate) fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                tracing::warn!(folder = %folder.display(), %error, "a folder cannot be read");
                continue;
            }
        };
        for entry in entries.flatten() {
            // What vanishes between listing and looking is gone, and no fault.
            let (Ok(kind), name) = (entry.file_type(), entry.file_name()) else { continue };
            let name = name.to_string_lossy();
            if kind.is_dir() && depth < DEPTH_MAX && !name.starts_with('.') {
                folders.push((entry.path(), depth + 1));
            } else if kind.is_file() && wanted(&name) {
                let Ok(meta) = entry.metadata() else { continue };
                found.push(Found { path: entry.path(), bytes: meta.len(), mtime_ns: mtime_ns(&meta) });
            }
            if found.len() >= FILES_MAX {
                tracing::warn!(folder = %folder.display(), "more files than one listing holds; the rest waits");
                folders.clear();
                break;
            }
        }
    }
    found.sort_by(|one, other| (one.mtime_ns, &one.path).cmp(&(other.mtime_ns, &other.path)));
    Ok(found)
}

/// All files that could be captures, oldest first.
pub(crate) fn captures(folder: &Path) -> io::Result<Vec<Found>> {
    files(folder, worth_a_look)
}
