//! How a picture is cut so that every buffer stays within what the device can bind at once. Bands are rows of the finished
//! picture, each made all the way with as many rows around it as its ops look at; strips are rows of op `resample`, for
//! which sensor samples and the first pass must fit.

use std::ops::Range;

use super::{error::GpuError, grid::Grid};
use crate::{
    ops::{denoise, rotate::Turn, sharpen},
    plan::Plan,
};

/// What a device can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Largest part of a buffer that a shader sees, bytes.
    pub binding_bytes: u64,
    /// Largest buffer, bytes.
    pub buffer_bytes: u64,
}

/// Rows that one kind of op looks at around each row.
const SHARPEN_ROWS: usize = sharpen::REACH;
/// Two taps on each side, at every level twice as far.
const DENOISE_ROWS: usize = 2 * ((1 << denoise::LEVELS) - 1);
/// A cut finer than this is no help.
const CUTS_MAX: usize = 4096;

/// One band: rows that are needed after each step, counted in the whole picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    /// Rows of the finished picture, as stored.
    pub out: Range<usize>,
    /// Rows with their final colours: what sharpening looks at.
    pub coloured: Range<usize>,
    /// Rows of camera colours, straightened: what denoising looks at.
    pub straight: Range<usize>,
    /// Rows before straightening.
    pub resampled: Range<usize>,
}

/// Columns and rows of the finished picture as stored.
pub(crate) fn stored_size(plan: &Plan) -> (usize, usize) {
    plan.placement.turn.map_or(plan.placement.size, |(_, size)| size)
}

/// As few bands as the limits allow.
pub(crate) fn bands(plan: &Plan, limits: Limits) -> Result<Vec<Band>, GpuError> {
    let (_, height) = stored_size(plan);
    let mut count = 1;
    while count <= CUTS_MAX.min(height) {
        let rows = height.div_ceil(count).max(1);
        let all: Vec<Band> =
            (0..height).step_by(rows).map(|first| band(plan, first..(first + rows).min(height))).collect();
        if all.iter().all(|band| fits(plan, band, limits)) {
            return Ok(all);
        }
        count *= 2;
    }
    Err(too_large())
}

fn too_large() -> GpuError {
    GpuError::Unsupported { what: "a picture of this size" }
}

fn band(plan: &Plan, out: Range<usize>) -> Band {
    let (width, height) = stored_size(plan);
    let around = |rows: &Range<usize>, reach: usize| rows.start.saturating_sub(reach)..(rows.end + reach).min(height);
    let coloured = if plan.sharpening.is_some() { around(&out, SHARPEN_ROWS) } else { out.clone() };
    let straight = if plan.denoising.is_some() { around(&coloured, DENOISE_ROWS) } else { coloured.clone() };
    let resampled = match plan.placement.turn {
        Some((turn, _)) => under(turn, width, &straight, plan.placement.size.1),
        None => straight.clone(),
    };
    Band { out, coloured, straight, resampled }
}

/// Rows that straightened rows are read from.
fn under(turn: Turn, width: usize, rows: &Range<usize>, height: usize) -> Range<usize> {
    let mut ends = (f32::MAX, f32::MIN);
    for (x, y) in [(0, rows.start), (width, rows.start), (0, rows.end), (width, rows.end)] {
        let at = turn.origin[1] + x as f32 * turn.right[1] + y as f32 * turn.down[1];
        ends = (ends.0.min(at), ends.1.max(at));
    }
    // Bicubic: one row above, two below; and one more for rounding.
    let first = (ends.0.floor() - 2.0).clamp(0.0, height.saturating_sub(1) as f32) as usize;
    let end = (ends.1.floor() + 4.0).clamp(first as f32 + 1.0, height as f32) as usize;
    first..end
}

fn fits(plan: &Plan, band: &Band, limits: Limits) -> bool {
    let (width, _) = stored_size(plan);
    let planes = |width: usize, rows: &Range<usize>| 12 * width as u64 * rows.len() as u64;
    planes(width, &band.straight) <= limits.binding_bytes
        && planes(plan.placement.size.0, &band.resampled) <= limits.binding_bytes
        && 4 * (width * band.out.len()) as u64 <= limits.binding_bytes
}

/// Rows of op `resample` that are made together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strip {
    /// Rows of the output.
    pub rows: Range<usize>,
    /// Rows of the sensor.
    pub raw: Range<usize>,
}

/// As few strips of `rows` as the limits allow. `all` are the sensor rows of the whole development: where they fit at once,
/// every strip has all of them, so that they are uploaded once.
pub(crate) fn strips(
    grid: &Grid,
    rows: &Range<usize>,
    all: &Range<usize>,
    limits: Limits,
) -> Result<Vec<Strip>, GpuError> {
    // Two bytes a sample, and a word for where it begins and ends in the middle of one.
    let raw_fits = |raw: &Range<usize>| 2 * (raw.len() * grid.row_samples) as u64 + 8 <= limits.binding_bytes;
    let down_fits =
        |rows: &Range<usize>| 4 * (grid.kinds() * rows.len() * grid.row_samples) as u64 <= limits.binding_bytes;
    let at_once = raw_fits(all);
    let mut count = 1;
    while count <= CUTS_MAX.min(rows.len().max(1)) {
        let each = rows.len().div_ceil(count).max(1);
        let cut = (rows.start..rows.end).step_by(each).map(|first| first..(first + each).min(rows.end));
        let strips: Vec<Strip> =
            cut.map(|rows| Strip { raw: if at_once { all.clone() } else { grid.raw_rows(&rows) }, rows }).collect();
        if strips.iter().all(|strip| raw_fits(&strip.raw) && down_fits(&strip.rows)) {
            return Ok(strips);
        }
        count *= 2;
    }
    Err(too_large())
}
