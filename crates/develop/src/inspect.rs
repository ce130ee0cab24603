//! What a file is: kind, format, the camera's facts, its embedded previews. And whether all of it is there.

use std::path::Path;

use model::{CaptureFacts, FileKind};
use serde::{Deserialize, Serialize};

use crate::{
    InspectError,
    bytes::{FileSource, SliceSource, Source},
    exif,
    structure::{
        bmff, heif,
        jpeg::{self, Depth, JpegMap},
        makernote, mpf, raf,
        tiff::{self, Role, Strictness, Tiff},
        xmp,
    },
    tags::{Tags, tag},
};

/// Previews that are listed; more than any camera or editor writes.
const PREVIEWS_MAX: usize = 32;
/// The first bytes that tell formats apart.
const HEAD_BYTES: u64 = 1024;

/// File formats, by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// HEIF coded with HEVC: phones' HEIC, cameras' HIF.
    Heic,
    /// Canon, until 2018.
    Cr2,
    /// Canon, since 2018.
    Cr3,
    /// Sony.
    Arw,
    /// Nikon.
    Nef,
    /// Adobe's, and many a phone's.
    Dng,
    /// Fujifilm.
    Raf,
    /// Panasonic.
    Rw2,
    /// Olympus, OM System.
    Orf,
    /// Pentax.
    Pef,
    /// Another maker's raw on top of TIFF.
    TiffRaw,
    /// Sidecar.
    Xmp,
}

/// A finished picture inside of a file: a JPEG, of a JPEG file the file itself; or an item of a HEIF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedPreview {
    /// Where it begins, bytes; of an item, its first piece.
    pub offset: u64,
    /// Its length, bytes; of an item, all its pieces together.
    pub len: u64,
    /// Columns, as stored.
    pub width_px: u32,
    /// Rows, as stored.
    pub height_px: u32,
    /// The item's number in a HEIF file; nothing for a JPEG.
    pub item: Option<u32>,
}

/// What [`inspect`] found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Kind of file.
    pub kind: FileKind,
    /// Format, by content.
    pub format: Format,
    /// What the camera said.
    pub facts: CaptureFacts,
    /// Finished pictures from which others can be made, largest first.
    pub previews: Vec<EmbeddedPreview>,
}

/// Inspects a file. Only the bytes that matter are read, but all of a JPEG's.
pub fn inspect(path: &Path) -> Result<Inspection, InspectError> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    inspect_source(&mut FileSource::open(path)?, extension.as_deref().unwrap_or_default())
}

/// Inspects bytes whose file has this extension (lower case, may be empty; it only decides between foreign and damaged).
pub fn inspect_source<S: Source>(source: &mut S, extension: &str) -> Result<Inspection, InspectError> {
    Ok(read(source, extension)?.0)
}

/// What a file that was inspected before is, without proving once more that all of it is there.
pub(crate) fn glance(path: &Path) -> Result<Inspection, InspectError> {
    let mut file = FileSource::open(path)?;
    let head = file.take(0, 3.min(file.len_bytes()), "the file's head")?;
    if head == [0xFF, 0xD8, 0xFF] { Ok(read_jpeg(&mut file, Depth::Head)?.0) } else { inspect(path) }
}

/// An inspection, and the tags that it came from.
pub(crate) fn read<S: Source>(source: &mut S, extension: &str) -> Result<(Inspection, Tags), InspectError> {
    let len = source.len_bytes();
    if len == 0 {
        return Err(InspectError::Empty);
    }
    let head = source.take(0, HEAD_BYTES.min(len), "the file's head")?;
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return read_jpeg(source, Depth::Whole);
    }
    if head.starts_with(raf::MAGIC) {
        return read_raf(source);
    }
    if bmff::is_cr3(&head) {
        return read_cr3(source);
    }
    if heif::is_heif(&head) {
        return read_heif(source);
    }
    if bmff::is_other(&head) {
        return Err(InspectError::Foreign);
    }
    if tiff::header(&head).is_some() {
        return read_tiff(source, &head);
    }
    if extension == "xmp" || xmp::is_xmp(&head) {
        xmp::check(source)?;
        return Ok(found(FileKind::Sidecar, Format::Xmp, Tags::default(), Vec::new()));
    }
    Err(unknown(&head, extension))
}

