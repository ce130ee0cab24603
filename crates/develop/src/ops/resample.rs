//! Op `resample`: sensor samples straight to the output's size, without demosaic. Every colour plane is resampled for
//! itself, each with its own sub-pixel place, so that no colour is shifted.
//!
//! Bayer: four planes, two of them green, whose mean is taken. X-Trans: its planes lie on no grid; each colour's weights are
//! set to zero where another colour sits and normalised by what remains (normalised convolution, Knutsson and Westin, 1993).
//!
//! Samples come out with black at 0 and white at 1, still in the camera's own colours, before white balance.

use rayon::prelude::*;

use super::{
    simd::vectorised,
    taps::{Axis, Taps},
};
use crate::raw::{Cfa, Layout, Planes, Raw, Sensor};

/// Output rows that are made together: one lane of a vector each.
pub(super) const LANES: usize = 8;
/// Scale below which a pattern's holes matter, px: red and blue of X-Trans repeat after six.
const PATTERN_HOLES: f64 = 2.5;
/// Columns that the first pass takes together.
const WIDE: usize = 16;

/// A part of the sensor's active area, px; fractions are allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Columns.
    pub width: f64,
    /// Rows.
    pub height: f64,
}

/// How samples count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Shares of white, for each colour; samples above count as just that.
    pub ceiling: [f32; 3],
    /// Whether samples below black count as black. LibRaw does so, and thereby makes noise in the dark brighter; else they
    /// count as what they are, and their mean is right.
    pub cut_at_black: bool,
    /// 0 takes each plane's samples as they are; 1 softens them as much as a bilinear demosaic would, which is right where
    /// noise is all there is at a pixel's size.
    pub softness: f32,
}

impl Sampling {
    /// No sample counts more than white.
    pub const WHITE: Self = Self { ceiling: [1.0; 3], cut_at_black: false, softness: 0.0 };
}

/// The area at `width` x `height`, as stored (not upright).
pub fn resample(raw: &Raw<'_>, area: Area, (width, height): (usize, usize), how: Sampling) -> Planes {
    let sensor = raw.sensor;
    let mut out = Planes::new(width, height);
    if width == 0 || height == 0 || raw.samples.len() < sensor.samples() || sensor.samples() == 0 {
        return out;
    }
    let work = Work::new(raw, area, (width, height), how);
    let [red, green, blue] = &mut out.rgb;
    let rows = LANES * width;
    red.par_chunks_mut(rows).zip(green.par_chunks_mut(rows)).zip(blue.par_chunks_mut(rows)).enumerate().for_each_init(
        || work.scratch(),
        |scratch, (block, ((red, green), blue))| work.block(block * LANES, scratch, [red, green, blue]),
    );
    out
}

/// A set of samples that is resampled on one grid.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    /// Rows that belong to it: every `row_step`-th from `row_first` on.
    pub rows: Taps,
    pub row_step: usize,
    pub row_first: usize,
    pub columns: Taps,
    pub column_step: usize,
    pub column_first: usize,
    /// Its place among the output's planes, and its share of it.
    pub colour: usize,
    pub share: f32,
}

/// The planes of a sensor, resampled from `area` to `size`: for the GPU, which has loops of its own.
pub(crate) fn planes(sensor: &Sensor, area: Area, size: (usize, usize), how: Sampling) -> Vec<Plane> {
    Work::new(&Raw { sensor, samples: &[] }, area, size, how).planes
}

/// The first pass over rows serves all planes that lie in the same ones.
struct Work<'a> {
    raw: &'a Raw<'a>,
    row_samples: usize,
    width: usize,
    height: usize,
    planes: Vec<Plane>,
    how: Sampling,
    pattern: Option<Cfa>,
}

struct Scratch {
    /// One row of the first pass.
    row: Vec<f32>,
    /// The first pass's rows of one block, turned: [column][lane].
    turned: Vec<f32>,
    /// The same of a pattern's weights, and of each further colour.
    weights: Vec<f32>,
    /// The second pass's results: [colour][column][lane], sums and weights.
    sums: Vec<f32>,
    norms: Vec<f32>,
}

