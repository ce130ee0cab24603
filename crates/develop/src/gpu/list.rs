//! The words of a program: kernels, named buffers, and the list of what is done.

use std::ops::Range;

use super::params::Params;

/// A kernel: an entry of one of the shaders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    Down,
    Across,
    Rotate,
    DenoiseBegin,
    DenoiseAcross,
    DenoiseDown,
    DenoiseFinish,
    Point,
    Blur,
    Pack,
    Look,
}

impl Kernel {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Down,
        Self::Across,
        Self::Rotate,
        Self::DenoiseBegin,
        Self::DenoiseAcross,
        Self::DenoiseDown,
        Self::DenoiseFinish,
        Self::Point,
        Self::Blur,
        Self::Pack,
        Self::Look,
    ];

    /// Its file, which is named by its op, and its entry there.
    pub fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::Down => ("resample_down", "main"),
            Self::Across => ("resample_across", "main"),
            Self::Rotate => ("rotate", "main"),
            Self::DenoiseBegin => ("denoise", "begin"),
            Self::DenoiseAcross => ("denoise", "across"),
            Self::DenoiseDown => ("denoise", "down"),
            Self::DenoiseFinish => ("denoise", "finish"),
            Self::Point => ("point", "main"),
            Self::Blur => ("sharpen", "blur"),
            Self::Pack => ("pack", "main"),
            Self::Look => ("look", "main"),
        }
    }
}

/// A buffer by its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The sensor's samples, two in a word.
    Samples,
    /// The first pass of `resample`.
    Down,
    /// Camera colours.
    Base,
    /// The same, straightened.
    Straight,
    /// Planes that are worked on, and their double.
    Work,
    Double,
    /// Planes blurred along rows; then those without noise.
    Along,
    /// What denoising keeps of details.
    Details,
    /// Luma blurred down the columns.
    Blurred,
    /// RGBA8.
    Out,
    /// The small picture for auto.
    Look,
    /// Camera colours that outlive the frame.
    Own,
}

impl Place {
    /// How many there are.
    pub const COUNT: usize = 12;
}

/// One dispatch.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub kernel: Kernel,
    pub params: Params,
    /// Bindings 2 to 5: two that are read, two that are written.
    pub source: Place,
    pub beside: Option<Place>,
    pub result: Option<Place>,
    pub further: Option<Place>,
    pub groups: [u32; 3],
}

/// One thing to do.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// Samples (a range within the frame's, even ends) become [`Place::Samples`].
    Upload(Range<usize>),
    /// A dispatch.
    Run(Box<Step>),
    /// Bytes of a buffer go to this place of the answer.
    ReadBack { from: Place, bytes: u64, at: u64 },
}

/// A part of the upright picture, px, and where its RGBA8 bytes lie in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    pub at: usize,
}

/// What comes back.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A picture, upright: columns, rows, parts.
    Picture(usize, usize, Vec<Region>),
    /// A small picture of camera colours: columns, rows.
    Look(usize, usize),
}

/// All that the GPU does for a frame, or for one half of its development.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub items: Vec<Item>,
    /// Bytes of every buffer.
    pub sizes: [u64; Place::COUNT],
    pub tables: Vec<u32>,
    /// Samples that are uploaded, even ends.
    pub samples: Range<usize>,
    pub answer: Answer,
    pub answer_bytes: u64,
}
