//! A program as commands, recorded at once.

use super::{
    buffers::{Buffers, PARAMS_STRIDE},
    device::Device,
    error::GpuError,
    list::{Item, Place, Program, Step},
    params::Params,
    pipelines::Pipelines,
    slots::{STAMPS, Slot},
};

/// What the commands work on.
pub(crate) struct Bench<'a> {
    pub device: &'a Device,
    pub pipelines: &'a Pipelines,
    pub buffers: &'a Buffers,
    pub slot: &'a Slot,
    /// Camera colours that outlive the frame.
    pub own: Option<&'a wgpu::Buffer>,
}

/// Commands, and what their stamps stand for: two of each name.
pub(crate) struct Recorded {
    pub commands: wgpu::CommandBuffer,
    pub names: Vec<&'static str>,
}

/// Where the stamps lie in the answer.
pub(crate) fn stamps_at(program: &Program) -> u64 {
    program.answer_bytes.next_multiple_of(256)
}

/// Bytes of the answer with its stamps.
pub(crate) fn down_bytes(program: &Program) -> u64 {
    stamps_at(program) + u64::from(STAMPS) * 8
}

fn missing() -> GpuError {
    GpuError::driver("a buffer is missing")
}

impl Bench<'_> {
    /// Records a program; tables and numbers are handed to the queue, which puts them before the commands.
    pub fn record(&self, program: &Program) -> Result<Recorded, GpuError> {
        let (tables, numbers) =
            (self.buffers.tables().ok_or_else(missing)?, self.buffers.numbers().ok_or_else(missing)?);
        let queue = &self.device.queue;
        queue.write_buffer(tables, 0, bytemuck::cast_slice(&program.tables));
        let mut bytes = Vec::new();
        for item in &program.items {
            if let Item::Run(step) = item {
                bytes.extend_from_slice(bytemuck::bytes_of(&step.params));
                bytes.resize(bytes.len().next_multiple_of(PARAMS_STRIDE as usize), 0);
            }
        }
        queue.write_buffer(numbers, 0, &bytes);
        let mut encoder = self.device.handle.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut names = Vec::new();
        let mut steps = 0;
        for item in &program.items {
            match item {
                Item::Upload(samples) => {
                    let up = self.slot.up.as_ref().ok_or_else(missing)?;
                    let to = self.place(Place::Samples)?;
                    let (at, bytes) = (2 * samples.start as u64, 2 * samples.len() as u64);
                    self.stamped(&mut encoder, &mut names, "upload", |encoder| {
                        encoder.copy_buffer_to_buffer(up, at, to, 0, bytes);
                    });
                }
                Item::Run(step) => {
                    self.dispatch(&mut encoder, &mut names, step, program, steps)?;
                    steps += 1;
                }
                Item::ReadBack { from, bytes, at } => {
                    let down = self.slot.down.as_ref().ok_or_else(missing)?;
                    let from = self.place(*from)?;
                    self.stamped(&mut encoder, &mut names, "read_back", |encoder| {
                        encoder.copy_buffer_to_buffer(from, 0, down, *at, *bytes);
                    });
                }
            }
        }
        if let (Some(stamps), Some(down), false) = (&self.slot.stamps, &self.slot.down, names.is_empty()) {
            let count = 2 * names.len() as u32;
            encoder.resolve_query_set(&stamps.set, 0..count, &stamps.written, 0);
            encoder.copy_buffer_to_buffer(&stamps.written, 0, down, stamps_at(program), u64::from(count) * 8);
        }
        Ok(Recorded { commands: encoder.finish(), names })
    }

    fn place(&self, place: Place) -> Result<&wgpu::Buffer, GpuError> {
        let buffer = if place == Place::Own { self.own } else { self.buffers.of(place) };
        buffer.ok_or_else(missing)
    }

    /// A copy between two stamps, where the device can stamp copies.
    fn stamped(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        names: &mut Vec<&'static str>,
        name: &'static str,
        work: impl FnOnce(&mut wgpu::CommandEncoder),
    ) {
        let next = 2 * names.len() as u32;
        match &self.slot.stamps {
            Some(stamps) if self.device.stamps_all && next + 2 <= STAMPS => {
                encoder.write_timestamp(&stamps.set, next);
                work(encoder);
                encoder.write_timestamp(&stamps.set, next + 1);
                names.push(name);
            }
            _ => work(encoder),
        }
    }

    fn dispatch(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        names: &mut Vec<&'static str>,
        step: &Step,
        program: &Program,
        index: u32,
    ) -> Result<(), GpuError> {
        let binds = self.binds(step, program)?;
        let next = 2 * names.len() as u32;
        let stamps = self.slot.stamps.as_ref().filter(|_| next + 2 <= STAMPS);
        let timestamp_writes = stamps.map(|stamps| wgpu::ComputePassTimestampWrites {
            query_set: &stamps.set,
            beginning_of_pass_write_index: Some(next),
            end_of_pass_write_index: Some(next + 1),
        });
        let (name, _) = step.kernel.entry();
        let descriptor = wgpu::ComputePassDescriptor { label: Some(name), timestamp_writes };
        let mut pass = encoder.begin_compute_pass(&descriptor);
        pass.set_pipeline(self.pipelines.of(step.kernel).ok_or_else(missing)?);
        pass.set_bind_group(0, &binds, &[index * PARAMS_STRIDE as u32]);
        pass.dispatch_workgroups(step.groups[0], step.groups[1], step.groups[2]);
        drop(pass);
        if stamps.is_some() {
            names.push(name);
        }
        Ok(())
    }

    fn binds(&self, step: &Step, program: &Program) -> Result<wgpu::BindGroup, GpuError> {
        let whole = |buffer, bytes| wgpu::BufferBinding { buffer, offset: 0, size: wgpu::BufferSize::new(bytes) };
        // Only as much of a buffer as this frame needs: an earlier one may have left it larger than can be bound.
        let bound = |place: Option<Place>, binding: u32| -> Result<wgpu::BufferBinding<'_>, GpuError> {
            match place {
                Some(place) => Ok(whole(self.place(place)?, program.sizes[place as usize])),
                None => Ok(whole(self.buffers.idle(binding).ok_or_else(missing)?, 16)),
            }
        };
        let numbers = self.buffers.numbers().ok_or_else(missing)?;
        let tables = self.buffers.tables().ok_or_else(missing)?;
        let entry = |binding, buffer| wgpu::BindGroupEntry { binding, resource: wgpu::BindingResource::Buffer(buffer) };
        let entries = [
            entry(0, whole(numbers, size_of::<Params>() as u64)),
            entry(1, whole(tables, 4 * program.tables.len() as u64)),
            entry(2, bound(Some(step.source), 2)?),
            entry(3, bound(step.beside, 3)?),
            entry(4, bound(step.result, 4)?),
            entry(5, bound(step.further, 5)?),
        ];
        let layout = &self.pipelines.layout;
        let descriptor = wgpu::BindGroupDescriptor { label: None, layout, entries: &entries };
        Ok(self.device.handle.create_bind_group(&descriptor))
    }
}
