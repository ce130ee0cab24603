//! Numbers of one dispatch, as the shaders read them.

use bytemuck::{Pod, Zeroable};

use crate::ops::matrix::Matrix;

/// Flags of `shaders/shared/params.wgsl`.
pub(crate) mod flag {
    pub const HIGHLIGHTS: u32 = 1;
    pub const TONE: u32 = 2;
    pub const COLOUR: u32 = 4;
    pub const TO_OUTPUT: u32 = 8;
    pub const SHARPEN: u32 = 16;
    pub const FIRST_LEVEL: u32 = 32;
    pub const SWAP: u32 = 64;
    pub const FLIP_X: u32 = 128;
    pub const FLIP_Y: u32 = 256;
}

/// `Params` of `shaders/shared/params.wgsl`, field by field; groups of 16 bytes, so that both have the same layout.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub(crate) struct Params {
    pub width: u32,
    pub rows: u32,
    pub first: u32,
    pub height: u32,

    pub source_width: u32,
    pub source_rows: u32,
    pub source_first: u32,
    pub source_height: u32,

    pub result_rows: u32,
    pub result_first: u32,
    pub flags: u32,
    pub step: u32,

    pub row_samples: u32,
    pub skip: u32,
    pub raw_first: u32,
    pub row_step: u32,

    pub levels: u32,
    pub pattern: u32,
    pub norms: u32,
    pub planes: u32,

    pub plane_table: u32,
    pub curve: u32,
    pub transfer: u32,
    pub unused: u32,

    pub row_taps: [u32; 4],
    pub row_counts: [u32; 4],

    pub turn_origin: [f32; 2],
    pub turn_right: [f32; 2],
    pub turn_down: [f32; 2],
    pub amount: f32,
    pub ceiling: f32,

    pub gains: [f32; 4],
    pub limits: [f32; 4],
    pub matrix: [[f32; 4]; 3],
    pub to_output: [[f32; 4]; 3],
    pub spread: [f32; 4],
    pub blur: [f32; 4],
    pub blur_end: [f32; 4],
    pub thresholds: [f32; 4],
}

/// Three numbers where the shader wants four.
pub(crate) fn padded([a, b, c]: [f32; 3]) -> [f32; 4] {
    [a, b, c, 0.0]
}

/// The same of a matrix.
pub(crate) fn rows_of(matrix: &Matrix) -> [[f32; 4]; 3] {
    matrix.map(padded)
}
