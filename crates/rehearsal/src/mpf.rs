//! The list of pictures that a camera puts into its JPEG when a preview stands behind it: Multi-Picture Format, CIPA
//! DC-007-2009, section 5.

use crate::tiff::{HEADER, Ifd, Value};

/// Its name in APP2.
const NAME: &[u8; 4] = b"MPF\0";
/// Kinds of pictures (5.2.3.3): the file's own, and a smaller one of Full HD's size.
const PRIMARY: u32 = 0x2003_0000;
const LARGE_THUMBNAIL: u32 = 0x0001_0002;

/// The body of the APP2 segment: `own_bytes` is the length of the JPEG with this segment in it, at whose end the preview
/// stands; `block_at` is where the TIFF block inside this body will lie in the file.
pub(crate) fn body(own_bytes: u32, block_at: u32, preview_bytes: u32) -> Vec<u8> {
    let entry = |attribute: u32, size: u32, offset: u32| {
        [attribute.to_le_bytes(), size.to_le_bytes(), offset.to_le_bytes(), [0; 4]].concat()
    };
    let own = entry(PRIMARY, own_bytes, 0);
    let preview = entry(LARGE_THUMBNAIL, preview_bytes, own_bytes.saturating_sub(block_at));
    let mut index = Ifd::default();
    index
        .set(0xB000, Value::Undefined(b"0100".to_vec()))
        .long(0xB001, 2)
        .set(0xB002, Value::Undefined([own, preview].concat()));
    let mut body = NAME.to_vec();
    body.extend(HEADER);
    index.write(HEADER.len() as u32, 0, &mut body);
    body
}

/// Where the TIFF block begins within the segment: behind marker, length and name.
pub(crate) const BLOCK_FROM_MARKER: u32 = 4 + NAME.len() as u32;
