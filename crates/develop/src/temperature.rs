//! Colour temperature and tint to multipliers of a camera's colours, and back.
//!
//! The light's place is on the Planckian locus in CIE 1960 u, v (Krystek, "An algorithm to calculate correlated colour
//! temperature", Color Research and Application 10, 1985), moved across it by the tint: a unit is 1/3000 of Duv (ANSI C78.377).

use crate::ops::matrix::{Matrix, applied, inverse, product};

/// Linear sRGB from CIE XYZ, both D65 (IEC 61966-2-1).
const SRGB_FROM_XYZ: Matrix =
    [[3.240_97, -1.537_383, -0.498_611], [-0.969_244, 1.875_968, 0.041_555], [0.055_63, -0.203_977, 1.056_972]];
/// Temperatures that are looked through, K.
const COLDEST_K: f64 = 1800.0;
const HOTTEST_K: f64 = 25_000.0;
/// Units of tint in one Duv.
const TINT_PER_DUV: f64 = 3000.0;

/// Camera colours from XYZ: the known matrix, else the one that follows from the camera's sRGB matrix and daylight.
pub(crate) fn camera_from_xyz(known: Option<Matrix>, srgb_from_camera: &Matrix, daylight: [f32; 3]) -> Option<Matrix> {
    if known.is_some() {
        return known;
    }
    let balanced = product(&inverse(srgb_from_camera)?, &SRGB_FROM_XYZ);
    let mut matrix = balanced;
    for (row, gain) in matrix.iter_mut().zip(daylight) {
        for cell in row {
            *cell /= gain;
        }
    }
    Some(matrix)
}

/// Multipliers of red, green, blue (green at 1) under a light; nothing where the camera's matrix makes none.
pub(crate) fn multipliers(camera: &Matrix, temperature_k: f32, tint: f32) -> Option<[f32; 3]> {
    let (u, v) = place(f64::from(temperature_k), f64::from(tint) / TINT_PER_DUV);
    let bottom = 2.0 * u - 8.0 * v + 4.0;
    let (x, y) = (3.0 * u / bottom, 2.0 * v / bottom);
    let neutral = applied(camera, [(x / y) as f32, 1.0, ((1.0 - x - y) / y) as f32]);
    let gains = [neutral[1] / neutral[0], 1.0, neutral[1] / neutral[2]];
    gains.iter().all(|gain| gain.is_finite() && (0.05..=20.0).contains(gain)).then_some(gains)
}

/// Temperature (K) and tint of the light under which these multipliers make grey grey.
pub(crate) fn temperature(camera: &Matrix, gains: [f32; 3]) -> Option<(f32, f32)> {
    let [x, y, z] = applied(&inverse(camera)?, gains.map(|gain| 1.0 / gain)).map(f64::from);
    let bottom = x + 15.0 * y + 3.0 * z;
    if bottom <= 0.0 {
        return None;
    }
    let (u, v) = (4.0 * x / bottom, 6.0 * y / bottom);
    let distance = |mired: f64| {
        let (lu, lv) = locus(1e6 / mired);
        (u - lu).hypot(v - lv)
    };
    // One minimum within this range: halve it until it is a thousandth of a mired.
    let (mut low, mut high) = (1e6 / HOTTEST_K, 1e6 / COLDEST_K);
    while high - low > 1e-3 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if distance(a) < distance(b) { high = b } else { low = a }
    }
    let kelvin = 2e6 / (low + high);
    let (lu, lv) = locus(kelvin);
    let (nu, nv) = across(kelvin);
    let duv = (u - lu) * nu + (v - lv) * nv;
    Some((kelvin as f32, (duv * TINT_PER_DUV) as f32))
}

fn locus(t: f64) -> (f64, f64) {
    let u = (0.860_117_757 + 1.541_182_54e-4 * t + 1.286_412_12e-7 * t * t)
        / (1.0 + 8.424_202_35e-4 * t + 7.081_451_63e-7 * t * t);
    let v = (0.317_398_726 + 4.228_062_45e-5 * t + 4.204_816_91e-8 * t * t)
        / (1.0 - 2.897_418_16e-5 * t + 1.614_560_53e-7 * t * t);
    (u, v)
}

/// Unit vector across the locus, towards green.
fn across(t: f64) -> (f64, f64) {
    let ((u0, v0), (u1, v1)) = (locus(t * 0.999), locus(t * 1.001));
    let (du, dv) = (u1 - u0, v1 - v0);
    let length = du.hypot(dv).max(1e-12);
    // Green lies at larger v.
    let (nu, nv) = (-dv / length, du / length);
    if nv >= 0.0 { (nu, nv) } else { (-nu, -nv) }
}

fn place(kelvin: f64, duv: f64) -> (f64, f64) {
    let (u, v) = locus(kelvin);
    let (nu, nv) = across(kelvin);
    (u + duv * nu, v + duv * nv)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Sony ILCE-7RM3, as LibRaw has it from Adobe's published matrices.
    const CAMERA: Matrix = [[0.664, -0.1847, -0.0503], [-0.5238, 1.301, 0.2474], [-0.0993, 0.1673, 0.6527]];

    #[test]
    fn there_and_back() {
        for kelvin in [2500.0, 3200.0, 4000.0, 5500.0, 6500.0, 9000.0, 14_000.0] {
            for tint in [-30.0, 0.0, 12.0, 40.0] {
                let gains = multipliers(&CAMERA, kelvin, tint).unwrap();
                let (k, t) = temperature(&CAMERA, gains).unwrap();
                assert!((k / kelvin - 1.0).abs() < 0.01 && (t - tint).abs() < 1.0, "{kelvin} {tint}: {k} {t}");
            }
        }
    }

    #[test]
    fn daylight_is_where_the_standard_has_it() {
        // D65: 6504 K, Duv 0.0032 (CIE 15).
        let d65 = applied(&CAMERA, [0.950_47, 1.0, 1.088_83]);
        let (kelvin, tint) = temperature(&CAMERA, [d65[1] / d65[0], 1.0, d65[1] / d65[2]]).unwrap();
        assert!((kelvin - 6504.0).abs() < 60.0 && (tint - 9.6).abs() < 1.5, "{kelvin} {tint}");
        let warm = multipliers(&CAMERA, 2850.0, 0.0).unwrap();
        assert!(warm[2] > 1.5 * warm[0], "tungsten light lacks blue: {warm:?}");
    }

    #[test]
    fn without_a_matrix_daylight_still_holds() {
        let srgb = [[1.7365, -0.5612, -0.1753], [-0.1531, 1.5584, -0.4053], [0.0199, -0.4041, 1.3842]];
        let made = camera_from_xyz(None, &srgb, [2.7385, 1.0, 1.3687]).unwrap();
        let gains = multipliers(&made, 6504.0, 9.6).unwrap();
        assert!((gains[0] - 2.7385).abs() < 0.05 && (gains[2] - 1.3687).abs() < 0.03, "{gains:?}");
    }
}
