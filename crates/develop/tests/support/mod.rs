//! What the tests share: samples, a pool of the test's own child, pixels, colours.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

pub mod ciede2000;

use std::path::{Path, PathBuf};

use develop::{
    ProofSpec,
    worker::{Caps, Pool, PoolConfig},
};
use model::Rung;
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

/// The folder of real camera files.
pub fn samples() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let cached = std::env::home_dir().unwrap().join(".cache/boothlight/samples");
    let told = std::env::var_os("BOOTHLIGHT_SAMPLES").map(PathBuf::from);
    told.into_iter().chain([beside, cached]).find(|dir| dir.is_dir()).expect("the samples are missing: run ./test")
}

/// One real camera file. A test whose sample is missing fails.
pub fn sample(name: &str) -> PathBuf {
    let path = samples().join(name);
    assert!(path.is_file(), "the sample {name} is missing");
    path
}

/// Every whole sample: raws and JPEGs.
pub const WHOLE: &[&str] = &[
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
    "orient/Landscape_1.jpg",
    "orient/Landscape_6.jpg",
];

/// A pool of this crate's test child.
pub fn pool(workers: usize, caps: Caps, args: &[&str]) -> Pool {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_develop-worker"));
    Pool::new(PoolConfig { program, args: args.iter().map(Into::into).collect(), workers, caps })
}

pub fn spec(rungs: &[Rung]) -> ProofSpec {
    ProofSpec {
        event_name: "Night market".into(),
        frame_name: "DSC_0417".into(),
        rungs: rungs.to_vec(),
        recipe_version: 1,
    }
}

/// 8-bit RGB.
#[derive(Clone)]
pub struct Pixels {
    pub rgb: Vec<u8>,
    pub width: usize,
    pub height: usize,
}

impl Pixels {
    pub fn from_jpeg(jpeg: &[u8]) -> Self {
        let image = turbojpeg::decompress(jpeg, PixelFormat::RGB).unwrap();
        assert_eq!(image.pitch, image.width * 3);
        Self { rgb: image.pixels, width: image.width, height: image.height }
    }

    /// The best JPEG there is: 4:4:4, quality 100.
    pub fn to_jpeg(&self) -> Vec<u8> {
        let mut encoder = Compressor::new().unwrap();
        encoder.set_quality(100).unwrap();
        encoder.set_subsamp(Subsamp::None).unwrap();
        let (width, height) = (self.width, self.height);
        let image = Image { pixels: &*self.rgb, width, pitch: width * 3, height, format: PixelFormat::RGB };
        encoder.compress_to_vec(image).unwrap()
    }

    pub fn mean_difference(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let sum: u64 = self.rgb.iter().zip(&other.rgb).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / self.rgb.len() as f64
    }
}

/// Renders in this process: the derivative of one rung.
pub fn rendered(path: &Path, rung: Rung) -> develop::Rendered {
    let inspection = develop::inspect(path).unwrap();
    let mut all = Vec::new();
    develop::render(path, &inspection, &spec(&[rung]), &mut |rendered| all.push(rendered)).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// A JPEG with segments put behind its SOI.
pub fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for (marker, body) in segments {
        out.extend([0xFF, *marker]);
        out.extend((body.len() as u16 + 2).to_be_bytes());
        out.extend(body);
    }
    out.extend(&jpeg[2..]);
    out
}

/// A small generator of numbers for mutations: the same seed, the same night.
pub struct Dice(pub u64);

impl Dice {
    /// Below `sides`. (xorshift64*, Vigna 2016.)
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) as usize % sides
    }
}