/// Extensions of the files that cameras write and we read.
const CAMERA_EXTENSIONS: &[&str] = &[
    "jpg", "jpeg", "cr2", "cr3", "arw", "sr2", "srf", "nef", "nrw", "dng", "raf", "rw2", "raw", "rwl", "orf", "ori",
    "pef", "3fr", "iiq", "erf", "srw", "heic", "heif", "hif",
];

fn unknown(head: &[u8], extension: &str) -> InspectError {
    let starts: [&[u8]; 6] = [&[0xFF, 0xD8, 0xFF], raf::MAGIC, b"II\x2A\0", b"MM\0\x2A", b"IIU\0", b"IIRO"];
    // CR3 and HEIC begin with the length of their first box, then say what they are.
    let is_box = head.len() < 12 && head.starts_with(&[0]);
    let boxed = is_box
        && ["crx ", "heic", "heix", "mif1"]
            .iter()
            .any(|brand| format!("ftyp{brand}").as_bytes().starts_with(head.get(4..).unwrap_or_default()));
    if boxed || starts.iter().any(|start| start.starts_with(head)) {
        return InspectError::truncated("the file's head", head.len() as u64, 16);
    }
    if !CAMERA_EXTENSIONS.contains(&extension) {
        return InspectError::Foreign;
    }
    if head.iter().all(|byte| *byte == 0) {
        // Copying programs reserve the room first and fill it afterwards.
        return InspectError::truncated("the file's head (all zeros so far)", 0, 16);
    }
    InspectError::garbage("its content is not what its name says")
}

fn found(kind: FileKind, format: Format, tags: Tags, mut previews: Vec<EmbeddedPreview>) -> (Inspection, Tags) {
    previews.sort_by_key(|preview| {
        (std::cmp::Reverse(u64::from(preview.width_px) * u64::from(preview.height_px)), preview.offset)
    });
    previews.dedup_by_key(|preview| preview.offset);
    (Inspection { kind, format, facts: exif::facts(&tags), previews }, tags)
}

fn read_jpeg<S: Source>(source: &mut S, depth: Depth) -> Result<(Inspection, Tags), InspectError> {
    let len = source.len_bytes();
    let map = jpeg::walk(source, 0, len, depth)?;
    let tags = jpeg_tags(source, &map);
    let end = if depth == Depth::Whole { map.end } else { len };
    let own = map.frame.map(|frame| EmbeddedPreview {
        offset: 0,
        len: end,
        width_px: frame.width_px,
        height_px: frame.height_px,
        item: None,
    });
    let mut previews: Vec<EmbeddedPreview> = own.into_iter().collect();
    if let Some(behind) = map.mpf.and_then(|place| mpf::behind(source, place)) {
        // Editors leave the list and drop what it lists: only a file that has some of it, and not all, is cut.
        if end < len && len < behind.end {
            return Err(InspectError::truncated("the camera's preview behind the picture", len, behind.end));
        }
        previews.extend(previews_at(source, &behind.previews).0);
    }
    Ok(found(FileKind::Jpeg, Format::Jpeg, tags, previews))
}

fn read_heif<S: Source>(source: &mut S) -> Result<(Inspection, Tags), InspectError> {
    let heif = heif::walk(source)?;
    let tags = heif_tags(source, &heif);
    let preview = |picture: &heif::Coded| {
        let extents = || picture.tiles.all.iter().flat_map(|tile| &tile.extents);
        EmbeddedPreview {
            offset: extents().next().map_or(0, |(at, _)| *at),
            len: extents().fold(0, |sum, (_, len)| u64::saturating_add(sum, *len)),
            width_px: picture.width_px,
            height_px: picture.height_px,
            item: Some(picture.item),
        }
    };
    let previews = heif.pictures.iter().map(preview).collect();
    let (mut inspection, tags) = found(FileKind::Jpeg, Format::Heic, tags, previews);
    if let Some(orientation) = heif.pictures.first().and_then(|picture| picture.orientation) {
        inspection.facts.orientation = orientation;
    }
    Ok((inspection, tags))
}

