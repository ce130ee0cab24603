//! A device with all that developing on it needs.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
    mpsc::{self, Sender},
};

use super::{
    buffers::{self, Buffers},
    device::{self, About, Device, Wish},
    error::GpuError,
    fault::{Fault, Faults},
    grid::Grid,
    list::{Place, Program},
    pending::Pending,
    pipelines::Pipelines,
    record::{Bench, down_bytes, stamps_at},
    slots::{Slot, Slots},
    times::GpuTimes,
};
use crate::{
    auto,
    jpeg::Picture,
    plan::Plan,
    raw::{Layout, Planes, Raw},
};

/// Buffers for camera colours that wait for their next frame.
const SPARES_MAX: usize = 2;

/// One device at work.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(super) device: Device,
    pub(super) faults: Faults,
    pipelines: Pipelines,
    buffers: Mutex<Buffers>,
    slots: Arc<Slots>,
    /// Tables of the geometry that was developed last.
    grid: Mutex<Option<Arc<Grid>>>,
    spares: Mutex<Vec<wgpu::Buffer>>,
    /// Whether the device failed a frame.
    broken: AtomicBool,
    /// Dropped last: see `Drop`.
    gone: Option<Sender<()>>,
}

/// Camera colours of a frame that stay on the device.
#[derive(Debug)]
pub(crate) struct Kept {
    engine: Arc<Engine>,
    buffer: Option<wgpu::Buffer>,
    /// The same, small: what auto looks at.
    pub look: Planes,
    pub times: Option<GpuTimes>,
}

impl Engine {
    /// Opens the best device there is for a wish.
    pub fn open(wish: Wish, faults: &Faults) -> Result<Self, GpuError> {
        let adapter = device::find(wish)?;
        let device = Device::open(&adapter, wish)?;
        let pipelines = device.guarded(|| Pipelines::new(&device, faults))?;
        Ok(Self {
            device,
            faults: faults.clone(),
            pipelines,
            buffers: Mutex::default(),
            slots: Arc::default(),
            grid: Mutex::default(),
            spares: Mutex::default(),
            broken: AtomicBool::new(false),
            gone: None,
        })
    }

    /// The adapter.
    pub fn about(&self) -> &About {
        &self.device.about
    }

