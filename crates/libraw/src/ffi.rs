//! The shim's face (shim/shim.h), mirrored by hand; tests compare the sizes.

use std::ffi::{c_char, c_int, c_void};

/// `bl_facts`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Facts {
    pub width: u32,
    pub height: u32,
    pub raw_width: u32,
    pub raw_height: u32,
    pub left: u32,
    pub top: u32,
    pub crop_left: u32,
    pub crop_top: u32,
    pub crop_width: u32,
    pub crop_height: u32,
    pub layout: u32,
    pub cfa_side: u32,
    pub cfa: [u8; 36],
    pub flip: i32,
    pub black: u32,
    pub black_channel: [u32; 4],
    pub black_rows: u32,
    pub black_columns: u32,
    pub black_block: [u32; 64],
    pub white: u32,
    pub white_is_sure: u32,
    pub dng_version: u32,
    pub cam_mul: [f32; 4],
    pub pre_mul: [f32; 4],
    pub rgb_cam: [[f32; 4]; 3],
    pub cam_xyz: [[f32; 3]; 4],
    pub white_balanced: u32,
    pub baseline_exposure_ev: f32,
    pub pixel_aspect: f32,
    pub iso: f32,
    pub shutter_s: f32,
    pub aperture_f: f32,
    pub focal_mm: f32,
    pub make: [c_char; 64],
    pub model: [c_char; 64],
    pub lens: [c_char; 128],
    pub serial: [c_char; 64],
    pub data_errors: u32,
}

/// `bl_preview`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Preview {
    pub offset: i64,
    pub length: u32,
    pub width: u32,
    pub height: u32,
    pub is_jpeg: u32,
    pub flip: i32,
}

/// `bl_packed`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Packed {
    pub kind: u32,
    pub dng_version: u32,
    pub data_offset: u64,
    pub big_endian: u32,
    pub raw_width: u32,
    pub raw_height: u32,
    pub tile_width: u32,
    pub tile_height: u32,
    pub slices: [u32; 3],
    pub bits: u32,
    pub samples: u32,
    pub step: u32,
    pub curve: *const u16,
    pub out: *mut u16,
}

/// `bl_unpacker`.
pub type Unpacker = unsafe extern "C" fn(context: *mut c_void, packed: *const Packed) -> bool;

unsafe extern "C" {
    pub fn bl_version() -> *const c_char;
    pub fn bl_error_text(code: c_int) -> *const c_char;
    pub fn bl_new() -> *mut c_void;
    pub fn bl_free(reader: *mut c_void);
    pub fn bl_open(reader: *mut c_void, bytes: *const u8, length: usize) -> c_int;
    pub fn bl_previews(reader: *mut c_void, out: *mut Preview, most: usize) -> usize;
    pub fn bl_unpack(reader: *mut c_void, unpacker: Option<Unpacker>, context: *mut c_void) -> c_int;
    pub fn bl_facts_of(reader: *mut c_void, out: *mut Facts) -> c_int;
    pub fn bl_copy(reader: *mut c_void, out: *mut u16, length: usize) -> c_int;
    #[cfg(test)]
    pub fn bl_sizes(facts: *mut usize, preview: *mut usize, packed: *mut usize);
}
