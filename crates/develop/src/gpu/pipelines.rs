//! Compiled kernels. All have the same six bindings, so that one layout serves them: numbers, tables, two buffers that are
//! read and two that are written; a kernel leaves those alone that it does not name.

use super::{
    device::Device,
    error::GpuError,
    fault::{Fault, Faults},
    list::Kernel,
    params::Params,
    shaders,
};

/// The kernels of one device.
#[derive(Debug)]
pub(crate) struct Pipelines {
    pub layout: wgpu::BindGroupLayout,
    kernels: Vec<wgpu::ComputePipeline>,
}

impl Pipelines {
    /// Compiles all of them. To be called guarded: what the driver has against a shader is found there.
    pub fn new(device: &Device, faults: &Faults) -> Result<Self, GpuError> {
        let layout = device.handle.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("develop"),
            entries: &[
                entry(0, None),
                entry(1, Some(true)),
                entry(2, Some(true)),
                entry(3, Some(true)),
                entry(4, Some(false)),
                entry(5, Some(false)),
            ],
        });
        let whole = device.handle.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("develop"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let mut modules: Vec<(&str, wgpu::ShaderModule)> = Vec::new();
        let mut kernels = Vec::with_capacity(Kernel::ALL.len());
        for kernel in Kernel::ALL {
            let (file, entry) = kernel.entry();
            if !modules.iter().any(|(name, _)| *name == file) {
                modules.push((file, compile(device, file, faults)));
            }
            let Some((_, module)) = modules.iter().find(|(name, _)| *name == file) else { continue };
            kernels.push(device.handle.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(file),
                layout: Some(&whole),
                module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            }));
        }
        if kernels.len() == Kernel::ALL.len() {
            Ok(Self { layout, kernels })
        } else {
            Err(GpuError::driver("a shader is missing"))
        }
    }

    /// One of them.
    pub fn of(&self, kernel: Kernel) -> Option<&wgpu::ComputePipeline> {
        self.kernels.get(kernel as usize)
    }
}

fn compile(device: &Device, file: &str, faults: &Faults) -> wgpu::ShaderModule {
    let mut text = shaders::whole(file);
    if faults.strikes(Fault::BadShader) {
        text.push_str("\nfn broken( {");
    }
    device.handle.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(file),
        source: wgpu::ShaderSource::Wgsl(text.into()),
    })
}

/// A binding: numbers, or a storage buffer that is only read or also written.
fn entry(binding: u32, read_only: Option<bool>) -> wgpu::BindGroupLayoutEntry {
    let ty = match read_only {
        None => wgpu::BufferBindingType::Uniform,
        Some(read_only) => wgpu::BufferBindingType::Storage { read_only },
    };
    let numbers = read_only.is_none();
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty,
            has_dynamic_offset: numbers,
            min_binding_size: if numbers { wgpu::BufferSize::new(size_of::<Params>() as u64) } else { None },
        },
        count: None,
    }
}
