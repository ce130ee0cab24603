// A small picture of camera colours, as means of blocks of `p.step` px: what auto looks at.
//!include params
//!include planes

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    var sum = vec3f(0.0);
    for (var y = 0u; y < p.step; y++) {
        for (var x = 0u; x < p.step; x++) {
            sum += source_pixel(id.y * p.step + y, id.x * p.step + x);
        }
    }
    write_pixel(id.y, id.x, sum / f32(p.step * p.step));
}
