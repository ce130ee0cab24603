//! The camera's JPEG reads back as it was meant.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use exif::{In, Tag, Value};
use jiff::civil::date;
use rehearsal::{ColourSpace, Exif, JpegOptions, Scene, Subsampling, draw, jpeg, oriented};

fn shot() -> Exif {
    Exif::at(date(2026, 11, 24).at(19, 5, 9, 120_000_000), Some(60))
}

fn read(bytes: &[u8]) -> exif::Exif {
    exif::Reader::new().read_from_container(&mut std::io::Cursor::new(bytes)).unwrap()
}

fn text(exif: &exif::Exif, tag: Tag) -> String {
    match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Ascii(parts) => String::from_utf8(parts[0].clone()).unwrap(),
        other => panic!("{tag}: {other:?}"),
    }
}

#[test]
fn exif_reads_back() {
    let bytes = jpeg(&draw(3, 240, 160), &shot().with_orientation(6), JpegOptions::default()).unwrap();
    let exif = read(&bytes);
    assert_eq!(text(&exif, Tag::Make), "Boothlight");
    assert_eq!(text(&exif, Tag::Model), "Rehearsal R1");
    assert_eq!(text(&exif, Tag::DateTimeOriginal), "2026:11:24 19:05:09");
    assert_eq!(text(&exif, Tag::SubSecTimeOriginal), "120");
    assert_eq!(text(&exif, Tag::OffsetTimeOriginal), "+01:00");
    assert_eq!(text(&exif, Tag::BodySerialNumber), "BLR1-00042");
    assert_eq!(text(&exif, Tag::LensModel), "Rehearsal 35mm F1.8");
    let number = |tag| exif.get_field(tag, In::PRIMARY).unwrap().value.get_uint(0).unwrap();
    assert_eq!(number(Tag::Orientation), 6);
    assert_eq!(number(Tag::PhotographicSensitivity), 1600);
    assert_eq!((number(Tag::PixelXDimension), number(Tag::PixelYDimension)), (240, 160));
    assert_eq!(exif.get_field(Tag::ExposureTime, In::PRIMARY).unwrap().display_value().to_string(), "1/160");
    let at = exif.get_field(Tag::JPEGInterchangeFormat, In::THUMBNAIL).unwrap().value.get_uint(0).unwrap() as usize;
    assert_eq!(exif.buf()[at..at + 2], [0xFF, 0xD8], "the thumbnail is a JPEG");
}

#[test]
fn same_seed_same_bytes() {
    let bytes = |seed| jpeg(&draw(seed, 300, 200), &shot(), JpegOptions::default()).unwrap();
    assert_eq!(bytes(11), bytes(11));
    assert_ne!(bytes(11), bytes(12));
}

#[test]
fn the_pixels_survive() {
    let scene = draw(5, 241, 161);
    for subsampling in [Subsampling::Full, Subsampling::Half, Subsampling::Quarter] {
        let options = JpegOptions { quality: 98, subsampling, ..JpegOptions::default() };
        let back =
            turbojpeg::decompress(&jpeg(&scene, &shot(), options).unwrap(), turbojpeg::PixelFormat::RGB).unwrap();
        assert_eq!((back.width, back.height), (241, 161));
        let off: u64 = back.pixels.iter().zip(&scene.rgb).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(off / (scene.rgb.len() as u64) < 6, "{subsampling:?}: {off}");
    }
}

#[test]
fn a_profile_and_its_colour_space_are_written() {
    let profile = vec![7u8; 70_000];
    let options = JpegOptions { icc: Some(&profile), colour_space: ColourSpace::AdobeRgb, ..JpegOptions::default() };
    let bytes = jpeg(&draw(1, 60, 40), &shot(), options).unwrap();
    let exif = read(&bytes);
    assert_eq!(exif.get_field(Tag::ColorSpace, In::PRIMARY).unwrap().value.get_uint(0), Some(0xFFFF));
    assert_eq!(text(&exif, Tag::InteroperabilityIndex), "R03");
    let found = bytes.windows(12).filter(|w| w == b"ICC_PROFILE\0").count();
    assert_eq!(found, 2, "70,000 bytes take two segments");
    assert!(bytes.windows(4000).any(|part| part.iter().all(|byte| *byte == 7)), "the profile's bytes are there");
    turbojpeg::decompress(&bytes, turbojpeg::PixelFormat::RGB).unwrap();
}

#[test]
fn all_eight_orientations_stand_upright_again() {
    // Corners: red upper left, green upper right, blue lower left.
    let mut upright = Scene { rgb: vec![0; 3 * 2 * 3], width_px: 3, height_px: 2 };
    upright.rgb[0] = 255;
    upright.rgb[2 * 3 + 1] = 255;
    upright.rgb[3 * 3 + 2] = 255;
    // EXIF 2.32 says of row 0 and column 0 of each orientation where they stand; so the stored upper left corner is:
    let corner = |o: u16| oriented(&upright, o).rgb[..3].to_vec();
    assert_eq!([1, 2, 3, 4].map(|o| corner(o)[0]), [255, 0, 0, 0]);
    assert_eq!((corner(2)[1], corner(4)[2], corner(5)[0], corner(6)[1], corner(8)[2]), (255, 255, 255, 255, 255));
    for o in 1..=8 {
        let stored = oriented(&upright, o);
        assert_eq!((stored.width_px, stored.height_px), if o >= 5 { (2, 3) } else { (3, 2) });
        // Turning by the inverse (6 and 8 undo each other, all others undo themselves) gives the picture back.
        let inverse = [0, 1, 2, 3, 4, 5, 8, 7, 6][o as usize];
        assert_eq!(oriented(&stored, inverse), upright, "orientation {o}");
    }
}

#[test]
fn a_picture_without_pixels_is_refused() {
    let none = Scene { rgb: Vec::new(), width_px: 0, height_px: 0 };
    assert!(jpeg(&none, &shot(), JpegOptions::default()).is_err());
}

#[test]
fn a_preview_stands_behind_a_large_picture_and_a_variant_keeps_it() {
    let scene = draw(2, 1800, 1200);
    let plain = jpeg(&scene, &shot(), JpegOptions { preview: false, ..JpegOptions::default() }).unwrap();
    let with = jpeg(&scene, &shot(), JpegOptions::default()).unwrap();
    assert!(with.len() > plain.len() + 50_000);
    for bytes in [with.clone(), rehearsal::variant(&with, 7)] {
        // The list of pictures: its block, and in it the entry of the second picture (size, then offset from the block).
        let block = bytes.windows(4).position(|four| four == b"MPF\0").unwrap() + 4;
        let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let entries = block + u32_at(block + 8 + 2 + 2 * 12 + 8);
        let (size, offset) = (u32_at(entries + 16 + 4), u32_at(entries + 16 + 8));
        assert_eq!(block + offset + size, bytes.len());
        assert_eq!(
            bytes[block + offset - 2..block + offset],
            [0xFF, 0xD9],
            "the picture ends where its preview begins"
        );
        let preview = turbojpeg::read_header(&bytes[block + offset..]).unwrap();
        assert_eq!((preview.width, preview.height), (1620, 1080));
    }
}
