//! What must hold for every method, filter and size. How good the pictures are is tests/demosaic.rs's matter.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

use super::*;
use crate::raw::Colour;

const BALANCE: [f32; 3] = [2.0, 1.0, 1.6];
const XTRANS: &str = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";

fn cfa(letters: &str) -> Cfa {
    let colours = letters.chars().map(|letter| match letter {
        'R' => Colour::Red,
        'B' => Colour::Blue,
        _ => Colour::Green,
    });
    Cfa::new(letters.len().isqrt(), colours.collect()).unwrap()
}

/// Samples from -0.02 to 1.2 in no order.
fn noise(count: usize) -> Vec<f32> {
    let mut state = 2_463_534_242_u32;
    let dice = std::iter::repeat_with(|| {
        // xorshift32 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / u32::MAX as f32 * 1.22 - 0.02
    });
    dice.take(count).collect()
}

fn filters() -> Vec<Cfa> {
    // The last one has all colours and yet nothing of X-Trans.
    let odd = format!("RB{}", "G".repeat(34));
    ["RGGB", "GRBG", "GBRG", "BGGR", XTRANS, &odd].map(cfa).to_vec()
}

fn assert_samples_pass(planes: &Planes, cfa: &Cfa, mosaic: &[f32]) {
    for (index, sample) in mosaic.iter().enumerate() {
        let colour = cfa.at(index / planes.width, index % planes.width).index();
        assert!(planes.rgb[colour][index].to_bits() == sample.to_bits(), "{cfa:?} {index}");
    }
}

#[test]
fn neither_tiles_nor_threads_can_be_seen() {
    let (width, height) = (83, 71);
    let mosaic = noise(width * height);
    for (cfa, method) in filters().iter().flat_map(|cfa| [(cfa, Method::Bilinear), (cfa, Method::Best)]) {
        let mosaic = Mosaic::new(width, height, cfa, &mosaic, BALANCE);
        let whole = demosaic_in(Tiling { rows: 1000, columns: 1000 }, &mosaic, method);
        for (rows, columns) in [(1, 7), (6, 6), (13, 24), (30, 50)] {
            let tiled = demosaic_in(Tiling { rows, columns }, &mosaic, method);
            assert!(whole == tiled, "{cfa:?} {method:?} in tiles of {rows} x {columns}");
        }
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let threaded = pool.install(|| demosaic_in(Tiling { rows: 12, columns: 24 }, &mosaic, method));
            assert!(whole == threaded, "{cfa:?} {method:?} on {threads} threads");
        }
    }
}

#[test]
fn every_size_has_a_picture_and_samples_pass_unchanged() {
    let sizes = (0..=16).flat_map(|side| [(side, side), (side, 1), (1, side), (side, 17), (16, side)]);
    for (width, height) in sizes.chain([(131, 5)]) {
        let mosaic = noise(width * height);
        for (cfa, method) in filters().iter().flat_map(|cfa| [(cfa, Method::Bilinear), (cfa, Method::Best)]) {
            let planes = demosaic(width, height, cfa, &mosaic, BALANCE, method);
            assert_eq!((planes.width, planes.height), (width, height));
            assert_samples_pass(&planes, cfa, &mosaic);
            for value in planes.rgb.iter().flatten() {
                assert!((-4.0..6.0).contains(value), "{cfa:?} {method:?} {width} x {height}: {value}");
            }
        }
    }
}

#[test]
fn one_pixel_is_grey() {
    for cfa in filters() {
        let planes = demosaic(1, 1, &cfa, &[0.25], BALANCE, Method::Best);
        let own = cfa.at(0, 0).index();
        for (plane, factor) in planes.rgb.iter().zip(BALANCE) {
            let balanced = plane[0] * factor;
            assert!((balanced - 0.25 * BALANCE[own]).abs() < 1e-6, "{cfa:?} {planes:?}");
        }
    }
}

#[test]
fn what_is_missing_or_senseless_is_put_right() {
    let cfa = cfa("RGGB");
    let planes = demosaic(8, 8, &cfa, &[0.5; 20], [f32::NAN, 0.0, -1.0], Method::Best);
    assert_eq!(planes.rgb[0][2], 0.5);
    assert_eq!(planes.rgb[1][63 - 1], 0.0);
    assert!(planes.rgb.iter().flatten().all(|value| value.is_finite()));
}

