//! What is sold: each drawn standing on a counter's edge at `y` = 0, about 110 units wide, from `x` = 0 to the right.

use crate::brush::{Fill, Sheet, blob, oval, polygon};
use crate::colour::Ink;
use crate::rng::Rng;

/// What a stall sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goods {
    Fruit,
    Dumplings,
    Flowers,
    Bread,
    Lemonade,
    Pottery,
    Sweets,
}

impl Goods {
    /// One of all.
    pub fn choose(rng: &mut Rng) -> Self {
        rng.pick(&[
            Self::Fruit,
            Self::Fruit,
            Self::Dumplings,
            Self::Dumplings,
            Self::Flowers,
            Self::Bread,
            Self::Lemonade,
            Self::Pottery,
            Self::Sweets,
        ])
    }

    /// What the board over the stall says.
    pub fn word(self, rng: &mut Rng) -> &'static str {
        match self {
            Self::Fruit => rng.pick(&["FRUIT", "ORCHARD", "PLUM & PEAR"]),
            Self::Dumplings => rng.pick(&["DUMPLINGS", "NOODLES", "BAO"]),
            Self::Flowers => rng.pick(&["FLOWERS", "BLOOM", "FLEUR"]),
            Self::Bread => rng.pick(&["BAKERY", "BREAD", "PRETZELS"]),
            Self::Lemonade => rng.pick(&["LEMONADE", "CIDER", "SODA"]),
            Self::Pottery => rng.pick(&["POTTERY", "CLAY", "TEAWARE"]),
            Self::Sweets => rng.pick(&["SWEETS", "CANDY", "MACARON"]),
        }
    }

    /// Whether steam rises from it.
    pub fn steams(self) -> bool {
        self == Self::Dumplings
    }

    /// One helping on the counter.
    pub fn draw(self, sheet: &mut Sheet, rng: &mut Rng) {
        match self {
            Self::Fruit => crate_of_fruit(sheet, rng),
            Self::Dumplings => steamer(sheet, rng),
            Self::Flowers => bucket(sheet, rng),
            Self::Bread => basket(sheet, rng),
            Self::Lemonade => jars(sheet, rng),
            Self::Pottery => pots(sheet, rng),
            Self::Sweets => sweets(sheet, rng),
        }
    }
}

const WOOD: Ink = Ink::hex(0xB9_804E);

fn crate_of_fruit(sheet: &mut Sheet, rng: &mut Rng) {
    let kind = rng.pick(&[
        (0xF2_8A2C, 13.0),
        (0xD8_3B34, 13.0),
        (0x9A_BF3F, 13.5),
        (0xF4_C63C, 12.5),
        (0x7A_3A78, 11.0),
        (0xF0_9A7E, 14.0),
    ]);
    let (ink, r) = (Ink::hex(kind.0), kind.1);
    sheet.fill(&polygon(&[(2.0, -40.0), (106.0, -40.0), (104.0, 0.0), (4.0, 0.0)]), Fill::Flat(WOOD.shaded(0.6)));
    for row in 0..3 {
        let count = 5 - row % 2;
        for n in 0..count {
            let x = 54.0 + (n as f32 - (count - 1) as f32 / 2.0) * r * 1.62 + rng.range(-2.0, 2.0);
            fruit(sheet, x, -62.0 + row as f32 * 12.0 + rng.range(-2.0, 2.0), r, ink);
        }
    }
    for n in 0..2 {
        let y = -40.0 + n as f32 * 20.0;
        let plank = Fill::Slope((0.0, y), WOOD.lit(0.15), (0.0, y + 18.0), WOOD.shaded(0.2));
        sheet.rounded(0.0, y, 108.0, 17.0, 3.0, plank);
    }
    for x in [4.0, 94.0] {
        sheet.rounded(x, -42.0, 10.0, 42.0, 2.0, Fill::Flat(WOOD.shaded(0.3)));
    }
}

fn fruit(sheet: &mut Sheet, x: f32, y: f32, r: f32, ink: Ink) {
    sheet.oval(x, y, r, r, Fill::Round((x - r * 0.35, y - r * 0.4), r * 1.6, ink.lit(0.35), ink.shaded(0.35)));
    sheet.oval(x - r * 0.35, y - r * 0.45, r * 0.22, r * 0.15, Fill::Clear(Ink::hex(0xFF_FFFF), 0.6));
    sheet.line(&[(x, y - r), (x + 2.0, y - r - 4.0)], 2.0, Fill::Flat(Ink::hex(0x5A_4A2C)));
}