impl<'a> Work<'a> {
    fn new(raw: &'a Raw<'a>, area: Area, (width, height): (usize, usize), how: Sampling) -> Self {
        let sensor = raw.sensor;
        let (columns, rows) = (sensor.width_px as usize, sensor.height_px as usize);
        let holes = match &sensor.layout {
            Layout::Mosaic(cfa) if !cfa.is_bayer() => PATTERN_HOLES,
            _ => 0.0,
        };
        let across = |step, first, soften| {
            let axis = Axis { origin: area.x, extent: area.width, samples: columns, step, first, holes, soften };
            Taps::new(axis, width)
        };
        let down = |step, first, soften| {
            let axis = Axis { origin: area.y, extent: area.height, samples: rows, step, first, holes, soften };
            Taps::new(axis, height)
        };
        // A bilinear demosaic mixes a quarter of each neighbour into red and blue, and an eighth into green.
        let full = |colour: usize| if colour == 1 { 0.125 } else { 0.25 };
        let soften = |step: usize, colour: usize| if step == 2 { full(colour) * f64::from(how.softness) } else { 0.0 };
        let plane = |row_step, row_first, column_step, column_first, colour, share| Plane {
            rows: down(row_step, row_first, soften(row_step, colour)),
            row_step,
            row_first,
            columns: across(column_step, column_first, soften(column_step, colour)),
            column_step,
            column_first,
            colour,
            share,
        };
        let whole = |offset: usize, colour: usize| {
            // Interleaved colours: columns of the plane are every third sample from `offset` on.
            Plane {
                column_step: sensor.layout.samples_per_pixel(),
                column_first: offset,
                ..plane(1, 0, 1, 0, colour, 1.0)
            }
        };
        let mut pattern = None;
        let planes = match &sensor.layout {
            Layout::Mosaic(cfa) if cfa.is_bayer() => (0..4)
                .map(|place| {
                    let (row, column) = (place / 2, place % 2);
                    let colour = cfa.at(row, column).index();
                    plane(2, row, 2, column, colour, if colour == 1 { 0.5 } else { 1.0 })
                })
                .collect(),
            Layout::Mosaic(cfa) => {
                pattern = Some(cfa.clone());
                (0..3).map(|colour| whole(0, colour)).collect()
            }
            Layout::Rgb => (0..3).map(|colour| whole(colour, colour)).collect(),
            Layout::Grey => (0..3).map(|colour| whole(0, colour)).collect(),
        };
        let row_samples = columns * sensor.layout.samples_per_pixel();
        Self { raw, row_samples, width, height, planes, how, pattern }
    }

    fn scratch(&self) -> Scratch {
        let padded = self.row_samples.next_multiple_of(WIDE);
        let out = 3 * self.width * LANES;
        Scratch {
            row: vec![0.0; padded],
            turned: vec![0.0; padded * LANES],
            weights: vec![0.0; 6 * LANES],
            sums: vec![0.0; out],
            norms: vec![0.0; if self.pattern.is_some() { out } else { 0 }],
        }
    }

    /// Output rows from `top` on, as many as `out` has room for.
    fn block(&self, top: usize, scratch: &mut Scratch, out: [&mut [f32]; 3]) {
        scratch.sums.fill(0.0);
        let rows = LANES.min(self.height.saturating_sub(top));
        let mut first_pass_of = None;
        for plane in &self.planes {
            // Planes of the same rows share the first pass.
            let wanted = (plane.row_first, if self.pattern.is_some() { plane.colour } else { 0 });
            if first_pass_of != Some(wanted) {
                self.first_pass(plane, top, rows, scratch);
                first_pass_of = Some(wanted);
            }
            let sums = colour_of(&mut scratch.sums, plane.colour, self.width);
            across(&plane.columns, plane.column_step, plane.column_first, plane.share, &scratch.turned, sums);
        }
        if let Some(cfa) = &self.pattern {
            scratch.norms.fill(0.0);
            self.norms(cfa, top, rows, scratch);
            for (sum, norm) in scratch.sums.iter_mut().zip(&scratch.norms) {
                *sum /= norm.max(0.02);
            }
        }
        for (colour, rows_out) in out.into_iter().enumerate() {
            turn_back(colour_of(&mut scratch.sums, colour, self.width), self.width, rows_out);
        }
    }

    /// Rows of the sensor to rows of the output, all columns, and turned so that a column's rows lie side by side.
    fn first_pass(&self, plane: &Plane, top: usize, rows: usize, scratch: &mut Scratch) {
        for lane in 0..LANES {
            // Lanes beyond the last row repeat it; they are not written.
            let (start, weights) = plane.rows.of(top + lane.min(rows.saturating_sub(1)));
            let row_of = |tap: usize| (start + tap) * plane.row_step + plane.row_first;
            if let Some(cfa) = &self.pattern {
                self.pattern_row(cfa, plane.colour, row_of(0), weights, &mut scratch.row);
            } else {
                self.grid_row(plane, row_of(0), weights, &mut scratch.row);
            }
            for (column, value) in scratch.turned.chunks_exact_mut(LANES).zip(&scratch.row) {
                column[lane] = *value;
            }
        }
    }

