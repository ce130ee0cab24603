//! JPEG: 4:4:4, EXIF and ICC profile in the places that their standards give them.

use std::io::Write;

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use super::{Finished, Metadata, OutputError, bands, exif_write, exif_write::Container};

const FORMAT: &str = "JPEG";
/// libjpeg's limit; the format itself (ITU-T T.81) has 16 bits.
const SIDE_MAX_PX: u32 = 65_500;
/// What follows a marker and the two bytes of its length.
const SEGMENT_BYTES_MAX: usize = 65_533;
const EXIF_HEAD: &[u8] = b"Exif\0\0";
const ICC_HEAD: &[u8] = b"ICC_PROFILE\0";

/// Writes SOI, APP1 EXIF (first, as CIPA DC-008, 4.7 wants it; so no JFIF), APP2 ICC, the picture.
pub(super) fn write<W: Write>(
    out: &mut W,
    picture: &Finished<'_>,
    quality: u8,
    metadata: &Metadata,
) -> Result<(), OutputError> {
    let size = (picture.width_px, picture.height_px);
    if size.0.max(size.1) > SIDE_MAX_PX {
        return Err(picture.too_large(FORMAT));
    }
    let jpeg = compressed(picture, quality)?;
    let block = exif_write::directory(metadata, size, picture.space, Container::Jpeg).block();
    out.write_all(&[0xFF, 0xD8])?;
    segment(out, 0xE1, &[EXIF_HEAD, &block])?;
    icc(out, &picture.space.icc_profile()?)?;
    out.write_all(picture_of(&jpeg))?;
    Ok(())
}

fn compressed(picture: &Finished<'_>, quality: u8) -> Result<Vec<u8>, OutputError> {
    let fault = |error: turbojpeg::Error| OutputError::encode(FORMAT, error);
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let rgb = picture.pixels.to_8bit();
    // Tables of its own for each picture would make files 5 % smaller, in twice the time, and by one core only.
    let code = |pixels: &[u8], rows: usize| {
        let mut encoder = Compressor::new().map_err(fault)?;
        encoder.set_quality(quality.clamp(1, 100).into()).map_err(fault)?;
        encoder.set_subsamp(Subsamp::None).map_err(fault)?;
        let image = Image { pixels, width, pitch: width * 3, height: rows, format: PixelFormat::RGB };
        encoder.compress_to_vec(image).map_err(fault)
    };
    let rows = bands::rows(width, height, rayon::current_num_threads());
    match bands::joined(&rgb, (width, height), rows, code)? {
        Some(jpeg) => Ok(jpeg),
        None => code(&rgb, height),
    }
}

/// What stands behind SOI and the encoder's own JFIF segment.
fn picture_of(jpeg: &[u8]) -> &[u8] {
    let rest = jpeg.get(2..).unwrap_or_default();
    match *rest {
        [0xFF, 0xE0, high, low, ..] => rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..).unwrap_or_default(),
        _ => rest,
    }
}

fn segment<W: Write>(out: &mut W, marker: u8, parts: &[&[u8]]) -> Result<(), OutputError> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    if len > SEGMENT_BYTES_MAX {
        return Err(OutputError::encode(FORMAT, "more metadata than a segment holds"));
    }
    out.write_all(&[0xFF, marker])?;
    out.write_all(&(len as u16 + 2).to_be_bytes())?;
    parts.iter().try_for_each(|part| out.write_all(part))?;
    Ok(())
}

/// ICC.1:2022, annex B: numbered pieces, from 1.
fn icc<W: Write>(out: &mut W, profile: &[u8]) -> Result<(), OutputError> {
    let pieces = profile.chunks(SEGMENT_BYTES_MAX - ICC_HEAD.len() - 2);
    let count =
        u8::try_from(pieces.len()).map_err(|_| OutputError::encode(FORMAT, "the colour profile is too large"))?;
    for (number, piece) in (1..=count).zip(pieces) {
        segment(out, 0xE2, &[ICC_HEAD, &[number, count], piece])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        bytes::SliceSource,
        structure::jpeg::{Depth, icc_profile, walk},
    };

    #[test]
    fn large_profiles_go_into_numbered_pieces() {
        let profile: Vec<u8> = (0..200_000_u32).map(|n| (n * 31 / 7) as u8).collect();
        let rgb = vec![90; 16 * 16 * 3];
        let picture =
            Finished::new(super::super::Pixels::Eight(&rgb), 16, 16, super::super::OutputSpace::Srgb).unwrap();
        let mut file = vec![0xFF, 0xD8];
        icc(&mut file, &profile).unwrap();
        file.extend(picture_of(&compressed(&picture, 90).unwrap()));
        let mut source = SliceSource(&file);
        let map = walk(&mut source, 0, file.len() as u64, Depth::Whole).unwrap();
        assert_eq!(map.icc.len(), 4);
        assert_eq!(icc_profile(&mut source, &map).unwrap(), profile);
        assert!(icc(&mut Vec::new(), &vec![0; 255 * 65_519 + 1]).is_err());
        assert!(segment(&mut Vec::new(), 0xE1, &[&vec![0; 65_534]]).is_err());
    }
}
