// Op `balance`: white balance and exposure are one multiplication.

fn op_balance(colour: vec3f, gains: vec3f, ceiling: f32) -> vec3f {
    return min(colour * gains, vec3f(ceiling));
}
