//! ICC profiles to embed: version 4, matrix and curve, under a kilobyte, the same bytes every time.

use moxcms::{ColorDateTime, ColorProfile, LocalizableString, ProfileText};

use super::{OutputError, OutputSpace};

impl OutputSpace {
    /// The ICC profile of this space, as it is embedded. An sRGB picture gets one too: a picture without leaves the
    /// choice to whoever shows it, and wide-gamut screens show untagged numbers too saturated.
    ///
    /// Errs only where the library that writes profiles does.
    pub fn icc_profile(self) -> Result<Vec<u8>, OutputError> {
        let mut profile = match self {
            Self::Srgb => ColorProfile::new_srgb(),
            Self::DisplayP3 => ColorProfile::new_display_p3(),
            Self::AdobeRgb => ColorProfile::new_adobe_rgb(),
        };
        // The library says "now", and the same picture would never be the same file.
        profile.creation_date_time =
            ColorDateTime { year: 2026, month: 1, day_of_the_month: 1, hours: 0, minutes: 0, seconds: 0 };
        // The tag came with ICC 4.4, the header says 4.3, and its matrix and range are those of video: left out.
        profile.cicp = None;
        let name = LocalizableString::new("en".into(), "US".into(), self.name().into());
        profile.description = Some(ProfileText::Localizable(vec![name]));
        profile.encode().map_err(|error| OutputError::encode("colour profile", error))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use moxcms::{Layout, TransformOptions};

    use super::*;

    #[test]
    fn profiles_are_small_whole_and_always_the_same() {
        for space in OutputSpace::ALL {
            let bytes = space.icc_profile().unwrap();
            assert!(bytes.len() < 1024, "{space:?}: {}", bytes.len());
            assert_eq!(bytes, space.icc_profile().unwrap());
            // ICC.1:2022, 7.2: size, version, class, spaces, signature, and D50 as the illuminant.
            assert_eq!(u32::from_be_bytes(*bytes.first_chunk().unwrap()) as usize, bytes.len());
            assert_eq!((bytes[8], &bytes[12..24], &bytes[36..40]), (4, b"mntrRGB XYZ ".as_slice(), b"acsp".as_slice()));
            assert_eq!(bytes[68..80], [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
            let tags: Vec<&[u8]> = bytes[132..].chunks(12).take(bytes[131].into()).map(|tag| &tag[..4]).collect();
            for needed in [b"desc", b"cprt", b"wtpt", b"chad", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"] {
                assert!(tags.contains(&needed.as_slice()), "{space:?}");
            }
            let Some(ProfileText::Localizable(names)) = ColorProfile::new_from_slice(&bytes).unwrap().description
            else {
                panic!("no description");
            };
            assert_eq!(names[0].value, space.name());
        }
    }

    /// What a colour-managed program makes of our numbers is the colour that was meant.
    #[test]
    fn profiles_say_what_the_space_does() {
        let srgb = ColorProfile::new_srgb();
        for space in OutputSpace::ALL {
            let profile = ColorProfile::new_from_slice(&space.icc_profile().unwrap()).unwrap();
            let transform =
                profile.create_transform_f32(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default()).unwrap();
            let steps = [0.0_f32, 0.02, 0.2, 0.5, 0.8, 1.0];
            for [r, g, b] in steps.iter().flat_map(|r| steps.map(|g| steps.map(|b| [*r, g, b]))).flatten() {
                let linear = [r, g, b].map(|value| OutputSpace::Srgb.decode(value));
                let ours = space.matrix_from_srgb().map(|row| row.iter().zip(linear).map(|(m, v)| m * v).sum::<f32>());
                let encoded = ours.map(|value| space.encode(value));
                let mut shown = [0.0; 3];
                transform.transform(&encoded, &mut shown).unwrap();
                for (shown, meant) in shown.iter().zip([r, g, b]) {
                    // Profiles round their matrices to 1/65,536, and sRGB is steep near black.
                    let off = (shown - meant).abs() * 255.0;
                    assert!(off < 1.0, "{space:?} {r} {g} {b}: {off}");
                }
            }
        }
    }
}
