//! How much room is left for originals.

use std::path::Path;

/// What a frame takes before the first one has landed: a 24 MP raw with its JPEG.
const FRAME_BYTES_GUESS: u64 = 32_000_000;

/// Free bytes where the originals go, for this user; none where it cannot be told.
pub(crate) fn free_bytes(originals: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(originals).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// How many more frames fit, by the mean so far.
pub(crate) fn frames_left(free_bytes: u64, mean_frame_bytes: Option<u64>) -> u64 {
    free_bytes / mean_frame_bytes.filter(|&bytes| bytes > 0).unwrap_or(FRAME_BYTES_GUESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_left_follow_the_mean_and_survive_an_empty_evening() {
        assert_eq!(frames_left(320_000_000, None), 10);
        assert_eq!(frames_left(320_000_000, Some(0)), 10);
        assert_eq!(frames_left(320_000_000, Some(16_000_000)), 20);
    }
}