#[test]
fn balance_is_taken_out_again() {
    let (width, height) = (40, 30);
    for cfa in filters() {
        let grey = vec![0.3; width * height];
        let unbalanced: Vec<f32> =
            (0..width * height).map(|index| 0.3 / BALANCE[cfa.at(index / width, index % width).index()]).collect();
        let one = demosaic(width, height, &cfa, &grey, [1.0; 3], Method::Best);
        let other = demosaic(width, height, &cfa, &unbalanced, BALANCE, Method::Best);
        for ((one, other), factor) in one.rgb.iter().zip(&other.rgb).zip(BALANCE) {
            for (one, other) in one.iter().zip(other) {
                assert!((one - other * factor).abs() < 1e-5, "{cfa:?} {one} {other}");
            }
        }
    }
}

#[test]
fn every_phase_of_xtrans_and_its_mirror_images_is_known_and_nothing_else() {
    let whole = cfa(XTRANS);
    let turned = |place: &dyn Fn(usize, usize) -> (usize, usize)| {
        let at = |index: usize| place(index / 6, index % 6);
        Cfa::new(6, (0..36).map(|index| whole.at(at(index).0, at(index).1)).collect()).unwrap()
    };
    for shift in 0..36 {
        let (down, right) = (shift / 6, shift % 6);
        assert!(markesteijn::Markesteijn::new(&turned(&|row, column| (row + down, column + right))).is_some());
        assert!(markesteijn::Markesteijn::new(&turned(&|row, column| (column + right, row + down))).is_some());
        assert!(markesteijn::Markesteijn::new(&turned(&|row, column| (11 - row + down, column + right))).is_some());
    }
    let bayer = format!("{}{}", "RG".repeat(3), "GB".repeat(3)).repeat(3);
    assert!(markesteijn::Markesteijn::new(&cfa(&bayer)).is_none());
    let mut spoilt = XTRANS.to_owned();
    spoilt.replace_range(1..2, "R");
    assert!(markesteijn::Markesteijn::new(&cfa(&spoilt)).is_none());
}

#[test]
fn neither_bands_nor_their_size_can_be_seen() {
    use crate::{
        ops::resample::tests::{seen, sensor},
        raw::{BlackLevels, Layout},
    };
    let (width, height) = (230, 471);
    for cfa in filters().into_iter().take(5) {
        let mut sensor = sensor(width, height, Layout::Mosaic(cfa.clone()));
        sensor.black = BlackLevels::block(2, 2, vec![500.0, 510.0, 512.0, 520.0]).unwrap();
        let samples = seen(&sensor, |x, y, colour| {
            0.4 + 0.3 * (x * 0.9 + colour as f64).sin() * (y * 0.7).cos() + 0.2 * f64::from((x + y) as u32 % 29 < 3)
        });
        let raw = Raw { sensor: &sensor, samples: &samples };
        // The whole picture first, then its part: what bands do without ever having it.
        let all = Area { x: 0.0, y: 0.0, width: f64::from(width), height: f64::from(height) };
        let whole_px = (width as usize, height as usize);
        let how = Sampling::WHITE;
        let shrink = Shrink::new(whole_px, all, whole_px);
        let method = interpolation(&cfa, Method::Best);
        let bands = Bands { raw: &raw, cfa: &cfa, how, balance: BALANCE, shrink, method };
        let mut whole = Planes::new(whole_px.0, whole_px.1);
        let [red, green, blue] = &mut whole.rgb;
        bands.make(0, whole_px.1, [red, green, blue], &mut Room::default());
        for (area, size) in [
            (all, (width as usize, height as usize)),
            (all, (105, 214)),
            (Area { x: 3.25, y: 17.6, width: 200.5, height: 431.3 }, (150, 323)),
            (Area { x: 12.0, y: 8.0, width: 120.0, height: 450.0 }, (120, 450)),
            (all, (20, 41)),
        ] {
            let mut wanted = Planes::new(size.0, size.1);
            let [red, green, blue] = &mut wanted.rgb;
            let shrink = Shrink::new(whole_px, area, size);
            shrink.write(&whole, 0, 0, [red, green, blue], &mut shrink::Scratch::default());
            let banded = demosaic_raw(&raw, &cfa, (Sampling::WHITE, BALANCE, Method::Best), area, size);
            for (wanted, banded) in wanted.rgb.iter().zip(&banded.rgb) {
                let worst = wanted.iter().zip(banded).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(worst == 0.0, "{cfa:?}, {area:?} at {size:?}: {worst}");
            }
        }
    }
}
