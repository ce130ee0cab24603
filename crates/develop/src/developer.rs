//! One frame from its file to developed pictures: the worker decodes, the darkroom develops.

use std::{path::Path, sync::Arc, time::Instant};

use model::CaptureFacts;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::{
    DecodeError, ProofSpec, RenderError, Rendered, Size,
    auto::settle,
    cpu,
    darkroom::{Darkroom, Developed, DeviceKind, Prepared, processor},
    gpu::GpuTimes,
    jpeg::Picture,
    output::{self, Existing, FileFormat, Finished, Metadata, OutputError, OutputSpace, Pixels},
    plan::{Plan, Wanted},
    print,
    proof::proofs_of,
    recipe::{Geometry, Recipe, RecipeError},
    session::Session,
    settled::Settled,
    worker::{Decoded, Pool, WorkerError},
};

/// Longer side of the camera's own picture that a development is compared with, px.
const CAMERA_PX: u32 = 320;
/// Longer side of what auto looks at where the picture itself is larger, px.
const LOOKED_AT_PX: u32 = 1024;

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
    /// The finished picture could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
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

/// How a picture is written that is handed over.
#[derive(Clone, Debug)]
pub struct Finish {
    /// Its size.
    pub size: Size,
    /// Its kind of file.
    pub format: FileFormat,
    /// Its colour space.
    pub space: OutputSpace,
    /// What it tells about itself.
    pub metadata: Metadata,
    /// What becomes of a file that is there already.
    pub existing: Existing,
}

/// Develops frames; clones share workers and darkroom.
#[derive(Clone, Debug)]
pub struct Developer {
    pool: Pool,
    darkroom: Darkroom,
    turns: Arc<Semaphore>,
}

/// Frames that a GPU has in hand: one goes up or comes down while the other is computed. The processor takes one at a time,
/// with all its cores: two would only want twice the memory.
const AT_ONCE_MAX: u32 = 2;

impl Developer {
    /// With these workers and this darkroom.
    pub fn new(pool: Pool, darkroom: Darkroom) -> Self {
        Self { pool, darkroom, turns: Arc::new(Semaphore::new(AT_ONCE_MAX as usize)) }
    }

