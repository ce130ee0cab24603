//! Files to begin with: the camera files that are at hand, and small ones of every structure that are built here.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use rehearsal::{DngOptions, Exif, JpegOptions, dng, draw, icc, jpeg};

use crate::{
    mutate::Base,
    support::{
        Pixels, cr3,
        drawn::{CR3, ORIENTED, RAF},
        heif::{self, Item, Still},
        raf, samples, tiff, with_segments,
    },
    wild::Wild,
};

/// What is attacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Structure of every format, in this process.
    Inspect,
    /// Tags in three wrappings, in this process.
    Exif,
    /// Colour profile of a JPEG, in this process.
    Icc,
    /// JPEG to proofs, in a child.
    Jpeg,
    /// HEIC to proofs, in a child.
    Heic,
    /// Raw to samples, in a child.
    Raw,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Inspect, Self::Exif, Self::Icc, Self::Jpeg, Self::Heic, Self::Raw];

    /// Its name, which is that of its corpus too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inspect => "inspect",
            Self::Exif => "exif",
            Self::Icc => "icc",
            Self::Jpeg => "jpeg",
            Self::Heic => "heic",
            Self::Raw => "raw",
        }
    }

    /// Files to begin with. `with_found`: those of the samples' folder too, which differ from place to place.
    pub fn bases(self, with_found: bool) -> Vec<Base> {
        let mut bases = match self {
            Self::Inspect => structures(),
            Self::Exif => blocks(),
            Self::Icc => profiles(),
            Self::Jpeg => jpegs(),
            Self::Heic => heics(),
            Self::Raw => raws(),
        };
        if with_found {
            bases.extend(found(self));
        }
        bases
    }
}

fn exif() -> Exif {
    ORIENTED[5].exif()
}

/// A small picture as a camera's JPEG.
pub fn small_jpeg(width_px: u32, options: JpegOptions) -> Vec<u8> {
    jpeg(&draw(6, width_px, width_px * 2 / 3), &exif(), options).unwrap()
}

fn small_dng(width_px: u32) -> Vec<u8> {
    dng(&draw(6, width_px, width_px * 2 / 3), &exif(), DngOptions::default()).unwrap()
}

fn small_cr3() -> Vec<u8> {
    let bare = [160, 240, 320].map(|width| Pixels::from_scene(&draw(6, width, width * 2 / 3)).to_jpeg_of(85));
    cr3::Cr3::new(cr3::tags(&CR3.exif(), true), bare).file()
}

fn small_raf() -> Vec<u8> {
    raf::raf(&jpeg(&draw(6, 320, 214), &RAF.exif(), JpegOptions::default()).unwrap())
}

fn structures() -> Vec<Base> {
    let mut bases = jpegs();
    bases.extend(heics());
    bases.extend([
        Base::new("built.dng", small_dng(240), 2),
        Base::new("built.cr3", small_cr3(), 2),
        Base::new("built.raf", small_raf(), 1),
        Base::new("tiled.dng", Wild::dng(7, false, Some((64, 64)), (256, 192)).file(), 2),
        Base::new("built.arw", Wild::arw((128, 64)).file(), 1),
        Base::new("panasonic.rw2", panasonic(), 1),
        Base::new("olympus.orf", olympus(), 1),
        Base::new("sidecar.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF></rdf:RDF></x:xmpmeta>".to_vec(), 1),
    ]);
    bases
}

/// TIFF blocks: tags of a JPEG, of Canon's kinds, of Olympus.
fn blocks() -> Vec<Base> {
    let [main, details, maker] = cr3::tags(&CR3.exif(), true);
    vec![
        Base::new("camera.tif", exif_block(&small_jpeg(64, JpegOptions::default())), 3),
        Base::new("canon.tif", tiff::canon_exif(123_456, "EF 50mm f/1.8"), 2),
        Base::new("cmt1.tif", main, 1),
        Base::new("cmt2.tif", details, 2),
        Base::new("cmt3.tif", maker, 1),
        Base::new("olympus.tif", olympus(), 1),
    ]
}

