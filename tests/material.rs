//! Camera files to work with: real ones of several makers, and drawn ones. None is committed.

use std::{path::PathBuf, sync::Arc};

use jiff::civil::DateTime;
use rehearsal::{DngOptions, Exif, JpegOptions, Scene, dng, draw, jpeg, variant};

use crate::studio::cache;

/// Size of drawn files, px: small, so that an evening of them fits on any disk.
const DRAWN_PX: (u32, u32) = (900, 600);
/// Different drawings; what else differs is the time on their clocks.
const SCENES: usize = 5;
/// Seconds between drawn shots: more than a pair's files may differ by.
const BETWEEN_SHOTS_S: i64 = 10;

/// The path of a real camera file.
pub fn sample(name: &str) -> PathBuf {
    let folder = std::env::var_os("BOOTHLIGHT_SAMPLES").map_or_else(|| cache().join("samples"), PathBuf::from);
    let path = folder.join(name);
    assert!(path.is_file(), "the sample {} is missing: run scripts/samples", path.display());
    path
}

/// A file's bytes, but for what makes it the n-th of its kind.
#[derive(Clone, Debug)]
pub struct Content {
    template: Arc<Vec<u8>>,
    n: u64,
    /// As the camera writes it.
    pub extension: &'static str,
}

impl Content {
    /// All of its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        // A sidecar carries its number inside: behind its end, a part of it would look whole.
        if self.extension == "xmp" { self.template.to_vec() } else { variant(&self.template, self.n) }
    }
}

/// Where all files come from; the n-th content differs from every other one.
#[derive(Debug)]
pub struct Material {
    arw: Arc<Vec<u8>>,
    cr2: Arc<Vec<u8>>,
    dng: Arc<Vec<u8>>,
    scenes: Vec<Scene>,
    made: u64,
}

/// Makers whose files the samples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Sony ILCE-7RM3: 19 MB.
    Sony,
    /// Canon PowerShot G10: 16 MB.
    Canon,
}

impl Maker {
    /// What its sample says about itself, so that a drawn JPEG can be of the same press of the shutter.
    fn exif(self) -> Exif {
        let (taken, serial) = match self {
            Self::Sony => (jiff::civil::date(2018, 7, 11).at(1, 18, 47, 0), ""),
            Self::Canon => (jiff::civil::date(2020, 4, 15).at(10, 25, 51, 0), ""),
        };
        Exif { serial: serial.into(), ..Exif::at(taken, None) }
    }
}

impl Default for Material {
    fn default() -> Self {
        Self::new()
    }
}

impl Material {
    /// Reads the samples and draws the scenes.
    pub fn new() -> Self {
        let read = |name: &str| Arc::new(std::fs::read(sample(name)).unwrap());
        Self {
            arw: read("_DSC2164.ARW"),
            cr2: read("test_raw.cr2"),
            dng: read("tinydng_colorchart.dng"),
            scenes: (0..SCENES).map(|n| draw(n as u64, DRAWN_PX.0, DRAWN_PX.1)).collect(),
            made: 0,
        }
    }

    /// A maker's own raw.
    pub fn raw(&mut self, maker: Maker) -> Content {
        match maker {
            Maker::Sony => self.content(&self.arw.clone(), "ARW"),
            Maker::Canon => self.content(&self.cr2.clone(), "CR2"),
        }
    }

    /// A JPEG that could lie beside a maker's raw: same time, same body.
    pub fn jpeg_beside(&mut self, maker: Maker) -> Content {
        let bytes = jpeg(self.scene(), &maker.exif(), JpegOptions::default()).unwrap();
        self.content(&Arc::new(bytes), "JPG")
    }

    /// A small raw of a third maker.
    pub fn small_raw(&mut self) -> Content {
        self.content(&self.dng.clone(), "DNG")
    }

    /// A drawn JPEG, and its DNG where both are wanted.
    pub fn drawn(&mut self, with_raw: bool) -> Vec<Content> {
        let exif = Exif::at(self.next_time(), Some(60));
        let scene = self.scene();
        let photo = Arc::new(jpeg(scene, &exif, JpegOptions::default()).unwrap());
        let raw = with_raw.then(|| Arc::new(dng(scene, &exif, DngOptions::default()).unwrap()));
        let mut files = vec![self.content(&photo, "JPG")];
        files.extend(raw.map(|raw| self.content(&raw, "DNG")));
        files
    }

    /// Settings that an editor or the camera's software writes beside a picture.
    pub fn sidecar(&mut self) -> Content {
        let n = self.made + 1;
        let text = format!(
            "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>\n<x:xmpmeta xmlns:x='adobe:ns:meta/'>\n{n:040}\n</x:xmpmeta>\n"
        );
        self.content(&Arc::new(text.into()), "xmp")
    }

    fn scene(&self) -> &Scene {
        &self.scenes[self.made as usize % SCENES]
    }

    fn next_time(&self) -> DateTime {
        let begun = jiff::civil::date(2026, 11, 24).at(19, 0, 0, 0);
        begun + jiff::SignedDuration::from_secs(BETWEEN_SHOTS_S * self.made as i64)
    }

    fn content(&mut self, template: &Arc<Vec<u8>>, extension: &'static str) -> Content {
        self.made += 1;
        Content { template: Arc::clone(template), n: self.made, extension }
    }
}
