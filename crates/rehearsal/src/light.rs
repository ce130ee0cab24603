//! Lamplight on things: a layer's colours are multiplied by the light that reaches them.

use tiny_skia::{Pixmap, PremultipliedColorU8};

use crate::brush::Sheet;
use crate::colour::Ink;
use crate::mood::Mood;

/// The map of light is this much smaller than the drawing; light is smooth.
const REDUCTION: u32 = 8;
/// What full light means: things under a lamp may become brighter than their own colour.
const OVERBRIGHT: f32 = 1.14;

/// Something that shines, in drawing units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lamp {
    pub x: f32,
    pub y: f32,
    pub reach: f32,
    pub strength: f32,
}

/// Multiplies `layer` by the ambient light and what the lamps add to it.
pub(crate) fn illuminate(layer: &mut Sheet, mood: &Mood, lamps: &[Lamp]) {
    let (width, height) = (layer.pixmap.width(), layer.pixmap.height());
    let Some(map) = light_map(layer, mood, lamps) else { return };
    let pixels = map.pixels();
    let (map_width, map_height) = (map.width() as usize, map.height() as usize);
    for (y, row) in layer.pixmap.pixels_mut().chunks_exact_mut(width as usize).enumerate().take(height as usize) {
        let fy = y as f32 / REDUCTION as f32;
        let (y0, ty) = (fy as usize, fy.fract());
        let upper = &pixels[y0.min(map_height - 1) * map_width..][..map_width];
        let lower = &pixels[(y0 + 1).min(map_height - 1) * map_width..][..map_width];
        for (x, pixel) in row.iter_mut().enumerate().filter(|(_, pixel)| pixel.alpha() > 0) {
            let fx = x as f32 / REDUCTION as f32;
            let (x0, x1, tx) = ((fx as usize).min(map_width - 1), (fx as usize + 1).min(map_width - 1), fx.fract());
            let [a, b, c, d] = [upper[x0], upper[x1], lower[x0], lower[x1]].map(levels);
            let alpha = pixel.alpha();
            let own = [pixel.red(), pixel.green(), pixel.blue()];
            let [r, g, b] = std::array::from_fn(|k| {
                let (top, bottom) = (a[k] + (b[k] - a[k]) * tx, c[k] + (d[k] - c[k]) * tx);
                let light = (top + (bottom - top) * ty) * (OVERBRIGHT / 255.0);
                (f32::from(own[k]) * light).min(f32::from(alpha)) as u8
            });
            *pixel = PremultipliedColorU8::from_rgba(r, g, b, alpha).unwrap_or(*pixel);
        }
    }
}

fn levels(pixel: PremultipliedColorU8) -> [f32; 3] {
    [pixel.red(), pixel.green(), pixel.blue()].map(f32::from)
}

fn light_map(layer: &Sheet, mood: &Mood, lamps: &[Lamp]) -> Option<Pixmap> {
    let mut map = layer.reduced(REDUCTION)?;
    map.pixmap.fill(mood.ambient.mix(Ink::hex(0xFF_FFFF), 0.06).alpha(1.0));
    for lamp in lamps {
        map.glow(lamp.x, lamp.y, lamp.reach, mood.lamp.lit(0.35), lamp.strength * (0.18 + 0.82 * mood.dark));
    }
    Some(map.pixmap)
}
