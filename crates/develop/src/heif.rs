//! Pictures coded with HEVC to RGB: tile by tile, each shrunk as it comes, so that memory is that of the result.

use crate::{
    InspectError, RenderError,
    bytes::Source,
    colour::Colours,
    exif,
    hdr::{self, Transfer},
    jpeg::{CLAIMED_PIXELS_MAX, DECODED_PIXELS_MAX, Picture},
    structure::heif::{Coded, Nclx},
    ycbcr::{Coding, HALVINGS_MAX, Rows},
};

/// Pixels of one coded piece: twice what HEVC's highest level but one allows, and more than any camera's whole picture in
/// one piece.
const CODED_PIXELS_MAX: u64 = 64 << 20;
/// Bytes of a picture; a 200 MP phone writes 40 MB.
const CODED_BYTES_MAX: u64 = 256 << 20;
/// Bytes of one piece's decoder settings: some hundred.
const RECORD_BYTES_MAX: u64 = 64 << 10;
/// Bytes of an ICC profile that is read.
const ICC_BYTES_MAX: u64 = 4 << 20;

/// A picture's bytes, and how to read them.
pub struct Loaded {
    coded: Coded,
    /// Decoder settings and coded bytes of each piece.
    tiles: Vec<(Vec<u8>, Vec<u8>)>,
    icc: Option<Vec<u8>>,
    space: Option<exif::ColourSpace>,
}

/// Reads what belongs to a picture; `space` is what EXIF says about colours.
pub fn load<S: Source>(source: &mut S, coded: Coded, space: Option<exif::ColourSpace>) -> Result<Loaded, RenderError> {
    let too_long = || RenderError::File(InspectError::garbage("a picture of impossible length"));
    let lengths = coded.tiles.all.iter().flat_map(|tile| &tile.extents);
    if lengths.fold(0_u64, |sum, (_, len)| sum.saturating_add(*len)) > CODED_BYTES_MAX {
        return Err(too_long());
    }
    let mut tiles = Vec::with_capacity(coded.tiles.all.len());
    for tile in &coded.tiles.all {
        if tile.record.1 > RECORD_BYTES_MAX {
            return Err(too_long());
        }
        let record = source.take(tile.record.0, tile.record.1, "the decoder's settings")?;
        tiles.push((record, source.gather(&tile.extents, "the picture")?));
    }
    let profile = coded.icc.filter(|(_, len)| *len <= ICC_BYTES_MAX);
    let icc = profile.and_then(|(at, len)| source.take(at, len, "the colour profile").ok());
    Ok(Loaded { coded, tiles, icc, space })
}

