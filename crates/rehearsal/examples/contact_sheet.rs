//! A contact sheet of the drawn scenes, to look at: `cargo run -p rehearsal --example contact_sheet -- FILE.jpg [FIRST [COUNT [CELL_PX]]]`.

use std::error::Error;

use rehearsal::{Exif, JpegOptions, Scene, draw, jpeg};

/// Pictures in a row.
const COLUMNS: u32 = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |text| text.parse());
    let (first, count, cell) = (number(1)?, number(24)?, number(330)? as u32);
    let columns = COLUMNS.min(count as u32);
    let rows = (count as u32).div_ceil(columns);
    let (width_px, height_px) = (columns * (cell + 8) + 8, rows * (cell + 8) + 8);
    let mut sheet = Scene { rgb: vec![38; (width_px * height_px * 3) as usize], width_px, height_px };
    for n in 0..count as u32 {
        // Drawn larger and made smaller, so that the grain does not dominate a thumbnail.
        let seed = first + u64::from(n);
        let (w, h) = if seed % 10 < 3 { (800, 1200) } else { (1200, 800) };
        let picture = draw(seed, w, h);
        let (w, h) = if w > h { (cell, cell * 2 / 3) } else { (cell * 2 / 3, cell) };
        let (x, y) = (8 + n % columns * (cell + 8) + (cell - w) / 2, 8 + n / columns * (cell + 8) + (cell - h) / 2);
        paste(&mut sheet, &picture, (x, y), (w, h));
    }
    let exif = Exif::at(jiff::civil::date(2026, 11, 24).at(19, 5, 9, 0), None);
    std::fs::write(path, jpeg(&sheet, &exif, JpegOptions { quality: 90, ..JpegOptions::default() })?)?;
    Ok(())
}

/// Puts `picture` into `sheet` at a place and size: a mean over boxes.
fn paste(sheet: &mut Scene, picture: &Scene, (left, top): (u32, u32), (w, h): (u32, u32)) {
    for y in 0..h {
        for x in 0..w {
            let (x0, x1) =
                (x * picture.width_px / w, ((x + 1) * picture.width_px / w).max(x * picture.width_px / w + 1));
            let (y0, y1) =
                (y * picture.height_px / h, ((y + 1) * picture.height_px / h).max(y * picture.height_px / h + 1));
            for k in 0..3 {
                let at = |x: u32, y: u32| u32::from(picture.rgb[((y * picture.width_px + x) * 3 + k) as usize]);
                let sum: u32 = (y0..y1).map(|y| (x0..x1).map(|x| at(x, y)).sum::<u32>()).sum();
                sheet.rgb[(((top + y) * sheet.width_px + left + x) * 3 + k) as usize] =
                    (sum / ((x1 - x0) * (y1 - y0))) as u8;
            }
        }
    }
}
