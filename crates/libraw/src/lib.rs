//! The binding to LibRaw: a dozen C functions, owned buffers, typed results. Knows nothing else.
//!
//! LibRaw reads files that nobody checked. Whoever uses this crate does so in a process with caps on memory, time and
//! files. What comes back is checked here: sizes, layouts, texts.

mod ffi;
mod packed;

// LibRaw calls both; naming them brings them to the linker.
use libz_sys as _;
use turbojpeg_sys as _;

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    fmt,
    ptr::{self, NonNull},
};

pub use packed::{Packed, Packing, Unpack};

/// Previews that are listed; LibRaw itself keeps eight.
const PREVIEWS_MAX: usize = 8;

/// Why LibRaw gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No memory for the reader itself.
    #[error("no memory to decode in")]
    OutOfMemory,
    /// A camera or a packing that this LibRaw does not know.
    #[error("this camera's raw format is not known yet ({detail})")]
    Unsupported {
        /// LibRaw's own words.
        detail: String,
    },
    /// Sensor data of a kind that is not developed: rotated or four-colour sensors.
    #[error("this kind of sensor data is not developed")]
    Undevelopable,
    /// The data make no sense.
    #[error("the raw data could not be decoded: {detail}")]
    Data {
        /// LibRaw's own words.
        detail: String,
    },
}

impl Error {
    fn of(code: c_int) -> Self {
        // LibRaw's documented codes (libraw_const.h, LibRaw_errors), and the shim's own.
        match code {
            -2 | -5 | -4 => Self::Unsupported { detail: words(code) },
            -100_007 | 12 => Self::OutOfMemory,
            -900_002 => Self::Undevelopable,
            _ => Self::Data { detail: words(code) },
        }
    }
}

fn words(code: c_int) -> String {
    // SAFETY: the shim returns a text that lives as long as the program, or null.
    let text = unsafe { ffi::bl_error_text(code) };
    if text.is_null() {
        return format!("code {code}");
    }
    // SAFETY: not null, and ends with a zero.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// The version of LibRaw at work, `0.22.2-Release`.
pub fn version() -> String {
    // SAFETY: a constant text that ends with a zero.
    unsafe { CStr::from_ptr(ffi::bl_version()) }.to_string_lossy().into_owned()
}

/// How samples lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One sample a pixel; `channels` are `side * side` of 0 red, 1 green, 2 blue, 3 the green in
    /// blue's rows (Bayer), rows first.
    Mosaic {
        /// 2 or 6.
        side: usize,
        /// The block.
        channels: Vec<u8>,
    },
    /// Red, green, blue of every pixel.
    Rgb,
    /// One grey sample a pixel.
    Grey,
}

/// What LibRaw knows of a raw after decoding.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Columns of the active area.
    pub width_px: u32,
    /// Rows of the active area.
    pub height_px: u32,
    /// Columns and rows of the whole sensor.
    pub raw_size_px: (u32, u32),
    /// Where the active area begins on it: column, row.
    pub origin_px: (u32, u32),
    /// The part of the active area that the maker's own pictures show: column, row, columns, rows.
    pub crop_px: Option<(u32, u32, u32, u32)>,
    /// How samples lie.
    pub layout: Layout,
    /// LibRaw's `flip`: 4 swaps the axes, then 2 turns upside down, 1 mirrors.
    pub flip: i32,
    /// Black beyond the following two: the mean of a block of levels that is too large to tell.
    pub black: u32,
    /// Black of red, green, blue, and green in blue's rows.
    pub black_channel: [u32; 4],
    /// Black beyond that, by place: columns, rows, values.
    pub black_block: Option<(usize, usize, Vec<u32>)>,
    /// What a full pixel reads, before black is taken away.
    pub white: u32,
    /// Whether `white` is known for sure; else LibRaw's own pictures take the largest sample if that lies above three quarters.
    pub white_is_sure: bool,
    /// The camera's multipliers of red, green, blue, second green; zeros where it told none.
    pub cam_mul: [f32; 4],
    /// Daylight's.
    pub pre_mul: [f32; 4],
    /// Linear sRGB from white-balanced camera colours.
    pub rgb_cam: [[f32; 4]; 3],
    /// Camera colours from CIE XYZ (D65); zeros where unknown.
    pub cam_xyz: [[f32; 3]; 4],
    /// The samples are white-balanced already.
    pub white_balanced: bool,
    /// The file's DNG version; 0 for makers' own formats.
    pub dng_version: u32,
    /// DNG BaselineExposure; 0 where there is none.
    pub baseline_exposure_ev: f32,
    /// Width of a pixel in heights of a pixel.
    pub pixel_aspect: f32,
    /// ISO sensitivity, exposure time in s, f-number, focal length in mm; 0 is unknown.
    pub exposure: Exposure,
    /// Maker and model, as LibRaw normalises them.
    pub make: String,
    /// Model.
    pub model: String,
    /// Lens; may be empty.
    pub lens: String,
    /// Body serial number; may be empty.
    pub serial: String,
    /// Whether the decoder met damaged data and went on.
    pub damaged: bool,
}

