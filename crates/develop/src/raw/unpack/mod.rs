//! Packed samples that we decode in LibRaw's place: lossless JPEG, several times as fast, and JPEG XL, which LibRaw does not
//! know.
//!
//! Decoding is most of the way from a raw to a preview. LibRaw reads the file and says what the samples mean; only the samples
//! themselves come from here. Tests hold both against each other, on whole files and on broken ones.

mod jxl;
mod lossless;
mod place;

use libraw::{Packed, Packing};

/// Decodes what it knows in LibRaw's place, and leaves LibRaw the rest.
#[derive(Clone, Copy, Debug)]
pub struct Unpacker;

impl libraw::Unpack for Unpacker {
    fn unpack(&mut self, mut packed: Packed<'_>) -> bool {
        match packed.packing {
            Packing::DngLosslessJpeg => lossless::dng(&mut packed),
            Packing::Cr2LosslessJpeg => lossless::cr2(&mut packed),
            Packing::DngJpegXl => jxl::dng(&mut packed),
        }
        .is_some()
    }
}

/// A tile of a DNG, pixels.
#[derive(Clone, Copy, Debug)]
struct Tile {
    index: usize,
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    /// Rows that lie on the sensor; the last tiles may end before, or be filled up.
    rows_wanted: usize,
}

impl Tile {
    /// Where its bytes begin in the file: as the list says, or where all is in one piece.
    fn at(&self, packed: &Packed<'_>) -> Option<usize> {
        let data = usize::try_from(packed.data_offset).ok()?;
        if packed.tile_px.is_none() {
            return Some(data);
        }
        let number = *packed.file.get(data.checked_add(self.index.checked_mul(4)?)?..)?.first_chunk()?;
        Some(if packed.big_endian { u32::from_be_bytes(number) } else { u32::from_le_bytes(number) } as usize)
    }
}

/// All tiles in the order of the file; nothing where sizes make no sense.
fn tiles(packed: &Packed<'_>) -> Option<impl Iterator<Item = Tile> + use<>> {
    let (width, height) = packed.raw_size_px;
    let (tile_width, tile_height) = packed.tile_px.unwrap_or((width, height));
    if tile_width == 0 || tile_height == 0 {
        return None;
    }
    let columns = width.div_ceil(tile_width);
    let count = columns.checked_mul(height.div_ceil(tile_height))?;
    Some((0..count).map(move |index| {
        let (x, y) = (index % columns * tile_width, index / columns * tile_height);
        Tile { index, x, y, width: tile_width, height: tile_height, rows_wanted: tile_height.min(height - y) }
    }))
}