/// The TIFF block of a JPEG of ours, whose first segment it is.
fn exif_block(jpeg: &[u8]) -> Vec<u8> {
    let from = jpeg.windows(6).position(|six| six == b"Exif\0\0").unwrap();
    let len = usize::from(u16::from_be_bytes([jpeg[from - 2], jpeg[from - 1]]));
    jpeg[from + 6..from - 2 + len].to_vec()
}

/// A Panasonic's head: a magic number, tags and a place for the sensor's data of its own.
fn panasonic() -> Vec<u8> {
    let jpeg = small_jpeg(64, JpegOptions::default());
    let head = |jpeg_at, raw_at| {
        let tags = [
            (0x0002, tiff::Value::Short(64)),
            (0x0003, tiff::Value::Short(48)),
            (0x002E, tiff::Value::Elsewhere(jpeg_at, jpeg.len() as u32)),
            (0x010F, tiff::Value::Text("Panasonic")),
            (0x0110, tiff::Value::Text("DC-GH5")),
            (0x0111, tiff::Value::Long(u32::MAX)),
            (0x0117, tiff::Value::Long(u32::MAX)),
            (0x0118, tiff::Value::Long(raw_at)),
        ];
        [b"IIU\0\x08\0\0\0", tiff::directory(8, &tags).as_slice()].concat()
    };
    let jpeg_at = head(0, 0).len() as u32;
    [head(jpeg_at, jpeg_at + jpeg.len() as u32), jpeg, vec![0x5A; 16_384 * 2]].concat()
}

/// An Olympus raw: its note has a header and offsets of its own, and names the preview.
fn olympus() -> Vec<u8> {
    let jpeg = small_jpeg(64, JpegOptions::default());
    let settings = |at, preview| {
        tiff::directory(at, &[(0x0101, tiff::Value::Long(preview)), (0x0102, tiff::Value::Long(jpeg.len() as u32))])
    };
    let note = |preview: u32| {
        let table = tiff::directory(12, &[(0x2020, tiff::Value::Long(32))]);
        let head = [b"OLYMPUS\0II\x03\0", table.as_slice()].concat();
        [head.as_slice(), &vec![0; 32 - head.len()], &settings(32, preview)].concat()
    };
    let main = |exif_at, data_at| {
        let tags = [
            (0x0100, tiff::Value::Long(64)),
            (0x0101, tiff::Value::Long(48)),
            (0x0103, tiff::Value::Short(1)),
            (0x010F, tiff::Value::Text("OLYMPUS CORPORATION")),
            (0x0110, tiff::Value::Text("E-M1MarkII")),
            (0x0111, tiff::Value::Long(data_at)),
            (0x0117, tiff::Value::Long(64 * 48 * 2)),
            (0x8769, tiff::Value::Long(exif_at)),
        ];
        tiff::directory(8, &tags)
    };
    let exif_at = 8 + main(0, 0).len() as u32;
    let exif = |note_at| tiff::directory(exif_at, &[(0x927C, tiff::Value::Elsewhere(note_at, note(0).len() as u32))]);
    let note_at = exif_at + exif(0).len() as u32;
    let jpeg_at = note_at + note(0).len() as u32;
    let data_at = jpeg_at + jpeg.len() as u32;
    let (main, exif, note) = (main(exif_at, data_at), exif(note_at), note(jpeg_at - note_at));
    [b"IIRO\x08\0\0\0", main.as_slice(), &exif, &note, &jpeg, &[0x5A; 64 * 48 * 2]].concat()
}

/// Profiles of our own: matrices with curves, and one with tables (ICC.1:2010, 10.10).
fn profiles() -> Vec<Base> {
    vec![
        Base::new("adobe.icc", icc::adobe_rgb(), 2),
        Base::new("p3.icc", icc::display_p3(), 2),
        Base::new("srgb.icc", icc::srgb(), 1),
        Base::new("tables.icc", with_tables(&icc::display_p3()), 3),
    ]
}

