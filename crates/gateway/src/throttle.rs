//! Rate limits by key: a generic cell rate algorithm whose time is passed in and whose memory is bounded.
//!
//! A crate does this too, but none lets a caller ask before it counts, and wrong guesses are only known after the answer.

use std::{collections::HashMap, hash::Hash};

use model::UnixMillis;

/// How much is allowed: `burst` at once, then one for each `every_ms`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    pub burst: u32,
    pub every_ms: i64,
}

impl Allowance {
    fn tolerance_ms(self) -> i64 {
        self.every_ms * (i64::from(self.burst) - 1)
    }
}

/// Counts by key. A key that was quiet long enough is forgotten; beyond `keys_max` the quietest one is.
#[derive(Debug)]
pub(crate) struct Throttle<K> {
    allowance: Allowance,
    keys_max: usize,
    /// The time at which each key's allowance is whole again.
    whole_at: HashMap<K, i64>,
}

impl<K: Hash + Eq + Copy> Throttle<K> {
    pub(crate) fn new(allowance: Allowance, keys_max: usize) -> Self {
        Self { allowance, keys_max, whole_at: HashMap::new() }
    }

    /// Milliseconds until `key` may act; `None` when it may now. Counts nothing.
    pub(crate) fn wait_ms(&self, key: K, now: UnixMillis) -> Option<i64> {
        let whole_at = self.whole_at.get(&key).copied().unwrap_or(now.0);
        let wait = whole_at - now.0 - self.allowance.tolerance_ms();
        (wait > 0).then_some(wait)
    }

    /// Counts one act of `key`.
    pub(crate) fn count(&mut self, key: K, now: UnixMillis) {
        if !self.whole_at.contains_key(&key) && self.whole_at.len() >= self.keys_max {
            self.make_room(now);
        }
        let whole_at = self.whole_at.entry(key).or_insert(now.0);
        *whole_at = (*whole_at).max(now.0) + self.allowance.every_ms;
    }

    /// Counts one act if it is allowed; otherwise how long to wait, ms.
    pub(crate) fn take(&mut self, key: K, now: UnixMillis) -> Result<(), i64> {
        if let Some(wait) = self.wait_ms(key, now) {
            return Err(wait);
        }
        self.count(key, now);
        Ok(())
    }

    fn make_room(&mut self, now: UnixMillis) {
        self.whole_at.retain(|_, whole_at| *whole_at > now.0);
        if self.whole_at.len() >= self.keys_max {
            let quietest = self.whole_at.iter().min_by_key(|(_, whole_at)| **whole_at).map(|(key, _)| *key);
            if let Some(key) = quietest {
                self.whole_at.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE_THEN_ONE_A_SECOND: Allowance = Allowance { burst: 3, every_ms: 1000 };

    #[test]
    fn a_burst_passes_then_one_at_a_time() {
        let mut throttle = Throttle::new(THREE_THEN_ONE_A_SECOND, 10);
        for _ in 0..3 {
            assert_eq!(throttle.take("a", UnixMillis(0)), Ok(()));
        }
        assert_eq!(throttle.take("a", UnixMillis(0)), Err(1000));
        assert_eq!(throttle.take("a", UnixMillis(400)), Err(600));
        assert_eq!(throttle.take("a", UnixMillis(1000)), Ok(()));
        assert_eq!(throttle.take("a", UnixMillis(1001)), Err(999));
        assert_eq!(throttle.take("b", UnixMillis(1001)), Ok(()), "one key does not pay for another");
    }

    #[test]
    fn asking_counts_nothing() {
        let mut throttle = Throttle::new(THREE_THEN_ONE_A_SECOND, 10);
        for _ in 0..100 {
            assert_eq!(throttle.wait_ms(1, UnixMillis(5)), None);
        }
        for _ in 0..3 {
            throttle.count(1, UnixMillis(5));
        }
        assert_eq!(throttle.wait_ms(1, UnixMillis(5)), Some(1000));
    }

    #[test]
    fn memory_is_bounded_and_the_busiest_are_remembered() {
        let mut throttle = Throttle::new(THREE_THEN_ONE_A_SECOND, 4);
        for _ in 0..3 {
            throttle.count(0, UnixMillis(0));
        }
        for key in 1..1000 {
            throttle.count(key, UnixMillis(0));
        }
        assert_eq!(throttle.whole_at.len(), 4);
        assert!(throttle.wait_ms(0, UnixMillis(0)).is_some());
    }
}
