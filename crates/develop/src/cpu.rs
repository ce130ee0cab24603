//! The development on the processor: the GPU's twin, and the measure of it.

use rayon::prelude::*;

use crate::{
    demosaic,
    jpeg::Picture,
    ops::{
        LUMA_709, Row, balance, colour, denoise, encode, highlights, matrix, resample, rotate,
        sharpen::{self, Sharpening},
        simd::add,
        superpixel, tone,
    },
    orient,
    plan::Plan,
    raw::{Layout, Planes, Raw},
};

/// Rows that one thread takes at once.
const BAND_ROWS: usize = 16;

/// Sensor samples to camera colours at the output's size, straightened: all that depends on geometry alone.
pub(crate) fn prepare(raw: &Raw<'_>, plan: &Plan) -> Planes {
    let placed = &plan.placement;
    let planes = match &raw.sensor.layout {
        Layout::Mosaic(cfa) if plan.superpixel => superpixel::superpixel(raw, cfa, plan.sampling.ceiling),
        Layout::Mosaic(cfa) if plan.demosaic => {
            demosaic::demosaic_raw(raw, cfa, (plan.sampling, plan.gains, plan.method), placed.area, placed.size)
        }
        _ => resample::resample(raw, placed.area, placed.size, plan.sampling),
    };
    match placed.turn {
        Some((turn, size)) => rotate::rotate(&planes, turn, size),
        None => planes,
    }
}

/// Camera colours to the file's numbers, 0 to 1; `fine` for 16 bits.
pub(crate) fn colours(planes: &mut Planes, plan: &Plan, fine: bool) {
    if let Some(how) = plan.denoising {
        denoise::denoise(planes, how);
    }
    let band = planes.width.max(1) * BAND_ROWS;
    let [red, green, blue] = &mut planes.rgb;
    red.par_chunks_mut(band)
        .zip(green.par_chunks_mut(band))
        .zip(blue.par_chunks_mut(band))
        .for_each(|((red, green), blue)| point(&mut [red, green, blue], plan, fine));
}

/// Every op that looks at one pixel only.
fn point(row: &mut Row<'_>, plan: &Plan, fine: bool) {
    let ceiling = if plan.curve.is_some() { tone::INPUT_MAX } else { 1.0 };
    balance::balance(row, plan.gains, ceiling);
    if let Some(limits) = plan.limits {
        highlights::highlights(row, limits);
    }
    matrix::matrix(row, &plan.matrix);
    if let Some(curve) = &plan.curve {
        tone::tone(row, curve);
    }
    if let Some((saturation, vibrance)) = plan.colour {
        colour::colour(row, saturation, vibrance);
    }
    if let Some(to_output) = &plan.to_output {
        matrix::matrix(row, to_output);
        encode::fit(row);
    }
    encode::encode(row, &plan.transfer, fine);
}

/// Sharpens, and rounds to bytes; upright.
pub(crate) fn to_picture(planes: &Planes, plan: &Plan) -> Picture {
    let (width, height) = (planes.width, planes.height);
    let mut rgb = vec![0; width * height * 3];
    rgb.par_chunks_mut((width * 3 * BAND_ROWS).max(1)).enumerate().for_each(|(band, out)| {
        let mut lines = Lines::new(planes, plan.sharpening);
        for (row, out) in out.chunks_exact_mut((width * 3).max(1)).enumerate() {
            lines.write(band * BAND_ROWS + row, out, |value| (value * 255.0 + 0.5) as u8);
        }
    });
    orient::upright(Picture { rgb, width_px: width as u32, height_px: height as u32 }, plan.placement.orientation)
}

