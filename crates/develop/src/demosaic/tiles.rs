//! A picture in bands and tiles, worked on by all cores.

use rayon::prelude::*;

use super::{lattice::Lattice, mosaic::Mosaic};
use crate::{
    ops::simd::vectorised,
    raw::{Cfa, Planes},
};

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
    pub fn new(lattice: Lattice, spare_planes: usize) -> Self {
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
    pub fn picture(self, mosaic: &Mosaic, method: &dyn Interpolate) -> Planes {
        let mut planes = Planes::new(mosaic.width, mosaic.height);
        if mosaic.width == 0 || mosaic.height == 0 {
            return planes;
        }
        let lattice = self.lattice(mosaic.cfa, (mosaic.width, mosaic.height), method);
        let rows = lattice.rows - 2 * method.margin();
        let band = rows * mosaic.width;
        let [red, green, blue] = &mut planes.rgb;
        red.par_chunks_mut(band)
            .zip(green.par_chunks_mut(band))
            .zip(blue.par_chunks_mut(band))
            .enumerate()
            .for_each_init(
                || Tile::new(lattice, method.spare_planes()),
                |tile, (index, ((red, green), blue))| {
                    band_of_tiles(tile, mosaic, method, index * rows, &mut [red, green, blue]);
                },
            );
        planes
    }

    /// How a tile lies for a picture of this size.
    pub fn lattice(self, cfa: &Cfa, (width, height): (usize, usize), method: &dyn Interpolate) -> Lattice {
        let side = cfa.side();
        let inside = |wanted: usize, there: usize| wanted.min(there).next_multiple_of(side).max(side);
        let (rows, columns) = (inside(self.rows, height), inside(self.columns, width));
        let margin = method.margin();
        Lattice { side, rows: rows + 2 * margin, run: (columns + 2 * margin) / side }
    }
}

/// Interpolates the rows from `top` on that a tile is high, tile after tile.
pub fn band_of_tiles(
    tile: &mut Tile,
    mosaic: &Mosaic,
    method: &dyn Interpolate,
    top: usize,
    out: &mut [&mut [f32]; 3],
) {
    let margin = method.margin();
    let columns = tile.lattice.run * tile.lattice.side - 2 * margin;
    for left in (0..mosaic.width).step_by(columns.max(1)) {
        fill(tile, mosaic, margin, (top, left));
        method.run(tile);
        empty(tile, mosaic, margin, (top, left), out);
    }
}

/// Takes the samples of a tile whose inside begins at (top, left).
fn fill(tile: &mut Tile, mosaic: &Mosaic, margin: usize, (top, left): (usize, usize)) {
    let Lattice { side, rows, run } = tile.lattice;
    for (row, runs) in tile.samples.chunks_exact_mut(side * run).enumerate().take(rows) {
        let y = (top + row) as isize - margin as isize;
        let line = usize::try_from(y).ok().filter(|y| *y < mosaic.height).map(|y| mosaic.row(y));
        let inside = match line.filter(|_| side == 2) {
            Some(line) => {
                // Pairs that lie in the picture, as most do; nothing is asked for each of their samples.
                let first = left as isize - margin as isize;
                let inside = whole_pairs(first, mosaic.width, run);
                let from = first.saturating_add_unsigned(2 * inside.start).max(0) as usize;
                let pairs = line.get(from..from + 2 * inside.len()).unwrap_or_default();
                let (even, odd) = runs.split_at_mut(run);
                let factors = [0, 1].map(|phase| mosaic.balance[mosaic.cfa.at(row, phase).index()]);
                unweave(pairs, factors, &mut even[inside.clone()], &mut odd[inside.clone()]);
                inside
            }
            None => 0..0,
        };
        for (phase, samples) in runs.chunks_exact_mut(run).enumerate() {
            let factor = mosaic.balance[mosaic.cfa.at(row, phase).index()];
            for (index, sample) in samples.iter_mut().enumerate().filter(|(index, _)| !inside.contains(index)) {
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
            if side == 2 {
                let run = |phase| &plane[tile.lattice.start(row + margin, phase)..][inside.clone()];
                let own = [0, 1].map(|phase| is_own(mosaic.cfa, row, phase, colour));
                let here = left..(left + 2 * inside.len()).min(mosaic.width);
                let line = &mut line[here.clone()];
                weave([run(0), run(1)], unbalance, line);
                let there = samples.get(here).unwrap_or_default();
                match own {
                    [true, _] => restore::<0>(there, line),
                    [_, true] => restore::<1>(there, line),
                    _ => {}
                }
                continue;
            }
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

vectorised! {
    /// Two runs back into one row of pixels.
    fn weave(runs: [&[f32]; 2], factor: f32, line: &mut [f32]) {
        let [even, odd] = runs;
        let (pairs, last) = line.as_chunks_mut::<2>();
        for ((pair, even), odd) in pairs.iter_mut().zip(even).zip(odd) {
            *pair = [even * factor, odd * factor];
        }
        if let ([last], Some(even)) = (last, even.get(pairs.len())) {
            *last = even * factor;
        }
    }
}

/// Every other sample as it came.
fn restore<const PHASE: usize>(samples: &[f32], line: &mut [f32]) {
    let (pairs, last) = line.as_chunks_mut::<2>();
    let (samples, last_sample) = samples.as_chunks::<2>();
    for (pair, sample) in pairs.iter_mut().zip(samples) {
        pair[PHASE] = sample[PHASE];
    }
    if let ([last], [sample], 0) = (last, last_sample, PHASE) {
        *last = *sample;
    }
}

/// Which of `run` pairs, the first at column `first`, lie in a row of `width`.
fn whole_pairs(first: isize, width: usize, run: usize) -> std::ops::Range<usize> {
    let begin = first.min(0).unsigned_abs().div_ceil(2).min(run);
    let end = usize::try_from((width as isize - first) / 2).unwrap_or(0).min(run);
    begin..end.max(begin)
}

vectorised! {
    /// A row of pixels to two runs.
    fn unweave(line: &[f32], factors: [f32; 2], even: &mut [f32], odd: &mut [f32]) {
        for ((pair, even), odd) in line.as_chunks::<2>().0.iter().zip(even).zip(odd) {
            *even = pair[0] * factors[0];
            *odd = pair[1] * factors[1];
        }
    }
}

fn is_own(cfa: &Cfa, row: usize, phase: usize, colour: usize) -> bool {
    cfa.at(row, phase).index() == colour
}
