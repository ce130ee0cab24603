//! What a written picture tells about itself: facts, one by one. Nothing is copied that we do not understand.

use std::num::NonZeroU32;

use model::{CaptureFacts, CaptureTime};
use serde::{Deserialize, Serialize};

/// What a written picture tells about how it was taken, and whose it is. Size, space and "stored upright" come from the
/// picture itself and are always right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// When the shutter opened.
    pub captured: Option<CaptureTime>,
    /// Camera maker.
    pub make: Option<String>,
    /// Camera model.
    pub model: Option<String>,
    /// Lens model.
    pub lens: Option<String>,
    /// Body serial number: only where it was asked for, as it joins all pictures of one owner.
    pub serial: Option<String>,
    /// Exposure time, s.
    pub exposure_s: Option<Ratio>,
    /// F-number.
    pub aperture_f: Option<Ratio>,
    /// ISO sensitivity.
    pub iso: Option<u32>,
    /// Focal length, mm.
    pub focal_mm: Option<Ratio>,
    /// Who took it.
    pub artist: Option<String>,
    /// Whose it is: `© 2026 Zoë Marsh`.
    pub copyright: Option<String>,
    /// Where: only where it was asked for.
    pub position: Option<Position>,
}

impl From<&CaptureFacts> for Metadata {
    /// All facts but the serial number.
    fn from(facts: &CaptureFacts) -> Self {
        Self {
            captured: facts.captured.clone(),
            make: facts.make.clone(),
            model: facts.model.clone(),
            lens: facts.lens.clone(),
            exposure_s: facts.exposure_s.as_deref().and_then(Ratio::from_text),
            aperture_f: facts.aperture_f.and_then(|f| Ratio::near(f.into())),
            iso: facts.iso,
            focal_mm: facts.focal_mm.and_then(|mm| Ratio::near(mm.into())),
            ..Self::default()
        }
    }
}

/// A fraction, as EXIF keeps exposures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// Numerator.
    pub over: u32,
    /// Denominator.
    pub under: NonZeroU32,
}

impl Ratio {
    /// `over / under`; none where that is no positive number.
    pub fn new(over: u32, under: u32) -> Option<Self> {
        NonZeroU32::new(under).filter(|_| over > 0).map(|under| Self { over, under })
    }

    /// As photographers write it: `1/250`, `0.6`, `2`.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some((over, under)) => Self::new(over.trim().parse().ok()?, under.trim().parse().ok()?),
            None => Self::near(text.trim().parse().ok()?),
        }
    }

    /// A number with as few decimals as say it (1 to 3).
    pub fn near(value: f64) -> Option<Self> {
        if !(value > 0.0 && value < 1e6) {
            return None;
        }
        // f32 holds 2.8 within 1e-7.
        let says_it = |under: u32| ((value * f64::from(under)).round() / f64::from(under) / value - 1.0).abs() < 1e-6;
        let under = [1, 10, 100].into_iter().find(|under| says_it(*under)).unwrap_or(1000);
        Self::new((value * f64::from(under)).round() as u32, under)
    }
}

/// A place on the earth, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees north, -90 to 90.
    pub latitude_deg: f64,
    /// Degrees east, -180 to 180.
    pub longitude_deg: f64,
    /// Metres above sea level.
    pub altitude_m: Option<f64>,
}

impl Position {
    /// This position if it is on the earth; an impossible height is left out.
    #[must_use]
    pub fn checked(self) -> Option<Self> {
        let inside = self.latitude_deg.abs() <= 90.0 && self.longitude_deg.abs() <= 180.0;
        let altitude_m = self.altitude_m.filter(|metres| metres.abs() <= 100_000.0);
        inside.then_some(Self { altitude_m, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_become_the_fractions_that_photographers_know() {
        let text = |text| Ratio::from_text(text).map(|ratio| (ratio.over, ratio.under.get()));
        assert_eq!(["1/250", "0.6", "2", "30"].map(text), [(1, 250), (6, 10), (2, 1), (30, 1)].map(Some));
        assert_eq!(["1/0", "0/1", "x", "", "-1", "NaN", "inf", "1e99"].map(text), [None; 8]);
        let near = |value: f32| Ratio::near(value.into()).map(|ratio| (ratio.over, ratio.under.get()));
        assert_eq!([2.8, 50.0, 4.25, 1.0 / 3.0].map(near), [(28, 10), (50, 1), (425, 100), (333, 1000)].map(Some));
        assert_eq!([f32::NAN, 0.0, 1e-9, -2.8, f32::INFINITY].map(near), [None; 5]);
    }

    #[test]
    fn places_off_the_earth_are_none() {
        let at = |latitude_deg, longitude_deg, altitude_m| {
            Position { latitude_deg, longitude_deg, altitude_m }.checked().map(|place| place.altitude_m)
        };
        assert_eq!(at(-90.0, 180.0, Some(-400.0)), Some(Some(-400.0)));
        assert_eq!(at(0.0, 0.0, Some(f64::NAN)), Some(None));
        assert_eq!([at(90.1, 0.0, None), at(0.0, f64::NAN, None), at(f64::INFINITY, 0.0, None)], [None; 3]);
    }

    #[test]
    fn serial_and_position_do_not_come_by_themselves() {
        let facts = CaptureFacts { serial: Some("12345".into()), iso: Some(100), ..CaptureFacts::default() };
        let metadata = Metadata::from(&facts);
        assert_eq!((metadata.serial, metadata.position, metadata.iso), (None, None, Some(100)));
    }
}
