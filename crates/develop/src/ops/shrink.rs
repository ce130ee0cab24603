//! Op `shrink`: a demosaiced picture to the output's size, by Lanczos in linear light. At the sensor's own size it is cut only.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};

use super::resample::Area;
use crate::raw::Planes;

/// The area at `width` x `height`.
pub fn shrink(whole: &Planes, area: Area, (width, height): (usize, usize)) -> Planes {
    let exact = area.width.fract() == 0.0 && area.x.fract() == 0.0 && area.y.fract() == 0.0;
    if exact && (area.width as usize, area.height as usize) == (width, height) {
        return cut(whole, (area.x as usize, area.y as usize), (width, height));
    }
    let mut out = Planes::new(width, height);
    for (from, to) in whole.rgb.iter().zip(&mut out.rgb) {
        // Sizes come from a sensor that was checked: where the resizer refuses all the same, the plane stays black.
        let _ = resized(from, (whole.width, whole.height), area, (width, height), to);
    }
    out
}

fn resized(from: &[f32], size: (usize, usize), area: Area, out_size: (usize, usize), to: &mut [f32]) -> Option<()> {
    let bytes = bytemuck::cast_slice(from);
    let source = ImageRef::new(size.0 as u32, size.1 as u32, bytes, PixelType::F32).ok()?;
    let out = bytemuck::cast_slice_mut(to);
    let mut target = Image::from_slice_u8(out_size.0 as u32, out_size.1 as u32, out, PixelType::F32).ok()?;
    let left = area.x.clamp(0.0, size.0 as f64 - 1.0);
    let top = area.y.clamp(0.0, size.1 as f64 - 1.0);
    let (width, height) = (area.width.min(size.0 as f64 - left), area.height.min(size.1 as f64 - top));
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(left, top, width, height);
    Resizer::new().resize(&source, &mut target, &options).ok()
}

fn cut(whole: &Planes, (left, top): (usize, usize), (width, height): (usize, usize)) -> Planes {
    let mut out = Planes::new(width, height);
    for (from, to) in whole.rgb.iter().zip(&mut out.rgb) {
        let rows = from.chunks_exact(whole.width.max(1)).skip(top);
        for (to, from) in to.chunks_exact_mut(width.max(1)).zip(rows) {
            if let Some(part) = from.get(left..left + width) {
                to.copy_from_slice(part);
            }
        }
    }
    out
}
