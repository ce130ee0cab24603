//! Op `shrink`: rows of a demosaiced picture to rows of the output's size, by Lanczos in linear light. At the sensor's own
//! size it cuts only.

use super::{
    resample::{Area, LANES, across, turn_back},
    simd::add,
    taps::{Axis, Taps},
};
use crate::raw::Planes;

/// An area of a picture at another size.
#[derive(Debug)]
pub struct Shrink {
    size: (usize, usize),
    how: How,
}

#[derive(Debug)]
enum How {
    /// Nothing is resampled: where the area begins.
    Cut(usize, usize),
    Lanczos {
        columns: Taps,
        rows: Taps,
    },
}

/// Room that is used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    row: Vec<f32>,
    turned: Vec<f32>,
    sums: Vec<f32>,
}

impl Shrink {
    /// `area` of a picture of `whole` columns and rows at `size`.
    pub fn new(whole: (usize, usize), area: Area, size: (usize, usize)) -> Self {
        let exact = area.width.fract() == 0.0 && area.x.fract() == 0.0 && area.y.fract() == 0.0;
        if exact && (area.width as usize, area.height as usize) == size {
            return Self { size, how: How::Cut(area.x as usize, area.y as usize) };
        }
        let axis =
            |origin, extent, samples| Axis { origin, extent, samples, step: 1, first: 0, holes: 0.0, soften: 0.0 };
        let columns = Taps::new(axis(area.x, area.width, whole.0), size.0);
        let rows = Taps::new(axis(area.y, area.height, whole.1), size.1);
        Self { size, how: How::Lanczos { columns, rows } }
    }

    /// Rows of the picture that output rows are made of: the first, and the one behind the last.
    pub fn rows(&self, out: std::ops::Range<usize>) -> (usize, usize) {
        match &self.how {
            How::Cut(_, top) => (top + out.start, top + out.end),
            How::Lanczos { rows, .. } => (rows.of(out.start).0, rows.of(out.end.saturating_sub(1)).0 + rows.count),
        }
    }

    /// Makes output rows from `first` on, as many as `out` has room for. `part` are rows of the picture from `top` on.
    pub fn write(&self, part: &Planes, top: usize, first: usize, out: [&mut [f32]; 3], scratch: &mut Scratch) {
        let width = self.size.0.max(1);
        for (from, to) in part.rgb.iter().zip(out) {
            match &self.how {
                How::Cut(left, above) => {
                    let rows = from.chunks_exact(part.width.max(1)).skip((above + first).saturating_sub(top));
                    for (to, from) in to.chunks_exact_mut(width).zip(rows) {
                        if let Some(cut) = from.get(*left..left + width) {
                            to.copy_from_slice(cut);
                        }
                    }
                }
                How::Lanczos { columns, rows } => {
                    for (block, to) in to.chunks_mut(LANES * width).enumerate() {
                        let first = first + block * LANES;
                        down(rows, from, (part.width, top), first..first + to.len() / width, scratch);
                        scratch.sums.clear();
                        scratch.sums.resize(width * LANES, 0.0);
                        across(columns, 1, 0, 1.0, &scratch.turned, &mut scratch.sums);
                        turn_back(&scratch.sums, width, to);
                    }
                }
            }
        }
    }
}

/// Up to eight rows of the output, all columns, turned so that a column's rows lie side by side.
fn down(
    rows: &Taps,
    plane: &[f32],
    (width, top): (usize, usize),
    out: std::ops::Range<usize>,
    Scratch { row, turned, .. }: &mut Scratch,
) {
    row.resize(width, 0.0);
    turned.resize(width * LANES, 0.0);
    for lane in 0..LANES {
        // Lanes beyond the last row repeat it; they are not written.
        let (start, weights) = rows.of((out.start + lane).min(out.end.saturating_sub(1)));
        row.fill(0.0);
        for (tap, weight) in weights.iter().enumerate() {
            let at = (start + tap).saturating_sub(top) * width;
            add(*weight, plane.get(at..at + width).unwrap_or_default(), row);
        }
        for (column, value) in turned.chunks_exact_mut(LANES).zip(row.iter()) {
            column[lane] = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_stays_where_it_is() {
        let (width, height) = (90, 70);
        let mut whole = Planes::new(width, height);
        for (index, value) in whole.rgb[1].iter_mut().enumerate() {
            *value = (index % width) as f32 + 100.0 * (index / width) as f32;
        }
        let area = Area { x: 6.5, y: 4.25, width: 80.0, height: 63.0 };
        let shrink = Shrink::new((width, height), area, (32, 25));
        let (from, to) = shrink.rows(10..19);
        let part = Planes {
            width,
            height: to - from,
            rgb: whole.rgb.clone().map(|plane| plane[from * width..to * width].to_vec()),
        };
        let mut out = Planes::new(32, 9);
        let [red, green, blue] = &mut out.rgb;
        shrink.write(&part, from, 10, [red, green, blue], &mut Scratch::default());
        for (index, value) in out.rgb[1].iter().enumerate() {
            let (x, y) = ((index % 32) as f32, (index / 32 + 10) as f32);
            let wanted = 6.0 + (x + 0.5) * 2.5 + 100.0 * (3.75 + (y + 0.5) * 2.52);
            // The kernel's ripple on a slope, and what lies beyond the edge.
            let edge = !(3.0..=28.0).contains(&x);
            assert!(edge || (value - wanted).abs() < 0.9, "{x}, {y}: {value}, not {wanted}");
        }
    }
}
