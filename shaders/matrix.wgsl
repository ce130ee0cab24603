// Op `matrix`: from one set of primaries to another, in linear light; rows first.

fn op_matrix(colour: vec3f, red: vec3f, green: vec3f, blue: vec3f) -> vec3f {
    return vec3f(dot(red, colour), dot(green, colour), dot(blue, colour));
}
