//! Camera file to pixels: structure, EXIF, embedded JPEG, colour, resize, watermark, encode; the capped worker process.
//!
//! Foreign files are hostile: [`inspect`] and [`render`] are meant to run inside [`worker`] processes, which the rest of
//! the house reaches through [`worker::Pool`]. The room knows no database and no network.
//!
//! Errors travel as values: a file that is refused says why in plain words ([`InspectError`], [`RenderError`]), a worker
//! that fails says whether another try may help ([`worker::WorkerError::worth_a_retry`]).

mod bytes;
mod colour;
pub mod demosaic;
mod error;
mod exif;
mod inspect;
mod jpeg;
mod mark;
mod orient;
mod proof;
pub mod raw;
mod resize;
mod structure;
mod tags;
pub mod worker;

pub use bytes::{FileSource, SliceSource, Source};
pub use error::{InspectError, RenderError};
pub use inspect::{EmbeddedPreview, Format, Inspection, inspect, inspect_source};
pub use proof::{ProofSpec, RenderReport, Rendered, StageTimes, render};