    /// To be said by whoever saw the device fail, before it is let go of.
    pub fn mark_broken(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// Whether somebody saw it fail.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// From samples to a picture, in one go.
    pub fn develop(self: &Arc<Self>, raw: &Raw<'_>, plan: &Plan) -> Result<(Picture, Option<GpuTimes>), GpuError> {
        self.submit(raw, plan)?.picture()
    }

    /// The same, not waited for: up to [`super::slots::IN_FLIGHT`] frames can be under way.
    pub fn submit(self: &Arc<Self>, raw: &Raw<'_>, plan: &Plan) -> Result<Pending, GpuError> {
        let grid = self.grid(raw, plan)?;
        let program = Program::whole(raw.sensor, plan, &grid, self.device.limits)?;
        self.hand_over(&program, raw.samples, None)
    }

    /// From samples to camera colours, which stay on the device.
    pub fn keep(self: &Arc<Self>, raw: &Raw<'_>, plan: &Plan) -> Result<Kept, GpuError> {
        let grid = self.grid(raw, plan)?;
        let program = Program::expose(raw.sensor, plan, &grid, self.device.limits)?;
        let buffer = self.spare(program.sizes[Place::Own as usize])?;
        let (look, times) = self.hand_over(&program, raw.samples, Some(&buffer))?.look()?;
        Ok(Kept { engine: Arc::clone(self), buffer: Some(buffer), look, times })
    }

    /// Camera colours that the CPU made, put on the device: where the ops before are left to the CPU.
    pub fn keep_planes(self: &Arc<Self>, planes: &Planes) -> Result<Kept, GpuError> {
        let plane_bytes = 4 * (planes.width * planes.height) as u64;
        if plane_bytes == 0 || 3 * plane_bytes > self.device.limits.binding_bytes {
            return Err(GpuError::Unsupported { what: "a picture of this size" });
        }
        let buffer = self.spare(3 * plane_bytes)?;
        self.device.guarded(|| {
            for (plane, at) in planes.rgb.iter().zip([0, plane_bytes, 2 * plane_bytes]) {
                self.device.queue.write_buffer(&buffer, at, bytemuck::cast_slice(plane));
            }
            Ok(())
        })?;
        Ok(Kept { engine: Arc::clone(self), buffer: Some(buffer), look: auto::small(planes), times: None })
    }

    /// Tables of op `resample`, as of the frame before if nothing has changed.
    fn grid(&self, raw: &Raw<'_>, plan: &Plan) -> Result<Arc<Grid>, GpuError> {
        let (sensor, placed) = (raw.sensor, &plan.placement);
        let (area, size, how) = (placed.area, placed.size, plan.sampling);
        if plan.superpixel && matches!(&sensor.layout, Layout::Mosaic(_)) {
            return Err(GpuError::Unsupported { what: "half size as LibRaw makes it" });
        }
        if plan.demosaic && matches!(&sensor.layout, Layout::Mosaic(_)) {
            return Err(GpuError::Unsupported { what: "a full demosaic" });
        }
        if size.0 == 0 || size.1 == 0 || sensor.samples() == 0 || raw.samples.len() < sensor.samples() {
            return Err(GpuError::Unsupported { what: "an empty picture" });
        }
        let mut last = self.grid.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(grid) = last.as_ref().filter(|grid| grid.fits(sensor, area, size, how)) {
            return Ok(Arc::clone(grid));
        }
        let grid = Arc::new(Grid::new(sensor, area, size, how));
        *last = Some(Arc::clone(&grid));
        Ok(grid)
    }

    fn spare(&self, bytes: u64) -> Result<wgpu::Buffer, GpuError> {
        let mut spares = self.spares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = spares.iter().position(|buffer| buffer.size() >= bytes) {
            return Ok(spares.swap_remove(index));
        }
        spares.clear();
        self.device.guarded(|| buffers::own(&self.device, bytes))
    }

    /// Records a program and hands it to the queue.
    fn hand_over(
        self: &Arc<Self>,
        program: &Program,
        samples: &[u16],
        own: Option<&wgpu::Buffer>,
    ) -> Result<Pending, GpuError> {
        let mut taken = self.slots.take(self.device.patience)?;
        let down_bytes = down_bytes(program);
        let up_bytes = 2 * program.samples.len() as u64;
        let too_much = self.device.limits.buffer_bytes;
        let (index, names, mapped, maps) = self.device.guarded(|| {
            assert!(!self.faults.strikes(Fault::Panic), "a panic that a test asked for");
            let down_bytes = if self.faults.strikes(Fault::NoMemory) { too_much + 16 } else { down_bytes };
            taken.slot.grow(&self.device, up_bytes, down_bytes)?;
            send_up(&taken.slot, samples, program)?;
            // Held until the queue has it: tables and numbers go with the commands that were recorded for them.
            let mut buffers = self.buffers.lock().unwrap_or_else(PoisonError::into_inner);
            let mut sizes = program.sizes;
            sizes[Place::Own as usize] = 0;
            buffers.grow(&self.device, &sizes, 4 * program.tables.len() as u64, program.items.len() as u64)?;
            let (device, pipelines, slot) = (&self.device, &self.pipelines, &taken.slot);
            let bench = Bench { device, pipelines, buffers: &buffers, slot, own };
            let recorded = bench.record(program)?;
            if self.faults.strikes(Fault::Lose) {
                self.device.handle.destroy();
            }
            let index = self.device.queue.submit([recorded.commands]);
            drop(buffers);
            let (mapped, maps) = map(&taken.slot, up_bytes > 0);
            Ok((index, recorded.names, mapped, maps))
        })?;
        Ok(Pending {
            engine: Arc::clone(self),
            taken,
            index,
            mapped,
            maps,
            answer: program.answer.clone(),
            answer_bytes: program.answer_bytes,
            stamps_at: stamps_at(program),
            names,
        })
    }
}

/// Puts the frame's samples where the device can fetch them.
fn send_up(slot: &Slot, samples: &[u16], program: &Program) -> Result<(), GpuError> {
    if program.samples.is_empty() {
        return Ok(());
    }
    let missing = || GpuError::driver("samples are missing");
    let up = slot.up.as_ref().ok_or_else(missing)?;
    // The last word may be half empty.
    let range = program.samples.start..program.samples.end.min(samples.len());
    let bytes: &[u8] = bytemuck::cast_slice(samples.get(range).ok_or_else(missing)?);
    let mut view = up.get_mapped_range_mut(0..2 * program.samples.len() as u64).map_err(GpuError::driver)?;
    view.slice(..bytes.len()).copy_from_slice(bytes);
    drop(view);
    up.unmap();
    Ok(())
}

/// Asks for the answer, and for the way up to be free again.
fn map(slot: &Slot, sent_up: bool) -> (mpsc::Receiver<bool>, usize) {
    let (told, mapped) = mpsc::channel();
    let mut maps = 0;
    let up = slot.up.as_ref().filter(|_| sent_up).map(|up| (up, wgpu::MapMode::Write));
    let down = slot.down.as_ref().map(|down| (down, wgpu::MapMode::Read));
    for (buffer, mode) in up.into_iter().chain(down) {
        let told = told.clone();
        maps += 1;
        buffer.map_async(mode, .., move |done| {
            // Nobody may be waiting any more.
            let _ = told.send(done.is_ok());
        });
    }
    (mapped, maps)
}

impl Drop for Engine {
    /// A device that does not answer can hold up whoever lets go of it: somebody else does then.
    fn drop(&mut self) {
        if !self.is_broken() {
            return;
        }
        let (gone, wait) = mpsc::channel::<()>();
        let (device, queue) = (self.device.handle.clone(), self.device.queue.clone());
        self.gone = Some(gone);
        let last = move || {
            // Returns when every other part of the engine is gone.
            let _ = wait.recv();
            let _ = device::caught(|| {
                drop((device, queue));
                Ok(())
            });
        };
        // Without a thread the device is let go of here; there is nothing better to do.
        let _ = std::thread::Builder::new().name("gpu-gone".into()).spawn(last);
    }
}

impl Kept {
    /// To a picture. `plan` has the geometry that the colours were made with.
    pub fn finish(&self, plan: &Plan) -> Result<(Picture, Option<GpuTimes>), GpuError> {
        let program = Program::finish(plan, self.engine.device.limits)?;
        let fits = |buffer: &&wgpu::Buffer| buffer.size() >= program.sizes[Place::Own as usize];
        let Some(buffer) = self.buffer.as_ref().filter(fits) else {
            return Err(GpuError::Unsupported { what: "another geometry" });
        };
        self.engine.hand_over(&program, &[], Some(buffer))?.picture()
    }

    /// Where it lies.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let mut spares = self.engine.spares.lock().unwrap_or_else(PoisonError::into_inner);
        if spares.len() < SPARES_MAX {
            spares.extend(self.buffer.take());
        }
    }
}
