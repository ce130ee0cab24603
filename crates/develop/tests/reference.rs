//! Our neutral pictures beside LibRaw's own: colours and places that nobody here wrote.
//!
//! `./test` builds LibRaw's program (scripts/reference) and says in BOOTHLIGHT_DCRAW_EMU where it lies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // figures are printed, for who asks

mod support;

use std::{path::Path, process::Command};

use develop::{
    Darkroom, Developer, DeviceChoice, Picture, Size, Wanted,
    raw::{Cfa, Colour, Layout},
    worker::Caps,
};
use support::{ciede2000, dng::Dng, pool, sample, samples};

/// Real raws, and whether each has 24 MP or more. Those that not every checkout has count where they are.
fn raws() -> Vec<(&'static str, bool)> {
    let further = [("IMG_0848.CR2", false), ("derived_a7r4_24mp_ljpeg.dng", true), ("pigallery2_test.dng", false)];
    let everywhere = support::REAL.map(|name| (name, false));
    everywhere
        .into_iter()
        .chain(further.into_iter().filter(|(name, _)| samples().iter().any(|folder| folder.join(name).is_file())))
        .collect()
}

/// LibRaw's picture: 8 bits, sRGB, upright.
fn libraw(path: &Path, options: &[&str]) -> Picture {
    let program = std::env::var("BOOTHLIGHT_DCRAW_EMU")
        .expect("BOOTHLIGHT_DCRAW_EMU names LibRaw's program: scripts/reference builds it");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.ppm");
    let mut command = Command::new(program);
    command.args(options).args(["-w", "-o", "1", "-W", "-g", "2.4", "12.92", "-j", "-Z"]);
    let done = command.arg(&out).arg(path).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let bytes = std::fs::read(out).unwrap();
    let mut fields = bytes.splitn(4, u8::is_ascii_whitespace);
    assert_eq!(fields.next().unwrap(), b"P6");
    let mut number = || String::from_utf8(fields.next().unwrap().to_vec()).unwrap().parse::<u32>().unwrap();
    let (width_px, height_px) = (number(), number());
    let rest = fields.next().unwrap();
    let rgb = rest[rest.len() - (width_px * height_px * 3) as usize..].to_vec();
    Picture { rgb, width_px, height_px }
}

fn psnr_db(a: &Picture, b: &Picture) -> f64 {
    assert_eq!((a.width_px, a.height_px), (b.width_px, b.height_px));
    let sum: f64 = a.rgb.iter().zip(&b.rgb).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 / (sum / a.rgb.len() as f64).max(1e-9)).log10()
}

/// Mean and 99th percentile of the colour difference, of every seventh pixel.
fn colour_difference(a: &Picture, b: &Picture) -> (f64, f64) {
    let pairs = a.rgb.chunks_exact(3).zip(b.rgb.chunks_exact(3)).step_by(7);
    let pixel = |rgb: &[u8]| [rgb[0], rgb[1], rgb[2]];
    let mut all: Vec<f64> =
        pairs.map(|(a, b)| ciede2000::difference(ciede2000::lab(pixel(a)), ciede2000::lab(pixel(b)))).collect();
    all.sort_by(f64::total_cmp);
    (all.iter().sum::<f64>() / all.len() as f64, all[all.len() * 99 / 100])
}

#[tokio::test]
async fn half_size_is_libraws_own() {
    let developer = Developer::new(pool(1, Caps::default(), &[]), Darkroom::new(DeviceChoice::Cpu));
    for (name, _) in raws() {
        let path = sample(name);
        let theirs = libraw(&path, &["-h"]);
        let (ours, _) = developer.picture(&path, Wanted::Neutral, Size::Half).await.unwrap();
        let (psnr, (mean, p99)) = (psnr_db(&ours, &theirs), colour_difference(&ours, &theirs));
        println!("{name}: {psnr:.1} dB, dE2000 mean {mean:.3}, p99 {p99:.2}");
        assert!(psnr >= 50.0 && mean <= 0.5 && p99 <= 2.0, "{name}: {psnr:.1} dB, dE2000 {mean:.3}, p99 {p99:.2}");
    }
}

/// No camera's X-Trans file could be had for every checkout: a drawn one, which LibRaw reads as it reads theirs.
#[tokio::test]
async fn half_size_of_x_trans_is_libraws_too() {
    const X_TRANS: &str = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";
    let colour = |letter| match letter {
        'R' => Colour::Red,
        'B' => Colour::Blue,
        _ => Colour::Green,
    };
    let cfa = Cfa::new(6, X_TRANS.chars().map(colour).collect()).unwrap();
    let size = (612_usize, 408_usize);
    let sample = |index: usize| {
        let (x, y) = ((index % size.0) as f64, (index / size.0) as f64);
        let colour = cfa.at(index / size.0, index % size.0).index();
        let light = 0.32
            + 0.2 * (x / 23.0 + colour as f64).sin() * (y / 17.0).cos()
            + 0.1 * f64::from((x + 2.0 * y) as u32 % 90 < 8);
        (light * 40_000.0) as u16 + (index * 7919 % 211) as u16
    };
    let samples: Vec<u16> = (0..size.0 * size.1).map(sample).collect();
    let dng = Dng::new((size.0 as u32, size.1 as u32), Layout::Mosaic(cfa.clone()), &samples, [1.9, 1.0, 1.6]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xtrans.dng");
    std::fs::write(&path, dng.file()).unwrap();
    let developer = Developer::new(pool(1, Caps::default(), &[]), Darkroom::new(DeviceChoice::Cpu));
    let theirs = libraw(&path, &["-h"]);
    let (ours, _) = developer.picture(&path, Wanted::Neutral, Size::Half).await.unwrap();
    let (psnr, (mean, p99)) = (psnr_db(&ours, &theirs), colour_difference(&ours, &theirs));
    println!("X-Trans: {psnr:.1} dB, dE2000 mean {mean:.3}, p99 {p99:.2}");
    assert!(psnr >= 50.0 && mean <= 0.5 && p99 <= 2.0, "{psnr:.1} dB, dE2000 {mean:.3}, p99 {p99:.2}");
}

#[tokio::test]
async fn a_screens_size_is_libraws_full_size_shrunk() {
    let developer = Developer::new(pool(1, Caps::default(), &[]), Darkroom::new(DeviceChoice::Cpu));
    for (name, large) in raws() {
        let path = sample(name);
        let (ours, _) = developer.picture(&path, Wanted::Neutral, Size::LongEdge(2048)).await.unwrap();
        let theirs = support::shrunk_in_linear_light(&libraw(&path, &["-q", "3"]), ours.width_px, ours.height_px);
        let psnr = psnr_db(&ours, &theirs);
        println!("{name}: {psnr:.1} dB");
        let least = if large { 48.0 } else { 42.0 };
        assert!(psnr >= least, "{name}: {psnr:.1} dB");
    }
}
