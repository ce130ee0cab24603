// Every op that looks at one pixel only, in the order of the CPU's `point`: one kernel, so that a pixel is read and written
// once and not seven times.
//!include params
//!include planes
//!include luma
//!include balance
//!include highlights
//!include matrix
//!include tone
//!include colour
//!include encode

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    var colour = op_balance(source_pixel(row, id.x), p.gains.xyz, p.ceiling);
    if (has(HIGHLIGHTS)) {
        colour = op_highlights(colour, p.limits.xyz);
    }
    colour = op_matrix(colour, p.matrix_red.xyz, p.matrix_green.xyz, p.matrix_blue.xyz);
    if (has(TONE)) {
        colour = op_tone(colour);
    }
    if (has(COLOUR)) {
        colour = op_colour(colour, p.spread.x, p.spread.y);
    }
    if (has(TO_OUTPUT)) {
        colour = op_fit(op_matrix(colour, p.output_red.xyz, p.output_green.xyz, p.output_blue.xyz));
    }
    write_pixel(row, id.x, op_encode(colour));
}
