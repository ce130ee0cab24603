// Op `sharpen`: unsharp masking of luma in the file's own numbers. First the blur down the columns, as a kernel; the rest
// is a function that `pack` calls, since the change is added where a pixel is written.
//!include params
//!include planes
//!include luma

const REACH: i32 = 4;
// Difference below which nothing is sharpened, and the largest change.
const NOISE: f32 = 0.004;
const CHANGE_MAX: f32 = 0.12;

fn blur_weight(offset: i32) -> f32 {
    let distance = abs(offset);
    return select(p.blur[min(distance, 3)], p.blur_end.x, distance == 4);
}

@compute @workgroup_size(32, 8)
fn blur(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    var sum = 0.0;
    for (var offset = -REACH; offset <= REACH; offset++) {
        let line = u32(clamp(i32(row) + offset, 0, i32(p.height) - 1));
        sum += blur_weight(offset) * dot(LUMA_709, source_pixel(line, id.x));
    }
    result[result_at(0u, row, id.x)] = sum;
}

// What is added to a pixel; `beside` is the blur down the columns, rows from `p.first` on.
fn op_sharpen(colour: vec3f, row: u32, column: u32) -> f32 {
    let line = (row - p.first) * p.source_width;
    var blurred = 0.0;
    for (var offset = -REACH; offset <= REACH; offset++) {
        let at = u32(clamp(i32(column) + offset, 0, i32(p.source_width) - 1));
        blurred += blur_weight(offset) * beside[line + at];
    }
    let difference = dot(LUMA_709, colour) - blurred;
    let beyond = difference - clamp(difference, -NOISE, NOISE);
    return clamp(p.amount * beyond, -CHANGE_MAX, CHANGE_MAX);
}
