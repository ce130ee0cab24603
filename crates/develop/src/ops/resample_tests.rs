#![allow(clippy::unwrap_used)]
use model::Orientation;

use super::*;
use crate::raw::{BlackLevels, Colour, Sensor};

pub(crate) fn sensor(width_px: u32, height_px: u32, layout: Layout) -> Sensor {
    Sensor {
        width_px,
        height_px,
        shown_px: (0, 0, width_px, height_px),
        pixel_aspect: 1.0,
        layout,
        black: BlackLevels::flat(512.0),
        white: 16_383.0,
        white_in_use: 16_383.0,
        as_shot: Some([1.0; 3]),
        daylight: [1.0; 3],
        srgb_from_camera: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        camera_from_xyz: None,
        orientation: Orientation::UPRIGHT,
        baseline_exposure_ev: 0.0,
        make: String::new(),
        model: String::new(),
        lens: None,
        iso: 100.0,
        shutter_s: 0.01,
        aperture_f: 4.0,
        focal_mm: 50.0,
        damaged: false,
    }
}

pub(crate) fn cfa(text: &str) -> Cfa {
    let colour = |letter| match letter {
        'R' => Colour::Red,
        'B' => Colour::Blue,
        _ => Colour::Green,
    };
    let side = if text.len() == 4 { 2 } else { 6 };
    Cfa::new(side, text.chars().map(colour).collect()).unwrap()
}

/// Fujifilm's filter, as their cameras have it (LibRaw: xtrans of the X-T1).
pub(crate) const X_TRANS: &str = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";

/// Samples of a picture given as a function of place and colour, 0 to 1.
pub(crate) fn seen(sensor: &Sensor, light: impl Fn(f64, f64, usize) -> f64) -> Vec<u16> {
    let (width, height) = (sensor.width_px as usize, sensor.height_px as usize);
    let each = sensor.layout.samples_per_pixel();
    let sample = |index: usize| {
        let (row, column) = (index / (width * each), index % (width * each));
        let colour = match &sensor.layout {
            Layout::Mosaic(cfa) => cfa.at(row, column).index(),
            Layout::Rgb => column % 3,
            Layout::Grey => 1,
        };
        let value = light((column / each) as f64, row as f64, colour);
        (512.0 + value * (16_383.0 - 512.0)).round().clamp(0.0, 65_535.0) as u16
    };
    (0..width * height * each).map(sample).collect()
}

fn whole(sensor: &Sensor) -> Area {
    Area { x: 0.0, y: 0.0, width: f64::from(sensor.width_px), height: f64::from(sensor.height_px) }
}

#[test]
fn slopes_of_every_colour_come_out_where_they_stand() {
    let slope = |x: f64, y: f64, colour: usize| 0.1 + 0.002 * x + 0.001 * y + 0.05 * colour as f64;
    for (name, layout, tolerance) in [
        ("RGGB", Layout::Mosaic(cfa("RGGB")), 0.0005),
        ("BGGR", Layout::Mosaic(cfa("BGGR")), 0.0005),
        ("GRBG", Layout::Mosaic(cfa("GRBG")), 0.0005),
        ("GBRG", Layout::Mosaic(cfa("GBRG")), 0.0005),
        ("X-Trans", Layout::Mosaic(cfa(X_TRANS)), 0.002),
        ("RGB", Layout::Rgb, 0.0005),
    ] {
        let sensor = sensor(202, 150, layout);
        let samples = seen(&sensor, slope);
        let out = resample(&Raw { sensor: &sensor, samples: &samples }, whole(&sensor), (67, 50), Sampling::WHITE);
        for y in 5..45 {
            for x in 5..62 {
                let (from_x, from_y) = ((x as f64 + 0.5) * 202.0 / 67.0 - 0.5, (y as f64 + 0.5) * 3.0 - 0.5);
                for colour in 0..3 {
                    let (found, want) = (out.rgb[colour][y * 67 + x], slope(from_x, from_y, colour));
                    assert!(
                        (f64::from(found) - want).abs() < tolerance,
                        "{name} {x},{y} colour {colour}: {found} {want}"
                    );
                }
            }
        }
    }
}

#[test]
fn flat_fields_are_exact_at_every_edge_and_size() {
    for layout in [Layout::Mosaic(cfa("RGGB")), Layout::Mosaic(cfa(X_TRANS)), Layout::Rgb, Layout::Grey] {
        for (width, height) in [(2, 2), (7, 5), (33, 18), (40, 41)] {
            let sensor = sensor(width, height, layout.clone());
            let samples = seen(&sensor, |_, _, _| 0.25);
            for size in [(1, 1), (3, 2), (17, 9), (50, 60)] {
                let out = resample(&Raw { sensor: &sensor, samples: &samples }, whole(&sensor), size, Sampling::WHITE);
                for (colour, plane) in out.rgb.iter().enumerate() {
                    // A corner of X-Trans may hold no red at all within reach of a tiny picture.
                    let known = !matches!(&sensor.layout, Layout::Mosaic(cfa) if !cfa.is_bayer()) || width > 12;
                    assert!(
                        !known || plane.iter().all(|value| (value - 0.25).abs() < 1e-3),
                        "{layout:?} {width}x{height} to {size:?}, colour {colour}: {plane:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_above_the_ceiling_counts() {
    let sensor = sensor(40, 40, Layout::Mosaic(cfa("RGGB")));
    let samples = seen(&sensor, |_, _, _| 1.5);
    let out = resample(
        &Raw { sensor: &sensor, samples: &samples },
        whole(&sensor),
        (13, 13),
        Sampling { ceiling: [0.5, 1.0, 0.75], cut_at_black: false, softness: 0.0 },
    );
    let near = |plane: &[f32], want: f32| plane.iter().all(|value| (value - want).abs() < 1e-3);
    assert!(near(&out.rgb[0], 0.5) && near(&out.rgb[1], 1.0) && near(&out.rgb[2], 0.75));
}
