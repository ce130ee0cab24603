//! X-Trans filters: the whole picture along each of four directions, then the mean of those that are smooth.
//!
//! The plan is F. Markesteijn's (2013, in dcraw): interpolate all colours along rows, columns and both diagonals, see in a
//! perceptual space which directions give a homogeneous picture, take the mean of the best. Three things are ours.
//! Directions are not voted for but weighted by the inverse fourth power of their roughness, so that nothing flips between
//! neighbours. Roughness is measured on square roots of light, much as eyes see it. And red and blue follow green by their
//! differences to it at samples nearby, those along the direction first, and of these those with a similar green (see the
//! Bayer method): no second and third pass is needed. Over the pictures of the example `demosaic_quality` this is 2 dB above
//! LibRaw's three passes in the mean, and above it on each.

use super::{
    lattice::{Lattice, Step},
    tiles::{Interpolate, Tile},
};
use crate::raw::{Cfa, Colour};

/// Rows, columns, and both diagonals.
const DIRECTIONS: [Step; 4] = [(0, 1), (1, 0), (1, 1), (1, -1)];
/// How far samples are looked for, px.
const REACH: isize = 3;
/// Standard deviations of the weights of red and blue samples by their distance, along a direction and across it, px.
const ALONG_PX: f32 = 1.7;
const ACROSS_PX: f32 = 0.7;
/// Samples of smaller weight are left out.
const LEAST_WEIGHT: f32 = 0.02;
/// Differences of green below this one mean nothing: a few steps of a sensor's noise.
const LEAST_DISTANCE: f32 = 0.002;
/// Keeps what is divided by from being nothing.
const LEAST: f32 = 1e-5;
/// The same for fourth powers of roughness.
const LEAST_ROUGHNESS: f32 = 1e-12;
/// Added to light before its root is taken: in the deepest shadows noise is all there is.
const SHADOW: f32 = 0.003;
/// What roughness of green itself counts beside that of the differences.
const GREEN_SHARE: f32 = 0.3;
/// Spare planes: the picture along one direction, its perceptual values, roughness, sums, weights, slopes.
const PLANES: usize = 10;

/// A sample nearby and its weight.
type Tap = (Step, f32);

/// What a pixel of one place of the filter is made of.
struct Place {
    colour: Colour,
    /// Samples of green and of the own colour around, for their mean levels.
    levels: [Vec<Tap>; 2],
    /// By direction, unless this is green.
    lines: Vec<Line>,
    /// By direction: samples of red and blue.
    chroma: Vec<[Vec<Tap>; 2]>,
}

/// Green along one direction: what samples of green make of it, and what the own colour's slope or bend adds.
struct Line {
    green: Vec<Tap>,
    own: Vec<Tap>,
}

/// The method for one filter.
pub struct Markesteijn {
    /// Rows first.
    places: Vec<Place>,
}

impl Markesteijn {
    /// Nothing if the filter is not laid out as X-Trans is, in whatever phase.
    pub fn new(cfa: &Cfa) -> Option<Self> {
        let places: Option<Vec<Place>> = (0..36).map(|index| Place::new(&Around { cfa, index })).collect();
        places.map(|places| Self { places })
    }
}

/// A place of the filter and what is around it.
struct Around<'a> {
    cfa: &'a Cfa,
    index: usize,
}

impl Around<'_> {
    fn colour(&self, (down, right): Step) -> Colour {
        let wrapped = |at: usize, step: isize| (at as isize + step).rem_euclid(6) as usize;
        self.cfa.at(wrapped(self.index / 6, down), wrapped(self.index % 6, right))
    }

    /// The samples of a colour up to `reach` pixels away, by a weight of their place; those that weigh too little left out.
    fn near(&self, colour: Colour, reach: isize, weight: impl Fn(Step) -> f32) -> Option<Vec<Tap>> {
        let steps = (-reach..=reach).flat_map(|down| (-reach..=reach).map(move |right| (down, right)));
        let taps: Vec<Tap> = steps
            .filter(|step| self.colour(*step) == colour)
            .map(|step| (step, weight(step)))
            .filter(|(_, weight)| *weight > LEAST_WEIGHT)
            .collect();
        (!taps.is_empty()).then_some(taps)
    }
}

