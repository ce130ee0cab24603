//! Time since the start, which tests turn themselves.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

/// A clock; clones show the same time.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Clock {
    /// A clock that somebody else turns.
    #[cfg(test)]
    pub fn turned_by(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Time since the clock was made.
    pub fn now(&self) -> Duration {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        let begun = Instant::now();
        Self(Arc::new(move || begun.elapsed()))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Clock({:?})", self.now())
    }
}
