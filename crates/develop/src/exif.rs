//! From tags to what the house wants to know about a frame.

use jiff::civil::DateTime;
use model::{CaptureFacts, CaptureTime, Orientation};

use crate::{
    structure::tiff::Role,
    tags::{Tags, Value, tag},
};

/// Which colours the numbers of a JPEG without profile mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourSpace {
    /// sRGB, or not said.
    Srgb,
    /// Adobe RGB (1998), as DCF 2.0 says it: ColorSpace "uncalibrated" and interoperability index R03.
    AdobeRgb,
}

/// The facts that these tags tell.
pub fn facts(tags: &Tags) -> CaptureFacts {
    let main = |tag| tags.get(Role::Main, tag);
    let exif = |tag| tags.get(Role::Exif, tag);
    let text = |value: Option<&Value>| value.and_then(Value::text);
    let ratio = |value: Option<&Value>| value.and_then(Value::ratio).map(|(over, under)| over as f32 / under as f32);
    CaptureFacts {
        captured: captured(tags),
        make: text(main(tag::MAKE)),
        model: text(main(tag::MODEL)),
        serial: serial(tags),
        lens: text(exif(tag::LENS_MODEL))
            .filter(|lens| lens.chars().any(char::is_alphanumeric))
            .or_else(|| text(tags.get(Role::Maker, tag::CANON_LENS))),
        exposure_s: exif(tag::EXPOSURE_TIME).and_then(Value::ratio).and_then(exposure),
        aperture_f: ratio(exif(tag::F_NUMBER)).filter(|f| *f > 0.0),
        iso: iso(tags),
        focal_mm: ratio(exif(tag::FOCAL_LENGTH)).filter(|mm| *mm > 0.0),
        orientation: orientation(tags).unwrap_or_default(),
    }
}

/// The orientation, where it is told.
pub fn orientation(tags: &Tags) -> Option<Orientation> {
    let value = tags.get(Role::Main, tag::ORIENTATION)?.uint()?;
    Some(Orientation::from(u8::try_from(value).unwrap_or_default()))
}

/// The colour space, where anything is told about it.
pub fn colour_space(tags: &Tags) -> Option<ColourSpace> {
    const UNCALIBRATED: u32 = 0xFFFF;
    // Not in the standard, but written by some.
    const ADOBE_RGB: u32 = 2;
    let index = tags.get(Role::Interop, tag::INTEROP_INDEX).and_then(Value::text);
    match tags.get(Role::Exif, tag::COLOR_SPACE)?.uint()? {
        ADOBE_RGB => Some(ColourSpace::AdobeRgb),
        UNCALIBRATED if index.as_deref() == Some("R03") => Some(ColourSpace::AdobeRgb),
        _ => Some(ColourSpace::Srgb),
    }
}

fn serial(tags: &Tags) -> Option<String> {
    let text = [(Role::Exif, tag::BODY_SERIAL), (Role::Main, tag::DNG_CAMERA_SERIAL)]
        .into_iter()
        .find_map(|(role, tag)| tags.get(role, tag)?.text());
    let canon = || tags.get(Role::Maker, tag::CANON_SERIAL)?.uint().filter(|serial| *serial != 0);
    text.or_else(|| canon().map(|serial| format!("{serial:010}")))
}

fn iso(tags: &Tags) -> Option<u32> {
    let exif = |tag| tags.get(Role::Exif, tag).and_then(Value::uint);
    match exif(tag::ISO) {
        // 16 bits are not enough for today's cameras; they say so and write the truth elsewhere.
        Some(u32::MAX | 65_535) => exif(tag::RECOMMENDED_EXPOSURE_INDEX),
        Some(0) => None,
        iso => iso,
    }
}

/// `1/250`, `0.6` or `2`: as photographers write it.
fn exposure((over, under): (u32, u32)) -> Option<String> {
    let seconds = f64::from(over) / f64::from(under);
    if seconds <= 0.0 || seconds.is_nan() {
        return None;
    }
    if seconds < 0.3 {
        return Some(format!("1/{:.0}", 1.0 / seconds));
    }
    let text = format!("{seconds:.1}");
    Some(text.strip_suffix(".0").map_or(text.clone(), str::to_owned))
}

fn captured(tags: &Tags) -> Option<CaptureTime> {
    let exif = |tag| tags.get(Role::Exif, tag).and_then(Value::text);
    let digitized = || exif(tag::DATE_TIME_DIGITIZED);
    let modified = || tags.get(Role::Main, tag::DATE_TIME).and_then(Value::text);
    let date =
        [exif(tag::DATE_TIME_ORIGINAL), digitized(), modified()].into_iter().flatten().find_map(|text| date(&text))?;
    let millis = exif(tag::SUB_SEC_TIME_ORIGINAL).map_or(0, |text| millis(&text));
    let date = date.with().millisecond(millis).build().ok()?;
    let offset = [tag::OFFSET_TIME_ORIGINAL, tag::OFFSET_TIME].into_iter().find_map(|tag| offset_minutes(&exif(tag)?));
    let utc_ms = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
    Some(CaptureTime {
        local: date.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string(),
        offset_minutes: offset,
        order_ms: utc_ms - i64::from(offset.unwrap_or(0)) * 60_000,
    })
}

/// `2026:11:24 19:05:09`; cameras whose clock was never set write zeros or blanks.
fn date(text: &str) -> Option<DateTime> {
    let fields: Vec<i16> = text.split([':', ' ', '-', 'T']).map_while(|field| field.parse().ok()).collect();
    let &[year, month, day, hour, minute, second] = fields.get(..6)? else { return None };
    let small = |field: i16| i8::try_from(field).ok();
    // 60 is a leap second to EXIF and nothing to the calendar.
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?.min(59), 0).ok()
}

/// `5` is half a second, `05` fifty milliseconds, `123456` 123 milliseconds.
fn millis(text: &str) -> i16 {
    let mut digits = text.bytes().take_while(u8::is_ascii_digit).map(|digit| i16::from(digit - b'0'));
    (0..3).fold(0, |sum, _| sum * 10 + digits.next().unwrap_or(0))
}

/// `+02:00`, `-08:00`, `Z`.
fn offset_minutes(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_and_offsets_as_cameras_write_them() {
        assert_eq!(date("2026:11:24 19:05:09").unwrap().to_string(), "2026-11-24T19:05:09");
        for unset in ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "2026:13:40 99:99:99", "2026:11:24"] {
            assert_eq!(date(unset), None, "{unset}");
        }
        assert_eq!((millis("5"), millis("05"), millis("123456"), millis(""), millis("x")), (500, 50, 123, 0, 0));
        assert_eq!((offset_minutes("+02:00"), offset_minutes("-08:30")), (Some(120), Some(-510)));
        assert_eq!((offset_minutes("Z"), offset_minutes("  :  "), offset_minutes("+é")), (Some(0), None, None));
    }

    #[test]
    fn exposures_as_photographers_write_them() {
        let text = |over, under| exposure((over, under)).unwrap();
        assert_eq!([text(1, 250), text(10, 2500), text(6, 10), text(2, 1)], ["1/250", "1/250", "0.6", "2"]);
        assert_eq!(exposure((0, 1)), None);
    }
}
