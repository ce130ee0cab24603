//! Three colours at every pixel of a sensor that saw one: the demosaic of finals.
//!
//! Every method works on tiles with margins that overlap, so that memory stays small and all cores work; a pixel's value
//! never depends on which tile it lies in. It works on white-balanced samples, because in these the colours of a grey
//! surface are equal and their ratios and differences vary slowly; what comes out is camera colour before balance again.

mod ahd;
mod bayer;
mod bilinear;
mod lattice;
mod markesteijn;
mod mosaic;
#[cfg(test)]
mod tests;
mod tiles;

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::{
    ops::{
        resample::{Area, Sampling},
        shrink::{self, Shrink},
        simd::vectorised,
    },
    raw::{Cfa, Planes, Raw},
};

use mosaic::Mosaic;
use tiles::{Interpolate, Tile, Tiling};

/// How the missing colours are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The mean of the nearest samples: fast, soft, with false colours at edges. What the others are measured against.
    Bilinear,
    /// For finals: directional interpolation weighted by gradients for Bayer filters, by smoothness in four directions for
    /// X-Trans. 6 x 6 filters that are not laid out as X-Trans is are interpolated bilinearly.
    Best,
    /// For comparisons with LibRaw: its AHD for Bayer filters, else as [`Self::Best`].
    Ahd {
        /// Linear sRGB from balanced camera colours.
        srgb_from_camera: [[f32; 3]; 3],
    },
}

/// The picture of a mosaic of `width` x `height` samples, rows without gaps.
///
/// Samples are linear, 0 for black and 1 for white; those a little below 0 (noise) or above 1 are kept. `balance` are the
/// multipliers of red, green and blue that make grey grey. Planes come back in the colours of the camera before balance,
/// and every sample stands unchanged at its own place and colour. Samples that are missing at the end count as 0.
pub fn demosaic(width: usize, height: usize, cfa: &Cfa, mosaic: &[f32], balance: [f32; 3], method: Method) -> Planes {
    demosaic_in(Tiling::default(), &Mosaic::new(width, height, cfa, mosaic, balance), method)
}

fn demosaic_in(tiling: Tiling, mosaic: &Mosaic, method: Method) -> Planes {
    tiling.picture(mosaic, &*interpolation(mosaic.cfa, method))
}

fn interpolation(cfa: &Cfa, method: Method) -> Box<dyn Interpolate> {
    if let Method::Ahd { srgb_from_camera } = &method
        && cfa.is_bayer()
    {
        return Box::new(ahd::Ahd::new(cfa, srgb_from_camera));
    }
    if method != Method::Bilinear {
        if cfa.is_bayer() {
            return Box::new(bayer::Bayer::new(cfa));
        }
        if let Some(xtrans) = markesteijn::Markesteijn::new(cfa) {
            return Box::new(xtrans);
        }
    }
    Box::new(bilinear::Bilinear::new(cfa))
}

/// Rows of the sensor that one thread takes at once, without those around that a demosaic and a resampling look at.
const BAND_ROWS: f64 = 192.0;
/// Columns of a tile of such a band.
const BAND_COLUMNS: usize = 192;

/// A decoded raw's picture, a part of it at another size: black at 0 and white at 1, samples limited as
/// `how` says. Band by band, so that the sensor's whole picture, 12 bytes a pixel, never stands in memory.
pub(crate) fn demosaic_raw(
    raw: &Raw<'_>,
    cfa: &Cfa,
    (how, balance, method): (Sampling, [f32; 3], Method),
    area: Area,
    (width, height): (usize, usize),
) -> Planes {
    let mut out = Planes::new(width, height);
    if width == 0 || height == 0 {
        return out;
    }
    let sensor_px = (raw.sensor.width_px as usize, raw.sensor.height_px as usize);
    let shrink = Shrink::new(sensor_px, area, (width, height));
    let method = interpolation(cfa, method);
    let bands = Bands { raw, cfa, how, balance, shrink, method };
    let rows = ((BAND_ROWS / (area.height / height as f64).max(0.1)) as usize).clamp(1, height);
    // A thread's room is used again for its next band; there are never more of them than threads.
    let rooms = Mutex::new(Vec::<Room>::new());
    let rooms_of = || rooms.lock().unwrap_or_else(PoisonError::into_inner);
    let [red, green, blue] = &mut out.rgb;
    red.par_chunks_mut(rows * width)
        .zip(green.par_chunks_mut(rows * width))
        .zip(blue.par_chunks_mut(rows * width))
        .enumerate()
        .for_each(|(index, ((red, green), blue))| {
            let kept = rooms_of().pop();
            let mut room = kept.unwrap_or_default();
            let count = red.len() / width;
            bands.make(index * rows, count, [red, green, blue], &mut room);
            rooms_of().push(room);
        });
    out
}

