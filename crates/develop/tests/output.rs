//! Finished pictures, read back by programs of others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "output/reader.rs"]
mod reader;

use std::{io::Cursor, num::NonZeroU32, path::Path};

use develop::output::{
    Carry, Existing, FileFormat, Finished, Metadata, OutputError, OutputSpace, Pixels, Position, Ratio, save, write,
};
use model::{CaptureFacts, CaptureTime};
use proptest::prelude::*;
use reader::{decoded, exif_of, icc_of, ratio, text, uint};

const FORMATS: [FileFormat; 4] =
    [FileFormat::Jpeg { quality: 95 }, FileFormat::Tiff16, FileFormat::Png8, FileFormat::Png16];
const WIDTH: u32 = 301;
const HEIGHT: u32 = 203;

/// A picture with slopes, edges and all 16 bits in use; enough rows for several strips where it is made large.
fn drawn(width: u32, height: u32) -> Vec<u16> {
    let pixel = |x: u32, y: u32| {
        let slope = |n: u32, of: u32| (n * 65_535 / of.max(1)) as u16;
        let disc = (x as i64 - 90).pow(2) + (y as i64 - 80).pow(2) < 60 * 60;
        [slope(x, width - 1), slope(y, height - 1), if disc { 61_234 } else { 12_345 + (x * 3 + y * 5) as u16 % 999 }]
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect()
}

fn written(samples: &[u16], size: (u32, u32), space: OutputSpace, format: FileFormat, metadata: &Metadata) -> Vec<u8> {
    let picture = Finished::new(Pixels::Sixteen(samples), size.0, size.1, space).unwrap();
    let mut file = Cursor::new(Vec::new());
    write(&mut file, &picture, format, metadata).unwrap();
    assert_eq!(file.position(), file.get_ref().len() as u64, "{format:?} stands at its end");
    file.into_inner()
}

fn told() -> Metadata {
    Metadata {
        captured: Some(CaptureTime {
            local: "2026-11-24T19:05:09.120".into(),
            offset_minutes: Some(-210),
            order_ms: 0,
        }),
        make: Some("Maker".into()),
        model: Some("M-1 Mark II".into()),
        lens: Some("35mm F1.8 ƒ".into()),
        exposure_s: Ratio::new(1, 250),
        aperture_f: Ratio::new(28, 10),
        iso: Some(204_800),
        focal_mm: Ratio::new(35, 1),
        artist: Some("Zoë Marsh".into()),
        copyright: Some("© 2026 Zoë Marsh".into()),
        ..Metadata::default()
    }
}

#[test]
fn pixels_come_back() {
    let samples = drawn(WIDTH, HEIGHT);
    let eight: Vec<u16> = samples.iter().map(|sample| ((u32::from(*sample) + 128) / 257) as u16).collect();
    for space in OutputSpace::ALL {
        for format in FORMATS {
            let file = written(&samples, (WIDTH, HEIGHT), space, format, &told());
            let (size, back) = decoded(format, &file);
            assert_eq!(size, (WIDTH, HEIGHT), "{format:?}");
            match format {
                FileFormat::Jpeg { .. } => {
                    let error: f64 = back.iter().zip(&eight).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
                    let psnr = 10.0 * (255.0_f64.powi(2) * back.len() as f64 / error).log10();
                    assert!(psnr > 42.0, "{psnr}");
                    assert_eq!(turbojpeg::read_header(&file).unwrap().subsamp, turbojpeg::Subsamp::None);
                }
                FileFormat::Png8 => assert!(back == eight),
                FileFormat::Tiff16 | FileFormat::Png16 => assert!(back == samples),
            }
            assert_eq!(icc_of(format, &file), space.icc_profile().unwrap(), "{format:?} {space:?}");
            assert_eq!(file, written(&samples, (WIDTH, HEIGHT), space, format, &told()), "the same twice");
        }
    }
}

#[test]
fn odd_sizes_and_many_strips() {
    for size in [(1, 1), (1, 700), (700, 1), (5, 3), (2_003, 301)] {
        let samples = drawn(size.0, size.1);
        for format in FORMATS {
            let file = written(&samples, size, OutputSpace::DisplayP3, format, &Metadata::default());
            let (back_size, back) = decoded(format, &file);
            assert_eq!((back_size, back.len()), (size, samples.len()), "{format:?}");
            if matches!(format, FileFormat::Tiff16 | FileFormat::Png16) {
                assert!(back == samples, "{format:?} {size:?}");
            }
        }
    }
}

/// What does not compress is stored.
#[test]
fn noise_stays_noise() {
    let mut seed = 1_u64;
    let mut roll = || {
        // xorshift64* (Vigna 2016).
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        (seed.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 48) as u16
    };
    let noise: Vec<u16> = (0..601 * 403 * 3).map(|_| roll()).collect();
    let file = written(&noise, (601, 403), OutputSpace::Srgb, FileFormat::Tiff16, &Metadata::default());
    assert!(file.len() < noise.len() * 2 + 2_000, "{}", file.len());
    assert!(decoded(FileFormat::Tiff16, &file).1 == noise);
    let file = written(&noise, (601, 403), OutputSpace::Srgb, FileFormat::Png16, &Metadata::default());
    assert!(decoded(FileFormat::Png16, &file).1 == noise);
}

#[test]
fn eight_bits_fill_sixteen() {
    let eight: Vec<u8> = (0..=255).chain(0..=255).chain(0..=255).collect();
    let picture = Finished::new(Pixels::Eight(&eight), 16, 16, OutputSpace::Srgb).unwrap();
    for format in [FileFormat::Tiff16, FileFormat::Png16, FileFormat::Png8] {
        let mut file = Cursor::new(Vec::new());
        write(&mut file, &picture, format, &Metadata::default()).unwrap();
        let factor = if format == FileFormat::Png8 { 1 } else { 257 };
        let expected: Vec<u16> = eight.iter().map(|sample| u16::from(*sample) * factor).collect();
        assert!(decoded(format, file.get_ref()).1 == expected, "{format:?}");
    }
}

#[test]
fn what_was_told_is_what_another_reader_finds() {
    use exif::Tag;
    let samples = drawn(WIDTH, HEIGHT);
    for space in OutputSpace::ALL {
        for format in FORMATS {
            let file = written(&samples, (WIDTH, HEIGHT), space, format, &told());
            let exif = exif_of(&file);
            let texts = [
                (Tag::Make, "Maker"),
                (Tag::Model, "M-1 Mark II"),
                (Tag::LensModel, "35mm F1.8 ƒ"),
                (Tag::Artist, "Zoë Marsh"),
                (Tag::Copyright, "© 2026 Zoë Marsh"),
                (Tag::Software, "Boothlight"),
                (Tag::DateTimeOriginal, "2026:11:24 19:05:09"),
                (Tag::DateTimeDigitized, "2026:11:24 19:05:09"),
                (Tag::OffsetTimeOriginal, "-03:30"),
                (Tag::SubSecTimeOriginal, "120"),
            ];
            for (tag, expected) in texts {
                assert_eq!(text(&exif, tag).as_deref(), Some(expected), "{format:?} {tag}");
            }
            let ratios = [(Tag::ExposureTime, (1, 250)), (Tag::FNumber, (28, 10)), (Tag::FocalLength, (35, 1))];
            for (tag, expected) in ratios {
                assert_eq!(ratio(&exif, tag), Some(expected), "{format:?} {tag}");
            }
            assert_eq!(uint(&exif, Tag::Orientation), Some(1));
            assert_eq!(uint(&exif, Tag::PhotographicSensitivity), Some(65_535));
            assert_eq!(uint(&exif, Tag::RecommendedExposureIndex), Some(204_800));
            let code = if space == OutputSpace::Srgb { 1 } else { 0xFFFF };
            assert_eq!(uint(&exif, Tag::ColorSpace), Some(code), "{format:?} {space:?}");
            let (width, height) = if format == FileFormat::Tiff16 {
                (Tag::ImageWidth, Tag::ImageLength)
            } else {
                (Tag::PixelXDimension, Tag::PixelYDimension)
            };
            assert_eq!((uint(&exif, width), uint(&exif, height)), (Some(WIDTH), Some(HEIGHT)), "{format:?}");
            let index = text(&exif, Tag::InteroperabilityIndex);
            assert_eq!(index.as_deref(), (space == OutputSpace::AdobeRgb && format == FORMATS[0]).then_some("R03"));
            let silent = |tag| text(&exif, tag).is_none();
            assert!(silent(Tag::BodySerialNumber) && silent(Tag::MakerNote));
            assert!(exif.fields().all(|field| field.tag.context() != exif::Context::Gps), "{format:?}");
        }
    }
}

#[test]
fn a_position_is_written_only_where_there_is_one() {
    let place = Position { latitude_deg: -33.856_784, longitude_deg: 151.215_297, altitude_m: Some(-3.25) };
    let samples = drawn(8, 8);
    for format in FORMATS {
        let metadata = Metadata { position: Some(place), serial: Some("0042".into()), ..told() };
        let exif = exif_of(&written(&samples, (8, 8), OutputSpace::Srgb, format, &metadata));
        let degrees = |tag| match &exif.get_field(tag, exif::In::PRIMARY).unwrap().value {
            exif::Value::Rational(parts) => parts[0].to_f64() + parts[1].to_f64() / 60.0 + parts[2].to_f64() / 3600.0,
            other => panic!("{other:?}"),
        };
        assert!((degrees(exif::Tag::GPSLatitude) - 33.856_784).abs() < 1e-7);
        assert!((degrees(exif::Tag::GPSLongitude) - 151.215_297).abs() < 1e-7);
        assert_eq!(text(&exif, exif::Tag::GPSLatitudeRef).as_deref(), Some("S"));
        assert_eq!(text(&exif, exif::Tag::GPSLongitudeRef).as_deref(), Some("E"));
        assert_eq!(
            (uint(&exif, exif::Tag::GPSAltitudeRef), ratio(&exif, exif::Tag::GPSAltitude)),
            (Some(1), Some((325, 100)))
        );
        assert_eq!(text(&exif, exif::Tag::BodySerialNumber).as_deref(), Some("0042"));
        let nowhere = Position { latitude_deg: f64::NAN, ..place };
        let metadata = Metadata { position: Some(nowhere), ..told() };
        let exif = exif_of(&written(&samples, (8, 8), OutputSpace::Srgb, format, &metadata));
        assert!(exif.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY).is_none());
    }
}

