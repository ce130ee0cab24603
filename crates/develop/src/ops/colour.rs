//! Op `colour`: saturation and vibrance, around the pixel's own luminance.

use super::{LUMA_2020, Row, simd::vectorised};

/// `saturation` and `vibrance` are -1 to 1; vibrance moves pale colours more than strong ones.
pub fn colour(row: &mut Row<'_>, saturation: f32, vibrance: f32) {
    let [red, green, blue] = row;
    spread(red, green, blue, saturation, vibrance);
}

vectorised! {
    fn spread(red: &mut [f32], green: &mut [f32], blue: &mut [f32], saturation: f32, vibrance: f32) {
        let [kr, kg, kb] = LUMA_2020;
        for ((r, g), b) in red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut()) {
            let luminance = kr * *r + kg * *g + kb * *b;
            let (most, least) = (r.max(*g).max(*b), r.min(*g).min(*b));
            let strength = ((most - least) / most.max(1e-4)).clamp(0.0, 1.0);
            let gain = (1.0 + saturation + vibrance * (1.0 - strength)).max(0.0);
            *r = luminance + (*r - luminance) * gain;
            *g = luminance + (*g - luminance) * gain;
            *b = luminance + (*b - luminance) * gain;
        }
    }
}