/// The profile with an `A2B0` of 16-bit tables put in the place of its copyright.
fn with_tables(profile: &[u8]) -> Vec<u8> {
    let grid = 3_u8;
    let mut table = b"mft2\0\0\0\0".to_vec();
    table.extend([3, 3, grid, 0]);
    table.extend([1, 0, 0, 0, 1, 0, 0, 0, 1].iter().flat_map(|one: &u32| (one << 16).to_be_bytes()));
    table.extend([0, 2, 0, 2]);
    let ramp = [0_u16, 0xFFFF].map(u16::to_be_bytes).concat();
    table.extend(ramp.repeat(3));
    table.extend(
        (0..27_u16)
            .flat_map(|index| [index % 3, index / 3 % 3, index / 9].map(|step| step * 0x7FFF))
            .flat_map(u16::to_be_bytes),
    );
    table.extend(ramp.repeat(3));
    let mut out = profile.to_vec();
    let entry = out.windows(4).position(|four| four == b"cprt").unwrap();
    out[entry..entry + 4].copy_from_slice(b"A2B0");
    out[entry + 4..entry + 8].copy_from_slice(&(profile.len() as u32).to_be_bytes());
    out[entry + 8..entry + 12].copy_from_slice(&(table.len() as u32).to_be_bytes());
    // Tables lead to Lab or XYZ; this one says XYZ, as its header does.
    out.extend(table);
    let len = out.len() as u32;
    out[..4].copy_from_slice(&len.to_be_bytes());
    out
}

/// The smallest JPEG with this profile.
pub fn with_profile(profile: &[u8]) -> Vec<u8> {
    const PIECE_BYTES: usize = 65_000;
    let pieces: Vec<_> = profile.chunks(PIECE_BYTES).take(255).collect();
    let count = pieces.len() as u8;
    let named = |(index, piece): (usize, &&[u8])| {
        (0xE2, [b"ICC_PROFILE\0".as_slice(), &[index as u8 + 1, count], piece].concat())
    };
    let segments: Vec<_> = pieces.iter().enumerate().map(named).collect();
    with_segments(&dot(), &segments)
}

/// A JPEG of 16 x 8 px.
pub fn dot() -> Vec<u8> {
    let rgb = (0..16 * 8 * 3).map(|index| (index * 37 % 256) as u8).collect();
    Pixels { rgb, width: 16, height: 8 }.to_jpeg_of(90)
}

fn jpegs() -> Vec<Base> {
    let plain = JpegOptions::default();
    vec![
        Base::new("small.jpg", small_jpeg(240, plain), 4),
        Base::new("progressive.jpg", small_jpeg(240, JpegOptions { progressive: true, ..plain }), 4),
        Base::new("p3.jpg", small_jpeg(200, JpegOptions { icc: Some(&icc::display_p3()), ..plain }), 3),
        Base::new("listed.jpg", small_jpeg(1800, plain), 1),
        Base::new("dot.jpg", dot(), 2),
    ]
}

