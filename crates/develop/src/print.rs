//! What a recipe lays over and around a finished, upright picture: the photographer's own mark, and a border. The same for 8
//! and 16 bits.

use crate::{
    RenderError,
    curve::srgb_decode,
    mark::{self, Mask},
    ops::matrix::applied,
    output::OutputSpace,
    recipe::{Border, Corner, Watermark},
};

/// Distance of the mark from the picture's edge, in heights of its letters.
const MARGIN: f32 = 0.6;

/// A number of a finished picture.
pub(crate) trait Sample: Copy + Default {
    /// From 0 to 1.
    fn of(share: f32) -> Self;
    /// Over `self`: white with this share, after dark with that one.
    fn under(self, white: u8, dark: u8) -> Self;
}

impl Sample for u8 {
    fn of(share: f32) -> Self {
        (share * 255.0 + 0.5) as u8
    }

    fn under(self, white: u8, dark: u8) -> Self {
        (u16::from(self) * 257).under(white, dark).div_euclid(257) as u8
    }
}

impl Sample for u16 {
    fn of(share: f32) -> Self {
        (share * 65_535.0 + 0.5) as u16
    }

    fn under(self, white: u8, dark: u8) -> Self {
        let (white, light) = (u32::from(white), 255 - u32::from(dark));
        let darker = u32::from(self) * light / 255;
        ((darker * (255 - white) + 65_535 * white + 127) / 255) as u16
    }
}

/// Border of a picture of `width` x `height`, px: left and right, top, bottom.
pub(crate) fn border_px(border: &Border, width: usize, height: usize) -> (usize, usize, usize) {
    let shorter = width.min(height) as f32;
    let px = |percent: f32| (shorter * percent / 100.0).round() as usize;
    (px(border.width_percent), px(border.width_percent), px(border.width_percent + border.foot_percent))
}

/// A picture with its border; its samples, columns and rows.
pub(crate) fn framed<T: Sample>(
    rgb: &[T],
    (width, height): (usize, usize),
    border: &Border,
    space: OutputSpace,
) -> (Vec<T>, usize, usize) {
    let (side, top, bottom) = border_px(border, width, height);
    let (outer_width, outer_height) = (width + 2 * side, height + top + bottom);
    let light = border.colour.map(|value| srgb_decode(f32::from(value) / 255.0));
    let colour = applied(&space.matrix_from_srgb(), light).map(|light| T::of(space.encode(light)));
    let mut out: Vec<T> = colour.iter().copied().cycle().take(outer_width * outer_height * 3).collect();
    let rows = out.chunks_exact_mut(outer_width.max(1) * 3).skip(top);
    for (to, from) in rows.zip(rgb.chunks_exact(width.max(1) * 3)) {
        if let Some(inner) = to.get_mut(side * 3..(side + width) * 3) {
            inner.copy_from_slice(from);
        }
    }
    (out, outer_width, outer_height)
}

/// Lays the photographer's mark over a picture.
pub(crate) fn marked<T: Sample>(
    rgb: &mut [T],
    (width, height): (usize, usize),
    watermark: &Watermark,
) -> Result<(), RenderError> {
    let text_px = (width.min(height) as f32 * watermark.size_percent / 100.0).max(6.0);
    let opacity = watermark.opacity / 100.0;
    let label = mark::label(&watermark.text, text_px, opacity, opacity * 0.6)?;
    let margin = (text_px * MARGIN) as usize;
    let (right, bottom) = (width.saturating_sub(label.width + margin), height.saturating_sub(label.height + margin));
    let (x, y) = match watermark.corner {
        Corner::TopLeft => (margin, margin),
        Corner::TopRight => (right, margin),
        Corner::BottomLeft => (margin, bottom),
        Corner::BottomRight => (right, bottom),
        Corner::BottomCentre => (width.saturating_sub(label.width) / 2, bottom),
    };
    lay(rgb, width, &label, (x, y));
    Ok(())
}

fn lay<T: Sample>(rgb: &mut [T], width: usize, mask: &Mask, (x, y): (usize, usize)) {
    let visible = mask.width.min(width.saturating_sub(x));
    let rows = rgb.chunks_exact_mut(width.max(1) * 3).skip(y);
    for (row, amounts) in rows.zip(mask.amounts.chunks_exact(mask.width.max(1))) {
        let Some(pixels) = row.get_mut(x * 3..(x + visible) * 3) else { return };
        for (pixel, [white, dark]) in pixels.chunks_exact_mut(3).zip(amounts) {
            for value in pixel {
                *value = value.under(*white, *dark);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_border_lies_around_and_the_picture_stays() {
        let border = Border { width_percent: 10.0, foot_percent: 20.0, colour: [255, 0, 0] };
        let (out, width, height) = framed(&[7_u8; 40 * 20 * 3], (40, 20), &border, OutputSpace::Srgb);
        assert_eq!((width, height, out.len()), (44, 28, 44 * 28 * 3));
        assert_eq!(&out[..3], [255, 0, 0]);
        let inner = |x: usize, y: usize| &out[(y * 44 + x) * 3..(y * 44 + x) * 3 + 3];
        assert_eq!((inner(2, 2), inner(41, 21), inner(41, 22)), (&[7; 3][..], &[7; 3][..], &[255, 0, 0][..]));
    }

    #[test]
    fn a_mark_stands_in_its_corner_and_nowhere_else() {
        for (corner, left, top) in [(Corner::TopLeft, true, true), (Corner::BottomRight, false, false)] {
            let watermark = Watermark { text: "Studio Zoë".into(), corner, size_percent: 8.0, opacity: 100.0 };
            let mut eight = vec![60_u8; 300 * 200 * 3];
            marked(&mut eight, (300, 200), &watermark).unwrap();
            let mut sixteen = vec![60_u16 * 257; 300 * 200 * 3];
            marked(&mut sixteen, (300, 200), &watermark).unwrap();
            let changed: Vec<usize> = (0..eight.len() / 3).filter(|at| eight[at * 3] != 60).collect();
            assert!(changed.len() > 100);
            assert!(changed.iter().all(|at| (at % 300 < 150) == left && (at / 300 < 100) == top));
            assert!(eight.iter().zip(&sixteen).all(|(a, b)| a.abs_diff((b / 257) as u8) <= 1));
        }
        let mut tiny = vec![1_u8; 3];
        let watermark = Watermark { text: "x".into(), corner: Corner::BottomCentre, size_percent: 20.0, opacity: 50.0 };
        marked(&mut tiny, (1, 1), &watermark).unwrap();
    }
}
