//! The camera's own picture as a measure: which curve took the sensor's light to it, and how colourful it is.
//!
//! Both pictures show the same scene, so pixels are compared with pixels. Every comparison is a median: faces that moved,
//! flare, or a logo that the camera burned in change nothing.

use model::Orientation;

use crate::{
    curve::{Base, srgb_decode},
    jpeg::Picture,
    ops::LUMA_709,
    raw::Planes,
    resize,
};

/// Pairs that a stop of light must have before its median counts.
const PAIRS_MIN: usize = 24;
/// Pictures whose shapes differ by more show different parts of the scene.
const SHAPE_TOLERANCE: f32 = 0.04;
/// Width of a step of light, stops.
const STEP: f32 = 0.5;
const STEPS: usize = 32;
const FIRST: f32 = -13.0;

/// What was found.
pub struct Matched {
    pub ev: f32,
    pub curve: Base,
    pub chroma: f32,
}

/// Compares; nothing where the two do not show the same.
pub fn matched(lit: &Planes, orientation: Orientation, camera: &Picture) -> Option<Matched> {
    let pairs = Pairs::new(lit, orientation, camera)?;
    let medians = pairs.medians()?;
    let ev = stops_at_middle(&medians);
    // The curve behind those stops.
    let curve = Base::new(|stop| medians.at(stop - ev));
    Some(Matched { ev, curve, chroma: pairs.chroma(&medians) })
}

/// The same places of both pictures: linear sRGB each.
struct Pairs(Vec<([f32; 3], [f32; 3])>);

fn luminance([r, g, b]: [f32; 3]) -> f32 {
    LUMA_709[0] * r + LUMA_709[1] * g + LUMA_709[2] * b
}

impl Pairs {
    fn new(lit: &Planes, orientation: Orientation, camera: &Picture) -> Option<Self> {
        let upright = if orientation.swaps_axes() { (lit.height, lit.width) } else { (lit.width, lit.height) };
        let shape = |(width, height): (usize, usize)| width as f32 / height.max(1) as f32;
        let theirs = (camera.width_px as usize, camera.height_px as usize);
        if (shape(upright) / shape(theirs) - 1.0).abs() > SHAPE_TOLERANCE || lit.width < 16 || lit.height < 16 {
            return None;
        }
        let small = resize::resized(camera, (upright.0 as u32, upright.1 as u32)).ok()?;
        let table: Vec<f32> = (0..=255_u8).map(|value| srgb_decode(f32::from(value) / 255.0)).collect();
        let pair = |(index, pixel): (usize, &[u8])| {
            let (x, y) = (index % upright.0, index / upright.0);
            let (column, row) = stored(orientation, (x, y), (lit.width, lit.height));
            let at = row * lit.width + column;
            let ours = [lit.rgb[0].get(at)?, lit.rgb[1].get(at)?, lit.rgb[2].get(at)?].map(|value| value.max(0.0));
            Some((ours, [table[usize::from(pixel[0])], table[usize::from(pixel[1])], table[usize::from(pixel[2])]]))
        };
        let pairs: Vec<_> = small.rgb.chunks_exact(3).enumerate().filter_map(pair).collect();
        (pairs.len() > 200).then_some(Self(pairs))
    }

    /// The camera's light for each step of the sensor's.
    fn medians(&self) -> Option<Medians> {
        let mut steps: Vec<Vec<f32>> = vec![Vec::new(); STEPS];
        for (ours, theirs) in &self.0 {
            let place = (luminance(*ours).max(1e-5).log2() - FIRST) / STEP;
            if let Some(step) = steps.get_mut(place.max(0.0) as usize) {
                step.push(luminance(*theirs));
            }
        }
        let known: Vec<(f32, f32)> = steps
            .iter_mut()
            .enumerate()
            .filter(|(_, step)| step.len() >= PAIRS_MIN)
            .map(|(index, step)| (FIRST + (index as f32 + 0.5) * STEP, median(step).max(1e-5).log2()))
            .collect();
        (known.len() >= 3).then_some(Medians(known))
    }

    /// The camera's colourfulness over ours, where both are in the middle.
    fn chroma(&self, medians: &Medians) -> f32 {
        let strength = |rgb: [f32; 3]| {
            let most = rgb[0].max(rgb[1]).max(rgb[2]);
            let least = rgb[0].min(rgb[1]).min(rgb[2]);
            (most - least) / most.max(1e-4)
        };
        let mut ratios: Vec<f32> = self
            .0
            .iter()
            .filter(|(ours, theirs)| {
                let light = luminance(*theirs);
                (0.03..0.7).contains(&light) && (0.08..0.7).contains(&strength(*ours)) && luminance(*ours) < 0.8
            })
            .map(|(ours, theirs)| {
                // What the curve alone makes of our colours.
                let toned = ours.map(|value| medians.at(value.max(1e-5).log2()).exp2());
                strength(*theirs) / strength(toned).max(0.02)
            })
            .collect();
        if ratios.len() < 200 { 1.0 } else { median(&mut ratios).clamp(0.75, 1.4) }
    }
}

/// Logarithms of light out over logarithms of light in, at the steps that occur.
struct Medians(Vec<(f32, f32)>);

impl Medians {
    /// Between steps: straight. Beyond them: at the bottom proportional, at the top ever flatter.
    fn at(&self, stop: f32) -> f32 {
        let (Some(&(first_in, first_out)), Some(&(last_in, last_out))) = (self.0.first(), self.0.last()) else {
            return stop;
        };
        if stop <= first_in {
            return first_out + (stop - first_in);
        }
        if stop >= last_in {
            // Half of what is missing to white with every further stop.
            return last_out * (-(stop - last_in)).exp2();
        }
        let next = self.0.partition_point(|(known, _)| *known < stop).clamp(1, self.0.len() - 1);
        let ((in_a, out_a), (in_b, out_b)) = (self.0[next - 1], self.0[next]);
        out_a + (out_b - out_a) * (stop - in_a) / (in_b - in_a).max(1e-6)
    }
}

/// How many stops brighter the camera's middle is.
fn stops_at_middle(medians: &Medians) -> f32 {
    let middle = 0.18_f32.log2();
    // The light that the camera made middle grey of.
    let (mut low, mut high) = (FIRST, 2.0);
    for _ in 0..40 {
        let stop = 0.5 * (low + high);
        if medians.at(stop) < middle { low = stop } else { high = stop }
    }
    (middle - 0.5 * (low + high)).clamp(-3.0, 5.0)
}

fn median(values: &mut [f32]) -> f32 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// Column and row as stored, of an upright pixel.
fn stored(orientation: Orientation, (x, y): (usize, usize), (width, height): (usize, usize)) -> (usize, usize) {
    let (right, bottom) = (width.saturating_sub(1), height.saturating_sub(1));
    match orientation.value() {
        2 => (right.saturating_sub(x), y),
        3 => (right.saturating_sub(x), bottom.saturating_sub(y)),
        4 => (x, bottom.saturating_sub(y)),
        5 => (y, x),
        6 => (y, bottom.saturating_sub(x)),
        7 => (right.saturating_sub(y), bottom.saturating_sub(x)),
        8 => (right.saturating_sub(y), x),
        _ => (x, y),
    }
}
