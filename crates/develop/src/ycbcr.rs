//! Decoded planes to RGB, row by row, shrunk by halves on the way.

use hevc::{Plane, Samples};

use crate::RenderError;

/// Fixed point: bits behind the point.
const POINT: u32 = 14;
/// The largest shrinking, as a power of two: eighths.
pub const HALVINGS_MAX: u32 = 3;

/// How luma and chroma were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coding {
    /// MatrixCoefficients of ITU-T H.273.
    pub matrix: u16,
    /// Black is 0, not 16 of 255.
    pub full_range: bool,
}

/// A picture's rows as RGB.
pub struct Rows<'a> {
    planes: Vec<Shrinking<'a>>,
    mix: Mix,
    buffers: [Vec<u16>; 3],
    width: usize,
    height: usize,
}

impl<'a> Rows<'a> {
    /// Rows whose values go from 0 to `white`, of the picture shrunk `halvings` times.
    pub fn new(picture: &'a hevc::Picture, coding: Coding, halvings: u32, white: u16) -> Result<Self, RenderError> {
        let [luma, chroma @ ..] = picture.planes.as_slice() else { return Err(strange("no planes")) };
        let bits = luma.bits;
        let of_chroma = chroma.first().map_or(bits, |plane| plane.bits);
        let (width, height) = (luma.width_px as usize >> halvings, luma.height_px as usize >> halvings);
        let planes = picture.planes.iter().map(|plane| Shrinking::new(plane, luma, halvings));
        Ok(Self {
            planes: planes.collect::<Result<_, _>>()?,
            mix: Mix::new(coding, bits, of_chroma, white)?,
            buffers: [vec![0; width], vec![0; width], vec![0; width]],
            width,
            height,
        })
    }

    /// Columns of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The row `y` as R G B; `rgb` has room for three values a column.
    pub fn row(&mut self, y: usize, rgb: &mut [u16]) {
        for (plane, buffer) in self.planes.iter_mut().zip(&mut self.buffers) {
            plane.row(y, buffer);
        }
        let [luma, blue, red] = &self.buffers;
        if self.planes.len() < 3 {
            for (pixel, luma) in rgb.chunks_exact_mut(3).zip(luma) {
                pixel.fill(self.mix.grey(*luma));
            }
            return;
        }
        for (pixel, ((luma, blue), red)) in rgb.chunks_exact_mut(3).zip(luma.iter().zip(blue).zip(red)) {
            pixel.copy_from_slice(&self.mix.rgb(*luma, *blue, *red));
        }
    }
}

fn strange(what: &str) -> RenderError {
    RenderError::decode(format!("{what}: it is coded in a way that is not known here"))
}

/// One plane brought to the size of shrunk luma: averaged over blocks, or doubled where chroma has half as many samples.
struct Shrinking<'a> {
    plane: &'a Plane,
    across: Step,
    down: Step,
    sums: Vec<u32>,
}

/// What becomes of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Means of so many samples, as a power of two.
    Mean(u32),
    /// Twice as many, each three parts of the nearer and one of the farther one (chroma sited between luma).
    Double,
}

impl Step {
    fn new(plane: u32, luma: u32, halvings: u32) -> Option<Self> {
        match (plane == luma, plane == luma.div_ceil(2), halvings) {
            (true, _, _) => Some(Self::Mean(halvings)),
            (_, true, 0) => Some(Self::Double),
            (_, true, _) => Some(Self::Mean(halvings - 1)),
            _ => None,
        }
    }

    /// Bits that a sum has more than a sample.
    fn bits(self) -> u32 {
        match self {
            Self::Mean(power) => power,
            Self::Double => 2,
        }
    }
}

/// The nearer and the farther of two sources for place `n` of a doubled direction with `len` sources.
fn nearer_and_farther(n: usize, len: usize) -> (usize, usize) {
    let near = (n / 2).min(len - 1);
    let far = if n.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(len - 1) };
    (near, far)
}

impl<'a> Shrinking<'a> {
    fn new(plane: &'a Plane, luma: &Plane, halvings: u32) -> Result<Self, RenderError> {
        let across = Step::new(plane.width_px, luma.width_px, halvings);
        let down = Step::new(plane.height_px, luma.height_px, halvings);
        let (Some(across), Some(down)) = (across, down) else { return Err(strange("planes of odd sizes")) };
        Ok(Self { plane, across, down, sums: vec![0; plane.width_px as usize] })
    }

