//! Op `highlights`: where the sensor is full, colour is a lie. Near the limit of any colour the three are drawn towards
//! their mean, so that lamps and wedding dresses end in white and not in pink.

use super::{Row, simd::vectorised};

/// Share of a colour's limit where the drawing begins, and where nothing else is left.
const BEGINS: f32 = 0.86;
const ENDS: f32 = 0.995;

/// `limits`: what a full pixel of each colour has become by now.
pub fn highlights(row: &mut Row<'_>, limits: [f32; 3]) {
    let [red, green, blue] = row;
    draw(red, green, blue, limits);
}

vectorised! {
    fn draw(red: &mut [f32], green: &mut [f32], blue: &mut [f32], limits: [f32; 3]) {
        let inverse = [1.0 / limits[0], 1.0 / limits[1], 1.0 / limits[2]];
        for ((r, g), b) in red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut()) {
            let fullest = (*r * inverse[0]).max(*g * inverse[1]).max(*b * inverse[2]);
            let t = ((fullest - BEGINS) * (1.0 / (ENDS - BEGINS))).clamp(0.0, 1.0);
            let share = t * t * (3.0 - 2.0 * t);
            let mean = (*r + *g + *b) * (1.0 / 3.0);
            *r += (mean - *r) * share;
            *g += (mean - *g) * share;
            *b += (mean - *b) * share;
        }
    }
}
