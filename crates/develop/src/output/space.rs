//! The spaces that finished pictures are encoded in: primaries, white, transfer functions.
//!
//! Everything that develops or writes takes its figures from here.

use serde::{Deserialize, Serialize};

/// A 3 x 3 matrix, rows first.
type Matrix = [[f64; 3]; 3];

/// CIE 1931 chromaticity of D65 as all three standards give it: x, y.
const D65: [f64; 2] = [0.3127, 0.3290];
/// Adobe RGB (1998) Color Image Encoding, version 2005-05, 4.3.4.2: the exponent is exactly 2 + 51/256.
const ADOBE_GAMMA: f32 = 563.0 / 256.0;

/// The space of a finished picture: RGB with white D65, non-linear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputSpace {
    /// IEC 61966-2-1:1999. What everything shows right.
    #[default]
    Srgb,
    /// The primaries of SMPTE EG 432-1 (P3) with D65 and the transfer function of sRGB: today's phones and laptops.
    DisplayP3,
    /// Adobe RGB (1998) Color Image Encoding, version 2005-05: what print shops ask for.
    AdobeRgb,
}

impl OutputSpace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Srgb, Self::DisplayP3, Self::AdobeRgb];

    /// Its name, as it stands in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Srgb => "sRGB",
            Self::DisplayP3 => "Display P3",
            // What Adobe asks others to call profiles that they did not make.
            Self::AdobeRgb => "compatible with Adobe RGB (1998)",
        }
    }

    /// CIE 1931 chromaticities x, y of red, green and blue.
    fn primaries(self) -> [[f64; 2]; 3] {
        match self {
            // IEC 61966-2-1, table 1 (those of ITU-R BT.709).
            Self::Srgb => [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]],
            // SMPTE EG 432-1:2010.
            Self::DisplayP3 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]],
            // Adobe RGB (1998), 4.3.
            Self::AdobeRgb => [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]],
        }
    }

    /// Linear RGB of this space to CIE XYZ with Y = 1 for white: the normalised primary matrix of SMPTE RP 177-1993.
    /// Columns are the primaries, scaled so that their sum is D65.
    pub fn to_xyz(self) -> Matrix {
        let [r, g, b] = self.primaries().map(xyz);
        let columns = [[r[0], g[0], b[0]], [r[1], g[1], b[1]], [r[2], g[2], b[2]]];
        let scale = apply(&inverse(&columns), xyz(D65));
        columns.map(|row| [row[0] * scale[0], row[1] * scale[1], row[2] * scale[2]])
    }

    /// From linear sRGB to the linear RGB of this space. White stays white, as both are D65, and nothing is clipped:
    /// colours outside of the space come out below 0 or above 1.
    pub fn matrix_from_srgb(self) -> [[f32; 3]; 3] {
        let product = match self {
            // Exactly, not within rounding.
            Self::Srgb => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            _ => times(&inverse(&self.to_xyz()), &Self::Srgb.to_xyz()),
        };
        product.map(|row| row.map(|value| value as f32))
    }

    /// Linear light to the encoded value, both 0 to 1. What lies outside is clipped; no number becomes 0.
    pub fn encode(self, linear: f32) -> f32 {
        let linear = unit(linear);
        match self {
            // IEC 61966-2-1, 5.2.
            Self::Srgb | Self::DisplayP3 if linear <= 0.003_130_8 => linear * 12.92,
            Self::Srgb | Self::DisplayP3 => 1.055 * linear.powf(1.0 / 2.4) - 0.055,
            Self::AdobeRgb => linear.powf(1.0 / ADOBE_GAMMA),
        }
    }

    /// The encoded value to linear light, both 0 to 1: the other way of [`encode`](Self::encode).
    pub fn decode(self, encoded: f32) -> f32 {
        let encoded = unit(encoded);
        match self {
            Self::Srgb | Self::DisplayP3 if encoded <= 0.040_45 => encoded / 12.92,
            Self::Srgb | Self::DisplayP3 => ((encoded + 0.055) / 1.055).powf(2.4),
            Self::AdobeRgb => encoded.powf(ADOBE_GAMMA),
        }
    }
}

