//! One job: choose the file, have it rendered, put the rungs on disk, tell the catalog.

use std::{path::PathBuf, sync::Arc, time::Duration};

use catalog::{Catalog, CatalogError, DerivativeStore, Job, MadeDerivative, MadePreview, Part, Stage, Version};
use develop::{ProofSpec, RenderError, Rendered, worker::WorkerError};
use model::{FileKind, Rung, UnixMillis};
use sha2::{Digest, Sha256};

use crate::{Clock, Develop, Render, StoreError, store};

/// Version of the way proofs are made; raising it makes every proof anew.
const RECIPE_VERSION: u32 = 1;

/// Why a preview was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The worker refused or failed.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The picture could not be put on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalog could not be written.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The frame has no file that a picture could come from.
    #[error("the frame has no picture file any more")]
    NoFile,
    /// The worker said it was done and had sent less than was asked for.
    #[error("the preview came back incomplete")]
    Incomplete,
}

impl MakeError {
    /// Whether another try may end differently.
    fn worth_a_retry(&self) -> bool {
        match self {
            Self::Worker(error) => error.worth_a_retry(),
            Self::Store(_) | Self::Catalog(_) => true,
            Self::NoFile | Self::Incomplete => false,
        }
    }
}

/// Makes previews.
pub struct Maker {
    /// State.
    pub catalog: Catalog,
    /// Capped worker processes.
    pub render: Arc<dyn Render>,
    /// The darkroom.
    pub develop: Arc<dyn Develop>,
    /// The longest that one development may take: [`crate::DEVELOP_MAX`], unless a test is in a hurry.
    pub develop_max: Duration,
    /// Where derivatives go.
    pub derivatives: DerivativeStore,
    /// The folder of originals, that landed paths are below.
    pub originals: PathBuf,
    /// Burned into proofs.
    pub event_name: String,
    /// The laptop's clock.
    pub clock: Clock,
}

impl Maker {
    pub(crate) fn now(&self) -> UnixMillis {
        (self.clock)()
    }

    pub(crate) async fn make(&self, job: Job) {
        if job.part == Part::Developed {
            return self.develop(&job).await;
        }
        let Err(error) = self.try_make(&job).await else { return };
        if let Err(error) = self.fail(&job, &error).await {
            tracing::error!(frame = %job.name, %error, "a failed preview could not be recorded");
        }
    }

    /// Another try, or words for the operator. A raw without a picture of the camera's gets its first one by development.
    async fn fail(&self, job: &Job, error: &MakeError) -> Result<(), CatalogError> {
        let mut problem = error.to_string();
        if matches!(error, MakeError::Worker(WorkerError::Render(RenderError::NoEmbeddedPreview))) {
            match self.catalog.develop_instead(job.frame).await? {
                Ok(()) => return Ok(()),
                Err(reason) => problem = reason.unwrap_or(problem),
            }
        }
        tracing::warn!(frame = %job.name, attempt = job.attempt, problem, "no preview");
        self.catalog.fail_preview(job.frame, &problem, error.worth_a_retry(), self.now()).await
    }

    /// What to make, and what to burn in.
    pub(crate) fn spec(&self, job: &Job, rungs: Vec<Rung>) -> ProofSpec {
        ProofSpec {
            event_name: self.event_name.clone(),
            frame_name: job.name.clone(),
            rungs,
            recipe_version: RECIPE_VERSION,
        }
    }

    async fn try_make(&self, job: &Job) -> Result<(), MakeError> {
        let path = self.input(job).ok_or(MakeError::NoFile)?;
        let rungs = if job.part == Part::Large { vec![Rung::Large] } else { vec![Rung::Screen, Rung::Thumb] };
        let spec = self.spec(job, rungs);
        let version = version_of(job, &spec);
        let mut rendered = Vec::new();
        self.render.render(&path, &spec, &mut |one| rendered.push((one, self.now()))).await?;
        if rendered.len() < spec.rungs.len() {
            return Err(MakeError::Incomplete);
        }
        let made = self.keep(version, rendered).await?;
        self.catalog.finish_preview(job.frame, &made, job.part == Part::Large).await?;
        Ok(())
    }

    /// Puts rungs on disk.
    pub(crate) async fn keep(
        &self,
        version: Version,
        rendered: Vec<(Rendered, UnixMillis)>,
    ) -> Result<MadePreview, StoreError> {
        let mut made = MadePreview { version, derivatives: vec![], thumbhash: None, stages: vec![] };
        made.stages.extend(rendered.last().map(|(_, at)| (Stage::Encoded, *at)));
        for (rendered, at) in rendered {
            store::write(&self.derivatives.path(&made.version, rendered.rung), &rendered.jpeg).await?;
            made.derivatives.push(MadeDerivative {
                rung: rendered.rung,
                bytes: rendered.jpeg.len() as u64,
                width_px: rendered.width_px,
                height_px: rendered.height_px,
            });
            if let Some(decode) = rendered.decoded_ms_ago {
                made.stages.push((Stage::Decoded, UnixMillis(at.0 - i64::from(decode))));
            }
            made.thumbhash = rendered.thumbhash.or(made.thumbhash);
        }
        Ok(made)
    }

    /// The camera's own JPEG if it is there, else the raw for its embedded one; landed files before those on their way.
    fn input(&self, job: &Job) -> Option<PathBuf> {
        let landed =
            |wanted| job.landed.iter().find(|(kind, _)| *kind == wanted).map(|(_, path)| self.originals.join(path));
        let arriving =
            |wanted| job.arriving.iter().find(|(kind, _)| *kind == wanted).map(|(_, path)| PathBuf::from(path));
        [FileKind::Jpeg, FileKind::Raw].into_iter().find_map(|kind| landed(kind).or_else(|| arriving(kind)))
    }
}

/// SHA-256 over frame and recipe, cut to 128 bits: the same frame and recipe always have the same address.
fn version_of(job: &Job, spec: &ProofSpec) -> Version {
    let mut hasher = Sha256::new();
    hasher.update(b"boothlight proof\0");
    hasher.update(job.frame.as_bytes());
    hasher.update(spec.key());
    let digest: [u8; 32] = hasher.finalize().into();
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    Version::new(key)
}
