//! Waiting for what must happen: never longer than a deadline, never a fixed time.

use std::{
    fmt::Debug,
    time::{Duration, Instant},
};

/// How often is looked.
const EVERY: Duration = Duration::from_millis(20);

/// Waits until `look` gives something; else ends the test with what it waited for and what it saw instead.
pub async fn until<T, S: Debug>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Result<T, S>) -> T {
    let begun = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) => {
                let waited_s = begun.elapsed().as_secs_f32();
                assert!(begun.elapsed() < within, "waited {waited_s:.1} s for: {what}; it is {seen:?}");
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}
