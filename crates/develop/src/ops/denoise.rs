//! Op `denoise`: wavelet shrinkage. An undecimated transform with a B3 spline ("à trous": Starck, Murtagh and Bijaoui, 1998)
//! of brightness and two colour differences, in the square root of light, where shot noise is even (Anscombe, 1948);
//! differences below the noise's size are taken away (soft threshold: Donoho, 1995).

use rayon::prelude::*;

use crate::raw::Planes;

/// Scales that are looked at: 1, 2 and 4 px.
pub const LEVELS: usize = 3;
/// The B3 spline.
pub const SPLINE: [f32; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];
/// How much noise of equal size is left in each scale: what the spline makes of white noise.
pub const SHARES: [f32; LEVELS] = [0.89, 0.20, 0.086];

/// Thresholds, in square roots of light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Denoising {
    /// For brightness.
    pub luminance: f32,
    /// For colour.
    pub colour: f32,
}

/// Takes noise away, in place.
pub fn denoise(planes: &mut Planes, how: Denoising) {
    let (width, height) = (planes.width, planes.height);
    if width < 2 || height < 2 {
        return;
    }
    to_differences(planes);
    for (index, plane) in planes.rgb.iter_mut().enumerate() {
        let threshold = if index == 0 { how.luminance } else { how.colour };
        if threshold > 0.0 {
            shrink(plane, width, height, threshold);
        }
    }
    to_colours(planes);
}

fn shrink(plane: &mut Vec<f32>, width: usize, height: usize, threshold: f32) {
    let mut kept = vec![0.0; plane.len()];
    let mut across = vec![0.0; plane.len()];
    let mut smooth = vec![0.0; plane.len()];
    for (level, share) in SHARES.iter().enumerate() {
        let step = 1_usize << level;
        across.par_chunks_mut(width).zip(plane.par_chunks(width)).for_each(|(out, row)| {
            for (x, value) in out.iter_mut().enumerate() {
                *value = spline(|offset| row[mirrored(x, offset * step as isize, width)]);
            }
        });
        smooth.par_chunks_mut(width).enumerate().for_each(|(y, out)| {
            let rows: [usize; 5] =
                std::array::from_fn(|tap| mirrored(y, (tap as isize - 2) * step as isize, height) * width);
            for (x, value) in out.iter_mut().enumerate() {
                *value = rows.iter().zip(SPLINE).map(|(row, weight)| weight * across[row + x]).sum();
            }
        });
        let limit = threshold * share;
        kept.par_iter_mut().zip(plane.par_iter().zip(smooth.par_iter())).for_each(|(sum, (value, smooth))| {
            let detail = value - smooth;
            *sum += detail - detail.clamp(-limit, limit);
        });
        std::mem::swap(plane, &mut smooth);
    }
    plane.par_iter_mut().zip(kept.par_iter()).for_each(|(value, kept)| *value += kept);
}

fn spline(read: impl Fn(isize) -> f32) -> f32 {
    SPLINE.iter().enumerate().map(|(tap, weight)| weight * read(tap as isize - 2)).sum()
}

/// `at + offset`, thrown back at the edges.
fn mirrored(at: usize, offset: isize, length: usize) -> usize {
    let last = length as isize - 1;
    let place = (at as isize + offset).abs();
    (if place > last { 2 * last - place } else { place }).clamp(0, last) as usize
}

/// Red, green, blue to brightness, red less green, blue less green; square roots of light.
fn to_differences(planes: &mut Planes) {
    let [red, green, blue] = &mut planes.rgb;
    red.par_iter_mut().zip(green.par_iter_mut()).zip(blue.par_iter_mut()).for_each(|((r, g), b)| {
        let [x, y, z] = [*r, *g, *b].map(|value| value.max(0.0).sqrt());
        (*r, *g, *b) = (0.25 * x + 0.5 * y + 0.25 * z, x - y, z - y);
    });
}

fn to_colours(planes: &mut Planes) {
    let [luminance, red, blue] = &mut planes.rgb;
    luminance.par_iter_mut().zip(red.par_iter_mut()).zip(blue.par_iter_mut()).for_each(|((l, r), b)| {
        let green = *l - 0.25 * (*r + *b);
        let [x, y, z] = [*r + green, green, *b + green].map(|value| value.max(0.0));
        (*l, *r, *b) = (x * x, y * y, z * z);
    });
}
