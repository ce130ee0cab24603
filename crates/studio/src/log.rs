//! Logs, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Begins to log; BOOTHLIGHT_LOG sets the level, `info` unless set. A second call changes nothing.
pub fn init() {
    let filter = EnvFilter::try_from_env("BOOTHLIGHT_LOG").unwrap_or_else(|_| "info".into());
    // Colours are for eyes, not for files.
    let coloured = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(coloured);
    // Somebody else's logging stays.
    let _ = log.with_target(false).try_init();
}
