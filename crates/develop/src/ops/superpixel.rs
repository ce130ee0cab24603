//! Op `superpixel`: half size the way LibRaw does it (`half_size`): every 2 x 2 block of a Bayer sensor is one pixel, its two
//! greens averaged. Colours are shifted against each other by half a pixel; it exists so that anybody can compare us with
//! LibRaw.

use rayon::prelude::*;

use crate::raw::{Cfa, Planes, Raw};

/// Half the active area, an odd last row or column included as far as it goes.
pub fn superpixel(raw: &Raw<'_>, cfa: &Cfa, ceiling: [f32; 3]) -> Planes {
    let sensor = raw.sensor;
    let (columns, rows) = (sensor.width_px as usize, sensor.height_px as usize);
    let (width, height) = (columns.div_ceil(2), rows.div_ceil(2));
    let mut out = Planes::new(width, height);
    let [red, green, blue] = &mut out.rgb;
    let rows_of = |planes: [&mut [f32]; 3], y: usize| {
        let [red, green, blue] = planes;
        for x in 0..width {
            let (mut sums, mut counts) = ([0.0_f32; 3], [0.0_f32; 3]);
            for (row, column) in [(2 * y, 2 * x), (2 * y, 2 * x + 1), (2 * y + 1, 2 * x), (2 * y + 1, 2 * x + 1)] {
                if row >= rows || column >= columns {
                    continue;
                }
                let colour = cfa.at(row, column).index();
                let black = sensor.black.at(row, column);
                let sample = raw.samples.get(row * columns + column).copied().unwrap_or(0);
                let value = (f32::from(sample) - black) / (sensor.white_in_use - black).max(1.0);
                sums[colour] += value.clamp(0.0, ceiling[colour]);
                counts[colour] += 1.0;
            }
            let of = |colour: usize| sums[colour] / counts[colour].max(1.0);
            (red[x], green[x], blue[x]) = (of(0), of(1), of(2));
        }
    };
    red.par_chunks_mut(width.max(1))
        .zip(green.par_chunks_mut(width.max(1)))
        .zip(blue.par_chunks_mut(width.max(1)))
        .enumerate()
        .for_each(|(y, ((red, green), blue))| rows_of([red, green, blue], y));
    out
}
