//! Op `tone`: one curve for all colours that keeps their hue. The largest and the smallest value of a pixel go through the
//! curve, the middle one keeps its place between them (Adobe's DNG SDK calls this the RGB tone; DNG Specification 1.4,
//! ProfileToneCurve).

use super::Row;

/// Entries of a curve's table.
const ENTRIES: usize = 4096;
/// Largest input; four stops above white.
pub const INPUT_MAX: f32 = 16.0;

/// A curve as a table over the square root of its input, which is fine where the eye is.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    table: Vec<f32>,
}

impl Curve {
    /// A table of `curve`, over 0 to [`INPUT_MAX`].
    pub fn new(curve: impl Fn(f32) -> f32) -> Self {
        let input = |index: usize| {
            let root = index as f32 / (ENTRIES - 1) as f32;
            root * root * INPUT_MAX
        };
        // One entry more, so that reading between two never ends.
        Self { table: (0..=ENTRIES).map(|index| curve(input(index.min(ENTRIES - 1)))).collect() }
    }

    /// The curve at `x`.
    pub fn at(&self, x: f32) -> f32 {
        let place = (x.clamp(0.0, INPUT_MAX) * (1.0 / INPUT_MAX)).sqrt() * (ENTRIES - 1) as f32;
        let index = place as usize;
        let share = place - index as f32;
        match self.table.get(index..index + 2) {
            Some(&[low, high]) => low + (high - low) * share,
            _ => 1.0,
        }
    }

    /// The table, for the GPU.
    pub fn table(&self) -> &[f32] {
        &self.table
    }
}

/// Sends a row through the curve.
pub fn tone(row: &mut Row<'_>, curve: &Curve) {
    let [red, green, blue] = row;
    for ((r, g), b) in red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut()) {
        let (most, least) = (r.max(*g).max(*b), r.min(*g).min(*b));
        let (high, low) = (curve.at(most), curve.at(least));
        let span = most - least;
        // Between both: as far from the lower one as before.
        let slope = if span > 1e-6 { (high - low) / span } else { 0.0 };
        *r = low + (*r - least) * slope;
        *g = low + (*g - least) * slope;
        *b = low + (*b - least) * slope;
    }
}
