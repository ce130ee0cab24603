//! The maker's own notes inside EXIF: Canon's serial number and lens, Olympus's preview. Nothing here may refuse a file.

use crate::{
    bytes::Source,
    structure::tiff::{Ifd, Order, Role, Strictness, Tiff, directory},
};

const MAKER_NOTE: u16 = 0x927C;
const OLYMPUS_CAMERA_SETTINGS: u16 = 0x2020;
const OLYMPUS_PREVIEW_START: u16 = 0x0101;
const OLYMPUS_PREVIEW_LENGTH: u16 = 0x0102;

fn note_at(tiff: &Tiff) -> Option<(u64, u64)> {
    let exif = tiff.ifds.iter().find(|ifd| ifd.role == Role::Exif)?;
    exif.entry(MAKER_NOTE).map(|entry| (entry.value_at, entry.len_bytes()))
}

/// Canon's note is a plain directory whose offsets count from the TIFF header.
pub fn add_canon<S: Source>(source: &mut S, tiff: &mut Tiff) {
    let Some((at, _)) = note_at(tiff) else { return };
    if let Ok((entries, _)) = directory(source, tiff.order, at, 0, Strictness::Lenient) {
        tiff.ifds.push(Ifd { role: Role::Maker, entries });
    }
}

/// Where Olympus and OM System keep the preview (offset, length). Their offsets count from the note's begin.
///
/// From the published tag tables; no whole ORF was at hand to try it on.
pub fn olympus_preview<S: Source>(source: &mut S, tiff: &Tiff) -> Option<(u64, u64)> {
    let (note, _) = note_at(tiff)?;
    let head: [u8; 16] = source.array(note, "the maker's notes").ok()?;
    let (order_at, ifd_at) = if head.starts_with(b"OLYMPUS\0") {
        (8, 12)
    } else if head.starts_with(b"OM SYSTEM\0") {
        (12, 16)
    } else {
        return None;
    };
    let order = if head.get(order_at) == Some(&b'M') { Order::Big } else { Order::Little };
    let (entries, _) = directory(source, order, note + ifd_at, note, Strictness::Lenient).ok()?;
    let settings = entries.iter().find(|entry| entry.tag == OLYMPUS_CAMERA_SETTINGS)?;
    // Either a pointer to the directory, or the directory itself as bytes.
    let settings_at = match settings.kind {
        4 | 13 => note + u64::from(order.u32(&source.array::<4>(settings.value_at, "the maker's notes").ok()?)?),
        _ => settings.value_at,
    };
    let (entries, _) = directory(source, order, settings_at, note, Strictness::Lenient).ok()?;
    let mut number = |tag| {
        let entry = entries.iter().find(|entry| entry.tag == tag)?;
        let bytes: [u8; 4] = source.array(entry.value_at, "the maker's notes").ok()?;
        order.u32(&bytes).map(u64::from)
    };
    Some((note + number(OLYMPUS_PREVIEW_START)?, number(OLYMPUS_PREVIEW_LENGTH)?))
}
