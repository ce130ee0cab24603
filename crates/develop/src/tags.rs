//! The few tags that are worth reading, from wherever a format keeps them.

use std::collections::BTreeMap;

use crate::{
    InspectError,
    bytes::Source,
    structure::tiff::{Entry, Order, Role, Tiff},
};

/// Most bytes of one value: names and numbers are short.
const VALUE_BYTES_MAX: u64 = 1024;

/// Tags by their EXIF 2.32, TIFF 6.0 or DNG 1.7 names.
pub mod tag {
    pub const GPS_LATITUDE_REF: u16 = 0x0001;
    pub const GPS_LATITUDE: u16 = 0x0002;
    pub const GPS_LONGITUDE_REF: u16 = 0x0003;
    pub const GPS_LONGITUDE: u16 = 0x0004;
    pub const GPS_ALTITUDE_REF: u16 = 0x0005;
    pub const GPS_ALTITUDE: u16 = 0x0006;
    pub const INTEROP_INDEX: u16 = 0x0001;
    pub const CANON_SERIAL: u16 = 0x000C;
    pub const CANON_LENS: u16 = 0x0095;
    pub const MAKE: u16 = 0x010F;
    pub const MODEL: u16 = 0x0110;
    pub const ORIENTATION: u16 = 0x0112;
    pub const DATE_TIME: u16 = 0x0132;
    pub const ARTIST: u16 = 0x013B;
    pub const COPYRIGHT: u16 = 0x8298;
    pub const EXPOSURE_TIME: u16 = 0x829A;
    pub const F_NUMBER: u16 = 0x829D;
    pub const ISO: u16 = 0x8827;
    pub const RECOMMENDED_EXPOSURE_INDEX: u16 = 0x8832;
    pub const DATE_TIME_ORIGINAL: u16 = 0x9003;
    pub const DATE_TIME_DIGITIZED: u16 = 0x9004;
    pub const OFFSET_TIME: u16 = 0x9010;
    pub const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
    pub const SUB_SEC_TIME_ORIGINAL: u16 = 0x9291;
    pub const FOCAL_LENGTH: u16 = 0x920A;
    pub const COLOR_SPACE: u16 = 0xA001;
    pub const BODY_SERIAL: u16 = 0xA431;
    pub const LENS_MODEL: u16 = 0xA434;
    pub const DNG_VERSION: u16 = 0xC612;
    pub const DNG_CAMERA_SERIAL: u16 = 0xC62F;
}

const MAIN: &[u16] = &[
    tag::MAKE,
    tag::MODEL,
    tag::ORIENTATION,
    tag::DATE_TIME,
    tag::ARTIST,
    tag::COPYRIGHT,
    tag::DNG_VERSION,
    tag::DNG_CAMERA_SERIAL,
];
const EXIF: &[u16] = &[
    tag::EXPOSURE_TIME,
    tag::F_NUMBER,
    tag::ISO,
    tag::RECOMMENDED_EXPOSURE_INDEX,
    tag::DATE_TIME_ORIGINAL,
    tag::DATE_TIME_DIGITIZED,
    tag::OFFSET_TIME,
    tag::OFFSET_TIME_ORIGINAL,
    tag::SUB_SEC_TIME_ORIGINAL,
    tag::FOCAL_LENGTH,
    tag::COLOR_SPACE,
    tag::BODY_SERIAL,
    tag::LENS_MODEL,
];
const GPS: &[u16] = &[
    tag::GPS_LATITUDE_REF,
    tag::GPS_LATITUDE,
    tag::GPS_LONGITUDE_REF,
    tag::GPS_LONGITUDE,
    tag::GPS_ALTITUDE_REF,
    tag::GPS_ALTITUDE,
];
const INTEROP: &[u16] = &[tag::INTEROP_INDEX];
const MAKER: &[u16] = &[tag::CANON_SERIAL, tag::CANON_LENS];

/// One value, as the file holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    kind: u16,
    order: Order,
    bytes: Vec<u8>,
}

impl Value {
    /// The first whole number.
    pub fn uint(&self) -> Option<u32> {
        match self.kind {
            1 | 7 => self.bytes.first().map(|byte| (*byte).into()),
            3 => self.order.u16(&self.bytes).map(Into::into),
            4 | 13 => self.order.u32(&self.bytes),
            _ => None,
        }
    }

    /// Text up to the first NUL, trimmed; nothing where nothing is left.
    pub fn text(&self) -> Option<String> {
        let bytes = self.bytes.split(|byte| *byte == 0).next()?;
        let text: String = String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The first fraction.
    pub fn ratio(&self) -> Option<(u32, u32)> {
        if !matches!(self.kind, 5 | 10) {
            return None;
        }
        let (over, under) = (self.order.u32(&self.bytes)?, self.order.u32(self.bytes.get(4..)?)?);
        (under != 0).then_some((over, under))
    }

    /// The first `N` fractions, without signs.
    pub fn ratios<const N: usize>(&self) -> Option<[f64; N]> {
        let mut all = [0.0; N];
        for (value, bytes) in all.iter_mut().zip(self.bytes.chunks_exact(8)) {
            let (over, under) = (self.order.u32(bytes)?, self.order.u32(bytes.get(4..)?)?);
            *value = (under != 0).then(|| f64::from(over) / f64::from(under))?;
        }
        (self.kind == 5 && self.bytes.len() >= N * 8).then_some(all)
    }
}

/// The tags that were found.
#[derive(Clone, Debug, Default)]
pub struct Tags(BTreeMap<(Role, u16), Value>);

impl Tags {
    /// The value of a tag.
    pub fn get(&self, role: Role, tag: u16) -> Option<&Value> {
        self.0.get(&(role, tag))
    }

    /// Adds what a TIFF block holds; what was there before stays. Values that cannot be read are left out.
    pub fn add<S: Source>(&mut self, source: &mut S, tiff: &Tiff) {
        // The camera's facts stand in the first directory; later ones describe thumbnails and sensor data.
        let mut main_seen = false;
        for ifd in &tiff.ifds {
            let wanted = match ifd.role {
                Role::Main if main_seen => continue,
                Role::Main => {
                    main_seen = true;
                    MAIN
                }
                Role::Exif => EXIF,
                Role::Interop => INTEROP,
                Role::Maker => MAKER,
                Role::Gps => GPS,
                Role::Sub => continue,
            };
            for entry in ifd.entries.iter().filter(|entry| wanted.contains(&entry.tag)) {
                if let Ok(value) = read(source, tiff.order, entry) {
                    self.0.entry((ifd.role, entry.tag)).or_insert(value);
                }
            }
        }
    }

    /// Adds the tags of a block whose only directory has this role, as CR3 keeps them.
    pub fn add_as<S: Source>(&mut self, source: &mut S, mut tiff: Tiff, role: Role) {
        for ifd in &mut tiff.ifds {
            if ifd.role == Role::Main {
                ifd.role = role;
            }
        }
        self.add(source, &tiff);
    }

    /// Adds what only `other` has.
    pub fn fill_from(&mut self, other: Tags) {
        for (key, value) in other.0 {
            self.0.entry(key).or_insert(value);
        }
    }
}

fn read<S: Source>(source: &mut S, order: Order, entry: &Entry) -> Result<Value, InspectError> {
    let len = entry.len_bytes().min(VALUE_BYTES_MAX);
    Ok(Value { kind: entry.kind, order, bytes: source.take(entry.value_at, len, "a tag")? })
}
