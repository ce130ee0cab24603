//! Op `denoise`: wavelet shrinkage. An undecimated transform with a B3 spline ("à trous": Starck, Murtagh and Bijaoui, 1998)
//! of brightness and two colour differences, in the square root of light, where shot noise is even (Anscombe, 1948);
//! differences below the noise's size are taken away (soft threshold: Donoho, 1995).

use rayon::prelude::*;

use super::simd::vectorised;
use crate::raw::Planes;

/// Scales that are looked at: 1, 2 and 4 px.
pub const LEVELS: usize = 3;
/// The B3 spline.
pub const SPLINE: [f32; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];
/// How much noise of equal size is left in each scale: what the spline makes of white noise.
pub const SHARES: [f32; LEVELS] = [0.89, 0.20, 0.086];

/// Pixels that one thread takes at once.
const BAND: usize = 1 << 15;

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
    // Room for all three: memory that comes and goes costs more than what is done in it.
    let mut room = [0; 3].map(|_| vec![0.0; width * height]);
    for (index, plane) in planes.rgb.iter_mut().enumerate() {
        let threshold = if index == 0 { how.luminance } else { how.colour };
        if threshold > 0.0 {
            shrink(plane, width, height, threshold, &mut room);
        }
    }
    to_colours(planes);
}

fn shrink(plane: &mut Vec<f32>, width: usize, height: usize, threshold: f32, room: &mut [Vec<f32>; 3]) {
    let [kept, across, smooth] = room;
    kept.fill(0.0);
    for (level, share) in SHARES.iter().enumerate() {
        let step = 1_usize << level;
        across.par_chunks_mut(width).zip(plane.par_chunks(width)).for_each(|(out, row)| blur_row(row, step, out));
        let limit = threshold * share;
        let rows = smooth.par_chunks_mut(width).zip(kept.par_chunks_mut(width)).zip(plane.par_chunks(width));
        rows.enumerate().for_each(|(y, ((smooth, kept), row))| {
            let taps = std::array::from_fn(|tap| {
                let at = mirrored(y, (tap as isize - 2) * step as isize, height) * width;
                &across[at..at + width]
            });
            blur(taps, smooth);
            keep_details(row, smooth, limit, kept);
        });
        std::mem::swap(plane, smooth);
    }
    plane.par_iter_mut().zip(kept.par_iter()).for_each(|(value, kept)| *value += kept);
}

/// A row blurred along itself, neighbours `step` px apart.
fn blur_row(row: &[f32], step: usize, out: &mut [f32]) {
    let width = row.len();
    let edge = (2 * step).min(width);
    // Inside, five rows beside each other; at the edges, what lies beyond is thrown back.
    if let Some(inside) = width.checked_sub(2 * edge).filter(|inside| *inside > 0) {
        blur(std::array::from_fn(|tap| &row[tap * step..tap * step + inside]), &mut out[edge..edge + inside]);
    }
    for x in (0..edge).chain(edge.max(width - edge)..width) {
        let tap = |(tap, weight)| weight * row[mirrored(x, (tap as isize - 2) * step as isize, width)];
        out[x] = SPLINE.into_iter().enumerate().map(tap).sum();
    }
}

vectorised! {
    /// Five rows, weighed by the spline.
    fn blur(taps: [&[f32]; 5], out: &mut [f32]) {
        let [a, b, c, d, e] = taps;
        for (((((out, a), b), c), d), e) in out.iter_mut().zip(a).zip(b).zip(c).zip(d).zip(e) {
            *out = SPLINE[0] * a + SPLINE[1] * b + SPLINE[2] * c + SPLINE[3] * d + SPLINE[4] * e;
        }
    }
}

vectorised! {
    /// What is left of the differences of one scale.
    fn keep_details(row: &[f32], smooth: &[f32], limit: f32, kept: &mut [f32]) {
        for ((sum, value), smooth) in kept.iter_mut().zip(row).zip(smooth) {
            let detail = value - smooth;
            *sum += detail - detail.clamp(-limit, limit);
        }
    }
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
    let bands = red.par_chunks_mut(BAND).zip(green.par_chunks_mut(BAND)).zip(blue.par_chunks_mut(BAND));
    bands.for_each(|((red, green), blue)| differences_of(red, green, blue));
}

fn to_colours(planes: &mut Planes) {
    let [luminance, red, blue] = &mut planes.rgb;
    let bands = luminance.par_chunks_mut(BAND).zip(red.par_chunks_mut(BAND)).zip(blue.par_chunks_mut(BAND));
    bands.for_each(|((luminance, red), blue)| colours_of(luminance, red, blue));
}

vectorised! {
    fn differences_of(red: &mut [f32], green: &mut [f32], blue: &mut [f32]) {
        for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
            let [x, y, z] = [*r, *g, *b].map(|value| value.max(0.0).sqrt());
            (*r, *g, *b) = (0.25 * x + 0.5 * y + 0.25 * z, x - y, z - y);
        }
    }
}

vectorised! {
    fn colours_of(luminance: &mut [f32], red: &mut [f32], blue: &mut [f32]) {
        for ((l, r), b) in luminance.iter_mut().zip(red).zip(blue) {
            let green = *l - 0.25 * (*r + *b);
            let [x, y, z] = [*r + green, green, *b + green].map(|value| value.max(0.0));
            (*l, *r, *b) = (x * x, y * y, z * z);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_blurred_to_its_very_ends() {
        for width in [2, 3, 4, 5, 7, 8, 9, 16, 17, 40, 100] {
            let row: Vec<f32> = (0..width).map(|x| (x * 37 % 101) as f32 / 101.0).collect();
            for step in [1, 2, 4] {
                let mut out = vec![f32::NAN; width];
                blur_row(&row, step, &mut out);
                for (x, value) in out.iter().enumerate() {
                    let at = |tap: isize| row[mirrored(x, (tap - 2) * step as isize, width)];
                    let wanted: f32 = (0..5).map(|tap| SPLINE[tap as usize] * at(tap)).sum();
                    assert!((value - wanted).abs() < 1e-6, "{width}, {step}, {x}");
                }
            }
        }
    }
}
