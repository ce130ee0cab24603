//! Finished pictures to files: JPEG, TIFF and PNG in sRGB, Display P3 or Adobe RGB, with profile and metadata.
//!
//! What comes in is encoded in its output space already and stands upright; here nothing is done to colours. What goes
//! out says what we know and nothing else: no maker's notes, no XMP, no thumbnail, and serial number and position only
//! where asked for.

mod bands;
mod directory;
mod error;
mod exif_write;
mod jpeg;
mod metadata;
mod origin;
mod png;
mod profile;
mod save;
mod space;
mod tiff;

use std::{
    borrow::Cow,
    io::{Seek, Write},
};

use ::png::BitDepth;
use serde::{Deserialize, Serialize};

pub use error::OutputError;
pub use metadata::{Metadata, Position, Ratio};
pub use origin::Carry;
pub use save::{Existing, save};
pub use space::OutputSpace;

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// 8 bits, 4:4:4.
    Jpeg {
        /// libjpeg's quality, 1 to 100; what lies outside counts as the nearest.
        quality: u8,
    },
    /// 16 bits, Deflate: for editors and print shops.
    Tiff16,
    /// 8 bits.
    Png8,
    /// 16 bits.
    Png16,
}

impl FileFormat {
    /// The extension of such a file, without dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg { .. } => "jpg",
            Self::Tiff16 => "tif",
            Self::Png8 | Self::Png16 => "png",
        }
    }
}

impl Default for FileFormat {
    /// JPEG of a quality at which nobody sees a difference.
    fn default() -> Self {
        Self::Jpeg { quality: 95 }
    }
}

/// Samples: R G B, rows without gaps.
#[derive(Clone, Copy, Debug)]
pub enum Pixels<'a> {
    /// 8 bits.
    Eight(&'a [u8]),
    /// 16 bits.
    Sixteen(&'a [u16]),
}

impl<'a> Pixels<'a> {
    fn len(self) -> usize {
        match self {
            Self::Eight(samples) => samples.len(),
            Self::Sixteen(samples) => samples.len(),
        }
    }

    /// In 8 bits: the nearest, without dither.
    fn to_8bit(self) -> Cow<'a, [u8]> {
        match self {
            Self::Eight(samples) => Cow::Borrowed(samples),
            // 65,535 is 257 times 255.
            Self::Sixteen(samples) => {
                Cow::Owned(samples.iter().map(|sample| ((u32::from(*sample) + 128) / 257) as u8).collect())
            }
        }
    }
}

/// A finished picture: upright, encoded in its output space.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    pixels: Pixels<'a>,
    width_px: u32,
    height_px: u32,
    space: OutputSpace,
}

impl<'a> Finished<'a> {
    /// A picture of `width_px * height_px * 3` samples. Errs where the number is another, or 0.
    pub fn new(pixels: Pixels<'a>, width_px: u32, height_px: u32, space: OutputSpace) -> Result<Self, OutputError> {
        let samples = pixels.len();
        let expected = u64::from(width_px).checked_mul(u64::from(height_px)).and_then(|count| count.checked_mul(3));
        if samples == 0 || expected != Some(samples as u64) {
            return Err(OutputError::Size { width_px, height_px, samples });
        }
        Ok(Self { pixels, width_px, height_px, space })
    }

    /// Calls with each row in 16 bits, from the top.
    fn try_rows<E>(&self, mut take: impl FnMut(&[u16]) -> Result<(), E>) -> Result<(), E> {
        let row_samples = self.width_px as usize * 3;
        match self.pixels {
            Pixels::Sixteen(samples) => samples.chunks_exact(row_samples).try_for_each(take),
            Pixels::Eight(samples) => {
                let mut wide = Vec::with_capacity(row_samples);
                samples.chunks_exact(row_samples).try_for_each(|row| {
                    wide.clear();
                    wide.extend(row.iter().map(|sample| u16::from(*sample) * 257));
                    take(&wide)
                })
            }
        }
    }

    fn too_large(&self, format: &str) -> OutputError {
        OutputError::TooLarge { format: format.into(), width_px: self.width_px, height_px: self.height_px }
    }
}

/// Writes a picture to `out`, from where it stands; TIFF alone needs to seek. The same input gives the same bytes.
///
/// Errs where the picture is larger than the format can say, where the encoder fails, and where `out` does.
pub fn write<W: Write + Seek>(
    out: &mut W,
    picture: &Finished<'_>,
    format: FileFormat,
    metadata: &Metadata,
) -> Result<(), OutputError> {
    match format {
        FileFormat::Jpeg { quality } => jpeg::write(out, picture, quality, metadata),
        FileFormat::Tiff16 => tiff::write(out, picture, metadata),
        FileFormat::Png8 => png::write(out, picture, BitDepth::Eight, metadata),
        FileFormat::Png16 => png::write(out, picture, BitDepth::Sixteen, metadata),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn eight_bits_are_the_nearest() {
        let all: Vec<u16> = (0..=u16::MAX).collect();
        let eight = Pixels::Sixteen(&all).to_8bit();
        for (sixteen, eight) in all.iter().zip(eight.iter()) {
            assert_eq!(*eight, (f64::from(*sixteen) / 257.0).round() as u8, "{sixteen}");
        }
    }

    #[test]
    fn sizes_must_fit() {
        let new = |width, height| Finished::new(Pixels::Eight(&[0; 36]), width, height, OutputSpace::Srgb).map(|_| ());
        assert_eq!(new(3, 4), Ok(()));
        for (width_px, height_px) in [(4, 4), (0, 0), (u32::MAX, u32::MAX)] {
            assert_eq!(new(width_px, height_px), Err(OutputError::Size { width_px, height_px, samples: 36 }));
        }
        assert!(Finished::new(Pixels::Sixteen(&[]), 0, 0, OutputSpace::Srgb).is_err());
    }
}