/// Decodes to the smallest of 1/1, 1/2, 1/4 and 1/8 whose longer side is at least `long_edge_px`, not turned yet.
pub fn decode(loaded: &Loaded, long_edge_px: u32) -> Result<(Picture, Colours), RenderError> {
    let coded = &loaded.coded;
    let too_large = || RenderError::TooLarge { width_px: coded.width_px, height_px: coded.height_px };
    let pixels = |width: u32, height: u32| u64::from(width) * u64::from(height);
    let rows_count = (loaded.tiles.len() as u64).div_ceil(coded.tiles.columns.max(1).into());
    let whole = pixels(coded.tiles.width_px, coded.tiles.height_px).saturating_mul(coded.tiles.columns.into());
    if whole.saturating_mul(rows_count) > CLAIMED_PIXELS_MAX {
        return Err(too_large());
    }
    let halvings = halvings(coded, long_edge_px);
    let shrunk = |px: u32| (px >> halvings).max(1);
    let (width_px, height_px) = (shrunk(coded.width_px), shrunk(coded.height_px));
    if pixels(width_px, height_px) > DECODED_PIXELS_MAX as u64 {
        return Err(too_large());
    }
    let mut canvas = Canvas {
        rgb: vec![0; width_px as usize * height_px as usize * 3],
        width: width_px as usize,
        height: height_px as usize,
    };
    let mut numbers: Option<(Nclx, Option<hdr::Mapping>)> = None;
    for (index, (record, bytes)) in (0_u32..).zip(&loaded.tiles) {
        let piece = hevc::decode(record, bytes, CODED_PIXELS_MAX).map_err(decoder_error)?;
        let (nclx, mapping) = numbers.get_or_insert_with(|| {
            let nclx = coded.nclx.unwrap_or_else(|| of_stream(piece.description));
            (nclx, Transfer::of(nclx.transfer).map(|transfer| hdr::Mapping::new(transfer, nclx.primaries)))
        });
        let coding = Coding { matrix: nclx.matrix, full_range: nclx.full_range };
        let white = if mapping.is_some() { hdr::WHITE } else { 255 };
        let mut rows = Rows::new(&piece, coding, halvings, white)?;
        let columns = coded.tiles.columns.max(1);
        let place = |n: u32, px: u32, from: u32| i64::from((n * px) >> halvings) - i64::from(from >> halvings);
        let left = place(index % columns, coded.tiles.width_px, coded.x);
        let top = place(index / columns, coded.tiles.height_px, coded.y);
        canvas.put(&mut rows, (left, top), mapping.as_ref());
    }
    let colours = match numbers {
        Some((_, Some(_))) => Colours::Srgb,
        Some((nclx, None)) if loaded.icc.is_none() && nclx.primaries != UNSPECIFIED => {
            Colours::of_primaries(nclx.primaries)
        }
        _ => Colours::of(loaded.icc.as_deref(), loaded.space),
    };
    Ok((Picture { rgb: canvas.rgb, width_px, height_px }, colours))
}

/// "Not said", in ITU-T H.273.
const UNSPECIFIED: u16 = 2;

fn of_stream(description: hevc::Description) -> Nclx {
    let hevc::Description { primaries, transfer, matrix, full_range } = description;
    Nclx { primaries, transfer, matrix, full_range }
}

fn decoder_error(error: hevc::Error) -> RenderError {
    match error {
        hevc::Error::TooLarge { width_px, height_px } => RenderError::TooLarge { width_px, height_px },
        other => RenderError::decode(other),
    }
}

/// How often the picture can be halved. Tiles must remain whole, or seams would move.
fn halvings(coded: &Coded, long_edge_px: u32) -> u32 {
    let long = coded.width_px.max(coded.height_px);
    let tiles = &coded.tiles;
    let fits = |times: u32| {
        let whole = (tiles.width_px | tiles.height_px).is_multiple_of(1 << times);
        long >> times >= long_edge_px.max(1) && (tiles.all.len() < 2 || whole)
    };
    (1..=HALVINGS_MAX).take_while(|times| fits(*times)).last().unwrap_or(0)
}

/// The picture that is put together.
struct Canvas {
    rgb: Vec<u8>,
    width: usize,
    height: usize,
}

impl Canvas {
    /// Puts a piece where its upper left corner belongs, which may lie outside, as may the rest of it.
    fn put(&mut self, rows: &mut Rows, (left, top): (i64, i64), mapping: Option<&hdr::Mapping>) {
        let visible = |from: i64, len: usize, most: usize| {
            let first = (-from).clamp(0, len as i64);
            let end = (most as i64 - from).clamp(first, len as i64);
            (first as usize, end as usize)
        };
        let (first_x, end_x) = visible(left, rows.width(), self.width);
        let (first_y, end_y) = visible(top, rows.height(), self.height);
        let mut numbers = vec![0_u16; rows.width() * 3];
        for y in first_y..end_y {
            rows.row(y, &mut numbers);
            let at = ((y as i64 + top) as usize * self.width + (first_x as i64 + left) as usize) * 3;
            let (Some(from), Some(to)) =
                (numbers.get(first_x * 3..end_x * 3), self.rgb.get_mut(at..at + (end_x - first_x) * 3))
            else {
                return;
            };
            match mapping {
                Some(mapping) => mapping.row(from, to),
                None => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from as u8),
            }
        }
    }
}
