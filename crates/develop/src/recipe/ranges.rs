//! Ranges of a recipe's numbers. Whatever comes from outside is brought inside; nothing is refused for a number.

use super::{Border, Crop, Geometry, Recipe, Watermark, WhiteBalance};

/// Characters of a watermark.
const TEXT_CHARS_MAX: usize = 80;
/// Smallest side of a crop, as a share.
const CROP_MIN: f32 = 0.02;

impl Recipe {
    /// The same recipe with every number rounded and inside its range.
    #[must_use]
    pub fn normalised(&self) -> Self {
        let mut recipe = self.clone();
        recipe.exposure.ev = kept(recipe.exposure.ev, -5.0, 5.0, 0.0);
        recipe.white_balance = white_balance(recipe.white_balance);
        for amount in [
            &mut recipe.tone.contrast,
            &mut recipe.tone.highlights,
            &mut recipe.tone.shadows,
            &mut recipe.tone.black,
            &mut recipe.colour.saturation,
            &mut recipe.colour.vibrance,
        ] {
            *amount = kept(*amount, -100.0, 100.0, 0.0);
        }
        recipe.denoise.luminance = kept(recipe.denoise.luminance, 0.0, 100.0, 0.0);
        recipe.denoise.colour = kept(recipe.denoise.colour, 0.0, 100.0, 0.0);
        recipe.sharpen.amount = kept(recipe.sharpen.amount, 0.0, 100.0, 0.0);
        recipe.sharpen.radius_px = kept(recipe.sharpen.radius_px, 0.4, 3.0, 0.7);
        recipe.geometry = geometry(recipe.geometry);
        recipe.watermark = recipe.watermark.as_ref().and_then(watermark);
        recipe.frame = recipe.frame.map(border).filter(|border| border.width_percent + border.foot_percent > 0.0);
        recipe
    }
}

/// Rounded to hundredths; `otherwise` where it is no number.
fn kept(value: f32, least: f32, most: f32, otherwise: f32) -> f32 {
    let value = if value.is_finite() { value } else { otherwise };
    // Adding zero turns -0 into 0: the two would have different names.
    ((value.clamp(least, most) * 100.0).round() / 100.0) + 0.0
}

/// Rounded to a hundred-thousandth: a tenth of a pixel of the largest sensor.
fn share(value: f32, least: f32, most: f32) -> f32 {
    let value = if value.is_finite() { value } else { least };
    ((value.clamp(least, most) * 1e5).round() / 1e5) + 0.0
}

fn white_balance(wanted: WhiteBalance) -> WhiteBalance {
    match wanted {
        WhiteBalance::Kelvin { temperature_k, tint } => WhiteBalance::Kelvin {
            temperature_k: kept(temperature_k, 2000.0, 25_000.0, 5500.0).round(),
            tint: kept(tint, -150.0, 150.0, 0.0),
        },
        WhiteBalance::Grey { red, blue } => {
            WhiteBalance::Grey { red: share(red, 0.05, 20.0), blue: share(blue, 0.05, 20.0) }
        }
        other => other,
    }
}

fn geometry(wanted: Geometry) -> Geometry {
    let inside = |crop: Crop| {
        let (x, y) = (share(crop.x, 0.0, 1.0 - CROP_MIN), share(crop.y, 0.0, 1.0 - CROP_MIN));
        Crop { x, y, width: share(crop.width, CROP_MIN, 1.0 - x), height: share(crop.height, CROP_MIN, 1.0 - y) }
    };
    let whole = |crop: &Crop| crop.x <= 0.0 && crop.y <= 0.0 && crop.width >= 1.0 && crop.height >= 1.0;
    Geometry {
        crop: wanted.crop.map(inside).filter(|crop| !whole(crop)),
        straighten_deg: kept(wanted.straighten_deg, -45.0, 45.0, 0.0),
    }
}

fn watermark(wanted: &Watermark) -> Option<Watermark> {
    let text: String = wanted.text.trim().chars().filter(|char| !char.is_control()).take(TEXT_CHARS_MAX).collect();
    (!text.is_empty()).then(|| Watermark {
        text,
        corner: wanted.corner,
        size_percent: kept(wanted.size_percent, 1.0, 20.0, 4.0),
        opacity: kept(wanted.opacity, 0.0, 100.0, 70.0),
    })
}

fn border(wanted: Border) -> Border {
    Border {
        width_percent: kept(wanted.width_percent, 0.0, 25.0, 0.0),
        foot_percent: kept(wanted.foot_percent, 0.0, 25.0, 0.0),
        colour: wanted.colour,
    }
}