impl Place {
    fn new(around: &Around) -> Option<Self> {
        let colour = around.colour((0, 0));
        let nearness = |(down, right): Step| 1.0 / (1 + down.abs() + right.abs()) as f32;
        let levels = [around.near(Colour::Green, 1, nearness)?, around.near(colour, 2, nearness)?];
        let lines: Option<Vec<Line>> = match colour {
            Colour::Green => Some(Vec::new()),
            _ => DIRECTIONS.iter().map(|direction| Line::new(around, *direction)).collect(),
        };
        let along = |direction: Step| {
            let weight = move |step| oriented(step, direction);
            Some([around.near(Colour::Red, REACH, weight)?, around.near(Colour::Blue, REACH, weight)?])
        };
        let chroma: Option<Vec<_>> = DIRECTIONS.iter().map(|direction| along(*direction)).collect();
        Some(Self { colour, levels, lines: lines?, chroma: chroma? })
    }
}

/// The weight of a place by its distance along and across a direction.
fn oriented((down, right): Step, direction: Step) -> f32 {
    let (down, right) = (down as f32, right as f32);
    let (along_down, along_right) = (direction.0 as f32, direction.1 as f32);
    let squared = along_down.hypot(along_right).powi(2);
    let along = (down * along_down + right * along_right).powi(2) / squared;
    let across = (down * along_right - right * along_down).powi(2) / squared;
    (-along / (2.0 * ALONG_PX.powi(2)) - across / (2.0 * ACROSS_PX.powi(2))).exp()
}

impl Line {
    /// Weights that are exact for any parabola, if colours differ by a constant. An X-Trans filter has three kinds of lines
    /// through a red or blue pixel: with two greens on each side; with one green beside it, one two away on the other side
    /// and its own colour two away on the first; and diagonals with its own colour three away on both sides.
    fn new(around: &Around, direction: Step) -> Option<Self> {
        let own = around.colour((0, 0));
        let colour = |times: isize| around.colour((direction.0 * times, direction.1 * times));
        let green = |times: isize| colour(times) == Colour::Green;
        let taps = |of: &[(isize, f32)]| {
            of.iter().map(|(times, weight)| ((direction.0 * times, direction.1 * times), *weight)).collect()
        };
        if [-2, -1, 1, 2].into_iter().all(green) {
            let green = taps(&[(-2, -1.0 / 6.0), (-1, 2.0 / 3.0), (1, 2.0 / 3.0), (2, -1.0 / 6.0)]);
            return Some(Self { green, own: Vec::new() });
        }
        let side = [1, -1].into_iter().find(|side| green(*side) && green(-2 * side))?;
        if colour(2 * side) == own {
            let green = taps(&[(side, 8.0 / 9.0), (-2 * side, 1.0 / 9.0)]);
            return Some(Self { green, own: taps(&[(0, 1.0 / 3.0), (2 * side, -1.0 / 3.0)]) });
        }
        (colour(3) == own && colour(-3) == own).then(|| Self {
            green: taps(&[(side, 2.0 / 3.0), (-2 * side, 1.0 / 3.0)]),
            own: taps(&[(0, 2.0 / 9.0), (3, -1.0 / 9.0), (-3, -1.0 / 9.0)]),
        })
    }
}

impl Interpolate for Markesteijn {
    /// Weights need roughness two pixels away, which needs colours one further, which need green three further, which needs
    /// samples three further: nine.
    fn margin(&self) -> usize {
        12
    }

    fn spare_planes(&self) -> usize {
        PLANES
    }

