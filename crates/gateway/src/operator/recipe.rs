//! A recipe as the API speaks it. Numbers outside their ranges are brought inside by the developing room; this is the form.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a frame is developed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// Generation of formulas.
    pub process: u16,
    pub exposure: Exposure,
    pub white_balance: WhiteBalance,
    pub tone: Tone,
    pub colour: ColourAmount,
    pub geometry: Geometry,
    pub denoise: Denoise,
    pub sharpen: Sharpen,
    /// The photographer's own mark; proofs carry another one besides.
    #[schema(required = true)]
    pub watermark: Option<Watermark>,
    /// A border around the picture.
    #[schema(required = true)]
    pub frame: Option<Border>,
}

/// Exposure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exposure {
    /// Brightness follows the camera's own JPEG, or the scene; `ev` comes on top of it.
    pub auto: bool,
    /// Stops, -5 to 5.
    pub ev: f32,
}

/// What is grey.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "mode", deny_unknown_fields)]
pub(crate) enum WhiteBalance {
    /// As the camera chose.
    AsShot,
    /// From the scene.
    Auto,
    /// Chosen.
    Kelvin {
        /// 2,000 to 25,000 K.
        temperature_k: f32,
        /// Green (negative) to magenta (positive), -150 to 150.
        tint: f32,
    },
    /// Picked from something grey in the picture; multipliers, green is 1.
    Grey { red: f32, blue: f32 },
}

/// The curve that everything else bends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BaseCurve {
    /// Matched to the camera's own JPEG.
    Camera,
    Soft,
    Linear,
}

/// Light and dark; amounts are -100 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tone {
    pub base: BaseCurve,
    pub contrast: f32,
    pub highlights: f32,
    pub shadows: f32,
    pub black: f32,
}

/// How colourful; amounts are -100 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColourAmount {
    pub saturation: f32,
    pub vibrance: f32,
}

/// Shares of the upright picture's width and height, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Crop {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// What is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Geometry {
    /// Null: everything.
    #[schema(required = true)]
    pub crop: Option<Crop>,
    /// Turned clockwise before it is cropped, -45 to 45 degrees.
    pub straighten_deg: f32,
}

/// Noise; amounts are 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Denoise {
    /// Both follow the ISO sensitivity; the amounts come on top.
    pub auto: bool,
    pub luminance: f32,
    pub colour: f32,
}

/// Sharpness of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sharpen {
    /// 0 to 100.
    pub amount: f32,
    /// 0.4 to 3 px of the written picture.
    pub radius_px: f32,
}

/// Where a watermark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Corner {
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
    BottomCentre,
}

/// The photographer's own mark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Watermark {
    /// 80 characters at most.
    pub text: String,
    pub corner: Corner,
    /// Height of its letters, percent of the shorter side: 1 to 20.
    pub size_percent: f32,
    /// 0 to 100.
    pub opacity: f32,
}

/// A border around the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Border {
    /// Percent of the shorter side, 0 to 25.
    pub width_percent: f32,
    /// How much wider it is below, 0 to 25.
    pub foot_percent: f32,
    /// sRGB.
    pub colour: [u8; 3],
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use develop::recipe as inner;

    use super::*;

    /// A recipe that says everything that can be said.
    fn full(white_balance: inner::WhiteBalance) -> inner::Recipe {
        inner::Recipe {
            white_balance,
            geometry: inner::Geometry {
                crop: Some(inner::Crop { x: 0.1, y: 0.2, width: 0.5, height: 0.4 }),
                straighten_deg: 1.5,
            },
            watermark: Some(inner::Watermark {
                text: "Lena".into(),
                corner: inner::Corner::BottomCentre,
                size_percent: 4.0,
                opacity: 70.0,
            }),
            frame: Some(inner::Border { width_percent: 3.0, foot_percent: 9.0, colour: [250, 250, 245] }),
            ..inner::Recipe::default()
        }
    }

    #[test]
    fn every_recipe_of_the_developing_room_has_this_form() {
        let kelvin = inner::WhiteBalance::Kelvin { temperature_k: 5200.0, tint: -3.0 };
        let grey = inner::WhiteBalance::Grey { red: 1.9, blue: 1.4 };
        let all = [kelvin, grey, inner::WhiteBalance::Auto, inner::WhiteBalance::AsShot].map(full);
        for recipe in all.into_iter().chain([inner::Recipe::default()]) {
            let said: Recipe = serde_json::from_str(&recipe.to_json()).unwrap();
            let back = inner::Recipe::from_json(&serde_json::to_vec(&said).unwrap()).unwrap();
            assert_eq!(back.hash(), recipe.hash(), "nothing is lost on either way");
        }
    }
}
