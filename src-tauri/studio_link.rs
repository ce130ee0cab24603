//! The one place where the shell touches the studio's own types.

use std::{fmt, process::ExitCode};

use studio::{Running, ServeArgs, Studio, WindowCli};

pub use studio::init_log;

/// Exit codes that the shell itself gives; the studio's errors know theirs.
pub const UNFORESEEN: studio::ExitCode = studio::ExitCode::Unforeseen;
/// A folder or address cannot be used; here, also: there is no display.
pub const REFUSED: studio::ExitCode = studio::ExitCode::Refused;

/// Why the studio did not start, for the person in front of it.
#[derive(Debug)]
pub struct Failure {
    /// What happened, what is safe, what to do next.
    pub message: String,
    /// What the program ends with.
    pub code: studio::ExitCode,
}

impl Failure {
    /// A fault of the program itself.
    pub fn unforeseen(error: &dyn fmt::Display) -> Self {
        Self { message: format!("the studio stopped while it was starting: {error}"), code: UNFORESEEN }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

/// Runs as a worker when the first argument says so.
pub fn worker() -> Option<ExitCode> {
    studio::worker_main()
}

/// What the command line says; help, version and mistakes end the program here.
pub fn args() -> ServeArgs {
    WindowCli::read()
}

/// Starts the studio.
pub async fn start(args: ServeArgs) -> Result<Running, Failure> {
    Studio::start(args).await.map_err(|error| Failure { message: error.to_string(), code: error.exit_code() })
}
