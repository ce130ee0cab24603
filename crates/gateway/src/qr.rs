//! QR codes as SVG: black on white with the quiet zone that ISO/IEC 18004 asks for, so that they scan from a screen or a print.

use qrcode::{EcLevel, QrCode, render::svg};

/// A module's size; the picture is scaled by who shows it.
const SIDE_MIN_PX: u32 = 240;

/// The code of an address. Level Q repairs a quarter of it: thumbs, creases and reflections.
pub(crate) fn svg(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::Q).ok()?;
    let picture = code
        .render::<svg::Color<'_>>()
        .quiet_zone(true)
        .min_dimensions(SIDE_MIN_PX, SIDE_MIN_PX)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build();
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_picture_and_a_novel_does_not() {
        let picture = svg("http://192.168.1.7:8080/t/K7P3").unwrap_or_default();
        assert!(picture.contains("<svg") && picture.contains("#ffffff"));
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}
