//! Metadata from the file that the camera wrote, by the readers of this crate.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Metadata, Position, Ratio};
use crate::{
    InspectError,
    bytes::FileSource,
    inspect,
    structure::tiff::Role,
    tags::{Tags, Value, tag},
};

/// What is carried over only where somebody asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// Body serial number.
    pub serial: bool,
    /// Position.
    pub position: bool,
}

impl Metadata {
    /// What a camera's file says, exposures exactly as it says them. Of what the file holds besides (maker's notes,
    /// XMP, thumbnails) nothing comes along.
    ///
    /// Errs as [`inspect`](crate::inspect()) does. Reads a foreign file: to be called in a worker.
    pub fn of_original(path: &Path, carry: Carry) -> Result<Self, InspectError> {
        let (inspection, tags) = inspect::read(&mut FileSource::open(path)?, "")?;
        let facts = &inspection.facts;
        let exif =
            |tag| tags.get(Role::Exif, tag).and_then(Value::ratio).and_then(|(over, under)| Ratio::new(over, under));
        let main = |tag| tags.get(Role::Main, tag).and_then(Value::text);
        let told = Self::from(facts);
        Ok(Self {
            serial: facts.serial.clone().filter(|_| carry.serial),
            exposure_s: exif(tag::EXPOSURE_TIME).or(told.exposure_s),
            aperture_f: exif(tag::F_NUMBER).or(told.aperture_f),
            focal_mm: exif(tag::FOCAL_LENGTH).or(told.focal_mm),
            artist: main(tag::ARTIST),
            copyright: main(tag::COPYRIGHT),
            position: carry.position.then(|| position(&tags)).flatten(),
            ..told
        })
    }
}

/// The place that the camera wrote down (EXIF 2.32, 4.6.6); none where any part of it is missing.
fn position(tags: &Tags) -> Option<Position> {
    let gps = |tag| tags.get(Role::Gps, tag);
    let degrees = |value, side, negative: &str| {
        let [degrees, minutes, seconds] = gps(value)?.ratios()?;
        let size = degrees + minutes / 60.0 + seconds / 3600.0;
        let side = gps(side)?.text()?;
        Some(if side == negative { -size } else { size })
    };
    let altitude_m = gps(tag::GPS_ALTITUDE).and_then(Value::ratio).map(|(over, under)| {
        let metres = f64::from(over) / f64::from(under);
        let below = gps(tag::GPS_ALTITUDE_REF).and_then(Value::uint) == Some(1);
        if below { -metres } else { metres }
    });
    Position {
        latitude_deg: degrees(tag::GPS_LATITUDE, tag::GPS_LATITUDE_REF, "S")?,
        longitude_deg: degrees(tag::GPS_LONGITUDE, tag::GPS_LONGITUDE_REF, "W")?,
        altitude_m,
    }
    .checked()
}