/// Every kind of file is whole, in the order that its standard wants, and holds nothing else.
#[test]
fn parts_stand_in_their_order() {
    let samples = drawn(40, 30);
    let file = |format, space| written(&samples, (40, 30), space, format, &told());
    let jpeg = file(FileFormat::default(), OutputSpace::DisplayP3);
    assert_eq!(reader::markers(&jpeg)[..3], [0xD8, 0xE1, 0xE2]);
    assert!(!reader::markers(&jpeg).contains(&0xE0));
    assert!(jpeg.ends_with(&[0xFF, 0xD9]));
    let chunks = reader::chunks(&file(FileFormat::Png16, OutputSpace::DisplayP3));
    assert_eq!(chunks, ["IHDR", "iCCP", "eXIf", "IDAT", "IEND"]);
}

#[test]
fn the_camera_s_own_words_are_carried() {
    let dir = tempfile::tempdir().unwrap();
    let place = Position { latitude_deg: 48.858_4, longitude_deg: -2.294_5, altitude_m: Some(35.0) };
    let original = Metadata {
        exposure_s: Ratio::new(10, 1_333),
        serial: Some("0042".into()),
        position: Some(place),
        iso: Some(800),
        ..told()
    };
    let path = dir.path().join("original.jpg");
    let samples = drawn(16, 16);
    std::fs::write(&path, written(&samples, (16, 16), OutputSpace::Srgb, FileFormat::default(), &original)).unwrap();
    let found = Metadata::of_original(&path, Carry::default()).unwrap();
    assert_eq!((&found.serial, found.position), (&None, None));
    assert_eq!(found.exposure_s, Ratio::new(10, 1_333), "not as a dial says it");
    assert_eq!(found.captured.as_ref().unwrap().offset_minutes, Some(-210));
    assert_eq!((&found.artist, &found.copyright, &found.lens), (&original.artist, &original.copyright, &original.lens));
    let found = Metadata::of_original(&path, Carry { serial: true, position: true }).unwrap();
    assert_eq!(found.serial, original.serial);
    let there = found.position.unwrap();
    assert!((there.latitude_deg - place.latitude_deg).abs() < 1e-7);
    assert!((there.longitude_deg - place.longitude_deg).abs() < 1e-7);
    assert_eq!(there.altitude_m, place.altitude_m);
    assert!(Metadata::of_original(&dir.path().join("none"), Carry::default()).is_err());
}

