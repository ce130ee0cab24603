//! ISO base media files (ISO/IEC 14496-12): boxes within boxes; and what Canon's CR3 keeps in them.

use crate::{InspectError, bytes::Source};

/// Boxes on one level; a CR3 has fewer than twenty.
const BOXES_MAX: usize = 256;
/// Levels: moov, trak, mdia, minf, stbl.
const DEPTH_MAX: usize = 6;
/// Pictures in one track; a burst roll has some hundred.
const SAMPLES_MAX: u32 = 4096;

const UUID_CANON: [u8; 16] = *b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
const UUID_PREVIEW: [u8; 16] = *b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";

/// What was found in a CR3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cr3 {
    /// TIFF blocks with the tags of IFD0, of EXIF, of the maker's notes and of the position: offset and length.
    pub tags: [Option<(u64, u64)>; 4],
    /// Where JPEGs may lie: thumbnail, preview, and the first sample of every track.
    pub jpegs: Vec<(u64, u64)>,
}

/// Whether these first bytes are a CR3's: brand `crx `.
pub fn is_cr3(head: &[u8]) -> bool {
    head.get(4..12) == Some(b"ftypcrx ")
}

/// Whether these first bytes are another ISO media file: an HEIF picture, a film.
pub fn is_other(head: &[u8]) -> bool {
    head.len() >= 12 && head.get(4..8) == Some(b"ftyp") && !is_cr3(head)
}

/// A box: what it is, and where its content lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its four letters.
    pub kind: [u8; 4],
    /// Behind its header.
    pub at: u64,
    /// Just behind the box.
    pub end: u64,
}

/// Walks a CR3; errs unless all boxes and all samples of its tracks lie inside the file.
pub fn walk<S: Source>(source: &mut S) -> Result<Cr3, InspectError> {
    let mut cr3 = Cr3::default();
    let (mut has_movie, mut has_data) = (false, false);
    let len = source.len_bytes();
    for part in boxes(source, 0, len)? {
        match &part.kind {
            b"moov" => {
                has_movie = true;
                movie(source, &part, 0, &mut cr3)?;
            }
            b"uuid" if uuid(source, &part) == Some(UUID_PREVIEW) => {
                // Eight unknown bytes stand before the inner PRVW box.
                for inner in boxes(source, part.at + 24, part.end).unwrap_or_default() {
                    cr3.jpegs.extend(jpeg_inside(source, &inner));
                }
            }
            b"mdat" => has_data = true,
            _ => {}
        }
    }
    match (has_movie, has_data) {
        (true, true) => Ok(cr3),
        // Boxes come one after the other: what is missing has not arrived yet.
        _ => Err(InspectError::truncated("the raw", len, len + 8)),
    }
}

fn boxes<S: Source>(source: &mut S, at: u64, end: u64) -> Result<Vec<Part>, InspectError> {
    level(source, at, end, &Level { what: "the raw", most: BOXES_MAX })
}

/// What a row of boxes belongs to, for errors, and how many it may have.
pub struct Level<'a> {
    /// In words: `the raw`.
    pub what: &'a str,
    /// More than this many are refused.
    pub most: usize,
}

/// The boxes between two places, none of which reaches beyond `end`. (ISO/IEC 14496-12, 4.2)
pub fn level<S: Source>(
    source: &mut S,
    mut at: u64,
    end: u64,
    &Level { what, most }: &Level,
) -> Result<Vec<Part>, InspectError> {
    let mut parts = Vec::new();
    while at < end {
        if parts.len() >= most {
            return Err(InspectError::garbage("too many boxes"));
        }
        let head: [u8; 8] = source.array(at, what)?;
        let [a, b, c, d, kind @ ..] = head;
        let (len, body) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (end - at, at + 8),
            1 => (u64::from_be_bytes(source.array(at + 8, what)?), at + 16),
            len => (len.into(), at + 8),
        };
        if at.checked_add(len).is_none_or(|next| next < body) {
            return Err(InspectError::garbage("a box that makes no sense"));
        }
        source.check(at, len, what)?;
        at += len;
        if at > end {
            return Err(InspectError::garbage("a box larger than the one around it"));
        }
        parts.push(Part { kind, at: body, end: at });
    }
    Ok(parts)
}

