// Op `colour`: saturation and vibrance, around the pixel's own luminance.

fn op_colour(colour: vec3f, saturation: f32, vibrance: f32) -> vec3f {
    let luminance = dot(LUMA_2020, colour);
    let most = max(colour.x, max(colour.y, colour.z));
    let least = min(colour.x, min(colour.y, colour.z));
    let strength = clamp((most - least) / max(most, 1e-4), 0.0, 1.0);
    let gain = max(1.0 + saturation + vibrance * (1.0 - strength), 0.0);
    return vec3f(luminance) + (colour - vec3f(luminance)) * gain;
}
