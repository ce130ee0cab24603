//! One job: choose the file, have it rendered, put the rungs on disk, tell the catalog.

use std::{path::PathBuf, sync::Mutex};

use catalog::{Catalog, CatalogError, DerivativeStore, Job, MadeDerivative, MadePreview, Stage, Version};
use develop::{
    ProofSpec, Rendered,
    worker::{Pool, WorkerError},
};
use model::{FileKind, Rung, UnixMillis};
use sha2::{Digest, Sha256};

use crate::{Clock, StoreError, store};

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
    /// The worker said it was done and had sent no proofs.
    #[error("the preview came back incomplete")]
    NoProofs,
}

impl MakeError {
    /// Whether another try may end differently.
    fn worth_a_retry(&self) -> bool {
        match self {
            Self::Worker(error) => error.worth_a_retry(),
            Self::Store(_) | Self::Catalog(_) => true,
            Self::NoFile | Self::NoProofs => false,
        }
    }
}

/// Makes previews.
pub struct Maker {
    /// State.
    pub catalog: Catalog,
    /// Capped worker processes.
    pub pool: Pool,
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
        let Err(error) = self.try_make(&job).await else { return };
        tracing::warn!(frame = %job.name, attempt = job.attempt, %error, "no preview");
        let outcome = self.catalog.fail_preview(job.frame, &error.to_string(), error.worth_a_retry(), self.now()).await;
        if let Err(error) = outcome {
            tracing::error!(frame = %job.name, %error, "a failed preview could not be recorded");
        }
    }

    async fn try_make(&self, job: &Job) -> Result<(), MakeError> {
        let path = self.input(job).ok_or(MakeError::NoFile)?;
        let spec = ProofSpec {
            event_name: self.event_name.clone(),
            frame_name: job.name.clone(),
            rungs: vec![Rung::Screen, Rung::Thumb, Rung::Large],
            recipe_version: RECIPE_VERSION,
        };
        let version = version_of(job, &spec);
        let (send, mut receive) = tokio::sync::mpsc::channel::<(Rendered, UnixMillis)>(4);
        let decoded_at = Mutex::new(None);
        let render = async {
            let report = self
                .pool
                .render(&path, &spec, |rendered| {
                    let now = self.now();
                    // Four rungs at the most, and a channel of four: this never finds it full.
                    let _ = send.try_send((rendered, now));
                })
                .await;
            drop(send);
            report
        };
        let keep = self.keep(job, &version, &mut receive, &decoded_at);
        let (report, kept) = tokio::join!(render, keep);
        report?;
        kept
    }

    /// Puts rungs on disk as they come; tells the catalog as soon as both proofs are there, and again at the end.
    async fn keep(
        &self,
        job: &Job,
        version: &Version,
        rendered: &mut tokio::sync::mpsc::Receiver<(Rendered, UnixMillis)>,
        _decoded_at: &Mutex<Option<UnixMillis>>,
    ) -> Result<(), MakeError> {
        let mut made = MadePreview { version: version.clone(), derivatives: vec![], thumbhash: vec![], stages: vec![] };
        let mut shown = false;
        while let Some((rendered, at)) = rendered.recv().await {
            store::write(&self.derivatives.path(version, rendered.rung), &rendered.jpeg).await?;
            made.derivatives.push(MadeDerivative {
                rung: rendered.rung,
                bytes: rendered.jpeg.len() as u64,
                width_px: rendered.width_px,
                height_px: rendered.height_px,
            });
            if let Some(decode) = rendered.decoded_ms_ago {
                made.stages.push((Stage::Decoded, UnixMillis(at.0 - i64::from(decode))));
            }
            if let Some(hash) = rendered.thumbhash {
                made.thumbhash = hash;
            }
            let proofs = made.derivatives.iter().filter(|made| made.rung.is_proof()).count();
            if !shown && proofs == 2 {
                made.stages.push((Stage::Encoded, at));
                self.catalog.finish_preview(job.frame, &made, false).await?;
                shown = true;
            }
        }
        if !shown {
            return Err(MakeError::NoProofs);
        }
        self.catalog.finish_preview(job.frame, &made, true).await?;
        Ok(())
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
