//! Smaller, never larger: Lanczos.

use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image, images::ImageRef};

use crate::{RenderError, jpeg::Picture};

/// Size of a picture of `width_px` x `height_px` whose longer side becomes `long_edge_px`; itself if that is smaller.
pub fn fitted(width_px: u32, height_px: u32, long_edge_px: u32) -> (u32, u32) {
    let long = width_px.max(height_px);
    if long <= long_edge_px || long == 0 {
        return (width_px, height_px);
    }
    let side = |px: u32| {
        let scaled = (u64::from(px) * u64::from(long_edge_px) + u64::from(long) / 2) / u64::from(long);
        (scaled as u32).max(1)
    };
    (side(width_px), side(height_px))
}

/// A copy of that size.
pub fn resized(picture: &Picture, (width_px, height_px): (u32, u32)) -> Result<Picture, RenderError> {
    if (width_px, height_px) == (picture.width_px, picture.height_px) {
        return Ok(picture.clone());
    }
    let from = ImageRef::new(picture.width_px, picture.height_px, &picture.rgb, PixelType::U8x3);
    let from = from.map_err(RenderError::make)?;
    let mut to = Image::new(width_px, height_px, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&from, &mut to, &options).map_err(RenderError::make)?;
    Ok(Picture { rgb: to.into_vec(), width_px, height_px })
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn sizes_keep_their_shape_and_never_grow() {
        assert_eq!(fitted(6000, 4000, 1200), (1200, 800));
        assert_eq!(fitted(4000, 6000, 1200), (800, 1200));
        assert_eq!(fitted(300, 200, 360), (300, 200));
        assert_eq!(fitted(60_000, 1, 360), (360, 1));
        assert_eq!(fitted(0, 0, 360), (0, 0));
    }
}
