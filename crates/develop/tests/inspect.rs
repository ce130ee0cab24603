//! Camera files, real and drawn: what they say, and that every cut is noticed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::Path;

use develop::{FileSource, Format, InspectError, SliceSource, inspect, inspect_source};
use jiff::civil::date;
use model::{CaptureFacts, FileKind};
use rehearsal::{DngOptions, Exif, JpegOptions, draw, hostile};
use support::{
    Dice, Pixels, REAL, assert_cuts_are_noticed, cut,
    drawn::{
        self, CR3, DNG_24MP, DNG_FULL, DNG_PORTRAIT, DNG_SMALL, JPEG_24MP, JPEG_45MP, JPEG_PORTRAIT, ORIENTED, RAF,
    },
    every_whole_file,
    reader::assert_agrees,
    sample, tiff, with_segments,
};

#[test]
fn every_drawn_file_says_what_the_generator_was_told() {
    for drawn in drawn::all() {
        let name = drawn.name;
        let found = inspect(drawn.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found.facts, drawn.facts(), "{name}");
        let expected = match name.rsplit('.').next().unwrap() {
            "jpg" => (FileKind::Jpeg, Format::Jpeg),
            "dng" => (FileKind::Raw, Format::Dng),
            "cr3" => (FileKind::Raw, Format::Cr3),
            _ => (FileKind::Raw, Format::Raf),
        };
        assert_eq!((found.kind, found.format), expected, "{name}");
    }
}

#[test]
fn preview_sizes() {
    let real = [
        ("test_raw.cr2", Format::Cr2, Some((1600, 1200, 345_161))),
        ("_DSC2164.ARW", Format::Arw, Some((1616, 1080, 430_732))),
        ("tinydng_colorchart.dng", Format::Dng, None),
    ];
    for (name, format, expected) in real {
        let found = inspect(&sample(name)).unwrap();
        assert_eq!((found.kind, found.format), (FileKind::Raw, format), "{name}");
        let largest = found.previews.first();
        assert_eq!(largest.map(|preview| (preview.width_px, preview.height_px, preview.len)), expected, "{name}");
    }
    let jpegs = [&JPEG_24MP, &JPEG_45MP, &JPEG_PORTRAIT].into_iter().chain(&ORIENTED);
    let own_size = jpegs.chain([&DNG_FULL, &DNG_SMALL, &CR3, &RAF]).map(|drawn| (drawn, drawn.stored()));
    for (drawn, size) in own_size.chain([(&DNG_24MP, (1620, 1080)), (&DNG_PORTRAIT, (1620, 1080))]) {
        let largest = inspect(drawn.path()).unwrap().previews[0];
        assert_eq!((largest.width_px, largest.height_px), size, "{}", drawn.name);
        // What was found is the picture, from its first byte to its last.
        let bytes = std::fs::read(drawn.path()).unwrap();
        let jpeg = &bytes[largest.offset as usize..][..largest.len as usize];
        assert!(jpeg.starts_with(&[0xFF, 0xD8]) && jpeg.ends_with(&[0xFF, 0xD9]), "{}", drawn.name);
        let header = turbojpeg::read_header(jpeg).unwrap();
        assert_eq!((header.width as u32, header.height as u32), size, "{}", drawn.name);
    }
}

#[test]
fn facts_of_real_cameras() {
    let arw = inspect(&sample("_DSC2164.ARW")).unwrap().facts;
    assert_eq!((arw.make.as_deref(), arw.model.as_deref()), (Some("SONY"), Some("ILCE-7RM3")));
    assert_eq!((arw.iso, arw.focal_mm, arw.aperture_f), (Some(3200), Some(129.0), Some(6.3)));
    assert_eq!((arw.exposure_s.as_deref(), arw.lens.as_deref()), (Some("1/640"), Some("E 55-210mm F4.5-6.3 OSS")));
    let time = arw.captured.unwrap();
    assert_eq!((time.local.as_str(), time.offset_minutes), ("2018-07-11T01:18:47.000", Some(0)));
    let canon = inspect(&sample("test_raw.cr2")).unwrap().facts;
    assert_eq!((canon.make.as_deref(), canon.model.as_deref()), (Some("Canon"), Some("Canon PowerShot G10")));
    assert_eq!((canon.iso, canon.focal_mm, canon.aperture_f), (Some(80), Some(12.074), Some(4.0)));
    let time = canon.captured.unwrap();
    assert_eq!((time.local.as_str(), time.offset_minutes), ("2020-04-15T10:25:51.000", None));
    // A file whose every number is zero, and whose dates are blank: nothing is made up.
    let blank = inspect(&sample("tinydng_colorchart.dng")).unwrap().facts;
    assert_eq!((blank.make.as_deref(), blank.model.as_deref()), (Some("Canon"), Some("Canon EOS Kiss X4")));
    let nothing = CaptureFacts { make: blank.make.clone(), model: blank.model.clone(), ..CaptureFacts::default() };
    assert_eq!(blank, nothing);
}

