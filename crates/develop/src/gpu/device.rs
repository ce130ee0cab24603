//! An adapter, a device of it, and what the driver says of them.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{bands::Limits, error::GpuError};

/// A frame must not take more of the card's memory at once than this for one buffer, however much it can bind.
const BINDING_MAX_BYTES: u64 = 256 << 20;
/// Buffers that a kernel sees; `pipelines` has the list.
const STORAGE_BUFFERS: u32 = 5;
/// How long a frame may take on a card, and on a processor that plays one.
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_SOFTWARE: Duration = Duration::from_mins(2);

/// Which device is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Whether software that plays a graphics card will do.
    pub software: bool,
    /// A lower limit than the device's own, bytes: tests cut small pictures into bands with it.
    pub binding_bytes: Option<u64>,
}

/// An adapter's own words about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    /// The card's name.
    pub name: String,
    /// Driver and its version.
    pub driver: String,
    /// Whether it is software.
    pub software: bool,
}

/// What the driver reported on its own account.
#[derive(Debug, Default)]
struct Health {
    lost: Mutex<Option<String>>,
    error: Mutex<Option<GpuError>>,
}

/// A device that can be used.
#[derive(Debug)]
pub(crate) struct Device {
    pub handle: wgpu::Device,
    pub queue: wgpu::Queue,
    pub about: About,
    pub limits: Limits,
    /// Whether compute passes can be stamped with the time, and whether anything else can.
    pub stamps_passes: bool,
    pub stamps_all: bool,
    /// How long a frame may take.
    pub patience: Duration,
    health: Arc<Health>,
}

/// What a future comes to. Outside of browsers wgpu's are ready at once; one that is not counts as a failure.
fn ready<T>(future: impl Future<Output = T>) -> Result<T, GpuError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(GpuError::driver("an answer that never came")),
    }
}

/// Runs what calls into drivers; a panic of theirs becomes an error.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, GpuError>) -> Result<T, GpuError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(GpuError::driver(words.unwrap_or("a panic without words")))
    })
}

/// The best adapter for a wish: a card of its own before one that shares memory, and both before anything else.
pub(crate) fn find(wish: Wish) -> Result<wgpu::Adapter, GpuError> {
    caught(|| {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::PRIMARY;
        // The drivers' own checks are for their makers; wgpu checks what we do in any case.
        descriptor.flags = wgpu::InstanceFlags::empty();
        let adapters = ready(wgpu::Instance::new(descriptor).enumerate_adapters(wgpu::Backends::PRIMARY))?;
        let rank = |adapter: &wgpu::Adapter| match adapter.get_info().device_type {
            wgpu::DeviceType::DiscreteGpu => 0,
            wgpu::DeviceType::IntegratedGpu => 1,
            wgpu::DeviceType::VirtualGpu => 2,
            wgpu::DeviceType::Other => 3,
            wgpu::DeviceType::Cpu => 4,
        };
        let usable = |adapter: &wgpu::Adapter| {
            let limits = adapter.limits();
            limits.max_storage_buffers_per_shader_stage >= STORAGE_BUFFERS
                && limits.max_compute_invocations_per_workgroup >= 256
                && (wish.software || rank(adapter) < 4)
        };
        adapters.into_iter().filter(usable).min_by_key(rank).ok_or(GpuError::NoAdapter)
    })
}

/// What an adapter says of itself.
pub(crate) fn about(adapter: &wgpu::Adapter) -> About {
    let info = adapter.get_info();
    let driver = format!("{} {} ({:?})", info.driver, info.driver_info, info.backend);
    About { name: info.name, driver: driver.trim().into(), software: info.device_type == wgpu::DeviceType::Cpu }
}