/// The same with 16 bits.
pub(crate) fn to_sixteen(planes: &Planes, plan: &Plan) -> (Vec<u16>, u32, u32) {
    let (width, height) = (planes.width, planes.height);
    let mut rgb = vec![0; width * height * 3];
    rgb.par_chunks_mut((width * 3 * BAND_ROWS).max(1)).enumerate().for_each(|(band, out)| {
        let mut lines = Lines::new(planes, plan.sharpening);
        for (row, out) in out.chunks_exact_mut((width * 3).max(1)).enumerate() {
            lines.write(band * BAND_ROWS + row, out, |value| (value * 65_535.0 + 0.5) as u16);
        }
    });
    let orientation = plan.placement.orientation;
    let rgb = orient::turned_upright(&rgb, width, height, orientation).unwrap_or(rgb);
    let (width, height) = plan.placement.upright_size();
    (rgb, width as u32, height as u32)
}

/// Reads rows of finished planes, sharpened.
struct Lines<'a> {
    planes: &'a Planes,
    sharpening: Option<Sharpening>,
    /// Luma blurred down the columns, `REACH` values more at both ends, and changes of one row.
    down: Vec<f32>,
    change: Vec<f32>,
    /// Luma of the rows around, kept from row to row: the row's number and its values.
    kept: Vec<(usize, Vec<f32>)>,
}

impl<'a> Lines<'a> {
    fn new(planes: &'a Planes, sharpening: Option<Sharpening>) -> Self {
        let width = planes.width;
        let rows = if sharpening.is_some() { 2 * sharpen::REACH + 1 } else { 0 };
        Self {
            planes,
            sharpening,
            down: vec![0.0; width + 2 * sharpen::REACH],
            change: vec![0.0; width],
            kept: (0..rows).map(|_| (usize::MAX, vec![0.0; width])).collect(),
        }
    }

    fn write<T>(&mut self, y: usize, out: &mut [T], rounded: impl Fn(f32) -> T) {
        if let Some(how) = self.sharpening {
            self.sharpen(y, how);
        }
        let width = self.planes.width;
        let [red, green, blue] = &self.planes.rgb;
        let rows = (&red[y * width..][..width], &green[y * width..][..width], &blue[y * width..][..width]);
        for (x, pixel) in out.chunks_exact_mut(3).enumerate() {
            let change = self.change[x];
            pixel[0] = rounded((rows.0[x] + change).clamp(0.0, 1.0));
            pixel[1] = rounded((rows.1[x] + change).clamp(0.0, 1.0));
            pixel[2] = rounded((rows.2[x] + change).clamp(0.0, 1.0));
        }
    }

    /// Fills `change` for row `y`.
    fn sharpen(&mut self, y: usize, how: Sharpening) {
        let (width, height) = (self.planes.width, self.planes.height);
        let reach = sharpen::REACH as isize;
        let inside = sharpen::REACH..sharpen::REACH + width;
        self.down.fill(0.0);
        for offset in -reach..=reach {
            let row = (y as isize + offset).clamp(0, height as isize - 1) as usize;
            let slot = row % (2 * sharpen::REACH + 1);
            if self.kept[slot].0 != row {
                let [red, green, blue] = &self.planes.rgb;
                let at = row * width..(row + 1) * width;
                luma_row(&red[at.clone()], &green[at.clone()], &blue[at], &mut self.kept[slot].1);
                self.kept[slot].0 = row;
            }
            add(how.weights[offset.unsigned_abs()], &self.kept[slot].1, &mut self.down[inside.clone()]);
        }
        // Both ends go on with their last value, so that every place has its neighbours.
        let (first, last) = (self.down[inside.start], self.down[inside.end - 1]);
        self.down[..inside.start].fill(first);
        self.down[inside.end..].fill(last);
        let luma = &self.kept[y % (2 * sharpen::REACH + 1)].1;
        sharpen::changes(how, luma, &self.down, &mut self.change);
    }
}

fn luma_row(red: &[f32], green: &[f32], blue: &[f32], out: &mut [f32]) {
    for (((luma, r), g), b) in out.iter_mut().zip(red).zip(green).zip(blue) {
        *luma = LUMA_709[0] * r + LUMA_709[1] * g + LUMA_709[2] * b;
    }
}
