//! Joins the developing room with those who ask it: previews, and the Look place of the operator's window.

use std::{path::PathBuf, sync::Arc};

use catalog::{Catalog, DeviceChoice, Event, StoredRecipe};
use develop::{Darkroom, DarkroomConfig, Developer, DeviceKind, Session, recipe::Recipe, worker::Pool};
use gateway::{DeviceState, LookPicture, LookPort, LookRefused, LookSession, PortFuture};
use previews::{read_settled, stored};

use crate::{ServeArgs, StartError, chance::now};

/// The developing room as the gateway sees it.
pub(crate) struct Room {
    developer: Developer,
}

/// Settles how the event's raws are developed: what the command line says, else what was said before, else the usual.
pub(crate) async fn open(
    args: &ServeArgs,
    catalog: &Catalog,
    event: &Event,
    pool: Pool,
) -> Result<Developer, StartError> {
    catalog.begin_development(event.id, &stored(&Recipe::default())).await?;
    if let Some(flow) = args.flow {
        catalog.set_flow(event.id, flow.into(), now()).await?;
    }
    if let Some(device) = args.device {
        catalog.set_device(event.id, device.into()).await?;
    }
    let choice = catalog.development(event.id).await?.device;
    let cache_folder = Some(args.data.join("Cache"));
    Ok(Developer::new(pool, Darkroom::new(DarkroomConfig { choice: inner(choice), cache_folder })))
}

impl Room {
    pub(crate) fn new(developer: Developer) -> Self {
        Self { developer }
    }
}

fn inner(choice: DeviceChoice) -> develop::DeviceChoice {
    match choice {
        DeviceChoice::Auto => develop::DeviceChoice::Auto,
        DeviceChoice::Cpu => develop::DeviceChoice::Cpu,
        DeviceChoice::Gpu => develop::DeviceChoice::Gpu,
    }
}

fn outer(choice: develop::DeviceChoice) -> DeviceChoice {
    match choice {
        develop::DeviceChoice::Auto => DeviceChoice::Auto,
        develop::DeviceChoice::Cpu => DeviceChoice::Cpu,
        develop::DeviceChoice::Gpu => DeviceChoice::Gpu,
    }
}

// By value, because that is what `map_err` hands over.
#[allow(clippy::needless_pass_by_value)]
fn refused(error: impl std::fmt::Display) -> LookRefused {
    LookRefused(error.to_string())
}

fn read(recipe: &StoredRecipe) -> Result<Recipe, LookRefused> {
    Recipe::from_json(recipe.json.as_bytes()).map_err(refused)
}

impl LookPort for Room {
    fn recipe(&self, json: &[u8]) -> Result<StoredRecipe, LookRefused> {
        Recipe::from_json(json).map(|recipe| stored(&recipe)).map_err(refused)
    }

    fn device(&self) -> DeviceState {
        let report = self.developer.darkroom().device();
        DeviceState {
            in_use: report.in_use,
            is_gpu: report.kind == DeviceKind::Gpu,
            choice: outer(report.choice),
            why: report.why,
            trial_ms: report.trial.map(|trial| (trial.cpu_ms, trial.gpu_ms)),
        }
    }

    fn choose_device(&self, choice: DeviceChoice) -> PortFuture<()> {
        let darkroom = self.developer.darkroom().clone();
        Box::pin(async move {
            // A trial may be part of it. A panic in it leaves the darkroom as it was.
            let _ = tokio::task::spawn_blocking(move || darkroom.choose(inner(choice))).await;
        })
    }

    fn open(
        &self,
        raw: PathBuf,
        prior: Option<String>,
        long_edge_px: u32,
    ) -> PortFuture<Result<Arc<dyn LookSession>, LookRefused>> {
        let developer = self.developer.clone();
        Box::pin(async move {
            let prior = prior.as_deref().and_then(read_settled);
            let session = developer.session(&raw, prior.as_ref(), long_edge_px).await.map_err(refused)?;
            Ok(Arc::new(Held(session)) as Arc<dyn LookSession>)
        })
    }
}

/// One raw under the sliders.
struct Held(Session);

impl LookSession for Held {
    fn picture(&self, recipe: &StoredRecipe, long_edge_px: u32) -> Result<LookPicture, LookRefused> {
        let picture = self.0.picture(&read(recipe)?, long_edge_px).map_err(refused)?;
        Ok(LookPicture { jpeg: picture.jpeg, histogram: picture.histogram })
    }

    fn grey_at(&self, x: f32, y: f32, recipe: &StoredRecipe) -> Result<Option<(f32, f32)>, LookRefused> {
        Ok(self.0.grey_at(x, y, &read(recipe)?))
    }

    fn as_shot(&self) -> Option<(f32, f32)> {
        self.0.as_shot()
    }
}
