//! Who tells whether a file is whole: implemented over the capped worker process, so that hostile bytes stay outside.

use std::{future::Future, path::Path, pin::Pin};

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

/// What [`Inspector::inspect`] returns.
pub type InspectFuture<'a> = Pin<Box<dyn Future<Output = Result<Inspected, Refusal>> + Send + 'a>>;

/// Reads a file's structure. Reads only; may be asked about the same file again and again.
pub trait Inspector: Send + Sync {
    /// Whether the file is whole from its first to its last byte, and what it is.
    fn inspect<'a>(&'a self, path: &'a Path) -> InspectFuture<'a>;
}
