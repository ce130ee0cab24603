//! The curve from sensor light to the light of a finished picture: a base, and what the recipe bends of it.

use serde::{Deserialize, Serialize};

use crate::recipe::{BaseCurve, Tone};

/// Places of a base curve's knots: stops below and above sensor white, from -10 to 2.
pub(crate) const KNOTS: usize = 25;
const FIRST_STOP: f32 = -10.0;
const STOPS_PER_KNOT: f32 = 0.5;

/// A base curve: light out of light in, as logarithms (base 2) at even steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Base(Vec<f32>);

impl Base {
    /// From the logarithm out for each knot's logarithm in. Never falling, and nothing above white.
    pub(crate) fn new(mut at: impl FnMut(f32) -> f32) -> Self {
        let mut highest = f32::MIN;
        let knot = |index: usize| FIRST_STOP + index as f32 * STOPS_PER_KNOT;
        Self(
            (0..KNOTS)
                .map(|index| {
                    highest = highest.max(at(knot(index)).clamp(-24.0, 0.0));
                    highest
                })
                .collect(),
        )
    }

    /// A soft shoulder and a little contrast, for frames without a camera's own picture. Extended Reinhard (Reinhard et al.,
    /// "Photographic Tone Reproduction for Digital Images", 2002) with white three stops above the sensor's.
    pub(crate) fn soft() -> Self {
        Self::new(|stop| {
            let light = stop.exp2() * 1.7;
            let white = 1.7_f32 * 4.0;
            let shoulder = light * (1.0 + light / (white * white)) / (1.0 + light);
            // As much contrast as cameras give.
            let encoded = srgb_encode(shoulder * 1.18);
            srgb_decode(bent(encoded, 0.35, 0.42)).max(1e-7).log2()
        })
    }

    /// Light out.
    pub(crate) fn at(&self, light: f32) -> f32 {
        let place = (light.max(1e-7).log2() - FIRST_STOP) / STOPS_PER_KNOT;
        if place <= 0.0 {
            // Below the first knot: proportional.
            let first = self.0.first().copied().unwrap_or(FIRST_STOP);
            return first.exp2() * (light.max(0.0) / FIRST_STOP.exp2());
        }
        let index = place.floor().min((KNOTS - 2) as f32);
        let share = (place - index).min(1.0);
        // Monotone where the knots are: Catmull-Rom, kept between its neighbours.
        let knot = |offset: i32| {
            let at = (index as i32 + offset).clamp(0, KNOTS as i32 - 1) as usize;
            self.0.get(at).copied().unwrap_or(0.0)
        };
        let (a, b, c, d) = (knot(-1), knot(0), knot(1), knot(2));
        let curve =
            b + 0.5 * share * (c - a + share * (2.0 * a - 5.0 * b + 4.0 * c - d + share * (3.0 * (b - c) + d - a)));
        curve.clamp(b.min(c), b.max(c)).exp2()
    }
}

/// Light out of light in, for a recipe's tone. `base` is the frame's own curve.
pub(crate) fn tone_curve<'a>(tone: &'a Tone, camera: Option<&'a Base>) -> impl Fn(f32) -> f32 + 'a {
    let soft = Base::soft();
    move |light| {
        let based = match (tone.base, camera) {
            (BaseCurve::Linear, _) => light,
            (BaseCurve::Camera, Some(camera)) => camera.at(light),
            (BaseCurve::Camera | BaseCurve::Soft, _) => soft.at(light),
        };
        srgb_decode(adjusted(srgb_encode(based.clamp(0.0, 1.0)), tone))
    }
}

/// The recipe's sliders, on what a screen is told (0 to 1). Each alone, and all together at their ends, never fall.
fn adjusted(value: f32, tone: &Tone) -> f32 {
    let amount = |slider: f32| slider / 100.0;
    let value = bent(value, amount(tone.contrast), 0.46);
    let dark = value * (1.0 - value) * (1.0 - value);
    let value = value + 0.8 * amount(tone.shadows) * dark;
    let light = value * value * (1.0 - value);
    let value = value + 0.8 * amount(tone.highlights) * light;
    let black = amount(tone.black);
    let value = if black >= 0.0 {
        value + 0.12 * black * (1.0 - value)
    } else {
        let cut = -0.12 * black;
        (value - cut) / (1.0 - cut)
    };
    value.clamp(0.0, 1.0)
}

/// Contrast around `pivot`, -1 to 1; both ends stay.
fn bent(value: f32, contrast: f32, pivot: f32) -> f32 {
    value + 1.6 * contrast * (value - pivot) * value * (1.0 - value)
}

/// IEC 61966-2-1.
pub(crate) fn srgb_encode(light: f32) -> f32 {
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

/// IEC 61966-2-1.
pub(crate) fn srgb_decode(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_soft_curve_is_like_a_cameras() {
        let soft = Base::soft();
        // Middle grey of an exposure with a stop of headroom comes out a little brighter; white is nearly white.
        assert!((0.15..0.35).contains(&soft.at(0.13)), "{}", soft.at(0.13));
        assert!(soft.at(1.0) > 0.7 && soft.at(4.0) <= 1.0);
        assert!(soft.at(0.0).abs() < 1e-9 && soft.at(1e-5) > 0.0);
    }

    proptest! {
        #[test]
        fn no_recipe_turns_light_into_dark(
            contrast in -100.0_f32..100.0, highlights in -100.0_f32..100.0,
            shadows in -100.0_f32..100.0, black in -100.0_f32..100.0,
        ) {
            for base in [BaseCurve::Linear, BaseCurve::Soft] {
                let tone = Tone { base, contrast, highlights, shadows, black };
                let curve = tone_curve(&tone, None);
                let mut last = -1.0;
                for step in 0..400 {
                    let out = curve((step as f32 / 400.0).powi(3) * 4.0);
                    prop_assert!((0.0..=1.0).contains(&out));
                    prop_assert!(out >= last - 2e-4, "falls at step {}: {} after {}", step, out, last);
                    last = out;
                }
            }
        }
    }
}
