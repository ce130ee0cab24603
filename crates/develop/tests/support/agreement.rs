//! Whether two pictures of one frame agree: the CPU's and the GPU's.
//!
//! Edges are pixels around which, 3 x 3, some colour of the first picture spans more than 24 of 255: there a difference in
//! the last bit of a place may show. Everywhere else the two may differ by 3, and by 1 in the mean over all pixels.
#![allow(dead_code)]

/// Span of a colour, 3 x 3, from which a pixel counts as an edge.
const EDGE: u8 = 24;
/// Largest difference outside of edges, and largest mean.
const MAX: u8 = 3;
const MEAN: f64 = 1.0;

/// How two pictures differ, in 255ths.
#[derive(Clone, Copy, Debug, Default)]
pub struct Agreement {
    pub mean: f64,
    pub max_outside_edges: u8,
    pub max: u8,
    /// Share of pixels that are no edges.
    pub smooth: f64,
}

impl Agreement {
    /// Of two pictures of the same size, RGB.
    pub fn new(first: &[u8], second: &[u8], width: usize) -> Self {
        assert_eq!(first.len(), second.len());
        let height = first.len() / (3 * width);
        let (mut found, mut sum, mut smooth) = (Self::default(), 0_u64, 0_usize);
        for y in 0..height {
            for x in 0..width {
                let at = (y * width + x) * 3;
                let difference = (0..3).map(|c| first[at + c].abs_diff(second[at + c])).max().unwrap();
                sum += (0..3).map(|c| u64::from(first[at + c].abs_diff(second[at + c]))).sum::<u64>();
                found.max = found.max.max(difference);
                if span(first, width, height, x, y) <= EDGE {
                    smooth += 1;
                    found.max_outside_edges = found.max_outside_edges.max(difference);
                }
            }
        }
        found.mean = sum as f64 / first.len() as f64;
        found.smooth = smooth as f64 / (width * height) as f64;
        found
    }

    pub fn holds(&self) -> bool {
        self.mean <= MEAN && self.max_outside_edges <= MAX
    }
}

fn span(rgb: &[u8], width: usize, height: usize, x: usize, y: usize) -> u8 {
    let mut span = 0;
    for colour in 0..3 {
        let (mut least, mut most) = (u8::MAX, 0);
        for row in y.saturating_sub(1)..(y + 2).min(height) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                let value = rgb[(row * width + column) * 3 + colour];
                (least, most) = (least.min(value), most.max(value));
            }
        }
        span = span.max(most - least);
    }
    span
}
