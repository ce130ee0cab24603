//! Further real camera files, which stand beside the project's own checkout in ../shared/samples and may not be passed on.
//!
//! A plain `cargo test` leaves these tests out; `./test` runs them where that folder stands. There each one fails if its
//! sample is missing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::{Path, PathBuf};

use develop::{
    FileSource, Format, SliceSource, inspect, inspect_source,
    worker::{Caps, WorkerError},
};
use model::{FileKind, Rung};
use support::{Dice, Pixels, all_rendered, assert_cuts_are_noticed, cut, pool, reader::assert_agrees, rendered, spec};

const ALL: [Rung; 3] = [Rung::Screen, Rung::Thumb, Rung::Large];

/// Every whole file but those of orient/.
const WHOLE: [&str; 10] = [
    "IMG_0848.CR2",
    "test_raw.cr2",
    "_DSC2164.ARW",
    "derived_a7r4_24mp_ljpeg.dng",
    "pigallery2_test.dng",
    "tinydng_colorchart.dng",
    "jpeg/derived_24mp_422_q93.jpg",
    "jpeg/derived_45mp_422_q93.jpg",
    "jpeg/mei_Leica_T_Typ_701.jpg",
    "jpeg/mei_Nikon_D3100.jpg",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples")
}

fn further(name: &str) -> PathBuf {
    let path = folder().join(name);
    assert!(path.is_file(), "the sample {name} is missing");
    path
}

fn turned(n: usize) -> String {
    format!("orient/Landscape_{n}.jpg")
}

/// Names of every whole file.
fn whole() -> Vec<String> {
    WHOLE.map(str::to_owned).into_iter().chain((1..=8).map(turned)).collect()
}

/// What the manifest says of a file: its columns.
fn row(name: &str) -> Vec<String> {
    let manifest = std::fs::read_to_string(further("MANIFEST.tsv")).unwrap();
    let line = manifest.lines().find(|line| line.split('\t').next() == Some(name)).expect("a row of the manifest");
    line.split('\t').map(str::to_owned).collect()
}

