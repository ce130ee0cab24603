//! One frame from its file to developed pictures: the worker decodes, the darkroom develops.

use std::{path::Path, time::Instant};

use serde::{Deserialize, Serialize};

use crate::{
    DecodeError, ProofSpec, RenderError, Rendered, Size,
    auto::{self, settle},
    darkroom::{Darkroom, Developed},
    gpu::GpuTimes,
    jpeg::Picture,
    plan::{Plan, Wanted},
    proof::proofs_of,
    recipe::{Recipe, RecipeError},
    session::Session,
    settled::Settled,
    worker::{Decoded, Pool, WorkerError},
};

/// Longer side of the camera's own picture that a development is compared with, px.
const CAMERA_PX: u32 = 320;

/// Why a frame was not developed.
#[derive(Debug, thiserror::Error)]
pub enum DevelopError {
    /// The raw gave no samples, or the worker failed.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The recipe cannot be used.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The developed picture could not be written down.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Our own computation broke off; the frame keeps its embedded picture.
    #[error("the development broke off over this frame")]
    Broke,
}

impl DevelopError {
    /// Whether another try may end differently.
    pub fn worth_a_retry(&self) -> bool {
        matches!(self, Self::Worker(error) if error.worth_a_retry())
    }

    /// Whether this file is one that can never be developed: finished pictures, unknown cameras, damaged data.
    pub fn is_undevelopable(&self) -> bool {
        matches!(self, Self::Worker(WorkerError::Decode(error)) if !matches!(error, DecodeError::File(_)))
    }
}

/// Where the time went, µs of wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevelopTimes {
    /// Decoding in the worker, waiting for it included.
    pub decode_us: u64,
    /// Samples to camera colours at the output's size.
    pub prepare_us: u64,
    /// Finding exposure, curve and white balance.
    pub auto_us: u64,
    /// Colours, tone, sharpness.
    pub finish_us: u64,
    /// Shrinking, marking and encoding what is shown.
    pub encode_us: u64,
}

/// What a development came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DevelopReport {
    /// What auto found; the next frame of a burst wants it.
    pub settled: Settled,
    /// What it was computed on.
    pub device: String,
    /// Columns of the whole picture, upright.
    pub width_px: u32,
    /// Its rows.
    pub height_px: u32,
    /// Where the time went.
    pub times: DevelopTimes,
    /// Where the GPU's went, if it made the picture and has a clock.
    #[serde(default)]
    pub gpu: Option<GpuTimes>,
}

/// Develops frames; clones share workers and darkroom.
#[derive(Clone, Debug)]
pub struct Developer {
    pool: Pool,
    darkroom: Darkroom,
}

impl Developer {
    /// With these workers and this darkroom.
    pub fn new(pool: Pool, darkroom: Darkroom) -> Self {
        Self { pool, darkroom }
    }

    /// The darkroom.
    pub fn darkroom(&self) -> &Darkroom {
        &self.darkroom
    }

    /// Develops a raw and makes the derivatives of `spec` from it; `on` gets each one. `prior` is what the frame before it
    /// in the same burst came to.
    pub async fn develop(
        &self,
        path: &Path,
        recipe: &Recipe,
        prior: Option<&Settled>,
        spec: &ProofSpec,
        mut on: impl FnMut(Rendered),
    ) -> Result<DevelopReport, DevelopError> {
        let recipe = recipe.checked()?;
        let long_px = spec.rungs.iter().filter_map(|rung| rung.long_edge_px()).max().unwrap_or(2048);
        let started = Instant::now();
        let decoded = self.pool.decode(path, Some(CAMERA_PX)).await?;
        let decode_us = micros(started);
        let (darkroom, prior, spec) = (self.darkroom.clone(), prior.cloned(), spec.clone());
        let made = apart(move || {
            let (picture, mut report) =
                developed(&darkroom, &decoded, &recipe, prior.as_ref(), Size::LongEdge(long_px));
            drop(decoded);
            let encoding = Instant::now();
            let mut rendered = Vec::new();
            proofs_of(picture, &spec, &mut |one| rendered.push(one))?;
            report.times.encode_us = micros(encoding);
            Ok((rendered, report))
        });
        let (rendered, mut report): (Vec<Rendered>, DevelopReport) = made.await?;
        report.times.decode_us = decode_us;
        rendered.into_iter().for_each(&mut on);
        Ok(report)
    }

