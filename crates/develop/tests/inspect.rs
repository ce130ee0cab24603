//! Real camera files: what they say, and that every cut is noticed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::Path;

use develop::{FileSource, Format, InspectError, SliceSource, inspect, inspect_source};
use model::FileKind;
use support::{WHOLE, sample};

fn row(name: &str) -> (String, u8, Option<u64>) {
    let manifest = std::fs::read_to_string(sample("MANIFEST.tsv")).unwrap();
    let line = manifest.lines().find(|line| line.split('\t').next() == Some(name)).expect("a row of the manifest");
    let columns: Vec<&str> = line.split('\t').collect();
    let preview = columns[4].split(' ').next().and_then(|bytes| bytes.parse().ok());
    (columns[2].to_owned(), columns[5].parse().unwrap_or(1), preview)
}

#[test]
fn every_sample_says_what_the_manifest_says() {
    let orient: Vec<String> = (1..=8).map(|n| format!("orient/Landscape_{n}.jpg")).collect();
    for name in WHOLE.iter().copied().chain(orient.iter().map(String::as_str)) {
        let found = inspect(&sample(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (camera, orientation, preview_bytes) = row(name);
        assert_eq!(found.facts.orientation.value(), orientation, "{name}");
        let model = found.facts.model.clone().unwrap_or_default();
        assert!(camera.ends_with(&model) && model.is_empty() == camera.is_empty(), "{name}: {camera} / {model}");
        let is_raw = !name.contains('/');
        assert_eq!(found.kind, if is_raw { FileKind::Raw } else { FileKind::Jpeg }, "{name}");
        if is_raw {
            assert_eq!(found.previews.first().map(|preview| preview.len), preview_bytes, "{name}");
        }
    }
}

#[test]
fn formats_and_preview_sizes() {
    let expected = [
        ("IMG_0848.CR2", Format::Cr2, Some((1728, 1152))),
        ("test_raw.cr2", Format::Cr2, Some((1600, 1200))),
        ("_DSC2164.ARW", Format::Arw, Some((1616, 1080))),
        ("derived_a7r4_24mp_ljpeg.dng", Format::Dng, Some((1024, 683))),
        ("pigallery2_test.dng", Format::Dng, Some((510, 382))),
        ("tinydng_colorchart.dng", Format::Dng, None),
        ("jpeg/derived_45mp_422_q93.jpg", Format::Jpeg, Some((8256, 5504))),
    ];
    for (name, format, size) in expected {
        let found = inspect(&sample(name)).unwrap();
        assert_eq!(found.format, format, "{name}");
        assert_eq!(found.previews.first().map(|preview| (preview.width_px, preview.height_px)), size, "{name}");
    }
}

#[test]
fn facts_of_a_few_cameras() {
    let arw = inspect(&sample("_DSC2164.ARW")).unwrap().facts;
    assert_eq!(arw.make.as_deref(), Some("SONY"));
    assert_eq!((arw.iso, arw.focal_mm), (Some(3200), Some(129.0)));
    let time = arw.captured.unwrap();
    assert_eq!(time.offset_minutes, Some(0));
    let dng = inspect(&sample("derived_a7r4_24mp_ljpeg.dng")).unwrap().facts;
    assert_eq!((dng.serial.as_deref(), dng.captured.unwrap().offset_minutes), (Some("03374840"), Some(-480)));
    let canon = inspect(&sample("IMG_0848.CR2")).unwrap().facts;
    assert_eq!(canon.serial.as_deref(), Some("1530910263"));
    let time = canon.captured.unwrap();
    assert!(time.local.len() == 23 && time.offset_minutes.is_none(), "{time:?}");
    let phone = inspect(&sample("pigallery2_test.dng")).unwrap().facts;
    assert_eq!(phone.captured.unwrap().offset_minutes, Some(120));
}

#[test]
fn our_exif_agrees_with_another_reader() {
    for name in ["jpeg/mei_Nikon_D3100.jpg", "jpeg/mei_Leica_T_Typ_701.jpg", "orient/Landscape_6.jpg"] {
        let path = sample(name);
        let ours = inspect(&path).unwrap().facts;
        let mut file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let theirs = exif::Reader::new().continue_on_error(true).read_from_container(&mut file);
        let theirs = theirs.or_else(|error| error.distill_partial_result(|_| ())).unwrap();
        let text = |tag| {
            let field = theirs.get_field(tag, exif::In::PRIMARY)?;
            let exif::Value::Ascii(lines) = &field.value else { return None };
            Some(String::from_utf8_lossy(lines.first()?).trim().to_owned()).filter(|text| !text.is_empty())
        };
        let uint = |tag| theirs.get_field(tag, exif::In::PRIMARY)?.value.get_uint(0);
        let ratio = |tag| match &theirs.get_field(tag, exif::In::PRIMARY)?.value {
            exif::Value::Rational(values) => Some(values.first()?.to_f32()),
            _ => None,
        };
        assert_eq!(ours.make, text(exif::Tag::Make), "{name}");
        assert_eq!(ours.model, text(exif::Tag::Model), "{name}");
        assert_eq!(Some(u32::from(ours.orientation.value())), uint(exif::Tag::Orientation), "{name}");
        assert_eq!(ours.iso, uint(exif::Tag::PhotographicSensitivity), "{name}");
        assert_eq!(ours.aperture_f, ratio(exif::Tag::FNumber), "{name}");
        assert_eq!(ours.focal_mm, ratio(exif::Tag::FocalLength), "{name}");
        let digits = |text: String| text.chars().filter(char::is_ascii_digit).take(14).collect::<String>();
        let times = (ours.captured.map(|time| digits(time.local)), text(exif::Tag::DateTimeOriginal).map(digits));
        assert_eq!(times.0, times.1, "{name}");
    }
}

/// A file of which only the first bytes are there.
fn cut(bytes: &[u8], name: &str, len: usize) -> InspectError {
    let extension = Path::new(name).extension().unwrap().to_string_lossy().to_lowercase();
    inspect_source(&mut SliceSource(&bytes[..len]), &extension).expect_err(&format!("{name} cut to {len} bytes"))
}

#[test]
fn every_cut_of_every_sample_is_incomplete() {
    for name in WHOLE {
        let bytes = std::fs::read(sample(name)).unwrap();
        assert!(inspect_source(&mut SliceSource(&bytes), "").is_ok(), "{name}");
        let shares = [0.0001, 0.0005, 0.003, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999];
        let lengths = shares.iter().map(|share| ((bytes.len() as f64 * share) as usize).max(1));
        // One byte less, too, where nothing trails the picture.
        let whole_to_the_end = !name.starts_with("orient") && !name.contains("mei_") && !name.starts_with("tinydng");
        for len in lengths.chain(whole_to_the_end.then_some(bytes.len() - 1)) {
            let error = cut(&bytes, name, len);
            assert!(error.is_incomplete(), "{name} cut to {len} of {}: {error}", bytes.len());
        }
    }
}

#[test]
fn a_raw_is_not_read_whole() {
    for (name, most) in [("_DSC2164.ARW", 300_000), ("derived_a7r4_24mp_ljpeg.dng", 400_000), ("IMG_0848.CR2", 200_000)]
    {
        let mut file = FileSource::open(&sample(name)).unwrap();
        inspect_source(&mut file, "").unwrap();
        assert!(file.read_bytes() <= most, "{name}: {} bytes read", file.read_bytes());
    }
}

#[test]
fn what_is_no_camera_file_is_told_apart() {
    let of = |bytes: &[u8], extension: &str| inspect_source(&mut SliceSource(bytes), extension);
    assert_eq!(of(b"", "cr2"), Err(InspectError::Empty));
    assert_eq!(of(b"%PDF-1.7 hello", "pdf"), Err(InspectError::Foreign));
    assert_eq!(of(b"\x89PNG\r\n\x1A\n and so on", "png"), Err(InspectError::Foreign));
    assert_eq!(of(b"\0\0\0\x20ftypheic\0\0\0\0mif1heic", "heic"), Err(InspectError::Foreign));
    assert!(matches!(of(b"some text that is no picture", "jpg"), Err(InspectError::Garbage { .. })));
    // Room that a copying program has reserved.
    assert!(of(&[0; 5000], "arw").unwrap_err().is_incomplete());
    assert!(of(&[0xFF], "jpg").unwrap_err().is_incomplete());
    assert!(of(&[0xFF, 0xD8], "jpg").unwrap_err().is_incomplete());
    let xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF></rdf:RDF></x:xmpmeta>";
    assert_eq!(of(xmp, "xmp").unwrap().kind, FileKind::Sidecar);
    assert!(inspect(Path::new("/nowhere/at/all.jpg")).is_err_and(|error| matches!(error, InspectError::Io { .. })));
    assert_eq!(inspect(&support::samples()).unwrap_err(), InspectError::Foreign);
}

#[test]
fn words_for_people() {
    let cut = InspectError::Truncated { what: "the picture".into(), have_bytes: 10, need_bytes: 20 };
    assert_eq!(cut.to_string(), "the file is cut off: the picture would need 20 bytes, and only 10 are there");
    assert_eq!(InspectError::Empty.to_string(), "the file is empty");
}

mod arbitrary {
    use super::*;
    use proptest::prelude::*;

    /// First bytes of every format, so that the parsers behind them are reached.
    fn start() -> impl Strategy<Value = Vec<u8>> {
        let starts: Vec<Vec<u8>> = vec![
            vec![],
            vec![0xFF, 0xD8, 0xFF],
            vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0, 0xFF],
            b"II\x2A\0\x08\0\0\0".to_vec(),
            b"II\x2A\0\x08\0\0\0\x03\0".to_vec(),
            b"MM\0\x2A\0\0\0\x08".to_vec(),
            b"IIU\0\x08\0\0\0".to_vec(),
            b"IIRO\x08\0\0\0".to_vec(),
            b"FUJIFILMCCD-RAW ".to_vec(),
            b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom".to_vec(),
            b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom\0\0\0\x40moov\0\0\0\x38trak\0\0\0\x30stbl".to_vec(),
            b"<x:xmpmeta".to_vec(),
        ];
        proptest::sample::select(starts)
    }

    /// Bytes as directories have them: small numbers, tags that are followed, and noise.
    fn tail() -> impl Strategy<Value = Vec<u8>> {
        let bytes = prop_oneof![3 => 0..20_u8, 1 => Just(0xFF), 1 => any::<u8>()];
        proptest::collection::vec(bytes, 0..600)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_make_the_parsers_panic(start in start(), tail in tail()) {
            let bytes = [start, tail].concat();
            let _ = inspect_source(&mut SliceSource(&bytes), "jpg");
        }
    }

    #[test]
    fn no_changed_head_of_a_real_file_makes_the_parsers_panic() {
        let mut dice = support::Dice(7);
        for name in ["IMG_0848.CR2", "pigallery2_test.dng", "bad/exiftool_CanonRaw.cr3", "bad/exiftool_FujiFilm.raf"] {
            let mut bytes = std::fs::read(sample(name)).unwrap();
            bytes.truncate(200_000);
            for _ in 0..200 {
                let mut changed = bytes.clone();
                for _ in 0..20 {
                    let at = dice.roll(4096.min(changed.len()));
                    changed[at] = dice.roll(256) as u8;
                }
                let _ = inspect_source(&mut SliceSource(&changed), "cr2");
            }
        }
    }
}