/// The tags in a HEIF file's EXIF; none where it has none, or broken ones.
pub(crate) fn heif_tags<S: Source>(source: &mut S, heif: &heif::Heif) -> Tags {
    let mut tags = Tags::default();
    let Ok(bytes) = source.gather(&heif.exif, "the EXIF data") else { return tags };
    // Four bytes say how far behind them the block begins (ISO/IEC 23008-12, A.2.1).
    let Some((before, rest)) = bytes.split_first_chunk() else { return tags };
    let Some(block) = rest.get(u32::from_be_bytes(*before) as usize..) else { return tags };
    let mut block = SliceSource(block);
    if let Ok(mut tiff) = tiff::walk(&mut block, Strictness::Lenient) {
        add_tags(&mut block, &mut tiff, &mut tags);
    }
    tags
}

/// The tags in a JPEG's EXIF; none where it has none, or broken ones.
pub(crate) fn jpeg_tags<S: Source>(source: &mut S, map: &JpegMap) -> Tags {
    let block = map.exif.and_then(|(at, len)| source.take(at, len, "the EXIF data").ok());
    let mut tags = Tags::default();
    if let Some(block) = block {
        let mut block = SliceSource(&block);
        if let Ok(mut tiff) = tiff::walk(&mut block, Strictness::Lenient) {
            add_tags(&mut block, &mut tiff, &mut tags);
        }
    }
    tags
}

fn add_tags<S: Source>(source: &mut S, tiff: &mut Tiff, tags: &mut Tags) {
    tags.add(source, tiff);
    let make = tags.get(Role::Main, tag::MAKE).and_then(crate::tags::Value::text).unwrap_or_default();
    if make.starts_with("Canon") {
        makernote::add_canon(source, tiff);
        tags.add(source, tiff);
    }
}

/// The JPEG at that place, if ordinary decoders open it. It only has to have a head: its length was checked before.
fn preview_at<S: Source>(source: &mut S, (offset, len): (u64, u64)) -> Option<(EmbeddedPreview, JpegMap)> {
    let end = offset.checked_add(len).filter(|end| len > 0 && *end <= source.len_bytes())?;
    let map = jpeg::walk(source, offset, end, Depth::Head).ok()?;
    let frame = map.frame.filter(|frame| frame.ordinary)?;
    Some((EmbeddedPreview { offset, len, width_px: frame.width_px, height_px: frame.height_px, item: None }, map))
}

/// Previews at these places, and the tags of the first that has any.
fn previews_at<S: Source>(source: &mut S, places: &[(u64, u64)]) -> (Vec<EmbeddedPreview>, Tags) {
    let found: Vec<_> = places.iter().take(PREVIEWS_MAX).filter_map(|place| preview_at(source, *place)).collect();
    let mut tags = Tags::default();
    for (_, map) in &found {
        tags.fill_from(jpeg_tags(source, map));
    }
    (found.into_iter().map(|(preview, _)| preview).collect(), tags)
}

fn read_raf<S: Source>(source: &mut S) -> Result<(Inspection, Tags), InspectError> {
    let place = raf::walk(source)?;
    let (previews, tags) = previews_at(source, &[place]);
    Ok(found(FileKind::Raw, Format::Raf, tags, previews))
}

fn read_cr3<S: Source>(source: &mut S) -> Result<(Inspection, Tags), InspectError> {
    const BLOCK_BYTES_MAX: u64 = 4 << 20;
    let cr3 = bmff::walk(source)?;
    let mut tags = Tags::default();
    for (place, role) in cr3.tags.into_iter().zip([Role::Main, Role::Exif, Role::Maker, Role::Gps]) {
        let Some((at, len)) = place.filter(|(_, len)| *len <= BLOCK_BYTES_MAX) else { continue };
        let block = source.take(at, len, "the tags")?;
        let mut block = SliceSource(&block);
        if let Ok(tiff) = tiff::walk(&mut block, Strictness::Lenient) {
            tags.add_as(&mut block, tiff, role);
        }
    }
    let (previews, _) = previews_at(source, &cr3.jpegs);
    Ok(found(FileKind::Raw, Format::Cr3, tags, previews))
}

