//! What an item's properties do to its pixels, folded into a part of the stored picture and one of the eight orientations.

use model::Orientation;

/// The part of the stored picture that is shown, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Left edge, in stored pixels.
    pub x: u32,
    /// Top edge, in stored pixels.
    pub y: u32,
    /// Columns, as stored.
    pub width_px: u32,
    /// Rows, as stored.
    pub height_px: u32,
    /// From shown directions to stored ones, y downwards: a row for the stored x, a row for the stored y.
    turn: [[i64; 2]; 2],
}

impl Shown {
    /// All of it, as it is stored.
    pub fn whole(width_px: u32, height_px: u32) -> Self {
        Self { x: 0, y: 0, width_px, height_px, turn: [[1, 0], [0, 1]] }
    }

    /// Turns anticlockwise by quarters (`irot`, ISO/IEC 23008-12, 6.5.10).
    pub fn rotate(&mut self, quarters: u8) {
        for _ in 0..quarters % 4 {
            // What was the right edge becomes the top.
            self.then([[0, -1], [1, 0]]);
        }
    }

    /// Exchanges top and bottom (0) or left and right (1) (`imir`, ISO/IEC 23008-12:2022, 6.5.12).
    pub fn mirror(&mut self, axis: u8) {
        self.then(if axis & 1 == 0 { [[1, 0], [0, -1]] } else { [[-1, 0], [0, 1]] });
    }

    fn then(&mut self, next: [[i64; 2]; 2]) {
        let [[a, b], [c, d]] = self.turn;
        let [[e, f], [g, h]] = next;
        self.turn = [[a * e + b * g, a * f + b * h], [c * e + d * g, c * f + d * h]];
    }

    fn swaps_axes(&self) -> bool {
        self.turn[0][0] == 0
    }

    /// Cuts to a size whose centre lies `offset` off the centre, all in shown pixels (`clap`, ISO/IEC 14496-12, 12.1.4).
    /// Nothing where that reaches outside.
    pub fn crop(&mut self, (width, height): (f64, f64), offset: (f64, f64)) -> Option<()> {
        let stored = (i64::from(self.width_px), i64::from(self.height_px));
        let (wide, high) = if self.swaps_axes() { (stored.1, stored.0) } else { stored };
        let edge = |all: i64, part: f64, off: f64| ((all as f64 - part) / 2.0 + off).round() as i64;
        let (left, top) = (edge(wide, width, offset.0), edge(high, height, offset.1));
        let (width, height) = (width.round() as i64, height.round() as i64);
        if left < 0 || top < 0 || width < 1 || height < 1 || left + width > wide || top + height > high {
            return None;
        }
        // Twice the way from centre to centre turns like any direction.
        let (dx, dy) = (2 * left + width - wide, 2 * top + height - high);
        let turned = |row: [i64; 2]| row[0] * dx + row[1] * dy;
        let (width, height) = if self.swaps_axes() { (height, width) } else { (width, height) };
        self.x += u32::try_from((turned(self.turn[0]) + stored.0 - width) / 2).ok()?;
        self.y += u32::try_from((turned(self.turn[1]) + stored.1 - height) / 2).ok()?;
        (self.width_px, self.height_px) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        Some(())
    }

    /// The same turn in EXIF's numbers.
    pub fn orientation(&self) -> Orientation {
        Orientation::from(match self.turn {
            [[-1, 0], [0, 1]] => 2,
            [[-1, 0], [0, -1]] => 3,
            [[1, 0], [0, -1]] => 4,
            [[0, 1], [1, 0]] => 5,
            [[0, 1], [-1, 0]] => 6,
            [[0, -1], [-1, 0]] => 7,
            [[0, -1], [1, 0]] => 8,
            _ => 1,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn turns_and_mirrors_are_the_eight_of_exif() {
        let of = |quarters: u8, mirror: Option<u8>| {
            let mut shown = Shown::whole(6, 4);
            shown.rotate(quarters);
            if let Some(axis) = mirror {
                shown.mirror(axis);
            }
            shown.orientation().value()
        };
        assert_eq!([0, 1, 2, 3].map(|quarters| of(quarters, None)), [1, 8, 3, 6]);
        // The standard's own words: axis 0 is EXIF's 4, axis 1 is EXIF's 2.
        assert_eq!((of(0, Some(0)), of(0, Some(1))), (4, 2));
        assert_eq!((of(1, Some(0)), of(1, Some(1)), of(3, Some(0)), of(3, Some(1))), (5, 7, 7, 5));
        assert_eq!((of(2, Some(0)), of(2, Some(1))), (2, 4));
    }

    #[test]
    fn crops_before_and_behind_a_turn_are_the_same_part() {
        // The upper right 4 x 3 px of 10 x 8 px.
        let mut before = Shown::whole(10, 8);
        before.crop((4.0, 3.0), (3.0, -2.5)).unwrap();
        assert_eq!((before.x, before.y, before.width_px, before.height_px), (6, 0, 4, 3));
        before.rotate(1);
        // A quarter to the left brings the right edge up: now the upper left 3 x 4 px of 8 x 10 px.
        let mut behind = Shown::whole(10, 8);
        behind.rotate(1);
        behind.crop((3.0, 4.0), (-2.5, -3.0)).unwrap();
        assert_eq!(behind, before);
        assert_eq!(Shown::whole(10, 8).crop((4.0, 3.0), (4.0, 0.0)), None);
        assert_eq!(Shown::whole(10, 8).crop((f64::NAN, 3.0), (4.0, 0.0)), None);
    }
}
