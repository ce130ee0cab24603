//! A frame under way.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use rayon::prelude::*;

use super::{
    engine::Engine,
    error::GpuError,
    fault::Fault,
    list::{Answer, Region},
    slots::Taken,
    times::GpuTimes,
};
use crate::{jpeg::Picture, raw::Planes};

/// Between the end of the commands and their last callback.
const CALLBACK: Duration = Duration::from_secs(2);
/// How long a test's hanging device is waited for.
const HUNG: Duration = Duration::from_millis(50);

/// What was handed to the queue, and how it is to be read when it comes back.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(super) engine: Arc<Engine>,
    pub(super) taken: Taken,
    pub(super) index: wgpu::SubmissionIndex,
    /// One word for each buffer that becomes readable or writable, and how many there will be.
    pub(super) mapped: Receiver<bool>,
    pub(super) maps: usize,
    pub(super) answer: Answer,
    pub(super) answer_bytes: u64,
    pub(super) stamps_at: u64,
    pub(super) names: Vec<&'static str>,
}

impl Pending {
    /// Waits for a picture.
    pub fn picture(self) -> Result<(Picture, Option<GpuTimes>), GpuError> {
        let Answer::Picture(width, height, regions) = self.answer.clone() else {
            return Err(GpuError::driver("another answer than was asked for"));
        };
        self.read(|bytes| assembled(bytes, width, height, &regions))
    }

    /// Waits for a small picture of camera colours.
    pub fn look(self) -> Result<(Planes, Option<GpuTimes>), GpuError> {
        let Answer::Look(width, height) = self.answer else {
            return Err(GpuError::driver("another answer than was asked for"));
        };
        self.read(|bytes| {
            let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(bytes);
            let mut planes = numbers.chunks_exact((width * height).max(1)).map(<[f32]>::to_vec);
            Planes { width, height, rgb: std::array::from_fn(|_| planes.next().unwrap_or_default()) }
        })
    }

    fn read<T>(mut self, of: impl FnOnce(&[u8]) -> T) -> Result<(T, Option<GpuTimes>), GpuError> {
        let engine = Arc::clone(&self.engine);
        let read = engine.device.guarded(|| {
            self.arrive()?;
            let down = self.taken.slot.down.as_ref().ok_or_else(|| GpuError::driver("no answer"))?;
            let view = |range: std::ops::Range<u64>| down.get_mapped_range(range).map_err(GpuError::driver);
            let bytes = view(0..self.answer_bytes)?;
            let value = of(&bytes);
            drop(bytes);
            let mut times = None;
            if !self.names.is_empty() {
                let stamps = view(self.stamps_at..self.stamps_at + 16 * self.names.len() as u64)?;
                let stamps: Vec<u64> = bytemuck::pod_collect_to_vec(&stamps);
                times = Some(GpuTimes::of_stamps(&self.names, &stamps, engine.device.queue.get_timestamp_period()));
            }
            down.unmap();
            Ok((value, times))
        });
        self.taken.sound = read.is_ok();
        read
    }

    /// Waits until everything is mapped, and no longer than a frame may take.
    fn arrive(&self) -> Result<(), GpuError> {
        let device = &self.engine.device;
        if self.engine.faults.strikes(Fault::Hang) {
            // Nobody asks the device, and so nothing is ever heard of it.
            return match self.mapped.recv_timeout(HUNG) {
                Ok(_) | Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => Err(GpuError::Timeout),
            };
        }
        let wait = wgpu::PollType::Wait { submission_index: Some(self.index.clone()), timeout: Some(device.patience) };
        match device.handle.poll(wait) {
            Ok(_) => {}
            Err(wgpu::PollError::Timeout) => return Err(GpuError::Timeout),
            Err(error) => return Err(GpuError::driver(error)),
        }
        for _ in 0..self.maps {
            match self.mapped.recv_timeout(CALLBACK) {
                Ok(true) => {}
                Ok(false) => {
                    let refused = || GpuError::driver("a buffer could not be mapped");
                    return Err(device.fault().unwrap_or_else(refused));
                }
                Err(_) => return Err(device.fault().unwrap_or(GpuError::Timeout)),
            }
        }
        Ok(())
    }
}

/// The parts' RGBA8 as one RGB8 picture.
fn assembled(bytes: &[u8], width: usize, height: usize, regions: &[Region]) -> Picture {
    let mut rgb = vec![0; width * height * 3];
    rgb.par_chunks_mut((width * 3).max(1)).enumerate().for_each(|(y, row)| {
        for region in regions.iter().filter(|region| (region.y..region.y + region.height).contains(&y)) {
            let at = region.at + (y - region.y) * region.width * 4;
            let from = bytes.get(at..at + region.width * 4).unwrap_or_default();
            let to = row.get_mut(region.x * 3..(region.x + region.width) * 3).unwrap_or_default();
            for (to, from) in to.chunks_exact_mut(3).zip(from.chunks_exact(4)) {
                to.copy_from_slice(&from[..3]);
            }
        }
    });
    Picture { rgb, width_px: width as u32, height_px: height as u32 }
}
