//! A baseline JPEG made by all cores: bands of the picture are coded apart with the same tables and joined by restart
//! markers (ITU-T T.81, B.2.1 and E.1.4), which every decoder knows. The picture is the same as that of one band.

use rayon::prelude::*;

/// Rows and columns of a block of 4:4:4.
const BLOCK_PX: usize = 8;
/// Blocks between two markers that the format can tell.
const INTERVAL_MAX: usize = 65_535;
/// Bands for each core, so that none waits long for another.
const BANDS_EACH: usize = 2;

/// Rows of a band for a picture of this size; a multiple of a block's.
pub(super) fn rows(width: usize, height: usize, threads: usize) -> usize {
    let blocks_across = width.div_ceil(BLOCK_PX).max(1);
    let fair = height.div_ceil(BLOCK_PX).div_ceil(threads.max(1) * BANDS_EACH);
    fair.clamp(1, (INTERVAL_MAX / blocks_across).max(1)) * BLOCK_PX
}

/// Codes bands of `rows` rows by `code` (which gets a band's pixels, 3 bytes each, and its rows) and joins them. `None` where
/// what it made is no baseline JPEG.
pub(super) fn joined<E: Send>(
    rgb: &[u8],
    (width, height): (usize, usize),
    rows: usize,
    code: impl Fn(&[u8], usize) -> Result<Vec<u8>, E> + Sync,
) -> Result<Option<Vec<u8>>, E> {
    let line = (width * 3).max(1);
    let bands: Result<Vec<_>, E> = rgb.par_chunks(rows * line).map(|band| code(band, band.len() / line)).collect();
    let bands = bands?;
    if let [one] = bands.as_slice() {
        return Ok(Some(one.clone()));
    }
    Ok(join(&bands, height, width.div_ceil(BLOCK_PX) * rows / BLOCK_PX))
}

/// One band: its head, the place of the height in it, the place of the scan's header, and the coded data.
struct Parts<'a> {
    head: &'a [u8],
    height_at: usize,
    scan_at: usize,
    data: &'a [u8],
}

fn join(bands: &[Vec<u8>], height: usize, interval: usize) -> Option<Vec<u8>> {
    let first = parts(bands.first()?)?;
    let mut out = Vec::with_capacity(bands.iter().map(Vec::len).sum());
    let mut head = first.head.to_vec();
    head.get_mut(first.height_at..first.height_at + 2)?.copy_from_slice(&u16::try_from(height).ok()?.to_be_bytes());
    out.extend_from_slice(head.get(..first.scan_at)?);
    out.extend_from_slice(&[0xFF, 0xDD, 0, 4]);
    out.extend_from_slice(&u16::try_from(interval).ok()?.to_be_bytes());
    out.extend_from_slice(head.get(first.scan_at..)?);
    for (index, band) in bands.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(&[0xFF, 0xD0 + ((index - 1) % 8) as u8]);
        }
        out.extend_from_slice(parts(band)?.data);
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    Some(out)
}

fn parts(jpeg: &[u8]) -> Option<Parts<'_>> {
    let (mut at, mut height_at) = (2, None);
    loop {
        let [0xFF, marker, high, low] = *jpeg.get(at..)?.first_chunk()? else { return None };
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        match marker {
            0xC0 => height_at = Some(at + 5),
            0xDA => {
                let data = jpeg.get(end..)?.strip_suffix(&[0xFF, 0xD9])?;
                return Some(Parts { head: jpeg.get(..end)?, height_at: height_at?, scan_at: at, data });
            }
            // Another process, or restarts of its own.
            0xC1..=0xC3 | 0xC5..=0xCF | 0xDD => return None,
            _ => {}
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

    use super::*;

    fn code(width: usize) -> impl Fn(&[u8], usize) -> Result<Vec<u8>, turbojpeg::Error> + Sync {
        move |rgb, rows| {
            let mut encoder = Compressor::new()?;
            encoder.set_quality(90)?;
            encoder.set_subsamp(Subsamp::None)?;
            encoder.compress_to_vec(Image {
                pixels: rgb,
                width,
                pitch: width * 3,
                height: rows,
                format: PixelFormat::RGB,
            })
        }
    }

    #[test]
    fn bands_cannot_be_seen() {
        for (width, height) in [(1, 1), (37, 100), (300, 7), (640, 611), (8, 2000)] {
            let rgb: Vec<u8> = (0..width * height * 3).map(|n| (n * n % 251 + n / 97) as u8).collect();
            let decoded = |jpeg: &[u8]| turbojpeg::decompress(jpeg, PixelFormat::RGB).unwrap().pixels;
            let one = code(width)(&rgb, height).unwrap();
            for rows in [8, 16, 24, 104, 4000] {
                let banded = joined(&rgb, (width, height), rows, code(width)).unwrap().unwrap();
                assert!(decoded(&banded) == decoded(&one), "{width} x {height} in bands of {rows}");
                let markers = 8 + height.div_ceil(rows) * 12;
                assert!(banded.len() <= one.len() + markers, "{} grew to {}", one.len(), banded.len());
            }
        }
    }

    #[test]
    fn an_interval_is_never_longer_than_the_format_can_tell() {
        for (width, height, threads) in [(1, 1, 1), (8256, 5504, 1), (65_500, 65_500, 1), (2048, 1365, 16), (40, 9, 64)]
        {
            let rows = rows(width, height, threads);
            assert!(rows.is_multiple_of(BLOCK_PX) && rows >= BLOCK_PX);
            assert!(rows / BLOCK_PX * width.div_ceil(BLOCK_PX) <= INTERVAL_MAX, "{width} x {height}");
        }
    }

    #[test]
    fn what_is_no_baseline_jpeg_is_not_joined() {
        let rgb = vec![7; 64 * 64 * 3];
        let nonsense = |_: &[u8], _: usize| Ok::<_, ()>(vec![0xFF, 0xD8, 0xFF, 0xD9]);
        assert_eq!(joined(&rgb, (64, 64), 8, nonsense), Ok(None));
        assert_eq!(joined(&rgb, (64, 64), 8, |_, _| Err("full")), Err("full"));
    }
}
