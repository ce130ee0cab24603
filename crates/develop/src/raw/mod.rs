//! What a sensor saw, before it is a picture.

mod decode;
mod levels;
mod packed;
pub mod unpack;

use std::fmt;

use model::Orientation;
use serde::{Deserialize, Serialize};

pub(crate) use decode::{Decoded, decode};
pub use levels::BlackLevels;

/// One of the three colours of a filter, in the order in which every plane and matrix of this crate has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Colour {
    /// Red.
    Red = 0,
    /// Green.
    Green = 1,
    /// Blue.
    Blue = 2,
}

impl Colour {
    /// Its place among planes.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A colour filter array: the smallest block that repeats.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Vec<Colour>>", into = "Vec<Vec<Colour>>")]
pub struct Cfa {
    side: usize,
    colours: Vec<Colour>,
}

/// Not a filter array that we develop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a filter array is 2 x 2 (two greens on a diagonal) or 6 x 6 with all three colours")]
pub struct NotACfa;

impl Cfa {
    /// A block of `side` x `side` colours, rows first: Bayer (2, the greens on a diagonal) or X-Trans (6).
    pub fn new(side: usize, colours: Vec<Colour>) -> Result<Self, NotACfa> {
        let count = |wanted: Colour| colours.iter().filter(|colour| **colour == wanted).count();
        let counts = (count(Colour::Red), count(Colour::Green), count(Colour::Blue));
        let sound = match (side, colours.as_slice()) {
            (2, [a, b, c, d]) => {
                counts == (1, 2, 1)
                    && ((*a == Colour::Green && *d == Colour::Green) || (*b == Colour::Green && *c == Colour::Green))
            }
            (6, all) => all.len() == 36 && counts.0 > 0 && counts.1 > 0 && counts.2 > 0,
            _ => false,
        };
        if sound { Ok(Self { side, colours }) } else { Err(NotACfa) }
    }

    /// Rows and columns of the block.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether this is a Bayer filter.
    pub fn is_bayer(&self) -> bool {
        self.side == 2
    }

    /// The colour at a row and column of the picture.
    pub fn at(&self, row: usize, column: usize) -> Colour {
        let index = (row % self.side) * self.side + column % self.side;
        self.colours.get(index).copied().unwrap_or(Colour::Green)
    }
}

impl fmt::Debug for Cfa {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters: String = self.colours.iter().map(|colour| ['R', 'G', 'B'][colour.index()]).collect();
        write!(out, "Cfa({letters})")
    }
}

impl TryFrom<Vec<Vec<Colour>>> for Cfa {
    type Error = NotACfa;

    fn try_from(rows: Vec<Vec<Colour>>) -> Result<Self, NotACfa> {
        let side = rows.len();
        if rows.iter().any(|row| row.len() != side) {
            return Err(NotACfa);
        }
        Self::new(side, rows.concat())
    }
}

impl From<Cfa> for Vec<Vec<Colour>> {
    fn from(cfa: Cfa) -> Self {
        cfa.colours.chunks(cfa.side).map(<[Colour]>::to_vec).collect()
    }
}

/// How samples lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One sample a pixel, its colour told by the filter.
    Mosaic(Cfa),
    /// Red, green and blue of every pixel in turn: linear DNG, small raws of several makers.
    Rgb,
    /// One grey sample a pixel: sensors without filter.
    Grey,
}

impl Layout {
    /// Samples of one pixel.
    pub fn samples_per_pixel(&self) -> usize {
        match self {
            Self::Mosaic(_) | Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// What the numbers of a raw mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sensor {
    /// Columns of the active area.
    pub width_px: u32,
    /// Rows of the active area.
    pub height_px: u32,
    /// The part of it that the maker's own pictures show: column, row, columns, rows; all of it where that is not known.
    pub shown_px: (u32, u32, u32, u32),
    /// Width of a pixel in heights of a pixel; 1 but for some old cameras.
    pub pixel_aspect: f32,
    /// How its samples lie.
    pub layout: Layout,
    /// What a dark pixel reads.
    pub black: BlackLevels,
    /// What a full pixel reads, before black is taken away.
    pub white: f32,
    /// `white` as LibRaw's own pictures take it: the largest sample, where the decoder is not sure of its white.
    pub white_in_use: f32,
    /// Multipliers of red, green, blue that make grey grey, as the camera chose them; green is 1.
    pub as_shot: Option<[f32; 3]>,
    /// The same for daylight, by the colour matrix.
    pub daylight: [f32; 3],
    /// Linear sRGB (D65) from white-balanced camera colours; rows sum to 1.
    pub srgb_from_camera: [[f32; 3]; 3],
    /// Camera colours from CIE XYZ under D65, where it is known: for colour temperatures.
    pub camera_from_xyz: Option<[[f32; 3]; 3]>,
    /// How to turn the pixels upright.
    pub orientation: Orientation,
    /// Stops that the maker's converter adds (DNG BaselineExposure).
    pub baseline_exposure_ev: f32,
    /// Maker, as LibRaw names it for all its models.
    pub make: String,
    /// Model, likewise.
    pub model: String,
    /// Lens, where told.
    pub lens: Option<String>,
    /// ISO sensitivity; 0 is unknown.
    pub iso: f32,
    /// Exposure time, s; 0 is unknown.
    pub shutter_s: f32,
    /// F-number; 0 is unknown.
    pub aperture_f: f32,
    /// Focal length, mm; 0 is unknown.
    pub focal_mm: f32,
    /// Samples that the decoder had to guess because the data are damaged.
    pub damaged: bool,
}

impl Sensor {
    /// Samples of the active area.
    pub fn samples(&self) -> usize {
        self.width_px as usize * self.height_px as usize * self.layout.samples_per_pixel()
    }
}

/// A decoded raw: numbers and their meaning.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// What the numbers mean.
    pub sensor: &'a Sensor,
    /// The active area's samples, rows without gaps.
    pub samples: &'a [u16],
}

/// A picture in linear light of some RGB, one plane a colour: 0 is black, 1 is where the sensor (or later the medium) is full.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Planes {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green, blue: `width * height` values each, rows without gaps.
    pub rgb: [Vec<f32>; 3],
}

impl Planes {
    /// Black of this size.
    pub fn new(width: usize, height: usize) -> Self {
        let plane = || vec![0.0; width * height];
        Self { width, height, rgb: [plane(), plane(), plane()] }
    }
}
