//! What the tests share: samples, a pool of the test's own child, pixels, colours.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

pub mod agreement;
pub mod charts;
pub mod ciede2000;
pub mod cr3;
pub mod dng;
pub mod drawn;
pub mod heif;
pub mod ljpeg;
pub mod processes;
pub mod raf;
pub mod reader;
pub mod tiff;

use std::path::{Path, PathBuf};

use develop::{
    InspectError, ProofSpec, SliceSource, inspect_source,
    worker::{Caps, Pool, PoolConfig},
};
use model::Rung;
use moxcms::{ColorProfile, Layout, TransformOptions};
use rehearsal::Scene;
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

/// The real camera files that every checkout has: `scripts/samples` fetches them.
pub const REAL: [&str; 3] = ["_DSC2164.ARW", "test_raw.cr2", "tinydng_colorchart.dng"];

/// Real files first, then drawn ones: everything that is whole.
pub fn every_whole_file() -> Vec<PathBuf> {
    REAL.iter().map(|name| sample(name)).chain(drawn::all().map(|drawn| drawn.path().to_owned())).collect()
}

/// The folders where real camera files may lie: where the test is told, beside the checkout, in the cache.
pub fn samples() -> Vec<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let cached = std::env::home_dir().unwrap().join(".cache/boothlight/samples");
    let told = std::env::var_os("BOOTHLIGHT_SAMPLES").map(PathBuf::from);
    let found: Vec<_> = told.into_iter().chain([beside, cached]).filter(|dir| dir.is_dir()).collect();
    assert!(!found.is_empty(), "the samples are missing: run scripts/samples");
    found
}

/// One real camera file. A test whose sample is missing fails.
pub fn sample(name: &str) -> PathBuf {
    let found = samples().into_iter().map(|dir| dir.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("the sample {name} is missing: run scripts/samples"))
}

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

    pub fn from_scene(scene: &Scene) -> Self {
        Self { rgb: scene.rgb.clone(), width: scene.width_px as usize, height: scene.height_px as usize }
    }

    /// The best JPEG there is: 4:4:4, quality 100.
    pub fn to_jpeg(&self) -> Vec<u8> {
        self.to_jpeg_of(100)
    }

    /// 4:4:4, and nothing but the picture.
    pub fn to_jpeg_of(&self, quality: i32) -> Vec<u8> {
        let mut encoder = Compressor::new().unwrap();
        encoder.set_quality(quality).unwrap();
        encoder.set_subsamp(Subsamp::None).unwrap();
        let (width, height) = (self.width, self.height);
        let image = Image { pixels: &*self.rgb, width, pitch: width * 3, height, format: PixelFormat::RGB };
        encoder.compress_to_vec(image).unwrap()
    }

    /// Peak signal to noise over all channels, dB.
    pub fn psnr(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let squares = self.rgb.iter().zip(&other.rgb).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2));
        let mean = squares.sum::<u64>() as f64 / self.rgb.len() as f64;
        10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
    }

    pub fn mean_difference(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let sum: u64 = self.rgb.iter().zip(&other.rgb).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / self.rgb.len() as f64
    }

    /// Turned by half: what a wrong orientation would look like.
    pub fn upside_down(&self) -> Self {
        Self { rgb: self.rgb.rchunks_exact(3).flatten().copied().collect(), ..self.clone() }
    }

    /// By area averages: good enough to compare with.
    pub fn shrunk(&self, width: usize, height: usize) -> Self {
        let span = |n: usize, from: usize, to: usize| n * from / to..((n + 1) * from / to).max(n * from / to + 1);
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            let rows = span(y, self.height, height);
            for x in 0..width {
                let columns = span(x, self.width, width);
                for channel in 0..3 {
                    let of_row = |row: usize| {
                        let at = move |column: usize| (row * self.width + column) * 3 + channel;
                        columns.clone().map(move |column| u32::from(self.rgb[at(column)])).sum::<u32>()
                    };
                    let sum: u32 = rows.clone().map(of_row).sum();
                    rgb.push((sum as usize / (rows.len() * columns.len())) as u8);
                }
            }
        }
        Self { rgb, width, height }
    }
}

/// The same colours in another space's numbers.
pub fn recoloured(picture: &Pixels, from: &ColorProfile, to: &ColorProfile) -> Pixels {
    let transform = from.create_transform_8bit(Layout::Rgb, to, Layout::Rgb, TransformOptions::default()).unwrap();
    let mut rgb = vec![0; picture.rgb.len()];
    transform.transform(&picture.rgb, &mut rgb).unwrap();
    Pixels { rgb, ..picture.clone() }
}

/// Why a file is refused of which only the first `len` bytes are there.
pub fn cut(bytes: &[u8], name: &str, len: usize) -> InspectError {
    let extension = Path::new(name).extension().unwrap().to_string_lossy().to_lowercase();
    inspect_source(&mut SliceSource(&bytes[..len]), &extension)
        .expect_err(&format!("{name} cut to {len} of {} bytes", bytes.len()))
}

/// Cuts the first `whole` bytes of a file, which are all that it needs, at many shares of their length: every one must be
/// noticed as incomplete.
pub fn assert_cuts_are_noticed(bytes: &[u8], name: &str, whole: usize) {
    let shares = [0.0001, 0.0005, 0.003, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999];
    for share in shares {
        let len = ((whole as f64 * share) as usize).max(1);
        let error = cut(bytes, name, len);
        assert!(error.is_incomplete(), "{name} cut to {len} of {whole}: {error}");
    }
}

/// Renders in this process: the derivatives, as they come.
pub fn all_rendered(path: &Path, rungs: &[Rung]) -> (Vec<develop::Rendered>, develop::RenderReport) {
    let inspection = develop::inspect(path).unwrap();
    let mut all = Vec::new();
    let report = develop::render(path, &inspection, &spec(rungs), &mut |rendered| all.push(rendered)).unwrap();
    (all, report)
}

/// The derivative of one rung.
pub fn rendered(path: &Path, rung: Rung) -> develop::Rendered {
    let (mut all, _) = all_rendered(path, &[rung]);
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

    /// A copy with `count` of the first `reach` bytes changed.
    pub fn mutated(&mut self, bytes: &[u8], reach: usize, count: usize) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..count {
            let at = self.roll(reach.min(changed.len()));
            changed[at] = self.roll(256) as u8;
        }
        changed
    }
}

/// A picture at another size, by Lanczos in linear light.
pub fn shrunk_in_linear_light(picture: &develop::Picture, width_px: u32, height_px: u32) -> develop::Picture {
    use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image};
    let light: Vec<u8> = picture
        .rgb
        .iter()
        .flat_map(|value| {
            let value = f32::from(*value) / 255.0;
            let light = if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
            light.to_ne_bytes()
        })
        .collect();
    let from = Image::from_vec_u8(picture.width_px, picture.height_px, light, PixelType::F32x3).unwrap();
    let mut to = Image::new(width_px, height_px, PixelType::F32x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&from, &mut to, &options).unwrap();
    let encode = |bytes: &[u8]| {
        let light = f32::from_ne_bytes(bytes.try_into().unwrap()).clamp(0.0, 1.0);
        let value = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (value * 255.0 + 0.5) as u8
    };
    develop::Picture { rgb: to.buffer().chunks_exact(4).map(encode).collect(), width_px, height_px }
}
