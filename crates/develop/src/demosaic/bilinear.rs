//! The mean of what is near.

use super::{
    lattice::Step,
    tiles::{Interpolate, Tile},
};
use crate::raw::{Cfa, Colour};

/// A neighbour and its weight.
type Tap = (Step, f32);

/// Means of the nearest samples of each colour: those within one pixel, two with a side in common counting twice as much as
/// two with a corner in common; where a filter has none there, those within two pixels and so on.
///
/// For Bayer filters this is bilinear interpolation.
pub struct Bilinear {
    side: usize,
    /// By row, phase and colour.
    taps: Vec<Vec<Tap>>,
}

impl Bilinear {
    pub fn new(cfa: &Cfa) -> Self {
        let side = cfa.side();
        let all = (0..side * side * 3).map(|index| {
            taps(cfa, (index / 3 / side, index / 3 % side), [Colour::Red, Colour::Green, Colour::Blue][index % 3])
        });
        Self { side, taps: all.collect() }
    }
}

/// Neighbours of a place of the block that have this colour, their weights summing to 1.
fn taps(cfa: &Cfa, (row, column): (usize, usize), colour: Colour) -> Vec<Tap> {
    if cfa.at(row, column) == colour {
        return vec![((0, 0), 1.0)];
    }
    let side = cfa.side() as isize;
    let colour_at = |(down, right): Step| {
        let wrapped = |at: usize, step: isize| (at as isize + step).rem_euclid(side) as usize;
        cfa.at(wrapped(row, down), wrapped(column, right))
    };
    for reach in 1..=side {
        let steps = (-reach..=reach).flat_map(|down| (-reach..=reach).map(move |right| (down, right)));
        let near: Vec<Tap> = steps
            .filter(|step| colour_at(*step) == colour)
            .map(|step| (step, 1.0 / (step.0 * step.0 + step.1 * step.1) as f32))
            .collect();
        let sum: f32 = near.iter().map(|(_, weight)| weight).sum();
        if sum > 0.0 {
            return near.into_iter().map(|(step, weight)| (step, weight / sum)).collect();
        }
    }
    Vec::new()
}

impl Interpolate for Bilinear {
    /// Neighbours are no further away than the filter's side.
    fn margin(&self) -> usize {
        self.side
    }

    fn spare_planes(&self) -> usize {
        0
    }

    fn run(&self, tile: &mut Tile) {
        let (lattice, side) = (tile.lattice, self.side);
        let span = (1, lattice.run - 2);
        for row in side..lattice.rows - side {
            for (phase, colour) in (0..side).flat_map(|phase| (0..3).map(move |colour| (phase, colour))) {
                let taps = &self.taps[(row % side * side + phase) * 3 + colour];
                let start = lattice.start(row, phase) + span.0;
                let out = &mut tile.rgb[colour][start..start + span.1];
                out.fill(0.0);
                for (step, weight) in taps {
                    let near = lattice.at(&tile.samples, row, phase, *step, span);
                    out.iter_mut().zip(near).for_each(|(out, near)| *out += weight * near);
                }
            }
        }
    }
}