/// Clipped to 0 to 1; what is no number is 0.
fn unit(value: f32) -> f32 {
    if value > 0.0 { value.min(1.0) } else { 0.0 }
}

/// XYZ with Y = 1 of a chromaticity.
fn xyz([x, y]: [f64; 2]) -> [f64; 3] {
    [x / y, 1.0, (1.0 - x - y) / y]
}

fn apply(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    a.map(|row| [0, 1, 2].map(|column| row[0] * b[0][column] + row[1] * b[1][column] + row[2] * b[2][column]))
}

/// By cofactors. The matrices here are made of primaries that span a triangle, so the determinant is not 0.
fn inverse(m: &Matrix) -> Matrix {
    let cofactor = |row: usize, column: usize| {
        let (r, s) = ((row + 1) % 3, (row + 2) % 3);
        let (c, d) = ((column + 1) % 3, (column + 2) % 3);
        m[r][c] * m[s][d] - m[r][d] * m[s][c]
    };
    let determinant: f64 = (0..3).map(|column| m[0][column] * cofactor(0, column)).sum();
    [0, 1, 2].map(|row| [0, 1, 2].map(|column| cofactor(column, row) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(have: &Matrix, want: &Matrix, tolerance: f64) {
        for (have, want) in have.iter().flatten().zip(want.iter().flatten()) {
            assert!((have - want).abs() <= tolerance, "{have} {want}");
        }
    }

    #[test]
    fn matrices_to_xyz_are_those_of_the_standards() {
        // As printed in IEC 61966-2-1, 5.2, and in Adobe RGB (1998), 4.3.
        let srgb = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
        assert_near(&OutputSpace::Srgb.to_xyz(), &srgb, 6e-5);
        let adobe = [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]];
        assert_near(&OutputSpace::AdobeRgb.to_xyz(), &adobe, 6e-6);
        // As printed in CSS Color 4, 17: fractions there, decimals here.
        let p3 = [
            [608_311.0 / 1_250_200.0, 189_793.0 / 714_400.0, 198_249.0 / 1_000_160.0],
            [35_783.0 / 156_275.0, 247_089.0 / 357_200.0, 198_249.0 / 2_500_400.0],
            [0.0, 32_229.0 / 714_400.0, 5_220_557.0 / 5_000_800.0],
        ];
        assert_near(&OutputSpace::DisplayP3.to_xyz(), &p3, 1e-9);
    }

    #[test]
    fn white_stays_white_and_colours_come_back() {
        for space in OutputSpace::ALL {
            let matrix = space.matrix_from_srgb();
            for row in matrix {
                assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{space:?}");
            }
            let back = times(&inverse(&OutputSpace::Srgb.to_xyz()), &space.to_xyz());
            let there = matrix.map(|row| row.map(f64::from));
            assert_near(&times(&back, &there), &[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 1e-6);
        }
    }

    #[test]
    fn transfer_functions_go_both_ways_to_16_bits() {
        for space in OutputSpace::ALL {
            let mut last = -1.0;
            for step in 0..=u16::MAX {
                let encoded = f32::from(step) / 65_535.0;
                let linear = space.decode(encoded);
                assert!(linear > last || step == 0, "{space:?} does not rise at {step}");
                last = linear;
                assert!((space.encode(linear) - encoded).abs() * 65_535.0 < 0.05, "{space:?} {step}");
            }
            let ends = [space.encode(0.0), space.encode(-3.0), space.encode(f32::NAN), space.decode(f32::NAN)];
            assert!(ends.iter().all(|value| *value == 0.0), "{space:?}");
            assert!((space.encode(1.0) - 1.0).abs() < 1e-6 && (space.encode(7.0) - 1.0).abs() < 1e-6, "{space:?}");
        }
        // Middle grey: 0.18 is 0.4614 in sRGB, and 0.18^(256/563) in Adobe RGB.
        assert!((OutputSpace::Srgb.encode(0.18) - 0.461_356).abs() < 1e-5);
        assert!((f64::from(OutputSpace::AdobeRgb.encode(0.18)) - 0.18_f64.powf(256.0 / 563.0)).abs() < 1e-6);
    }
}
