//! Prints where the time goes: `cargo run --release -p develop --example stages -- FILE...`, median of nine runs.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};

use develop::{ProofSpec, RenderError, StageTimes, inspect, render};
use model::Rung;

const RUNS: usize = 9;

fn main() {
    println!("ms: read decode resize orient colour mark encode | both proofs | all three");
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        match stages(&path) {
            Ok((times, rungs)) => println!("{}: {}  [{rungs}]", path.display(), line(&times)),
            Err(error) => println!("{}: {error}", path.display()),
        }
    }
}

fn stages(path: &Path) -> Result<(StageTimes, String), RenderError> {
    let spec = ProofSpec {
        event_name: "Night market".into(),
        frame_name: "DSC_0417".into(),
        rungs: vec![Rung::Screen, Rung::Thumb, Rung::Large],
        recipe_version: 1,
    };
    let mut runs = Vec::new();
    let mut rungs = String::new();
    // The first run makes the marks' masks, which an evening's frames share.
    for _ in 0..=RUNS {
        let mut sizes = Vec::new();
        let inspection = inspect(path)?;
        let report = render(path, &inspection, &spec, &mut |rendered| {
            if std::env::var_os("KEEP_IN").is_some() {
                keep(path, &rendered);
            }
            sizes.push(format!(
                "{} {}x{} {} B",
                rendered.rung,
                rendered.width_px,
                rendered.height_px,
                rendered.jpeg.len()
            ));
        })?;
        runs.push(report.stages);
        rungs = sizes.join(", ");
    }
    runs.remove(0);
    runs.sort_by_key(|times| times.total_us);
    Ok((runs.get(RUNS / 2).copied().unwrap_or_default(), rungs))
}

/// Leaves the derivatives in the folder KEEP_IN, to be looked at.
fn keep(path: &Path, rendered: &develop::Rendered) {
    let (Some(dir), Some(stem)) = (std::env::var_os("KEEP_IN"), path.file_stem()) else { return };
    let name = format!("{}-{}.jpg", stem.to_string_lossy(), rendered.rung);
    let _ = std::fs::write(PathBuf::from(dir).join(name), &rendered.jpeg);
}

fn line(times: &StageTimes) -> String {
    let ms = |us: u64| format!("{:.1}", us as f64 / 1000.0);
    let stages = [
        times.read_us,
        times.decode_us,
        times.resize_us,
        times.orient_us,
        times.colour_us,
        times.mark_us,
        times.encode_us,
    ];
    let stages: Vec<String> = stages.into_iter().map(ms).collect();
    format!("{} | {} | {}", stages.join(" "), ms(times.proofs_us), ms(times.total_us))
}
