//! Three colours at every pixel of a sensor that saw one: the demosaic of finals.
//!
//! Every method works on tiles with margins that overlap, so that memory stays small and all cores work; a pixel's value
//! never depends on which tile it lies in. It works on white-balanced samples, because in these the colours of a grey
//! surface are equal and their ratios and differences vary slowly; what comes out is camera colour before balance again.

mod bayer;
mod bilinear;
mod lattice;
mod markesteijn;
mod mosaic;
#[cfg(test)]
mod tests;
mod tiles;

use rayon::prelude::*;

use crate::{
    ops::resample::Sampling,
    raw::{Cfa, Planes, Raw},
};

use mosaic::Mosaic;
use tiles::Tiling;

/// How the missing colours are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The mean of the nearest samples: fast, soft, with false colours at edges. What the others are measured against.
    Bilinear,
    /// For finals: directional interpolation weighted by gradients for Bayer filters, by smoothness in four directions for
    /// X-Trans. 6 x 6 filters that are not laid out as X-Trans is are interpolated bilinearly.
    Best,
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
    if method == Method::Best {
        if mosaic.cfa.is_bayer() {
            return tiling.picture(mosaic, &bayer::Bayer::new(mosaic.cfa));
        }
        if let Some(xtrans) = markesteijn::Markesteijn::new(mosaic.cfa) {
            return tiling.picture(mosaic, &xtrans);
        }
    }
    tiling.picture(mosaic, &bilinear::Bilinear::new(mosaic.cfa))
}

/// A decoded raw's picture, by the best method: black at 0 and white at 1, samples limited as `how` says.
pub(crate) fn demosaic_raw(raw: &Raw<'_>, cfa: &Cfa, how: Sampling, balance: [f32; 3]) -> Planes {
    let sensor = raw.sensor;
    let (width, height) = (sensor.width_px as usize, sensor.height_px as usize);
    let floor = if how.cut_at_black { 0.0 } else { f32::MIN };
    let mut mosaic = vec![0.0; width * height];
    mosaic.par_chunks_mut(width.max(1)).zip(raw.samples.par_chunks(width.max(1))).enumerate().for_each(
        |(row, (out, samples))| {
            let side = cfa.side();
            let place = |column: usize| {
                let black = sensor.black.at(row, column);
                (black, 1.0 / (sensor.white_in_use - black).max(1.0), how.ceiling[cfa.at(row, column).index()])
            };
            let places: Vec<(f32, f32, f32)> = (0..side * sensor.black.size().0).map(place).collect();
            for (value, (sample, (black, scale, ceiling))) in
                out.iter_mut().zip(samples.iter().zip(places.iter().cycle()))
            {
                *value = ((f32::from(*sample) - black) * scale).max(floor).min(*ceiling);
            }
        },
    );
    demosaic(width, height, cfa, &mosaic, balance, Method::Best)
}
