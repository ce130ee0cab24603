//! Packed samples that somebody else decodes in LibRaw's place: what they need to know, and where the samples belong.

use std::{
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
    slice,
};

use crate::ffi;

/// How many values a curve has: one for each sample of 16 bits.
const CURVE_VALUES: usize = 1 << 16;

/// How samples are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Lossless JPEGs (T.81 process 14), each of them a tile of a DNG.
    DngLosslessJpeg,
    /// One lossless JPEG that holds upright slices of the sensor, one after the other.
    Cr2LosslessJpeg,
    /// JPEG XL, each of them a tile of a DNG.
    DngJpegXl,
}

/// What is packed, as LibRaw understood the file. Nothing of it was compared with the file's length.
#[derive(Debug)]
pub struct Packed<'a> {
    /// All of the file.
    pub file: &'a [u8],
    /// How.
    pub packing: Packing,
    /// The file's DNG version, as in `Facts`.
    pub dng_version: u32,
    /// Where the data begin; or, where there are tiles, a list of where each of them does.
    pub data_offset: u64,
    /// The order of bytes in that list.
    pub big_endian: bool,
    /// Columns and rows of the whole sensor.
    pub raw_size_px: (usize, usize),
    /// Columns and rows of a tile; nothing where all is in one piece.
    pub tile_px: Option<(usize, usize)>,
    /// CR2: how many slices stand before the last one, how wide they are, and how wide the last one is.
    pub slices: (usize, usize, usize),
    /// Bits of a sample, as the file's directory says.
    pub bits: u32,
    /// Samples of a pixel.
    pub samples: usize,
    /// From one pixel to the next in `out`; what is between its samples and that stays as it is.
    pub step: usize,
    /// What a sample stands for: 65,536 values.
    pub curve: &'a [u16],
    /// The sensor's rows without gaps; all zero.
    pub out: &'a mut [u16],
}

/// Decodes in LibRaw's place.
pub trait Unpack {
    /// Fills all of `out` and returns true; or returns false, and LibRaw decodes as if nobody had been asked.
    fn unpack(&mut self, packed: Packed<'_>) -> bool;
}

pub(crate) struct Offer<'a, U> {
    pub file: &'a [u8],
    pub unpacker: U,
}

/// Called by the shim in the middle of LibRaw's work.
///
/// # Safety
/// `context` is an [`Offer`] of this type; `packed` and what it points to are the shim's.
pub(crate) unsafe extern "C" fn offered<U: Unpack>(context: *mut c_void, packed: *const ffi::Packed) -> bool {
    // SAFETY: as above; nobody else uses the offer meanwhile.
    let (offer, packed) = unsafe { (&mut *context.cast::<Offer<'_, U>>(), &*packed) };
    let size_px = (packed.raw_width as usize, packed.raw_height as usize);
    let step = packed.step as usize;
    let Some(len) = size_px.0.checked_mul(size_px.1).and_then(|pixels| pixels.checked_mul(step)) else { return false };
    if packed.out.is_null() || packed.curve.is_null() {
        return false;
    }
    // SAFETY: LibRaw has room for that many samples, a few rows more even, and the shim has cleared it; LibRaw's curve has
    // 65,536 values and lies elsewhere.
    let (out, curve) =
        unsafe { (slice::from_raw_parts_mut(packed.out, len), slice::from_raw_parts(packed.curve, CURVE_VALUES)) };
    let packing = match packed.kind {
        0 => Packing::DngLosslessJpeg,
        1 => Packing::Cr2LosslessJpeg,
        _ => Packing::DngJpegXl,
    };
    let tile_px = (packed.tile_height > 0).then_some((packed.tile_width as usize, packed.tile_height as usize));
    let [count, width, last] = packed.slices.map(|number| number as usize);
    let packed = Packed {
        file: offer.file,
        packing,
        dng_version: packed.dng_version,
        data_offset: packed.data_offset,
        big_endian: packed.big_endian != 0,
        raw_size_px: size_px,
        tile_px,
        slices: (count, width, last),
        bits: packed.bits,
        samples: packed.samples as usize,
        step,
        curve,
        out,
    };
    // C++ stands below: nothing may unwind into it.
    catch_unwind(AssertUnwindSafe(|| offer.unpacker.unpack(packed))).unwrap_or(false)
}