    /// One output row of planes on a grid: all taps lie in rows of the same kind, so black is taken off their sum.
    fn grid_row(&self, plane: &Plane, first_row: usize, weights: &[f32], out: &mut [f32]) {
        let sensor = self.raw.sensor;
        let each = sensor.layout.samples_per_pixel();
        let (mut bounds, mut blacks, mut scales) = ([(0, u16::MAX); WIDE], [0.0; WIDE], [0.0; WIDE]);
        let exact = self.black_repeats();
        for index in 0..WIDE {
            let colour = self.colour_at(first_row, index);
            let black = if exact { sensor.black.at(first_row, index / each) } else { sensor.black.mean() };
            let range = (sensor.white_in_use - black).max(1.0);
            let ceiling = self.how.ceiling.get(colour).copied().unwrap_or(1.0);
            let sample = |value: f32| value.round().clamp(0.0, 65_535.0) as u16;
            let floor = if self.how.cut_at_black { sample(black) } else { 0 };
            bounds[index] = (floor, sample(black + range * ceiling).max(floor));
            blacks[index] = black;
            scales[index] = 1.0 / range;
        }
        let mut taps: Vec<(&[u16], f32)> = Vec::with_capacity(weights.len());
        for (tap, weight) in weights.iter().enumerate() {
            let at = (first_row + tap * plane.row_step) * self.row_samples;
            taps.push((self.raw.samples.get(at..at + self.row_samples).unwrap_or_default(), *weight));
        }
        // The pattern of colours repeats after WIDE samples only where WIDE is a multiple of the period.
        if WIDE.is_multiple_of(period(each)) {
            let (floors, caps) = (bounds.map(|(floor, _)| floor), bounds.map(|(_, cap)| cap));
            down(&taps, &floors, &caps, &blacks, &scales, out);
        } else {
            down_slowly(&taps, self, first_row, out);
        }
    }

    /// Whether black is the same in all rows and columns of one kind.
    fn black_repeats(&self) -> bool {
        let (width, height) = self.raw.sensor.black.size();
        2_usize.is_multiple_of(width) && 2_usize.is_multiple_of(height)
    }

    fn colour_at(&self, row: usize, sample: usize) -> usize {
        match &self.raw.sensor.layout {
            Layout::Mosaic(cfa) => cfa.at(row, sample).index(),
            Layout::Rgb => sample % 3,
            Layout::Grey => 1,
        }
    }

    /// One output row of one colour of a pattern: other colours count as nothing.
    fn pattern_row(&self, cfa: &Cfa, colour: usize, first_row: usize, weights: &[f32], out: &mut [f32]) {
        let sensor = self.raw.sensor;
        out.fill(0.0);
        let ceiling = self.how.ceiling.get(colour).copied().unwrap_or(1.0);
        let floor = if self.how.cut_at_black { 0.0 } else { f32::MIN };
        let side = cfa.side();
        for (tap, weight) in weights.iter().enumerate() {
            let row = first_row + tap;
            let samples = self.raw.samples.get(row * self.row_samples..(row + 1) * self.row_samples);
            for first in (0..side).filter(|column| cfa.at(row, *column).index() == colour) {
                let black = sensor.black.at(row, first);
                let scale = 1.0 / (sensor.white_in_use - black).max(1.0);
                let samples = samples.unwrap_or_default().iter().skip(first).step_by(side);
                for (sum, sample) in out.iter_mut().skip(first).step_by(side).zip(samples) {
                    *sum += weight * ((f32::from(*sample) - black) * scale).max(floor).min(ceiling);
                }
            }
        }
    }

