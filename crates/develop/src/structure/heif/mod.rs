//! HEIF still pictures (ISO/IEC 23008-12) coded with HEVC: HEIC of phones, HIF of cameras.
//!
//! A picture is an item, or a grid of items; properties say its size, how to turn it and its colours. What EXIF says about
//! turning does not count beside them (the standard leaves it to the properties, and EXIF mostly repeats what they say). Only
//! where no property speaks of it does EXIF: programs that make HEIC from JPEG leave it at that, and phones show it so.

mod items;
mod turn;

use model::Orientation;

use self::{
    items::{BOXES_MAX, Fields, Items},
    turn::Shown,
};
use super::bmff::{Level, Part, level};
use crate::{InspectError, bytes::Source};

/// What is read, for errors.
const WHAT: &str = "the picture's description";
/// Small pictures beside the large one; cameras have up to three.
const THUMBNAILS_MAX: usize = 8;
/// Bytes of a grid's description: 8 or 12.
const GRID_BYTES_MAX: u64 = 64;
/// Brands of files that hold still pictures (ISO/IEC 23008-12, annex B; AV1's own).
const BRANDS: [&[u8; 4]; 9] = [b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"msf1", b"avif", b"avis"];

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heif {
    /// The picture, then the small ones beside it.
    pub pictures: Vec<Coded>,
    /// Where the EXIF data lie, behind four bytes that say where its TIFF block begins.
    pub exif: Vec<(u64, u64)>,
}

/// A picture as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    /// Its item's number.
    pub item: u32,
    /// Left edge of what is shown of the stored pixels.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Columns, not turned yet.
    pub width_px: u32,
    /// Rows, not turned yet.
    pub height_px: u32,
    /// How to turn it upright, where its properties say so.
    pub orientation: Option<Orientation>,
    /// Its pieces.
    pub tiles: Tiles,
    /// Its ICC profile: offset and length.
    pub icc: Option<(u64, u64)>,
    /// Its colours in numbers.
    pub nclx: Option<Nclx>,
}

/// Pieces of one size, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiles {
    /// Pieces in a row.
    pub columns: u32,
    /// Columns of a piece.
    pub width_px: u32,
    /// Rows of a piece.
    pub height_px: u32,
    /// Each one's decoder settings (`hvcC`) and coded bytes: offsets and lengths.
    pub all: Vec<Tile>,
}

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Offset and length of its `hvcC` record.
    pub record: (u64, u64),
    /// Offsets and lengths of its coded bytes, in order.
    pub extents: Vec<(u64, u64)>,
}

/// Colours in ITU-T H.273's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nclx {
    /// ColourPrimaries.
    pub primaries: u16,
    /// TransferCharacteristics.
    pub transfer: u16,
    /// MatrixCoefficients.
    pub matrix: u16,
    /// Black is 0, not 16 of 255.
    pub full_range: bool,
}

/// Whether these first bytes are those of a file with still pictures: by its brand, or one that it is compatible with.
pub fn is_heif(head: &[u8]) -> bool {
    let (Some([a, b, c, d]), Some(b"ftyp")) = (head.get(..4), head.get(4..8)) else { return false };
    let end = (u32::from_be_bytes([*a, *b, *c, *d]) as usize).min(head.len());
    let brands = head.get(8..end).unwrap_or_default().chunks_exact(4);
    // The second one is a version.
    brands.enumerate().any(|(index, brand)| index != 1 && BRANDS.iter().any(|known| brand == *known))
}