    /// Work on a frame, in its turn, off the runtime's threads.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, DevelopError> + Send + 'static,
    ) -> Result<T, DevelopError> {
        let share = if self.darkroom.device().kind == DeviceKind::Cpu { AT_ONCE_MAX } else { 1 };
        let turn = self.turns.clone().acquire_many_owned(share).await.map_err(|_| DevelopError::Broke)?;
        apart(move || {
            let _turn = turn;
            work()
        })
        .await
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
        let made = self.in_turn(move || {
            let (picture, mut report) =
                developed(&darkroom, &decoded, &recipe, prior.as_ref(), Size::LongEdge(long_px))?;
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
        let (decoded, decode_us) = self.decoded(path, &wanted).await?;
        let darkroom = self.darkroom.clone();
        let made = self.in_turn(move || match &wanted {
            Wanted::Recipe(recipe, _) => developed(&darkroom, &decoded, &recipe.checked()?, None, size),
            Wanted::Neutral => {
                let started = Instant::now();
                let plan = Plan::new(&decoded.sensor, &wanted, size, OutputSpace::Srgb);
                let made = darkroom.develop(&decoded.raw(), &plan)?;
                let times = times_of(DevelopTimes::default(), &made, started);
                Ok(reported(made, Settled::default(), times))
            }
        });
        let (picture, mut report) = made.await?;
        report.times.decode_us = decode_us;
        Ok((picture, report))
    }

    /// A raw as a file that can be handed over.
    pub async fn finish(
        &self,
        path: &Path,
        wanted: Wanted,
        to: &Path,
        how: Finish,
    ) -> Result<DevelopReport, DevelopError> {
        let (decoded, decode_us) = self.decoded(path, &wanted).await?;
        let (darkroom, to) = (self.darkroom.clone(), to.to_owned());
        let mut report = self.in_turn(move || finished(&darkroom, &decoded, &wanted, &to, &how)).await?;
        report.times.decode_us = decode_us;
        Ok(report)
    }

    /// What the camera said about a file.
    pub async fn facts(&self, path: &Path) -> Result<CaptureFacts, DevelopError> {
        Ok(self.pool.inspect(path).await?.facts)
    }

    async fn decoded(&self, path: &Path, wanted: &Wanted) -> Result<(Decoded, u64), DevelopError> {
        let started = Instant::now();
        let camera_px = matches!(wanted, Wanted::Recipe(..)).then_some(CAMERA_PX);
        let decoded = self.pool.decode(path, camera_px).await?;
        Ok((decoded, micros(started)))
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

/// A frame whose recipe is resolved.
struct Resolved {
    plan: Plan,
    /// Camera colours of the recipe's geometry, where auto looked at the same.
    prepared: Option<Prepared>,
    settled: Settled,
    times: DevelopTimes,
}

/// What auto comes to for a decoded frame. Auto looks at all that is there, not at what a crop leaves.
fn resolved(
    darkroom: &Darkroom,
    decoded: &Decoded,
    recipe: &Recipe,
    prior: Option<&Settled>,
    (size, space): (Size, OutputSpace),
) -> Resolved {
    let raw = decoded.raw();
    let whole = Recipe { geometry: Geometry::default(), ..recipe.clone() };
    let preparing = Instant::now();
    let looked_at = match size {
        Size::LongEdge(_) => size,
        Size::Half | Size::Full => Size::LongEdge(LOOKED_AT_PX),
    };
    let plan = Plan::of_recipe(raw.sensor, &whole, &Settled::default(), looked_at, space);
    let seen = darkroom.prepare(&raw, &plan);
    let prepare_us = micros(preparing);
    let settling = Instant::now();
    let settled = settle(raw.sensor, seen.look(), decoded.camera.as_ref(), prior);
    let times = DevelopTimes { prepare_us, auto_us: micros(settling), ..DevelopTimes::default() };
    let plan = Plan::of_recipe(raw.sensor, recipe, &settled, size, space);
    let prepared = (recipe.geometry == whole.geometry && looked_at == size).then_some(seen);
    Resolved { plan, prepared, settled, times }
}

fn developed(
    darkroom: &Darkroom,
    decoded: &Decoded,
    recipe: &Recipe,
    prior: Option<&Settled>,
    size: Size,
) -> Result<(Picture, DevelopReport), DevelopError> {
    let Resolved { plan, prepared, settled, times } =
        resolved(darkroom, decoded, recipe, prior, (size, OutputSpace::Srgb));
    let finishing = Instant::now();
    let made = made(darkroom, decoded, prepared, &plan)?;
    let times = times_of(times, &made, finishing);
    Ok(reported(made, settled, times))
}

fn made(
    darkroom: &Darkroom,
    decoded: &Decoded,
    prepared: Option<Prepared>,
    plan: &Plan,
) -> Result<Developed, RenderError> {
    match prepared {
        Some(prepared) => darkroom.finish(prepared, &decoded.raw(), plan),
        None => darkroom.develop(&decoded.raw(), plan),
    }
}

/// A picture written to a file.
fn finished(
    darkroom: &Darkroom,
    decoded: &Decoded,
    wanted: &Wanted,
    path: &Path,
    how: &Finish,
) -> Result<DevelopReport, DevelopError> {
    let Resolved { plan, prepared, settled, mut times } = match wanted {
        Wanted::Recipe(recipe, _) => resolved(darkroom, decoded, &recipe.checked()?, None, (how.size, how.space)),
        Wanted::Neutral => {
            let plan = Plan::new(&decoded.sensor, wanted, how.size, how.space);
            Resolved { plan, prepared: None, settled: Settled::default(), times: DevelopTimes::default() }
        }
    };
    if matches!(how.format, FileFormat::Tiff16 | FileFormat::Png16) {
        return finished_deep(decoded, Resolved { plan, prepared, settled, times }, path, how);
    }
    let finishing = Instant::now();
    let made = made(darkroom, decoded, prepared, &plan)?;
    times = times_of(times, &made, finishing);
    let picture = &made.picture;
    let encoding = Instant::now();
    write(path, Pixels::Eight(&picture.rgb), (picture.width_px, picture.height_px), how)?;
    times.encode_us = micros(encoding);
    Ok(reported(made, settled, times).1)
}

/// The same with 16 bits, which the processor makes always: a GPU hands back bytes.
fn finished_deep(
    decoded: &Decoded,
    Resolved { plan, prepared, settled, mut times }: Resolved,
    path: &Path,
    how: &Finish,
) -> Result<DevelopReport, DevelopError> {
    let raw = decoded.raw();
    let preparing = Instant::now();
    let mut planes = match prepared {
        Some(prepared) => prepared.in_memory(&raw, &plan),
        None => cpu::prepare(&raw, &plan),
    };
    times.prepare_us += micros(preparing);
    let finishing = Instant::now();
    cpu::colours(&mut planes, &plan, true);
    let (rgb, width_px, height_px) = cpu::to_sixteen(&planes, &plan);
    drop(planes);
    let (rgb, width_px, height_px) = printed(rgb, (width_px as usize, height_px as usize), &plan)?;
    times.finish_us = micros(finishing);
    let encoding = Instant::now();
    write(path, Pixels::Sixteen(&rgb), (width_px, height_px), how)?;
    times.encode_us = micros(encoding);
    Ok(DevelopReport { settled, device: processor(), width_px, height_px, times, gpu: None })
}

/// The plan's mark and border, with 16 bits.
fn printed(mut rgb: Vec<u16>, size: (usize, usize), plan: &Plan) -> Result<(Vec<u16>, u32, u32), DevelopError> {
    if let Some(watermark) = &plan.watermark {
        print::marked(&mut rgb, size, watermark)?;
    }
    let (rgb, width, height) = match &plan.border {
        Some(border) => print::framed(&rgb, size, border, plan.space),
        None => (rgb, size.0, size.1),
    };
    Ok((rgb, width as u32, height as u32))
}

fn write(path: &Path, pixels: Pixels<'_>, size: (u32, u32), how: &Finish) -> Result<(), DevelopError> {
    let finished = Finished::new(pixels, size.0, size.1, how.space)?;
    output::save(path, &finished, how.format, &how.metadata, how.existing)?;
    Ok(())
}

/// Times with those of what was made since `started`.
fn times_of(before: DevelopTimes, made: &Developed, started: Instant) -> DevelopTimes {
    let finish_us = micros(started).saturating_sub(made.prepare_us);
    DevelopTimes { prepare_us: before.prepare_us + made.prepare_us, finish_us, ..before }
}

fn reported(made: Developed, settled: Settled, times: DevelopTimes) -> (Picture, DevelopReport) {
    let Developed { picture, device, gpu, .. } = made;
    let (width_px, height_px) = (picture.width_px, picture.height_px);
    (picture, DevelopReport { settled, device, width_px, height_px, times, gpu })
}

fn micros(since: Instant) -> u64 {
    since.elapsed().as_micros() as u64
}
