// Op `resample`, second pass: columns of the first pass to columns of the output; planes of one colour are added by their
// shares, and colours of a pattern are divided by how much of their weights fell on samples.
//!include params
//!include planes

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.width || id.y >= p.rows) {
        return;
    }
    let row = p.first + id.y;
    var sums = vec3f(0.0);
    var norms = vec3f(0.0);
    for (var plane = 0u; plane < p.planes; plane++) {
        // Layer of the first pass, colour, share, table of taps, their number, distance and first of the plane's columns.
        let about = p.plane_table + plane * 8u;
        let kind = tables[about];
        let colour = tables[about + 1u];
        let count = tables[about + 4u];
        let step = tables[about + 5u];
        let taps = tables[about + 3u] + id.x * (count + 1u);
        let start = tables[taps];
        var at = (kind * p.source_rows + id.y) * p.row_samples + start * step + tables[about + 6u];
        var sum = 0.0;
        var norm = 0.0;
        for (var tap = 1u; tap <= count; tap++) {
            let weight = number(taps + tap);
            sum += weight * source[at];
            if (p.pattern != 0u) {
                norm += weight * number(p.norms + (row * 3u + colour) * 6u + (start + tap - 1u) % 6u);
            }
            at += step;
        }
        sums[colour] += number(about + 2u) * sum;
        norms[colour] += norm;
    }
    if (p.pattern != 0u) {
        sums /= max(norms, vec3f(0.02));
    }
    write_pixel(row, id.x, sums);
}
