//! Files that our own generator draws, in the place of samples that nobody may pass on. Made once on a machine, then kept.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use jiff::{civil::date, tz};
use model::{CaptureFacts, CaptureTime, Orientation};
use rehearsal::{DngOptions, Exif, JpegOptions, PreviewSize, Scene, draw, oriented};

use super::{Pixels, cr3, raf};

/// Files of an older generator are removed after that time.
const KEPT_FOR: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Dng(PreviewSize),
    Cr3,
    Raf,
}

/// A file that is drawn when it is first asked for.
pub struct Drawn {
    /// Its name.
    pub name: &'static str,
    kind: Kind,
    /// Size of the picture when it stands upright.
    pub upright: (u32, u32),
    orientation: u16,
    offset_minutes: Option<i16>,
    path: OnceLock<PathBuf>,
}

pub static JPEG_24MP: Drawn = Drawn::new("24mp.jpg", Kind::Jpeg, (6000, 4000), 1, Some(60));
pub static JPEG_45MP: Drawn = Drawn::new("45mp.jpg", Kind::Jpeg, (8256, 5504), 1, None);
pub static JPEG_PORTRAIT: Drawn = Drawn::new("portrait.jpg", Kind::Jpeg, (3264, 4896), 8, Some(-480));
/// The same scene, stored in all eight ways.
pub static ORIENTED: [Drawn; 8] = [
    Drawn::new("orientation_1.jpg", Kind::Jpeg, (1800, 1200), 1, Some(120)),
    Drawn::new("orientation_2.jpg", Kind::Jpeg, (1800, 1200), 2, Some(120)),
    Drawn::new("orientation_3.jpg", Kind::Jpeg, (1800, 1200), 3, Some(120)),
    Drawn::new("orientation_4.jpg", Kind::Jpeg, (1800, 1200), 4, Some(120)),
    Drawn::new("orientation_5.jpg", Kind::Jpeg, (1800, 1200), 5, Some(120)),
    Drawn::new("orientation_6.jpg", Kind::Jpeg, (1800, 1200), 6, Some(120)),
    Drawn::new("orientation_7.jpg", Kind::Jpeg, (1800, 1200), 7, Some(120)),
    Drawn::new("orientation_8.jpg", Kind::Jpeg, (1800, 1200), 8, Some(120)),
];
/// Its preview has 1,620 px.
pub static DNG_24MP: Drawn = Drawn::new("24mp.dng", Kind::Dng(PreviewSize::Medium), (6000, 4000), 1, Some(-480));
/// Its preview carries no orientation of its own.
pub static DNG_PORTRAIT: Drawn = Drawn::new("portrait.dng", Kind::Dng(PreviewSize::Medium), (1600, 2400), 8, Some(120));
pub static DNG_FULL: Drawn = Drawn::new("full_preview.dng", Kind::Dng(PreviewSize::Full), (2700, 1800), 1, None);
/// Its preview is smaller than any proof.
pub static DNG_SMALL: Drawn = Drawn::new("small.dng", Kind::Dng(PreviewSize::Medium), (382, 510), 6, Some(0));
/// JPEGs of 1,920, 1,620 and 160 px; only the tags tell the orientation.
pub static CR3: Drawn = Drawn::new("built.cr3", Kind::Cr3, (1280, 1920), 6, Some(90));
/// The JPEG itself tells the orientation.
pub static RAF: Drawn = Drawn::new("built.raf", Kind::Raf, (1000, 1500), 8, None);

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Drawn> {
    let others = [&JPEG_24MP, &JPEG_45MP, &JPEG_PORTRAIT, &DNG_24MP, &DNG_PORTRAIT, &DNG_FULL, &DNG_SMALL, &CR3, &RAF];
    others.into_iter().chain(&ORIENTED)
}

impl Drawn {
    const fn new(name: &'static str, kind: Kind, upright: (u32, u32), orientation: u16, offset: Option<i16>) -> Self {
        Self { name, kind, upright, orientation, offset_minutes: offset, path: OnceLock::new() }
    }

    /// Where the file lies; it is made if it is not there yet.
    pub fn path(&self) -> &Path {
        self.path.get_or_init(|| kept(self.name, || self.bytes_made()))
    }

    /// What its tags say, as the generator was told.
    pub fn exif(&self) -> Exif {
        let taken = date(2026, 11, 24).at(19, 5, 9, 120_000_000);
        Exif::at(taken, self.offset_minutes).with_orientation(self.orientation)
    }

    /// What [`develop::inspect`] must say of it.
    pub fn facts(&self) -> CaptureFacts {
        let canon = (self.kind == Kind::Cr3).then(|| ("Canon".to_owned(), "Canon EOS R6".to_owned()));
        let (make, model) = canon.unwrap_or_else(|| ("Boothlight".into(), "Rehearsal R1".into()));
        CaptureFacts { make: Some(make), model: Some(model), ..facts(&self.exif(), "1/160") }
    }