/// How a frame was exposed; 0 is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exposure {
    /// Sensitivity.
    pub iso: f32,
    /// Time, s.
    pub shutter_s: f32,
    /// F-number.
    pub aperture_f: f32,
    /// Focal length, mm.
    pub focal_mm: f32,
}

/// A preview inside of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Where it begins, bytes.
    pub offset: u64,
    /// Its length, bytes.
    pub len: u64,
    /// Columns; LibRaw may not know.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Whether it is a JPEG.
    pub is_jpeg: bool,
}

/// A file that LibRaw has opened. Owns the file's bytes, which LibRaw reads through a pointer.
pub struct File {
    reader: NonNull<c_void>,
    bytes: Vec<u8>,
}

/// A decoded file: its samples can be taken.
pub struct Decoded {
    file: File,
    facts: Facts,
}

impl fmt::Debug for File {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("libraw::File")
    }
}

impl fmt::Debug for Decoded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("libraw::Decoded").field("facts", &self.facts).finish_non_exhaustive()
    }
}

impl File {
    /// Reads the head of a raw.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Error> {
        // SAFETY: returns a new reader or null.
        let reader = NonNull::new(unsafe { ffi::bl_new() }).ok_or(Error::OutOfMemory)?;
        let file = Self { reader, bytes };
        // SAFETY: the bytes are owned by `file`, are never changed or moved on the heap, and outlive the reader.
        let code = unsafe { ffi::bl_open(reader.as_ptr(), file.bytes.as_ptr(), file.bytes.len()) };
        if code == 0 { Ok(file) } else { Err(Error::of(code)) }
    }

    /// Previews that the file lists.
    pub fn previews(&self) -> Vec<Preview> {
        let mut list = [ffi::Preview::default(); PREVIEWS_MAX];
        // SAFETY: there is room for as many as is said.
        let count = unsafe { ffi::bl_previews(self.reader.as_ptr(), list.as_mut_ptr(), list.len()) };
        let inside = |preview: &&ffi::Preview| {
            let end = preview.offset.checked_add(i64::from(preview.length));
            preview.offset > 0 && end.is_some_and(|end| end.unsigned_abs() <= self.bytes.len() as u64)
        };
        let known = list.iter().take(count).filter(inside);
        known.map(Preview::from).collect()
    }

    /// Decodes the sensor's data.
    pub fn decode(self) -> Result<Decoded, Error> {
        // SAFETY: the reader has opened its file; without an unpacker nothing is handed on.
        let code = unsafe { ffi::bl_unpack(self.reader.as_ptr(), None, ptr::null_mut()) };
        self.decoded(code)
    }

    /// The same; packed samples of kinds that others decode too are offered to `unpacker` first.
    pub fn decode_with<U: Unpack>(self, unpacker: U) -> Result<Decoded, Error> {
        let mut offer = packed::Offer { file: &self.bytes, unpacker };
        // SAFETY: the reader has opened its file; the offer is of the type that this function takes, and outlives the call.
        let code = unsafe { ffi::bl_unpack(self.reader.as_ptr(), Some(packed::offered::<U>), (&raw mut offer).cast()) };
        self.decoded(code)
    }

    fn decoded(self, code: c_int) -> Result<Decoded, Error> {
        if code != 0 {
            return Err(Error::of(code));
        }
        // SAFETY: all fields are numbers; zero is a value of each.
        let mut facts: ffi::Facts = unsafe { std::mem::zeroed() };
        // SAFETY: the reader has decoded; there is room for the facts.
        let code = unsafe { ffi::bl_facts_of(self.reader.as_ptr(), &raw mut facts) };
        if code != 0 {
            return Err(Error::of(code));
        }
        let facts = checked(&facts)?;
        Ok(Decoded { file: self, facts })
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: made by bl_new, freed once.
        unsafe { ffi::bl_free(self.reader.as_ptr()) }
    }
}

impl Decoded {
    /// What is known.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Samples of the active area: pixels times samples of each.
    pub fn samples(&self) -> usize {
        let each = if self.facts.layout == Layout::Rgb { 3 } else { 1 };
        self.facts.width_px as usize * self.facts.height_px as usize * each
    }

