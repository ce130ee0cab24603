//! Multi-Picture Format (CIPA DC-007-2009, section 5): where cameras put a screen-sized preview behind a JPEG's own picture.

use crate::{
    bytes::{SliceSource, Source},
    structure::tiff::{self, Role, Strictness},
};

/// The list of pictures (5.2.3).
const MP_ENTRY: u16 = 0xB002;
/// Length of one of them.
const ENTRY_BYTES: usize = 16;
/// Pictures in one file; a panorama has some dozen.
const PICTURES_MAX: usize = 64;
/// "Large thumbnail" in its sizes, from VGA on: the same picture, smaller. Other kinds (gain maps, disparity, panoramas) are not.
const LARGE_THUMBNAIL: std::ops::RangeInclusive<u32> = 0x01_0001..=0x01_0005;

/// What lies behind a JPEG's own picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Smaller versions of the picture: offset in the file and length.
    pub previews: Vec<(u64, u64)>,
    /// Where the last of them ends.
    pub end: u64,
}

/// Reads the block at `(at, len)`; none where it makes no sense, which never refuses the file.
pub fn behind<S: Source>(source: &mut S, (at, len): (u64, u64)) -> Option<Behind> {
    let block = source.take(at, len, "the list of pictures").ok()?;
    let mut block = SliceSource(&block);
    let tiff = tiff::walk(&mut block, Strictness::Lenient).ok()?;
    let index = tiff.ifds.iter().find(|ifd| ifd.role == Role::Main)?;
    let list = index.entry(MP_ENTRY)?;
    let entries = block.take(list.value_at, list.len_bytes(), "the list of pictures").ok()?;
    let mut behind = Behind::default();
    for entry in entries.chunks_exact(ENTRY_BYTES).take(PICTURES_MAX) {
        let number = |from: usize| entry.get(from..).and_then(|bytes| tiff.order.u32(bytes)).unwrap_or_default();
        let (attribute, size, offset) = (number(0), u64::from(number(4)), u64::from(number(8)));
        // The first picture is the file's own; its offset is 0, all others count from this block.
        if offset == 0 {
            continue;
        }
        if LARGE_THUMBNAIL.contains(&(attribute & 0x00FF_FFFF)) {
            behind.previews.push((at + offset, size));
            behind.end = behind.end.max(at + offset + size);
        }
    }
    Some(behind)
}
