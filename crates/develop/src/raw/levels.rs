//! What a dark pixel reads, by its place.

use serde::{Deserialize, Serialize};

/// Black levels of a block that repeats over the active area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlackLevels {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl BlackLevels {
    /// The same everywhere.
    pub fn flat(value: f32) -> Self {
        Self { width: 1, height: 1, values: vec![value] }
    }

    /// A block of `width` x `height` levels, rows first; nothing if there are not so many.
    pub fn block(width: usize, height: usize, values: Vec<f32>) -> Option<Self> {
        (width > 0 && height > 0 && values.len() == width * height).then_some(Self { width, height, values })
    }

    /// The level at a row and column.
    pub fn at(&self, row: usize, column: usize) -> f32 {
        let index = (row % self.height.max(1)) * self.width + column % self.width.max(1);
        self.values.get(index).copied().unwrap_or(0.0)
    }

    /// Columns and rows of the block.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The mean level.
    pub fn mean(&self) -> f32 {
        self.values.iter().sum::<f32>() / self.values.len().max(1) as f32
    }
}
