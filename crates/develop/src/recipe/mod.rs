//! How a frame is developed: a typed, versioned description that names its own result.
//!
//! A recipe never touches the original. Its numbers are rounded and kept inside their ranges before they are used
//! ([`Recipe::normalised`]), so that equal recipes have equal hashes and unequal ones differ visibly. `process` says which
//! generation of formulas renders it: a later generation leaves the earlier ones as they are, so that a picture that was
//! sold looks the same for ever.

mod ranges;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The newest generation of formulas.
pub const PROCESS_NEWEST: u16 = 1;

/// A recipe that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// Not our JSON.
    #[error("this is no recipe: {detail}")]
    Unreadable {
        /// The reader's own words.
        detail: String,
    },
    /// Made by a newer Boothlight.
    #[error("this recipe was made by a newer Boothlight (process {process}); this one knows up to {PROCESS_NEWEST}")]
    TooNew {
        /// What it asks for.
        process: u16,
    },
}

/// How a frame is developed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Generation of formulas.
    pub process: u16,
    /// Exposure.
    pub exposure: Exposure,
    /// What is grey.
    pub white_balance: WhiteBalance,
    /// Light and dark.
    pub tone: Tone,
    /// How colourful.
    pub colour: ColourAmount,
    /// What is seen.
    pub geometry: Geometry,
    /// Noise.
    pub denoise: Denoise,
    /// Sharpness, for the size that is written.
    pub sharpen: Sharpen,
    /// The photographer's own mark on the finished picture; proofs carry another one besides.
    pub watermark: Option<Watermark>,
    /// A border around the picture.
    pub frame: Option<Border>,
}

/// Exposure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exposure {
    /// Brightness follows the camera's own JPEG, or the scene where there is none; `ev` comes on top of it.
    pub auto: bool,
    /// Stops, -5 to 5.
    pub ev: f32,
}

/// What is grey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mode", deny_unknown_fields)]
pub enum WhiteBalance {
    /// As the camera chose.
    #[default]
    AsShot,
    /// From the scene.
    Auto,
    /// Chosen.
    Kelvin {
        /// Colour temperature of the light, K: 2,000 to 25,000.
        temperature_k: f32,
        /// Towards green (negative) or magenta (positive): -150 to 150, a unit is 1/3000 of Duv.
        tint: f32,
    },
    /// Picked from something grey in the picture.
    Grey {
        /// Multiplier of the camera's red, with green at 1.
        red: f32,
        /// Multiplier of its blue.
        blue: f32,
    },
}

/// The curve that everything else bends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseCurve {
    /// Matched to the camera's own JPEG of the frame; a soft one where there is none.
    #[default]
    Camera,
    /// The same soft one for every camera.
    Soft,
    /// None.
    Linear,
}

/// Light and dark; amounts are -100 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tone {
    /// Where it begins.
    pub base: BaseCurve,
    /// Steeper or flatter around middle grey.
    pub contrast: f32,
    /// Brighter or darker lights.
    pub highlights: f32,
    /// Brighter or darker darks.
    pub shadows: f32,
    /// Where black begins.
    pub black: f32,
}

/// How colourful; amounts are -100 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ColourAmount {
    /// All colours; -100 is black and white.
    pub saturation: f32,
    /// Pale colours more than strong ones.
    pub vibrance: f32,
}

/// A part of the upright picture; all are shares of its width and height, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// What is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Geometry {
    /// Everything, if nothing is said.
    pub crop: Option<Crop>,
    /// Turned clockwise before it is cropped, degrees: -45 to 45.
    pub straighten_deg: f32,
}

/// Noise; amounts are 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Denoise {
    /// Both amounts follow the ISO sensitivity; the two below come on top.
    pub auto: bool,
    /// Of brightness.
    pub luminance: f32,
    /// Of colour.
    pub colour: f32,
}

/// Sharpness of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sharpen {
    /// 0 to 100.
    pub amount: f32,
    /// Width of the edges, px of the written picture: 0.4 to 3.
    pub radius_px: f32,
}

/// Where a watermark stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    /// Top left.
    TopLeft,
    /// Top right.
    TopRight,
    /// Bottom left.
    BottomLeft,
    /// Bottom right.
    #[default]
    BottomRight,
    /// In the middle of the lower edge.
    BottomCentre,
}

