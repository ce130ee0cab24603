//! Lossless JPEGs, three to four times as fast as LibRaw: the tiles of DNGs, the slices of CR2s.
//!
//! What is taken over is what a camera or a converter writes; where a part of a file is anything else, all of it goes back to
//! LibRaw, so that what LibRaw says of odd and damaged files stays true.
//!
//! Source: ITU-T T.81 (process 14, annex H), DNG 1.7 (Compression 7), and LibRaw's own reading of CR2's slices.

mod bits;
mod jpeg;
mod table;

use libraw::Packed;

use self::jpeg::Jpeg;
use super::{
    place::{self, Place},
    tiles,
};

/// All tiles of a DNG.
pub(super) fn dng(packed: &mut Packed<'_>) -> Option<()> {
    let mut tables = table::Kept::default();
    let has_long_codes = packed.dng_version < 0x0101_0000;
    let width = packed.raw_size_px.0;
    let curve = place::bent(packed);
    for tile in tiles(packed)? {
        let part = packed.file.get(tile.at(packed)?..)?;
        let jpeg = Jpeg::read(part, &mut tables, has_long_codes)?;
        // Mosaics come as several components a row; pixels of several samples have one component each.
        let row_pixels = if packed.samples == 1 { jpeg.row_samples() } else { jpeg.columns() };
        if packed.samples > 1 && jpeg.components() != packed.samples {
            return None;
        }
        // LibRaw reads such a row as several.
        if packed.samples == 1 && jpeg.components() > 1 && jpeg.row_samples() * jpeg.components() == width {
            return None;
        }
        let pixels = row_pixels.checked_mul(jpeg.rows())?;
        if pixels % tile.width != 0 || !(tile.rows_wanted..=tile.height).contains(&(pixels / tile.width)) {
            return None;
        }
        let mut place = Place::new(packed, curve, vec![(tile.x, tile.y, tile.width)]);
        jpeg.decode(|row| place.put(row))?;
    }
    Some(())
}

/// The one JPEG of a CR2.
pub(super) fn cr2(packed: &mut Packed<'_>) -> Option<()> {
    let (width, height) = packed.raw_size_px;
    let (count, slice_width, last_width) = packed.slices;
    let slices: Vec<_> = if count == 0 {
        vec![(0, 0, width)]
    } else {
        // Slices lie side by side, and are the whole width.
        if slice_width == 0 || last_width == 0 || count.checked_mul(slice_width)?.checked_add(last_width)? != width {
            return None;
        }
        let first = (0..count).map(|index| (index * slice_width, 0, slice_width));
        first.chain([(count * slice_width, 0, last_width)]).collect()
    };
    let part = packed.file.get(usize::try_from(packed.data_offset).ok()?..)?;
    let mut tables = table::Kept::default();
    let jpeg = Jpeg::read(part, &mut tables, false)?;
    // LibRaw skips a byte after the head of a single component.
    if jpeg.components() == 1 || jpeg.row_samples().checked_mul(jpeg.rows())? != width.checked_mul(height)? {
        return None;
    }
    let mut place = Place::new(packed, place::bent(packed), slices);
    jpeg.decode(|row| place.put(row))
}
