//! Weights of a separable resampling: Lanczos with three lobes, widened by the scale when it shrinks (Turkowski, "Filters
//! for Common Resampling Tasks", Graphics Gems I, 1990).

use std::f64::consts::PI;

/// Lobes of the kernel on each side.
const LOBES: f64 = 3.0;

/// Weights along one axis: for every output sample, where it reads and how much of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Taps {
    /// Weights of one output sample.
    pub count: usize,
    /// First input sample of every output sample.
    pub starts: Vec<usize>,
    /// `count` weights for every output sample; they sum to 1.
    pub weights: Vec<f32>,
}

/// A row of samples, of which every `step`-th from `first` on belongs to the plane that is resampled.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Where the output begins, in samples of the whole row; 0 is the left edge of its first sample.
    pub origin: f64,
    /// Length of the output, in samples of the whole row.
    pub extent: f64,
    /// Samples of the whole row.
    pub samples: usize,
    /// Distance of the plane's samples.
    pub step: usize,
    /// Its first one.
    pub first: usize,
    /// Scale from which on a plane with holes takes the kernel; below it a wide one without negative lobes does, so that
    /// what falls on samples is never next to nothing. 0 for a plane without holes.
    pub holes: f64,
    /// Share of each neighbour in the whole row that is mixed in: what interpolation between a plane's samples does.
    pub soften: f64,
}

impl Taps {
    /// Weights for `out` output samples; inputs are counted within the plane. Beyond the edge its last sample goes on.
    pub fn new(axis: Axis, out: usize) -> Self {
        let inputs = axis.samples.saturating_sub(axis.first).div_ceil(axis.step).max(1);
        let step = axis.step as f64;
        let scale = axis.extent / out.max(1) as f64 / step;
        let soft = scale < axis.holes;
        let wide = if soft { axis.holes } else { scale.max(1.0) };
        let reach = if soft { wide } else { LOBES * wide } + if axis.soften > 0.0 { 1.0 / step } else { 0.0 };
        let count = ((2.0 * reach).ceil() as usize + 1).min(inputs);
        let mut taps = Self { count, starts: Vec::with_capacity(out), weights: Vec::with_capacity(out * count) };
        for index in 0..out {
            // Middle of the output sample, in the plane's own samples.
            let whole = axis.origin + (index as f64 + 0.5) * axis.extent / out as f64 - 0.5;
            let centre = (whole - axis.first as f64) / step;
            let first = (centre - reach).ceil() as i64;
            let start = first.clamp(0, (inputs - count) as i64) as usize;
            let mut weights = vec![0.0; count];
            for input in first..=(centre + reach).floor() as i64 {
                let inside = (input.clamp(0, inputs as i64 - 1) as usize).clamp(start, start + count - 1);
                let distance = (input as f64 - centre) / wide;
                let kernel = |distance: f64| if soft { hann(distance) } else { lanczos(distance) };
                let beside = 1.0 / step / wide;
                weights[inside - start] += (1.0 - 2.0 * axis.soften) * kernel(distance)
                    + axis.soften * (kernel(distance - beside) + kernel(distance + beside));
            }
            let sum: f64 = weights.iter().sum();
            taps.starts.push(start);
            taps.weights.extend(weights.iter().map(|weight| (weight / sum) as f32));
        }
        taps
    }

    /// Where output sample `index` reads, and its weights.
    pub fn of(&self, index: usize) -> (usize, &[f32]) {
        let start = self.starts.get(index).copied().unwrap_or(0);
        (start, self.weights.get(index * self.count..(index + 1) * self.count).unwrap_or_default())
    }
}

/// Raised cosine.
fn hann(x: f64) -> f64 {
    if x.abs() >= 1.0 { 0.0 } else { 0.5 + 0.5 * (PI * x).cos() }
}

fn lanczos(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        1.0
    } else if x.abs() >= LOBES {
        0.0
    } else {
        let px = PI * x;
        LOBES * px.sin() * (px / LOBES).sin() / (px * px)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(taps: &Taps, input: impl Fn(usize) -> f64, index: usize) -> f64 {
        let (start, weights) = taps.of(index);
        weights.iter().enumerate().map(|(tap, weight)| f64::from(*weight) * input(start + tap)).sum()
    }

    #[test]
    fn a_slope_comes_out_where_it_stands() {
        // Each of both phases of a row of 600 reads its own position: no shift between colours.
        for first in [0, 1] {
            let axis = Axis { origin: 10.0, extent: 580.0, samples: 600, step: 2, first, holes: 0.0, soften: 0.0 };
            let taps = Taps::new(axis, 200);
            for index in 8..192 {
                let expected = 10.0 + (index as f64 + 0.5) * 2.9 - 0.5;
                let found = applied(&taps, |input| (2 * input + first) as f64, index);
                assert!((found - expected).abs() < 0.02, "phase {first}, {index}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn weights_sum_to_one_and_stay_inside_however_small() {
        for (samples, out) in [(1, 1), (1, 7), (3, 2), (5, 50), (4000, 3), (17, 17)] {
            let taps = Taps::new(
                Axis { origin: 0.0, extent: samples as f64, samples, step: 1, first: 0, holes: 0.0, soften: 0.0 },
                out,
            );
            for index in 0..out {
                let (start, weights) = taps.of(index);
                assert!(start + weights.len() <= samples);
                assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
    }
}
