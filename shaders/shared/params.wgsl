// Numbers of one dispatch, field by field those of `Params` in crates/develop/src/gpu/params.rs, and the frame's tables.
//
// Buffers hold bands of rows: `first` and `rows` say which rows of the whole picture lie in one. Rows are always counted
// in the whole picture, so that edges are where the picture ends and not where a band does.

struct Params {
    // Written by this dispatch: columns, rows, the first of them; and rows of the whole picture.
    width: u32,
    rows: u32,
    first: u32,
    height: u32,
    // The buffer that is read: columns, rows, the first of them; and rows of the whole.
    source_width: u32,
    source_rows: u32,
    source_first: u32,
    source_height: u32,
    // The buffer that is written: rows, the first of them.
    result_rows: u32,
    result_first: u32,
    flags: u32,
    step: u32,
    // Samples of a sensor row, samples to skip before the first one, sensor row of that, distance of a plane's rows.
    row_samples: u32,
    skip: u32,
    raw_first: u32,
    row_step: u32,
    // Places in `tables`.
    levels: u32,
    pattern: u32,
    norms: u32,
    planes: u32,
    plane_table: u32,
    curve: u32,
    transfer: u32,
    unused: u32,
    row_taps: vec4u,
    row_counts: vec4u,
    turn_origin: vec2f,
    turn_right: vec2f,
    turn_down: vec2f,
    amount: f32,
    ceiling: f32,
    gains: vec4f,
    limits: vec4f,
    matrix_red: vec4f,
    matrix_green: vec4f,
    matrix_blue: vec4f,
    output_red: vec4f,
    output_green: vec4f,
    output_blue: vec4f,
    spread: vec4f,
    blur: vec4f,
    blur_end: vec4f,
    thresholds: vec4f,
}

const HIGHLIGHTS: u32 = 1u;
const TONE: u32 = 2u;
const COLOUR: u32 = 4u;
const TO_OUTPUT: u32 = 8u;
const SHARPEN: u32 = 16u;
const FIRST_LEVEL: u32 = 32u;
const SWAP: u32 = 64u;
const FLIP_X: u32 = 128u;
const FLIP_Y: u32 = 256u;

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> tables: array<u32>;

fn number(at: u32) -> f32 {
    return bitcast<f32>(tables[at]);
}

fn has(flag: u32) -> bool {
    return (p.flags & flag) != 0u;
}
