//! The short trial that says whether a graphics card is quicker than the processor, and where its result is kept.

use std::{
    io::{Read, Write},
    path::Path,
    sync::Arc,
    time::Instant,
};

use model::Orientation;
use serde::{Deserialize, Serialize};

use super::{device::About, engine::Engine, error::GpuError};
use crate::{
    cpu,
    geometry::Size,
    output::OutputSpace,
    plan::Plan,
    raw::{BlackLevels, Cfa, Colour, Layout, Raw, Sensor},
    recipe::Recipe,
    settled::Settled,
};

/// The file in the cache folder.
const FILE: &str = "develop-device.json";
/// More than that is not ours.
const FILE_MAX_BYTES: u64 = 64 * 1024;
/// The frame of the trial: 6 MP, to the size of a screen.
const FRAME_PX: (u32, u32) = (3000, 2000);
const OUT_PX: u32 = 2048;
/// Rounds of each, after one that warms up.
const ROUNDS: usize = 3;

/// What a trial came to. It is asked for again by another card, driver, number of cores or version of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The card.
    pub adapter: String,
    /// Its driver.
    pub driver: String,
    /// Our version.
    pub version: String,
    /// Cores of the processor.
    pub cores: usize,
    /// Median time of the test frame on the processor, ms.
    pub cpu_ms: f32,
    /// The same on the card, with the way there and back.
    pub gpu_ms: f32,
}

impl Trial {
    /// Whether the card won.
    pub fn gpu_wins(&self) -> bool {
        self.gpu_ms < self.cpu_ms
    }

    fn is_of(&self, about: &About) -> bool {
        (self.adapter.as_str(), self.driver.as_str()) == (&about.name, &about.driver)
            && self.version == env!("CARGO_PKG_VERSION")
            && self.cores == rayon::current_num_threads()
            && self.cpu_ms.is_finite()
            && self.gpu_ms.is_finite()
    }
}

/// A drawn mosaic: a slope with noise, which costs as much as any picture.
struct Drawn {
    sensor: Sensor,
    samples: Vec<u16>,
}

impl Drawn {
    fn new() -> Self {
        let (width_px, height_px) = FRAME_PX;
        let filter = vec![Colour::Red, Colour::Green, Colour::Green, Colour::Blue];
        let layout = Cfa::new(2, filter).map_or(Layout::Grey, Layout::Mosaic);
        let mut state = 1_u32;
        let sample = |index: u32| {
            // Numerical Recipes' generator: any noise will do.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let slope = 512 + index % width_px * 4;
            (slope + (state >> 22)).min(16_383) as u16
        };
        let samples = (0..width_px * height_px).map(sample).collect();
        let sensor = Sensor {
            width_px,
            height_px,
            shown_px: (0, 0, width_px, height_px),
            pixel_aspect: 1.0,
            layout,
            black: BlackLevels::flat(512.0),
            white: 16_383.0,
            white_in_use: 16_383.0,
            as_shot: Some([2.0, 1.0, 1.5]),
            daylight: [2.0, 1.0, 1.5],
            srgb_from_camera: [[1.7, -0.5, -0.2], [-0.2, 1.6, -0.4], [0.0, -0.4, 1.4]],
            camera_from_xyz: None,
            orientation: Orientation::UPRIGHT,
            baseline_exposure_ev: 0.0,
            make: String::new(),
            model: String::new(),
            lens: None,
            iso: 100.0,
            shutter_s: 0.01,
            aperture_f: 4.0,
            focal_mm: 50.0,
            damaged: false,
        };
        Self { sensor, samples }
    }
}

/// Both ways in turn, on a frame of our own.
pub(crate) fn measure(engine: &Arc<Engine>) -> Result<Trial, GpuError> {
    let drawn = Drawn::new();
    let raw = Raw { sensor: &drawn.sensor, samples: &drawn.samples };
    let (recipe, settled) = (Recipe::default(), Settled::default());
    let mut plan = Plan::of_recipe(raw.sensor, &recipe, &settled, Size::LongEdge(OUT_PX), OutputSpace::Srgb);
    // So few samples would want a demosaic, which only the CPU has; what is measured is the way of larger sensors.
    plan.demosaic = false;
    let mut times = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        engine.develop(&raw, &plan)?;
        let gpu_ms = begun.elapsed().as_secs_f32() * 1000.0;
        let begun = Instant::now();
        let mut planes = cpu::prepare(&raw, &plan);
        cpu::colours(&mut planes, &plan, false);
        std::hint::black_box(cpu::to_picture(&planes, &plan));
        if round > 0 {
            times.0.push(begun.elapsed().as_secs_f32() * 1000.0);
            times.1.push(gpu_ms);
        }
    }
    let about = engine.about();
    Ok(Trial {
        adapter: about.name.clone(),
        driver: about.driver.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        cores: rayon::current_num_threads(),
        cpu_ms: median(times.0),
        gpu_ms: median(times.1),
    })
}

fn median(mut of: Vec<f32>) -> f32 {
    of.sort_by(f32::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f32::INFINITY)
}

/// The result that an earlier start kept, if it is of this card and this version.
pub(crate) fn kept(folder: &Path, about: &About) -> Option<Trial> {
    let mut bytes = Vec::new();
    std::fs::File::open(folder.join(FILE)).ok()?.take(FILE_MAX_BYTES).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok().filter(|trial: &Trial| trial.is_of(about))
}

/// Keeps a result. Where that fails it is measured again at the next start, which is no harm.
pub(crate) fn keep(folder: &Path, trial: &Trial) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let part = folder.join(format!("{FILE}.{}.part", std::process::id()));
    let mut file = std::fs::File::create(&part)?;
    file.write_all(&serde_json::to_vec_pretty(trial)?)?;
    drop(file);
    std::fs::rename(part, folder.join(FILE))
}
