//! Tables of op `resample`: which samples each output row and column takes, and how much of each. They depend on geometry
//! alone, so that the frames of a burst share them.

use std::ops::Range;

use super::error::GpuError;
use crate::{
    ops::{
        resample::{self, Area, Plane, Sampling},
        taps::Taps,
    },
    raw::{Cfa, Layout, Sensor},
};

/// Rows and columns of the block of levels that repeats, as the shader has it.
const BLOCK: usize = 6;
/// Words of [`levels`].
pub(crate) const LEVEL_WORDS: usize = BLOCK * BLOCK * 5;
/// Words that describe one plane.
const PLANE_WORDS: usize = 8;

/// What the tables depend on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    layout: Layout,
    sensor_px: (u32, u32),
    area: Area,
    size: (usize, usize),
    softness: f32,
}

/// The tables of one geometry. Places count from the first word.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    key: Key,
    /// Rows that are counted apart, each by its taps, distance and first row.
    kinds: Vec<Kind>,
    /// The tables.
    pub words: Vec<u32>,
    /// Places of the taps of every kind, and their numbers.
    pub row_taps: [u32; 4],
    pub row_counts: [u32; 4],
    /// Place of the planes' descriptions, and how many they are.
    pub plane_table: u32,
    pub planes: u32,
    /// Place of the norms by row; used for patterns.
    pub norms: u32,
    /// Whether the filter lies on no grid.
    pub pattern: bool,
    /// Samples of a sensor row.
    pub row_samples: usize,
}

#[derive(Clone, Debug)]
struct Kind {
    starts: Vec<usize>,
    count: usize,
    step: usize,
    first: usize,
}

impl Grid {
    /// Of a sensor's `area` at `size`.
    pub fn new(sensor: &Sensor, area: Area, size: (usize, usize), how: Sampling) -> Self {
        let planes = resample::planes(sensor, area, size, how);
        let pattern = match &sensor.layout {
            Layout::Mosaic(cfa) if !cfa.is_bayer() => Some(cfa),
            _ => None,
        };
        let kind_of = |plane: &Plane| if pattern.is_some() { plane.colour } else { plane.row_first };
        let mut grid = Self {
            key: Self::key(sensor, area, size, how),
            kinds: Vec::new(),
            words: Vec::new(),
            row_taps: [0; 4],
            row_counts: [0; 4],
            plane_table: 0,
            planes: planes.len() as u32,
            norms: 0,
            pattern: pattern.is_some(),
            row_samples: sensor.width_px as usize * sensor.layout.samples_per_pixel(),
        };
        let kinds = 1 + planes.iter().map(kind_of).max().unwrap_or(0);
        for kind in 0..kinds.min(grid.row_taps.len()) {
            let Some(plane) = planes.iter().find(|plane| kind_of(plane) == kind) else { continue };
            grid.row_taps[kind] = grid.append_taps(&plane.rows);
            grid.row_counts[kind] = plane.rows.count as u32;
            let (starts, count) = (plane.rows.starts.clone(), plane.rows.count);
            grid.kinds.push(Kind { starts, count, step: plane.row_step, first: plane.row_first });
        }
        let mut about = Vec::with_capacity(planes.len() * PLANE_WORDS);
        for plane in &planes {
            let taps = grid.append_taps(&plane.columns);
            let (kind, share) = (kind_of(plane) as u32, plane.share.to_bits());
            let (count, step) = (plane.columns.count as u32, plane.column_step as u32);
            about.extend([kind, plane.colour as u32, share, taps, count, step, plane.column_first as u32, 0]);
        }
        grid.plane_table = grid.append(&about);
        if let Some(cfa) = pattern {
            let norms = norms(cfa, &planes, size.1);
            grid.norms = grid.append(&norms);
        }
        grid
    }

    /// Whether these are the tables of such a frame.
    pub fn fits(&self, sensor: &Sensor, area: Area, size: (usize, usize), how: Sampling) -> bool {
        self.key == Self::key(sensor, area, size, how)
    }

    fn key(sensor: &Sensor, area: Area, size: (usize, usize), how: Sampling) -> Key {
        let (layout, sensor_px) = (sensor.layout.clone(), (sensor.width_px, sensor.height_px));
        Key { layout, sensor_px, area, size, softness: how.softness }
    }

    /// Layers of the first pass.
    pub fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// Distance of the rows of one kind.
    pub fn row_step(&self) -> usize {
        self.kinds.first().map_or(1, |kind| kind.step)
    }

