//! What a frame has for itself while it is under way: the buffer that its samples go up through, the one that its answer
//! comes down through, and its stamps. A few of them go round.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use super::{device::Device, error::GpuError};

/// Frames under way at once: one goes up, one is computed, one comes down.
pub(crate) const IN_FLIGHT: usize = 3;
/// Stamps of a frame; dispatches beyond are not timed.
pub(crate) const STAMPS: u32 = 256;

/// Stamps and where they are written.
#[derive(Debug)]
pub(crate) struct Stamps {
    pub set: wgpu::QuerySet,
    pub written: wgpu::Buffer,
}

/// One frame's own buffers.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    /// Samples on their way up; mapped while the slot is idle.
    pub up: Option<wgpu::Buffer>,
    /// The answer on its way down; not mapped while the slot is idle.
    pub down: Option<wgpu::Buffer>,
    pub stamps: Option<Stamps>,
}

impl Slot {
    /// Lets the slot hold a frame.
    pub fn grow(&mut self, device: &Device, up_bytes: u64, down_bytes: u64) -> Result<(), GpuError> {
        if self.up.as_ref().is_none_or(|there| there.size() < up_bytes) {
            self.up = None;
            let usage = wgpu::BufferUsages::MAP_WRITE | wgpu::BufferUsages::COPY_SRC;
            self.up = Some(device.buffer("up", up_bytes, usage, true)?);
        }
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        super::buffers::grown(device, &mut self.down, down_bytes, usage)?;
        if self.stamps.is_none() && device.stamps_passes {
            let descriptor = wgpu::QuerySetDescriptor { label: None, ty: wgpu::QueryType::Timestamp, count: STAMPS };
            let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
            let written = device.buffer("stamps", u64::from(STAMPS) * 8, usage, false)?;
            self.stamps = Some(Stamps { set: device.handle.create_query_set(&descriptor), written });
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Round {
    idle: Vec<Slot>,
    taken: usize,
}

/// All slots of a device.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    round: Mutex<Round>,
    given_back: Condvar,
}

/// A slot that somebody has. It goes back when this is dropped, and its buffers with it if the frame came through.
#[derive(Debug)]
pub(crate) struct Taken {
    slots: Arc<Slots>,
    pub slot: Slot,
    /// Whether its buffers can be used again.
    pub sound: bool,
}

impl Slots {
    /// A slot, as soon as there is one.
    pub fn take(self: &Arc<Self>, patience: Duration) -> Result<Taken, GpuError> {
        let round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |round: &mut Round| round.taken >= IN_FLIGHT;
        let waited = self.given_back.wait_timeout_while(round, patience, full);
        let (mut round, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && round.taken >= IN_FLIGHT {
            return Err(GpuError::Busy);
        }
        round.taken += 1;
        let slot = round.idle.pop().unwrap_or_default();
        Ok(Taken { slots: Arc::clone(self), slot, sound: false })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut round = self.slots.round.lock().unwrap_or_else(PoisonError::into_inner);
        round.taken = round.taken.saturating_sub(1);
        if self.sound {
            round.idle.push(std::mem::take(&mut self.slot));
        }
        self.slots.given_back.notify_one();
    }
}
