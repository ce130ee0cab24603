//! Op `rotate`: straightens a picture that has its final scale, by bicubic interpolation (Catmull and Rom, 1974).

use rayon::prelude::*;

use crate::raw::Planes;

/// Where an output pixel reads: `input = origin + x * right + y * down`, px, middles of pixels at whole numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// Input place of output pixel (0, 0).
    pub origin: [f32; 2],
    /// Step for one output column.
    pub right: [f32; 2],
    /// Step for one output row.
    pub down: [f32; 2],
}

/// The picture turned, at `width` x `height`. What lies outside repeats the edge.
pub fn rotate(from: &Planes, turn: Turn, (width, height): (usize, usize)) -> Planes {
    let mut out = Planes::new(width, height);
    for (input, output) in from.rgb.iter().zip(&mut out.rgb) {
        output.par_chunks_mut(width.max(1)).enumerate().for_each(|(y, row)| {
            for (x, value) in row.iter_mut().enumerate() {
                let at = |axis: usize| turn.origin[axis] + x as f32 * turn.right[axis] + y as f32 * turn.down[axis];
                *value = read(input, from.width, from.height, at(0), at(1));
            }
        });
    }
    out
}

fn read(plane: &[f32], width: usize, height: usize, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (across, down) = (weights(x - left), weights(y - top));
    let clamped =
        |at: f32, offset: usize, length: usize| (at as i64 + offset as i64 - 1).clamp(0, length as i64 - 1) as usize;
    let mut sum = 0.0;
    for (row, by_row) in down.iter().enumerate() {
        let line = clamped(top, row, height) * width;
        for (column, by_column) in across.iter().enumerate() {
            sum += by_row * by_column * plane.get(line + clamped(left, column, width)).copied().unwrap_or(0.0);
        }
    }
    sum
}

fn weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3]
}
