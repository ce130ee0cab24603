//! Random access to bytes that nobody trusts, with every range checked before it is read.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use crate::InspectError;

/// Small reads are served from one block of this size: directories lie close together.
const BLOCK_BYTES: u64 = 4 * 1024;
/// Most bytes that [`Source::take`] copies at once; larger parts are only measured, or read by whom they belong to.
const TAKE_BYTES_MAX: u64 = 64 << 20;
/// Most bytes that [`Source::gather`] puts together.
const GATHER_BYTES_MAX: u64 = 256 << 20;

/// Bytes with a length.
pub trait Source {
    /// How many there are.
    fn len_bytes(&self) -> u64;

    /// Fills `out` with what stands at `at`. The caller has checked the range.
    fn fill(&mut self, at: u64, out: &mut [u8]) -> Result<(), InspectError>;

    /// Errs unless `len` bytes from `at` lie inside.
    fn check(&self, at: u64, len: u64, what: &str) -> Result<(), InspectError> {
        let have = self.len_bytes();
        let need = at.checked_add(len).ok_or_else(|| InspectError::garbage(format!("{what} lies nowhere")))?;
        if need > have { Err(InspectError::truncated(what, have, need)) } else { Ok(()) }
    }

    /// A copy of `len` bytes from `at`.
    fn take(&mut self, at: u64, len: u64, what: &str) -> Result<Vec<u8>, InspectError> {
        if len > TAKE_BYTES_MAX {
            return Err(InspectError::garbage(format!("{what} claims {len} bytes")));
        }
        self.check(at, len, what)?;
        let mut out = vec![0; len as usize];
        self.fill(at, &mut out)?;
        Ok(out)
    }

    /// A copy of pieces that lie in several places, one behind the other.
    fn gather(&mut self, pieces: &[(u64, u64)], what: &str) -> Result<Vec<u8>, InspectError> {
        let mut all = Vec::new();
        for (at, len) in pieces {
            if (all.len() as u64).saturating_add(*len) > GATHER_BYTES_MAX {
                return Err(InspectError::garbage(format!("{what} is of impossible length")));
            }
            all.extend(self.take(*at, *len, what)?);
        }
        Ok(all)
    }

    /// The `N` bytes at `at`.
    fn array<const N: usize>(&mut self, at: u64, what: &str) -> Result<[u8; N], InspectError>
    where
        Self: Sized,
    {
        self.check(at, N as u64, what)?;
        let mut out = [0; N];
        self.fill(at, &mut out)?;
        Ok(out)
    }
}

/// Bytes in memory.
#[derive(Clone, Copy, Debug)]
pub struct SliceSource<'a>(pub &'a [u8]);

impl Source for SliceSource<'_> {
    fn len_bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn fill(&mut self, at: u64, out: &mut [u8]) -> Result<(), InspectError> {
        let from = usize::try_from(at).ok();
        let bytes = from.and_then(|from| self.0.get(from..from.checked_add(out.len())?));
        out.copy_from_slice(bytes.ok_or_else(|| InspectError::garbage("a range outside the bytes"))?);
        Ok(())
    }
}

/// Bytes of a file: only what is asked for is read.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    len: u64,
    block_at: u64,
    block: Vec<u8>,
    read_bytes: u64,
}

impl FileSource {
    /// Opens a file; its length is the one at this moment.
    pub fn open(path: &Path) -> Result<Self, InspectError> {
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(InspectError::Foreign);
        }
        Ok(Self { file, len: meta.len(), block_at: 0, block: Vec::new(), read_bytes: 0 })
    }

    /// How many bytes were read from the file so far.
    pub fn read_bytes(&self) -> u64 {
        self.read_bytes
    }

    fn read_at(&mut self, at: u64, out: &mut [u8]) -> Result<(), InspectError> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(out).map_err(|error| match error.kind() {
            // The file became shorter while it was read: somebody is still writing it.
            std::io::ErrorKind::UnexpectedEof => InspectError::truncated("the file", self.len, self.len + 1),
            _ => error.into(),
        })?;
        self.read_bytes += out.len() as u64;
        Ok(())
    }
}

impl Source for FileSource {
    fn len_bytes(&self) -> u64 {
        self.len
    }

    fn fill(&mut self, at: u64, out: &mut [u8]) -> Result<(), InspectError> {
        let len = out.len() as u64;
        if len >= BLOCK_BYTES {
            return self.read_at(at, out);
        }
        let end = at.saturating_add(len);
        if at < self.block_at || end > self.block_at + self.block.len() as u64 {
            let mut block = std::mem::take(&mut self.block);
            block.resize(BLOCK_BYTES.min(self.len.saturating_sub(at)) as usize, 0);
            self.read_at(at, &mut block)?;
            (self.block, self.block_at) = (block, at);
        }
        let mut inside = SliceSource(&self.block);
        inside.fill(at - self.block_at, out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ranges_outside_are_refused_with_what_is_missing() {
        let mut source = SliceSource(b"0123");
        assert_eq!(source.take(1, 2, "x").unwrap(), b"12");
        let cut = source.take(2, 3, "the thing").unwrap_err();
        assert_eq!(cut, InspectError::truncated("the thing", 4, 5));
        assert!(matches!(source.take(u64::MAX, 2, "x"), Err(InspectError::Garbage { .. })));
        assert!(matches!(source.take(0, u64::MAX, "x"), Err(InspectError::Garbage { .. })));
    }

    #[test]
    fn a_file_reads_like_its_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n * 7 / 3) as u8).collect();
        let path = dir.path().join("bytes");
        std::fs::write(&path, &bytes).unwrap();
        let mut file = FileSource::open(&path).unwrap();
        for (at, len) in [(0, 10), (4_090, 10), (99_990, 10), (5, 20_000), (4_098, 3), (0, 0)] {
            assert_eq!(file.take(at, len, "x").unwrap(), &bytes[at as usize..(at + len) as usize]);
        }
        assert!(file.take(99_991, 10, "x").is_err());
    }
}
