// Op `rotate`: straightens by bicubic interpolation (Catmull and Rom, 1974). What lies outside repeats the edge.
//!include params
//!include planes

fn weights(t: f32) -> vec4f {
    let t2 = t * t;
    let t3 = t2 * t;
    return vec4f(
        -0.5 * t + t2 - 0.5 * t3,
        1.0 - 2.5 * t2 + 1.5 * t3,
        0.5 * t + 2.0 * t2 - 1.5 * t3,
        -0.5 * t2 + 0.5 * t3,
    );
}

fn clamped(at: i32, least: u32, most: u32) -> u32 {
    return u32(clamp(at, i32(least), i32(most)));
}

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    let place = p.turn_origin + f32(id.x) * p.turn_right + f32(row) * p.turn_down;
    let corner = floor(place);
    let across = weights(place.x - corner.x);
    let down = weights(place.y - corner.y);
    var sum = vec3f(0.0);
    for (var y = 0; y < 4; y++) {
        // Edges of the whole picture; the band that lies here holds all that is asked of it.
        let line = clamped(clamp(i32(corner.y) + y - 1, 0, i32(p.source_height) - 1), p.source_first, p.source_first + p.source_rows - 1u);
        for (var x = 0; x < 4; x++) {
            let column = clamped(i32(corner.x) + x - 1, 0u, p.source_width - 1u);
            sum += down[y] * across[x] * source_pixel(line, column);
        }
    }
    write_pixel(row, id.x, sum);
}
