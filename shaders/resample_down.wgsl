// Op `resample`, first pass: rows of the sensor to rows of the output, all columns. One layer (z) for each kind of row
// (Bayer: two) or, for a pattern without a grid (X-Trans), for each colour.
//!include params

// Two samples of 16 bits in each word.
@group(0) @binding(2) var<storage, read> samples: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

// Two neighbours. What lies behind the last sample is not used.
fn pair_at(index: u32) -> vec2u {
    let word = samples[index >> 1u];
    if ((index & 1u) == 0u) {
        return vec2u(word & 0xffffu, word >> 16u);
    }
    return vec2u(word >> 16u, samples[(index >> 1u) + 1u] & 0xffffu);
}

// Black, scale, floor and ceiling of a place of the block that repeats.
fn level(row: u32, column: u32) -> vec4f {
    let at = p.levels + (row * 6u + column) * 5u;
    return vec4f(number(at), number(at + 1u), number(at + 2u), number(at + 3u));
}

fn colour_at(row: u32, column: u32) -> u32 {
    return tables[p.levels + (row * 6u + column) * 5u + 4u];
}

// All taps lie in rows of the same kind, so that black is taken off their sum.
fn grid(first: u32, column: u32, taps: u32, count: u32) -> vec2f {
    let left = level(first & 1u, column % 6u);
    let right = level(first & 1u, (column + 1u) % 6u);
    let floors = vec2f(left.z, right.z);
    let caps = vec2f(left.w, right.w);
    var index = (first - p.raw_first) * p.row_samples + column + p.skip;
    var sum = vec2f(0.0);
    for (var tap = 0u; tap < count; tap++) {
        sum += number(taps + tap) * min(max(vec2f(pair_at(index)), floors), caps);
        index += p.row_step * p.row_samples;
    }
    return (sum - vec2f(left.x, right.x)) * vec2f(left.y, right.y);
}

fn counted(value: f32, here: vec4f) -> f32 {
    return min(max((value - here.x) * here.y, here.z), here.w);
}

// Samples of other colours count as nothing.
fn scattered(first: u32, column: u32, taps: u32, count: u32, colour: u32) -> vec2f {
    let columns = vec2u(column % 6u, (column + 1u) % 6u);
    var index = (first - p.raw_first) * p.row_samples + column + p.skip;
    var sum = vec2f(0.0);
    for (var tap = 0u; tap < count; tap++) {
        let row = (first + tap) % 6u;
        let pair = vec2f(pair_at(index));
        let weight = number(taps + tap);
        if (colour_at(row, columns.x) == colour) {
            sum.x += weight * counted(pair.x, level(row, columns.x));
        }
        if (colour_at(row, columns.y) == colour) {
            sum.y += weight * counted(pair.y, level(row, columns.y));
        }
        index += p.row_samples;
    }
    return sum;
}

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let column = id.x * 2u;
    if (column >= p.row_samples || id.y >= p.rows) {
        return;
    }
    let kind = id.z;
    let count = p.row_counts[kind];
    let taps = p.row_taps[kind] + (p.first + id.y) * (count + 1u);
    var value: vec2f;
    if (p.pattern != 0u) {
        value = scattered(tables[taps], column, taps + 1u, count, kind);
    } else {
        // Rows of a kind: every second one from its own number on; or all.
        let first = tables[taps] * p.row_step + select(0u, kind, p.row_step == 2u);
        value = grid(first, column, taps + 1u, count);
    }
    let at = (kind * p.result_rows + id.y) * p.row_samples + column;
    result[at] = value.x;
    if (column + 1u < p.row_samples) {
        result[at + 1u] = value.y;
    }
}
