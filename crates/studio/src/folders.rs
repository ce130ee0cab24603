//! Folders of this computer, for choosing in the window where captures come from.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use gateway::FolderListing;

/// Folders in one list; nobody reads more, and the page stays light.
const FOLDERS_MAX: usize = 500;
/// Entries that are looked at; a folder with more is no place to look for one by hand.
const ENTRIES_MAX: usize = 20_000;
/// Where systems put cards and drives.
const MOUNTS: &[&str] = &["/media", "/run/media", "/Volumes", "/mnt"];
/// Endings of cameras' files, to tell a full folder from an empty one.
const CAPTURES: &[&str] = &[
    "jpg", "jpeg", "cr2", "cr3", "nef", "nrw", "arw", "raf", "rw2", "orf", "dng", "pef", "srw", "heic", "heif", "hif",
];

/// A folder that cannot be shown.
#[derive(Debug, thiserror::Error)]
#[error("the folder {path} cannot be read: {source}. Choose another one")]
pub(crate) struct FolderError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// What lies at `at`, or where pictures usually are.
pub(crate) fn list(at: Option<PathBuf>) -> Result<FolderListing, FolderError> {
    let path = at.unwrap_or_else(usual);
    let fail = |source| FolderError { path: path.clone(), source };
    let mut listing =
        FolderListing { parent: path.parent().map(Path::to_owned), places: places(), ..FolderListing::default() };
    for entry in fs::read_dir(&path).map_err(fail)?.take(ENTRIES_MAX).flatten() {
        // A name that is no text cannot be chosen in a page.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if entry.path().is_dir() {
            listing.folders.push(name);
        } else {
            listing.captures += usize::from(is_capture(&name));
        }
    }
    listing.folders.sort_by_key(|name| (name.to_lowercase(), name.clone()));
    listing.more = listing.folders.len() > FOLDERS_MAX;
    listing.folders.truncate(FOLDERS_MAX);
    listing.path = path;
    Ok(listing)
}

fn is_capture(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| CAPTURES.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The folder that is watched where nobody has chosen one.
pub(crate) fn default_watched() -> PathBuf {
    home().join("Pictures/Boothlight")
}

/// The data folder where nobody has chosen one.
pub(crate) fn default_data() -> PathBuf {
    let chosen = std::env::var_os("XDG_DATA_HOME").filter(|value| !value.is_empty());
    chosen.map_or_else(|| home().join(".local/share"), PathBuf::from).join("boothlight")
}

fn home() -> PathBuf {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty()).unwrap_or_else(|| PathBuf::from("."))
}

fn usual() -> PathBuf {
    let pictures = home().join("Pictures");
    if pictures.is_dir() { pictures } else { home() }
}

/// Home, pictures, and each mounted card or drive.
fn places() -> Vec<PathBuf> {
    let mut found = vec![home(), home().join("Pictures")];
    for mount in MOUNTS {
        for entry in fs::read_dir(mount).into_iter().flatten().flatten() {
            let path = entry.path();
            // /media/USER/CARD on most systems, /media/CARD on others.
            let inner: Vec<PathBuf> = fs::read_dir(&path)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .filter(|inner| inner.is_dir())
                .collect();
            let is_user = std::env::var_os("USER").is_some_and(|user| path.file_name() == Some(user.as_os_str()));
            if is_user { found.extend(inner) } else { found.push(path) }
        }
    }
    found.retain(|path| path.is_dir());
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn folders_are_listed_by_name_and_captures_counted() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["beta", "Alpha", ".hidden"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        for name in ["A.JPG", "b.cr3", "notes.txt", ".c.jpg"] {
            fs::write(dir.path().join(name), b"x").unwrap();
        }
        let listing = list(Some(dir.path().to_owned())).unwrap();
        assert_eq!(listing.folders, ["Alpha", "beta"]);
        assert_eq!((listing.captures, listing.more), (2, false));
        assert_eq!(listing.parent.as_deref(), dir.path().parent());
    }

    #[test]
    fn a_folder_that_is_none_is_refused_in_words() {
        let error = list(Some(PathBuf::from("/nowhere/at/all"))).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all") && error.contains("Choose another"), "{error}");
    }
}