fn steamer(sheet: &mut Sheet, rng: &mut Rng) {
    let bamboo = Ink::hex(0xD9_AE6C);
    let levels = 1 + rng.below(3);
    for n in 0..levels {
        let y = -(n as f32) * 30.0;
        let side = Fill::Slope((4.0, 0.0), bamboo.lit(0.2), (104.0, 0.0), bamboo.shaded(0.35));
        sheet.rounded(4.0, y - 30.0, 100.0, 30.0, 6.0, side);
        sheet.block(4.0, y - 12.0, 100.0, 3.0, Fill::Clear(bamboo.shaded(0.5), 0.8));
    }
    let top = -(levels as f32) * 30.0;
    sheet.oval(54.0, top, 50.0, 13.0, Fill::Flat(bamboo.shaded(0.55)));
    for (dx, dy) in [(-26.0, -2.0), (0.0, -6.0), (26.0, -2.0), (-13.0, 3.0), (13.0, 3.0)] {
        let (x, y) = (54.0 + dx, top + dy - 3.0);
        let dough = Ink::hex(0xFB_EFDD);
        sheet.oval(x, y, 15.0, 11.0, Fill::Slope((x, y - 11.0), dough, (x, y + 11.0), dough.shaded(0.25)));
        for k in [-5.0, 0.0, 5.0] {
            sheet.curve(&[(x, y - 9.0), (x + k * 0.7, y - 5.0), (x + k, y)], 1.2, Fill::Clear(dough.shaded(0.5), 0.6));
        }
    }
}

fn bucket(sheet: &mut Sheet, rng: &mut Rng) {
    let petals = rng.pick(&[
        [0xF2_6B7A, 0xFF_C4C0, 0xFB_8F6B],
        [0xF6_C445, 0xFF_EDC2, 0xF0_8A3C],
        [0xB0_7FD0, 0xE9_D2F5, 0x7A_6AC8],
        [0xFF_F4EA, 0xFF_D0D8, 0xF0_9AA8],
    ]);
    for n in 0..9 {
        let x = 54.0 + (n as f32 - 4.0) * 11.0;
        sheet.curve(
            &[(54.0, -40.0), (f32::midpoint(x, 54.0), -70.0), (x, -96.0)],
            3.0,
            Fill::Flat(Ink::hex(0x4C_7A45)),
        );
        sheet.oval(x + rng.range(-8.0, 8.0), -72.0, 13.0, 6.0, Fill::Flat(Ink::hex(0x5F_9150)));
    }
    for n in 0..13 {
        let (x, y) = (54.0 + rng.range(-50.0, 50.0), -96.0 + rng.range(-26.0, 24.0));
        flower(sheet, x, y, rng.range(10.0, 15.0), Ink::hex(petals[n % 3]));
    }
    let tin = Ink::hex(rng.pick(&[0x8F_A3AD, 0xC9_7F52, 0x5F_8C8A]));
    let side = Fill::Slope((20.0, 0.0), tin.lit(0.3), (92.0, 0.0), tin.shaded(0.4));
    sheet.fill(&polygon(&[(18.0, -58.0), (90.0, -58.0), (82.0, 0.0), (26.0, 0.0)]), side);
    sheet.rounded(15.0, -63.0, 78.0, 9.0, 4.0, Fill::Flat(tin.lit(0.2)));
}

pub(crate) fn flower(sheet: &mut Sheet, x: f32, y: f32, r: f32, ink: Ink) {
    for n in 0..6 {
        let angle = n as f32 * std::f32::consts::TAU / 6.0;
        let (px, py) = (x + angle.cos() * r * 0.6, y + angle.sin() * r * 0.6);
        sheet.oval(px, py, r * 0.5, r * 0.5, Fill::Flat(ink.shaded(if n < 3 { 0.14 } else { 0.0 })));
    }
    sheet.oval(x, y, r * 0.36, r * 0.36, Fill::Flat(Ink::hex(0xF6_C24A)));
}

fn basket(sheet: &mut Sheet, rng: &mut Rng) {
    let crust = Ink::hex(0xC9_863F);
    for n in 0..4 {
        let (x, lean) = (22.0 + n as f32 * 21.0, rng.range(-14.0, 14.0));
        sheet.placed(x, -40.0, lean, 1.0, |s| {
            let loaf = Fill::Slope((-14.0, 0.0), crust.lit(0.35), (16.0, 0.0), crust.shaded(0.35));
            s.rounded(-13.0, -62.0, 27.0, 76.0, 13.0, loaf);
            for k in 0..3 {
                let y = -48.0 + k as f32 * 17.0;
                s.line(&[(-6.0, y + 5.0), (7.0, y - 4.0)], 4.0, Fill::Clear(crust.lit(0.7), 0.85));
            }
        });
    }
    let weave = Ink::hex(0xA8_7442);
    let side = Fill::Slope((0.0, -44.0), weave.lit(0.2), (0.0, 0.0), weave.shaded(0.35));
    sheet.fill(&blob(&[(2.0, -42.0), (54.0, -38.0), (106.0, -42.0), (96.0, -4.0), (54.0, 0.0), (12.0, -4.0)]), side);
    for n in 0..8 {
        let x = 10.0 + n as f32 * 12.5;
        sheet.line(&[(x, -38.0), (x + 4.0, -6.0)], 2.0, Fill::Clear(weave.shaded(0.5), 0.5));
    }
    sheet.line(&[(2.0, -42.0), (54.0, -38.0), (106.0, -42.0)], 6.0, Fill::Flat(weave.lit(0.25)));
}

