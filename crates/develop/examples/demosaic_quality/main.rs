//! Final demosaic on known pictures that are mosaicked here: colour PSNR beside bilinear and what LibRaw makes of the same
//! samples (AHD and DHT for Bayer, its Markesteijn with one and three passes for X-Trans). Ends with 1 where ours is below
//! AHD, or below the three passes.
//!
//! `BOOTHLIGHT_DCRAW_EMU=PATH BOOTHLIGHT_SAMPLES=DIR cargo run --release -p develop --example demosaic_quality [KNOWN.ppm...]`
//!
//! `PATH` is LibRaw's `dcraw_emu`, `DIR` holds the photographs. Further known pictures are 16-bit linear PPMs of at least 528
//! pixels a side: LibRaw refuses X-Trans below 512.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../../tests/support/charts.rs"]
mod charts;
#[allow(dead_code)]
#[path = "../../tests/support/dng.rs"]
mod dng;
mod peer;
mod pictures;
#[allow(dead_code)]
#[path = "../../tests/support/tiff.rs"]
mod tiff;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use develop::{
    demosaic::{Method, demosaic},
    raw::{Cfa, Planes},
};

use crate::{charts::cpsnr, peer::DcrawEmu, pictures::Known};

/// Pixels on each side that are not compared.
const BORDER_PX: usize = 8;
/// White balances: a camera that needs none, and one as they are.
const BALANCES: [[f32; 3]; 2] = [[1.0; 3], [2.0, 1.0, 1.6]];
/// Standard deviation of the noise in the dark and, squared, its growth with light: none, and that of a high ISO.
const NOISES: [(f32, f32); 2] = [(0.0, 0.0), (0.01, 0.0006)];

fn main() -> ExitCode {
    let asked = |name| std::env::var_os(name).map(PathBuf::from);
    let (Some(program), Some(samples)) = (asked("BOOTHLIGHT_DCRAW_EMU"), asked("BOOTHLIGHT_SAMPLES")) else {
        eprintln!("set BOOTHLIGHT_DCRAW_EMU to LibRaw's dcraw_emu and BOOTHLIGHT_SAMPLES to the folder of samples");
        return ExitCode::from(2);
    };
    let dir = tempfile::tempdir().unwrap();
    let peer = DcrawEmu { program, dir: dir.path().to_owned() };
    let mut known = pictures::all(&samples);
    known.extend(std::env::args_os().skip(1).map(|path| Known {
        name: Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned(),
        picture: peer::read_ppm(Path::new(&path)),
    }));
    let filters =
        [("Bayer", "RGGB", [(3, "AHD"), (11, "DHT")]), ("X-Trans", charts::XTRANS, [(3, "Mark. 3"), (2, "Mark. 1")])];
    let mut below = 0;
    for (name, letters, peers) in filters {
        for (balance, noise) in BALANCES.into_iter().flat_map(|balance| NOISES.map(|noise| (balance, noise))) {
            println!("\n{name}, white balance {balance:?}, noise {noise:?}; dB of light | of sRGB levels");
            let columns = format!("{:>9}{:>9}{:>9}{:>9}", "bilinear", "ours", peers[0].1, peers[1].1);
            println!("{:14}{columns} |{columns}", "");
            let setting =
                Setting { cfa: charts::cfa(letters), balance, noise, qualities: peers.map(|(number, _)| number) };
            below += setting.table(&peer, &known);
        }
    }
    println!("\n{below} below the first peer");
    if below == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One table's sensor, and what LibRaw is asked for.
struct Setting {
    cfa: Cfa,
    balance: [f32; 3],
    noise: (f32, f32),
    qualities: [u32; 2],
}

impl Setting {
    /// Prints a line for each picture and their mean; how often ours is below the first peer.
    fn table(&self, peer: &DcrawEmu, known: &[Known]) -> usize {
        let mut sums = [0.0; 8];
        let mut below = 0;
        for Known { name, picture } in known {
            let all = self.pictures(peer, picture);
            let light = all.each_ref().map(|found| cpsnr(found, picture, BORDER_PX, |light| light));
            let levels = all.each_ref().map(|found| cpsnr(found, picture, BORDER_PX, charts::srgb));
            below += [light, levels].iter().filter(|figures| figures[1] < figures[2]).count();
            let line = [light, levels].concat();
            sums.iter_mut().zip(&line).for_each(|(sum, value)| *sum += value / known.len() as f64);
            print_line(name, &line);
        }
        print_line("mean", &sums);
        below
    }

    /// Bilinear, ours and the two peers, all white-balanced.
    fn pictures(&self, peer: &DcrawEmu, picture: &Planes) -> [Planes; 4] {
        let (width, height) = (picture.width, picture.height);
        let samples = self.exposed(picture);
        let mosaic: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / f32::from(u16::MAX)).collect();
        let ours = |method| {
            let found = demosaic(width, height, &self.cfa, &mosaic, self.balance, method);
            charts::balanced(found, self.balance)
        };
        let size = (width as u32, height as u32);
        let [first, second] =
            self.qualities.map(|quality| peer.picture(size, &self.cfa, &samples, self.balance, quality));
        [ours(Method::Bilinear), ours(Method::Best), first, second]
    }

    /// What a sensor of 16 bits reads, with noise of a normal distribution (Box and Muller's method).
    fn exposed(&self, picture: &Planes) -> Vec<u16> {
        let mut state = 88_172_645_463_325_252_u64;
        let mut dice = || {
            // xorshift64 (Marsaglia 2003)
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            ((state >> 40) as f32 + 0.5) / (1 << 24) as f32
        };
        let mut sample = |light: f32| {
            let (dark, growth) = self.noise;
            let normal = (-2.0 * dice().ln()).sqrt() * (std::f32::consts::TAU * dice()).cos();
            light + normal * (dark * dark + growth * light.max(0.0)).sqrt()
        };
        let mosaic = charts::mosaic(picture, &self.cfa, self.balance);
        mosaic.into_iter().map(|light| (sample(light).clamp(0.0, 1.0) * f32::from(u16::MAX)).round() as u16).collect()
    }
}

fn print_line(name: &str, figures: &[f64]) {
    let cells: Vec<String> = figures.iter().map(|figure| format!("{figure:9.2}")).collect();
    let (light, levels) = cells.split_at(cells.len() / 2);
    println!("{name:14}{} |{}", light.concat(), levels.concat());
}
