//! Where developments are computed: on the processor, or on the GPU where that is quicker.

mod report;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Instant,
};

use serde::{Deserialize, Serialize};

pub use report::{DeviceKind, DeviceReport};

pub(crate) use report::processor;

use crate::{
    RenderError, cpu,
    gpu::{GpuTimes, Keeper, Kept},
    jpeg::Picture,
    plan::Plan,
    print,
    raw::{Planes, Raw},
};

/// What to compute on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChoice {
    /// Whichever a short trial found to be quicker.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// The GPU, if there is one that works.
    Gpu,
}

/// How a darkroom begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DarkroomConfig {
    /// What to compute on.
    pub choice: DeviceChoice,
    /// Where the result of the device trial is kept; without a folder it is measured at every start.
    pub cache_folder: Option<PathBuf>,
}

impl From<DeviceChoice> for DarkroomConfig {
    fn from(choice: DeviceChoice) -> Self {
        Self { choice, cache_folder: None }
    }
}

/// The place where frames are developed; clones share it.
#[derive(Clone, Debug)]
pub struct Darkroom(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    choice: AtomicU8,
    keeper: Arc<Keeper>,
}

/// A finished picture, and how it came about.
#[derive(Debug)]
pub(crate) struct Developed {
    /// Upright, sRGB.
    pub picture: Picture,
    /// What made it.
    pub device: String,
    /// Of the processor's time, what went into camera colours, µs.
    pub prepare_us: u64,
    /// Where the GPU's time went, if it made it.
    pub gpu: Option<GpuTimes>,
}

/// Camera colours at the output's size: all of a development that depends on geometry alone.
#[derive(Clone, Debug)]
pub(crate) enum Prepared {
    /// In memory.
    Cpu(Arc<Planes>),
    /// On the GPU.
    Gpu(Arc<Kept>),
}

impl Prepared {
    /// Whether they are still there: a GPU that failed has lost them.
    pub fn is_sound(&self) -> bool {
        !matches!(self, Self::Gpu(kept) if kept.engine().is_broken())
    }

    /// The colours in memory, made anew where they are not there.
    pub fn in_memory(self, raw: &Raw<'_>, plan: &Plan) -> Planes {
        match self {
            Self::Cpu(planes) => Arc::try_unwrap(planes).unwrap_or_else(|shared| (*shared).clone()),
            Self::Gpu(_) => cpu::prepare(raw, plan),
        }
    }

    /// The colours, or a small picture of them: for auto.
    pub fn look(&self) -> &Planes {
        match self {
            Self::Cpu(planes) => planes,
            Self::Gpu(kept) => &kept.look,
        }
    }
}

impl Darkroom {
    /// A darkroom that takes what was chosen. Nothing is opened or measured before the first frame.
    pub fn new(config: impl Into<DarkroomConfig>) -> Self {
        let config = config.into();
        Self::with(config.choice, Keeper::usual(config.cache_folder))
    }

    pub(crate) fn with(choice: DeviceChoice, keeper: Keeper) -> Self {
        Self(Arc::new(Inner { choice: AtomicU8::new(choice as u8), keeper: Arc::new(keeper) }))
    }

    /// Chooses anew, from the next frame on. A GPU that was given up gets another chance.
    pub fn choose(&self, choice: DeviceChoice) {
        self.0.choice.store(choice as u8, Ordering::Relaxed);
        self.0.keeper.chosen();
    }

    /// Does the device trial now, if [`DeviceChoice::Auto`] needs one and it was not done: some seconds at most. The first
    /// frame starts it by itself otherwise, and does not wait for it. To be called off the runtime's threads.
    pub fn try_out(&self) -> DeviceReport {
        if self.choice() == DeviceChoice::Auto {
            self.0.keeper.try_out();
        }
        self.device()
    }

    fn choice(&self) -> DeviceChoice {
        match self.0.choice.load(Ordering::Relaxed) {
            1 => DeviceChoice::Cpu,
            2 => DeviceChoice::Gpu,
            _ => DeviceChoice::Auto,
        }
    }

    /// What is in use.
    pub fn device(&self) -> DeviceReport {
        report::report(self.choice(), &self.0.keeper.standing())
    }

    /// A frame in one go, upright, with its mark and border: samples up, ops, bytes down. Work for a thread of its own, as
    /// all of these.
    pub(crate) fn develop(&self, raw: &Raw<'_>, plan: &Plan) -> Result<Developed, RenderError> {
        if let Some(engine) = self.0.keeper.engine(self.choice()) {
            match engine.develop(raw, plan) {
                Ok((picture, gpu)) => {
                    self.0.keeper.worked();
                    return Developed { picture, device: engine.about().name.clone(), prepare_us: 0, gpu }
                        .printed(plan);
                }
                Err(error) => self.0.keeper.failed(&engine, &error),
            }
        }
        let started = Instant::now();
        let planes = cpu::prepare(raw, plan);
        on_cpu(planes, plan, started.elapsed().as_micros() as u64)
    }

    /// What depends on geometry alone: camera colours at the output's size.
    pub(crate) fn prepare(&self, raw: &Raw<'_>, plan: &Plan) -> Prepared {
        if let Some(engine) = self.0.keeper.engine(self.choice()) {
            match engine.keep(raw, plan) {
                Ok(kept) => {
                    self.0.keeper.worked();
                    return Prepared::Gpu(Arc::new(kept));
                }
                Err(error) => self.0.keeper.failed(&engine, &error),
            }
        }
        Prepared::Cpu(Arc::new(cpu::prepare(raw, plan)))
    }

    /// All that comes after: a finished picture, upright, with its mark and border. `raw` is what the colours were made from,
    /// for the case that the GPU has lost them.
    pub(crate) fn finish(&self, prepared: Prepared, raw: &Raw<'_>, plan: &Plan) -> Result<Developed, RenderError> {
        if let Prepared::Gpu(kept) = &prepared {
            match kept.finish(plan) {
                Ok((picture, times)) => {
                    self.0.keeper.worked();
                    let before = kept.times.clone().unwrap_or_default();
                    let (device, gpu) = (kept.engine().about().name.clone(), times.map(|times| before.with(times)));
                    return Developed { picture, device, prepare_us: 0, gpu }.printed(plan);
                }
                Err(error) => self.0.keeper.failed(kept.engine(), &error),
            }
        }
        on_cpu(prepared.in_memory(raw, plan), plan, 0)
    }
}

fn on_cpu(mut planes: Planes, plan: &Plan, prepare_us: u64) -> Result<Developed, RenderError> {
    cpu::colours(&mut planes, plan, false);
    let picture = cpu::to_picture(&planes, plan);
    Developed { picture, device: processor(), prepare_us, gpu: None }.printed(plan)
}

impl Developed {
    /// With the mark and the border of the plan.
    fn printed(self, plan: &Plan) -> Result<Self, RenderError> {
        let Picture { mut rgb, mut width_px, mut height_px } = self.picture;
        let size = (width_px as usize, height_px as usize);
        if let Some(watermark) = &plan.watermark {
            print::marked(&mut rgb, size, watermark)?;
        }
        if let Some(border) = &plan.border {
            let (framed, width, height) = print::framed(&rgb, size, border, plan.space);
            (rgb, width_px, height_px) = (framed, width as u32, height as u32);
        }
        Ok(Self { picture: Picture { rgb, width_px, height_px }, ..self })
    }
}
