//! A picture in bands and tiles, worked on by all cores.

use rayon::prelude::*;

use super::{lattice::Lattice, mosaic::Mosaic};
use crate::raw::{Cfa, Planes};

/// A method of interpolation, tile by tile.
pub trait Interpolate: Sync {
    /// Pixels around a tile on which its inside may depend; a multiple of the filter's side.
    fn margin(&self) -> usize;

    /// Planes that it needs beside samples and result.
    fn spare_planes(&self) -> usize;

    /// Fills `tile.rgb` from `tile.samples`, apart from the margin. The tile's corner has the filter's phase 0.
    fn run(&self, tile: &mut Tile);
}

/// The buffers of one tile; a thread has one set and uses it again and again.
pub struct Tile {
    /// How planes lie.
    pub lattice: Lattice,
    /// Balanced samples, margins filled.
    pub samples: Vec<f32>,
    /// Balanced red, green, blue.
    pub rgb: [Vec<f32>; 3],
    /// Planes of a method's own, with whatever the tile before left there.
    pub spare: Vec<Vec<f32>>,
}

impl Tile {
    fn new(lattice: Lattice, spare_planes: usize) -> Self {
        let plane = || vec![0.0; lattice.len()];
        Self {
            lattice,
            samples: plane(),
            rgb: [plane(), plane(), plane()],
            spare: (0..spare_planes).map(|_| plane()).collect(),
        }
    }
}

/// How large tiles are, without their margins; rounded up to whole blocks of the filter.
#[derive(Clone, Copy, Debug)]
pub struct Tiling {
    /// Rows of a tile, which is what one core works on at a time.
    pub rows: usize,
    /// Columns of a tile.
    pub columns: usize,
}

impl Default for Tiling {
    /// Small enough for the caches of one core, large enough for margins not to matter much.
    fn default() -> Self {
        Self { rows: 96, columns: 384 }
    }
}

impl Tiling {
    /// The interpolated picture, its balance taken out again.
    pub fn picture(self, mosaic: &Mosaic, method: &impl Interpolate) -> Planes {
        let mut planes = Planes::new(mosaic.width, mosaic.height);
        if mosaic.width == 0 || mosaic.height == 0 {
            return planes;
        }
        let side = mosaic.cfa.side();
        let inside = |wanted: usize, there: usize| wanted.min(there).next_multiple_of(side).max(side);
        let (rows, columns) = (inside(self.rows, mosaic.height), inside(self.columns, mosaic.width));
        let margin = method.margin();
        let lattice = Lattice { side, rows: rows + 2 * margin, run: (columns + 2 * margin) / side };
        let band = rows * mosaic.width;
        let [red, green, blue] = &mut planes.rgb;
        red.par_chunks_mut(band)
            .zip(green.par_chunks_mut(band))
            .zip(blue.par_chunks_mut(band))
            .enumerate()
            .for_each_init(
                || Tile::new(lattice, method.spare_planes()),
                |tile, (index, ((red, green), blue))| {
                    for left in (0..mosaic.width).step_by(columns) {
                        fill(tile, mosaic, margin, (index * rows, left));
                        method.run(tile);
                        let mut out = [&mut *red, &mut *green, &mut *blue];
                        empty(tile, mosaic, margin, (index * rows, left), &mut out);
                    }
                },
            );
        planes
    }
}

/// Takes the samples of a tile whose inside begins at (top, left).
fn fill(tile: &mut Tile, mosaic: &Mosaic, margin: usize, (top, left): (usize, usize)) {
    let Lattice { side, rows, run } = tile.lattice;
    for (row, runs) in tile.samples.chunks_exact_mut(side * run).enumerate().take(rows) {
        let y = (top + row) as isize - margin as isize;
        let line = usize::try_from(y).ok().filter(|y| *y < mosaic.height).map(|y| mosaic.row(y));
        for (phase, samples) in runs.chunks_exact_mut(run).enumerate() {
            let factor = mosaic.balance[mosaic.cfa.at(row, phase).index()];
            for (index, sample) in samples.iter_mut().enumerate() {
                let x = (left + index * side + phase) as isize - margin as isize;
                let inside = line.zip(usize::try_from(x).ok()).and_then(|(line, x)| line.get(x));
                *sample = inside.map_or_else(|| mosaic.sample(y, x), |sample| sample * factor);
            }
        }
    }
}

/// Brings the inside of a tile into the band `out`; samples pass as they came.
fn empty(tile: &Tile, mosaic: &Mosaic, margin: usize, (top, left): (usize, usize), out: &mut [&mut [f32]; 3]) {
    let Lattice { side, rows, run } = tile.lattice;
    let inside = margin / side..run - margin / side;
    for (colour, (plane, out)) in tile.rgb.iter().zip(out).enumerate() {
        let unbalance = 1.0 / mosaic.balance[colour];
        for (row, line) in out.chunks_exact_mut(mosaic.width).enumerate().take(rows - 2 * margin) {
            let samples = mosaic.row(top + row);
            for phase in 0..side {
                let start = tile.lattice.start(row + margin, phase);
                let values = &plane[start..][inside.clone()];
                let places = (left + phase..mosaic.width).step_by(side);
                if is_own(mosaic.cfa, row, phase, colour) {
                    for (_, x) in values.iter().zip(places) {
                        line[x] = samples.get(x).copied().unwrap_or(0.0);
                    }
                } else {
                    for (value, x) in values.iter().zip(places) {
                        line[x] = value * unbalance;
                    }
                }
            }
        }
    }
}

fn is_own(cfa: &Cfa, row: usize, phase: usize, colour: usize) -> bool {
    cfa.at(row, phase).index() == colour
}
