//! A market stall: posts, a lit interior, goods on a counter, and a striped awning over it all.

use crate::brush::{Fill, Sheet, oval, polygon};
use crate::colour::Ink;
use crate::goods::Goods;
use crate::light::Lamp;
use crate::lights;
use crate::mood::{self, Cloth, Mood};
use crate::rng::Rng;
use crate::sign;

/// A stall's half width in its own units; it stands on `y` = 0 and is about 600 high.
pub(crate) const HALF: f32 = 300.0;
/// The counter's height.
pub(crate) const COUNTER: f32 = 205.0;
/// Where the awning's lower edge hangs.
const EAVES: f32 = 430.0;

/// One stall.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stall {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub cloth: Cloth,
    pub goods: Goods,
    pub seed: u64,
}

impl Stall {
    /// A stall standing there, which sells something else under another cloth than its neighbours.
    pub fn beside(others: &[Self], x: f32, y: f32, size: f32, rng: &mut Rng) -> Self {
        let mut stall = Self { x, y, size, cloth: mood::stall_cloth(rng), goods: Goods::choose(rng), seed: rng.bits() };
        for _ in 0..8 {
            if !others.iter().any(|other| other.goods == stall.goods || other.cloth.strong == stall.cloth.strong) {
                break;
            }
            (stall.cloth, stall.goods) = (mood::stall_cloth(rng), Goods::choose(rng));
        }
        stall
    }

    /// Everything behind a vendor: back wall, shelves, posts.
    pub fn draw_back(&self, sheet: &mut Sheet, mood: &Mood) {
        let mut rng = Rng::new(self.seed, 1);
        sheet.placed(self.x, self.y, 0.0, self.size, |s| {
            let (inner, outer) = (Ink::hex(0xD9_9A5C), Ink::hex(0x6A_3C34));
            let wall = Fill::Round((0.0, -EAVES + 60.0), 380.0, inner, outer);
            s.block(-HALF + 14.0, -EAVES - 30.0, HALF * 2.0 - 28.0, EAVES + 20.0, wall);
            shelf(s, -330.0, &mut rng);
            shelf(s, -262.0, &mut rng);
            for x in [-HALF + 4.0, HALF - 20.0] {
                let wood = Fill::Slope((x, 0.0), Ink::hex(0x9A_6A44), (x + 18.0, 0.0), Ink::hex(0x5A_3A2C));
                s.block(x, -EAVES - 40.0, 16.0, EAVES + 40.0, wood);
            }
            s.glow(0.0, -EAVES + 60.0, 330.0, mood.lamp, 0.35);
        });
    }

    /// Everything before a vendor: counter, goods, awning, sign, lanterns.
    pub fn draw_front(&self, sheet: &mut Sheet, mood: &Mood) {
        let mut rng = Rng::new(self.seed, 2);
        let cloth = self.cloth;
        let steaming = self.goods.steams() && rng.chance(0.8);
        sheet.placed(self.x, self.y, 0.0, self.size, |s| {
            counter(s, cloth, &mut rng);
            let mut x = -HALF + 6.0;
            while x < HALF - 100.0 {
                // A gap in the middle leaves the vendor visible.
                if !(-85.0..-10.0).contains(&x) || self.goods == Goods::Fruit {
                    s.placed(x, -COUNTER, 0.0, 1.0, |s| self.goods.draw(s, &mut rng));
                }
                x += rng.range(112.0, 126.0);
            }
            awning(s, cloth, &mut rng);
            board(s, self.goods.word(&mut rng), cloth);
        });
        if steaming {
            for dx in [-170.0, 150.0] {
                let at = (self.x + dx * self.size, self.y - 275.0 * self.size);
                lights::steam(sheet, at, self.size * 0.7, &mut rng);
            }
        }
        let warm = rng.pick(&[Ink::hex(0xF0_5A3C), Ink::hex(0xF4_9A3A), Ink::hex(0xF2_6A78), Ink::hex(0xFF_D88A)]);
        let round = rng.chance(0.6);
        for dx in [-210.0, 210.0] {
            let at = (self.x + dx * self.size, self.y - (EAVES - 20.0) * self.size);
            lights::lantern(sheet, mood, at, self.size * 0.85, warm, round);
        }
    }

    /// The light inside the stall and before it.
    pub fn lamps(&self, lamps: &mut Vec<Lamp>) {
        for (dx, strength) in [(-160.0, 0.75), (0.0, 0.8), (160.0, 0.75)] {
            lamps.push(Lamp {
                x: self.x + dx * self.size,
                y: self.y - 330.0 * self.size,
                reach: 360.0 * self.size,
                strength,
            });
        }
        lamps.push(Lamp { x: self.x, y: self.y - 130.0 * self.size, reach: 520.0 * self.size, strength: 0.5 });
    }
}

