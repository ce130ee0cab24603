//! Joins ingest's question "is this file whole?" with develop's capped workers. Here, because neither room knows the other.

use std::path::Path;

use develop::{
    InspectError,
    worker::{Pool, WorkerError},
};
use ingest::{InspectFuture, Inspected, Inspector, Refusal, RefusalKind};

/// Inspects files in worker processes.
pub(crate) struct WorkerInspector(pub Pool);

impl Inspector for WorkerInspector {
    fn inspect<'a>(&'a self, path: &'a Path) -> InspectFuture<'a> {
        Box::pin(async move {
            let found = self.0.inspect(path).await.map_err(|error| refusal(&error))?;
            Ok(Inspected { kind: found.kind, facts: found.facts })
        })
    }
}

fn refusal(error: &WorkerError) -> Refusal {
    let (reason, incomplete) = match error {
        WorkerError::Inspect(error) => {
            let reason = match error {
                InspectError::Empty => RefusalKind::Empty,
                InspectError::Foreign => RefusalKind::Foreign,
                InspectError::Truncated { .. } => RefusalKind::Truncated,
                InspectError::Io { .. } => RefusalKind::Unreadable,
                InspectError::Garbage { .. } => RefusalKind::Garbage,
            };
            (reason, error.is_incomplete())
        }
        _ => (RefusalKind::WorkerFailed, false),
    };
    Refusal { reason, problem: error.to_string(), incomplete, retry: error.worth_a_retry() }
}
