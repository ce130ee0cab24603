//! Who tells whether a file is whole: implemented over the capped worker process, so that hostile bytes stay outside.

use std::{future::Future, path::Path, pin::Pin};

use develop::{
    InspectError, Inspection,
    worker::{Pool, WorkerError},
};
use model::{CaptureFacts, FileKind};

/// A whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// What it is.
    pub kind: FileKind,
    /// What it says about itself.
    pub facts: CaptureFacts,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// It has no bytes.
    Empty,
    /// It is something else than a camera file.
    Foreign,
    /// It is a picture of a kind that is not opened here.
    Unsupported,
    /// It claims to be a camera file and is broken.
    Garbage,
    /// Its end is missing.
    Truncated,
    /// It cannot be read: permissions, a disk's fault.
    Unreadable,
    /// The worker died or took too long.
    WorkerFailed,
}

/// A file that is not taken, at least not now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: RefusalKind,
    /// The same in plain words, for the attention list.
    pub problem: String,
    /// The rest may still come.
    pub incomplete: bool,
    /// Asking again, with nothing changed, may succeed.
    pub retry: bool,
}

impl Refusal {
    /// Whether to ask again by ourselves: not where the file's own end is missing, which only its writer can bring.
    pub(crate) fn asks_again(&self) -> bool {
        self.retry && !self.incomplete
    }
}

/// What [`Inspector::inspect`] returns.
pub type InspectFuture<'a> = Pin<Box<dyn Future<Output = Result<Inspected, Refusal>> + Send + 'a>>;

/// Reads a file's structure. Reads only; may be asked about the same file again and again.
pub trait Inspector: Send + Sync {
    /// Whether the file is whole from its first to its last byte, and what it is.
    fn inspect<'a>(&'a self, path: &'a Path) -> InspectFuture<'a>;
}

/// The capped worker processes.
impl Inspector for Pool {
    fn inspect<'a>(&'a self, path: &'a Path) -> InspectFuture<'a> {
        Box::pin(async move {
            match Pool::inspect(self, path).await {
                Ok(found) => Ok(found.into()),
                Err(WorkerError::Inspect(error)) => Err(error.into()),
                Err(error) => Err(Refusal {
                    reason: RefusalKind::WorkerFailed,
                    problem: capitalised(&error.to_string()),
                    incomplete: false,
                    retry: error.worth_a_retry(),
                }),
            }
        })
    }
}

impl From<Inspection> for Inspected {
    fn from(found: Inspection) -> Self {
        Self { kind: found.kind, facts: found.facts }
    }
}

impl From<InspectError> for Refusal {
    fn from(error: InspectError) -> Self {
        let reason = match error {
            InspectError::Empty => RefusalKind::Empty,
            InspectError::Foreign => RefusalKind::Foreign,
            InspectError::Unsupported { .. } => RefusalKind::Unsupported,
            InspectError::Garbage { .. } => RefusalKind::Garbage,
            InspectError::Truncated { .. } => RefusalKind::Truncated,
            InspectError::Io { .. } => RefusalKind::Unreadable,
        };
        Self {
            problem: capitalised(&error.to_string()),
            // An empty file may fill up too, but nobody should wait half a minute to hear of it.
            incomplete: error.is_incomplete() && reason != RefusalKind::Empty,
            retry: reason == RefusalKind::Unreadable,
            reason,
        }
    }
}

/// An error's words as the beginning of a sentence.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_structure_says_becomes_what_is_done() {
        let cut = Refusal::from(InspectError::Truncated { what: "the strip".into(), have_bytes: 1, need_bytes: 2 });
        assert!(cut.incomplete && !cut.asks_again() && cut.problem.starts_with("The file is cut off"));
        let empty = Refusal::from(InspectError::Empty);
        assert!(!empty.incomplete && !empty.asks_again());
        let unreadable = Refusal::from(InspectError::Io { detail: "no".into() });
        assert!(unreadable.asks_again() && unreadable.reason == RefusalKind::Unreadable);
    }
}