#[test]
fn every_sample_says_what_the_manifest_says() {
    for name in &whole() {
        let path = further(name);
        let found = inspect(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let columns = row(name);
        assert_eq!(path.metadata().unwrap().len().to_string(), columns[1], "{name}");
        assert_eq!(found.facts.orientation.value(), columns[5].parse().unwrap_or(1), "{name}");
        let (camera, model) = (&columns[2], found.facts.model.clone().unwrap_or_default());
        assert!(camera.ends_with(&model) && model.is_empty() == camera.is_empty(), "{name}: {camera} / {model}");
        let is_raw = !name.contains('/');
        assert_eq!(found.kind, if is_raw { FileKind::Raw } else { FileKind::Jpeg }, "{name}");
        let largest = found.previews.first();
        if is_raw {
            let bytes = columns[4].split(' ').next().and_then(|bytes| bytes.parse().ok());
            assert_eq!(largest.map(|preview| preview.len), bytes, "{name}");
        } else {
            let size = largest.map(|preview| format!("{}x{}", preview.width_px, preview.height_px)).unwrap();
            assert_eq!(columns[3].split(' ').next(), Some(size.as_str()), "{name}");
        }
    }
}

#[test]
fn formats_and_preview_sizes() {
    let expected = [
        ("IMG_0848.CR2", Format::Cr2, (1728, 1152)),
        ("derived_a7r4_24mp_ljpeg.dng", Format::Dng, (1024, 683)),
        ("pigallery2_test.dng", Format::Dng, (510, 382)),
        ("jpeg/derived_45mp_422_q93.jpg", Format::Jpeg, (8256, 5504)),
    ];
    for (name, format, size) in expected {
        let found = inspect(&further(name)).unwrap();
        let largest = found.previews[0];
        assert_eq!((found.format, (largest.width_px, largest.height_px)), (format, size), "{name}");
    }
}

#[test]
fn facts_of_a_few_cameras() {
    let facts = |name| inspect(&further(name)).unwrap().facts;
    let sony = facts("derived_a7r4_24mp_ljpeg.dng");
    assert_eq!((sony.serial.as_deref(), sony.captured.unwrap().offset_minutes), (Some("03374840"), Some(-480)));
    // The serial number and the lens stand in Canon's own note only.
    let canon = facts("IMG_0848.CR2");
    assert_eq!((canon.serial.as_deref(), canon.lens.as_deref()), (Some("1530910263"), Some("EF-S18-55mm f/3.5-5.6")));
    let time = canon.captured.unwrap();
    assert_eq!((time.local.as_str(), time.offset_minutes), ("2008-02-16T13:51:56.000", None));
    assert_eq!(facts("pigallery2_test.dng").captured.unwrap().offset_minutes, Some(120));
}

#[test]
fn our_exif_agrees_with_another_reader() {
    let names = ["jpeg/mei_Nikon_D3100.jpg", "jpeg/mei_Leica_T_Typ_701.jpg", "IMG_0848.CR2", "pigallery2_test.dng"];
    for name in names.map(str::to_owned).into_iter().chain([turned(6)]) {
        let path = further(&name);
        assert_agrees(&inspect(&path).unwrap().facts, &std::fs::read(&path).unwrap(), &name);
    }
}

#[test]
fn every_cut_of_every_sample_is_incomplete() {
    for name in &whole() {
        let bytes = std::fs::read(further(name)).unwrap();
        let found = inspect_source(&mut SliceSource(&bytes), "").unwrap_or_else(|error| panic!("{name}: {error}"));
        let own = found.previews.iter().find(|preview| found.format == Format::Jpeg && preview.offset == 0);
        let needed = own.map_or(bytes.len(), |own| own.len as usize);
        assert_cuts_are_noticed(&bytes, name, needed);
        if !name.starts_with("tinydng") {
            let error = cut(&bytes, name, needed - 1);
            assert!(error.is_incomplete(), "{name} without its last byte: {error}");
        }
    }
}

#[test]
fn a_raw_is_not_read_whole() {
    for (name, most) in [("derived_a7r4_24mp_ljpeg.dng", 400_000), ("IMG_0848.CR2", 200_000)] {
        let mut file = FileSource::open(&further(name)).unwrap();
        inspect_source(&mut file, "").unwrap();
        assert!(file.read_bytes() <= most, "{name}: {} bytes read", file.read_bytes());
    }
}

#[test]
fn no_changed_head_makes_the_parsers_panic() {
    let mut dice = Dice(7);
    let pruned = ["bad/exiftool_CanonRaw.cr3", "bad/Canon-R6-pruned.CR3", "bad/exiftool_FujiFilm.raf"];
    for name in ["IMG_0848.CR2", "pigallery2_test.dng"].into_iter().chain(pruned) {
        let mut bytes = std::fs::read(further(name)).unwrap();
        bytes.truncate(200_000);
        for _ in 0..200 {
            let _ = inspect_source(&mut SliceSource(&dice.mutated(&bytes, 4096, 20)), "cr2");
        }
    }
}

#[test]
fn proofs_have_their_sizes() {
    let cases = [
        ("jpeg/derived_24mp_422_q93.jpg", [(1200, 800), (360, 240), (2048, 1365)]),
        ("jpeg/mei_Leica_T_Typ_701.jpg", [(795, 1200), (239, 360), (1356, 2048)]),
        ("jpeg/mei_Nikon_D3100.jpg", [(1200, 800), (360, 240), (2048, 1365)]),
        ("IMG_0848.CR2", [(1200, 800), (360, 240), (1728, 1152)]),
        // A phone held upright: the preview in its raw is stored sideways and says nothing about it. It is black.
        ("pigallery2_test.dng", [(382, 510), (270, 360), (382, 510)]),
    ];
    for (name, sizes) in cases {
        let (all, report) = all_rendered(&further(name), &ALL);
        let found: Vec<_> = all.iter().map(|one| (one.width_px, one.height_px)).collect();
        assert_eq!(found, sizes, "{name}");
        assert_eq!(report.source_width_px > report.source_height_px, sizes[0].0 > sizes[0].1, "{name}");
    }
}

#[test]
fn proofs_carry_no_metadata() {
    for name in ["jpeg/mei_Nikon_D3100.jpg", "jpeg/mei_Leica_T_Typ_701.jpg"] {
        for one in all_rendered(&further(name), &ALL).0 {
            for secret in [&b"Exif"[..], b"NIKON", b"LEICA", b"ICC_PROFILE", b"http"] {
                assert!(!one.jpeg.windows(secret.len()).any(|window| window == secret), "{name}, {}", one.rung);
            }
        }
    }
}

#[test]
fn all_eight_orientations_come_out_upright_and_the_same() {
    let plain = |n| Pixels::from_jpeg(&rendered(&further(&turned(n)), Rung::Large).jpeg);
    let first = plain(1);
    assert_eq!((first.width, first.height), (1800, 1200));
    assert!(first.mean_difference(&first.upside_down()) > 20.0);
    for n in 2..=8 {
        // Each of the eight was compressed on its own, and carries its number as a picture in the picture.
        let difference = plain(n).mean_difference(&first);
        assert!(difference < 4.0, "orientation {n}: {difference}");
    }
}

#[tokio::test]
async fn every_bad_file_is_answered_and_the_pool_goes_on() {
    let pool = pool(2, Caps::default(), &[]);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder().join("bad")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "the bad samples are missing");
    for path in files {
        for result in [pool.inspect(&path).await.err(), pool.render(&path, &spec(&ALL), |_| {}).await.err()] {
            let broke = matches!(result, Some(WorkerError::Died | WorkerError::TimedOut | WorkerError::Spawn(_)));
            assert!(!broke, "{}: {result:?}", path.display());
        }
    }
    pool.inspect(&further("IMG_0848.CR2")).await.unwrap();
}

#[tokio::test]
async fn mutated_files_do_not_break_the_pool() {
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(2, Caps { request_ms: 10_000, ..Caps::default() }, &[]);
    let mut dice = Dice(20_261_124);
    let names = [
        "IMG_0848.CR2",
        "pigallery2_test.dng",
        "orient/Landscape_6.jpg",
        "bad/filetype_fixture.cr3",
        "bad/exiftool_FujiFilm.raf",
    ];
    let originals = names.map(|name| (std::fs::read(further(name)).unwrap(), name));
    let mut taken = 0;
    for round in 0..150 {
        let (bytes, name) = &originals[dice.roll(originals.len())];
        let reach = [2048, 65_536, bytes.len()][dice.roll(3)].min(bytes.len());
        let count = 1 + dice.roll(25);
        let path = dir.path().join(format!("mutated.{}", name.rsplit('.').next().unwrap()));
        std::fs::write(&path, dice.mutated(bytes, reach, count)).unwrap();
        match pool.render(&path, &spec(&ALL), |_| {}).await {
            Ok(_) => taken += 1,
            Err(WorkerError::Inspect(_) | WorkerError::Render(_)) => {}
            Err(error) => panic!("round {round}, {name}: {error}"),
        }
    }
    assert!(taken >= 10, "only {taken} of 150 were still pictures");
}
