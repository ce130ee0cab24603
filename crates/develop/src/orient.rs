//! Stored pixels to upright ones: EXIF 2.32, tag 0x0112.

use model::Orientation;

use crate::jpeg::Picture;

/// The picture turned upright.
pub fn upright(picture: Picture, orientation: Orientation) -> Picture {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let Some(rgb) = turned_upright(&picture.rgb, width, height, orientation) else { return picture };
    let (width_px, height_px) = if orientation.swaps_axes() {
        (picture.height_px, picture.width_px)
    } else {
        (picture.width_px, picture.height_px)
    };
    Picture { rgb, width_px, height_px }
}

/// R G B samples of any depth turned upright; nothing where they are so already.
pub fn turned_upright<T: Copy + Default>(
    rgb: &[T],
    width: usize,
    height: usize,
    orientation: Orientation,
) -> Option<Vec<T>> {
    let rows = || rgb.chunks_exact(width.max(1) * 3);
    let mirrored = |row: &[T]| row.rchunks_exact(3).flatten().copied().collect::<Vec<T>>();
    Some(match orientation.value() {
        2 => rows().flat_map(mirrored).collect(),
        3 => rgb.rchunks_exact(3).flatten().copied().collect(),
        4 => rows().rev().flatten().copied().collect(),
        5 => turned(rgb, width, height, false, false),
        6 => turned(rgb, width, height, false, true),
        7 => turned(rgb, width, height, true, true),
        8 => turned(rgb, width, height, true, false),
        _ => return None,
    })
}

/// Rows become columns: output row `y` is input column `y` (or the y-th from the right), read downwards (or upwards).
///
/// Sixteen output rows at a time, so that the bytes of an input row are used while they are in the cache.
fn turned<T: Copy + Default>(rgb: &[T], width: usize, height: usize, from_right: bool, upwards: bool) -> Vec<T> {
    const ROWS: usize = 16;
    let mut out = vec![T::default(); rgb.len()];
    if width == 0 || height == 0 {
        return out;
    }
    for (band, out_rows) in out.chunks_mut(height * 3 * ROWS).enumerate() {
        for (y, row) in rgb.chunks_exact(width * 3).enumerate() {
            let x_out = if upwards { height - 1 - y } else { y };
            for (line, out_row) in out_rows.chunks_exact_mut(height * 3).enumerate() {
                let x = band * ROWS + line;
                let x = if from_right { width - 1 - x } else { x };
                if let (Some(to), Some(from)) = (out_row.get_mut(x_out * 3..x_out * 3 + 3), row.get(x * 3..x * 3 + 3)) {
                    to.copy_from_slice(from);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_f_stands_upright() {
        // F of 2 x 3 px as each orientation stores it; the figures are those of the EXIF standard's drawing.
        let upright_f = [1, 1, 1, 0, 1, 0];
        let stored: [(u8, u32, [u8; 6]); 8] = [
            (1, 2, [1, 1, 1, 0, 1, 0]),
            (2, 2, [1, 1, 0, 1, 0, 1]),
            (3, 2, [0, 1, 0, 1, 1, 1]),
            (4, 2, [1, 0, 1, 0, 1, 1]),
            (5, 3, [1, 1, 1, 1, 0, 0]),
            (6, 3, [1, 0, 0, 1, 1, 1]),
            (7, 3, [0, 0, 1, 1, 1, 1]),
            (8, 3, [1, 1, 1, 0, 0, 1]),
        ];
        for (value, width_px, pixels) in stored {
            let rgb = pixels.iter().flat_map(|p| [*p, p * 2, p * 3]).collect();
            let picture = upright(Picture { rgb, width_px, height_px: 6 / width_px }, Orientation::from(value));
            assert_eq!((picture.width_px, picture.height_px), (2, 3), "orientation {value}");
            let red: Vec<u8> = picture.rgb.chunks_exact(3).map(|p| p[0]).collect();
            assert_eq!(red, upright_f, "orientation {value}");
        }
    }
}
