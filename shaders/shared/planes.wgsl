// Three planes of a band of rows: red, green, blue, rows without gaps.

@group(0) @binding(2) var<storage, read> source: array<f32>;
@group(0) @binding(3) var<storage, read> beside: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

// Place of a pixel of `source`; `row` counts in the whole picture.
fn source_at(plane: u32, row: u32, column: u32) -> u32 {
    return (plane * p.source_rows + row - p.source_first) * p.source_width + column;
}

// Place of a pixel of `result`.
fn result_at(plane: u32, row: u32, column: u32) -> u32 {
    return (plane * p.result_rows + row - p.result_first) * p.width + column;
}

fn source_pixel(row: u32, column: u32) -> vec3f {
    let at = source_at(0u, row, column);
    let plane = p.source_rows * p.source_width;
    return vec3f(source[at], source[at + plane], source[at + 2u * plane]);
}

fn write_pixel(row: u32, column: u32, colour: vec3f) {
    let at = result_at(0u, row, column);
    let plane = p.result_rows * p.width;
    result[at] = colour.x;
    result[at + plane] = colour.y;
    result[at + 2u * plane] = colour.z;
}
