// Op `denoise`: wavelet shrinkage. An undecimated transform with a B3 spline ("à trous": Starck, Murtagh and Bijaoui, 1998)
// of brightness and two colour differences, in the square root of light (Anscombe, 1948), with a soft threshold (Donoho,
// 1995). Four entries: into differences, along rows, down columns with the threshold, back into colours.
//!include params
//!include planes

@group(0) @binding(5) var<storage, read_write> kept: array<f32>;

const SPLINE = array<f32, 5>(0.0625, 0.25, 0.375, 0.25, 0.0625);

// `at + offset`, thrown back at the edges.
fn mirrored(at: u32, offset: i32, length: u32) -> u32 {
    let last = i32(length) - 1;
    let place = abs(i32(at) + offset);
    return u32(clamp(select(place, 2 * last - place, place > last), 0, last));
}

@compute @workgroup_size(32, 8)
fn begin(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    let root = sqrt(max(source_pixel(row, id.x), vec3f(0.0)));
    write_pixel(row, id.x, vec3f(0.25 * root.x + 0.5 * root.y + 0.25 * root.z, root.x - root.y, root.z - root.y));
}

@compute @workgroup_size(32, 8)
fn across(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    var spline = SPLINE;
    var sum = 0.0;
    for (var tap = 0; tap < 5; tap++) {
        sum += spline[tap] * source[source_at(id.z, row, mirrored(id.x, (tap - 2) * i32(p.step), p.width))];
    }
    result[result_at(id.z, row, id.x)] = sum;
}

// `source` is blurred along rows, `beside` is not.
@compute @workgroup_size(32, 8)
fn down(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    var spline = SPLINE;
    var sum = 0.0;
    for (var tap = 0; tap < 5; tap++) {
        // At a band's edge rows are missing; what is wrong there is not used further on.
        let line = clamp(mirrored(row, (tap - 2) * i32(p.step), p.height), p.source_first, p.source_first + p.source_rows - 1u);
        sum += spline[tap] * source[source_at(id.z, line, id.x)];
    }
    let at = result_at(id.z, row, id.x);
    let limit = p.thresholds[id.z];
    let detail = beside[at] - sum;
    let strong = detail - clamp(detail, -limit, limit);
    kept[at] = select(kept[at] + strong, strong, has(FIRST_LEVEL));
    result[at] = sum;
}

@compute @workgroup_size(32, 8)
fn finish(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    let at = source_at(0u, row, id.x);
    let plane = p.source_rows * p.source_width;
    let l = source[at] + beside[at];
    let r = source[at + plane] + beside[at + plane];
    let b = source[at + 2u * plane] + beside[at + 2u * plane];
    let green = l - 0.25 * (r + b);
    let root = max(vec3f(r + green, green, b + green), vec3f(0.0));
    write_pixel(row, id.x, root * root);
}