#[test]
fn canons_own_note_tells_serial_and_lens() {
    let picture = Pixels::from_scene(&draw(3, 48, 32)).to_jpeg();
    let block = tiff::canon_exif(1_530_910_263, "EF-S18-55mm f/3.5-5.6");
    let jpeg = with_segments(&picture, &[(0xE1, [b"Exif\0\0", block.as_slice()].concat())]);
    let facts = inspect_source(&mut SliceSource(&jpeg), "jpg").unwrap().facts;
    let found = (facts.serial.as_deref(), facts.lens.as_deref(), facts.iso);
    assert_eq!(found, (Some("1530910263"), Some("EF-S18-55mm f/3.5-5.6"), Some(100)));
}

#[test]
fn our_exif_agrees_with_another_reader() {
    let real = REAL.iter().map(|name| sample(name));
    // Canon's blocks and Fujifilm's header are nothing for the other reader.
    let drawn = drawn::all().filter(|drawn| ![CR3.name, RAF.name].contains(&drawn.name));
    for path in real.chain(drawn.map(|drawn| drawn.path().to_owned())) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert_agrees(&inspect(&path).unwrap().facts, &std::fs::read(&path).unwrap(), &name);
    }
}

#[test]
fn our_exif_agrees_with_another_reader_whatever_is_said() {
    let mut dice = Dice(2_026);
    let scene = draw(1, 60, 40);
    let exposures =
        [((1, 160), "1/160"), ((1, 8000), "1/8000"), ((10, 2500), "1/250"), ((6, 10), "0.6"), ((30, 1), "30")];
    for round in 0..80 {
        let day = date(1990 + dice.roll(60) as i16, 1 + dice.roll(12) as i8, 1 + dice.roll(28) as i8);
        let taken =
            day.at(dice.roll(24) as i8, dice.roll(60) as i8, dice.roll(60) as i8, dice.roll(1000) as i32 * 1_000_000);
        let (exposure, text) = exposures[dice.roll(exposures.len())];
        let exif = Exif {
            serial: format!("S{:07}", dice.roll(10_000_000)),
            lens: format!("Lens {}mm", dice.roll(900)),
            exposure,
            aperture_tenths: 10 + dice.roll(300) as u32,
            iso: 50 + dice.roll(60_000) as u16,
            focal_mm: 1 + dice.roll(800) as u32,
            orientation: 1 + dice.roll(8) as u16,
            ..Exif::at(taken, [None, Some(0), Some(-570), Some(840)][dice.roll(4)])
        };
        let bytes = match round % 4 {
            0 => rehearsal::dng(&scene, &exif, DngOptions::default()).unwrap(),
            _ => rehearsal::jpeg(&scene, &exif, JpegOptions { thumbnail: round % 2 == 0, ..JpegOptions::default() })
                .unwrap(),
        };
        let ours = inspect_source(&mut SliceSource(&bytes), "").unwrap().facts;
        assert_agrees(&ours, &bytes, &format!("round {round}, {exif:?}"));
        assert_eq!(ours, drawn::facts(&exif, text), "round {round}");
    }
}

#[test]
fn every_cut_of_every_file_is_incomplete() {
    for path in every_whole_file() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let found = inspect_source(&mut SliceSource(&bytes), "").unwrap_or_else(|error| panic!("{name}: {error}"));
        // A JPEG's own picture; what may stand behind it is another matter.
        let own = found.previews.iter().find(|preview| found.format == Format::Jpeg && preview.offset == 0);
        let whole = own.map_or(bytes.len(), |own| own.len as usize);
        assert_cuts_are_noticed(&bytes, &name, whole);
        // One byte less, too; only one real file carries something behind its picture.
        if !name.starts_with("tinydng") {
            let error = cut(&bytes, &name, whole - 1);
            assert!(error.is_incomplete(), "{name} without its last byte: {error}");
        }
    }
}

#[test]
fn not_one_length_of_a_small_file_passes() {
    let (scene, exif) = (draw(2, 90, 60), Exif::at(date(2026, 11, 24).at(19, 5, 9, 0), None));
    let jpeg =
        |progressive| rehearsal::jpeg(&scene, &exif, JpegOptions { progressive, ..JpegOptions::default() }).unwrap();
    let dng = rehearsal::dng(&scene, &exif, DngOptions::default()).unwrap();
    for (name, bytes) in [("small.jpg", jpeg(false)), ("progressive.jpg", jpeg(true)), ("small.dng", dng)] {
        assert!(inspect_source(&mut SliceSource(&bytes), "").is_ok(), "{name}");
        for len in 0..bytes.len() {
            let error = cut(&bytes, name, len);
            assert!(error.is_incomplete(), "{name} cut to {len} of {}: {error}", bytes.len());
        }
    }
}

