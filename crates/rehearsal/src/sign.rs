//! Words on boards: glyph outlines as paths.

use ab_glyph::{Font, FontRef, OutlineCurve, Point};
use tiny_skia::{Path, PathBuilder, Transform};

use crate::brush::{Fill, Sheet};
use crate::colour::Ink;

/// A word centred on `x` with its baseline at `y`, `height` tall; nothing where the font lacks its letters.
pub(crate) fn word(sheet: &mut Sheet, text: &str, (x, y): (f32, f32), height: f32, ink: Ink) {
    let Some((path, width)) = outline(text, height) else { return };
    let Some(path) = path.transform(Transform::from_translate(x - width / 2.0, y)) else { return };
    sheet.fill(&path, Fill::Flat(ink));
    // The font is a light one; a painted sign is not.
    sheet.stroke(&path, height * 0.075, Fill::Flat(ink));
}

/// The word from the origin to the right, and its width.
fn outline(text: &str, height: f32) -> Option<(Path, f32)> {
    let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).ok()?;
    let scale = height / font.units_per_em()?;
    let mut builder = PathBuilder::new();
    let mut pen = 0.0;
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        if let Some(glyph) = font.outline(id) {
            trace(&mut builder, &glyph.curves, pen, scale);
        }
        pen += font.h_advance_unscaled(id) * scale * 1.06;
    }
    Some((builder.finish()?, pen))
}

fn trace(builder: &mut PathBuilder, curves: &[OutlineCurve], pen: f32, scale: f32) {
    let place = |p: Point| (pen + p.x * scale, -p.y * scale);
    let mut last = None;
    for curve in curves {
        let (from, to) = match *curve {
            OutlineCurve::Line(a, b) | OutlineCurve::Quad(a, _, b) | OutlineCurve::Cubic(a, _, _, b) => (a, b),
        };
        if last != Some(from) {
            let (x, y) = place(from);
            builder.move_to(x, y);
        }
        let (x, y) = place(to);
        match *curve {
            OutlineCurve::Line(..) => builder.line_to(x, y),
            OutlineCurve::Quad(_, c, _) => builder.quad_to(place(c).0, place(c).1, x, y),
            OutlineCurve::Cubic(_, c, d, _) => builder.cubic_to(place(c).0, place(c).1, place(d).0, place(d).1, x, y),
        }
        last = Some(to);
    }
}
