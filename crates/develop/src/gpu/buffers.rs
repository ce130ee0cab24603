//! Buffers that frames share. Commands of one queue run in order, so that a frame may use what the frame before it still
//! computes in; they grow to what the largest frame needs and stay.

use super::{device::Device, error::GpuError, list::Place, params::Params};

/// Distance of two dispatches' numbers: what every device accepts as an offset.
pub(crate) const PARAMS_STRIDE: u64 = 512;
const _: () = assert!(size_of::<Params>() as u64 <= PARAMS_STRIDE);

const PLANES: wgpu::BufferUsages =
    wgpu::BufferUsages::STORAGE.union(wgpu::BufferUsages::COPY_DST).union(wgpu::BufferUsages::COPY_SRC);

/// The buffers of one device.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    places: [Option<wgpu::Buffer>; Place::COUNT],
    tables: Option<wgpu::Buffer>,
    numbers: Option<wgpu::Buffer>,
    /// For bindings that a kernel does not use: one that is read, two that are written.
    idle: Option<[wgpu::Buffer; 3]>,
}

impl Buffers {
    /// Lets every buffer be as large as needed.
    pub fn grow(
        &mut self,
        device: &Device,
        sizes: &[u64; Place::COUNT],
        tables_bytes: u64,
        steps: u64,
    ) -> Result<(), GpuError> {
        for (place, size) in self.places.iter_mut().zip(sizes) {
            if *size > 0 {
                grown(device, place, *size, PLANES)?;
            }
        }
        let storage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST;
        grown(device, &mut self.tables, tables_bytes, storage)?;
        let uniform = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        grown(device, &mut self.numbers, steps * PARAMS_STRIDE, uniform)?;
        if self.idle.is_none() {
            let idle = || device.buffer("idle", 16, PLANES, false);
            self.idle = Some([idle()?, idle()?, idle()?]);
        }
        Ok(())
    }

    /// A place's buffer.
    pub fn of(&self, place: Place) -> Option<&wgpu::Buffer> {
        self.places.get(place as usize).and_then(Option::as_ref)
    }

    /// Tables of the frame.
    pub fn tables(&self) -> Option<&wgpu::Buffer> {
        self.tables.as_ref()
    }

    /// Numbers of its dispatches.
    pub fn numbers(&self) -> Option<&wgpu::Buffer> {
        self.numbers.as_ref()
    }

    /// What stands in for binding 3, 4 or 5.
    pub fn idle(&self, binding: u32) -> Option<&wgpu::Buffer> {
        self.idle.as_ref().and_then(|idle| idle.get((binding as usize).checked_sub(3)?))
    }
}

/// Buffers for planes that outlive their frame are like those that do not.
pub(crate) fn own(device: &Device, bytes: u64) -> Result<wgpu::Buffer, GpuError> {
    device.buffer("own", bytes, PLANES, false)
}

/// Replaces a buffer that is too small.
pub(crate) fn grown(
    device: &Device,
    buffer: &mut Option<wgpu::Buffer>,
    bytes: u64,
    usage: wgpu::BufferUsages,
) -> Result<(), GpuError> {
    if buffer.as_ref().is_none_or(|there| there.size() < bytes) {
        // The old one goes first: both at once may be too much.
        *buffer = None;
        *buffer = Some(device.buffer("develop", bytes, usage, false)?);
    }
    Ok(())
}
