//! Logs, on standard error.

use tracing_subscriber::EnvFilter;

/// Begins to log; BOOTHLIGHT_LOG sets the level, `info` unless set. A second call changes nothing.
pub fn init() {
    let filter = EnvFilter::try_from_env("BOOTHLIGHT_LOG").unwrap_or_else(|_| "info".into());
    // Somebody else's logging stays.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}
