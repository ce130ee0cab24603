//! Randomness that a failing run can repeat: BOOTHLIGHT_SEED takes the seed that it printed.

use std::{ops::Range, time::Duration};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

/// A stream of decisions.
#[derive(Debug)]
pub struct Chance {
    rng: StdRng,
    seed: u64,
}

impl Chance {
    /// The seed of BOOTHLIGHT_SEED, else a new one; printed, so that a failing run shows it.
    pub fn of_this_run() -> Self {
        let given = std::env::var("BOOTHLIGHT_SEED").ok();
        let seed = given.map_or_else(|| u64::from(rand::random::<u32>()), |text| text.trim().parse().unwrap());
        println!("to repeat this run: BOOTHLIGHT_SEED={seed}");
        Self::of(seed, 0)
    }

    /// The stream of `seed`; `salt` separates what must not depend on each other.
    pub fn of(seed: u64, salt: u64) -> Self {
        Self { rng: StdRng::seed_from_u64(seed ^ salt.rotate_left(32)), seed }
    }

    /// Another stream of the same seed.
    #[must_use]
    pub fn fork(&self, salt: u64) -> Self {
        Self::of(self.seed, salt)
    }

    /// A number of the range.
    pub fn within(&mut self, range: Range<usize>) -> usize {
        self.rng.random_range(range)
    }

    /// A time of the range, to the millisecond.
    pub fn ms(&mut self, range_ms: Range<u64>) -> Duration {
        Duration::from_millis(self.rng.random_range(range_ms))
    }

    /// True in `percent` of the cases.
    pub fn happens(&mut self, percent: u32) -> bool {
        self.rng.random_ratio(percent.min(100), 100)
    }

    /// One of the listed.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.within(0..from.len())]
    }

    /// Mixes all of it.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        list.shuffle(&mut self.rng);
    }
}