/// The photographer's own mark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    /// What it says, 80 characters at most.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub corner: Corner,
    /// Height of its letters, percent of the picture's shorter side: 1 to 20.
    pub size_percent: f32,
    /// 0 to 100.
    pub opacity: f32,
}

/// A border around the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Border {
    /// Its width, percent of the picture's shorter side: 0 to 25.
    pub width_percent: f32,
    /// How much wider it is below, percent of the shorter side: 0 to 25 (an instant picture has a foot).
    pub foot_percent: f32,
    /// sRGB.
    pub colour: [u8; 3],
}

impl Default for Recipe {
    /// The look of a frame that nobody touched: the camera's own brightness and curve, a little sharper.
    fn default() -> Self {
        Self {
            process: PROCESS_NEWEST,
            exposure: Exposure::default(),
            white_balance: WhiteBalance::AsShot,
            tone: Tone::default(),
            colour: ColourAmount::default(),
            geometry: Geometry::default(),
            denoise: Denoise::default(),
            sharpen: Sharpen::default(),
            watermark: None,
            frame: None,
        }
    }
}

impl Default for Exposure {
    fn default() -> Self {
        Self { auto: true, ev: 0.0 }
    }
}

impl Default for Denoise {
    fn default() -> Self {
        Self { auto: true, luminance: 0.0, colour: 0.0 }
    }
}

impl Default for Sharpen {
    fn default() -> Self {
        Self { amount: 35.0, radius_px: 0.7 }
    }
}

impl Recipe {
    /// Reads a recipe from JSON; what is not said takes its default.
    pub fn from_json(json: &[u8]) -> Result<Self, RecipeError> {
        let recipe: Self =
            serde_json::from_slice(json).map_err(|error| RecipeError::Unreadable { detail: error.to_string() })?;
        recipe.checked()
    }

    /// The same, as JSON that people can read.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.normalised()).unwrap_or_default()
    }

    /// Normalised, if this Boothlight can render it.
    pub fn checked(&self) -> Result<Self, RecipeError> {
        if self.process == 0 || self.process > PROCESS_NEWEST {
            return Err(RecipeError::TooNew { process: self.process });
        }
        Ok(self.normalised())
    }

    /// SHA-256 over the normalised recipe: equal recipes have equal hashes, on every machine.
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"boothlight recipe\0");
        hasher.update(serde_json::to_vec(&self.normalised()).unwrap_or_default());
        hasher.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_said_is_the_default_and_nonsense_is_refused() {
        assert_eq!(Recipe::from_json(b"{}").unwrap(), Recipe::default());
        let dark = Recipe::from_json(br#"{"exposure":{"auto":true,"ev":-1}}"#).unwrap();
        assert!((dark.exposure.ev + 1.0).abs() < 1e-6 && dark.hash() != Recipe::default().hash());
        assert!(matches!(Recipe::from_json(b"7"), Err(RecipeError::Unreadable { .. })));
        assert!(matches!(Recipe::from_json(br#"{"exposer":1}"#), Err(RecipeError::Unreadable { .. })));
        assert_eq!(Recipe::from_json(br#"{"process":9}"#), Err(RecipeError::TooNew { process: 9 }));
    }

    #[test]
    fn the_default_of_process_1_keeps_its_name() {
        // Pictures lie under this name on the disks of booths: a change here needs a new process number.
        let named = hex::encode(Recipe::default().hash());
        assert_eq!(named, "d9e6d018a7001ba6fdaa1a9e2a25411be6dd72a4623e753fffdc858a0ff7f16c");
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_same_name(ev in -9.0_f32..9.0, contrast in -200.0_f32..200.0, kelvin in 0.0_f32..40_000.0) {
            let mut recipe = Recipe::default();
            recipe.exposure.ev = ev;
            recipe.tone.contrast = contrast;
            recipe.white_balance = WhiteBalance::Kelvin { temperature_k: kelvin, tint: ev * 40.0 };
            let again = Recipe::from_json(recipe.to_json().as_bytes()).unwrap();
            prop_assert_eq!(again.hash(), recipe.hash());
            prop_assert_eq!(again.normalised(), again);
        }
    }
}
