//! HEVC still pictures to planes: the binding of libde265.
//!
//! One function, [`decode`]: a configuration record and coded bytes as files keep them go in, planes that belong to the
//! caller come out. It knows no container and no colours. The decoder works on the caller's thread alone, opens no files
//! and never sees a picture larger than the caller allows; everything that it allocates is gone when the call returns.
//! It is C++ that reads what strangers wrote: only ever called in a process with caps.

mod decoder;
mod size;
mod sys;
mod units;

use std::ffi::CStr;

pub use decoder::decode;

/// Why nothing was decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The configuration record (`hvcC`) makes no sense.
    #[error("the decoder's settings in the file are damaged")]
    Record,
    /// The coded bytes are no sequence of NAL units, or one of more than we take.
    #[error("the coded picture is damaged")]
    Units,
    /// More pixels than the caller allows.
    #[error("a coded picture of {width_px} x {height_px} px is larger than we take")]
    TooLarge {
        /// Columns, as coded.
        width_px: u32,
        /// Rows, as coded.
        height_px: u32,
    },
    /// A number of bits or planes that this binding has no words for.
    #[error("the picture is coded in a way that is not known here")]
    Strange,
    /// libde265 gave up.
    #[error("the HEVC decoder gave up: {detail}")]
    Decoder {
        /// Its own words.
        detail: String,
    },
    /// Everything was read and no picture was in it.
    #[error("no picture is in the coded bytes")]
    NoPicture,
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Luma alone, or luma, Cb and Cr; for [`Description::matrix`] 0 green, blue and red.
    pub planes: Vec<Plane>,
    /// What the coded bytes say about colours.
    pub description: Description,
}

/// One plane, rows without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Bits of a sample, 8 to 16.
    pub bits: u8,
    /// `width_px * height_px` samples.
    pub samples: Samples,
}

/// Samples of a plane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Samples {
    /// Of 8 bits.
    Bytes(Vec<u8>),
    /// Of more.
    Words(Vec<u16>),
}

/// Colours by ITU-T H.273; 2 is "not said".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// ColourPrimaries.
    pub primaries: u16,
    /// TransferCharacteristics.
    pub transfer: u16,
    /// MatrixCoefficients.
    pub matrix: u16,
    /// VideoFullRangeFlag: black is 0, not 16 of 255.
    pub full_range: bool,
}

/// The decoder's version, `1.0.11`.
pub fn version() -> String {
    // SAFETY: a constant string of the library.
    let version = unsafe { CStr::from_ptr(sys::de265_get_version()) };
    version.to_string_lossy().into_owned()
}
