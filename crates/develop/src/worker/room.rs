//! Room for a raw's samples that parent and child share: what a child decodes is there without being copied.
//!
//! Linux: a memory file (`memfd_create(2)`) of fixed size, sealed against growing and shrinking, so that the parent never
//! reads beyond its end whatever the child does. Only pages that were used take memory, and they are used again for the
//! next frame. Elsewhere the samples come through the pipe.

use std::{fmt, ops::Deref};

/// Samples of one decoded raw. Shared ones keep their room from being used again until they are dropped.
pub struct Samples(Kept);

enum Kept {
    #[cfg(target_os = "linux")]
    Shared {
        map: memmap2::Mmap,
        samples: usize,
        _lease: std::sync::Arc<std::fs::File>,
    },
    Owned(Vec<u16>),
}

impl Samples {
    /// Samples that came another way.
    pub fn owned(samples: Vec<u16>) -> Self {
        Self(Kept::Owned(samples))
    }
}

impl Deref for Samples {
    type Target = [u16];

    fn deref(&self) -> &[u16] {
        match &self.0 {
            #[cfg(target_os = "linux")]
            Kept::Shared { map, samples, .. } => {
                bytemuck::try_cast_slice::<u8, u16>(map).ok().and_then(|all| all.get(..*samples)).unwrap_or_default()
            }
            Kept::Owned(samples) => samples,
        }
    }
}

impl fmt::Debug for Samples {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Samples({})", self.len())
    }
}

#[cfg(target_os = "linux")]
pub(super) use linux::{Rooms, room_in_child};

#[cfg(target_os = "linux")]
mod linux {
    use std::{fs::File, io, os::fd::OwnedFd, sync::Arc};

    use command_fds::{CommandFdExt, FdMapping};
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

    use super::{Kept, Samples};

    /// Bytes of a room: 220 million samples.
    const ROOM_BYTES: u64 = 440 << 20;
    /// Rooms of a child: one is read while the next frame is decoded into the other.
    const ROOMS: usize = 2;
    /// Where the child finds them.
    const FIRST_FD: i32 = 3;

    /// A child's rooms, seen from its parent.
    #[derive(Debug)]
    pub struct Rooms([Arc<File>; ROOMS]);

    impl Rooms {
        /// New ones, still without memory.
        pub fn new() -> io::Result<Self> {
            Ok(Self([Arc::new(room()?), Arc::new(room()?)]))
        }

        /// What a command needs so that its child finds them.
        pub fn pass_to(&self, command: &mut tokio::process::Command) -> io::Result<()> {
            let mapping = |(index, room): (usize, &Arc<File>)| {
                let parent_fd = OwnedFd::from(room.try_clone()?);
                Ok(FdMapping { parent_fd, child_fd: FIRST_FD + index as i32 })
            };
            let mappings = self.0.iter().enumerate().map(mapping).collect::<io::Result<Vec<_>>>()?;
            command.fd_mappings(mappings).map_err(io::Error::other)?;
            Ok(())
        }

        /// The number of a room that nobody reads any more.
        pub fn free(&self) -> Option<u8> {
            self.0.iter().position(|room| Arc::strong_count(room) == 1).map(|index| index as u8)
        }

        /// The samples in a room.
        pub fn samples(&self, number: u8, samples: usize) -> io::Result<Samples> {
            let room = self.0.get(usize::from(number)).ok_or(io::ErrorKind::NotFound)?;
            let bytes = samples.checked_mul(2).filter(|bytes| *bytes as u64 <= ROOM_BYTES);
            let bytes = bytes.ok_or(io::ErrorKind::InvalidData)?;
            // SAFETY: the file is sealed against shrinking, so the map stays backed. A child that writes behind our back
            // changes numbers of a picture, which are checked for nothing.
            let map = unsafe { memmap2::MmapOptions::new().len(bytes).map(&**room)? };
            Ok(Samples(Kept::Shared { map, samples, _lease: Arc::clone(room) }))
        }
    }

    fn room() -> io::Result<File> {
        let file = File::from(memfd_create("boothlight-samples", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
        file.set_len(ROOM_BYTES)?;
        fcntl_add_seals(&file, SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
        Ok(file)
    }

    /// In the child: memory for so many samples in one of its rooms.
    pub fn room_in_child(number: u8, samples: usize) -> io::Result<memmap2::MmapMut> {
        let bytes = samples.checked_mul(2).filter(|bytes| *bytes as u64 <= ROOM_BYTES);
        let bytes = bytes.ok_or(io::ErrorKind::OutOfMemory)?;
        if usize::from(number) >= ROOMS {
            return Err(io::ErrorKind::NotFound.into());
        }
        // SAFETY: the parent passed its rooms at these numbers; a wrong one is no memory file of that size, and mapping
        // it fails or yields memory that nobody else reads. Nobody but this child writes while it decodes.
        unsafe { memmap2::MmapOptions::new().len(bytes).map_mut(FIRST_FD + i32::from(number)) }
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::Rooms;

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::io;

    use super::Samples;

    /// No rooms: samples come through the pipe.
    #[derive(Debug)]
    pub struct Rooms;

    impl Rooms {
        pub fn new() -> io::Result<Self> {
            Ok(Self)
        }

        pub fn pass_to(&self, _command: &mut tokio::process::Command) -> io::Result<()> {
            Ok(())
        }

        pub fn free(&self) -> Option<u8> {
            None
        }

        pub fn samples(&self, _number: u8, _samples: usize) -> io::Result<Samples> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }
}