fn shelf(s: &mut Sheet, y: f32, rng: &mut Rng) {
    let mut x = -HALF + 40.0;
    while x < HALF - 60.0 {
        let (w, h) = (rng.range(16.0, 34.0), rng.range(22.0, 46.0));
        let ink = Ink::hex(rng.pick(&[0xC8_5A4A, 0x4F_8A86, 0xE6_B85A, 0x8A_5A7A, 0xF0_DFC0, 0x6A_8A4E]));
        s.rounded(x, y - h, w, h, 5.0, Fill::Slope((x, 0.0), ink.lit(0.15), (x + w, 0.0), ink.shaded(0.4)));
        s.rounded(x + 2.0, y - h - 5.0, w - 4.0, 7.0, 2.0, Fill::Flat(Ink::hex(0x8A_6A44)));
        x += w + rng.range(3.0, 22.0);
    }
    s.block(-HALF + 20.0, y, HALF * 2.0 - 40.0, 8.0, Fill::Flat(Ink::hex(0x7A_4E34)));
}

fn counter(s: &mut Sheet, cloth: Cloth, rng: &mut Rng) {
    let (left, width) = (-HALF - 14.0, HALF * 2.0 + 28.0);
    s.oval(0.0, 2.0, HALF * 1.12, 20.0, Fill::Clear(Ink::hex(0x14_0F20), 0.4));
    if rng.chance(0.5) {
        let wood = Ink::hex(0xA6_7248);
        for n in 0..9 {
            let x = left + n as f32 * width / 9.0;
            let ink = wood.shaded(rng.range(0.0, 0.3));
            s.block(
                x,
                -COUNTER,
                width / 9.0,
                COUNTER,
                Fill::Slope((x, -COUNTER), ink.lit(0.1), (x, 0.0), ink.shaded(0.45)),
            );
            s.line(&[(x, -COUNTER), (x, 0.0)], 2.5, Fill::Clear(wood.shaded(0.7), 0.7));
        }
    } else {
        s.block(
            left,
            -COUNTER,
            width,
            COUNTER,
            Fill::Slope((0.0, -COUNTER), cloth.accent, (0.0, 0.0), cloth.accent.shaded(0.55)),
        );
        for n in 0..12 {
            let x = left + (n as f32 + 0.5) * width / 12.0;
            s.curve(
                &[(x, -COUNTER + 20.0), (x + 4.0, -COUNTER / 2.0), (x - 2.0, 0.0)],
                7.0,
                Fill::Clear(cloth.accent.shaded(0.6), 0.35),
            );
            s.curve(
                &[(x + 16.0, -COUNTER + 20.0), (x + 20.0, -COUNTER / 2.0), (x + 14.0, 0.0)],
                5.0,
                Fill::Clear(cloth.accent.lit(0.4), 0.25),
            );
        }
    }
    let top = Ink::hex(0xD0_9A64);
    s.rounded(
        left - 10.0,
        -COUNTER - 6.0,
        width + 20.0,
        20.0,
        5.0,
        Fill::Slope((0.0, -COUNTER - 6.0), top.lit(0.3), (0.0, -COUNTER + 14.0), top.shaded(0.35)),
    );
    let count = 11;
    for n in 0..count {
        let x = left + (n as f32 + 0.5) * width / count as f32;
        let ink = if n % 2 == 0 { cloth.pale } else { cloth.strong };
        let r = width / count as f32 / 2.0;
        let half = polygon(&half_round(x, -COUNTER + 13.0, r, r * 1.1));
        s.fill(&half, Fill::Slope((0.0, -COUNTER + 13.0), ink.shaded(0.25), (0.0, -COUNTER + 13.0 + r), ink));
    }
}

/// The lower half of an oval.
fn half_round(x: f32, y: f32, rx: f32, ry: f32) -> Vec<(f32, f32)> {
    (0..=12)
        .map(|n| std::f32::consts::PI * n as f32 / 12.0)
        .map(|angle| (x + rx * angle.cos(), y + ry * angle.sin()))
        .collect()
}

