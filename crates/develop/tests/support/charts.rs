//! Pictures whose every colour is known, the mosaic that a sensor would see of them, and how far a demosaic is off.
//!
//! All are linear light in the camera's own colours once they are white-balanced. Pixels are means over their area, as a
//! sensor's are, without a lens in front of it: harder than any photograph.

use std::f32::consts::PI;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use develop::raw::{Cfa, Colour, Planes};

/// Samples along each side of a pixel.
const FINE: usize = 4;

/// A Bayer filter by the letters of its block's rows, or an X-Trans filter likewise.
pub fn cfa(letters: &str) -> Cfa {
    let colour = |letter| match letter {
        'R' => Colour::Red,
        'B' => Colour::Blue,
        _ => Colour::Green,
    };
    let side = letters.len().isqrt();
    Cfa::new(side, letters.chars().map(colour).collect()).unwrap()
}

/// The four phases of the Bayer filter.
pub const BAYER: [&str; 4] = ["RGGB", "GRBG", "GBRG", "BGGR"];

/// Fujifilm's X-Trans filter.
pub const XTRANS: &str = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";

/// The X-Trans filter begun some rows and columns later.
pub fn xtrans_from(row: usize, column: usize) -> Cfa {
    let whole = cfa(XTRANS);
    let colours = (0..36).map(|index| whole.at(row + index / 6, column + index % 6)).collect();
    Cfa::new(6, colours).unwrap()
}

/// A picture of a function of place, in pixels.
pub fn drawn(width: usize, height: usize, colour_at: impl Fn(f32, f32) -> [f32; 3]) -> Planes {
    let mut planes = Planes::new(width, height);
    for index in 0..width * height {
        for part in 0..FINE * FINE {
            let within = |part: usize| (part as f32 + 0.5) / FINE as f32;
            let x = (index % width) as f32 + within(part % FINE);
            let y = (index / width) as f32 + within(part / FINE);
            for (plane, value) in planes.rgb.iter_mut().zip(colour_at(x, y)) {
                plane[index] += value / (FINE * FINE) as f32;
            }
        }
    }
    planes
}

/// Rings that become finer outwards, up to the finest that pixels can hold in the middle of each side.
pub fn zone_plate(side: usize, dark: [f32; 3], light: [f32; 3]) -> Planes {
    let middle = side as f32 / 2.0;
    drawn(side, side, |x, y| {
        let squared = (x - middle).powi(2) + (y - middle).powi(2);
        mixed(dark, light, 0.5 + 0.5 * (PI * squared / (2.0 * middle)).cos())
    })
}

/// A square turned by about 8 degrees in each of twelve cells: edges between many pairs of colours.
pub fn slanted_edges(width: usize, height: usize) -> Planes {
    let cell = (width / 4).min(height / 3).max(1) as f32;
    let (sin, cos) = 8.3_f32.to_radians().sin_cos();
    drawn(width, height, |x, y| {
        let (column, row) = ((x / cell) as usize, (y / cell) as usize);
        let (dx, dy) = (x - (column as f32 + 0.5) * cell, y - (row as f32 + 0.5) * cell);
        let inside = (dx * cos + dy * sin).abs().max((dy * cos - dx * sin).abs()) < 0.3 * cell;
        PATCHES[(row * 4 + column + if inside { 7 } else { 0 }) * 5 % PATCHES.len()]
    })
}

/// Patches of even colour with thin lines between them, which fall on pixels in every way.
pub fn patches(width: usize, height: usize) -> Planes {
    const ACROSS: f32 = 41.3;
    const DOWN: f32 = 37.7;
    drawn(width, height, |x, y| {
        let (column, row) = (x / ACROSS, y / DOWN);
        let from_line = (column.fract() * ACROSS).min(row.fract() * DOWN);
        if from_line < 1.5 { [0.02; 3] } else { PATCHES[(row as usize * 7 + column as usize * 5) % PATCHES.len()] }
    })
}