/// HEVC pictures in the ways that phones and cameras keep them.
fn heics() -> Vec<Base> {
    let still = Still::of(&Pixels::from_scene(&draw(6, 96, 64)));
    let tags = exif_block(&small_jpeg(64, JpegOptions::default()));
    let plain = heif::file(&[Item::picture(&still)], 1, heif::Layout::default());
    let dressed = Item::picture(&still).with(&[heif::profile(&icc::display_p3()), heif::rotation(1), heif::mirror(0)]);
    let small = Item::picture(&still).small_one_of(1);
    let rich = heif::file(&[dressed, small, Item::exif(&tags, 1)], 1, heif::Layout { places: 1, ..Default::default() });
    let cut = Item::picture(&still).with(&[heif::numbers(9, 16, 9), heif::crop((64, 48), (3, -2))]);
    let bright = heif::file(&[cut], 1, heif::Layout { data_first: true, long: true, places: 2, pieces: true });
    let tile = || Item::picture(&still);
    let grid = Item::grid((2, 2), (180, 120), vec![1, 2, 3, 4]);
    let tiled =
        heif::file(&[tile(), tile(), tile(), tile(), grid], 5, heif::Layout { places: 1, ..Default::default() });
    vec![
        Base::new("plain.heic", plain, 3),
        Base::new("rich.heic", rich, 3),
        Base::new("bright.hif", bright, 2),
        Base::new("tiled.heic", tiled, 3),
    ]
}

fn raws() -> Vec<Base> {
    vec![
        Base::new("built.dng", small_dng(240), 4),
        Base::new("ljpeg.dng", Wild::dng(7, false, None, (256, 192)).file(), 6),
        Base::new("tiled.dng", Wild::dng(7, false, Some((64, 64)), (256, 192)).file(), 6),
        Base::new("linear.dng", Wild::dng(7, true, None, (128, 96)).file(), 4),
        Base::new("lossy.dng", Wild::dng(34_892, true, Some((64, 64)), (128, 128)).file(), 4),
        Base::new("xl.dng", Wild::dng(52_546, false, Some((64, 64)), (256, 192)).file(), 5),
        Base::new("plain.dng", Wild::dng(1, false, None, (128, 96)).file(), 3),
        Base::new("built.arw", Wild::arw((256, 192)).file(), 4),
        Base::new("built.cr3", small_cr3(), 2),
        Base::new("built.raf", small_raf(), 2),
        Base::new("panasonic.rw2", panasonic(), 2),
        Base::new("olympus.orf", olympus(), 2),
    ]
}

/// Camera files of the samples' folder that suit a target: small ones often, large ones seldom, since they cost as much as
/// hundreds of others. Of large ones, structure targets take the head.
fn found(target: Target) -> Vec<Base> {
    const HEAD_BYTES: usize = 192 * 1024;
    let mut bases = Vec::new();
    for (name, path) in files() {
        let (is_jpeg, is_heif) = (ends_in(&name, &["jpg"]), ends_in(&name, &["heic", "hif"]));
        let is_bad = name.starts_with("bad/");
        let suits = match target {
            Target::Inspect => true,
            Target::Exif | Target::Icc => false,
            Target::Jpeg => is_jpeg || is_bad,
            Target::Heic => is_heif,
            Target::Raw => !is_jpeg && !is_heif,
        };
        if !suits {
            continue;
        }
        let mut bytes = std::fs::read(path).unwrap();
        if target == Target::Inspect {
            bytes.truncate(HEAD_BYTES);
        }
        let weight = if bytes.len() < 4 << 20 { 2 } else { 1 };
        bases.push(Base::new(&name, bytes, weight));
    }
    bases
}

/// Whether a name ends in one of these, which are lower case.
pub fn ends_in(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
    endings.contains(&ending.as_str())
}

/// Names (with their folder) and places of all camera files at hand.
pub fn files() -> Vec<(String, PathBuf)> {
    const ENDINGS: [&str; 14] =
        ["jpg", "arw", "cr2", "cr3", "dng", "raf", "rw2", "nef", "iiq", "x3f", "crw", "orf", "heic", "hif"];
    let mut files = BTreeMap::new();
    for top in samples() {
        for folder in ["", "jpeg", "orient", "bad"] {
            for entry in std::fs::read_dir(top.join(folder)).into_iter().flatten().flatten() {
                let name = Path::new(folder).join(entry.file_name()).to_string_lossy().into_owned();
                if ends_in(&name, &ENDINGS) {
                    files.entry(name).or_insert_with(|| entry.path());
                }
            }
        }
    }
    files.into_iter().collect()
}
