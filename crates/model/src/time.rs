//! Time as the studio writes it down.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, by the laptop's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// Milliseconds from `earlier` to `self`; negative when the clock was set back in between.
    pub fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}
