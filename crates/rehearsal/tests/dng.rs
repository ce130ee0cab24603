//! The DNG's structure reads back, and its mosaic is the scene.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use jiff::civil::date;
use rehearsal::dng::{BLACK_LEVEL, MARGIN, WHITE_LEVEL};
use rehearsal::{DngOptions, Exif, PreviewSize, Scene, dng, draw};

/// A directory as found in the file: tag -> (type, count, value or offset).
type Found = std::collections::BTreeMap<u16, (u16, u32, u32)>;

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn directory(bytes: &[u8], at: u32) -> Found {
    let at = at as usize;
    (0..usize::from(u16_at(bytes, at)))
        .map(|n| at + 2 + 12 * n)
        .map(|e| (u16_at(bytes, e), (u16_at(bytes, e + 2), u32_at(bytes, e + 4), u32_at(bytes, e + 8))))
        .collect()
}

fn longs(bytes: &[u8], (_, count, value): (u16, u32, u32)) -> Vec<u32> {
    if count == 1 { vec![value] } else { (0..count).map(|n| u32_at(bytes, (value + 4 * n) as usize)).collect() }
}

fn shot() -> Exif {
    Exif::at(date(2026, 11, 24).at(19, 5, 9, 120_000_000), Some(-330)).with_orientation(8)
}

#[test]
fn kamadak_reads_the_facts() {
    let bytes = dng(&draw(3, 330, 220), &shot(), DngOptions::default()).unwrap();
    let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes)).unwrap();
    let shown = |tag| exif.get_field(tag, exif::In::PRIMARY).unwrap().display_value().to_string();
    assert_eq!(shown(exif::Tag::Model), "\"Rehearsal R1\"");
    assert_eq!(shown(exif::Tag::DateTimeOriginal), "2026-11-24 19:05:09");
    assert_eq!(shown(exif::Tag::SubSecTimeOriginal), "\"120\"");
    assert_eq!(shown(exif::Tag::OffsetTimeOriginal), "\"-05:30\"");
    assert_eq!(exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap().value.get_uint(0), Some(8));
}

#[test]
fn directories_preview_and_strips_are_where_they_should_be() {
    let bytes = dng(&draw(3, 1800, 600), &shot(), DngOptions::default()).unwrap();
    let main = directory(&bytes, u32_at(&bytes, 4));
    assert_eq!(main[&0xC612].2.to_le_bytes(), [1, 4, 0, 0]);
    let subs = longs(&bytes, main[&0x014A]);
    let (raw, preview) = (directory(&bytes, subs[0]), directory(&bytes, subs[1]));

    assert_eq!((raw[&0x0106].2, raw[&0x0103].2, raw[&0x0102].2), (32_803, 1, 16));
    assert_eq!((raw[&0x0100].2, raw[&0x0101].2), (1800 + MARGIN.0, 600 + MARGIN.1));
    assert_eq!(raw[&0x828E].2.to_le_bytes(), [0, 1, 1, 2]);
    let (offsets, counts) = (longs(&bytes, raw[&0x0111]), longs(&bytes, raw[&0x0117]));
    assert_eq!(offsets.len(), 3);
    assert_eq!(counts.iter().sum::<u32>(), (1800 + MARGIN.0) * (600 + MARGIN.1) * 2);
    assert_eq!((offsets[2] + counts[2]) as usize, bytes.len(), "the mosaic comes last and ends the file");

    assert_eq!((preview[&0x0100].2, preview[&0x0101].2), (1620, 540));
    let (at, len) = (preview[&0x0111].2 as usize, preview[&0x0117].2 as usize);
    assert!(at < 512 * 1024 && at + len <= offsets[0] as usize, "the preview stands near the head");
    let jpeg = turbojpeg::decompress(&bytes[at..at + len], turbojpeg::PixelFormat::RGB).unwrap();
    assert_eq!((jpeg.width, jpeg.height), (1620, 540));
}

#[test]
fn a_full_preview_is_as_large_as_the_picture() {
    let options = DngOptions { preview: PreviewSize::Full, seed: 1 };
    let bytes = dng(&draw(3, 1800, 1200), &shot(), options).unwrap();
    let subs = longs(&bytes, directory(&bytes, 8)[&0x014A]);
    assert_eq!(directory(&bytes, subs[1])[&0x0100].2, 1800);
}

#[test]
fn the_mosaic_is_the_scene() {
    // Left half black, right half white.
    let rgb = (0..64 * 32).flat_map(|n| if n % 64 < 32 { [0u8; 3] } else { [255; 3] }).collect();
    let bytes = dng(&Scene { rgb, width_px: 64, height_px: 32 }, &shot(), DngOptions::default()).unwrap();
    let raw = directory(&bytes, longs(&bytes, directory(&bytes, 8)[&0x014A])[0]);
    let row = raw[&0x0111].2 as usize + ((MARGIN.1 + 10) * (64 + MARGIN.0) * 2) as usize;
    let site = |x: u32| f32::from(u16_at(&bytes, row + x as usize * 2));
    let mean = |from: u32| (0..8).map(|n| site(from + 2 * n)).sum::<f32>() / 8.0;
    let black = f32::from(BLACK_LEVEL);
    assert!((mean(0) - black).abs() < 8.0, "margin {}", mean(0));
    assert!((mean(MARGIN.0 + 4) - black).abs() < 8.0);
    let (red, green) = (mean(MARGIN.0 + 40) - black, mean(MARGIN.0 + 41) - black);
    assert!(green > f32::from(WHITE_LEVEL - BLACK_LEVEL) * 0.97, "white fills green: {green}");
    assert!((0.3..0.6).contains(&(red / green)), "red stays below: {}", red / green);
}
