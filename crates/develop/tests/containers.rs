//! CR3 and RAF, built here from their published structure around JPEGs of our own.
//!
//! No whole camera file of those makes was at hand that may be used in every checkout: these prove that the parsers follow
//! the descriptions and never let a cut file pass, not that every camera keeps to them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use develop::{
    FileSource, Format, Inspection, SliceSource, inspect, inspect_source,
    output::{Carry, Metadata},
    render,
};
use jiff::civil::date;
use model::{FileKind, Rung};
use rehearsal::{Exif, JpegOptions, draw};
use support::{
    Dice, Pixels, cr3, cut,
    drawn::{self, CR3, RAF},
    raf::raf,
    spec,
    tiff::{self, Value},
};

fn shot() -> Exif {
    Exif::at(date(2026, 11, 24).at(19, 5, 9, 120_000_000), Some(60)).with_orientation(8)
}

/// A CR3 whose three JPEGs are of these widths, each 3:2.
fn small_cr3(widths: [u32; 3], standard: bool) -> cr3::Cr3 {
    let jpegs = widths.map(|width| Pixels::from_scene(&draw(4, width, width * 2 / 3)).to_jpeg_of(80));
    cr3::Cr3::new(cr3::tags(&shot(), standard), jpegs)
}

fn small_raf() -> (Vec<u8>, Vec<u8>) {
    let jpeg = rehearsal::jpeg(&draw(4, 90, 60), &shot(), JpegOptions::default()).unwrap();
    (raf(&jpeg), jpeg)
}

fn inspected(bytes: &[u8]) -> Inspection {
    inspect_source(&mut SliceSource(bytes), "").unwrap()
}

#[test]
fn a_cr3s_three_jpegs_are_found_where_they_lie() {
    let parts = small_cr3([48, 90, 120], true);
    let file = parts.file();
    let found = inspected(&file);
    assert_eq!((found.kind, found.format), (FileKind::Raw, Format::Cr3));
    let sizes: Vec<_> = found.previews.iter().map(|preview| (preview.width_px, preview.height_px)).collect();
    assert_eq!(sizes, [(120, 80), (90, 60), (48, 32)]);
    for (place, jpeg) in found.previews.iter().zip([&parts.full, &parts.preview, &parts.thumbnail]) {
        let bytes = &file[place.offset as usize..][..place.len as usize];
        // The boxes of the smaller ones are filled up behind the picture.
        assert!(bytes.starts_with(jpeg) && bytes.len() <= jpeg.len() + 3, "{place:?}");
    }
}

#[test]
fn a_cr3s_position_is_carried_where_it_is_asked_for() {
    let position = |seconds: (u32, u32)| {
        tiff::block(&[
            (1, Value::Text("S")),
            (2, Value::Ratios(&[(33, 1), (51, 1), seconds])),
            (3, Value::Text("E")),
            (4, Value::Ratios(&[(151, 1), (12_917_820, 1_000_000), (0, 1)])),
        ])
    };
    let read = |block: Vec<u8>, asked| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.cr3");
        let parts = cr3::Cr3 { position: Some(block), ..small_cr3([48, 90, 120], true) };
        std::fs::write(&path, parts.file()).unwrap();
        Metadata::of_original(&path, Carry { position: asked, ..Carry::default() }).unwrap()
    };
    let place = read(position((24_422_400, 1_000_000)), true).position.unwrap();
    assert!((place.latitude_deg + 33.856_784).abs() < 1e-9, "{place:?}");
    assert!((place.longitude_deg - 151.215_297).abs() < 1e-9, "{place:?}");
    assert_eq!(place.altitude_m, None);
    assert_eq!(read(position((24, 1)), false).position, None);
    // Without satellites phones write 0/0; what is no place is none.
    assert_eq!(read(position((0, 0)), true).position, None);
    assert_eq!(read(tiff::block(&[(1, Value::Text("N")), (2, Value::Ratio(1, 1))]), true).position, None);
}

#[test]
fn a_cr3s_blocks_tell_the_facts() {
    let told = drawn::facts(&shot(), "1/160");
    let facts = inspected(&small_cr3([48, 90, 120], true).file()).facts;
    assert_eq!((facts.make.as_deref(), facts.model.as_deref()), (Some("Canon"), Some("Canon EOS R6")));
    assert_eq!(facts, model::CaptureFacts { make: facts.make.clone(), model: facts.model.clone(), ..told });
    // Without them in EXIF, serial number and lens come from Canon's own block.
    let facts = inspected(&small_cr3([48, 90, 120], false).file()).facts;
    assert_eq!((facts.serial.as_deref(), facts.lens.as_deref()), (Some("0000123456"), Some("RF24-105mm F4 L IS USM")));
}

