//! Where developments are computed: on the processor, or on the GPU where that is quicker.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use serde::{Deserialize, Serialize};

use crate::{
    RenderError, cpu,
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

/// Which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// The processor.
    Cpu,
    /// A GPU.
    Gpu,
}

/// What developments are computed on, for the operator to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Its name: `CPU (2 cores)`, or the GPU's own.
    pub in_use: String,
    /// Which kind.
    pub kind: DeviceKind,
    /// What was asked for.
    pub choice: DeviceChoice,
    /// Why this one, in one line.
    pub why: String,
}

/// The place where frames are developed; clones share it.
#[derive(Clone, Debug)]
pub struct Darkroom(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    choice: AtomicU8,
}

impl Darkroom {
    /// A darkroom that takes what was chosen.
    pub fn new(choice: DeviceChoice) -> Self {
        Self(Arc::new(Inner { choice: AtomicU8::new(choice as u8) }))
    }

    /// Chooses anew, from the next frame on.
    pub fn choose(&self, choice: DeviceChoice) {
        self.0.choice.store(choice as u8, Ordering::Relaxed);
    }

    /// What is in use.
    pub fn device(&self) -> DeviceReport {
        let choice = match self.0.choice.load(Ordering::Relaxed) {
            1 => DeviceChoice::Cpu,
            2 => DeviceChoice::Gpu,
            _ => DeviceChoice::Auto,
        };
        let cores = rayon::current_num_threads();
        DeviceReport {
            in_use: format!("CPU ({cores} {})", if cores == 1 { "core" } else { "cores" }),
            kind: DeviceKind::Cpu,
            choice,
            why: "Everything is developed on the processor.".into(),
        }
    }

    /// A finished picture, upright.
    pub(crate) fn develop(&self, raw: &Raw<'_>, plan: &Plan) -> Result<Picture, RenderError> {
        let planes = cpu::prepare(raw, plan);
        self.finish(planes, plan)
    }

    /// The same from camera colours at the output's size.
    #[allow(clippy::unused_self)]
    pub(crate) fn finish(&self, mut planes: Planes, plan: &Plan) -> Result<Picture, RenderError> {
        cpu::colours(&mut planes, plan, false);
        printed(cpu::to_picture(&planes, plan), plan)
    }
}

/// The mark and the border of the plan.
fn printed(mut picture: Picture, plan: &Plan) -> Result<Picture, RenderError> {
    let size = (picture.width_px as usize, picture.height_px as usize);
    if let Some(watermark) = &plan.watermark {
        print::marked(&mut picture.rgb, size, watermark)?;
    }
    let Some(border) = &plan.border else { return Ok(picture) };
    let (rgb, width, height) = print::framed(&picture.rgb, size, border, plan.space);
    Ok(Picture { rgb, width_px: width as u32, height_px: height as u32 })
}
