//! What a source of captures promises.

use std::{future::Future, path::Path, pin::Pin, sync::Arc};

use tokio_util::sync::CancellationToken;

/// What [`Source::run`] returns.
pub(crate) type SourceRun = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A way in. A new way in is a new file that keeps these promises; landing and status are shared.
pub(crate) trait Source: Send + Sync {
    /// Stable and unique within one run of the studio.
    fn id(&self) -> &str;

    /// The name that the operator knows the source by: its folder.
    fn name(&self) -> &str;

    /// Takes files until `stop`, or until the source is read to its end. Never deletes, renames or writes anything at the
    /// source; outlives a folder that vanishes and a file that cannot be read; when it returns, its tasks have ended.
    fn run(self: Arc<Self>, stop: CancellationToken) -> SourceRun;

    /// Looks at that file again even if nothing happened to it. False when the file is not of this source.
    fn reexamine(&self, path: &Path) -> bool;
}
