//! Drawn market scenes and the camera files made from them: for the rehearsal and for tests.
//!
//! Everything here is a function of its arguments: a seed and a time go in, the same bytes come out. The room knows no
//! clock, no randomness of its own and no other room. Only [`camera::write`] touches the disk.

mod backdrop;
mod brush;
pub mod camera;
mod colour;
mod compose;
pub mod dng;
mod enlarge;
pub mod exif;
mod finish;
mod goods;
pub mod hostile;
pub mod icc;
pub mod jpeg;
mod light;
mod lights;
mod mood;
mod mpf;
mod people;
mod rng;
pub mod scene;
mod sign;
mod stall;
mod tiff;

pub use camera::{Camera, Shot, shots, variant, write};
pub use dng::{DngOptions, PreviewSize, dng};
pub use exif::{ColourSpace, Exif};
pub use jpeg::{JpegOptions, Subsampling, jpeg};
pub use scene::{Scene, draw, oriented};

/// What can go wrong while a picture becomes a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// libjpeg-turbo refused; its own words.
    #[error("the JPEG encoder refused the picture: {0}")]
    Encode(#[from] turbojpeg::Error),
    /// The picture has no pixels, or more than the format can say.
    #[error("a picture of {width_px} x {height_px} px cannot be written")]
    Size {
        /// Width asked for.
        width_px: u32,
        /// Height asked for.
        height_px: u32,
    },
}
