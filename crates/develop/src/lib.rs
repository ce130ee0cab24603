//! Camera file to pixels: structure, EXIF, embedded JPEG, colour, resize, watermark, encode; the capped worker process.
//!
//! Foreign files are hostile: [`inspect`] and [`render`] are meant to run inside [`worker`] processes, which the rest of
//! the house reaches through [`worker::Pool`]. The room knows no database and no network.
//!
//! Errors travel as values: a file that is refused says why in plain words ([`InspectError`], [`RenderError`]), a worker
//! that fails says whether another try may help ([`worker::WorkerError::worth_a_retry`]).

mod auto;
mod bytes;
mod colour;
mod cpu;
mod curve;
mod darkroom;
pub mod demosaic;
mod developer;
mod error;
mod exif;
mod geometry;
mod gpu;
mod hdr;
mod heif;
mod inspect;
mod jpeg;
mod load;
mod mark;
mod ops;
mod orient;
pub mod output;
mod plan;
mod print;
mod proof;
pub mod raw;
pub mod recipe;
mod resize;
mod session;
mod settled;
mod structure;
mod tags;
mod temperature;
pub mod worker;
mod ycbcr;

pub use bytes::{FileSource, SliceSource, Source};
pub use darkroom::{Darkroom, DarkroomConfig, DeviceChoice, DeviceKind, DeviceReport};
pub use developer::{DevelopError, DevelopReport, DevelopTimes, Developer, Finish};
pub use error::{DecodeError, InspectError, RenderError};
pub use geometry::Size;
pub use gpu::{GpuError, GpuTimes, OpTime, Trial};
pub use inspect::{EmbeddedPreview, Format, Inspection, inspect, inspect_source};
pub use jpeg::Picture;
pub use plan::Wanted;
pub use proof::{ProofSpec, RenderReport, Rendered, StageTimes, render};
pub use session::{LookPicture, Session};
pub use settled::Settled;
