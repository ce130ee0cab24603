//! Adaptive homogeneity-directed demosaic (K. Hirakawa, T. Parks, "Adaptive Homogeneity-Directed Demosaicing Algorithm",
//! IEEE Transactions on Image Processing 14, 2005), with the window, the limits and the CIELAB differences that LibRaw takes.
//!
//! Green is interpolated along rows and along columns, red and blue follow it, and of both pictures that one is taken whose
//! neighbours differ less from one another. It stands here for `--neutral` alone, so that a comparison with LibRaw at the
//! sensor's own size compares colours and places, not two opinions about noise: finals and all recipes take the better method.

use super::{
    lattice::{Lattice, Step},
    tiles::{Interpolate, Tile},
};
use crate::{
    ops::matrix::product,
    raw::{Cfa, Colour},
};

/// Pixels that are left out at the border of a tile: green looks two pixels away, colours one, differences one, their sums one.
const GREEN_RIM: usize = 2;
const COLOUR_RIM: usize = 4;
const DIFFERENCE_RIM: usize = 5;
const CHOICE_RIM: usize = 6;
/// Along rows, and along columns.
const ALONG: [Step; 2] = [(0, 1), (1, 0)];
const AROUND: [Step; 4] = [(0, -1), (0, 1), (-1, 0), (1, 0)];
/// Planes of a direction: red, green, blue, lightness, a, b, how many neighbours are alike.
const PLANES: usize = 7;

/// The method for one filter and camera.
pub struct Ahd {
    cfa: Cfa,
    /// CIE XYZ by D65's white from balanced camera colours.
    xyz_from_camera: [[f32; 3]; 3],
}

impl Ahd {
    /// `srgb_from_camera` has rows that sum to 1.
    pub fn new(cfa: &Cfa, srgb_from_camera: &[[f32; 3]; 3]) -> Self {
        // IEC 61966-2-1, each row by the white's own coordinate.
        const XYZ_FROM_SRGB: [[f32; 3]; 3] = [
            [0.412_453 / 0.950_456, 0.357_580 / 0.950_456, 0.180_423 / 0.950_456],
            [0.212_671, 0.715_160, 0.072_169],
            [0.019_334 / 1.088_754, 0.119_193 / 1.088_754, 0.950_227 / 1.088_754],
        ];
        Self { cfa: cfa.clone(), xyz_from_camera: product(&XYZ_FROM_SRGB, srgb_from_camera) }
    }

    /// CIELAB (CIE 15:2004), without the constant factors that differences do not need.
    fn lab(&self, rgb: [f32; 3]) -> [f32; 3] {
        let root = |row: &[f32; 3]| {
            let t = (row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]).clamp(0.0, 1.0);
            if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 }
        };
        let [x, y, z] = [0, 1, 2].map(|row| root(&self.xyz_from_camera[row]));
        [116.0 * y, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn green(&self, grid: Grid, samples: &[f32], direction: Step, out: &mut [f32]) {
        let (down, right) = direction;
        grid.each(GREEN_RIM, |row, column, at| {
            let here = samples[at];
            out[at] = if self.cfa.at(row, column) == Colour::Green {
                here
            } else {
                let beside = |steps: isize| samples[grid.near(row, column, (down * steps, right * steps))];
                let (before, after) = (beside(-1), beside(1));
                let value = 0.5 * (before + here + after) - 0.25 * (beside(-2) + beside(2));
                value.clamp(before.min(after), before.max(after))
            };
        });
    }

    /// Red and blue by their differences to green at the nearest samples.
    fn colours(&self, grid: Grid, samples: &[f32], planes: &mut [Vec<f32>]) {
        let [red, green, blue, ..] = planes else { return };
        grid.each(COLOUR_RIM - 1, |row, column, at| {
            let here = green[at];
            let mean = |steps: &[Step]| {
                let difference = |step: &Step| {
                    let near = grid.near(row, column, *step);
                    samples[near] - green[near]
                };
                (here + steps.iter().map(difference).sum::<f32>() / steps.len() as f32).clamp(0.0, 1.0)
            };
            let (across, along) = (&[(0, -1), (0, 1)], &[(-1, 0), (1, 0)]);
            let corners = &[(-1, -1), (-1, 1), (1, -1), (1, 1)];
            (red[at], blue[at]) = match (self.cfa.at(row, column), self.cfa.at(row, column + 1)) {
                (Colour::Red, _) => (samples[at], mean(corners)),
                (Colour::Blue, _) => (mean(corners), samples[at]),
                (Colour::Green, Colour::Red) => (mean(across), mean(along)),
                (Colour::Green, _) => (mean(along), mean(across)),
            };
        });
    }

    fn perceived(&self, grid: Grid, planes: &mut [Vec<f32>]) {
        let [red, green, blue, lightness, a, b, ..] = planes else { return };
        grid.each(COLOUR_RIM, |_, _, at| {
            [lightness[at], a[at], b[at]] = self.lab([red[at], green[at], blue[at]]);
        });
    }
}

