// Op `tone`: one curve for all colours that keeps their hue (DNG Specification 1.4, ProfileToneCurve). The curve is a table
// over the square root of its input.

const CURVE_LAST: f32 = 4095.0;
const CURVE_INPUT_MAX: f32 = 16.0;

fn curve_at(x: f32) -> f32 {
    let place = sqrt(clamp(x, 0.0, CURVE_INPUT_MAX) * (1.0 / CURVE_INPUT_MAX)) * CURVE_LAST;
    let index = u32(place);
    let low = number(p.curve + index);
    return low + (number(p.curve + index + 1u) - low) * (place - f32(index));
}

fn op_tone(colour: vec3f) -> vec3f {
    let most = max(colour.x, max(colour.y, colour.z));
    let least = min(colour.x, min(colour.y, colour.z));
    let high = curve_at(most);
    let low = curve_at(least);
    let span = most - least;
    // Between both: as far from the lower one as before.
    var slope = 0.0;
    if (span > 1e-6) {
        slope = (high - low) / span;
    }
    return vec3f(low) + (colour - vec3f(least)) * slope;
}
