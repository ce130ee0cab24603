//! Another reader of EXIF, written by others: what it finds, ours must find too.

use model::CaptureFacts;

/// Compares what we found with what kamadak-exif reads in `bytes`, a JPEG or a raw on top of TIFF.
pub fn assert_agrees(ours: &CaptureFacts, bytes: &[u8], name: &str) {
    let theirs = exif::Reader::new().continue_on_error(true).read_from_container(&mut std::io::Cursor::new(bytes));
    let theirs = theirs.or_else(|error| error.distill_partial_result(|_| ())).unwrap();
    let field = |tag| theirs.get_field(tag, exif::In::PRIMARY).map(|field| &field.value);
    let text = |tag| {
        let exif::Value::Ascii(lines) = field(tag)? else { return None };
        Some(String::from_utf8_lossy(lines.first()?).trim().to_owned()).filter(|text| !text.is_empty())
    };
    let uint = |tag| field(tag)?.get_uint(0);
    let ratio = |tag| match field(tag)? {
        exif::Value::Rational(values) => values.first().map(exif::Rational::to_f32).filter(|value| *value > 0.0),
        _ => None,
    };
    let digits = |text: String| text.chars().filter(char::is_ascii_digit).take(14).collect::<String>();
    assert_eq!(ours.make, text(exif::Tag::Make), "{name}");
    assert_eq!(ours.model, text(exif::Tag::Model), "{name}");
    assert_eq!(Some(u32::from(ours.orientation.value())), uint(exif::Tag::Orientation), "{name}");
    assert_eq!(ours.iso, uint(exif::Tag::PhotographicSensitivity).filter(|iso| *iso > 0), "{name}");
    assert_eq!(ours.aperture_f, ratio(exif::Tag::FNumber), "{name}");
    assert_eq!(ours.focal_mm, ratio(exif::Tag::FocalLength), "{name}");
    let exposure = ours.exposure_s.as_deref().map(seconds);
    let theirs_s = ratio(exif::Tag::ExposureTime);
    // As a dial says it: 1/16 for 1/16.5.
    let close = exposure.zip(theirs_s).is_none_or(|(ours, theirs)| (ours / theirs - 1.0).abs() < 0.04);
    assert!(exposure.is_some() == theirs_s.is_some() && close, "{name}: {exposure:?} {theirs_s:?}");
    let time = ours.captured.clone();
    let original = text(exif::Tag::DateTimeOriginal).map(digits).filter(|digits| digits.len() == 14);
    assert_eq!(time.as_ref().map(|time| digits(time.local.clone())), original, "{name}");
    assert_eq!(
        time.and_then(|time| time.offset_minutes),
        text(exif::Tag::OffsetTimeOriginal).as_deref().map(minutes),
        "{name}"
    );
    // Some makers say serial number and lens elsewhere only.
    for (ours, tag) in [(&ours.serial, exif::Tag::BodySerialNumber), (&ours.lens, exif::Tag::LensModel)] {
        let theirs = text(tag).filter(|text| text.chars().any(char::is_alphanumeric));
        assert!(theirs.is_none() || *ours == theirs, "{name}: {ours:?} {theirs:?}");
    }
}

/// `1/250` or `0.6`.
fn seconds(text: &str) -> f32 {
    match text.split_once('/') {
        Some((over, under)) => over.parse::<f32>().unwrap() / under.parse::<f32>().unwrap(),
        None => text.parse().unwrap(),
    }
}

/// `+02:00`.
fn minutes(text: &str) -> i16 {
    let (hours, minutes) = text[1..].split_once(':').unwrap();
    let east = hours.parse::<i16>().unwrap() * 60 + minutes.parse::<i16>().unwrap();
    if text.starts_with('-') { -east } else { east }
}