    /// Copies the active area's samples, rows without gaps. `out` must be as long as [`Self::samples`] says.
    pub fn copy_to(&self, out: &mut [u16]) -> Result<(), Error> {
        // SAFETY: the shim writes exactly `len` samples or refuses.
        let code = unsafe { ffi::bl_copy(self.file.reader.as_ptr(), out.as_mut_ptr(), out.len()) };
        if code == 0 { Ok(()) } else { Err(Error::of(code)) }
    }
}

impl From<&ffi::Preview> for Preview {
    fn from(preview: &ffi::Preview) -> Self {
        Self {
            offset: preview.offset.unsigned_abs(),
            len: u64::from(preview.length),
            width_px: preview.width,
            height_px: preview.height,
            is_jpeg: preview.is_jpeg != 0,
        }
    }
}

fn checked(facts: &ffi::Facts) -> Result<Facts, Error> {
    let layout = match facts.layout {
        0 if facts.cfa_side == 2 || facts.cfa_side == 6 => {
            let side = facts.cfa_side as usize;
            Layout::Mosaic { side, channels: facts.cfa.iter().take(side * side).copied().collect() }
        }
        1 => Layout::Rgb,
        2 => Layout::Grey,
        _ => return Err(Error::Undevelopable),
    };
    let (columns, rows) = (facts.black_columns as usize, facts.black_rows as usize);
    let block = (columns > 0 && rows > 0 && columns * rows <= facts.black_block.len())
        .then(|| (columns, rows, facts.black_block.iter().take(columns * rows).copied().collect()));
    Ok(Facts {
        width_px: facts.width,
        height_px: facts.height,
        raw_size_px: (facts.raw_width, facts.raw_height),
        origin_px: (facts.left, facts.top),
        crop_px: crop(facts),
        layout,
        flip: facts.flip,
        black: facts.black,
        black_channel: facts.black_channel,
        black_block: block,
        white: facts.white,
        white_is_sure: facts.white_is_sure != 0,
        cam_mul: facts.cam_mul,
        pre_mul: facts.pre_mul,
        rgb_cam: facts.rgb_cam,
        cam_xyz: facts.cam_xyz,
        white_balanced: facts.white_balanced != 0,
        dng_version: facts.dng_version,
        baseline_exposure_ev: facts.baseline_exposure_ev,
        pixel_aspect: facts.pixel_aspect,
        exposure: Exposure {
            iso: facts.iso,
            shutter_s: facts.shutter_s,
            aperture_f: facts.aperture_f,
            focal_mm: facts.focal_mm,
        },
        make: text(&facts.make),
        model: text(&facts.model),
        lens: text(&facts.lens),
        serial: text(&facts.serial),
        damaged: facts.data_errors > 0,
    })
}

/// The maker's cut, told on the whole sensor, seen from the active area; nothing unless it lies inside and is most of it.
fn crop(facts: &ffi::Facts) -> Option<(u32, u32, u32, u32)> {
    let (width, height) = (facts.crop_width, facts.crop_height);
    let x = facts.crop_left.checked_sub(facts.left)?;
    let y = facts.crop_top.checked_sub(facts.top)?;
    let inside = x.checked_add(width)? <= facts.width && y.checked_add(height)? <= facts.height;
    let most = width > facts.width / 2 && height > facts.height / 2;
    (inside && most).then_some((x, y, width, height))
}

/// Up to the first zero; what is no UTF-8 is replaced.
fn text(chars: &[c_char]) -> String {
    let bytes: Vec<u8> = chars.iter().map(|char| *char as u8).take_while(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_mean_the_same_sizes() {
        let (mut facts, mut preview, mut packed) = (0, 0, 0);
        // SAFETY: writes three numbers.
        unsafe { ffi::bl_sizes(&raw mut facts, &raw mut preview, &raw mut packed) };
        assert_eq!(facts, size_of::<ffi::Facts>());
        assert_eq!(preview, size_of::<ffi::Preview>());
        assert_eq!(packed, size_of::<ffi::Packed>());
    }

    #[test]
    fn new_enough_for_todays_bodies() {
        let version = version();
        let mut parts = version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
        assert!((parts.next(), parts.next()) >= (Some(0), Some(22)), "{version}");
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!(File::open(Vec::new()), Err(Error::Data { .. } | Error::Unsupported { .. })));
        assert!(matches!(File::open(vec![7; 4096]), Err(Error::Unsupported { .. })));
    }
}
