//! The samples of a sensor, balanced, with a way to look past the picture's edge.

use crate::raw::{Cfa, Colour};

/// Samples and what they mean.
pub struct Mosaic<'a> {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The filter.
    pub cfa: &'a Cfa,
    /// Multipliers of red, green, blue; all above 0.
    pub balance: [f32; 3],
    samples: &'a [f32],
}

impl<'a> Mosaic<'a> {
    /// `balance` is put right where it makes no sense.
    pub fn new(width: usize, height: usize, cfa: &'a Cfa, samples: &'a [f32], balance: [f32; 3]) -> Self {
        let balance = balance.map(|factor| if factor.is_finite() && factor > 0.0 { factor } else { 1.0 });
        Self { width, height, cfa, balance, samples }
    }

    /// The samples of a row, as they are.
    pub fn row(&self, row: usize) -> &'a [f32] {
        let start = (row * self.width).min(self.samples.len());
        &self.samples[start..(start + self.width).min(self.samples.len())]
    }

    /// A balanced sample of the picture.
    fn balanced(&self, row: usize, column: usize) -> f32 {
        let sample = self.row(row).get(column).copied().unwrap_or(0.0);
        sample * self.balance[self.cfa.at(row, column).index()]
    }

    /// The balanced sample at a place that may lie outside: there the picture goes on as its own mirror image (about the
    /// centre of its outermost pixels), seen through the filter's own continuation. Where the mirrored pixel is of another
    /// colour, which a Bayer filter wider than one pixel never has, it is the mean of its neighbours of the right colour.
    pub fn sample(&self, row: isize, column: isize) -> f32 {
        let (y, x) = (mirrored(row, self.height), mirrored(column, self.width));
        let side = self.cfa.side() as isize;
        let colour = self.cfa.at(row.rem_euclid(side) as usize, column.rem_euclid(side) as usize);
        if self.cfa.at(y, x) == colour { self.balanced(y, x) } else { self.mean_near(y, x, colour) }
    }

    /// The mean of the nearest samples of a colour, nearer ones counting more; the pixel itself where there is none of it.
    fn mean_near(&self, y: usize, x: usize, colour: Colour) -> f32 {
        // No filter has a colour further away than its own side.
        for reach in 1..=self.cfa.side() {
            let (mut sum, mut weights) = (0.0, 0.0);
            for row in y.saturating_sub(reach)..(y + reach + 1).min(self.height) {
                for column in x.saturating_sub(reach)..(x + reach + 1).min(self.width) {
                    if self.cfa.at(row, column) == colour {
                        let weight = 1.0 / (row.abs_diff(y).pow(2) + column.abs_diff(x).pow(2)).max(1) as f32;
                        sum += weight * self.balanced(row, column);
                        weights += weight;
                    }
                }
            }
            if weights > 0.0 {
                return sum / weights;
            }
        }
        self.balanced(y, x)
    }
}

/// A place mirrored about the first and last pixel until it lies inside `0..len`.
fn mirrored(at: isize, len: usize) -> usize {
    let last = len.saturating_sub(1) as isize;
    if last == 0 {
        return 0;
    }
    let folded = at.rem_euclid(2 * last);
    folded.min(2 * last - folded) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_have_no_doubled_edge() {
        let places: Vec<usize> = (-4..8).map(|at| mirrored(at, 4)).collect();
        assert_eq!(places, [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert_eq!((mirrored(-3, 1), mirrored(5, 1), mirrored(-1, 2)), (0, 0, 1));
    }
}
