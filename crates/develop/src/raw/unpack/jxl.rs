//! JPEG XL tiles of DNGs (DNG 1.7, Compression 52546), by jxl-oxide: phones' newest raws, and what Adobe's converter packs
//! small. Integers only; floating point stays undecoded.

use jxl_oxide::{AllocTracker, JxlImage, JxlThreadPool, image::BitDepth};
use libraw::Packed;

use super::{Tile, place, tiles};
use crate::{
    bytes::SliceSource,
    raw::packed::{COMPRESSION, IMAGE_LENGTH, IMAGE_WIDTH},
    structure::tiff::{self, Role, Strictness},
};

/// What decoding a tile may take beside the samples themselves.
const TILE_BYTES_MAX: usize = 512 << 20;
const JPEG_XL: u32 = 52_546;
/// DNG 1.2 and 1.7: the file stores all rows (columns) 0, f, 2f..., then 1, f + 1..., so that neighbours have one colour.
const ROW_INTERLEAVE_FACTOR: u16 = 0xC71F;
const COLUMN_INTERLEAVE_FACTOR: u16 = 0xCD43;
/// Fields; there are one or two.
const FACTOR_MAX: usize = 16;

/// All tiles of a DNG.
pub(super) fn dng(packed: &mut Packed<'_>) -> Option<()> {
    let (width, height) = packed.raw_size_px;
    let (row_factor, column_factor) = interleaved(packed);
    let (rows, columns) = (order(height, row_factor)?, order(width, column_factor)?);
    let curve = place::bent(packed);
    for tile in tiles(packed)? {
        let at = tile.at(packed)?;
        decode(packed, &tile, packed.file.get(at..)?, (&rows, &columns), curve)?;
    }
    Some(())
}

fn decode(
    packed: &mut Packed<'_>,
    tile: &Tile,
    bytes: &[u8],
    (rows, columns): (&[usize], &[usize]),
    curve: Option<&[u16]>,
) -> Option<()> {
    let mut reading = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(TILE_BYTES_MAX))
        .build_uninit();
    let mut taken = 0;
    // The head first: what claims another size is not decoded. Behind a tile stands whatever the file has there.
    let mut image = loop {
        let part = bytes.get(taken..bytes.len().min(taken + (64 << 10)))?;
        taken += reading.feed_bytes(part).ok()?;
        match reading.try_init().ok()? {
            jxl_oxide::InitializeResult::Initialized(image) => break image,
            jxl_oxide::InitializeResult::NeedMoreData(same) if !part.is_empty() => reading = same,
            jxl_oxide::InitializeResult::NeedMoreData(_) => return None,
        }
    };
    let BitDepth::IntegerSample { bits_per_sample: bits } = image.image_header().metadata.bit_depth else {
        return None;
    };
    let samples = image.pixel_format().channels() - usize::from(image.pixel_format().has_alpha());
    let size = (image.width() as usize, image.height() as usize);
    if bits != packed.bits || bits > 16 || samples != packed.samples {
        return None;
    }
    if size.0 != tile.width || !(tile.rows_wanted..=tile.height).contains(&size.1) {
        return None;
    }
    while !image.is_loading_done() {
        let part = bytes.get(taken..bytes.len().min(taken + (1 << 20)))?;
        let fed = image.feed_bytes(part).ok()?;
        if part.is_empty() || fed == 0 {
            break;
        }
        taken += fed;
    }
    let render = image.render_frame(0).ok()?;
    let mut stream = render.stream_no_alpha();
    let mut row = vec![0_u16; size.0 * samples];
    let (width, step) = (packed.raw_size_px.0, packed.step);
    // The decoder stretches all depths to 16 bits.
    let most = (1_u32 << bits) - 1;
    let sample_of = |wide: u16| {
        let sample = if bits == 16 { wide } else { ((u32::from(wide) * most + 32_767) / 65_535) as u16 };
        curve.map_or(sample, |curve| curve.get(usize::from(sample)).copied().unwrap_or(sample))
    };
    for y in tile.y..tile.y + tile.rows_wanted {
        if stream.write_to_buffer(&mut row) != row.len() {
            return None;
        }
        let line = packed.out.get_mut(rows.get(y)? * width * step..)?.get_mut(..width * step)?;
        for (pixel, column) in row.chunks_exact(samples).zip(columns.get(tile.x..)?) {
            for (to, wide) in line.get_mut(column * step..)?.iter_mut().zip(pixel) {
                *to = sample_of(*wide);
            }
        }
    }
    Some(())
}

/// The two factors, of the directory that these samples belong to.
fn interleaved(packed: &Packed<'_>) -> (usize, usize) {
    let mut source = SliceSource(packed.file);
    let Ok(tiff) = tiff::walk(&mut source, Strictness::Lenient) else { return (1, 1) };
    let size = (packed.raw_size_px.0 as u32, packed.raw_size_px.1 as u32);
    for ifd in tiff.ifds.iter().filter(|ifd| matches!(ifd.role, Role::Main | Role::Sub)) {
        let mut number = |tag| tiff::number(&mut source, &tiff, ifd, tag);
        let here = (number(IMAGE_WIDTH).unwrap_or(0), number(IMAGE_LENGTH).unwrap_or(0));
        if number(COMPRESSION) == Some(JPEG_XL) && here == size {
            let mut factor = |tag| number(tag).unwrap_or(1) as usize;
            return (factor(ROW_INTERLEAVE_FACTOR), factor(COLUMN_INTERLEAVE_FACTOR));
        }
    }
    (1, 1)
}

/// Where each stored row (column) belongs.
fn order(count: usize, factor: usize) -> Option<Vec<usize>> {
    if !(1..=FACTOR_MAX).contains(&factor) {
        return None;
    }
    Some((0..factor).flat_map(|field| (field..count).step_by(factor)).collect())
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn fields_are_woven_together() {
        assert_eq!(order(5, 1), Some(vec![0, 1, 2, 3, 4]));
        assert_eq!(order(5, 2), Some(vec![0, 2, 4, 1, 3]));
        assert_eq!(order(7, 3), Some(vec![0, 3, 6, 1, 4, 2, 5]));
        assert_eq!(order(7, 0), None);
        assert_eq!(order(7, 99), None);
    }
}
