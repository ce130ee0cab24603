//! The watermark of proofs: the event's name again and again across the whole picture, the frame's name in its corner.
//!
//! White with a dark edge, half transparent: it reads on snow and on a black coat, and the picture stays visible. The rows
//! lie closer than any crop that would still be worth having.

use std::sync::{Mutex, OnceLock};

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

use crate::{RenderError, jpeg::Picture};

/// What stands there when the event's name has no character that the font can draw.
const FALLBACK: &str = "PROOF";
/// Longer names are cut: they would be a grey veil.
const EVENT_CHARS_MAX: usize = 40;
/// The same for the frame's name, which is a file name.
const FRAME_CHARS_MAX: usize = 48;
/// Masks that are kept: two rungs, wide and tall, of two events.
const MASKS_MAX: usize = 8;
/// Text height as a share of the longer side.
const TEXT_SHARE: f32 = 1.0 / 20.0;
/// Slope of the rows, as sine and cosine of 27 degrees: across faces, not along horizons.
const SLOPE: (f32, f32) = (0.454, 0.891);
/// Distance of rows, and of words in a row, in text heights.
const ROW_PITCH: f32 = 2.3;
const WORD_GAP: f32 = 1.1;
/// How much of the white and of the dark edge is laid over the picture.
const WHITE_SHARE: f32 = 0.34;
const DARK_SHARE: f32 = 0.30;

/// Amounts of white and of dark, 0 to 255, for every pixel of an area.
#[derive(Clone, Debug)]
pub(crate) struct Mask {
    pub width: usize,
    pub height: usize,
    pub amounts: Vec<[u8; 2]>,
}

impl Mask {
    fn empty(width: usize, height: usize) -> Self {
        Self { width, height, amounts: vec![[0; 2]; width * height] }
    }
}

/// Burns the mark into a proof.
pub fn burn(picture: &mut Picture, event: &str, frame: &str) -> Result<(), RenderError> {
    let font = font()?;
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    with_mask(&font, event, width, height, |mask| lay(&mut picture.rgb, width, mask, (0, 0)));
    let long = width.max(height) as f32;
    let line = format!("PROOF · {}", frame.chars().take(FRAME_CHARS_MAX).collect::<String>());
    let text_px = (long / 48.0).max(11.0);
    let label = text_mask(&font, &line, text_px, 0.92, 0.75);
    let margin = (text_px * 0.5) as usize;
    let top = height.saturating_sub(label.height + margin / 2);
    lay(&mut picture.rgb, width, &label, (margin, top));
    Ok(())
}

/// One line of text, for marks that are not proofs'.
pub(crate) fn label(text: &str, text_px: f32, white_share: f32, dark_share: f32) -> Result<Mask, RenderError> {
    Ok(text_mask(&font()?, text, text_px, white_share, dark_share))
}

fn font() -> Result<FontRef<'static>, RenderError> {
    FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).map_err(RenderError::make)
}

/// Lays a mask over the pixels from `(x, y)` on; what stands out on the right or below is cut.
fn lay(rgb: &mut [u8], width: usize, mask: &Mask, (x, y): (usize, usize)) {
    let visible = mask.width.min(width.saturating_sub(x));
    let rows = rgb.chunks_exact_mut(width.max(1) * 3).skip(y);
    for (row, amounts) in rows.zip(mask.amounts.chunks_exact(mask.width.max(1))) {
        let Some(pixels) = row.get_mut(x * 3..(x + visible) * 3) else { return };
        for (pixel, [white, dark]) in pixels.chunks_exact_mut(3).zip(amounts) {
            let (white, light) = (u32::from(*white), 255 - u32::from(*dark));
            for value in pixel {
                let under = u32::from(*value) * light / 255;
                *value = ((under * (255 - white) + 255 * white + 127) / 255) as u8;
            }
        }
    }
}

struct Kept {
    event: String,
    mask: Mask,
}

/// The mask of an event at a size, made once and kept: all frames of an evening share it.
fn with_mask(font: &FontRef, event: &str, width: usize, height: usize, then: impl FnOnce(&Mask)) {
    static KEPT: OnceLock<Mutex<Vec<Kept>>> = OnceLock::new();
    let mut kept = KEPT.get_or_init(Mutex::default).lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let fits = |kept: &Kept| kept.event == event && (kept.mask.width, kept.mask.height) == (width, height);
    let at = kept.iter().position(fits).unwrap_or_else(|| {
        if kept.len() >= MASKS_MAX {
            kept.remove(0);
        }
        kept.push(Kept { event: event.to_owned(), mask: event_mask(font, event, width, height) });
        kept.len() - 1
    });
    if let Some(kept) = kept.get(at) {
        then(&kept.mask);
    }
}

/// The event's name in sloping rows, every other row shifted by half.
fn event_mask(font: &FontRef, event: &str, width: usize, height: usize) -> Mask {
    let text_px = (width.max(height) as f32 * TEXT_SHARE).max(12.0);
    let event: String = event.chars().filter(|c| drawable(font, *c)).take(EVENT_CHARS_MAX).collect();
    let event = if event.trim().is_empty() { FALLBACK } else { event.trim() };
    let word = text_mask(font, event, text_px, WHITE_SHARE, DARK_SHARE);
    let pitch_x = word.width as f32 + text_px * WORD_GAP;
    let pitch_y = text_px * ROW_PITCH;
    let (sin, cos) = SLOPE;
    let mut mask = Mask::empty(width, height);
    for (y, row) in mask.amounts.chunks_exact_mut(width.max(1)).enumerate() {
        for (x, amount) in row.iter_mut().enumerate() {
            // The rows' own coordinates: along the slope, and across it.
            let along = x as f32 * cos - y as f32 * sin;
            let across = x as f32 * sin + y as f32 * cos;
            let line = (across / pitch_y).floor();
            let shift = if line as i32 % 2 == 0 { 0.0 } else { pitch_x * 0.5 };
            *amount = sample(&word, (along + shift).rem_euclid(pitch_x), across - line * pitch_y);
        }
    }
    mask
}

