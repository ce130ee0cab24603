//! Where the GPU's time went.

use serde::{Deserialize, Serialize};

/// Time of one op.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpTime {
    /// The op's name, as of its file.
    pub op: String,
    /// Microseconds, all its dispatches together.
    pub us: f32,
}

/// The GPU's own clock over one frame, by timestamp queries. Uploads and read-backs are told where the device has
/// timestamps outside of compute passes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GpuTimes {
    /// Each op, in the order of work; `upload` and `read_back` among them.
    pub ops: Vec<OpTime>,
    /// From the first stamp to the last, microseconds.
    pub total_us: f32,
}

impl GpuTimes {
    /// From pairs of stamps (begin, end) in ticks of `period_ns`.
    pub(crate) fn of_stamps(names: &[&'static str], stamps: &[u64], period_ns: f32) -> Self {
        let micros = |ticks: u64| ticks as f32 * period_ns / 1000.0;
        let mut times = Self::default();
        for (name, pair) in names.iter().zip(stamps.chunks_exact(2)) {
            let us = micros(pair[1].saturating_sub(pair[0]));
            match times.ops.iter_mut().find(|time| time.op == *name) {
                Some(time) => time.us += us,
                None => times.ops.push(OpTime { op: (*name).into(), us }),
            }
        }
        let used = &stamps[..stamps.len().min(2 * names.len())];
        let (first, last) = (used.iter().min().copied().unwrap_or(0), used.iter().max().copied().unwrap_or(0));
        times.total_us = micros(last - first);
        times
    }

    /// Both parts of a development that was made in two.
    pub(crate) fn with(mut self, later: Self) -> Self {
        self.ops.extend(later.ops);
        self.total_us += later.total_us;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_one_op_are_added() {
        let times = GpuTimes::of_stamps(&["a", "b", "a"], &[0, 1000, 1000, 4000, 4000, 6000], 2.0);
        let us: Vec<(&str, f32)> = times.ops.iter().map(|time| (time.op.as_str(), time.us)).collect();
        assert_eq!((us, times.total_us), (vec![("a", 6.0), ("b", 6.0)], 12.0));
    }
}