/// What all bands have in common.
struct Bands<'a> {
    raw: &'a Raw<'a>,
    cfa: &'a Cfa,
    how: Sampling,
    balance: [f32; 3],
    shrink: Shrink,
    method: Box<dyn Interpolate>,
}

/// What a thread works in.
#[derive(Default)]
struct Room {
    samples: Vec<f32>,
    part: Planes,
    tile: Option<Tile>,
    shrink: shrink::Scratch,
}

impl Bands<'_> {
    /// Output rows from `first` on.
    fn make(&self, first: usize, count: usize, out: [&mut [f32]; 3], room: &mut Room) {
        let sensor = self.raw.sensor;
        let (width, height) = (sensor.width_px as usize, sensor.height_px as usize);
        let margin = self.method.margin();
        let (from, to) = self.shrink.rows(first..first + count);
        // From a whole block of the filter and of black levels on, and with what the method looks at around.
        let block = self.cfa.side() * sensor.black.size().1.max(1);
        let top = from.saturating_sub(margin) / block * block;
        let bottom = (to + margin).clamp(top, height);
        room.samples.resize(width * (bottom - top), 0.0);
        for (row, out) in room.samples.chunks_exact_mut(width.max(1)).enumerate() {
            self.row(top + row, out);
        }
        let mosaic = Mosaic::new(width, bottom - top, self.cfa, &room.samples, self.balance);
        let tiling = Tiling { rows: bottom - top, columns: BAND_COLUMNS };
        let lattice = tiling.lattice(self.cfa, (width, bottom - top), &*self.method);
        let tile = match &mut room.tile {
            Some(tile) if tile.lattice == lattice => tile,
            other => other.insert(Tile::new(lattice, self.method.spare_planes())),
        };
        room.part.width = width;
        room.part.height = bottom - top;
        for plane in &mut room.part.rgb {
            plane.resize(width * (bottom - top), 0.0);
        }
        let [red, green, blue] = &mut room.part.rgb;
        tiles::band_of_tiles(tile, &mosaic, &*self.method, 0, &mut [red, green, blue]);
        self.shrink.write(&room.part, top, first, out, &mut room.shrink);
    }

    /// A row's samples as shares of white.
    fn row(&self, row: usize, out: &mut [f32]) {
        let (sensor, how) = (self.raw.sensor, self.how);
        let floor = if how.cut_at_black { 0.0 } else { f32::MIN };
        let samples = self.raw.samples.get(row * out.len()..(row + 1) * out.len()).unwrap_or_default();
        let period = self.cfa.side() * sensor.black.size().0.max(1);
        let place = |column: usize| {
            let black = sensor.black.at(row, column);
            (black, 1.0 / (sensor.white_in_use - black).max(1.0), how.ceiling[self.cfa.at(row, column).index()])
        };
        // As many whole periods as make a wide loop.
        let places: Vec<_> = (0..period * (64 / period).max(1)).map(place).collect();
        let [blacks, scales, ceilings] = [
            places.iter().map(|place| place.0).collect::<Vec<_>>(),
            places.iter().map(|place| place.1).collect(),
            places.iter().map(|place| place.2).collect(),
        ];
        for (out, samples) in out.chunks_mut(places.len()).zip(samples.chunks(places.len())) {
            shares(samples, floor, &blacks, &scales, &ceilings, out);
        }
    }
}

vectorised! {
    fn shares(samples: &[u16], floor: f32, blacks: &[f32], scales: &[f32], ceilings: &[f32], out: &mut [f32]) {
        let places = blacks.iter().zip(scales).zip(ceilings);
        for ((value, sample), ((black, scale), ceiling)) in out.iter_mut().zip(samples).zip(places) {
            *value = ((f32::from(*sample) - black) * scale).max(floor).min(*ceiling);
        }
    }
}