    fn run(&self, tile: &mut Tile) {
        let lattice = tile.lattice;
        let Tile { samples, rgb, spare, .. } = tile;
        let [red, green, blue, seen_red, seen_green, seen_blue, rough, between, weights, slopes] = &mut spare[..]
        else {
            return;
        };
        weights.fill(0.0);
        for plane in rgb.iter_mut() {
            plane.fill(0.0);
        }
        self.slopes(lattice, samples, slopes);
        for (index, direction) in DIRECTIONS.into_iter().enumerate() {
            self.green(lattice, samples, slopes, index, green);
            self.chroma(lattice, samples, green, index, [&mut *red, &mut *blue]);
            seen([&*red, &*green, &*blue], [&mut *seen_red, &mut *seen_green, &mut *seen_blue]);
            roughness(lattice, [&*seen_red, &*seen_green, &*seen_blue], direction, rough);
            sums(lattice, rough, (1, 0), between);
            sums(lattice, between, (0, 1), rough);
            add(rough, [&*red, &*green, &*blue], rgb, weights);
        }
        for plane in rgb {
            plane.iter_mut().zip(&*weights).for_each(|(value, weight)| *value /= weight.max(f32::MIN_POSITIVE));
        }
    }
}

impl Markesteijn {
    fn places(&self, lattice: Lattice) -> impl Iterator<Item = (usize, usize, &Place)> {
        all_runs(lattice, REACH as usize).map(|(row, phase)| (row, phase, &self.places[row % 6 * 6 + phase]))
    }

    /// How much steeper green is than the pixel's own colour, at most 1: their mean levels nearby, one over the other.
    fn slopes(&self, lattice: Lattice, samples: &[f32], out: &mut [f32]) {
        let mut own_level = vec![0.0; lattice.run];
        for (row, phase, place) in self.places(lattice).filter(|(_, _, place)| place.colour != Colour::Green) {
            let (span, out) = inner_run(lattice, row, phase, out);
            let own_level = &mut own_level[..span.1];
            for (taps, level) in place.levels.iter().zip([&mut *out, &mut *own_level]) {
                level.fill(0.0);
                let share = 1.0 / taps.iter().map(|(_, weight)| weight).sum::<f32>();
                add_taps(lattice, samples, (row, phase), taps, share, level);
            }
            for i in 0..span.1 {
                out[i] = (out[i] / own_level[i].max(LEAST)).clamp(0.0, 1.0);
            }
        }
    }

    /// Green along one direction.
    fn green(&self, lattice: Lattice, samples: &[f32], slopes: &[f32], direction: usize, green: &mut [f32]) {
        let mut bend = vec![0.0; lattice.run];
        for (row, phase, place) in self.places(lattice) {
            let (span, out) = inner_run(lattice, row, phase, green);
            let Some(line) = place.lines.get(direction) else {
                out.copy_from_slice(lattice.at(samples, row, phase, (0, 0), span));
                continue;
            };
            out.fill(0.0);
            add_taps(lattice, samples, (row, phase), &line.green, 1.0, out);
            if line.own.is_empty() {
                continue;
            }
            let bend = &mut bend[..span.1];
            bend.fill(0.0);
            add_taps(lattice, samples, (row, phase), &line.own, 1.0, bend);
            let slopes = lattice.at(slopes, row, phase, (0, 0), span);
            for i in 0..span.1 {
                out[i] += slopes[i] * bend[i];
            }
        }
    }

    /// Red and blue along one direction.
    fn chroma(&self, lattice: Lattice, samples: &[f32], green: &[f32], direction: usize, planes: [&mut [f32]; 2]) {
        let mut weights = vec![0.0; lattice.run];
        for (plane, colour) in planes.into_iter().zip([Colour::Red, Colour::Blue]) {
            for (row, phase, place) in self.places(lattice) {
                let (span, out) = inner_run(lattice, row, phase, plane);
                if place.colour == colour {
                    out.copy_from_slice(lattice.at(samples, row, phase, (0, 0), span));
                    continue;
                }
                let here = lattice.at(green, row, phase, (0, 0), span);
                let weights = &mut weights[..span.1];
                weights.fill(0.0);
                out.fill(0.0);
                for (step, nearness) in &place.chroma[direction][usize::from(colour == Colour::Blue)] {
                    let near = lattice.at(samples, row, phase, *step, span);
                    let near_green = lattice.at(green, row, phase, *step, span);
                    for i in 0..span.1 {
                        let weight = nearness / ((here[i] - near_green[i]).abs() + LEAST_DISTANCE);
                        out[i] += weight * (near[i] - near_green[i]);
                        weights[i] += weight;
                    }
                }
                for i in 0..span.1 {
                    out[i] = here[i] + out[i] / weights[i];
                }
            }
        }
    }
}

