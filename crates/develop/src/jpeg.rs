//! JPEG bytes to pixels and back, with libjpeg-turbo.

use turbojpeg::{Colorspace, Compressor, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp};

use crate::RenderError;

/// Pixels that are decoded at most, after scaling: more than any rung needs, and 192 MB.
pub const DECODED_PIXELS_MAX: usize = 64 << 20;
/// Pixels that a file may claim: twice the largest camera's.
pub const CLAIMED_PIXELS_MAX: u64 = 400 << 20;
/// Scans of a progressive file; editors write about ten, attackers thousands.
const SCANS_MAX: u32 = 100;

/// A picture in memory: 8 bits, R G B, rows without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `width_px * height_px * 3` bytes.
    pub rgb: Vec<u8>,
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
}

/// Decodes to the smallest size that libjpeg-turbo makes for nothing and whose longer side is at least `long_edge_px`.
pub fn decode(jpeg: &[u8], long_edge_px: u32) -> Result<Picture, RenderError> {
    let mut decoder = Decompressor::new().map_err(RenderError::decode)?;
    decoder.set_scan_limit(SCANS_MAX).map_err(RenderError::decode)?;
    let header = decoder.read_header(jpeg).map_err(RenderError::decode)?;
    let (width, height) = (header.width, header.height);
    let too_large = || RenderError::TooLarge { width_px: width as u32, height_px: height as u32 };
    if width as u64 * height as u64 > CLAIMED_PIXELS_MAX {
        return Err(too_large());
    }
    let scale = if header.is_lossless { ScalingFactor::ONE } else { scale(width.max(height), long_edge_px as usize) };
    decoder.set_scaling_factor(scale).map_err(RenderError::decode)?;
    let (width, height) = (scale.scale(width), scale.scale(height));
    if width * height > DECODED_PIXELS_MAX {
        return Err(too_large());
    }
    let format = match header.colorspace {
        Colorspace::CMYK | Colorspace::YCCK => PixelFormat::CMYK,
        _ => PixelFormat::RGB,
    };
    let pitch = width * format.size();
    let mut pixels = vec![0; pitch * height];
    let image = Image { pixels: pixels.as_mut_slice(), width, pitch, height, format };
    match decoder.decompress(jpeg, image) {
        Err(error) if !is_only_a_warning(&error.to_string()) => return Err(RenderError::decode(error)),
        _ => {}
    }
    let rgb = if format == PixelFormat::CMYK { from_inverted_cmyk(&pixels) } else { pixels };
    Ok(Picture { rgb, width_px: width as u32, height_px: height as u32 })
}

/// Eighths, as libjpeg-turbo scales; never above 1.
fn scale(long_px: usize, wanted_px: usize) -> ScalingFactor {
    let eighths = (1..8).find(|eighths| ScalingFactor::new(*eighths, 8).scale(long_px) >= wanted_px);
    eighths.map_or(ScalingFactor::ONE, |eighths| ScalingFactor::new(eighths, 8))
}

/// libjpeg-turbo goes on after these and the pixels are there; the file's own structure was proved before.
fn is_only_a_warning(message: &str) -> bool {
    ["Corrupt JPEG data", "Premature end of JPEG", "Inconsistent progression", "Invalid SOS parameters"]
        .iter()
        .any(|warning| message.contains(warning))
}

/// Every program that writes CMYK JPEGs follows Adobe and stores the inks inverted. Without a profile this is all one can
/// do; with one, the difference is small for a proof of what is never a camera's own picture.
fn from_inverted_cmyk(cmyk: &[u8]) -> Vec<u8> {
    let scaled = |ink: u8, black: u8| ((u16::from(ink) * u16::from(black) + 127) / 255) as u8;
    let mut rgb = Vec::with_capacity(cmyk.len() / 4 * 3);
    for inks in cmyk.chunks_exact(4) {
        if let &[c, m, y, k] = inks {
            rgb.extend([scaled(c, k), scaled(m, k), scaled(y, k)]);
        }
    }
    rgb
}

/// A JPEG of `picture`: 4:2:0, sRGB understood, no metadata.
pub fn encode(picture: &Picture, quality: i32) -> Result<Vec<u8>, RenderError> {
    let mut encoder = Compressor::new().map_err(RenderError::make)?;
    encoder.set_quality(quality).map_err(RenderError::make)?;
    encoder.set_subsamp(Subsamp::Sub2x2).map_err(RenderError::make)?;
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    if picture.rgb.len() != width * height * 3 {
        return Err(RenderError::make("a picture whose size does not fit its pixels"));
    }
    let image = Image { pixels: picture.rgb.as_slice(), width, pitch: width * 3, height, format: PixelFormat::RGB };
    encoder.compress_to_vec(image).map_err(RenderError::make)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_scale_is_the_smallest_that_suffices() {
        let eighths = |long, wanted| scale(long, wanted).scale(8);
        assert_eq!((eighths(6000, 2048), eighths(8256, 2048), eighths(1616, 2048)), (3, 2, 8));
        assert_eq!((eighths(2048, 2048), eighths(4096, 2048), eighths(100, 1)), (8, 4, 1));
    }

    #[test]
    fn grey_and_cmyk_become_rgb() {
        let (width, height) = (32, 16);
        let encoded = |format: PixelFormat, pixels: &[u8]| {
            let mut encoder = Compressor::new().unwrap();
            encoder.set_quality(100).unwrap();
            encoder.set_subsamp(if format == PixelFormat::GRAY { Subsamp::Gray } else { Subsamp::None }).unwrap();
            if format == PixelFormat::CMYK {
                encoder.set_colorspace(Colorspace::YCCK).unwrap();
            }
            let image = Image { pixels, width, pitch: width * format.size(), height, format };
            encoder.compress_to_vec(image).unwrap()
        };
        let grey = decode(&encoded(PixelFormat::GRAY, &vec![90; width * height]), 32).unwrap();
        assert!(grey.rgb.iter().all(|value| value.abs_diff(90) <= 1));
        let inks = [200, 100, 50, 255].repeat(width * height);
        let cmyk = decode(&encoded(PixelFormat::CMYK, &inks), 32).unwrap();
        let near = |rgb: &[u8]| rgb.iter().zip([200_u8, 100, 50]).all(|(have, want)| have.abs_diff(want) <= 3);
        assert!(cmyk.rgb.chunks_exact(3).all(near), "{:?}", &cmyk.rgb[..3]);
    }
}