/// Lines of small letters, black on white and coloured on coloured.
pub fn text(width: usize, height: usize) -> Planes {
    const LINES: [&str; 4] =
        ["Night market, Saturday", "Minimum illumination", "Plum dumplings 4.50", "QuickBrownFoxesJump"];
    let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).unwrap();
    let mut planes = Planes::new(width, height);
    let pair =
        |line: usize| (PATCHES[18 + line * 7 % 6], PATCHES[if line.is_multiple_of(2) { 23 } else { line * 5 % 18 }]);
    let size_px = |line: usize| 9.0 + (line % 5) as f32 * 2.0;
    let (mut line, mut top) = (0, 0.0);
    while top < height as f32 {
        let (paper, ink) = pair(line);
        let bottom = top + size_px(line) * 1.3;
        for y in top as usize..(bottom as usize).min(height) {
            planes.rgb.iter_mut().zip(paper).for_each(|(plane, value)| plane[y * width..(y + 1) * width].fill(value));
        }
        let scaled = font.as_scaled(PxScale::from(size_px(line)));
        let mut x = 2.0 + line as f32 * 0.37;
        for letter in LINES[line % LINES.len()].chars().cycle().take(width) {
            let mut glyph = scaled.scaled_glyph(letter);
            glyph.position = point(x, top + scaled.ascent());
            x += scaled.h_advance(glyph.id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|column, row, share| {
                let (column, row) = (bounds.min.x as i64 + i64::from(column), bounds.min.y as i64 + i64::from(row));
                if (0..width as i64).contains(&column) && (0..height as i64).contains(&row) {
                    let at = row as usize * width + column as usize;
                    planes
                        .rgb
                        .iter_mut()
                        .zip(ink)
                        .for_each(|(plane, ink)| plane[at] += (ink - plane[at]) * share.min(1.0));
                }
            });
        }
        (line, top) = (line + 1, bottom);
    }
    planes
}

fn mixed(one: [f32; 3], other: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|colour| one[colour] + (other[colour] - one[colour]) * share)
}

/// Linear colours of our own, as a test chart has them: skin to sky, the primaries, six greys.
const PATCHES: [[f32; 3]; 24] = [
    [0.17, 0.08, 0.06],
    [0.55, 0.30, 0.22],
    [0.12, 0.19, 0.34],
    [0.10, 0.15, 0.05],
    [0.24, 0.22, 0.44],
    [0.13, 0.51, 0.40],
    [0.70, 0.21, 0.03],
    [0.07, 0.10, 0.38],
    [0.54, 0.09, 0.12],
    [0.11, 0.05, 0.14],
    [0.34, 0.50, 0.05],
    [0.75, 0.36, 0.03],
    [0.03, 0.05, 0.30],
    [0.06, 0.30, 0.07],
    [0.43, 0.03, 0.04],
    [0.80, 0.57, 0.01],
    [0.50, 0.09, 0.30],
    [0.01, 0.24, 0.38],
    [0.90, 0.90, 0.88],
    [0.59, 0.59, 0.58],
    [0.36, 0.36, 0.36],
    [0.19, 0.19, 0.19],
    [0.09, 0.09, 0.09],
    [0.03, 0.03, 0.03],
];

/// What a sensor behind this filter sees: camera colours before balance.
pub fn mosaic(picture: &Planes, cfa: &Cfa, balance: [f32; 3]) -> Vec<f32> {
    (0..picture.width * picture.height)
        .map(|index| {
            let colour = cfa.at(index / picture.width, index % picture.width).index();
            picture.rgb[colour][index] / balance[colour]
        })
        .collect()
}

/// Camera colours after balance.
pub fn balanced(mut picture: Planes, balance: [f32; 3]) -> Planes {
    for (plane, factor) in picture.rgb.iter_mut().zip(balance) {
        for value in plane {
            *value *= factor;
        }
    }
    picture
}

/// Peak signal to noise of all three colours together, dB, against a peak of 1, without `border` pixels on each side;
/// `value` is what is compared: the light itself, or what a screen is sent.
pub fn cpsnr(one: &Planes, other: &Planes, border: usize, value: impl Fn(f32) -> f32) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let (mut sum, mut count) = (0.0, 0);
    for (one_plane, other_plane) in one.rgb.iter().zip(&other.rgb) {
        for y in border..one.height - border {
            for at in y * one.width + border..(y + 1) * one.width - border {
                sum += f64::from(value(one_plane[at]) - value(other_plane[at])).powi(2);
                count += 1;
            }
        }
    }
    10.0 * (f64::from(count) / sum.max(1e-12)).log10()
}

/// Light as a screen is sent it, 0 to 1 (IEC 61966-2-1).
pub fn srgb(light: f32) -> f32 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}
