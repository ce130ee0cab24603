//! Op `balance`: white balance and exposure are one multiplication.

use super::{Row, simd::vectorised};

/// Multiplies each colour, and cuts it at `ceiling`.
pub fn balance(row: &mut Row<'_>, gains: [f32; 3], ceiling: f32) {
    for (plane, gain) in row.iter_mut().zip(gains) {
        scale(plane, gain, ceiling);
    }
}

vectorised! {
    fn scale(plane: &mut [f32], gain: f32, ceiling: f32) {
        for value in plane {
            *value = (*value * gain).min(ceiling);
        }
    }
}
