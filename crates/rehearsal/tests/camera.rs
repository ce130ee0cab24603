//! The simulated camera keeps its rhythm, writes whole files, and bad files are bad in the way they say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashSet;
use std::time::Duration;

use jiff::civil::date;
use rehearsal::{Camera, DngOptions, Exif, JpegOptions, dng, draw, hostile, jpeg, shots, variant, write};

fn exif() -> Exif {
    Exif::at(date(2026, 11, 24).at(19, 5, 9, 120_000_000), Some(60))
}

fn decodes(bytes: &[u8]) -> bool {
    turbojpeg::decompress(bytes, turbojpeg::PixelFormat::RGB).is_ok()
}

#[test]
fn the_plan_is_the_same_for_the_same_seed() {
    let plan = |seed| shots(seed).take(50).collect::<Vec<_>>();
    assert_eq!(plan(4), plan(4));
    assert_ne!(plan(4), plan(5));
}

#[test]
fn the_rhythm_is_a_photographers() {
    let plan: Vec<_> = shots(1).take(600).collect();
    assert_eq!(plan[0].stem, "BLR_0001");
    assert_eq!(plan.iter().filter(|shot| shot.raw).count(), 200);
    let mut run = 1;
    for pair in plan.windows(2) {
        if pair[1].after == Duration::from_millis(200) {
            run += 1;
            assert_eq!(pair[0].scene_seed, pair[1].scene_seed);
            assert_eq!((pair[0].moment + 1, pair[0].portrait), (pair[1].moment, pair[1].portrait));
        } else {
            assert!(pair[1].after >= Duration::from_secs(3) && pair[1].after < Duration::from_secs(6));
            assert!(run == 1 || (4..=6).contains(&run), "a burst of {run}");
            run = 1;
        }
    }
    assert!(plan.iter().any(|shot| shot.moment == 3), "bursts occur");
    assert!(plan.iter().any(|shot| shot.portrait));
    let after_9999 = Camera { first: 9999, ..Camera::new(1) }.shots().nth(1).unwrap();
    assert_eq!(after_9999.stem, "BLR_0001");
}

#[test]
fn files_land_whole_under_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let at = date(2026, 11, 24).at(19, 5, 9, 0).in_tz("Europe/Berlin").unwrap();
    let shot = shots(2).find(|shot| shot.raw && shot.portrait).unwrap();
    let paths = write(&shot, dir.path(), &at, (480, 320)).unwrap();
    let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, [format!("{}.JPG", shot.stem), format!("{}.DNG", shot.stem)]);
    let bytes = std::fs::read(&paths[0]).unwrap();
    let header = turbojpeg::read_header(&bytes).unwrap();
    assert_eq!((header.width, header.height), (480, 320), "stored sideways, as the sensor lies");
    let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes)).unwrap();
    let orientation = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap().value.get_uint(0).unwrap();
    assert!([6, 8].contains(&orientation));
}

#[test]
fn frames_of_a_burst_differ_a_little() {
    let at = date(2026, 11, 24).at(19, 5, 9, 0).in_tz("UTC").unwrap();
    let burst: Vec<_> = shots(1).skip_while(|shot| shot.moment == 0).take(2).collect();
    let frame = |n: usize| rehearsal::camera::files(&burst[n], &at, (300, 200)).unwrap().swap_remove(0).1;
    assert_ne!(frame(0), frame(1));
}

#[test]
fn variants_are_distinct_and_decode_alike() {
    let original = jpeg(&draw(1, 120, 80), &exif(), JpegOptions::default()).unwrap();
    let pixels = |bytes: &[u8]| turbojpeg::decompress(bytes, turbojpeg::PixelFormat::RGB).unwrap().pixels;
    let distinct: HashSet<_> = (0..100).map(|n| variant(&original, n)).collect();
    assert_eq!(distinct.len(), 100);
    assert!(distinct.iter().all(|bytes| pixels(bytes) == pixels(&original)));
    let facts = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(variant(&original, 7))).unwrap();
    assert!(facts.get_field(exif::Tag::DateTimeOriginal, exif::In::PRIMARY).is_some());

    let raw = dng(&draw(1, 120, 80), &exif(), DngOptions::default()).unwrap();
    assert!(variant(&raw, 1).starts_with(&raw));
    assert_ne!(variant(&raw, 1), variant(&raw, 2));
}

#[test]
fn hostile_files_are_as_described() {
    let good = jpeg(&draw(1, 240, 160), &exif(), JpegOptions::default()).unwrap();
    assert_eq!(hostile::truncate(&good, 0.5).len(), good.len() / 2);
    assert!(good.starts_with(&hostile::truncate(&good, 0.3)));
    assert_eq!(hostile::truncate(&good, 2.0), good);
    let flipped = hostile::flip(&good, 9, 10);
    let changed = flipped.iter().zip(&good).filter(|(a, b)| a != b).count();
    assert!((1..=10).contains(&changed), "{changed}");
    assert_eq!(flipped, hostile::flip(&good, 9, 10));
    assert!(hostile::zero_length().is_empty() && hostile::flip(&[], 1, 5).is_empty());
    assert!(!decodes(&hostile::text()));
    let half = hostile::half_written(&good);
    assert_eq!(half.len(), good.len());
    assert!(half[good.len() / 2..].iter().all(|byte| *byte == 0));
}

#[test]
fn hostile_directories_claim_and_loop() {
    let u32_at = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let claim = hostile::giant_claim();
    let entries = usize::from(claim[8]);
    let next = u32_at(&claim, 10 + 12 * entries) as usize;
    assert_eq!(claim[next..next + 2], [0xFF, 0xFF]);
    assert!(next + 65_535 * 12 > claim.len());
    let circle = hostile::ifd_loop();
    assert_eq!(u32_at(&circle, 10 + 12 * usize::from(circle[8])), 8, "the next directory is the first");
}
