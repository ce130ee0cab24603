//! The simulated camera: what it shoots and when, as a plan; and how its files come to be on the disk.
//!
//! The caller keeps the time: it waits as long as a [`Shot`] says and then has it written.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Zoned;

use crate::dng::{DngOptions, dng};
use crate::exif::Exif;
use crate::jpeg::{JpegOptions, jpeg, segment};
use crate::rng::Rng;
use crate::scene::{Scene, draw_moment, oriented};

/// A camera's software writes in pieces; a watcher must live with it.
const CHUNK_BYTES: usize = 256 * 1024;
/// Every so many shots one is kept as RAW too.
const RAW_EVERY: u32 = 3;

/// A camera and the hand that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camera {
    /// Decides everything that it will shoot.
    pub seed: u64,
    /// Body serial number, as its files say it.
    pub serial: String,
    /// What its file names begin with: `BLR` makes `BLR_0001.JPG`.
    pub prefix: String,
    /// The number of the first file; after 9999 comes 1.
    pub first: u16,
}

/// One press of the shutter, or one frame of a burst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// How long after the shot before it.
    pub after: Duration,
    /// The file name without its ending.
    pub stem: String,
    /// Whether a DNG is written beside the JPEG.
    pub raw: bool,
    /// Whether the camera was held upright; the pixels are stored sideways, and EXIF says how.
    pub portrait: bool,
    /// The scene before the lens: the same throughout a burst.
    pub scene_seed: u64,
    /// Which frame of the burst: the same people a moment later.
    pub moment: u32,
    /// Body serial number.
    pub serial: String,
}

impl Camera {
    /// The rehearsal's camera.
    pub fn new(seed: u64) -> Self {
        Self { seed, serial: "BLR1-00042".into(), prefix: "BLR".into(), first: 1 }
    }

    /// All that it will ever shoot, without end: single shots every 3 to 6 s, now and then a burst at 5 a second.
    pub fn shots(&self) -> impl Iterator<Item = Shot> + use<> {
        let camera = self.clone();
        let mut rng = Rng::new(camera.seed, 0xCA3E);
        let mut left_in_burst = 0u32;
        let mut scene_seed = 0;
        let mut portrait = false;
        let mut moment = 0;
        (0u32..).map(move |n| {
            let after = if left_in_burst > 0 {
                left_in_burst -= 1;
                moment += 1;
                Duration::from_millis(200)
            } else {
                // The first shots are single ones, so that a newcomer sees one frame arrive at a time.
                left_in_burst = if n > 3 && rng.chance(0.16) { 3 + rng.below(3) as u32 } else { 0 };
                scene_seed = rng.bits();
                portrait = rng.chance(0.3);
                moment = 0;
                Duration::from_millis(if n == 0 { 400 } else { 3000 + rng.below(3000) as u64 })
            };
            let number = (u32::from(camera.first.max(1)) - 1 + n) % 9999 + 1;
            Shot {
                after,
                stem: format!("{}_{number:04}", camera.prefix),
                raw: n % RAW_EVERY == RAW_EVERY - 1,
                portrait,
                scene_seed,
                moment,
                serial: camera.serial.clone(),
            }
        })
    }
}

/// What the rehearsal's camera with that seed shoots.
pub fn shots(seed: u64) -> impl Iterator<Item = Shot> {
    Camera::new(seed).shots()
}

/// The files of one shot, by their names: the JPEG first, as cameras write it.
pub fn files(shot: &Shot, at: &Zoned, size: (u32, u32)) -> Result<Vec<(String, Vec<u8>)>, crate::Error> {
    let (scene, exif) = exposed(shot, at, size);
    let mut files = vec![(format!("{}.JPG", shot.stem), jpeg(&scene, &exif, JpegOptions::default())?)];
    if shot.raw {
        files.push((
            format!("{}.DNG", shot.stem),
            dng(&scene, &exif, DngOptions { seed: shot.scene_seed, ..DngOptions::default() })?,
        ));
    }
    Ok(files)
}

/// Writes the files of `shot`, taken at `at` by the camera's clock, into `dir`: piece by piece under their final names,
/// then closed. `size` is the sensor's, long side first. Errors are the disk's, or `InvalidInput` for an impossible size.
pub fn write(shot: &Shot, dir: &Path, at: &Zoned, size: (u32, u32)) -> io::Result<Vec<PathBuf>> {
    let files = files(shot, at, size).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    files
        .into_iter()
        .map(|(name, bytes)| {
            let path = dir.join(name);
            let mut file = File::create(&path)?;
            for chunk in bytes.chunks(CHUNK_BYTES) {
                file.write_all(chunk)?;
            }
            Ok(path)
        })
        .collect()
}

/// The pixels as the sensor stores them, and what EXIF says about them.
fn exposed(shot: &Shot, at: &Zoned, (width_px, height_px): (u32, u32)) -> (Scene, Exif) {
    let mut rng = Rng::new(shot.scene_seed, 0xE41F);
    let (lens, focal_mm, aperture_tenths) =
        rng.pick(&[("Rehearsal 35mm F1.8", 35, 20), ("Rehearsal 50mm F1.4", 50, 18), ("Rehearsal 85mm F1.8", 85, 22)]);
    let offset_minutes = i16::try_from(at.offset().seconds() / 60).ok();
    let exif = Exif {
        serial: shot.serial.clone(),
        lens: lens.into(),
        focal_mm,
        aperture_tenths,
        exposure: (1, rng.pick(&[80, 100, 125, 160, 200, 250])),
        iso: rng.pick(&[400, 800, 1250, 1600, 2000, 3200]),
        orientation: if shot.portrait { rng.pick(&[6, 8, 8]) } else { 1 },
        ..Exif::at(at.datetime(), offset_minutes)
    };
    if shot.portrait {
        let upright = draw_moment(shot.scene_seed, shot.moment, height_px, width_px);
        (oriented(&upright, exif.orientation), exif)
    } else {
        (draw_moment(shot.scene_seed, shot.moment, width_px, height_px), exif)
    }
}

/// The `n`th file that decodes like `bytes` and differs from it in bytes that no parser cares for: a comment in a JPEG,
/// a `free` box at the end of a BMFF raw, a few bytes after the end of anything else.
pub fn variant(bytes: &[u8], n: u64) -> Vec<u8> {
    let mark = format!("variant {n:020}");
    let mut out = Vec::with_capacity(bytes.len() + 64);
    if bytes.starts_with(&[0xFF, 0xD8]) {
        let (head, tail) = bytes.split_at(after_exif(bytes));
        out.extend_from_slice(head);
        segment(&mut out, 0xFE, &[mark.as_bytes()]);
        out.extend_from_slice(tail);
    } else {
        out.extend_from_slice(bytes);
        if bytes.get(4..8) == Some(b"ftyp") {
            out.extend((mark.len() as u32 + 8).to_be_bytes());
            out.extend_from_slice(b"free");
        }
        out.extend_from_slice(mark.as_bytes());
    }
    out
}

/// Where a JPEG's leading APP0 and APP1 segments end: before the list of pictures, whose offsets count from itself on.
fn after_exif(jpeg: &[u8]) -> usize {
    let mut at = 2;
    while let Some([0xFF, 0xE0 | 0xE1, high, low]) = jpeg.get(at..at + 4) {
        let next = at + 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if next > jpeg.len() {
            break;
        }
        at = next;
    }
    at.min(jpeg.len())
}