    /// A raw as a finished picture, upright, in sRGB.
    pub async fn picture(
        &self,
        path: &Path,
        wanted: Wanted,
        size: Size,
    ) -> Result<(Picture, DevelopReport), DevelopError> {
        let started = Instant::now();
        let camera_px = matches!(wanted, Wanted::Recipe(..)).then_some(CAMERA_PX);
        let decoded = self.pool.decode(path, camera_px).await?;
        let decode_us = micros(started);
        let darkroom = self.darkroom.clone();
        let made = apart(move || match wanted {
            Wanted::Recipe(recipe, _) => Ok(developed(&darkroom, &decoded, &recipe.checked()?, None, size)),
            Wanted::Neutral => {
                let plan = Plan::new(&decoded.sensor, &Wanted::Neutral, size);
                Ok(computed(&darkroom, &decoded, &plan, Settled::default()))
            }
        });
        let (picture, mut report) = made.await?;
        report.times.decode_us = decode_us;
        Ok((picture, report))
    }

    /// A frame that is looked at: its small picture stays in memory, so that every change of a recipe shows at once.
    pub async fn session(
        &self,
        path: &Path,
        prior: Option<&Settled>,
        long_edge_px: u32,
    ) -> Result<Session, DevelopError> {
        let decoded = self.pool.decode(path, Some(CAMERA_PX)).await?;
        let (darkroom, prior) = (self.darkroom.clone(), prior.cloned());
        apart(move || Ok(Session::new(darkroom, &decoded, prior.as_ref(), long_edge_px))).await
    }
}

/// Work for the processor, off the runtime's threads; a panic in it costs this frame only.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DevelopError> + Send + 'static,
) -> Result<T, DevelopError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(DevelopError::Broke))
}

fn developed(
    darkroom: &Darkroom,
    decoded: &Decoded,
    recipe: &Recipe,
    prior: Option<&Settled>,
    size: Size,
) -> (Picture, DevelopReport) {
    let raw = decoded.raw();
    // Geometry first: auto looks at what is there, not at what is cut out.
    let whole = Recipe { geometry: crate::recipe::Geometry::default(), ..recipe.clone() };
    let plan = auto::plan(raw.sensor, &whole, &Settled::default(), size);
    let preparing = Instant::now();
    let prepared = darkroom.prepare(&raw, &plan);
    let prepare_us = micros(preparing);
    let settling = Instant::now();
    let settled = settle(raw.sensor, prepared.look(), decoded.camera.as_ref(), prior);
    let auto_us = micros(settling);
    let plan = auto::plan(raw.sensor, recipe, &settled, size);
    let finishing = Instant::now();
    let same = recipe.geometry == whole.geometry;
    let made = if same { darkroom.finish(prepared, &raw, &plan) } else { darkroom.develop(&raw, &plan) };
    let times = DevelopTimes { prepare_us, auto_us, finish_us: micros(finishing), ..DevelopTimes::default() };
    reported(made, settled, times)
}

fn computed(darkroom: &Darkroom, decoded: &Decoded, plan: &Plan, settled: Settled) -> (Picture, DevelopReport) {
    let finishing = Instant::now();
    let made = darkroom.develop(&decoded.raw(), plan);
    let times = DevelopTimes { finish_us: micros(finishing), ..DevelopTimes::default() };
    reported(made, settled, times)
}

fn reported(made: Developed, settled: Settled, times: DevelopTimes) -> (Picture, DevelopReport) {
    let Developed { picture, device, gpu } = made;
    let (width_px, height_px) = (picture.width_px, picture.height_px);
    (picture, DevelopReport { settled, device, width_px, height_px, times, gpu })
}

fn micros(since: Instant) -> u64 {
    since.elapsed().as_micros() as u64
}