impl Device {
    /// A device of this adapter.
    pub fn open(adapter: &wgpu::Adapter, wish: Wish) -> Result<Self, GpuError> {
        caught(|| {
            let (about, own) = (about(adapter), adapter.limits());
            let wanted = wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::TIMESTAMP_QUERY_INSIDE_ENCODERS;
            let features = adapter.features() & wanted;
            let descriptor = wgpu::DeviceDescriptor {
                label: Some("develop"),
                required_features: features,
                required_limits: wgpu::Limits {
                    max_storage_buffers_per_shader_stage: STORAGE_BUFFERS,
                    max_storage_buffer_binding_size: own.max_storage_buffer_binding_size,
                    max_buffer_size: own.max_buffer_size,
                    ..wgpu::Limits::downlevel_defaults()
                },
                memory_hints: wgpu::MemoryHints::MemoryUsage,
                ..wgpu::DeviceDescriptor::default()
            };
            let (device, queue) = ready(adapter.request_device(&descriptor))?.map_err(GpuError::driver)?;
            let binding_bytes = own.max_storage_buffer_binding_size.min(BINDING_MAX_BYTES);
            let limits = Limits {
                binding_bytes: wish.binding_bytes.map_or(binding_bytes, |low| low.min(binding_bytes)),
                buffer_bytes: own.max_buffer_size,
            };
            let health = Arc::new(Health::default());
            watch(&device, &health);
            let stamps_passes = features.contains(wgpu::Features::TIMESTAMP_QUERY);
            let stamps_all = stamps_passes && features.contains(wgpu::Features::TIMESTAMP_QUERY_INSIDE_ENCODERS);
            let patience = if about.software { PATIENCE_SOFTWARE } else { PATIENCE };
            Ok(Self { handle: device, queue, about, limits, stamps_passes, stamps_all, patience, health })
        })
    }

    /// Runs work on the device and gathers all that can go wrong with it: its own errors, the driver's, a lost device, a
    /// panic.
    pub fn guarded<T>(&self, work: impl FnOnce() -> Result<T, GpuError>) -> Result<T, GpuError> {
        let kinds = [wgpu::ErrorFilter::Internal, wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::OutOfMemory];
        let scopes = kinds.map(|kind| self.handle.push_error_scope(kind));
        let done = caught(work);
        // The scope that was opened last is closed first.
        let closed = scopes.into_iter().rev().map(|scope| ready(scope.pop()));
        let found: Vec<GpuError> = closed.filter_map(|error| error.unwrap_or(None)).map(named).collect();
        if done.is_err() || !found.is_empty() {
            // A device that is lost says so when it is asked.
            let _ = caught(|| self.handle.poll(wgpu::PollType::Poll).map_err(GpuError::driver));
        }
        if let Some(error) = self.fault() {
            return Err(error);
        }
        match (done, found.into_iter().next()) {
            (Ok(_), Some(error)) => Err(error),
            (done, _) => done,
        }
    }

    /// What the driver reported since the device was opened. It stays broken from then on.
    pub fn fault(&self) -> Option<GpuError> {
        let lost = self.health.lost.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let error = || self.health.error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        lost.map(|detail| GpuError::Lost { detail }).or_else(error)
    }

    /// A buffer; whatever the device has against it counts as lack of memory.
    pub fn buffer(
        &self,
        label: &str,
        bytes: u64,
        usage: wgpu::BufferUsages,
        mapped: bool,
    ) -> Result<wgpu::Buffer, GpuError> {
        let size = bytes.max(16).next_multiple_of(16);
        let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: mapped };
        let kinds = [wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::OutOfMemory];
        let scopes = kinds.map(|kind| self.handle.push_error_scope(kind));
        let buffer = caught(|| Ok(self.handle.create_buffer(&descriptor)));
        let refused = scopes.into_iter().rev().map(|scope| ready(scope.pop()));
        let refused = refused.filter_map(|error| error.unwrap_or(None)).count() > 0;
        if refused { Err(GpuError::OutOfMemory) } else { buffer }
    }
}

/// Listens to what the driver says outside of any scope.
fn watch(device: &wgpu::Device, health: &Arc<Health>) {
    let told = Arc::clone(health);
    device.set_device_lost_callback(move |reason, words| {
        let detail = words.lines().next().filter(|line| !line.is_empty()).map_or(format!("{reason:?}"), str::to_owned);
        *told.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(detail);
    });
    let told = Arc::clone(health);
    device.on_uncaptured_error(Arc::new(move |error| {
        *told.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(named(error));
    }));
}

fn named(error: wgpu::Error) -> GpuError {
    match error {
        wgpu::Error::OutOfMemory { .. } => GpuError::OutOfMemory,
        wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
            // The first line only says that there is an error.
            let line = description.lines().map(str::trim).filter(|line| !line.is_empty()).nth(1);
            GpuError::driver(line.unwrap_or(&description))
        }
    }
}