#[test]
fn facts_alone_suffice() {
    let facts = CaptureFacts {
        exposure_s: Some("1/250".into()),
        aperture_f: Some(2.8),
        focal_mm: Some(35.0),
        ..CaptureFacts::default()
    };
    let metadata = Metadata::from(&facts);
    let ratio = |ratio: Option<Ratio>| ratio.map(|ratio| (ratio.over, ratio.under.get()));
    assert_eq!(ratio(metadata.exposure_s), Some((1, 250)));
    assert_eq!((ratio(metadata.aperture_f), ratio(metadata.focal_mm)), (Some((28, 10)), Some((35, 1))));
}

#[test]
fn a_file_is_whole_or_not_there_and_never_replaced_unasked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("DSC_0417.jpg");
    let samples = drawn(16, 16);
    let picture = Finished::new(Pixels::Sixteen(&samples), 16, 16, OutputSpace::Srgb).unwrap();
    let save = |path: &Path, existing| save(path, &picture, FileFormat::default(), &told(), existing);
    let names = || std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    let len = save(&path, Existing::Keep).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().len(), len);
    std::fs::write(&path, "theirs").unwrap();
    let error = save(&path, Existing::Keep).unwrap_err();
    assert_eq!(error, OutputError::Exists { path: path.clone() });
    assert!(error.to_string().contains("DSC_0417.jpg"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
    assert_eq!(save(&path, Existing::Replace), Ok(len));
    let missing = dir.path().join("no folder").join("a.jpg");
    let error = save(&missing, Existing::Keep).unwrap_err();
    assert!(matches!(&error, OutputError::File { path, .. } if *path == missing), "{error}");
    assert!(save(dir.path(), Existing::Replace).is_err());
    assert!(save(Path::new("/"), Existing::Replace).is_err());
    // A name as long as names may be still has room for its part.
    save(&dir.path().join(format!("{}.jpg", "é".repeat(125))), Existing::Keep).unwrap();
    assert_eq!(names().len(), 2, "no part is left: {:?}", names());
}

#[test]
fn a_full_disk_is_told() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let samples = drawn(64, 64);
    let picture = Finished::new(Pixels::Sixteen(&samples), 64, 64, OutputSpace::Srgb).unwrap();
    for format in FORMATS {
        let mut file = std::fs::OpenOptions::new().write(true).open(full).unwrap();
        let error = write(&mut file, &picture, format, &told()).unwrap_err();
        assert!(matches!(error, OutputError::Io { .. }), "{format:?}: {error}");
    }
}

