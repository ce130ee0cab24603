//! Prints what a demosaic costs: `cargo run --release -p develop --example demosaic [-- MEGAPIXELS]`, median of five runs.
//! Processor time, which a busy machine does not change much; on systems where it cannot be asked, the clock's.
#![allow(clippy::print_stdout, clippy::expect_used)]

use std::time::Duration;

use develop::{
    demosaic::{Method, demosaic},
    raw::{Cfa, Colour},
};

const RUNS: usize = 5;
const BALANCE: [f32; 3] = [2.0, 1.0, 1.6];

fn main() {
    let megapixels = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(24.0_f64);
    let height = (megapixels * 1e6 / 1.5).sqrt() as usize;
    let width = height * 3 / 2;
    println!("{width} x {height} px; ms of processor time");
    for (name, letters) in [("Bayer", "RGGB"), ("X-Trans", "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG")] {
        let cfa = cfa(letters);
        let mosaic = mosaic(width, height, &cfa);
        for method in [Method::Bilinear, Method::Best] {
            let mut times: Vec<Duration> = (0..RUNS).map(|_| time(width, height, &cfa, &mosaic, method)).collect();
            times.sort();
            println!("{name:8} {:9} {:6.0}", format!("{method:?}"), times[RUNS / 2].as_secs_f64() * 1e3);
        }
    }
}

fn cfa(letters: &str) -> Cfa {
    let colour = |letter| match letter {
        'R' => Colour::Red,
        'B' => Colour::Blue,
        _ => Colour::Green,
    };
    Cfa::new(letters.len().isqrt(), letters.chars().map(colour).collect()).expect("a filter that is known")
}

/// Waves of several lengths in grey, so that nothing is even.
fn mosaic(width: usize, height: usize, cfa: &Cfa) -> Vec<f32> {
    (0..width * height)
        .map(|index| {
            let (row, column) = (index / width, index % width);
            let wave = (column as f32 * 0.11).sin() * (row as f32 * 0.17).cos() + (index as f32 * 0.9).sin() * 0.2;
            (0.5 + 0.4 * wave) / BALANCE[cfa.at(row, column).index()]
        })
        .collect()
}

fn time(width: usize, height: usize, cfa: &Cfa, mosaic: &[f32], method: Method) -> Duration {
    let start = now();
    let planes = demosaic(width, height, cfa, mosaic, BALANCE, method);
    let took = now().saturating_sub(start);
    assert_eq!(planes.rgb[1].len(), mosaic.len());
    took
}

#[cfg(target_os = "linux")]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

#[cfg(not(target_os = "linux"))]
fn now() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}
