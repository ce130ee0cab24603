//! What previews asks of the developing room, as traits: tests hand in pictures of their own, or faults.

use std::{path::Path, pin::Pin};

use catalog::{NotDeveloped, StoredRecipe};
use develop::{
    DevelopError, Developer, ProofSpec, Rendered, Settled,
    recipe::Recipe,
    worker::{Pool, WorkerError},
};
use model::ContentHash;

/// What comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes each derivative as soon as it is there.
pub type Sink<'a> = &'a mut (dyn FnMut(Rendered) + Send);

/// Makes derivatives of the camera's own picture.
pub trait Render: Send + Sync + 'static {
    /// The rungs of `spec`, of the largest picture that the camera put into the file.
    fn render<'a>(&'a self, path: &'a Path, spec: &'a ProofSpec, sink: Sink<'a>) -> Later<'a, Result<(), WorkerError>>;
}

impl Render for Pool {
    fn render<'a>(&'a self, path: &'a Path, spec: &'a ProofSpec, sink: Sink<'a>) -> Later<'a, Result<(), WorkerError>> {
        Box::pin(async move { Self::render(self, path, spec, sink).await.map(|_| ()) })
    }
}

/// Develops raws.
pub trait Develop: Send + Sync + 'static {
    /// The rungs of `spec`, of the raw as `recipe` has it. `prior` is what auto came to in a picture of the same burst.
    fn develop<'a>(
        &'a self,
        path: &'a Path,
        recipe: &'a Recipe,
        prior: Option<&'a str>,
        spec: &'a ProofSpec,
        sink: Sink<'a>,
    ) -> Later<'a, Result<Developed, DevelopFailure>>;
}

/// A raw that was developed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Developed {
    /// What auto came to, as JSON that the developing room reads again.
    pub settled: String,
    /// What did it: `CPU (2 cores)`, or a graphics card's name.
    pub device: String,
}

/// A raw that was not developed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DevelopFailure {
    /// Whether and when it is worth another try.
    pub why: NotDeveloped,
    /// In plain words.
    pub reason: String,
}

impl DevelopFailure {
    /// Of that kind, with these words.
    pub fn new(why: NotDeveloped, reason: impl Into<String>) -> Self {
        Self { why, reason: reason.into() }
    }
}

impl Develop for Developer {
    fn develop<'a>(
        &'a self,
        path: &'a Path,
        recipe: &'a Recipe,
        prior: Option<&'a str>,
        spec: &'a ProofSpec,
        sink: Sink<'a>,
    ) -> Later<'a, Result<Developed, DevelopFailure>> {
        Box::pin(async move {
            let prior = prior.and_then(read_settled);
            let report = Self::develop(self, path, recipe, prior.as_ref(), spec, sink).await?;
            let settled = serde_json::to_string(&report.settled)
                .map_err(|error| DevelopFailure::new(NotDeveloped::Failed, error.to_string()))?;
            Ok(Developed { settled, device: report.device })
        })
    }
}

/// What an earlier development came to; none where an older version of the program wrote it otherwise: then auto looks anew.
pub fn read_settled(json: &str) -> Option<Settled> {
    serde_json::from_str(json).ok()
}

impl From<DevelopError> for DevelopFailure {
    fn from(error: DevelopError) -> Self {
        let why = if error.is_undevelopable() {
            NotDeveloped::Undevelopable
        } else if error.worth_a_retry() {
            NotDeveloped::Retry
        } else {
            NotDeveloped::Failed
        };
        Self::new(why, error.to_string())
    }
}

/// The recipe as the catalog keeps it.
pub fn stored(recipe: &Recipe) -> StoredRecipe {
    StoredRecipe { hash: ContentHash(recipe.hash()), json: recipe.to_json() }
}
