//! Metadata to the directories of EXIF (JEITA CP-3451E / CIPA DC-008-2019, version 2.32).
//!
//! Our own writer: there are forty tags in four directories, and TIFF needs the same ones beside its strips. The crates
//! for it either edit existing files and keep what they do not know (little_exif) or know containers only (img-parts).

use jiff::civil::DateTime;
use model::CaptureTime;

use super::{
    Metadata, OutputSpace, Position, Ratio,
    directory::{Directory, Field},
};

/// Who wrote the file.
pub(super) const SOFTWARE: &str = "Boothlight";
/// Pixels per inch that are written. They mean nothing for a photo, but some print shops' programs do not open one
/// without.
const PER_INCH: u32 = 300;

/// The file that the tags are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// Has tags of its own for what describes the samples' order.
    Jpeg,
    /// Tags alone.
    Png,
    /// Says its size and space elsewhere too.
    Tiff,
}

/// The main directory with EXIF, position and interoperability below.
pub(super) fn directory(
    metadata: &Metadata,
    (width_px, height_px): (u32, u32),
    space: OutputSpace,
    container: Container,
) -> Directory {
    let text = |text: &Option<String>| text.as_deref().and_then(Field::text);
    let mut main = Directory::default();
    main.set_some(0x010F, text(&metadata.make));
    main.set_some(0x0110, text(&metadata.model));
    // The pixels are upright by now, whatever the camera said.
    main.set(0x0112, Field::Shorts(vec![1]));
    main.set(0x011A, Field::Ratios(vec![(PER_INCH, 1)]));
    main.set(0x011B, Field::Ratios(vec![(PER_INCH, 1)]));
    main.set(0x0128, Field::Shorts(vec![2]));
    main.set_some(0x0131, Field::text(SOFTWARE));
    main.set_some(0x013B, text(&metadata.artist));
    if container == Container::Jpeg {
        main.set(0x0213, Field::Shorts(vec![1]));
    }
    main.set_some(0x8298, text(&metadata.copyright));
    let mut exif = exif(metadata, container);
    exif.set(0xA001, Field::Shorts(vec![if space == OutputSpace::Srgb { 1 } else { 0xFFFF }]));
    if container != Container::Tiff {
        exif.set(0xA002, Field::Longs(vec![width_px]));
        exif.set(0xA003, Field::Longs(vec![height_px]));
    }
    if space == OutputSpace::AdobeRgb && container == Container::Jpeg {
        exif.put_below(0xA005, adobe_rgb());
    }
    main.put_below(0x8769, exif);
    if let Some(position) = metadata.position.and_then(Position::checked) {
        main.put_below(0x8825, gps(position));
    }
    main
}

fn exif(metadata: &Metadata, container: Container) -> Directory {
    let text = |text: &Option<String>| text.as_deref().and_then(Field::text);
    let ratio = |ratio: Option<Ratio>| ratio.map(|ratio| Field::Ratios(vec![(ratio.over, ratio.under.get())]));
    let mut exif = Directory::default();
    exif.set_some(0x829A, ratio(metadata.exposure_s));
    exif.set_some(0x829D, ratio(metadata.aperture_f));
    if let Some(iso) = metadata.iso {
        // 16 bits are not enough for today's cameras: "look at the recommended exposure index" (4.6.5).
        exif.set(0x8827, Field::Shorts(vec![u16::try_from(iso).unwrap_or(u16::MAX)]));
        if iso >= u32::from(u16::MAX) {
            exif.set(0x8830, Field::Shorts(vec![2]));
            exif.set(0x8832, Field::Longs(vec![iso]));
        }
    }
    exif.set(0x9000, Field::Opaque(b"0232".to_vec()));
    if container == Container::Jpeg {
        // Y, Cb, Cr.
        exif.set(0x9101, Field::Opaque(vec![1, 2, 3, 0]));
    }
    exif.set(0xA000, Field::Opaque(b"0100".to_vec()));
    if let Some(captured) = &metadata.captured {
        times(&mut exif, captured);
    }
    exif.set_some(0x920A, ratio(metadata.focal_mm));
    exif.set_some(0xA431, text(&metadata.serial));
    exif.set_some(0xA434, text(&metadata.lens));
    exif
}

/// Taken and digitised at once. A time that is none is left out.
fn times(exif: &mut Directory, captured: &CaptureTime) {
    let Ok(local) = captured.local.parse::<DateTime>() else { return };
    if local.year() < 1 {
        return;
    }
    let text = local.strftime("%Y:%m:%d %H:%M:%S").to_string();
    let offset = captured.offset_minutes.filter(|minutes| minutes.unsigned_abs() < 24 * 60).map(|minutes| {
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
    });
    // Most cameras do not count them; our times then say 0.
    let sub_seconds = (local.millisecond() > 0).then(|| format!("{:03}", local.millisecond()));
    for (date, offset_at, sub_second) in [(0x9003, 0x9011, 0x9291), (0x9004, 0x9012, 0x9292)] {
        exif.set_some(date, Field::text(&text));
        exif.set_some(offset_at, offset.as_deref().and_then(Field::text));
        exif.set_some(sub_second, sub_seconds.as_deref().and_then(Field::text));
    }
}

/// How programs without ICC know Adobe RGB: DCF 2.0 (JEITA CP-3461B), "optional file".
fn adobe_rgb() -> Directory {
    let mut interop = Directory::default();
    interop.set_some(0x0001, Field::text("R03"));
    interop.set(0x0002, Field::Opaque(b"0100".to_vec()));
    interop
}

fn gps(position: Position) -> Directory {
    let mut gps = Directory::default();
    gps.set(0x0000, Field::Bytes(vec![2, 3, 0, 0]));
    let angles = [(0x0001, position.latitude_deg, ["N", "S"]), (0x0003, position.longitude_deg, ["E", "W"])];
    for (tag, degrees, sides) in angles {
        gps.set_some(tag, Field::text(sides[usize::from(degrees < 0.0)]));
        gps.set(tag + 1, Field::Ratios(sexagesimal(degrees.abs()).to_vec()));
    }
    if let Some(metres) = position.altitude_m {
        gps.set(0x0005, Field::Bytes(vec![u8::from(metres < 0.0)]));
        gps.set(0x0006, Field::Ratios(vec![((metres.abs() * 100.0).round() as u32, 100)]));
    }
    gps
}

/// Degrees, minutes and seconds to a ten-thousandth: three millimetres on the ground.
fn sexagesimal(degrees: f64) -> [(u32, u32); 3] {
    const PARTS: u64 = 10_000;
    let parts = (degrees * 3600.0 * PARTS as f64).round() as u64;
    let (minutes, seconds) = (parts / (60 * PARTS), parts % (60 * PARTS));
    [((minutes / 60) as u32, 1), ((minutes % 60) as u32, 1), (seconds as u32, PARTS as u32)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_minutes_seconds() {
        assert_eq!(sexagesimal(59.999_999_999_9), [(60, 1), (0, 1), (0, 10_000)]);
        assert_eq!(sexagesimal(48.8584), [(48, 1), (51, 1), (302_400, 10_000)]);
        assert_eq!(sexagesimal(180.0), [(180, 1), (0, 1), (0, 10_000)]);
    }
}
