//! Op `encode`: into what the medium can show, and into its numbers.

use super::{LUMA_709, Row, simd::vectorised};

/// Entries of the table; with the square root of the input as its index, the error stays under 1/2500.
const ENTRIES: usize = 8192;

/// A transfer function as a table: linear light to what a file says, both 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    table: Vec<f32>,
}

impl Transfer {
    /// A table of `encode`.
    pub fn new(encode: impl Fn(f32) -> f32) -> Self {
        let input = |index: usize| {
            let root = index as f32 / (ENTRIES - 1) as f32;
            root * root
        };
        Self { table: (0..=ENTRIES).map(|index| encode(input(index.min(ENTRIES - 1)))).collect() }
    }

    /// The function at `x`.
    pub fn at(&self, x: f32) -> f32 {
        let place = x.clamp(0.0, 1.0).sqrt() * (ENTRIES - 1) as f32;
        self.table.get((place + 0.5) as usize).copied().unwrap_or(1.0)
    }

    /// The function at `x`, between entries: for 16 bits.
    pub fn between(&self, x: f32) -> f32 {
        let place = x.clamp(0.0, 1.0).sqrt() * (ENTRIES - 1) as f32;
        let index = place as usize;
        match self.table.get(index..index + 2) {
            Some(&[low, high]) => low + (high - low) * (place - index as f32),
            _ => 1.0,
        }
    }

    /// The table, for the GPU.
    pub fn table(&self) -> &[f32] {
        &self.table
    }
}

/// Draws colours that the medium does not have towards grey of the same luminance, just as far as needed.
pub fn fit(row: &mut Row<'_>) {
    let [red, green, blue] = row;
    draw(red, green, blue);
}

vectorised! {
    fn draw(red: &mut [f32], green: &mut [f32], blue: &mut [f32]) {
        let [kr, kg, kb] = LUMA_709;
        for ((r, g), b) in red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut()) {
            let grey = (kr * *r + kg * *g + kb * *b).clamp(0.0, 1.0);
            let (most, least) = (r.max(*g).max(*b), r.min(*g).min(*b));
            // The largest share of colour with which nothing lies below 0 or above 1.
            let below = if least < 0.0 { grey / (grey - least).max(1e-6) } else { 1.0 };
            let above = if most > 1.0 { (1.0 - grey) / (most - grey).max(1e-6) } else { 1.0 };
            let share = below.min(above);
            *r = grey + (*r - grey) * share;
            *g = grey + (*g - grey) * share;
            *b = grey + (*b - grey) * share;
        }
    }
}

/// Linear light to the file's numbers, 0 to 1. `fine` for 16 bits.
pub fn encode(row: &mut Row<'_>, transfer: &Transfer, fine: bool) {
    for plane in row {
        if fine {
            plane.iter_mut().for_each(|value| *value = transfer.between(*value));
        } else {
            plane.iter_mut().for_each(|value| *value = transfer.at(*value));
        }
    }
}
