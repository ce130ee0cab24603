//! JPEG (ITU-T T.81) as a chain of markers, from SOI to EOI.

use crate::{InspectError, bytes::Source};

/// Markers in one file: a progressive picture with restart intervals stays far below.
const MARKERS_MAX: usize = 10_000;
/// Entropy-coded bytes are searched in pieces of this size.
const CHUNK_BYTES: u64 = 256 * 1024;
/// An ICC profile has at most this many pieces, as its numbers are bytes.
const ICC_CHUNKS_MAX: usize = 255;

/// How far to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// To the first scan: enough for size, EXIF and profile.
    Head,
    /// To EOI: the proof that all of the picture is there.
    Whole,
}

/// Size and kind of the picture (the frame header, T.81 B.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Planes: 1 grey, 3 colour, 4 CMYK.
    pub components: u8,
    /// Whether ordinary decoders open it: 8 bits, Huffman, sequential or progressive.
    pub ordinary: bool,
}

/// Where the parts of a JPEG lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JpegMap {
    /// Its frame header.
    pub frame: Option<Frame>,
    /// The TIFF block inside APP1 EXIF: offset and length.
    pub exif: Option<(u64, u64)>,
    /// Pieces of the ICC profile, by their number: offset and length.
    pub icc: Vec<(u8, u64, u64)>,
    /// The TIFF block inside APP2 MPF, which tells of further pictures behind this one: offset and length.
    pub mpf: Option<(u64, u64)>,
    /// Just after EOI; only known after a walk of [`Depth::Whole`].
    pub end: u64,
}

/// Walks the JPEG that begins at `start` and must end before `limit`.
pub fn walk<S: Source>(source: &mut S, start: u64, limit: u64, depth: Depth) -> Result<JpegMap, InspectError> {
    let mut walk = Walk { source, at: start, limit, map: JpegMap::default() };
    if walk.bytes::<2>("the file's head")? != [0xFF, 0xD8] {
        return Err(InspectError::garbage("no JPEG begins where one should"));
    }
    for _ in 0..MARKERS_MAX {
        match walk.marker()? {
            0xD9 if walk.map.frame.is_none() => return Err(InspectError::garbage("a JPEG without a picture")),
            0xD9 => {
                walk.map.end = walk.at;
                return Ok(walk.map);
            }
            0xDA => {
                walk.segment(0xDA)?;
                if walk.map.frame.is_none() {
                    return Err(InspectError::garbage("a JPEG whose size is not told"));
                }
                if depth == Depth::Head {
                    return Ok(walk.map);
                }
                walk.entropy()?;
            }
            // Markers that stand alone: TEM and restarts.
            0x01 | 0xD0..=0xD7 => {}
            0x00 | 0xD8 => return Err(InspectError::garbage("a JPEG marker where none may be")),
            marker => walk.segment(marker)?,
        }
    }
    Err(InspectError::garbage("a JPEG with too many parts"))
}

struct Walk<'a, S> {
    source: &'a mut S,
    at: u64,
    limit: u64,
    map: JpegMap,
}