impl Interpolate for Ahd {
    fn margin(&self) -> usize {
        8
    }

    fn spare_planes(&self) -> usize {
        2 * PLANES
    }

    fn run(&self, tile: &mut Tile) {
        let grid = Grid(tile.lattice);
        let (rows, columns) = tile.spare.split_at_mut(PLANES);
        for (direction, planes) in ALONG.into_iter().zip([&mut *rows, &mut *columns]) {
            self.green(grid, &tile.samples, direction, &mut planes[1]);
            self.colours(grid, &tile.samples, planes);
            self.perceived(grid, planes);
        }
        alike(grid, rows, columns);
        let [red, green, blue] = &mut tile.rgb;
        grid.each(CHOICE_RIM, |row, column, at| {
            let sum = |counts: &[f32]| -> f32 {
                let steps = (-1..=1).flat_map(|down| (-1..=1).map(move |right| (down, right)));
                steps.map(|step| counts[grid.near(row, column, step)]).sum()
            };
            let (by_rows, by_columns) = (sum(&rows[6]), sum(&columns[6]));
            let of = |plane: usize| match by_rows.total_cmp(&by_columns) {
                std::cmp::Ordering::Greater => rows[plane][at],
                std::cmp::Ordering::Less => columns[plane][at],
                std::cmp::Ordering::Equal => 0.5 * (rows[plane][at] + columns[plane][at]),
            };
            (red[at], green[at], blue[at]) = (of(0), of(1), of(2));
        });
    }
}

/// Counts for each direction the neighbours that differ no more than the less different ones of either picture do.
fn alike(grid: Grid, rows: &mut [Vec<f32>], columns: &mut [Vec<f32>]) {
    grid.each(DIFFERENCE_RIM, |row, column, at| {
        let near = AROUND.map(|step| grid.near(row, column, step));
        let differences = |planes: &[Vec<f32>]| {
            near.map(|near| {
                let of = |plane: usize| planes[plane][at] - planes[plane][near];
                (of(3).abs(), of(4) * of(4) + of(5) * of(5))
            })
        };
        let (by_rows, by_columns) = (differences(rows), differences(columns));
        // Along rows the neighbours of the row count, along columns those of the column.
        let light = by_rows[0].0.max(by_rows[1].0).min(by_columns[2].0.max(by_columns[3].0));
        let colour = by_rows[0].1.max(by_rows[1].1).min(by_columns[2].1.max(by_columns[3].1));
        let count = |all: [(f32, f32); 4]| all.iter().filter(|one| one.0 <= light && one.1 <= colour).count() as f32;
        (rows[6][at], columns[6][at]) = (count(by_rows), count(by_columns));
    });
}

/// A tile by rows and columns.
#[derive(Clone, Copy)]
struct Grid(Lattice);

impl Grid {
    fn at(self, row: usize, column: usize) -> usize {
        self.0.start(row, column % self.0.side) + column / self.0.side
    }

    fn near(self, row: usize, column: usize, (down, right): Step) -> usize {
        self.at(row.saturating_add_signed(down), column.saturating_add_signed(right))
    }

    /// Row, column and place of all pixels but those at the border.
    fn each(self, rim: usize, mut visit: impl FnMut(usize, usize, usize)) {
        for row in rim..self.0.rows - rim {
            for column in rim..self.0.run * self.0.side - rim {
                visit(row, column, self.at(row, column));
            }
        }
    }
}
