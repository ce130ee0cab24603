//! What the camera said about a frame.

use serde::{Deserialize, Serialize};

/// What a file is to us, by its content and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A finished picture from the camera: JPEG, or the HEIC or HIF that it writes in its place.
    Jpeg,
    /// Sensor data: CR2, CR3, ARW, NEF, RAF, RW2, ORF, DNG...
    Raw,
    /// What belongs to a picture but is none: XMP.
    Sidecar,
}

impl FileKind {
    /// The kind's name in the catalog and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Raw => "raw",
            Self::Sidecar => "sidecar",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Jpeg, Self::Raw, Self::Sidecar].into_iter().find(|kind| kind.name() == name)
    }
}

/// How the stored pixels must be turned to stand upright: EXIF 2.32, tag 0x0112, values 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u8", from = "u8")]
pub struct Orientation(u8);

impl Orientation {
    /// Stored upright.
    pub const UPRIGHT: Self = Self(1);

    /// The EXIF value, 1 to 8.
    pub fn value(self) -> u8 {
        self.0
    }

    /// Whether width and height change places.
    pub fn swaps_axes(self) -> bool {
        self.0 >= 5
    }
}

impl From<u8> for Orientation {
    /// Values outside 1 to 8 occur in the wild and mean "upright".
    fn from(value: u8) -> Self {
        Self(if (1..=8).contains(&value) { value } else { 1 })
    }
}

impl From<Orientation> for u8 {
    fn from(orientation: Orientation) -> Self {
        orientation.0
    }
}

impl Default for Orientation {
    fn default() -> Self {
        Self::UPRIGHT
    }
}

/// When the shutter opened, by the camera's own clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CaptureTime {
    /// Local date and time with milliseconds, `2026-11-24T19:05:09.120`: EXIF DateTimeOriginal and SubSecTimeOriginal.
    pub local: String,
    /// Minutes east of UTC where the camera says so (EXIF OffsetTimeOriginal).
    pub offset_minutes: Option<i16>,
    /// `local` as milliseconds since 1970, shifted by the offset where there is one, read as UTC where there is none:
    /// good for ordering and differences within one camera.
    pub order_ms: i64,
}

/// What EXIF tells about a frame; everything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaptureFacts {
    /// When.
    pub captured: Option<CaptureTime>,
    /// Camera maker, trimmed.
    pub make: Option<String>,
    /// Camera model, trimmed.
    pub model: Option<String>,
    /// Body serial number.
    pub serial: Option<String>,
    /// Lens model.
    pub lens: Option<String>,
    /// Exposure time as photographers write it: `1/250` or `2`, in seconds.
    pub exposure_s: Option<String>,
    /// F-number.
    pub aperture_f: Option<f32>,
    /// ISO sensitivity.
    pub iso: Option<u32>,
    /// Focal length, mm.
    pub focal_mm: Option<f32>,
    /// How to turn the pixels upright.
    pub orientation: Orientation,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientations_outside_the_standard_mean_upright() {
        assert_eq!(Orientation::from(0), Orientation::UPRIGHT);
        assert_eq!(Orientation::from(9), Orientation::UPRIGHT);
        assert!(Orientation::from(6).swaps_axes() && !Orientation::from(3).swaps_axes());
    }
}