    fn row(&mut self, y: usize, out: &mut [u16]) {
        match &self.plane.samples {
            Samples::Bytes(samples) => add_rows(samples, self.plane.height_px as usize, self.down, y, &mut self.sums),
            Samples::Words(samples) => add_rows(samples, self.plane.height_px as usize, self.down, y, &mut self.sums),
        }
        let bits = self.across.bits() + self.down.bits();
        let half = 1 << bits >> 1;
        let sums = &self.sums;
        match self.across {
            Step::Mean(power) => {
                for (value, block) in out.iter_mut().zip(sums.chunks(1 << power)) {
                    *value = ((block.iter().sum::<u32>() + half) >> bits) as u16;
                }
            }
            Step::Double => {
                for (x, value) in out.iter_mut().enumerate() {
                    let (near, far) = nearer_and_farther(x, sums.len());
                    *value = ((3 * sums[near] + sums[far] + half) >> bits) as u16;
                }
            }
        }
    }
}

/// Adds the rows that row `y` comes from.
fn add_rows<T: Copy + Into<u32>>(samples: &[T], height: usize, down: Step, y: usize, sums: &mut [u32]) {
    let width = sums.len();
    let row = |y: usize| samples.get(y * width..(y + 1) * width).unwrap_or_default();
    sums.fill(0);
    let mut add = |y: usize, weight: u32| {
        for (sum, sample) in sums.iter_mut().zip(row(y)) {
            *sum += weight * (*sample).into();
        }
    };
    match down {
        Step::Mean(power) => (y << power..(y + 1) << power).for_each(|y| add(y.min(height - 1), 1)),
        Step::Double => {
            let (near, far) = nearer_and_farther(y, height);
            add(near, 3);
            add(far, 1);
        }
    }
}

/// Luma and colour differences to R, G and B (ITU-T H.273, 8.3), in fixed point.
struct Mix {
    black: i32,
    middle: i32,
    luma: i32,
    /// Cr to red, Cb to green, Cr to green, Cb to blue.
    chroma: [i32; 4],
    /// The three planes are green, blue and red themselves.
    identity: bool,
    white: i32,
}

impl Mix {
    fn new(coding: Coding, luma_bits: u8, chroma_bits: u8, white: u16) -> Result<Self, RenderError> {
        // Equations 38 to 50 of H.273: the shares of red and blue in luma. 2, "not said", is 6 for still pictures.
        let (red, blue): (f64, f64) = match coding.matrix {
            0 | 2 | 5 | 6 => (0.299, 0.114),
            1 => (0.2126, 0.0722),
            4 => (0.30, 0.11),
            7 => (0.212, 0.087),
            9 => (0.2627, 0.0593),
            other => return Err(strange(&format!("colour matrix {other}"))),
        };
        let green = 1.0 - red - blue;
        let identity = coding.matrix == 0;
        let steps = |bits: u8, of_255: f64| {
            let (all, part) = (f64::from((1_u32 << bits) - 1), of_255 * f64::from(1_u32 << (bits - 8)));
            if coding.full_range { all } else { part }
        };
        let scale = f64::from(white) * f64::from(1 << POINT);
        let fixed = |share: f64, steps: f64| (share * scale / steps).round() as i32;
        let of_chroma = steps(chroma_bits, 224.0);
        Ok(Self {
            black: if coding.full_range { 0 } else { 16 << (luma_bits - 8) },
            middle: 1 << (chroma_bits - 1),
            luma: fixed(1.0, steps(luma_bits, 219.0)),
            chroma: [
                fixed(2.0 * (1.0 - red), of_chroma),
                fixed(-2.0 * (1.0 - blue) * blue / green, of_chroma),
                fixed(-2.0 * (1.0 - red) * red / green, of_chroma),
                fixed(2.0 * (1.0 - blue), of_chroma),
            ],
            identity,
            white: white.into(),
        })
    }

    fn level(&self, fixed: i32) -> u16 {
        ((fixed + (1 << POINT >> 1)) >> POINT).clamp(0, self.white) as u16
    }

    fn grey(&self, luma: u16) -> u16 {
        self.level((i32::from(luma) - self.black) * self.luma)
    }

