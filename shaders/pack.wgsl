// Rounds to bytes, upright: RGBA8, alpha full. One thread for each pixel of the upright band; `p.width` and `p.rows` are its
// size, `p.source_width` and `p.height` columns and rows of the band as stored.
//!include sharpen

@group(0) @binding(5) var<storage, read_write> pixels: array<u32>;

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    var column = select(id.x, id.y, has(SWAP));
    var line = select(id.y, id.x, has(SWAP));
    if (has(FLIP_X)) {
        column = p.source_width - 1u - column;
    }
    if (has(FLIP_Y)) {
        line = p.height - 1u - line;
    }
    let row = p.first + line;
    var colour = source_pixel(row, column);
    if (has(SHARPEN)) {
        colour += op_sharpen(colour, row, column);
    }
    let bytes = vec3u(clamp(colour, vec3f(0.0), vec3f(1.0)) * 255.0 + 0.5);
    pixels[id.y * p.width + id.x] = bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | 0xff000000u;
}
