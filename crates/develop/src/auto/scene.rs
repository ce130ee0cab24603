//! The scene as a measure, where the camera left no picture of its own, and for white balance on demand.

use crate::{
    ops::LUMA_709,
    raw::{Planes, Sensor},
    temperature,
};

/// Light that a face or a dress should end up with, before the soft curve.
const MIDDLE: f32 = 0.16;
/// Where the brightest hundredth should stay below.
const BRIGHTEST: f32 = 1.6;

/// Stops that bring the scene's middle to where it belongs. `lit` is linear sRGB.
///
/// A stage or a black cloth is no scene: what is darker than a sixtieth of the bright parts does not count, and the middle of
/// the picture counts more than its edge.
pub fn exposure(lit: &Planes) -> f32 {
    let mut seen = Vec::with_capacity(lit.width * lit.height);
    for (index, ((r, g), b)) in lit.rgb[0].iter().zip(&lit.rgb[1]).zip(&lit.rgb[2]).enumerate() {
        let luminance = (LUMA_709[0] * r + LUMA_709[1] * g + LUMA_709[2] * b).max(1e-5);
        seen.push((luminance, weight(index, lit.width, lit.height)));
    }
    if seen.is_empty() {
        return 0.0;
    }
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let bright = quantile(&seen, 0.99);
    let floor = bright / 60.0;
    let counted: Vec<(f32, f32)> = seen.iter().copied().filter(|(light, _)| *light > floor).collect();
    let middle = quantile(if counted.len() * 50 > seen.len() { &counted } else { &seen }, 0.5);
    let wanted = (MIDDLE / middle).log2();
    let allowed = (BRIGHTEST / bright).log2();
    // Lamps may burn out before faces drown: at most two stops of the lights are given away.
    wanted.min(allowed.max(wanted - 2.0)).clamp(-2.0, 4.0)
}

/// Multipliers of red, green, blue from the scene: the light whose white would make the scene's pale parts grey, kept near
/// lights that exist and near what the camera chose.
///
/// Shades of grey (Finlayson and Trezzi, 2004: a Minkowski mean of power 6) over pixels that are neither dark, nor full,
/// nor strongly coloured under the camera's own balance; coloured stage light thereby stays coloured.
pub fn white_balance(sensor: &Sensor, small: &Planes) -> [f32; 3] {
    let as_shot = sensor.as_shot.unwrap_or(sensor.daylight);
    let mut sums = [0.0_f64; 3];
    let mut count = 0_usize;
    for ((r, g), b) in small.rgb[0].iter().zip(&small.rgb[1]).zip(&small.rgb[2]) {
        let balanced = [r * as_shot[0], g * as_shot[1], b * as_shot[2]];
        let most = balanced[0].max(balanced[1]).max(balanced[2]);
        let least = balanced[0].min(balanced[1]).min(balanced[2]);
        let full = [r, g, b].iter().any(|value| **value > 0.95);
        if full || most < 0.01 || (most - least) > 0.35 * most {
            continue;
        }
        for (sum, value) in sums.iter_mut().zip([r, g, b]) {
            *sum += f64::from(value.max(0.0)).powi(6);
        }
        count += 1;
    }
    if count * 50 < small.width * small.height {
        return as_shot;
    }
    let mean = sums.map(|sum| (sum / count as f64).powf(1.0 / 6.0).max(1e-6) as f32);
    let gains = [mean[1] / mean[0], 1.0, mean[1] / mean[2]];
    plausible(sensor, gains, as_shot)
}

/// A light that exists: near the Planckian locus; and at most a third of the way off what the camera chose.
fn plausible(sensor: &Sensor, gains: [f32; 3], as_shot: [f32; 3]) -> [f32; 3] {
    let Some(camera) = temperature::camera_from_xyz(sensor.camera_from_xyz, &sensor.srgb_from_camera, sensor.daylight)
    else {
        return as_shot;
    };
    let found = temperature::temperature(&camera, gains).and_then(|(kelvin, tint)| {
        temperature::multipliers(&camera, kelvin.clamp(2200.0, 12_000.0), tint.clamp(-20.0, 40.0))
    });
    let Some(found) = found else { return as_shot };
    std::array::from_fn(|colour| {
        let ratio = (found[colour] / as_shot[colour]).clamp(0.72, 1.4);
        as_shot[colour] * ratio
    })
}

/// 1 in the middle, a third at the edge.
fn weight(index: usize, width: usize, height: usize) -> f32 {
    let part = |at: usize, length: usize| (at as f32 + 0.5) / length.max(1) as f32 * 2.0 - 1.0;
    let (x, y) = (part(index % width.max(1), width), part(index / width.max(1), height));
    1.0 / (1.0 + x * x + y * y)
}

/// The light below which this share of all weight lies; `sorted` by light.
fn quantile(sorted: &[(f32, f32)], share: f32) -> f32 {
    let all: f32 = sorted.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    for (light, weight) in sorted {
        sum += weight;
        if sum >= all * share {
            return *light;
        }
    }
    sorted.last().map_or(1e-5, |(light, _)| *light)
}