#[test]
fn a_jpeg_larger_than_jpegs_may_be() {
    let rgb = vec![0; 66_000 * 3];
    let picture = Finished::new(Pixels::Eight(&rgb), 66_000, 1, OutputSpace::Srgb).unwrap();
    let jpeg = write(&mut Cursor::new(Vec::new()), &picture, FileFormat::default(), &told());
    assert_eq!(jpeg, Err(OutputError::TooLarge { format: "JPEG".into(), width_px: 66_000, height_px: 1 }));
}

fn any_text() -> impl Strategy<Value = Option<String>> {
    let long = ("\\PC{1,8}", 1..20_000_usize).prop_map(|(text, times)| text.repeat(times));
    proptest::option::of(prop_oneof![any::<String>(), "[\0-\u{1F}]{0,9}", "[a-z\0é𝄞]{0,600}", long])
}

fn any_metadata() -> impl Strategy<Value = Metadata> {
    let ratio = || proptest::option::of(any::<(u32, NonZeroU32)>().prop_map(|(over, under)| Ratio { over, under }));
    let time = (any::<String>(), proptest::option::of(any::<i16>()), any::<bool>()).prop_map(|(text, offset, good)| {
        let local = if good { "-000044-03-15T12:00:00".into() } else { text };
        CaptureTime { local, offset_minutes: offset, order_ms: 0 }
    });
    let position = any::<(f64, f64, Option<f64>)>().prop_map(|(latitude_deg, longitude_deg, altitude_m)| Position {
        latitude_deg,
        longitude_deg,
        altitude_m,
    });
    let texts = (any_text(), any_text(), any_text(), any_text(), any_text(), any_text());
    let numbers = (ratio(), ratio(), ratio(), any::<Option<u32>>());
    (texts, numbers, proptest::option::of(time), proptest::option::of(position)).prop_map(
        |(
            (make, model, lens, serial, artist, copyright),
            (exposure_s, aperture_f, focal_mm, iso),
            captured,
            position,
        )| {
            Metadata {
                captured,
                make,
                model,
                lens,
                serial,
                exposure_s,
                aperture_f,
                iso,
                focal_mm,
                artist,
                copyright,
                position,
            }
        },
    )
}