/// Walks a file; errs unless all of its boxes and all bytes of its items lie inside.
pub fn walk<S: Source>(source: &mut S) -> Result<Heif, InspectError> {
    let len = source.len_bytes();
    let parts = level(source, 0, len, &Level { what: "the file", most: BOXES_MAX })?;
    let has = |kind: &[u8; 4]| parts.iter().find(|part| part.kind == *kind);
    let meta = match (has(b"meta"), has(b"moov")) {
        (Some(meta), _) => meta,
        (None, Some(_)) => return Err(InspectError::Foreign),
        // Boxes come one after the other: what is missing has not arrived yet.
        (None, None) => return Err(InspectError::truncated("the file", len, len + 8)),
    };
    let items = Items::read(source, meta)?;
    let primary = items.primary.ok_or_else(|| InspectError::garbage("no picture is said to be the file's own"))?;
    let mut pictures = vec![picture(source, &items, primary)?];
    let small = items.referring(*b"thmb", primary).take(THUMBNAILS_MAX);
    pictures.extend(small.filter_map(|item| picture(source, &items, item).ok()));
    let about = |item: &u32| items.referred(*b"cdsc", *item).any(|picture| picture == primary);
    let exif = items.of_kind(*b"Exif").find(about).or_else(|| items.of_kind(*b"Exif").next());
    Ok(Heif { pictures, exif: exif.map_or(Vec::new(), |item| items.extents(item).to_vec()) })
}

/// What the properties of an item say.
#[derive(Default)]
struct Properties {
    size: Option<(u32, u32)>,
    record: Option<(u64, u64)>,
    icc: Option<(u64, u64)>,
    nclx: Option<Nclx>,
    /// In their order.
    turns: Vec<Turn>,
}

enum Turn {
    Rotate(u8),
    Mirror(u8),
    Crop((f64, f64), (f64, f64)),
}

fn properties<S: Source>(source: &mut S, items: &Items, item: u32) -> Result<Properties, InspectError> {
    let mut all = Properties::default();
    for part in items.properties_of(item) {
        match &part.kind {
            b"ispe" => {
                let mut fields = Fields::of(source, part)?;
                fields.u32()?;
                all.size = Some((fields.u32()?, fields.u32()?));
            }
            b"hvcC" => all.record = Some((part.at, part.end - part.at)),
            b"irot" => all.turns.push(Turn::Rotate(Fields::of(source, part)?.uint(1)? as u8 & 3)),
            b"imir" => all.turns.push(Turn::Mirror(Fields::of(source, part)?.uint(1)? as u8 & 1)),
            b"clap" => all.turns.push(crop(&mut Fields::of(source, part)?)?),
            b"colr" => colours(source, part, &mut all)?,
            _ => {}
        }
    }
    Ok(all)
}

/// Width, height and the centre's offsets, each a fraction.
fn crop(fields: &mut Fields) -> Result<Turn, InspectError> {
    let mut fraction = |signed: bool| {
        let (over, under) = (fields.u32()?, fields.u32()?);
        let over = if signed { f64::from(over.cast_signed()) } else { f64::from(over) };
        Ok::<_, InspectError>(over / f64::from(under))
    };
    let size = (fraction(false)?, fraction(false)?);
    Ok(Turn::Crop(size, (fraction(true)?, fraction(true)?)))
}

/// A colour box (ISO/IEC 14496-12, 12.1.5); of two, one has a profile and the other numbers.
fn colours<S: Source>(source: &mut S, part: &Part, all: &mut Properties) -> Result<(), InspectError> {
    let kind: [u8; 4] = source.array(part.at, WHAT)?;
    match &kind {
        b"prof" | b"rICC" => all.icc = Some((part.at + 4, part.end.saturating_sub(part.at + 4))),
        b"nclx" => {
            let mut fields = Fields::of(source, part)?;
            fields.u32()?;
            let [primaries, transfer, matrix] = [fields.uint(2)?, fields.uint(2)?, fields.uint(2)?].map(|n| n as u16);
            all.nclx = Some(Nclx { primaries, transfer, matrix, full_range: fields.uint(1)? & 0x80 != 0 });
        }
        _ => {}
    }
    Ok(())
}

