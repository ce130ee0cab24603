//! Builds and runs the rooms: configuration, start and stop, the rehearsal, health.
//!
//! The only room that knows them all. No rule of the product lives here: it passes the clock, random bytes and folders in,
//! and joins ingest, previews and gateway through the catalog. What goes wrong at start is a [`StartError`], which knows
//! its exit code.

mod chance;
mod cli;
mod darkroom;
mod develop;
mod disk;
mod error;
mod folders;
mod lock;
mod log;
mod port;
mod rebuild;
mod rehearse;
mod running;
mod seed;

pub use crate::develop::{DevelopArgs, Developed, Device, develop};
pub use cli::{Cli, Command, FlowArg, ServeArgs, WindowCli};
pub use error::{ExitCode, StartError};
pub use log::init as init_log;
pub use rebuild::{RebuildArgs, Rebuilt, rebuild};
pub use rehearse::{FilesArgs, write_files};
pub use running::{Ready, Running, Studio};
pub use seed::{SeedArgs, seed};

/// Runs as a worker when the first argument says so: risky work is done by children that are this same executable.
/// `None` means that this process is no worker.
pub fn worker_main() -> Option<std::process::ExitCode> {
    (std::env::args().nth(1).as_deref() == Some("worker")).then(::develop::worker::serve)
}
