//! One decoder for one picture.

use std::{
    ffi::{CStr, c_int},
    ptr, slice,
};

use crate::{
    Description, Error, Picture, Plane, Samples,
    size::{Unreadable, claimed},
    sys,
    units::units,
};

/// Steps of the decoder beyond one for each NAL unit: flushing and handing out take some.
const STEPS_SPARE: usize = 64;

/// Decodes the one picture of an item: `record` is the content of its `hvcC` box, `coded` its bytes (ISO/IEC 14496-15).
///
/// A picture of more than `pixels_max` pixels is refused before memory is taken for it. Damage inside of the picture shows
/// as damage in its planes and is no error, as far as the decoder can go on.
pub fn decode(record: &[u8], coded: &[u8], pixels_max: u64) -> Result<Picture, Error> {
    let units = units(record, coded)?;
    for unit in &units {
        if let Some((width_px, height_px)) = claimed(unit).map_err(|Unreadable| Error::Record)?
            && u64::from(width_px) * u64::from(height_px) > pixels_max
        {
            return Err(Error::TooLarge { width_px, height_px });
        }
    }
    Decoder::new()?.run(&units)
}

struct Decoder(*mut sys::Decoder);

impl Decoder {
    fn new() -> Result<Self, Error> {
        // SAFETY: no conditions.
        let decoder = unsafe { sys::de265_new_decoder() };
        if decoder.is_null() { Err(failed(sys::OUT_OF_MEMORY)) } else { Ok(Self(decoder)) }
    }

    /// Everything in, then steps until the first picture is out.
    fn run(&self, units: &[&[u8]]) -> Result<Picture, Error> {
        for unit in units {
            let len = c_int::try_from(unit.len()).map_err(|_| Error::Units)?;
            // SAFETY: the decoder copies `len` bytes, which are there.
            check(unsafe { sys::de265_push_NAL(self.0, unit.as_ptr(), len, 0, ptr::null_mut()) })?;
        }
        // SAFETY: a living decoder.
        check(unsafe { sys::de265_flush_data(self.0) })?;
        for _ in 0..units.len() * 2 + STEPS_SPARE {
            let mut more = 0;
            // SAFETY: a living decoder; `more` is written.
            let status = unsafe { sys::de265_decode(self.0, &raw mut more) };
            // SAFETY: a living decoder; the picture stays until its next call.
            if let Some(image) = unsafe { sys::de265_get_next_picture(self.0).as_ref() } {
                return picture(image);
            }
            match status {
                sys::WAITING_FOR_INPUT_DATA => return Err(Error::NoPicture),
                sys::IMAGE_BUFFER_FULL => {}
                status => check(status)?,
            }
            if more == 0 {
                return Err(Error::NoPicture);
            }
        }
        Err(Error::NoPicture)
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: made by `new`, freed once.
        unsafe { sys::de265_free_decoder(self.0) };
    }
}

/// Warnings let the decoder go on.
fn check(status: sys::Status) -> Result<(), Error> {
    // SAFETY: a pure function.
    if unsafe { sys::de265_isOK(status) } == 0 { Err(failed(status)) } else { Ok(()) }
}

fn failed(status: sys::Status) -> Error {
    // SAFETY: a constant string of the library for every number.
    let text = unsafe { CStr::from_ptr(sys::de265_get_error_text(status)) };
    Error::Decoder { detail: text.to_string_lossy().into_owned() }
}

fn picture(image: &sys::Image) -> Result<Picture, Error> {
    // SAFETY (all four): read from a living picture.
    let description = unsafe {
        let number = |value: c_int| u16::try_from(value).unwrap_or(2);
        Description {
            primaries: number(sys::de265_get_image_colour_primaries(image)),
            transfer: number(sys::de265_get_image_transfer_characteristics(image)),
            matrix: number(sys::de265_get_image_matrix_coefficients(image)),
            full_range: sys::de265_get_image_full_range_flag(image) != 0,
        }
    };
    // SAFETY: as above.
    let channels = if unsafe { sys::de265_get_chroma_format(image) } == 0 { 1 } else { 3 };
    let planes = (0..channels).map(|channel| plane(image, channel)).collect::<Result<_, _>>()?;
    Ok(Picture { planes, description })
}

/// A copy of a plane, without what stands at the ends of the decoder's rows.
fn plane(image: &sys::Image, channel: c_int) -> Result<Plane, Error> {
    let mut stride: c_int = 0;
    // SAFETY: read from a living picture; `stride` is written.
    let (width, height, bits, data) = unsafe {
        (
            sys::de265_get_image_width(image, channel),
            sys::de265_get_image_height(image, channel),
            sys::de265_get_bits_per_pixel(image, channel),
            sys::de265_get_image_plane(image, channel, &raw mut stride),
        )
    };
    let number = |value: c_int| usize::try_from(value).map_err(|_| Error::Strange);
    let (width, height, stride) = (number(width)?, number(height)?, number(stride)?);
    let bits = u8::try_from(bits).ok().filter(|bits| (8..=16).contains(bits)).ok_or(Error::Strange)?;
    let sample_bytes = if bits > 8 { 2 } else { 1 };
    if data.is_null() || width == 0 || height == 0 || stride < width * sample_bytes {
        return Err(Error::Strange);
    }
    // SAFETY: the decoder's plane has `height` rows of `stride` bytes, of which the first `width` samples are the
    // picture's; the last row may end with them.
    let row = |y: usize| unsafe { slice::from_raw_parts(data.add(y * stride), width * sample_bytes) };
    let samples = if bits > 8 {
        let words = (0..height).flat_map(|y| row(y).chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])));
        let mut all = Vec::with_capacity(width * height);
        all.extend(words);
        Samples::Words(all)
    } else {
        let mut all = Vec::with_capacity(width * height);
        (0..height).for_each(|y| all.extend_from_slice(row(y)));
        Samples::Bytes(all)
    };
    Ok(Plane { width_px: width as u32, height_px: height as u32, bits, samples })
}
