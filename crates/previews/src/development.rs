//! One development: have the raw developed, put all rungs on disk, let them take the place of what is shown.

use std::{path::PathBuf, time::Duration};

use catalog::{CatalogError, DerivativeStore, Job, MadeDevelopment, NotDeveloped, Part, Prior, Version, Wish};
use develop::{ProofSpec, Rendered, recipe::Recipe};
use model::{FileKind, Rung, UnixMillis};
use sha2::{Digest, Sha256};

use crate::{DevelopFailure, Maker, StoreError, store};

/// A development that takes longer has lost its way: the slowest laptop needs a few seconds.
pub const DEVELOP_MAX: Duration = Duration::from_mins(1);
/// What auto came to is a few numbers and a curve.
const SETTLED_MAX_BYTES: usize = 64 * 1024;
/// All that is made of a developed picture: it was decoded once, which is most of the work.
const RUNGS: [Rung; 3] = [Rung::Screen, Rung::Thumb, Rung::Large];

impl Maker {
    /// Develops one frame, or says why not. What is shown stays until all of the new picture is on disk.
    pub(crate) async fn develop(&self, job: &Job) {
        let Some(wish) = &job.wish else {
            // A job for a development is only queued where there is a look, and an event's look is never taken away.
            tracing::error!(frame = %job.name, "a development without a look");
            return;
        };
        let Err(failure) = self.try_develop(job, wish).await else { return };
        tracing::warn!(frame = %job.name, attempt = job.attempt, reason = %failure.reason, "not developed");
        let told =
            self.catalog.fail_development(job.frame, &wish.recipe, failure.why, &failure.reason, self.now()).await;
        if let Err(error) = told {
            tracing::error!(frame = %job.name, %error, "a failed development could not be recorded");
        }
    }

    async fn try_develop(&self, job: &Job, wish: &Wish) -> Result<(), DevelopFailure> {
        let path = self.raw(job).ok_or_else(|| DevelopFailure::new(NotDeveloped::NoRaw, "the raw is not here"))?;
        let recipe = Recipe::from_json(wish.recipe.json.as_bytes())
            .map_err(|error| DevelopFailure::new(NotDeveloped::Failed, error.to_string()))?;
        let spec = self.spec(job, RUNGS.to_vec());
        let mut rendered: Vec<(Rendered, UnixMillis)> = Vec::new();
        let mut sink = |one: Rendered| {
            if rendered.len() < RUNGS.len() {
                rendered.push((one, self.now()));
            }
        };
        let prior = wish.prior.as_ref().map(|prior| prior.settled.as_str());
        let working = self.develop.develop(&path, &recipe, prior, &spec, &mut sink);
        let developed = tokio::time::timeout(self.develop_max, working)
            .await
            .map_err(|_| DevelopFailure::new(NotDeveloped::Retry, "the development took too long"))??;
        let whole = RUNGS.iter().all(|rung| rendered.iter().any(|(one, _)| one.rung == *rung));
        if !whole || developed.settled.len() > SETTLED_MAX_BYTES {
            return Err(DevelopFailure::new(NotDeveloped::Failed, "the developed picture came back incomplete"));
        }
        let version = version_of(job, &spec, wish, &developed.settled);
        let preview = match self.keep(version.clone(), rendered).await {
            Ok(preview) => preview,
            Err(error) => {
                self.drop_unless_shown(&version).await?;
                return Err(error.into());
            }
        };
        let made = MadeDevelopment {
            preview,
            recipe: wish.recipe.clone(),
            settled: developed.settled,
            prior: wish.prior.as_ref().map(|Prior { frame, .. }| *frame),
            device: developed.device,
            at: self.now(),
        };
        if !self.catalog.finish_development(job.frame, &made).await? {
            self.drop_unless_shown(&version).await?;
        }
        Ok(())
    }

    fn raw(&self, job: &Job) -> Option<PathBuf> {
        let of_kind = |files: &[(FileKind, String)]| {
            files.iter().find(|(kind, _)| *kind == FileKind::Raw).map(|(_, path)| PathBuf::from(path))
        };
        of_kind(&job.landed).map(|below| self.originals.join(below)).or_else(|| of_kind(&job.arriving))
    }

    /// Takes away what was made for a look that the frame has no more.
    async fn drop_unless_shown(&self, version: &Version) -> Result<(), CatalogError> {
        if self.catalog.frame_by_version(version).await?.is_none() {
            remove(&self.derivatives, version).await;
        }
        Ok(())
    }
}

/// Removes all files of that key; what is not there is as good as removed.
pub(crate) async fn remove(derivatives: &DerivativeStore, version: &Version) {
    for rung in RUNGS {
        store::remove(&derivatives.path(version, rung)).await;
    }
}

/// SHA-256 over frame, look and what auto came to, cut to 128 bits: another picture always has another address.
fn version_of(job: &Job, spec: &ProofSpec, wish: &Wish, settled: &str) -> Version {
    debug_assert_eq!(job.part, Part::Developed);
    let mut hasher = Sha256::new();
    hasher.update(b"boothlight developed\0");
    hasher.update(job.frame.as_bytes());
    let key = spec.key();
    hasher.update((key.len() as u64).to_be_bytes());
    hasher.update(key);
    hasher.update(wish.recipe.hash.0);
    hasher.update(settled);
    let digest: [u8; 32] = hasher.finalize().into();
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    Version::new(key)
}

impl From<StoreError> for DevelopFailure {
    fn from(error: StoreError) -> Self {
        Self::new(NotDeveloped::Retry, error.to_string())
    }
}

impl From<CatalogError> for DevelopFailure {
    fn from(error: CatalogError) -> Self {
        Self::new(NotDeveloped::Retry, error.to_string())
    }
}
