//! How a tile lies in memory.
#![allow(clippy::inline_always)] // loops over runs are compiled for AVX2 where they are used

/// A tile of `rows` x `side * run` pixels, stored so that all pixels of one row and one phase of the filter are neighbours
/// in memory: pixel (row, column) stands at `(row * side + column % side) * run + column / side`.
///
/// A filter's geometry is the same for all pixels of one row and phase, so every step becomes a few plain loops over runs,
/// which compilers turn into SIMD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lattice {
    /// Rows and columns of the filter's block.
    pub side: usize,
    /// Rows of the tile.
    pub rows: usize,
    /// Pixels of one row and phase.
    pub run: usize,
}

/// A neighbour: rows down, columns to the right.
pub type Step = (isize, isize);

impl Lattice {
    /// Values of one plane.
    pub fn len(self) -> usize {
        self.rows * self.side * self.run
    }

    /// Where the run of a row and phase begins.
    #[inline(always)]
    pub fn start(self, row: usize, phase: usize) -> usize {
        (row * self.side + phase) * self.run
    }

    /// The pixels `first..first + count` of a run of which `step` takes one to: at their neighbours' places.
    #[inline(always)]
    pub fn at(self, plane: &[f32], row: usize, phase: usize, step: Step, (first, count): (usize, usize)) -> &[f32] {
        let column = phase as isize + step.1;
        let side = self.side as isize;
        let row = row.saturating_add_signed(step.0);
        let start = self.start(row, column.rem_euclid(side) as usize) + first;
        let start = start.saturating_add_signed(column.div_euclid(side));
        &plane[start..start + count]
    }

    /// The same for several neighbours.
    #[inline(always)]
    pub fn all<const N: usize>(
        self,
        plane: &[f32],
        row: usize,
        phase: usize,
        steps: [Step; N],
        span: (usize, usize),
    ) -> [&[f32]; N] {
        // Not `map`, which is a call for each row where it is not inlined.
        let mut all = [&plane[..0]; N];
        for (slice, step) in all.iter_mut().zip(steps) {
            *slice = self.at(plane, row, phase, step, span);
        }
        all
    }
}