#[test]
fn a_raw_is_not_read_whole() {
    let cases = [
        (sample("_DSC2164.ARW"), 300_000),
        (sample("test_raw.cr2"), 200_000),
        (DNG_24MP.path().to_owned(), 100_000),
        (DNG_FULL.path().to_owned(), 100_000),
        (CR3.path().to_owned(), 100_000),
        (RAF.path().to_owned(), 100_000),
    ];
    for (path, most) in cases {
        let mut file = FileSource::open(&path).unwrap();
        inspect_source(&mut file, "").unwrap();
        assert!(file.read_bytes() <= most, "{}: {} bytes read", path.display(), file.read_bytes());
    }
}

#[test]
fn hostile_files_are_refused_with_reasons() {
    let of = |bytes: &[u8], extension: &str| inspect_source(&mut SliceSource(bytes), extension);
    assert_eq!(of(&hostile::zero_length(), "jpg"), Err(InspectError::Empty));
    for extension in ["jpg", "arw", "cr3"] {
        assert!(matches!(of(&hostile::text(), extension), Err(InspectError::Garbage { .. })), "{extension}");
    }
    assert_eq!(of(&hostile::text(), "txt"), Err(InspectError::Foreign));
    assert!(matches!(of(&hostile::giant_claim(), "dng"), Err(InspectError::Garbage { .. })));
    assert!(matches!(of(&hostile::ifd_loop(), "dng"), Err(InspectError::Garbage { .. })));
    let jpeg = std::fs::read(ORIENTED[2].path()).unwrap();
    assert!(of(&hostile::half_written(&jpeg), "jpg").unwrap_err().is_incomplete());
    // A name that lies changes nothing: the content decides.
    assert_eq!(of(&jpeg, "cr3").unwrap().format, Format::Jpeg);
    assert_eq!(of(&std::fs::read(RAF.path()).unwrap(), "jpg").unwrap().format, Format::Raf);
}

#[test]
fn what_is_no_camera_file_is_told_apart() {
    let of = |bytes: &[u8], extension: &str| inspect_source(&mut SliceSource(bytes), extension);
    assert_eq!(of(b"", "cr2"), Err(InspectError::Empty));
    assert_eq!(of(b"%PDF-1.7 hello", "pdf"), Err(InspectError::Foreign));
    assert_eq!(of(b"\x89PNG\r\n\x1A\n and so on", "png"), Err(InspectError::Foreign));
    assert_eq!(of(b"\0\0\0\x20ftypisom\0\0\0\0mp42avc1", "mp4"), Err(InspectError::Foreign));
    assert!(matches!(of(b"some text that is no picture", "jpg"), Err(InspectError::Garbage { .. })));
    // Room that a copying program has reserved.
    assert!(of(&[0; 5000], "arw").unwrap_err().is_incomplete());
    assert!(of(&[0xFF], "jpg").unwrap_err().is_incomplete());
    assert!(of(&[0xFF, 0xD8], "jpg").unwrap_err().is_incomplete());
    let xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF></rdf:RDF></x:xmpmeta>";
    assert_eq!(of(xmp, "xmp").unwrap().kind, FileKind::Sidecar);
    assert!(inspect(Path::new("/nowhere/at/all.jpg")).is_err_and(|error| matches!(error, InspectError::Io { .. })));
    assert_eq!(inspect(&support::samples()[0]).unwrap_err(), InspectError::Foreign);
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

    /// The beginning of a HEIF file's tables.
    fn heif(tables: &[u8]) -> Vec<u8> {
        [b"\0\0\0\x10ftypheic\0\0\0\0\0\0\x01\0meta\0\0\0\0", tables].concat()
    }

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
            heif(b"\0\0\0\x0Epitm\0\0\0\0\0\x01\0\0\0\x80iloc\x01\0\0\0\x44\x40"),
            heif(b"\0\0\0\x0Epitm\0\0\0\0\0\x01\0\0\0\x80iprp"),
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
    fn no_changed_head_of_a_whole_file_makes_the_parsers_panic() {
        let mut dice = Dice(7);
        let raws = [&DNG_PORTRAIT, &ORIENTED[5], &CR3, &RAF].map(|drawn| drawn.path().to_owned());
        for path in REAL.iter().map(|name| sample(name)).chain(raws) {
            let mut bytes = std::fs::read(path).unwrap();
            bytes.truncate(200_000);
            for _ in 0..200 {
                let _ = inspect_source(&mut SliceSource(&dice.mutated(&bytes, 4096, 20)), "cr2");
            }
        }
    }
}
