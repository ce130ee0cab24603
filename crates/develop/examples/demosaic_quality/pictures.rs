//! The known pictures: reduced photographs, drawn scenes, charts.

use std::path::Path;

use develop::raw::Planes;
use turbojpeg::PixelFormat;

use crate::charts;

/// Columns and rows that are kept of a reduced photograph, from its middle.
const KEPT: (usize, usize) = (900, 528);

/// A picture with its name.
pub struct Known {
    /// What the table calls it.
    pub name: String,
    /// What it shows.
    pub picture: Planes,
}

/// All of them; photographs come from the folder of samples.
pub fn all(samples: &Path) -> Vec<Known> {
    let chart = |name: &str, picture| Known { name: name.to_owned(), picture };
    let photo = |name, file: &str, factor| chart(name, photograph(&samples.join(file), factor));
    let scene = |name, seed| chart(name, drawn_scene(seed));
    vec![
        photo("snow", "jpeg/derived_24mp_422_q93.jpg", 4),
        photo("chain", "jpeg/mei_Leica_T_Typ_701.jpg", 4),
        photo("leaf", "jpeg/mei_Nikon_D3100.jpg", 3),
        photo("waterfall", "orient/Landscape_1.jpg", 3),
        scene("market 1", 1),
        scene("market 7", 7),
        chart("zone, grey", charts::zone_plate(528, [0.02; 3], [0.9; 3])),
        chart("zone, colour", charts::zone_plate(528, [0.5, 0.1, 0.05], [0.2, 0.6, 0.7])),
        chart("edges", charts::slanted_edges(704, 528)),
        chart("patches", charts::patches(792, 528)),
        chart("text", charts::text(640, 528)),
    ]
}

fn photograph(path: &Path, factor: usize) -> Planes {
    let jpeg = std::fs::read(path).unwrap();
    let image = turbojpeg::decompress(&jpeg, PixelFormat::RGB).unwrap();
    let whole = reduced(&image.pixels, image.width, image.height, factor);
    let (left, top) = (whole.width.saturating_sub(KEPT.0) / 2, whole.height.saturating_sub(KEPT.1) / 2);
    let (width, height) = (KEPT.0.min(whole.width), KEPT.1);
    let mut kept = Planes::new(width, height);
    for (from, to) in whole.rgb.iter().zip(&mut kept.rgb) {
        for (row, line) in to.chunks_exact_mut(width).enumerate() {
            // What is too low goes on as its own mirror image.
            let row = (top + row).min(2 * whole.height - 1 - top - row);
            line.copy_from_slice(&from[row * whole.width + left..][..width]);
        }
    }
    kept
}

fn drawn_scene(seed: u64) -> Planes {
    let scene = rehearsal::draw(seed, 2400, 1600);
    reduced(&scene.rgb, 2400, 1600, 3)
}

/// Means of `factor` x `factor` pixels in linear light: what made the picture (a mosaic, a JPEG, a blur) is gone.
fn reduced(rgb: &[u8], from_width: usize, from_height: usize, factor: usize) -> Planes {
    let light: Vec<f32> = (0..256).map(|level| linear(level as f32 / 255.0)).collect();
    let (width, height) = (from_width / factor, from_height / factor);
    let mut planes = Planes::new(width, height);
    for y in 0..height * factor {
        for x in 0..width * factor {
            for (colour, plane) in planes.rgb.iter_mut().enumerate() {
                let value = light[usize::from(rgb[(y * from_width + x) * 3 + colour])];
                plane[y / factor * width + x / factor] += value / (factor * factor) as f32;
            }
        }
    }
    planes
}

/// Light of an sRGB level (IEC 61966-2-1).
fn linear(level: f32) -> f32 {
    if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
}
