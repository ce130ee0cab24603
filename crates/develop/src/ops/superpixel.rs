//! Op `superpixel`: half size the way LibRaw does it (`half_size`): every 2 x 2 block of the sensor is one pixel. Of a Bayer
//! filter's two greens the mean counts, of an X-Trans filter's the last one; where a block of that has no red or blue, its
//! neighbours to the left and right lend theirs. Colours are shifted against each other by half a pixel; it exists so that
//! anybody can compare us with LibRaw.

use rayon::prelude::*;

use crate::raw::{Cfa, Planes, Raw};

/// Half the active area, an odd last row or column included as far as it goes.
pub fn superpixel(raw: &Raw<'_>, cfa: &Cfa, ceiling: [f32; 3]) -> Planes {
    let blocks = Blocks { raw, cfa, ceiling };
    let (width, height) = blocks.size();
    let mut out = Planes::new(width, height);
    let [red, green, blue] = &mut out.rgb;
    red.par_chunks_mut(width.max(1))
        .zip(green.par_chunks_mut(width.max(1)))
        .zip(blue.par_chunks_mut(width.max(1)))
        .enumerate()
        .for_each(|(y, ((red, green), blue))| {
            for x in 0..width {
                [red[x], green[x], blue[x]] = blocks.filled(y, x);
            }
        });
    out
}

struct Blocks<'a> {
    raw: &'a Raw<'a>,
    cfa: &'a Cfa,
    ceiling: [f32; 3],
}

impl Blocks<'_> {
    fn size(&self) -> (usize, usize) {
        let sensor = self.raw.sensor;
        ((sensor.width_px as usize).div_ceil(2), (sensor.height_px as usize).div_ceil(2))
    }

    fn filled(&self, y: usize, x: usize) -> [f32; 3] {
        let here = self.colours(y, x);
        if let [Some(red), Some(green), Some(blue)] = here {
            return [red, green, blue];
        }
        let inside = x > 0 && x + 1 < self.size().0;
        let beside = inside.then(|| (self.colours(y, x - 1), self.colours(y, x + 1)));
        std::array::from_fn(|colour| {
            let lent = beside.map(|(left, right)| 0.5 * (left[colour].unwrap_or(0.0) + right[colour].unwrap_or(0.0)));
            here[colour].or(lent).unwrap_or(0.0)
        })
    }

    /// What a block has of each colour.
    fn colours(&self, y: usize, x: usize) -> [Option<f32>; 3] {
        let sensor = self.raw.sensor;
        let (columns, rows) = (sensor.width_px as usize, sensor.height_px as usize);
        let mut found = [None; 3];
        for (row, column) in [(2 * y, 2 * x), (2 * y, 2 * x + 1), (2 * y + 1, 2 * x), (2 * y + 1, 2 * x + 1)] {
            if row >= rows || column >= columns {
                continue;
            }
            let colour = self.cfa.at(row, column).index();
            let black = sensor.black.at(row, column);
            let sample = self.raw.samples.get(row * columns + column).copied().unwrap_or(0);
            let value = (f32::from(sample) - black) / (sensor.white_in_use - black).max(1.0);
            let value = value.clamp(0.0, self.ceiling[colour]);
            found[colour] = match found[colour] {
                Some(before) if self.cfa.is_bayer() => Some(0.5 * (before + value)),
                _ => Some(value),
            };
        }
        found
    }
}