fn jars(sheet: &mut Sheet, rng: &mut Rng) {
    let juice = Ink::hex(rng.pick(&[0xF6_C94A, 0xF0_7F6A, 0xE8_5A7A, 0x9F_CB6A]));
    for (x, h) in [(28.0, 104.0), (80.0, 86.0)] {
        sheet.rounded(x - 24.0, -h, 48.0, h, 11.0, Fill::Clear(Ink::hex(0xEA_F6F2), 0.55));
        let level = -h * 0.74;
        let fill = Fill::Slope((x, level), juice.lit(0.25), (x, 0.0), juice.shaded(0.15));
        sheet.rounded(x - 20.0, level, 40.0, -level - 4.0, 9.0, fill);
        for n in 0..3 {
            let (sx, sy) = (x + rng.range(-11.0, 11.0), level + 14.0 + n as f32 * 17.0);
            sheet.oval(sx, sy, 8.0, 8.0, Fill::Flat(Ink::hex(0xFF_F1B8)));
            sheet.stroke(&oval(sx, sy, 7.5, 7.5), 2.0, Fill::Flat(Ink::hex(0xF2_B632)));
        }
        sheet.rounded(x - 22.0, -h - 10.0, 44.0, 13.0, 4.0, Fill::Flat(Ink::hex(0xC9_A06A)));
        sheet.line(&[(x - 16.0, -h + 14.0), (x - 16.0, -14.0)], 3.5, Fill::Clear(Ink::hex(0xFF_FFFF), 0.55));
    }
}

fn pots(sheet: &mut Sheet, rng: &mut Rng) {
    for (x, size) in [(22.0, 0.9), (60.0, 1.25), (95.0, 0.75)] {
        let glaze = Ink::hex(rng.pick(&[0x4F_7F94, 0xC9_7050, 0xE6_D3B4, 0x7A_9070, 0xD9_A24A, 0x9A_5A6A]));
        sheet.placed(x, 0.0, 0.0, size, |s| {
            let body = [(-8.0, -62.0), (-22.0, -34.0), (-14.0, 0.0), (14.0, 0.0), (22.0, -34.0), (8.0, -62.0)];
            s.fill(&blob(&body), Fill::Slope((-22.0, 0.0), glaze.lit(0.35), (22.0, 0.0), glaze.shaded(0.4)));
            s.oval(0.0, -64.0, 12.0, 4.0, Fill::Flat(glaze.shaded(0.4)));
            s.curve(&[(-20.0, -36.0), (0.0, -30.0), (20.0, -36.0)], 4.0, Fill::Clear(Ink::hex(0xFF_F3DE), 0.75));
            s.curve(&[(-19.0, -26.0), (0.0, -20.0), (19.0, -26.0)], 2.0, Fill::Clear(Ink::hex(0xFF_F3DE), 0.6));
        });
    }
}

fn sweets(sheet: &mut Sheet, rng: &mut Rng) {
    let cream = Ink::hex(0xFF_F1E0);
    sheet.block(49.0, -60.0, 10.0, 60.0, Fill::Flat(cream.shaded(0.25)));
    for (y, rx) in [(-4.0, 50.0), (-52.0, 40.0), (-94.0, 28.0)] {
        if y < -60.0 {
            sheet.block(50.0, y, 8.0, 42.0, Fill::Flat(cream.shaded(0.25)));
        }
        sheet.oval(54.0, y, rx, 9.0, Fill::Slope((54.0 - rx, 0.0), cream, (54.0 + rx, 0.0), cream.shaded(0.3)));
        let count = (rx / 9.0) as usize;
        for n in 0..count {
            let x = 54.0 + (n as f32 - (count - 1) as f32 / 2.0) * 17.0;
            let ink = Ink::hex(rng.pick(&[0xF3_9AAE, 0xA8_D5BA, 0xF6_D36B, 0xB9_A2DD, 0xF4_A57A]));
            sheet.rounded(x - 8.0, y - 20.0, 16.0, 9.0, 4.5, Fill::Flat(ink.lit(0.1)));
            sheet.block(x - 7.0, y - 12.0, 14.0, 3.5, Fill::Flat(cream));
            sheet.rounded(x - 8.0, y - 9.5, 16.0, 9.0, 4.5, Fill::Flat(ink.shaded(0.12)));
        }
    }
}