fn uuid<S: Source>(source: &mut S, part: &Part) -> Option<[u8; 16]> {
    (part.end - part.at >= 16).then(|| source.array(part.at, "the raw").ok()).flatten()
}

fn movie<S: Source>(source: &mut S, movie: &Part, depth: usize, cr3: &mut Cr3) -> Result<(), InspectError> {
    if depth >= DEPTH_MAX {
        return Err(InspectError::garbage("boxes nested too deep"));
    }
    for part in boxes(source, movie.at, movie.end)? {
        match &part.kind {
            b"uuid" if uuid(source, &part) == Some(UUID_CANON) => canon(source, &part, cr3)?,
            b"trak" | b"mdia" | b"minf" => self::movie(source, &part, depth + 1, cr3)?,
            b"stbl" => track(source, &part, cr3)?,
            _ => {}
        }
    }
    Ok(())
}

fn canon<S: Source>(source: &mut S, canon: &Part, cr3: &mut Cr3) -> Result<(), InspectError> {
    for part in boxes(source, canon.at + 16, canon.end)? {
        let place = (part.at, part.end - part.at);
        match &part.kind {
            b"CMT1" => cr3.tags[0] = Some(place),
            b"CMT2" => cr3.tags[1] = Some(place),
            b"CMT3" => cr3.tags[2] = Some(place),
            b"CMT4" => cr3.tags[3] = Some(place),
            b"THMB" => cr3.jpegs.extend(jpeg_inside(source, &part)),
            _ => {}
        }
    }
    Ok(())
}

/// The JPEG that begins within the first bytes of a box and ends with it.
fn jpeg_inside<S: Source>(source: &mut S, part: &Part) -> Option<(u64, u64)> {
    let head = source.take(part.at, 32.min(part.end - part.at), "a preview").ok()?;
    let from = head.windows(3).position(|three| three == [0xFF, 0xD8, 0xFF])? as u64;
    Some((part.at + from, part.end - part.at - from))
}

/// A track's samples: every one must lie inside the file. The first one may be a JPEG.
fn track<S: Source>(source: &mut S, table: &Part, cr3: &mut Cr3) -> Result<(), InspectError> {
    let (mut offsets, mut sizes) = (Vec::new(), Vec::new());
    for part in boxes(source, table.at, table.end)? {
        match &part.kind {
            b"co64" => offsets = list(source, &part, 4, 8)?,
            b"stco" => offsets = list(source, &part, 4, 4)?,
            b"stsz" => {
                let [_, _, _, _, a, b, c, d]: [u8; 8] = source.array(part.at, "the raw")?;
                sizes = match u32::from_be_bytes([a, b, c, d]) {
                    0 => list(source, &part, 8, 4)?,
                    same => vec![u64::from(same); offsets.len().max(1)],
                };
            }
            _ => {}
        }
    }
    for (index, (at, len)) in offsets.into_iter().zip(sizes).enumerate() {
        source.check(at, len, "the sensor's data")?;
        if index == 0 {
            cr3.jpegs.push((at, len));
        }
    }
    Ok(())
}

/// Numbers of `width` bytes after a count that stands `count_at` bytes into the box.
fn list<S: Source>(source: &mut S, part: &Part, count_at: u64, width: usize) -> Result<Vec<u64>, InspectError> {
    let count = u32::from_be_bytes(source.array(part.at + count_at, "the raw")?);
    if count > SAMPLES_MAX {
        return Err(InspectError::garbage("a track with too many pictures"));
    }
    let bytes = source.take(part.at + count_at + 4, u64::from(count) * width as u64, "the raw")?;
    Ok(bytes.chunks_exact(width).map(|number| number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))).collect())
}
