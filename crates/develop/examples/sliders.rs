//! How many pictures a second the Look place gets from the processor while a slider moves: `sliders LONG_EDGE_PX FILE...`
//! prints for each raw the median milliseconds of a picture. `./bench develop` shows it.

use std::{path::Path, process::ExitCode, time::Instant};

use develop::{
    Darkroom, Developer, DeviceChoice,
    recipe::Recipe,
    worker::{Caps, Pool, PoolConfig},
};

const PICTURES: u16 = 30;

async fn median_ms(developer: &Developer, path: &Path, long_edge_px: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let session = developer.session(path, None, 2048).await?;
    let mut times = Vec::new();
    for step in 0..PICTURES {
        let mut recipe = Recipe::default();
        recipe.exposure.ev = f32::from(step) * 0.05 - 0.75;
        recipe.tone.contrast = f32::from(step) - 15.0;
        let begun = Instant::now();
        session.picture(&recipe, long_edge_px)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

#[tokio::main]
#[allow(clippy::print_stdout, clippy::print_stderr)] // a program for the terminal
async fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let long_edge_px = args.next().and_then(|text| text.to_str()?.parse().ok()).unwrap_or(1280);
    let worker = std::env::current_exe().map(|program| program.with_file_name("../develop-worker"));
    let pool = PoolConfig { program: worker.unwrap_or_default(), args: Vec::new(), workers: 1, caps: Caps::default() };
    let developer = Developer::new(Pool::new(pool), Darkroom::new(DeviceChoice::Cpu));
    for path in args {
        match median_ms(&developer, Path::new(&path), long_edge_px).await {
            Ok(ms) => println!(
                "{}: {ms:.1} ms at {long_edge_px} px, {:.0} pictures a second",
                Path::new(&path).display(),
                1e3 / ms
            ),
            Err(error) => {
                eprintln!("{}: {error}", Path::new(&path).display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
