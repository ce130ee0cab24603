//! The C functions of libde265 that are used, as its de265.h (1.0.8 and newer) declares them.

use std::ffi::{c_char, c_int};

/// `de265_error`; 0 is success, 1,000 and more are warnings.
pub type Status = c_int;

pub const OUT_OF_MEMORY: Status = 7;
pub const IMAGE_BUFFER_FULL: Status = 9;
pub const WAITING_FOR_INPUT_DATA: Status = 13;

/// `de265_decoder_context`.
#[repr(C)]
pub struct Decoder {
    private: [u8; 0],
}

/// `struct de265_image`.
#[repr(C)]
pub struct Image {
    private: [u8; 0],
}

unsafe extern "C" {
    pub fn de265_get_version() -> *const c_char;
    pub fn de265_get_error_text(status: Status) -> *const c_char;
    pub fn de265_isOK(status: Status) -> c_int;
    pub fn de265_new_decoder() -> *mut Decoder;
    pub fn de265_free_decoder(decoder: *mut Decoder) -> Status;
    pub fn de265_push_NAL(decoder: *mut Decoder, data: *const u8, len: c_int, pts: i64, user: *mut u8) -> Status;
    pub fn de265_flush_data(decoder: *mut Decoder) -> Status;
    pub fn de265_decode(decoder: *mut Decoder, more: *mut c_int) -> Status;
    pub fn de265_get_next_picture(decoder: *mut Decoder) -> *const Image;
    pub fn de265_get_image_width(image: *const Image, channel: c_int) -> c_int;
    pub fn de265_get_image_height(image: *const Image, channel: c_int) -> c_int;
    pub fn de265_get_chroma_format(image: *const Image) -> c_int;
    pub fn de265_get_bits_per_pixel(image: *const Image, channel: c_int) -> c_int;
    pub fn de265_get_image_plane(image: *const Image, channel: c_int, stride: *mut c_int) -> *const u8;
    pub fn de265_get_image_full_range_flag(image: *const Image) -> c_int;
    pub fn de265_get_image_colour_primaries(image: *const Image) -> c_int;
    pub fn de265_get_image_transfer_characteristics(image: *const Image) -> c_int;
    pub fn de265_get_image_matrix_coefficients(image: *const Image) -> c_int;
}
