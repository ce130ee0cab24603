//! Pictures without a row of stalls: the booth's cloth, and the table of goods.

use super::{Scene, row};
use crate::brush::{Fill, Sheet, block};
use crate::colour::Ink;
use crate::goods::Goods;
use crate::light::{Lamp, illuminate};
use crate::lights::{self, Cord};
use crate::rng::Rng;
use crate::{finish, mood};

/// A cloth on a stand with lights along its top: where guests have their picture taken.
pub(super) fn curtain(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let cloth = mood::stall_cloth(rng);
    let mut layer = sheet.layer();
    let (w, h) = (sheet.width, sheet.height);
    let (left, right, top) = (w * 0.06, w * 0.94, h * 0.10);
    let ink = if rng.chance(0.5) { cloth.accent } else { cloth.strong.shaded(0.1) };
    layer.fill(&block(left, top, right - left, h), Fill::Slope((0.0, top), ink.lit(0.12), (0.0, h), ink.shaded(0.4)));
    let folds = 16;
    for n in 0..folds {
        let x = left + (n as f32 + rng.range(0.2, 0.8)) * (right - left) / folds as f32;
        let fold = |dx: f32| {
            [(x + dx, top + 10.0), (x + dx + rng_wave(n) * 8.0, h * 0.5), (x + dx - rng_wave(n) * 6.0, h + 20.0)]
        };
        layer.curve(&fold(0.0), 20.0, Fill::Clear(ink.shaded(0.65), 0.20));
        layer.curve(&fold(22.0), 13.0, Fill::Clear(ink.lit(0.5), 0.13));
    }
    if rng.chance(0.6) {
        for n in 0..42 {
            let (x, y) = (rng.range(left + 20.0, right - 20.0), rng.range(top + 40.0, h));
            let confetti = [cloth.pale, Ink::hex(0xF6_C65A), cloth.strong.lit(0.3)][n % 3];
            layer.oval(x, y, 5.0, 5.0, Fill::Clear(confetti, 0.7));
        }
    }
    layer.rounded(left - 30.0, top - 9.0, right - left + 60.0, 15.0, 7.0, Fill::Flat(Ink::hex(0xA8_7A4E)));
    let mut lamps = scene.lamps.clone();
    lamps.push(Lamp { x: w * 0.5, y: h * 0.36, reach: 950.0, strength: 0.85 });
    illuminate(&mut layer, &scene.mood, &lamps);
    finish::blur(&mut layer.pixmap, 2.2 * sheet.scale);
    let cord = Cord { from: (left, top), to: (right, top), sag: h * 0.09 };
    let inks = [cloth.pale, cloth.strong, Ink::hex(0xF6_C65A), cloth.accent.lit(0.25)];
    lights::bunting(&mut layer, &scene.mood, cord, 1.3, &inks);
    lights::bulbs(&mut layer, &scene.mood, Cord { sag: h * 0.05, ..cord }, 1.1, &[scene.mood.lamp]);
    sheet.lay(&layer);
}

/// A slow wave that makes folds irregular.
fn rng_wave(n: usize) -> f32 {
    (n as f32 * 2.4).sin()
}

/// Goods on a table, near; a stall behind them, far out of focus.
pub(super) fn table(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    row::stalls(sheet, scene, rng);
    lights::bokeh(sheet, &scene.mood, sheet.height * 0.75, (26.0, 70.0), 22, rng);
    let mut layer = sheet.layer();
    let (w, h) = (sheet.width, sheet.height);
    let edge = h * 0.83;
    let wood = Ink::hex(0x9A_6540);
    layer.block(0.0, edge - 70.0, w, h, Fill::Slope((0.0, edge - 70.0), wood.lit(0.25), (0.0, h), wood.shaded(0.55)));
    for n in 0..4 {
        let y = edge - 50.0 + n as f32 * n as f32 * 24.0;
        layer.line(&[(0.0, y), (w, y + 3.0)], 2.0 + n as f32, Fill::Clear(wood.shaded(0.6), 0.5));
    }
    let size = if scene.tall { 3.1 } else { 2.9 };
    let main = Goods::choose(rng);
    let mut steam_at = Vec::new();
    for (row, y) in [(0, edge - 20.0), (1, h * 0.985)] {
        let mut x = rng.range(-200.0, -60.0);
        while x < w {
            let goods = if rng.chance(0.7) { main } else { Goods::choose(rng) };
            let near = if row == 0 { 0.82 } else { 1.0 };
            if row == 0 || rng.chance(0.75) {
                layer.oval(
                    x + 54.0 * size * near,
                    y,
                    66.0 * size * near,
                    9.0 * size,
                    Fill::Clear(Ink::hex(0x1A_0C14), 0.35),
                );
                layer.placed(x, y, 0.0, size * near, |s| goods.draw(s, rng));
                if goods.steams() {
                    steam_at.push((x + 54.0 * size * near, y - 70.0 * size));
                }
            }
            x += 128.0 * size * near;
        }
    }
    let mut lamps = scene.lamps.clone();
    lamps.push(Lamp { x: w * (0.5 + 0.2 * scene.light), y: h * 0.45, reach: 900.0, strength: 0.8 });
    illuminate(&mut layer, &scene.mood, &lamps);
    sheet.lay(&layer);
    for at in steam_at.into_iter().take(4) {
        lights::steam(sheet, at, 1.6, rng);
    }
}
