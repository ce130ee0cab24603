//! What lies in a folder, by its content.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Its size.
    pub bytes: u64,
    /// When it was last written, ns since 1970.
    pub mtime_ns: i64,
    /// Its content, in hexadecimal digits.
    pub sha256: String,
}

/// All files below `folder`, hidden ones too, by their path from there.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Lying> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), lying(&path));
            }
        }
    }
    found
}

/// One file's state.
pub fn lying(path: &Path) -> Lying {
    let meta = fs::metadata(path).unwrap();
    Lying {
        bytes: meta.len(),
        mtime_ns: meta.mtime() * 1_000_000_000 + meta.mtime_nsec(),
        sha256: sha256_of_file(path),
    }
}

/// The hash of bytes in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn sha256_of_file(path: &Path) -> String {
    let mut file = File::open(path).unwrap();
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block).unwrap() {
            0 => return hex::encode(digest.finalize()),
            length => digest.update(&block[..length]),
        }
    }
}

/// Bytes of all files below `folder`.
pub fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| if entry.path().is_dir() { bytes(&entry.path()) } else { entry.metadata().unwrap().len() })
        .sum()
}
