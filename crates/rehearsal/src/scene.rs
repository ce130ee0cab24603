//! A night market's pictures: what the rehearsal's camera sees.

use crate::brush::Sheet;
use crate::{compose, enlarge};

/// Long side of the drawing itself; larger pictures are enlarged from it, with grain.
const DRAWING_PX: u32 = 1500;

/// Strength of the grain in levels: with it, 24 megapixels at quality 93 weigh about what a camera's do.
const GRAIN: i32 = 5;

/// A picture, upright unless [`oriented`] turned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// sRGB, 8 bits, row-major, three bytes a pixel.
    pub rgb: Vec<u8>,
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
}

/// The scene of that seed at that size; the shape decides whether it is composed upright or wide.
pub fn draw(seed: u64, width_px: u32, height_px: u32) -> Scene {
    draw_moment(seed, 0, width_px, height_px)
}

/// One moment of a scene: the same place and people, other gestures; moment 0 is [`draw`]'s.
pub fn draw_moment(seed: u64, moment: u32, width_px: u32, height_px: u32) -> Scene {
    let Some(mut sheet) = Sheet::new(width_px, height_px, DRAWING_PX) else {
        return Scene { rgb: Vec::new(), width_px: 0, height_px: 0 };
    };
    compose::paint(&mut sheet, seed, moment);
    enlarge::enlarged(&sheet.pixmap, width_px, height_px, GRAIN, seed ^ u64::from(moment) << 48)
}

/// The upright scene's pixels stored so that the EXIF tag `orientation` (1 to 8) makes it upright again.
///
/// Other values store it as it is.
pub fn oriented(scene: &Scene, orientation: u16) -> Scene {
    let (width, height) = (scene.width_px as usize, scene.height_px as usize);
    let swaps = (5..=8).contains(&orientation);
    let (to_width, to_height) = if swaps { (height, width) } else { (width, height) };
    let mut rgb = vec![0; scene.rgb.len()];
    if width == 0 || height == 0 || scene.rgb.len() != width * height * 3 {
        return scene.clone();
    }
    for (y, row) in rgb.chunks_exact_mut(to_width * 3).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            // Where stored pixel (x, y) stands in the upright picture.
            let (ux, uy) = match orientation {
                2 => (width - 1 - x, y),
                3 => (width - 1 - x, height - 1 - y),
                4 => (x, height - 1 - y),
                5 => (y, x),
                6 => (width - 1 - y, x),
                7 => (width - 1 - y, height - 1 - x),
                8 => (y, height - 1 - x),
                _ => (x, y),
            };
            let at = (uy * width + ux) * 3;
            pixel.copy_from_slice(&scene.rgb[at..at + 3]);
        }
    }
    Scene { rgb, width_px: to_width as u32, height_px: to_height as u32 }
}