    fn rgb(&self, luma: u16, blue: u16, red: u16) -> [u16; 3] {
        if self.identity {
            return [self.grey(red), self.grey(luma), self.grey(blue)];
        }
        let y = (i32::from(luma) - self.black) * self.luma;
        let (cb, cr) = (i32::from(blue) - self.middle, i32::from(red) - self.middle);
        let [r, gb, gr, b] = self.chroma;
        [self.level(y + cr * r), self.level(y + cb * gb + cr * gr), self.level(y + cb * b)]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use hevc::{Description, Picture};

    use super::*;

    fn plane(width_px: u32, height_px: u32, samples: &[u8]) -> Plane {
        Plane { width_px, height_px, bits: 8, samples: Samples::Bytes(samples.to_vec()) }
    }

    fn picture(planes: Vec<Plane>) -> Picture {
        let description = Description { primaries: 2, transfer: 2, matrix: 2, full_range: true };
        Picture { planes, description }
    }

    fn all(picture: &Picture, coding: Coding, halvings: u32, white: u16) -> Vec<u16> {
        let mut rows = Rows::new(picture, coding, halvings, white).unwrap();
        let mut rgb = vec![0; rows.width() * 3];
        (0..rows.height())
            .flat_map(|y| {
                rows.row(y, &mut rgb);
                rgb.clone()
            })
            .collect()
    }

    /// One colour in all pixels.
    fn of_colour(ycc: [u8; 3], coding: Coding, white: u16) -> Vec<u16> {
        let planes = ycc.map(|value| plane(1, 1, &[value])).to_vec();
        all(&picture(planes), coding, 0, white)
    }

    #[test]
    fn known_colours_in_both_ranges_and_three_matrices() {
        let coding = |matrix, full_range| Coding { matrix, full_range };
        let near = |ycc, coding: Coding, white: u16, wanted: [u16; 3]| {
            let have = of_colour(ycc, coding, white);
            assert!(have.iter().zip(&wanted).all(|(have, want)| have.abs_diff(*want) <= 1), "{coding:?}: {have:?}");
        };
        // BT.601, BT.709 and BT.2020 of pure red and of white, by the standards' own equations, rounded to 8 bits.
        near([76, 85, 255], coding(6, true), 255, [254, 0, 0]);
        near([81, 90, 240], coding(6, false), 255, [255, 0, 0]);
        near([63, 102, 240], coding(1, false), 255, [255, 0, 0]);
        near([74, 97, 240], coding(9, false), 255, [255, 0, 0]);
        near([235, 128, 128], coding(1, false), 4095, [4095; 3]);
        near([128, 128, 128], coding(2, true), 255, [128; 3]);
        near([10, 20, 30], coding(0, true), 255, [30, 10, 20]);
        assert!(Rows::new(&picture(vec![plane(1, 1, &[0])]), coding(14, true), 0, 255).is_err());
    }

    #[test]
    fn ten_bits_and_grey() {
        let coding = Coding { matrix: 6, full_range: true };
        let words = Plane { width_px: 2, height_px: 1, bits: 10, samples: Samples::Words(vec![1023, 512]) };
        assert_eq!(all(&picture(vec![words]), coding, 0, 255), [255, 255, 255, 128, 128, 128]);
    }

    #[test]
    fn blocks_become_their_means_and_chroma_is_spread() {
        let coding = Coding { matrix: 0, full_range: true };
        let luma = plane(4, 2, &[10, 20, 30, 40, 20, 30, 40, 51]);
        let half = plane(2, 1, &[100, 200]);
        let planes = picture(vec![luma.clone(), half.clone(), half]);
        // R and B are the small planes, G the large one.
        assert_eq!(all(&planes, coding, 1, 255), [100, 20, 100, 200, 40, 200]);
        assert_eq!(all(&planes, coding, 0, 255)[..12], [100, 10, 100, 125, 20, 125, 175, 30, 175, 200, 40, 200]);
        // 4:2:2: as many rows, half as many columns.
        let rows = plane(2, 2, &[100, 200, 50, 90]);
        let planes = picture(vec![luma.clone(), rows.clone(), rows]);
        assert_eq!(all(&planes, coding, 1, 255), [75, 20, 75, 145, 40, 145]);
        let odd = plane(3, 2, &[0; 6]);
        assert!(Rows::new(&picture(vec![luma, odd.clone(), odd]), coding, 0, 255).is_err());
    }
}