    /// How much of each colour's weights fell on samples of that colour.
    fn norms(&self, cfa: &Cfa, top: usize, rows: usize, scratch: &mut Scratch) {
        let side = cfa.side();
        for plane in &self.planes {
            scratch.weights.fill(0.0);
            for lane in 0..LANES {
                let (start, weights) = plane.rows.of(top + lane.min(rows.saturating_sub(1)));
                for (tap, weight) in weights.iter().enumerate() {
                    for column in (0..side).filter(|column| cfa.at(start + tap, *column).index() == plane.colour) {
                        scratch.weights[column * LANES + lane] += weight;
                    }
                }
            }
            let norms = colour_of(&mut scratch.norms, plane.colour, self.width);
            for (index, out) in norms.chunks_exact_mut(LANES).enumerate() {
                let (start, weights) = plane.columns.of(index);
                for (tap, weight) in weights.iter().enumerate() {
                    let column = (start + tap) % side;
                    for (norm, by_row) in out.iter_mut().zip(&scratch.weights[column * LANES..(column + 1) * LANES]) {
                        *norm += weight * by_row;
                    }
                }
            }
        }
    }
}

/// Samples after which caps and blacks repeat along a row.
fn period(samples_per_pixel: usize) -> usize {
    if samples_per_pixel == 1 { 2 } else { samples_per_pixel }
}

fn colour_of(all: &mut [f32], colour: usize, width: usize) -> &mut [f32] {
    let plane = width * LANES;
    all.get_mut(colour * plane..(colour + 1) * plane).unwrap_or_default()
}

vectorised! {
    /// Weighted sum of rows, black taken off, white at 1.
    fn down(taps: &[(&[u16], f32)], floors: &[u16; WIDE], caps: &[u16; WIDE], blacks: &[f32; WIDE], scales: &[f32; WIDE], out: &mut [f32]) {
        for (block, sums) in out.chunks_exact_mut(WIDE).enumerate() {
            let at = block * WIDE;
            let mut sum = [0.0_f32; WIDE];
            for (row, weight) in taps {
                let mut some = [0_u16; WIDE];
                if let Some(whole) = row.get(at..at + WIDE) {
                    some.copy_from_slice(whole);
                } else {
                    let rest = row.get(at..).unwrap_or_default();
                    some[..rest.len()].copy_from_slice(rest);
                }
                for lane in 0..WIDE {
                    sum[lane] += *weight * f32::from(some[lane].max(floors[lane]).min(caps[lane]));
                }
            }
            for lane in 0..WIDE {
                sums[lane] = (sum[lane] - blacks[lane]) * scales[lane];
            }
        }
    }
}

/// The same for rows whose colours repeat in threes.
fn down_slowly(taps: &[(&[u16], f32)], work: &Work<'_>, first_row: usize, out: &mut [f32]) {
    let sensor = work.raw.sensor;
    let each = sensor.layout.samples_per_pixel();
    let floor = if work.how.cut_at_black { 0.0 } else { f32::MIN };
    out.fill(0.0);
    for offset in 0..each {
        let black = sensor.black.at(first_row, 0);
        let scale = 1.0 / (sensor.white_in_use - black).max(1.0);
        let ceiling = work.how.ceiling.get(work.colour_at(first_row, offset)).copied().unwrap_or(1.0);
        for (row, weight) in taps {
            let samples = row.iter().skip(offset).step_by(each);
            for (sum, sample) in out.iter_mut().skip(offset).step_by(each).zip(samples) {
                *sum += weight * ((f32::from(*sample) - black) * scale).max(floor).min(ceiling);
            }
        }
    }
}

vectorised! {
    /// Columns of the first pass to columns of the output; eight rows at once.
    pub(super) fn across(columns: &Taps, step: usize, first: usize, share: f32, turned: &[f32], sums: &mut [f32]) {
        for (index, out) in sums.chunks_exact_mut(LANES).enumerate() {
            let (start, weights) = columns.of(index);
            let mut sum = [0.0_f32; LANES];
            let from = turned.get((start * step + first) * LANES..).unwrap_or_default();
            for (weight, column) in weights.iter().zip(from.chunks(step * LANES)) {
                if let Some(column) = column.first_chunk::<LANES>() {
                    for lane in 0..LANES {
                        sum[lane] += *weight * column[lane];
                    }
                }
            }
            for lane in 0..LANES {
                out[lane] += share * sum[lane];
            }
        }
    }
}

pub(super) fn turn_back(turned: &[f32], width: usize, rows: &mut [f32]) {
    for (lane, row) in rows.chunks_exact_mut(width.max(1)).enumerate() {
        for (value, column) in row.iter_mut().zip(turned.chunks_exact(LANES)) {
            *value = column[lane];
        }
    }
}

#[cfg(test)]
#[path = "resample_tests.rs"]
pub(crate) mod tests;
