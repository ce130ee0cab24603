//! The development on the GPU: the CPU's twin, op by op, in `shaders/`.
//!
//! A plan becomes a [`program`]: a list of uploads, dispatches and read-backs over named buffers, in bands of rows where a
//! device's limits ask for it. The list is recorded at once ([`record`]) and handed over; up to [`slots::IN_FLIGHT`] frames
//! are under way, so that one is uploaded while another is computed and a third is read back.
//!
//! Nothing here may cost a picture. Whatever the device or its driver does comes back as a [`GpuError`], and the caller
//! makes the frame on the CPU; [`keeper`] decides when the device is tried again.

mod bands;
mod buffers;
mod clock;
mod device;
mod engine;
mod error;
mod fault;
mod grid;
mod keeper;
mod list;
mod params;
mod pending;
mod pipelines;
mod program;
mod record;
mod shaders;
mod slots;
mod times;
mod trial;

#[cfg(test)]
mod tests;

pub(crate) use engine::Kept;
pub use error::GpuError;
pub(crate) use keeper::{Keeper, Standing, Verdict};
pub use times::{GpuTimes, OpTime};
pub use trial::Trial;