fn read_tiff<S: Source>(source: &mut S, head: &[u8]) -> Result<(Inspection, Tags), InspectError> {
    let mut tiff = tiff::walk(source, Strictness::Whole)?;
    let mut tags = Tags::default();
    add_tags(source, &mut tiff, &mut tags);
    let mut places = Vec::new();
    let mut parts_count = 0;
    for ifd in tiff.ifds.iter().filter(|ifd| matches!(ifd.role, Role::Main | Role::Sub)) {
        let parts = parts(source, &tiff, ifd)?;
        parts_count += parts.iter().filter(|(_, len)| *len > 0).count();
        for (at, len) in &parts {
            source.check(*at, *len, "the picture")?;
        }
        if let ([place], true) = (parts.as_slice(), may_be_preview(source, &tiff, ifd)) {
            places.push(*place);
        }
        if let Some(jpeg) = ifd.entry(RW2_JPEG) {
            places.push((jpeg.value_at, jpeg.len_bytes()));
        }
    }
    let Some(format) = tiff_format(source, &tiff, &tags, head) else { return Err(InspectError::Foreign) };
    if parts_count == 0 {
        return Err(InspectError::garbage("a raw without the sensor's data"));
    }
    if format == Format::Orf {
        places.extend(makernote::olympus_preview(source, &tiff));
    }
    let (previews, more) = previews_at(source, &places);
    tags.fill_from(more);
    Ok(found(FileKind::Raw, format, tags, previews))
}

/// Panasonic's tag for the camera's JPEG, and for the sensor's data.
const RW2_JPEG: u16 = 0x002E;
const RW2_RAW_AT: u16 = 0x0118;

/// The parts of a directory's picture. Panasonic names the place of the sensor's data in a tag of its own.
fn parts<S: Source>(source: &mut S, tiff: &Tiff, ifd: &tiff::Ifd) -> Result<Vec<(u64, u64)>, InspectError> {
    const NOWHERE: u64 = u32::MAX as u64;
    let mut parts = tiff::parts(source, tiff, ifd)?;
    if tiff.magic == 0x0055 {
        parts.retain(|(at, _)| *at != NOWHERE);
        let number = |source: &mut S, tag| tiff::number(source, tiff, ifd, tag).map(u64::from);
        if let Some(at) = number(source, RW2_RAW_AT) {
            let told = number(source, 0x0117).filter(|len| *len > 0 && *len != NOWHERE);
            // Without a length: the sensor's pixels (tags 2 and 3) take more than a byte each in every packing.
            let least = number(source, 2).zip(number(source, 3)).map_or(1, |(width, height)| width * height);
            parts.push((at, told.unwrap_or(least)));
        }
    }
    Ok(parts)
}

/// Whether the directory's one part can be a preview: compressed as JPEG, and not the sensor's data.
fn may_be_preview<S: Source>(source: &mut S, tiff: &Tiff, ifd: &tiff::Ifd) -> bool {
    const SENSOR: [u32; 2] = [32803, 34892];
    let compressed = ifd.entry(0x0201).is_some() || matches!(tiff::number(source, tiff, ifd, 0x0103), Some(6 | 7));
    compressed && !tiff::number(source, tiff, ifd, 0x0106).is_some_and(|meaning| SENSOR.contains(&meaning))
}

/// The raw format; nothing for TIFFs that are pictures, not raws.
fn tiff_format<S: Source>(source: &mut S, tiff: &Tiff, tags: &Tags, head: &[u8]) -> Option<Format> {
    match tiff.magic {
        0x0055 => return Some(Format::Rw2),
        0x4F52 | 0x5352 | 0x524F => return Some(Format::Orf),
        _ => {}
    }
    if tags.get(Role::Main, tag::DNG_VERSION).is_some() {
        return Some(Format::Dng);
    }
    if head.get(8..10) == Some(b"CR") {
        return Some(Format::Cr2);
    }
    let make = tags.get(Role::Main, tag::MAKE).and_then(crate::tags::Value::text)?.to_uppercase();
    let by_make = [("SONY", Format::Arw), ("NIKON", Format::Nef), ("PENTAX", Format::Pef), ("RICOH", Format::Pef)];
    let format =
        by_make.into_iter().find(|(name, _)| make.starts_with(name)).map_or(Format::TiffRaw, |(_, format)| format);
    // 32803: a colour filter array (TIFF/EP). Without one it is a finished picture that some editor wrote.
    let is_raw = head.get(8..12) == Some(b"IIII")
        || tiff.ifds.iter().any(|ifd| tiff::number(source, tiff, ifd, 0x0106) == Some(32803));
    is_raw.then_some(format)
}
