//! What the simulated camera says about a frame: EXIF 2.32, written by ourselves.

use jiff::civil::DateTime;

use crate::tiff::{HEADER, Ifd, Value};

/// The camera's maker, as every file says it.
pub const MAKE: &str = "Boothlight";
/// The camera's model, as every file says it.
pub const MODEL: &str = "Rehearsal R1";

/// The colours that a JPEG's numbers mean (EXIF ColorSpace, and the DCF option file's interoperability index).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourSpace {
    /// sRGB.
    #[default]
    Srgb,
    /// Adobe RGB (1998): "uncalibrated" with index R03, as cameras write it.
    AdobeRgb,
    /// Something else, which the ICC profile explains.
    Uncalibrated,
}

/// The facts of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Exif {
    /// Local time of the shutter, written to the millisecond.
    pub taken: DateTime,
    /// Minutes east of UTC; `None` leaves OffsetTimeOriginal out, as older cameras do.
    pub offset_minutes: Option<i16>,
    /// Body serial number.
    pub serial: String,
    /// Lens model.
    pub lens: String,
    /// Exposure time in seconds, as a fraction.
    pub exposure: (u32, u32),
    /// f-number in tenths: 28 is f/2.8.
    pub aperture_tenths: u32,
    /// ISO speed.
    pub iso: u16,
    /// Focal length in millimetres.
    pub focal_mm: u32,
    /// EXIF orientation, 1 to 8; anything else is written as it is.
    pub orientation: u16,
}

impl Exif {
    /// The facts of an evening shot taken at `taken`, upright.
    pub fn at(taken: DateTime, offset_minutes: Option<i16>) -> Self {
        Self {
            taken,
            offset_minutes,
            serial: "BLR1-00042".into(),
            lens: "Rehearsal 35mm F1.8".into(),
            exposure: (1, 160),
            aperture_tenths: 20,
            iso: 1600,
            focal_mm: 35,
            orientation: 1,
        }
    }

    /// The same facts with another orientation.
    #[must_use]
    pub fn with_orientation(mut self, orientation: u16) -> Self {
        self.orientation = orientation;
        self
    }

    /// `2026:11:24 19:05:09`, as EXIF writes dates.
    fn date(&self) -> String {
        self.taken.strftime("%Y:%m:%d %H:%M:%S").to_string()
    }

    fn offset(&self) -> Option<String> {
        self.offset_minutes.map(|minutes| {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
        })
    }

    /// The tags that IFD0 of a JPEG and of a DNG share.
    pub(crate) fn main_ifd(&self) -> Ifd {
        let mut ifd = Ifd::default();
        ifd.text(0x010F, MAKE)
            .text(0x0110, MODEL)
            .short(0x0112, self.orientation)
            .text(0x0131, concat!("Boothlight rehearsal ", env!("CARGO_PKG_VERSION")))
            .text(0x0132, self.date())
            .long(0x8769, 0);
        ifd
    }

    /// The EXIF directory.
    pub(crate) fn exif_ifd(&self, width_px: u32, height_px: u32, space: ColourSpace) -> Ifd {
        let mut ifd = Ifd::default();
        let millis = format!("{:03}", self.taken.millisecond());
        ifd.set(0x829A, Value::Rational(vec![self.exposure]))
            .set(0x829D, Value::Rational(vec![(self.aperture_tenths, 10)]))
            .short(0x8822, 3) // aperture priority
            .short(0x8827, self.iso)
            .short(0x8830, 2)
            .long(0x8832, u32::from(self.iso))
            .set(0x9000, Value::Undefined(b"0232".to_vec()))
            .text(0x9003, self.date())
            .text(0x9004, self.date())
            .set(0x9101, Value::Undefined(vec![1, 2, 3, 0])) // Y Cb Cr
            .set(0x9204, Value::SignedRational(vec![(0, 10)]))
            .short(0x9207, 5) // pattern metering
            .short(0x9209, 0x10) // flash did not fire
            .set(0x920A, Value::Rational(vec![(self.focal_mm, 1)]))
            .text(0x9291, millis.clone())
            .text(0x9292, millis)
            .set(0xA000, Value::Undefined(b"0100".to_vec()))
            .short(0xA001, if space == ColourSpace::Srgb { 1 } else { 0xFFFF })
            .long(0xA002, width_px)
            .long(0xA003, height_px)
            .short(0xA401, 0)
            .short(0xA402, 0)
            .short(0xA403, 0)
            .short(0xA405, self.focal_mm as u16)
            .short(0xA406, 0)
            .text(0xA431, self.serial.clone())
            .set(0xA432, Value::Rational(vec![(self.focal_mm, 1), (self.focal_mm, 1), (18, 10), (18, 10)]))
            .text(0xA433, MAKE)
            .text(0xA434, self.lens.clone());
        if let Some(offset) = self.offset() {
            ifd.text(0x9010, offset.clone()).text(0x9011, offset.clone()).text(0x9012, offset);
        }
        ifd
    }

    /// The TIFF structure of an APP1 segment, without the `Exif\0\0` before it. `thumbnail` is a small JPEG.
    pub(crate) fn tiff(&self, width_px: u32, height_px: u32, space: ColourSpace, thumbnail: &[u8]) -> Vec<u8> {
        let mut main = self.main_ifd();
        main.set(0x011A, Value::Rational(vec![(300, 1)]))
            .set(0x011B, Value::Rational(vec![(300, 1)]))
            .short(0x0128, 2)
            .short(0x0213, 2);
        let mut exif = self.exif_ifd(width_px, height_px, space);
        exif.long(0xA005, 0);
        let mut interop = Ifd::default();
        let index = if space == ColourSpace::AdobeRgb { "R03" } else { "R98" };
        interop.text(0x0001, index).set(0x0002, Value::Undefined(b"0100".to_vec()));
        let mut small = Ifd::default();
        small
            .short(0x0103, 6)
            .set(0x011A, Value::Rational(vec![(72, 1)]))
            .set(0x011B, Value::Rational(vec![(72, 1)]))
            .short(0x0128, 2)
            .long(0x0201, 0)
            .long(0x0202, thumbnail.len() as u32);

        let main_at = HEADER.len() as u32;
        let exif_at = main_at + main.len_bytes();
        let interop_at = exif_at + exif.len_bytes();
        let small_at = interop_at + interop.len_bytes();
        let thumbnail_at = small_at + small.len_bytes();
        main.long(0x8769, exif_at);
        exif.long(0xA005, interop_at);
        small.long(0x0201, thumbnail_at);

        let mut out = HEADER.to_vec();
        main.write(main_at, if thumbnail.is_empty() { 0 } else { small_at }, &mut out);
        exif.write(exif_at, 0, &mut out);
        interop.write(interop_at, 0, &mut out);
        small.write(small_at, 0, &mut out);
        out.extend_from_slice(thumbnail);
        out
    }
}
