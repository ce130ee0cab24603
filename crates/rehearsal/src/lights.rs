//! What shines and flutters between the stalls: bulbs on strings, paper lanterns, bunting, bokeh, steam.

use crate::brush::{Fill, Sheet, oval, polygon};
use crate::colour::Ink;
use crate::light::Lamp;
use crate::mood::Mood;
use crate::rng::Rng;

/// A cord hanging between two points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cord {
    pub from: (f32, f32),
    pub to: (f32, f32),
    pub sag: f32,
}

impl Cord {
    /// The point at `t` from 0 to 1: a parabola is near enough to a catenary.
    pub fn at(self, t: f32) -> (f32, f32) {
        let x = self.from.0 + (self.to.0 - self.from.0) * t;
        let y = self.from.1 + (self.to.1 - self.from.1) * t + self.sag * 4.0 * t * (1.0 - t);
        (x, y)
    }

    fn draw(self, sheet: &mut Sheet, width: f32, ink: Ink) {
        let points: Vec<_> = (0..=16).map(|n| self.at(n as f32 / 16.0)).collect();
        sheet.curve(&points, width, Fill::Flat(ink));
    }

    fn length(self) -> f32 {
        (self.to.0 - self.from.0).hypot(self.to.1 - self.from.1)
    }
}

/// Bulbs on a cord; `size` 1 hangs near, less hangs far.
pub(crate) fn bulbs(sheet: &mut Sheet, mood: &Mood, cord: Cord, size: f32, colours: &[Ink]) {
    cord.draw(sheet, 2.2 * size, mood.far.shaded(0.4));
    let count = (cord.length() / (46.0 * size)).clamp(2.0, 60.0) as usize;
    for n in 0..count {
        let (x, y) = cord.at((n as f32 + 0.5) / count as f32);
        let ink = colours.get(n % colours.len().max(1)).copied().unwrap_or(mood.lamp);
        sheet.glow(x, y + 8.0 * size, 62.0 * size, ink, 0.35 + 0.5 * mood.dark);
        sheet.block(x - 2.5 * size, y - 1.0, 5.0 * size, 6.0 * size, Fill::Flat(mood.far.shaded(0.5)));
        sheet.oval(x, y + 10.0 * size, 6.2 * size, 7.4 * size, Fill::Flat(ink.lit(0.75)));
    }
}

/// Where the light of a cord of bulbs comes from.
pub(crate) fn cord_lamps(cord: Cord, strength: f32, lamps: &mut Vec<Lamp>) {
    for n in 0..4 {
        let (x, y) = cord.at((n as f32 + 0.5) / 4.0);
        lamps.push(Lamp { x, y: y + 40.0, reach: 430.0, strength });
    }
}

/// Little flags on a cord.
pub(crate) fn bunting(sheet: &mut Sheet, mood: &Mood, cord: Cord, size: f32, inks: &[Ink]) {
    let count = (cord.length() / (52.0 * size)).clamp(3.0, 50.0) as usize;
    for n in 0..count {
        let (x0, y0) = cord.at((n as f32 + 0.1) / count as f32);
        let (x1, y1) = cord.at((n as f32 + 0.9) / count as f32);
        let ink = inks.get(n % inks.len().max(1)).copied().unwrap_or(mood.lamp);
        let tip =
            (f32::midpoint(x0, x1) + if n % 2 == 0 { 2.0 } else { -3.0 } * size, f32::midpoint(y0, y1) + 46.0 * size);
        let flag = polygon(&[(x0, y0), (x1, y1), tip]);
        sheet.fill(&flag, Fill::Slope((x0, y0), ink.lit(0.12), tip, ink.shaded(0.22)));
    }
    cord.draw(sheet, 2.4 * size, Ink::hex(0xF4_E4CC).shaded(0.3));
}

/// A paper lantern hanging with its top at `x`, `y`.
pub(crate) fn lantern(sheet: &mut Sheet, mood: &Mood, (x, y): (f32, f32), size: f32, ink: Ink, round: bool) {
    let (rx, ry) = if round { (34.0, 32.0) } else { (27.0, 40.0) };
    sheet.glow(x, y + (10.0 + ry) * size, 190.0 * size, ink.mix(mood.lamp, 0.5), 0.25 + 0.5 * mood.dark);
    sheet.placed(x, y, 0.0, size, |s| {
        let dark = Fill::Flat(Ink::hex(0x3A_2030));
        s.line(&[(0.0, -16.0), (0.0, 10.0)], 2.0, dark);
        let cy = 10.0 + ry;
        let heart = ink.mix(Ink::hex(0xFF_F0B8), 0.72);
        s.oval(0.0, cy, rx, ry, Fill::Round((0.0, cy + 5.0), rx * 1.15, heart, ink));
        for k in [0.35, 0.72] {
            s.stroke(&oval(0.0, cy, rx * k, ry), 1.3, Fill::Clear(ink.shaded(0.35), 0.45));
        }
        s.line(&[(0.0, cy - ry), (0.0, cy + ry)], 1.3, Fill::Clear(ink.shaded(0.35), 0.4));
        s.rounded(-13.0, cy - ry - 4.0, 26.0, 8.0, 3.0, dark);
        s.rounded(-12.0, cy + ry - 4.0, 24.0, 8.0, 3.0, dark);
        for k in [-5.0, 0.0, 5.0] {
            s.line(&[(k, cy + ry + 4.0), (k * 1.2, cy + ry + 22.0)], 2.0, Fill::Flat(ink.lit(0.25)));
        }
    });
}

/// Lights out of focus: soft discs with a slightly brighter rim.
pub(crate) fn bokeh(sheet: &mut Sheet, mood: &Mood, below: f32, size: (f32, f32), count: usize, rng: &mut Rng) {
    for _ in 0..count {
        let (x, y) = (rng.range(0.0, sheet.width), below * rng.unit().sqrt());
        let r = rng.range(size.0, size.1);
        let ink = match rng.below(8) {
            0 => Ink::hex(0xFF_8A6E),
            1 => Ink::hex(0x8F_DCD0),
            2 => Ink::hex(0xFF_9FB8),
            _ => mood.lamp.mix(Ink::hex(0xFF_EFC4), rng.unit() * 0.6),
        };
        let alpha = rng.range(0.14, 0.42) * (0.45 + 0.55 * mood.dark);
        let disc = oval(x, y, r, r);
        sheet.fill_blended(&disc, Fill::Clear(ink, alpha), tiny_skia::BlendMode::Screen);
        let ring = oval(x, y, r * 0.95, r * 0.95);
        sheet.stroke(&ring, r * 0.09, Fill::Clear(ink.lit(0.4), alpha * 0.45));
    }
}

/// Steam rising from `x`, `y`.
pub(crate) fn steam(sheet: &mut Sheet, (x, y): (f32, f32), size: f32, rng: &mut Rng) {
    for n in 0..26 {
        let t = n as f32 / 26.0;
        let drift = (t * 5.0 + rng.range(-0.6, 0.6)).sin() * 34.0 * t;
        let r = (14.0 + 46.0 * t) * rng.range(0.7, 1.2);
        let (px, py) = (x + (drift + rng.range(-16.0, 16.0)) * size, y - 250.0 * t * size);
        sheet.glow(px, py, r * size, Ink::hex(0xFF_F2E2), 0.34 * (1.0 - t) + 0.03);
    }
}
