// Op `encode`: into what the medium can show, and into its numbers. The transfer function is a table over the square root
// of its input.

const TRANSFER_LAST: f32 = 8191.0;

// Draws colours that the medium does not have towards grey of the same luminance, just as far as needed.
fn op_fit(colour: vec3f) -> vec3f {
    let grey = clamp(dot(LUMA_709, colour), 0.0, 1.0);
    let most = max(colour.x, max(colour.y, colour.z));
    let least = min(colour.x, min(colour.y, colour.z));
    var share = 1.0;
    if (least < 0.0) {
        share = min(share, grey / max(grey - least, 1e-6));
    }
    if (most > 1.0) {
        share = min(share, (1.0 - grey) / max(most - grey, 1e-6));
    }
    return vec3f(grey) + (colour - vec3f(grey)) * share;
}

fn transfer_at(x: f32) -> f32 {
    return number(p.transfer + u32(sqrt(clamp(x, 0.0, 1.0)) * TRANSFER_LAST + 0.5));
}

fn op_encode(colour: vec3f) -> vec3f {
    return vec3f(transfer_at(colour.x), transfer_at(colour.y), transfer_at(colour.z));
}