    /// Sensor rows that some output rows take.
    pub fn raw_rows(&self, rows: &Range<usize>) -> Range<usize> {
        let (mut first, mut end) = (usize::MAX, 0);
        for kind in &self.kinds {
            let starts = kind.starts.get(rows.clone()).unwrap_or_default();
            let (least, most) = (starts.iter().min(), starts.iter().max());
            if let (Some(least), Some(most)) = (least, most) {
                first = first.min(least * kind.step + kind.first);
                end = end.max((most + kind.count.saturating_sub(1)) * kind.step + kind.first + 1);
            }
        }
        first.min(end)..end
    }

    /// For every output sample its first input, then its weights.
    fn append_taps(&mut self, taps: &Taps) -> u32 {
        let place = self.words.len() as u32;
        self.words.reserve(taps.starts.len() * (taps.count + 1));
        for index in 0..taps.starts.len() {
            let (start, weights) = taps.of(index);
            self.words.push(start as u32);
            self.words.extend(weights.iter().map(|weight| weight.to_bits()));
        }
        place
    }

    fn append(&mut self, words: &[u32]) -> u32 {
        let place = self.words.len() as u32;
        self.words.extend_from_slice(words);
        place
    }
}

/// For every output row and colour, and each column of the pattern: how much of the row's weights fell on that colour.
fn norms(cfa: &Cfa, planes: &[Plane], rows: usize) -> Vec<u32> {
    let side = cfa.side().min(BLOCK);
    let mut all = vec![0.0_f32; rows * 3 * BLOCK];
    for plane in planes {
        for (row, norms) in all.chunks_exact_mut(3 * BLOCK).enumerate() {
            let (start, weights) = plane.rows.of(row);
            let norms = norms.iter_mut().skip(plane.colour * BLOCK).take(side);
            for (column, norm) in norms.enumerate() {
                let own = |tap: &usize| cfa.at(start + tap, column).index() == plane.colour;
                *norm += (0..weights.len()).filter(own).map(|tap| weights[tap]).sum::<f32>();
            }
        }
    }
    all.into_iter().map(f32::to_bits).collect()
}

/// What each place of the block of samples that repeats means, as the CPU's twin takes it: black, scale, floor, ceiling and
/// colour. Floor and ceiling are samples; shares of white for patterns.
pub(crate) fn levels(sensor: &Sensor, how: Sampling) -> Result<Vec<u32>, GpuError> {
    let (width, height) = sensor.black.size();
    let repeats = 2_usize.is_multiple_of(width) && 2_usize.is_multiple_of(height);
    let known = match &sensor.layout {
        Layout::Mosaic(cfa) if !cfa.is_bayer() => BLOCK.is_multiple_of(height) && cfa.side() == BLOCK,
        Layout::Rgb => 2_usize.is_multiple_of(height),
        Layout::Mosaic(_) | Layout::Grey => true,
    };
    if !known {
        return Err(GpuError::Unsupported { what: "a sensor with such black levels" });
    }
    let mut words = Vec::with_capacity(LEVEL_WORDS);
    for (row, column) in (0..BLOCK * BLOCK).map(|place| (place / BLOCK, place % BLOCK)) {
        let (colour, black) = match &sensor.layout {
            Layout::Mosaic(cfa) if !cfa.is_bayer() => (cfa.at(row, column).index(), sensor.black.at(row, column)),
            Layout::Rgb => (column % 3, sensor.black.at(row, 0)),
            Layout::Mosaic(_) | Layout::Grey => {
                let colour = if let Layout::Mosaic(cfa) = &sensor.layout { cfa.at(row, column).index() } else { 1 };
                (colour, if repeats { sensor.black.at(row, column) } else { sensor.black.mean() })
            }
        };
        let range = (sensor.white_in_use - black).max(1.0);
        let ceiling = how.ceiling.get(colour).copied().unwrap_or(1.0);
        let sample = |value: f32| value.round().clamp(0.0, 65_535.0);
        let (floor, ceiling) = match &sensor.layout {
            Layout::Mosaic(cfa) if !cfa.is_bayer() => (if how.cut_at_black { 0.0 } else { f32::MIN }, ceiling),
            Layout::Rgb => (if how.cut_at_black { black } else { 0.0 }, black + range * ceiling),
            Layout::Mosaic(_) | Layout::Grey => {
                let floor = if how.cut_at_black { sample(black) } else { 0.0 };
                (floor, sample(black + range * ceiling).max(floor))
            }
        };
        words.extend([black.to_bits(), (1.0 / range).to_bits(), floor.to_bits(), ceiling.to_bits(), colour as u32]);
    }
    Ok(words)
}