#[test]
fn a_rafs_jpeg_is_found_with_its_facts() {
    let (file, jpeg) = small_raf();
    let found = inspected(&file);
    assert_eq!((found.kind, found.format, found.previews.len()), (FileKind::Raw, Format::Raf, 1));
    let place = found.previews[0];
    assert_eq!((place.width_px, place.height_px), (90, 60));
    assert_eq!(&file[place.offset as usize..][..place.len as usize], jpeg);
    assert_eq!(found.facts, drawn::facts(&shot(), "1/160"));
    support::reader::assert_agrees(&found.facts, &jpeg, "the RAF's JPEG");
}

#[test]
fn not_one_length_of_them_passes() {
    for (name, bytes) in [("small.cr3", small_cr3([24, 48, 90], true).file()), ("small.raf", small_raf().0)] {
        inspected(&bytes);
        for len in 0..bytes.len() {
            let error = cut(&bytes, name, len);
            assert!(error.is_incomplete(), "{name} cut to {len} of {}: {error}", bytes.len());
        }
        // Something behind the last part does no harm: RAFs may carry it, and a `free` box may follow in a CR3.
        inspected(&rehearsal::variant(&bytes, 1));
    }
}

#[test]
fn the_tracks_of_a_cr3_must_lie_inside_the_file() {
    // A last box that was shortened to fit: all boxes are whole, and the sensor's picture is not.
    let parts = small_cr3([24, 48, 90], true);
    let mut file = parts.file();
    let data_at = file.windows(4).rposition(|four| four == b"mdat").unwrap() + 4;
    let len = u64::from_be_bytes(file[data_at..data_at + 8].try_into().unwrap());
    file.truncate(file.len() - 1);
    file[data_at..data_at + 8].copy_from_slice(&(len - 1).to_be_bytes());
    assert!(cut(&file, "a.cr3", file.len()).is_incomplete());
}

#[test]
fn no_changed_head_makes_the_parsers_panic() {
    let mut dice = Dice(77);
    for bytes in [small_cr3([24, 48, 90], true).file(), small_raf().0] {
        let (mut taken, mut incomplete) = (0, 0);
        for round in 0..200 {
            // From a byte or two up to a head full of nonsense, so that some of them get far.
            let changed = dice.mutated(&bytes, [4096, 2048, 160][round % 3], 1 + round % 20);
            match inspect_source(&mut SliceSource(&changed), "cr3") {
                Ok(_) => taken += 1,
                Err(error) => incomplete += usize::from(error.is_incomplete()),
            }
        }
        assert!(taken >= 5 && incomplete >= 5, "{taken} taken, {incomplete} incomplete: too tame or too wild");
    }
}

#[test]
fn proofs_of_them_stand_upright() {
    // The CR3's JPEGs say nothing of their own; the RAF's says it itself.
    for drawn in [&CR3, &RAF] {
        let inspection = inspect(drawn.path()).unwrap();
        let mut all = Vec::new();
        let report =
            render(drawn.path(), &inspection, &spec(&[Rung::Screen, Rung::Thumb, Rung::Large]), &mut |rendered| {
                all.push(rendered);
            })
            .unwrap();
        assert_eq!((report.source_width_px, report.source_height_px), drawn.upright, "{}", drawn.name);
        let large = Pixels::from_jpeg(&all[2].jpeg);
        let drawing = Pixels::from_scene(&drawn.scene());
        assert!(large.mean_difference(&drawing) < 6.0, "{}: {}", drawn.name, large.mean_difference(&drawing));
        assert!(large.upside_down().mean_difference(&drawing) > 20.0, "{}", drawn.name);
        let sizes: Vec<_> = all.iter().map(|one| (one.width_px, one.height_px)).collect();
        assert_eq!(sizes[..2], [(800, 1200), (240, 360)], "{}", drawn.name);
    }
}

#[test]
fn a_name_or_brand_that_lies_is_no_cr3() {
    let mut film = small_cr3([24, 48, 90], true).file();
    film[8..12].copy_from_slice(b"isom");
    assert_eq!(inspect_source(&mut SliceSource(&film), "cr3"), Err(develop::InspectError::Foreign));
    let mut other = small_raf().0;
    other[..8].copy_from_slice(b"FUJIFILX");
    assert!(!cut(&other, "a.raf", other.len()).is_incomplete());
    // What a file reads like does not depend on where the bytes come from.
    let mut file = FileSource::open(CR3.path()).unwrap();
    let bytes = std::fs::read(CR3.path()).unwrap();
    assert_eq!(inspect_source(&mut file, "").unwrap(), inspected(&bytes));
}