/// Adds weighted samples nearby to a run.
fn add_taps(
    lattice: Lattice,
    samples: &[f32],
    (row, phase): (usize, usize),
    taps: &[Tap],
    share: f32,
    out: &mut [f32],
) {
    for (step, weight) in taps {
        let near = lattice.at(samples, row, phase, *step, (1, out.len()));
        let weight = weight * share;
        out.iter_mut().zip(near).for_each(|(out, near)| *out += weight * near);
    }
}

/// Red, green and blue as eyes see them: roots of light; red and blue as differences to green.
fn seen([red, green, blue]: [&[f32]; 3], [seen_red, seen_green, seen_blue]: [&mut [f32]; 3]) {
    let root = |light: f32| (light.max(0.0) + SHADOW).sqrt();
    let count = red.len();
    let (green, blue) = (&green[..count], &blue[..count]);
    let (seen_red, seen_green, seen_blue) = (&mut seen_red[..count], &mut seen_green[..count], &mut seen_blue[..count]);
    for i in 0..count {
        let level = root(green[i]);
        seen_green[i] = level;
        seen_red[i] = root(red[i]) - level;
        seen_blue[i] = root(blue[i]) - level;
    }
}

/// How much the picture bends along a direction.
fn roughness(lattice: Lattice, seen: [&[f32]; 3], (down, right): Step, out: &mut [f32]) {
    for (row, phase) in all_runs(lattice, 1) {
        let (span, out) = inner_run(lattice, row, phase, out);
        let along = [(0, 0), (down, right), (-down, -right)];
        let [red, green, blue] = seen.map(|plane| lattice.all(plane, row, phase, along, span));
        for i in 0..span.1 {
            let bend = |plane: &[&[f32]; 3]| (plane[1][i] + plane[2][i] - 2.0 * plane[0][i]).abs();
            out[i] = bend(&red) + GREEN_SHARE * bend(&green) + bend(&blue);
        }
    }
}

/// Sums of five pixels along an axis, the middle ones counting more: 1, 2, 3, 2, 1.
fn sums(lattice: Lattice, plane: &[f32], (down, right): Step, out: &mut [f32]) {
    for (row, phase) in all_runs(lattice, 2) {
        let (span, out) = inner_run(lattice, row, phase, out);
        let steps = [-2, -1, 0, 1, 2].map(|times| (down * times, right * times));
        let [a, b, c, d, e] = lattice.all(plane, row, phase, steps, span);
        for i in 0..span.1 {
            out[i] = (a[i] + e[i]) + 2.0 * (b[i] + d[i]) + 3.0 * c[i];
        }
    }
}

/// Adds the picture along one direction, the rougher the less.
fn add(rough: &[f32], picture: [&[f32]; 3], sums: &mut [Vec<f32>; 3], weights: &mut [f32]) {
    let count = rough.len();
    let weights = &mut weights[..count];
    let [red, green, blue] = picture.map(|plane| &plane[..count]);
    let [red_sum, green_sum, blue_sum] = sums.each_mut().map(|plane| &mut plane[..count]);
    for i in 0..count {
        let squared = rough[i] * rough[i];
        let weight = 1.0 / (squared * squared + LEAST_ROUGHNESS);
        red_sum[i] += weight * red[i];
        green_sum[i] += weight * green[i];
        blue_sum[i] += weight * blue[i];
        weights[i] += weight;
    }
}

fn all_runs(lattice: Lattice, rim: usize) -> impl Iterator<Item = (usize, usize)> {
    (rim..lattice.rows - rim).flat_map(|row| (0..6).map(move |phase| (row, phase)))
}

/// A run without its first and last block, of which not all neighbours exist: where it begins and how long it is, and that
/// part of the plane.
fn inner_run(lattice: Lattice, row: usize, phase: usize, plane: &mut [f32]) -> ((usize, usize), &mut [f32]) {
    let span = (1, lattice.run - 2);
    let start = lattice.start(row, phase) + span.0;
    (span, &mut plane[start..start + span.1])
}