impl<S: Source> Walk<'_, S> {
    fn bytes<const N: usize>(&mut self, what: &str) -> Result<[u8; N], InspectError> {
        let end = self.at + N as u64;
        if end > self.limit {
            return Err(InspectError::truncated(what, self.limit.min(self.source.len_bytes()), end));
        }
        let bytes = self.source.array(self.at, what)?;
        self.at = end;
        Ok(bytes)
    }

    /// The next marker's code; fill bytes before it are skipped.
    fn marker(&mut self) -> Result<u8, InspectError> {
        let [prefix, mut code] = self.bytes::<2>("the JPEG")?;
        if prefix != 0xFF {
            return Err(InspectError::garbage("a JPEG part that does not begin with a marker"));
        }
        // T.81 B.1.1.2 allows any number of fill bytes; nobody writes more than a few.
        for _ in 0..4096 {
            if code != 0xFF {
                return Ok(code);
            }
            [code] = self.bytes::<1>("the JPEG")?;
        }
        Err(InspectError::garbage("a JPEG full of fill bytes"))
    }

    /// A segment with a length: noted if it is one that matters, and stepped over.
    fn segment(&mut self, marker: u8) -> Result<(), InspectError> {
        let len = u64::from(u16::from_be_bytes(self.bytes::<2>("the JPEG")?));
        let body = len.checked_sub(2).ok_or_else(|| InspectError::garbage("a JPEG part without a length"))?;
        let (from, end) = (self.at, self.at + body);
        if end > self.limit {
            return Err(InspectError::truncated("the JPEG", self.limit.min(self.source.len_bytes()), end));
        }
        match marker {
            // SOF0 to SOF15 without DHT (C4), JPG (C8), DAC (CC).
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if self.map.frame.is_none() && body >= 6 => {
                self.map.frame = Some(frame(marker, self.bytes::<6>("the JPEG's size")?)?);
            }
            0xE1 if self.map.exif.is_none() && body > 6 => {
                let is_exif = self.bytes::<6>("the EXIF data")? == *b"Exif\0\0";
                self.map.exif = is_exif.then_some((from + 6, body - 6));
            }
            0xE2 if body > 14 && self.map.icc.len() < ICC_CHUNKS_MAX => {
                let head = self.bytes::<14>("the colour profile")?;
                if head.starts_with(b"ICC_PROFILE\0") {
                    self.map.icc.push((head[12], from + 14, body - 14));
                } else if head.starts_with(b"MPF\0") {
                    self.map.mpf.get_or_insert((from + 4, body - 4));
                }
            }
            _ => {}
        }
        self.at = end;
        Ok(())
    }

    /// Steps over entropy-coded data to the marker that ends it.
    fn entropy(&mut self) -> Result<(), InspectError> {
        let mut chunk = Vec::new();
        while self.at < self.limit {
            let len = CHUNK_BYTES.min(self.limit - self.at);
            chunk.resize(len as usize, 0);
            self.source.check(self.at, len, "the picture")?;
            self.source.fill(self.at, &mut chunk)?;
            let found = memchr::memchr_iter(0xFF, &chunk)
                .find(|&i| chunk.get(i + 1).is_none_or(|next| !matches!(next, 0x00 | 0xD0..=0xD7 | 0xFF)));
            match found {
                // 0xFF at the piece's very end: look again with it in front, unless the file ends here.
                Some(i) if i + 1 == chunk.len() => {
                    if i == 0 {
                        break;
                    }
                    self.at += i as u64;
                }
                Some(i) => {
                    self.at += i as u64;
                    return Ok(());
                }
                None => self.at += len,
            }
        }
        let have = self.limit.min(self.source.len_bytes());
        Err(InspectError::truncated("the picture", have, have + 2))
    }
}

fn frame(marker: u8, header: [u8; 6]) -> Result<Frame, InspectError> {
    let [precision, h1, h0, w1, w0, components] = header;
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 || height == 0 {
        return Err(InspectError::garbage("a JPEG without pixels"));
    }
    Ok(Frame {
        width_px: width.into(),
        height_px: height.into(),
        components,
        ordinary: precision == 8 && matches!(marker, 0xC0..=0xC2) && matches!(components, 1 | 3 | 4),
    })
}

/// The ICC profile that lies in pieces in the APP2 segments, put together; nothing where a piece is missing.
pub fn icc_profile<S: Source>(source: &mut S, map: &JpegMap) -> Option<Vec<u8>> {
    const PROFILE_BYTES_MAX: u64 = 4 << 20;
    let mut pieces = map.icc.clone();
    pieces.sort_unstable();
    let in_order = pieces.iter().zip(1..=255_u8).all(|((number, ..), expected)| *number == expected);
    let total: u64 = pieces.iter().map(|(_, _, len)| len).sum();
    if pieces.is_empty() || !in_order || total > PROFILE_BYTES_MAX {
        return None;
    }
    let mut profile = Vec::with_capacity(total as usize);
    for (_, at, len) in pieces {
        profile.extend(source.take(at, len, "the colour profile").ok()?);
    }
    Some(profile)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::bytes::SliceSource;

    /// 16 x 8 px, grey, with stuffed bytes and a restart in its data.
    fn tiny() -> Vec<u8> {
        let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0];
        jpeg.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD9]);
        jpeg
    }

    fn whole(bytes: &[u8]) -> Result<JpegMap, InspectError> {
        walk(&mut SliceSource(bytes), 0, bytes.len() as u64, Depth::Whole)
    }

    #[test]
    fn every_cut_is_noticed_and_trailing_bytes_are_not_minded() {
        let jpeg = tiny();
        let map = whole(&jpeg).unwrap();
        let frame = Frame { width_px: 16, height_px: 8, components: 1, ordinary: true };
        assert_eq!((map.frame, map.end), (Some(frame), jpeg.len() as u64));
        for len in 0..jpeg.len() {
            assert!(whole(&jpeg[..len]).unwrap_err().is_incomplete(), "{len}");
        }
        let mut longer = jpeg.clone();
        longer.extend(b"trailer");
        assert_eq!(whole(&longer).unwrap().end, jpeg.len() as u64);
    }

    #[test]
    fn a_marker_across_two_pieces_is_seen() {
        let mut jpeg = tiny();
        let data_at = jpeg.len() - 2;
        let pad = CHUNK_BYTES as usize - (data_at - 25) - 1;
        jpeg.splice(data_at..data_at, std::iter::repeat_n(7, pad));
        for more in 0..3 {
            let mut moved = jpeg.clone();
            moved.splice(data_at..data_at, std::iter::repeat_n(7, more));
            assert_eq!(whole(&moved).unwrap().end, moved.len() as u64);
        }
    }
}
