//! What the lens and the film do to a drawing: blur, bloom, warmth, vignette.

use tiny_skia::{Pixmap, PremultipliedColorU8};

use crate::rng::mix;

/// Blurs a drawing by about `radius_px`: three box passes each way come close to a Gaussian.
pub(crate) fn blur(pixmap: &mut Pixmap, radius_px: f32) {
    let radius = (radius_px * 0.55).round() as usize;
    if radius == 0 {
        return;
    }
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    let mut from: Vec<[u8; 4]> = pixmap.data().chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect();
    let mut to = from.clone();
    for _ in 0..3 {
        // Each pass also transposes, so that both directions run along memory; two passes restore the shape.
        box_pass(&from, &mut to, width, height, radius);
        box_pass(&to, &mut from, height, width, radius);
    }
    for (pixel, level) in pixmap.data_mut().chunks_exact_mut(4).zip(&from) {
        // Rounding must not leave more colour than opacity: the blender relies on that.
        let [r, g, b, alpha] = *level;
        pixel.copy_from_slice(&[r.min(alpha), g.min(alpha), b.min(alpha), alpha]);
    }
}

/// A running mean along each row of `width`, written as a column.
fn box_pass(from: &[[u8; 4]], to: &mut [[u8; 4]], width: usize, height: usize, radius: usize) {
    let count = (2 * radius + 1) as u32;
    let reciprocal = (1u32 << 16) / count;
    for (y, row) in from.chunks_exact(width).enumerate().take(height) {
        let pixel = |x: isize| row[x.clamp(0, width as isize - 1) as usize];
        let mut sum = [0u32; 4];
        for x in -(radius as isize)..=radius as isize {
            sum.iter_mut().zip(pixel(x)).for_each(|(sum, level)| *sum += u32::from(level));
        }
        for x in 0..width {
            to[x * height + y] = sum.map(|sum| ((sum * reciprocal + 0x8000) >> 16) as u8);
            let (leaving, entering) = (pixel(x as isize - radius as isize), pixel((x + radius + 1) as isize));
            for (k, sum) in sum.iter_mut().enumerate() {
                *sum = *sum + u32::from(entering[k]) - u32::from(leaving[k]);
            }
        }
    }
}

/// What a scene's film looks like.
#[derive(Clone, Copy)]
pub(crate) struct Film {
    /// How much of the bright parts spreads, 0 to 1.
    pub bloom: f32,
    /// How dark the corners become, 0 to 1.
    pub vignette: f32,
    /// Warmth of the lights and coolness of the shadows, 0 to 1.
    pub split: f32,
}

/// Bloom, split toning and vignette over the whole drawing.
pub(crate) fn develop(pixmap: &mut Pixmap, film: Film, scale: f32) {
    let halo = bright_parts(pixmap, scale);
    let (width, height) = (pixmap.width(), pixmap.height());
    let (half_width, half_height) = (width as f32 / 2.0, height as f32 / 2.0);
    let (small_width, small_height) = (halo.width(), halo.height());
    for (y, row) in pixmap.pixels_mut().chunks_exact_mut(width as usize).enumerate() {
        let dy = (y as f32 + 0.5 - half_height) / half_height;
        let small_row = ((y as u32 * small_height / height) * small_width) as usize;
        for (x, pixel) in row.iter_mut().enumerate() {
            let dx = (x as f32 + 0.5 - half_width) / half_width;
            let light = halo.pixels()[small_row + (x as u32 * small_width / width) as usize];
            let shade = 1.0 - film.vignette * ((dx * dx + dy * dy) * 0.5).powi(2).min(1.0);
            *pixel = developed(*pixel, light, film, shade, mix((y as u64) << 32 | x as u64));
        }
    }
}

fn developed(
    pixel: PremultipliedColorU8,
    halo: PremultipliedColorU8,
    film: Film,
    shade: f32,
    dice: u64,
) -> PremultipliedColorU8 {
    let level = |own: u8, halo: u8| {
        let (own, halo) = (f32::from(own) / 255.0, f32::from(halo) / 255.0 * film.bloom);
        (1.0 - (1.0 - own) * (1.0 - halo)) * shade
    };
    let [r, g, b] =
        [level(pixel.red(), halo.red()), level(pixel.green(), halo.green()), level(pixel.blue(), halo.blue())];
    let luma = 0.3 * r + 0.59 * g + 0.11 * b;
    let tone = film.split * (luma - 0.42);
    // A touch of noise before rounding keeps dark gradients free of bands.
    let dither = (dice & 0xFF) as f32 / 256.0;
    let [r, g, b] = [r * (1.0 + 0.14 * tone) + 0.030 * tone, g + 0.006 * tone, b * (1.0 - 0.12 * tone) - 0.040 * tone]
        .map(|level| (level * 255.0 + dither).clamp(0.0, 255.0) as u8);
    PremultipliedColorU8::from_rgba(r, g, b, 255).unwrap_or(pixel)
}

/// The lights alone, at a quarter of the size and blurred: what a soft lens spreads.
fn bright_parts(pixmap: &Pixmap, scale: f32) -> Pixmap {
    let (width, height) = ((pixmap.width() / 4).max(1), (pixmap.height() / 4).max(1));
    let Some(mut small) = Pixmap::new(width, height) else { return pixmap.clone() };
    for (y, row) in small.pixels_mut().chunks_exact_mut(width as usize).enumerate() {
        for (x, out) in row.iter_mut().enumerate() {
            let Some(p) =
                pixmap.pixel((x as u32 * 4 + 1).min(pixmap.width() - 1), (y as u32 * 4 + 1).min(pixmap.height() - 1))
            else {
                continue;
            };
            let luma = (u32::from(p.red()) * 3 + u32::from(p.green()) * 6 + u32::from(p.blue())) / 10;
            let keep = luma.saturating_sub(165) * 255 / 90;
            let part = |level: u8| (u32::from(level) * keep.min(255) / 255) as u8;
            *out = PremultipliedColorU8::from_rgba(part(p.red()), part(p.green()), part(p.blue()), 255).unwrap_or(*out);
        }
    }
    blur(&mut small, 26.0 * scale / 4.0 * 1.6);
    small
}