/// Between four neighbours; nothing outside.
fn sample(mask: &Mask, x: f32, y: f32) -> [u8; 2] {
    let (left, top) = (x as usize, y as usize);
    if left + 1 >= mask.width || top + 1 >= mask.height {
        return [0; 2];
    }
    let (fx, fy) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize| mask.amounts.get(y * mask.width + x).copied().unwrap_or_default();
    let corners = [at(left, top), at(left + 1, top), at(left, top + 1), at(left + 1, top + 1)];
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    [0, 1].map(|n| corners.iter().zip(weights).map(|(corner, weight)| f32::from(corner[n]) * weight).sum::<f32>() as u8)
}

fn drawable(font: &FontRef, c: char) -> bool {
    c == ' ' || (!c.is_control() && font.glyph_id(c).0 != 0)
}

/// One line of text with its dark edge. Characters that the font lacks are left out.
fn text_mask(font: &FontRef, text: &str, text_px: f32, white_share: f32, dark_share: f32) -> Mask {
    let edge = (text_px / 22.0).ceil().max(1.0) as usize;
    let scaled = font.as_scaled(PxScale::from(text_px));
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut x = edge as f32;
    for c in text.chars().filter(|c| drawable(font, *c)) {
        let id = font.glyph_id(c);
        if let Some(last) = glyphs.last() {
            x += scaled.kern(last.id, id);
        }
        glyphs.push(id.with_scale_and_position(PxScale::from(text_px), point(x, edge as f32 + scaled.ascent())));
        x += scaled.h_advance(id);
    }
    let (width, height) = (x.ceil() as usize + edge + 1, scaled.height().ceil() as usize + 2 * edge);
    let mut cover = vec![0.0_f32; width * height];
    for outline in glyphs.into_iter().filter_map(|glyph| font.outline_glyph(glyph)) {
        let bounds = outline.px_bounds();
        let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
        outline.draw(|x, y, amount| {
            let (x, y) = (left + i64::from(x), top + i64::from(y));
            let inside = (0..width as i64).contains(&x) && (0..height as i64).contains(&y);
            if let Some(cell) = inside.then(|| cover.get_mut(y as usize * width + x as usize)).flatten() {
                *cell = cell.max(amount);
            }
        });
    }
    // The font is a light one: bolder where it is large, dark around that.
    let white = widened(&cover, width, usize::from(text_px >= 30.0));
    let dark = widened(&white, width, edge);
    let amounts = white.iter().zip(dark).map(|(white, dark)| {
        [(white * white_share * 255.0) as u8, ((dark - white).max(0.0) * dark_share * 255.0) as u8]
    });
    Mask { width, height, amounts: amounts.collect() }
}

/// Every cell takes the largest value within `radius`, along rows and then along columns.
fn widened(cells: &[f32], width: usize, radius: usize) -> Vec<f32> {
    if radius == 0 || width == 0 {
        return cells.to_vec();
    }
    let largest = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
    let mut rows = Vec::with_capacity(cells.len());
    for row in cells.chunks_exact(width) {
        rows.extend((0..width).map(|x| largest(&row[x.saturating_sub(radius)..(x + radius + 1).min(width)])));
    }
    let height = rows.len() / width;
    let mut out = Vec::with_capacity(rows.len());
    for y in 0..height {
        let near = y.saturating_sub(radius)..(y + radius + 1).min(height);
        out.extend((0..width).map(|x| near.clone().map(|y| rows[y * width + x]).fold(0.0, f32::max)));
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn flat(value: u8) -> Picture {
        Picture { rgb: vec![value; 360 * 240 * 3], width_px: 360, height_px: 240 }
    }

    #[test]
    fn every_part_is_marked_on_black_grey_and_white() {
        for value in [0, 128, 255] {
            let mut marked = flat(value);
            burn(&mut marked, "Night market", "DSC_0001").unwrap();
            for (row, column) in (0..4).flat_map(|row| (0..6).map(move |column| (row, column))) {
                let cell = (0..60).flat_map(|y| (0..60).map(move |x| ((row * 60 + y) * 360 + column * 60 + x) * 3));
                let changed = cell.filter(|at| marked.rgb[*at].abs_diff(value) >= 24).count();
                assert!(changed >= 36, "{value}: only {changed} of 3,600 pixels at row {row}, column {column}");
            }
        }
    }

    #[test]
    fn names_that_the_font_lacks_fall_back() {
        let mark = |event: &str| {
            let mut picture = flat(60);
            burn(&mut picture, event, "").unwrap();
            picture
        };
        assert_eq!(mark("夜市"), mark("PROOF"));
        assert_eq!(mark(""), mark("PROOF"));
        assert_eq!(mark("A\u{0}夜B"), mark("AB"));
    }

    #[test]
    fn tiny_pictures_are_no_trouble() {
        for (width_px, height_px) in [(1, 1), (1, 400), (400, 1), (7, 3)] {
            let mut picture = Picture { rgb: vec![9; (width_px * height_px * 3) as usize], width_px, height_px };
            burn(&mut picture, "Night market", "DSC_0001").unwrap();
        }
    }
}
