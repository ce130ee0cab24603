//! Colours of a picture to sRGB, which is what browsers take a picture without profile for.

use moxcms::{ColorProfile, DataColorSpace, Layout, ProfileText, TransformOptions};

use crate::{exif::ColourSpace, jpeg::Picture};

/// Where a picture's numbers come from.
#[derive(Clone, Debug)]
pub enum Colours {
    /// Nothing to do.
    Srgb,
    /// To be converted from this profile.
    Profile(Box<ColorProfile>),
}

impl Colours {
    /// The ICC profile decides; without one that is usable, EXIF does.
    pub fn of(icc: Option<&[u8]>, exif: Option<ColourSpace>) -> Self {
        if let Some(profile) = icc.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok()) {
            // CMYK and grey pictures are RGB numbers by now; their profiles do not apply any more.
            let usable = profile.color_space == DataColorSpace::Rgb;
            return if usable && !is_srgb(&profile) { Self::Profile(Box::new(profile)) } else { Self::Srgb };
        }
        match exif {
            Some(ColourSpace::AdobeRgb) => Self::Profile(Box::new(ColorProfile::new_adobe_rgb())),
            _ => Self::Srgb,
        }
    }

    /// By ITU-T H.273's ColourPrimaries, for numbers that follow sRGB's curve. Cameras that name another curve for
    /// ordinary pictures (BT.709's) mean what screens show, and screens follow sRGB's.
    pub fn of_primaries(primaries: u16) -> Self {
        const BT_2020: u16 = 9;
        const DISPLAY_P3: u16 = 12;
        let mut profile = match primaries {
            DISPLAY_P3 => ColorProfile::new_display_p3(),
            BT_2020 => ColorProfile::new_bt2020(),
            _ => return Self::Srgb,
        };
        let srgb = ColorProfile::new_srgb();
        (profile.red_trc, profile.green_trc, profile.blue_trc) = (srgb.red_trc, srgb.green_trc, srgb.blue_trc);
        Self::Profile(Box::new(profile))
    }

    /// Converts in place. A profile that cannot be applied leaves the picture as it is: a proof in slightly wrong colours
    /// is better than none.
    pub fn to_srgb(&self, picture: &mut Picture) {
        let Self::Profile(profile) = self else { return };
        let options = TransformOptions::default();
        let Ok(transform) = profile.create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, options)
        else {
            return;
        };
        let mut converted = vec![0; picture.rgb.len()];
        if transform.transform(&picture.rgb, &mut converted).is_ok() {
            picture.rgb = converted;
        }
    }
}

/// By its name: every maker of sRGB profiles has kept it in there.
fn is_srgb(profile: &ColorProfile) -> bool {
    let named = |text: &str| text.contains("sRGB");
    match &profile.description {
        Some(ProfileText::PlainString(text)) => named(text),
        Some(ProfileText::Localizable(texts)) => texts.iter().any(|text| named(&text.value)),
        Some(ProfileText::Description(text)) => named(&text.ascii_string) || named(&text.unicode_string),
        None => false,
    }
}
