//! One studio on one data folder.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

use crate::StartError;

/// Held as long as the studio runs; the operating system lets go of it even after kill -9.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the lock, or says that another studio has it.
    pub(crate) fn take(data: &Path) -> Result<Self, StartError> {
        let folder = |source: io::Error| StartError::Folder { path: data.to_owned(), source };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(data.join("studio.lock"))
            .map_err(folder)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StartError::InUse(data.to_owned())),
            Err(error) => Err(folder(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_second_studio_on_the_same_folder_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let first = DataLock::take(data.path()).unwrap();
        assert!(matches!(DataLock::take(data.path()), Err(StartError::InUse(_))));
        drop(first);
        DataLock::take(data.path()).unwrap();
    }
}