fn picture<S: Source>(source: &mut S, items: &Items, item: u32) -> Result<Coded, InspectError> {
    let own = properties(source, items, item)?;
    let size = own.size.filter(|(width, height)| *width > 0 && *height > 0);
    let (width_px, height_px) = size.ok_or_else(|| InspectError::garbage("a picture whose size is not told"))?;
    let (tiles, of_tiles) = match items.kind(item) {
        Some(kind) if is_hevc(kind) => {
            let all = vec![Tile { record: own.record.ok_or_else(no_record)?, extents: extents(items, item)? }];
            (Tiles { columns: 1, width_px, height_px, all }, Properties::default())
        }
        Some(kind) if kind == *b"grid" => grid(source, items, item, (width_px, height_px))?,
        kind => return Err(unsupported(kind)),
    };
    let mut shown = Shown::whole(width_px, height_px);
    let mut is_turned = false;
    for turn in &own.turns {
        is_turned |= !matches!(turn, Turn::Crop(..));
        match turn {
            Turn::Rotate(quarters) => shown.rotate(*quarters),
            Turn::Mirror(axis) => shown.mirror(*axis),
            Turn::Crop(size, offset) => shown
                .crop(*size, *offset)
                .ok_or_else(|| InspectError::garbage("a picture cropped to what it does not have"))?,
        }
    }
    Ok(Coded {
        item,
        x: shown.x,
        y: shown.y,
        width_px: shown.width_px,
        height_px: shown.height_px,
        orientation: is_turned.then(|| shown.orientation()),
        tiles,
        icc: own.icc.or(of_tiles.icc),
        nclx: own.nclx.or(of_tiles.nclx),
    })
}

fn is_hevc(kind: [u8; 4]) -> bool {
    matches!(&kind, b"hvc1" | b"hev1")
}

fn no_record() -> InspectError {
    InspectError::garbage("a picture without its decoder's settings")
}

fn unsupported(kind: Option<[u8; 4]>) -> InspectError {
    let what = match kind.as_ref() {
        Some(b"av01") => {
            "the picture is coded as AVIF (AV1), which no camera writes and which is not opened here".into()
        }
        Some(b"jpeg") => "the picture is a JPEG wrapped in HEIF, which is not opened here".into(),
        Some(kind) => format!("the picture is of a kind ({}) that is not opened here", kind.escape_ascii()),
        None => return InspectError::garbage("the file's own picture is missing"),
    };
    InspectError::Unsupported { what }
}

fn extents(items: &Items, item: u32) -> Result<Vec<(u64, u64)>, InspectError> {
    let extents = items.extents(item);
    if extents.iter().all(|(_, len)| *len == 0) {
        return Err(InspectError::garbage("a picture without bytes"));
    }
    Ok(extents.to_vec())
}

/// A grid of items (ISO/IEC 23008-12, 6.6.2.3), and what its first one says about colours.
fn grid<S: Source>(
    source: &mut S,
    items: &Items,
    item: u32,
    (width_px, height_px): (u32, u32),
) -> Result<(Tiles, Properties), InspectError> {
    let odd = || InspectError::garbage("a picture whose tiles do not fit");
    let extents_of_grid = extents(items, item)?;
    if extents_of_grid.iter().any(|(_, len)| *len > GRID_BYTES_MAX) || extents_of_grid.len() > GRID_BYTES_MAX as usize {
        return Err(odd());
    }
    let mut fields = Fields::new(source.gather(&extents_of_grid, WHAT)?);
    let (_version, flags, rows, columns) = (fields.uint(1)?, fields.uint(1)?, fields.uint(1)? + 1, fields.uint(1)? + 1);
    let side = if flags & 1 == 1 { 4 } else { 2 };
    if (fields.uint(side)?, fields.uint(side)?) != (width_px.into(), height_px.into()) {
        return Err(odd());
    }
    let mut all = Vec::new();
    let mut first: Option<Properties> = None;
    for tile in items.referred(*b"dimg", item) {
        match items.kind(tile) {
            Some(kind) if is_hevc(kind) => {}
            kind => return Err(unsupported(kind)),
        }
        let own = properties(source, items, tile)?;
        all.push(Tile { record: own.record.ok_or_else(no_record)?, extents: extents(items, tile)? });
        let size = own.size;
        if size != first.get_or_insert(own).size {
            return Err(odd());
        }
    }
    let first = first.ok_or_else(odd)?;
    let tile = first.size.ok_or_else(odd)?;
    let covers = |count: u64, tile: u32, side: u32| count * u64::from(tile) >= u64::from(side);
    if all.len() as u64 != rows * columns || !covers(columns, tile.0, width_px) || !covers(rows, tile.1, height_px) {
        return Err(odd());
    }
    Ok((Tiles { columns: columns as u32, width_px: tile.0, height_px: tile.1, all }, first))
}
