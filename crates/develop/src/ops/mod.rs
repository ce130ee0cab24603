//! The operations of a development, one a file. Each has a twin of the same name in `shaders/`, which must agree with it.
//!
//! Planes are camera colours in linear light until `matrix`, then linear RGB with D65 white until `encode`, and what a
//! screen is told from there on.

pub(crate) mod balance;
pub(crate) mod colour;
pub(crate) mod denoise;
pub(crate) mod encode;
pub(crate) mod highlights;
pub(crate) mod matrix;
pub(crate) mod resample;
pub(crate) mod rotate;
pub(crate) mod sharpen;
pub(crate) mod shrink;
pub(crate) mod simd;
pub(crate) mod superpixel;
pub(crate) mod taps;
pub(crate) mod tone;

/// One row of each colour.
pub(crate) type Row<'a> = [&'a mut [f32]; 3];

/// Rec. 709 luminance of linear sRGB (ITU-R BT.709-6).
pub(crate) const LUMA_709: [f32; 3] = [0.2126, 0.7152, 0.0722];
/// Rec. 2020 luminance, of the working space (ITU-R BT.2020-2).
pub(crate) const LUMA_2020: [f32; 3] = [0.2627, 0.6780, 0.0593];
