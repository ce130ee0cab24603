//! Auto: exposure, curve and white balance of a frame.
//!
//! Where the camera put its own picture into the file, that is the measure: the developed picture replaces it on guests'
//! phones and must not jump. Where there is none, the scene decides. A frame of a burst leans on the frame before it.

mod matching;
mod scene;

use crate::{
    jpeg::Picture,
    ops::{balance, highlights, matrix},
    plan,
    raw::{Planes, Sensor},
    recipe::WhiteBalance,
    settled::Settled,
};

/// Longer side of what is looked at, px.
const LOOK_PX: usize = 240;
/// Difference of the camera's own exposure from which a frame of a burst was exposed differently on purpose, stops.
const SAME_EXPOSURE_EV: f32 = 0.15;

/// What auto comes to. `planes` is the frame in camera colours (as stored), `camera` the camera's own picture of it (upright,
/// sRGB), `prior` the frame before it in the same burst.
pub(crate) fn settle(sensor: &Sensor, planes: &Planes, camera: Option<&Picture>, prior: Option<&Settled>) -> Settled {
    let small = small(planes);
    let camera_ev = exposure_value(sensor);
    let same = prior.filter(|prior| (prior.camera_ev - camera_ev).abs() < SAME_EXPOSURE_EV);
    let found = scene::white_balance(sensor, &small);
    // Half of the way to the frame before: a burst drifts with the light and does not flicker.
    let balance = match same.and_then(|prior| prior.balance) {
        Some(before) => std::array::from_fn(|colour| (found[colour] * before[colour]).sqrt()),
        None => found,
    };
    let mut settled = Settled { balance: Some(balance), camera_ev, ..Settled::default() };
    let gains = plan::balance(sensor, WhiteBalance::AsShot, &settled);
    let lit = lit(sensor, &small, gains);
    match camera.and_then(|camera| matching::matched(&lit, sensor.orientation, camera)) {
        Some(found) => {
            settled.ev = found.ev;
            settled.chroma = found.chroma;
            settled.curve = Some(found.curve);
        }
        None => settled.ev = scene::exposure(&lit),
    }
    if let Some(before) = same {
        steady(&mut settled, before, camera.is_some());
    }
    settled
}

/// Without the camera's own picture, neighbours share their brightness; with it, each follows its own.
fn steady(settled: &mut Settled, before: &Settled, matched: bool) {
    if !matched {
        settled.ev = before.ev + (settled.ev - before.ev).clamp(-0.05, 0.05);
    }
    settled.chroma = before.chroma + (settled.chroma - before.chroma).clamp(-0.02, 0.02);
}

/// EV at ISO 100 (ISO 2720); 0 where the camera did not tell all three.
fn exposure_value(sensor: &Sensor) -> f32 {
    let (n, t, s) = (sensor.aperture_f, sensor.shutter_s, sensor.iso);
    if n > 0.0 && t > 0.0 && s > 0.0 { (n * n / t * 100.0 / s).log2() } else { 0.0 }
}

/// Side of the blocks, px, whose means auto looks at in a picture of this size.
pub(crate) fn look_step(width: usize, height: usize) -> usize {
    width.max(height).div_ceil(LOOK_PX).max(1)
}

/// The picture with its longer side at [`LOOK_PX`], as means of blocks.
pub(crate) fn small(planes: &Planes) -> Planes {
    let step = look_step(planes.width, planes.height);
    let (width, height) = (planes.width / step, planes.height / step);
    if width == 0 || height == 0 {
        return planes.clone();
    }
    let mut out = Planes::new(width, height);
    for (from, to) in planes.rgb.iter().zip(&mut out.rgb) {
        for (y, row) in to.chunks_exact_mut(width).enumerate() {
            for line in from.chunks_exact(planes.width).skip(y * step).take(step) {
                for (value, block) in row.iter_mut().zip(line.chunks_exact(step)) {
                    *value += block.iter().sum::<f32>();
                }
            }
        }
        let share = 1.0 / (step * step) as f32;
        for value in to.iter_mut() {
            *value *= share;
        }
    }
    out
}

/// In linear sRGB, before exposure and curve.
fn lit(sensor: &Sensor, small: &Planes, gains: [f32; 3]) -> Planes {
    let least = gains.iter().copied().fold(f32::MAX, f32::min).max(1e-3);
    let gains = gains.map(|gain| gain / least);
    let mut lit = small.clone();
    let [red, green, blue] = &mut lit.rgb;
    let row = &mut [red.as_mut_slice(), green.as_mut_slice(), blue.as_mut_slice()];
    balance::balance(row, gains, f32::MAX);
    highlights::highlights(row, gains);
    matrix::matrix(row, &sensor.srgb_from_camera);
    lit
}
