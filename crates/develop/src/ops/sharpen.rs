//! Op `sharpen`: unsharp masking of luma in the file's own numbers, for the size that is written. The change is limited, so
//! that edges get no halos, and small differences are left alone, which are noise.

use super::simd::vectorised;

/// Samples of the blur on each side.
pub const REACH: usize = 4;
/// Difference below which nothing is sharpened, and the largest change.
const NOISE: f32 = 0.004;
const CHANGE_MAX: f32 = 0.12;

/// How to sharpen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sharpening {
    /// How much of the difference is added.
    pub amount: f32,
    /// Weights of the blur, from the middle outwards; they sum to 1 with their mirror images.
    pub weights: [f32; REACH + 1],
}

impl Sharpening {
    /// `amount` of the recipe (0 to 100), radius in px of the written picture (standard deviation of a Gaussian).
    pub fn new(amount: f32, radius_px: f32) -> Option<Self> {
        if amount <= 0.0 {
            return None;
        }
        let raw: [f32; REACH + 1] =
            std::array::from_fn(|index| (-0.5 * (index as f32 / radius_px.max(0.1)).powi(2)).exp());
        let sum = raw[0] + 2.0 * raw[1..].iter().sum::<f32>();
        Some(Self { amount: amount / 50.0, weights: raw.map(|weight| weight / sum) })
    }

    /// What is added to a pixel of this luma, whose surroundings are `blurred`.
    #[inline]
    pub fn change(&self, luma: f32, blurred: f32) -> f32 {
        let difference = luma - blurred;
        let beyond = difference - difference.clamp(-NOISE, NOISE);
        (self.amount * beyond).clamp(-CHANGE_MAX, CHANGE_MAX)
    }
}

vectorised! {
    /// The changes of a row: `down` stands `REACH` values further to the right.
    pub(crate) fn changes(how: Sharpening, luma: &[f32], down: &[f32], changes: &mut [f32]) {
        for ((change, luma), around) in changes.iter_mut().zip(luma).zip(down.windows(2 * REACH + 1)) {
            let mut blurred = how.weights[0] * around[REACH];
            for offset in 1..=REACH {
                blurred += how.weights[offset] * (around[REACH - offset] + around[REACH + offset]);
            }
            *change = how.change(*luma, blurred);
        }
    }
}