fn awning(s: &mut Sheet, cloth: Cloth, rng: &mut Rng) {
    let count = rng.pick(&[9, 11, 13]);
    let (top, low) = (HALF - 26.0, HALF + 40.0);
    let (peak, drop) = (-EAVES - 165.0, 34.0);
    let edge = |half: f32, n: usize| -half + half * 2.0 * n as f32 / count as f32;
    for n in 0..count {
        let ink = if n % 2 == 0 { cloth.strong } else { cloth.pale };
        let (a, b, c, d) = (edge(top, n), edge(top, n + 1), edge(low, n + 1), edge(low, n));
        let sheet = polygon(&[(a, peak), (b + 0.6, peak), (c + 0.6, -EAVES), (d, -EAVES)]);
        s.fill(&sheet, Fill::Slope((0.0, peak), ink.shaded(0.22), (0.0, -EAVES), ink.lit(0.10)));
        let r = (c - d) / 2.0;
        let scallop = polygon(&half_round(d + r, -EAVES + drop * 0.3, r, drop));
        s.block(d, -EAVES - 0.6, c - d + 0.6, drop * 0.3 + 1.0, Fill::Flat(ink.shaded(0.12)));
        s.fill(&scallop, Fill::Slope((0.0, -EAVES), ink.shaded(0.14), (0.0, -EAVES + 40.0), ink.lit(0.16)));
    }
    s.line(&[(-low, -EAVES), (low, -EAVES)], 2.5, Fill::Clear(cloth.strong.shaded(0.6), 0.5));
    s.rounded(-top - 6.0, peak - 9.0, top * 2.0 + 12.0, 16.0, 7.0, Fill::Flat(cloth.strong.shaded(0.35)));
    let shade = polygon(&[
        (-HALF + 10.0, -EAVES + 12.0),
        (HALF - 10.0, -EAVES + 12.0),
        (HALF - 10.0, -EAVES + 90.0),
        (-HALF + 10.0, -EAVES + 90.0),
    ]);
    s.fill(
        &shade,
        Fill::Veil((0.0, -EAVES + 12.0), (Ink::hex(0x22_1018), 0.38), (0.0, -EAVES + 90.0), (Ink::hex(0x22_1018), 0.0)),
    );
}

fn board(s: &mut Sheet, text: &str, cloth: Cloth) {
    let (w, y) = (text.len() as f32 * 33.0 + 60.0, -EAVES - 118.0);
    let dark = Ink::hex(0x33_2230);
    s.rounded(-w / 2.0 - 6.0, y - 6.0, w + 12.0, 84.0, 16.0, Fill::Flat(cloth.accent.shaded(0.3)));
    s.rounded(-w / 2.0, y, w, 72.0, 12.0, Fill::Slope((0.0, y), dark.lit(0.10), (0.0, y + 72.0), dark));
    s.stroke(
        &crate::brush::rounded(-w / 2.0 + 6.0, y + 6.0, w - 12.0, 60.0, 8.0),
        2.2,
        Fill::Clear(Ink::hex(0xF2_CE8A), 0.7),
    );
    sign::word(s, text, (0.0, y + 53.0), 50.0, Ink::hex(0xFF_E6B4));
}

/// A small stall far away: an awning over a lit opening.
pub(crate) fn far(sheet: &mut Sheet, mood: &Mood, x: f32, y: f32, size: f32, cloth: Cloth) {
    sheet.placed(x, y, 0.0, size, |s| {
        s.block(-130.0, -190.0, 260.0, 190.0, Fill::Flat(mood.far.mix(cloth.accent, 0.15)));
        let lit = mood.lamp.mix(Ink::hex(0xD9_8A4C), 0.35);
        s.rounded(-116.0, -176.0, 232.0, 100.0, 8.0, Fill::Round((0.0, -150.0), 150.0, lit.lit(0.4), lit.shaded(0.35)));
        for (n, ink) in [0x8A_3A3A, 0x3A_5A5A, 0xB0_7A3A, 0x5A_3A5A].into_iter().enumerate() {
            let px = -90.0 + n as f32 * 58.0;
            s.fill(&oval(px, -80.0, 20.0, 18.0), Fill::Flat(Ink::hex(ink)));
        }
        s.block(-136.0, -84.0, 272.0, 84.0, Fill::Flat(cloth.accent.shaded(0.45)));
        for n in 0..8 {
            let ink = if n % 2 == 0 { cloth.strong } else { cloth.pale }.shaded(0.2);
            let (top, low) = (-120.0 + n as f32 * 30.0, -152.0 + n as f32 * 38.0);
            s.fill(
                &polygon(&[(top, -262.0), (top + 30.5, -262.0), (low + 38.5, -180.0), (low, -180.0)]),
                Fill::Flat(ink),
            );
            s.fill(&polygon(&half_round(low + 19.0, -180.0, 19.0, 18.0)), Fill::Flat(ink.lit(0.12)));
        }
        s.glow(0.0, -120.0, 240.0, mood.lamp, 0.3 + 0.3 * mood.dark);
    });
}
