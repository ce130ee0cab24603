//! What packed samples say of themselves, before they are decoded.
//!
//! **Holes**: blocks of zeros that a card, a cable or a full disk left. LibRaw decodes such a block without a word, and with
//! differences between neighbours everything behind it comes out wrong. In these packings no picture brings a long run of zeros:
//! - Lossless JPEG (T.81 annex H; DNG, CR2): zeros are the code that stands first in the Huffman table, over and over. Unless
//!   that code means "no difference", each one changes the sample in the same direction, and the range ends. Where it means
//!   that, an even surface brings runs too, and only those count that begin and end where blocks of a disk do.
//! - Sony's packing of 8 bits (tag value 32767): a block of zeros is 16 samples of 0, far below black.
//!
//! Samples without packing may be zeros, and other packings were not at hand: nothing is said about them.
//!
//! **Claims**: how many samples the heads of lossless JPEGs speak of. LibRaw decodes all of them, even where a head of 4 billion
//! samples stands in a raw of a thousand; and where there are fewer than pixels, the rest stays black.

use crate::{
    bytes::SliceSource,
    structure::tiff::{self, Ifd, Role, Strictness, Tiff},
};

/// Zeros in a row that are a hole.
const RUN_BYTES: usize = 256;
/// Blocks of disks and cards.
const BLOCK_BYTES: usize = 512;
/// Zeros that may stand beside a lost block by chance.
const CHANCE_BYTES: usize = 2;
/// Segments before the samples of a lossless JPEG; there are four.
const SEGMENTS_MAX: usize = 32;
/// Tags by their TIFF 6.0 names.
pub(super) const IMAGE_WIDTH: u16 = 0x0100;
pub(super) const IMAGE_LENGTH: u16 = 0x0101;
pub(super) const COMPRESSION: u16 = 0x0103;
const PHOTOMETRIC: u16 = 0x0106;
const SAMPLES_PER_PIXEL: u16 = 0x0115;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Packed {
    /// Samples that lossless JPEGs say they hold.
    pub claimed_samples: u64,
    /// Samples are missing: a hole, or a part that holds too few.
    pub has_gaps: bool,
}

/// Looks at all parts of all pictures of a file on top of TIFF; nothing is found in others.
pub(super) fn examine(file: &[u8]) -> Packed {
    let mut source = SliceSource(file);
    let mut packed = Packed::default();
    let Ok(tiff) = tiff::walk(&mut source, Strictness::Lenient) else { return packed };
    for ifd in tiff.ifds.iter().filter(|ifd| matches!(ifd.role, Role::Main | Role::Sub)) {
        let found = directory(&mut source, &tiff, ifd).unwrap_or_default();
        packed.claimed_samples = packed.claimed_samples.saturating_add(found.claimed_samples);
        packed.has_gaps |= found.has_gaps;
    }
    packed
}

fn directory(source: &mut SliceSource, tiff: &Tiff, ifd: &Ifd) -> Option<Packed> {
    const COLOUR_FILTERS: u32 = 32_803;
    const LINEAR: u32 = 34_892;
    let file = source.0;
    let parts = tiff::parts(source, tiff, ifd).ok()?;
    // Parts that lie over one another are no camera's, and could be searched for hours.
    if parts.iter().map(|(_, len)| len).sum::<u64>() > file.len() as u64 {
        return None;
    }
    let parts =
        parts.into_iter().filter_map(|(at, len)| Some((at as usize, file.get(at as usize..)?.get(..len as usize)?)));
    let mut number = |tag| tiff::number(source, tiff, ifd, tag);
    let is_sensor = matches!(number(PHOTOMETRIC), Some(COLOUR_FILTERS | LINEAR));
    let packing = number(COMPRESSION);
    let pixels = u64::from(number(IMAGE_WIDTH).unwrap_or(0)) * u64::from(number(IMAGE_LENGTH).unwrap_or(0));
    let wanted = pixels.saturating_mul(number(SAMPLES_PER_PIXEL).unwrap_or(1).into());
    let mut packed = Packed::default();
    let mut is_lossless = false;
    for (at, part) in parts {
        match (jpeg(part), packing) {
            (Some(Jpeg { samples: Some(samples), is_even }), _) => {
                is_lossless = true;
                packed.claimed_samples = packed.claimed_samples.saturating_add(samples);
                packed.has_gaps |= runs(part).any(|(begin, end)| !is_even || is_of_blocks((at + begin, at + end)));
            }
            // The head of a part is gone.
            (None, Some(7)) if is_sensor => packed.has_gaps = true,
            (_, Some(32_767)) if is_sensor => packed.has_gaps |= runs(part).next().is_some(),
            _ => {}
        }
    }
    // CR2 says its size elsewhere: nothing is wanted there.
    packed.has_gaps |= is_lossless && is_sensor && packed.claimed_samples < wanted;
    Some(packed)
}

