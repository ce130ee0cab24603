// Op `highlights`: near the limit of any colour the three are drawn towards their mean.

const HIGHLIGHTS_BEGIN: f32 = 0.86;
const HIGHLIGHTS_END: f32 = 0.995;

// `limits`: what a full pixel of each colour has become by now.
fn op_highlights(colour: vec3f, limits: vec3f) -> vec3f {
    let full = colour / limits;
    let fullest = max(full.x, max(full.y, full.z));
    let t = clamp((fullest - HIGHLIGHTS_BEGIN) / (HIGHLIGHTS_END - HIGHLIGHTS_BEGIN), 0.0, 1.0);
    let share = t * t * (3.0 - 2.0 * t);
    let mean = (colour.x + colour.y + colour.z) / 3.0;
    return colour + (vec3f(mean) - colour) * share;
}