    /// The drawing itself, upright.
    pub fn scene(&self) -> Scene {
        draw(20_261_124, self.upright.0, self.upright.1)
    }

    /// The size of the picture as it is stored.
    pub fn stored(&self) -> (u32, u32) {
        let (width, height) = self.upright;
        if self.orientation >= 5 { (height, width) } else { (width, height) }
    }

    fn bytes_made(&self) -> Vec<u8> {
        let exif = self.exif();
        if self.kind == Kind::Cr3 {
            return cr3::Cr3::new(cr3::tags(&exif, true), self.bare_jpegs()).file();
        }
        let stored = oriented(&self.scene(), self.orientation);
        let jpeg = || rehearsal::jpeg(&stored, &exif, JpegOptions::default()).unwrap();
        match self.kind {
            Kind::Dng(preview) => rehearsal::dng(&stored, &exif, DngOptions { preview, seed: 1 }).unwrap(),
            Kind::Raf => raf::raf(&jpeg()),
            Kind::Jpeg | Kind::Cr3 => jpeg(),
        }
    }

    /// Thumbnail, preview and full size, without a word about the camera.
    fn bare_jpegs(&self) -> [Vec<u8>; 3] {
        [160, 1620, u32::MAX].map(|long_px| {
            let (width, height) = self.upright;
            let long = width.max(height);
            let side = |px: u32| px * long_px.min(long) / long;
            let small = draw(20_261_124, side(width), side(height));
            Pixels::from_scene(&oriented(&small, self.orientation)).to_jpeg_of(92)
        })
    }
}

/// What these tags tell; the exposure as photographers write it.
pub fn facts(exif: &Exif, exposure: &str) -> CaptureFacts {
    let zone = tz::Offset::from_seconds(i32::from(exif.offset_minutes.unwrap_or(0)) * 60).unwrap();
    let order_ms = zone.to_timestamp(exif.taken).unwrap().as_millisecond();
    CaptureFacts {
        captured: Some(CaptureTime {
            local: exif.taken.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string(),
            offset_minutes: exif.offset_minutes,
            order_ms,
        }),
        make: Some("Boothlight".into()),
        model: Some("Rehearsal R1".into()),
        serial: Some(exif.serial.clone()),
        lens: Some(exif.lens.clone()),
        exposure_s: Some(exposure.into()),
        aperture_f: Some(exif.aperture_tenths as f32 / 10.0),
        iso: Some(exif.iso.into()),
        focal_mm: Some(exif.focal_mm as f32),
        orientation: Orientation::from(exif.orientation as u8),
    }
}

/// The file of that name, made now if this machine has none by today's generator. Test programs run side by side: it is
/// written aside and then renamed.
fn kept(name: &str, make: impl FnOnce() -> Vec<u8>) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drawn");
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join(format!("{:016x}-{name}", version()));
    if !path.is_file() {
        let aside = tempfile::NamedTempFile::new_in(&dir).unwrap();
        std::fs::write(aside.path(), make()).unwrap();
        aside.persist(&path).unwrap();
        remove_older(&dir, name, &path);
    }
    path
}

fn remove_older(dir: &Path, name: &str, now: &Path) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let same = entry.file_name().to_string_lossy().split_once('-').is_some_and(|(_, of)| of == name);
        let age = entry.metadata().and_then(|meta| meta.modified()).ok().and_then(|then| then.elapsed().ok());
        if same && entry.path() != now && age.is_some_and(|age| age > KEPT_FOR) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// A number that changes whenever the generator or what is here changes: a hash (FNV-1a) of these sources and of small
/// files of every kind. The long one is wide enough to get all that large pictures get.
fn version() -> u64 {
    static VERSION: OnceLock<u64> = OnceLock::new();
    *VERSION.get_or_init(|| {
        let exif = JPEG_24MP.exif();
        let (long, tall) = (draw(1, 1640, 40), draw(2, 120, 180));
        let preview = PreviewSize::Full;
        let parts = [
            rehearsal::jpeg(&long, &exif, JpegOptions::default()).unwrap(),
            rehearsal::jpeg(&tall, &exif, JpegOptions::default()).unwrap(),
            rehearsal::dng(&long, &exif, DngOptions::default()).unwrap(),
            rehearsal::dng(&tall, &exif, DngOptions { preview, ..DngOptions::default() }).unwrap(),
            [include_str!("drawn.rs"), include_str!("cr3.rs"), include_str!("raf.rs"), include_str!("tiff.rs")]
                .concat()
                .into(),
        ];
        let bytes = parts.iter().flatten();
        bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3))
    })
}