/// Zeros in a row, from where to where, with something behind them: parts may be filled up with zeros at their end.
fn runs(part: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let used = part.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let part = part.get(..used).unwrap_or_default();
    let mut at = RUN_BYTES - 1;
    std::iter::from_fn(move || {
        // Every run of that length holds one of these places.
        while let Some(byte) = part.get(at) {
            if *byte != 0 {
                at += RUN_BYTES;
                continue;
            }
            let before = part.get(..at).unwrap_or_default();
            let begin = before.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            let end = part.iter().skip(at).position(|byte| *byte != 0).map_or(part.len(), |n| at + n);
            at = end + RUN_BYTES - 1;
            if end - begin >= RUN_BYTES {
                return Some((begin, end));
            }
        }
        None
    })
}

/// Whether a run of the file is one or more whole blocks.
fn is_of_blocks((begin, end): (usize, usize)) -> bool {
    let (first, last) = (begin.next_multiple_of(BLOCK_BYTES), end / BLOCK_BYTES * BLOCK_BYTES);
    first < last && first - begin <= CHANCE_BYTES && end - last <= CHANCE_BYTES
}

/// What the head of a JPEG says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Jpeg {
    /// Of a lossless one: samples that it holds. Others hold no sensor's samples, or none that are judged.
    samples: Option<u64>,
    /// The code of zeros means "no difference".
    is_even: bool,
}

/// Looks at the frame header and the first symbol of each table; nothing for what is no JPEG.
fn jpeg(part: &[u8]) -> Option<Jpeg> {
    let mut found = Jpeg { samples: None, is_even: false };
    let mut at = 2;
    if part.get(..2)? != [0xFF, 0xD8] {
        return None;
    }
    for _ in 0..SEGMENTS_MAX {
        let [prefix, marker, high, low] = *part.get(at..at + 4)?.first_chunk()?;
        if prefix != 0xFF {
            return None;
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        let body = part.get(at + 4..end)?;
        match marker {
            0xC3 => {
                let [_, h1, h0, w1, w0, planes] = *body.first_chunk()?;
                let (rows, columns) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
                found.samples = Some(u64::from(rows) * u64::from(columns) * u64::from(planes));
            }
            0xC4 => found.is_even |= first_symbols(body).any(|symbol| symbol == 0),
            0xDA => return Some(found),
            _ => {}
        }
        at = end;
    }
    None
}

/// The first symbol of each table of a segment (T.81 B.2.4.2): a class and number, sixteen counts, the symbols.
fn first_symbols(mut segment: &[u8]) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let (counts, symbols) = segment.get(1..)?.split_at_checked(16)?;
        let count: usize = counts.iter().map(|count| usize::from(*count)).sum();
        segment = symbols.get(count..).unwrap_or_default();
        symbols.first().copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_count_only_with_something_behind_them() {
        let bytes =
            |before: usize, zeros: usize, after: usize| [vec![1; before], vec![0; zeros], vec![1; after]].concat();
        for before in [0, 1, 200, 255, 256, 257, 1000] {
            let found: Vec<_> = runs(&bytes(before, RUN_BYTES, 1)).collect();
            assert_eq!(found, [(before, before + RUN_BYTES)]);
            assert_eq!(runs(&bytes(before, RUN_BYTES - 1, 300)).count(), 0, "{before}");
            assert_eq!(runs(&bytes(before, 5000, 0)).count(), 0, "{before}");
        }
        assert_eq!(runs(&bytes(3, 300, 1).repeat(4)).count(), 4);
        assert_eq!(runs(&[]).count(), 0);
    }

    #[test]
    fn blocks_begin_and_end_where_disks_have_them() {
        assert!(is_of_blocks((512, 1024)) && is_of_blocks((511, 4097)) && is_of_blocks((4094, 8192)));
        assert!(!is_of_blocks((512, 1023)) && !is_of_blocks((500, 1024)) && !is_of_blocks((513, 2048)));
        assert!(!is_of_blocks((511, 513)));
    }

    #[test]
    fn heads_say_how_many_samples_there_are_and_what_zeros_mean() {
        let bytes = |frame: u8, symbol: u8| {
            let mut bytes = vec![0xFF, 0xD8, 0xFF, frame, 0, 8, 8, 0, 5, 1, 0, 2, 0xFF, 0xC4, 0, 20, 0, 1];
            bytes.extend([0; 15]);
            bytes.extend([symbol, 0xFF, 0xDA, 0, 2]);
            bytes
        };
        let samples = 5 * 256 * 2;
        assert_eq!(jpeg(&bytes(0xC3, 4)), Some(Jpeg { samples: Some(samples), is_even: false }));
        assert_eq!(jpeg(&bytes(0xC3, 0)), Some(Jpeg { samples: Some(samples), is_even: true }));
        assert_eq!(jpeg(&bytes(0xC0, 4)), Some(Jpeg { samples: None, is_even: false }));
        let whole = bytes(0xC3, 4);
        for len in 0..whole.len() {
            assert_eq!(jpeg(&whole[..len]), None, "{len}");
        }
    }
}