/// The same cases every time.
fn config() -> ProptestConfig {
    let rng_seed = proptest::test_runner::RngSeed::Fixed(7);
    ProptestConfig { cases: 96, failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever people and cameras are called: files stay whole, readable and small.
    #[test]
    fn metadata_never_breaks_a_file(metadata in any_metadata()) {
        let samples = drawn(7, 5);
        for format in FORMATS {
            let bare = written(&samples, (7, 5), OutputSpace::AdobeRgb, format, &Metadata::default());
            let file = written(&samples, (7, 5), OutputSpace::AdobeRgb, format, &metadata);
            prop_assert!(file.len() < bare.len() + 6 * 256 + 600, "{:?} {}", format, file.len() - bare.len());
            let (size, back) = decoded(format, &file);
            prop_assert_eq!(size, (7, 5));
            prop_assert!(back == decoded(format, &bare).1);
            prop_assert_eq!(icc_of(format, &file), OutputSpace::AdobeRgb.icc_profile().unwrap());
            let exif = exif_of(&file);
            prop_assert_eq!(uint(&exif, exif::Tag::Orientation), Some(1));
            for (tag, told) in [(exif::Tag::Make, &metadata.make), (exif::Tag::Copyright, &metadata.copyright)] {
                let found = text(&exif, tag).unwrap_or_default();
                prop_assert!(found.len() < 256 && !found.chars().any(char::is_control));
                let told: String = told.iter().flat_map(|text| text.chars()).filter(|c| !c.is_control()).collect();
                prop_assert!(told.trim().starts_with(&found), "{:?} {:?}", told, found);
            }
        }
    }
}
