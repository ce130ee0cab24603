//! What people wear.

use super::{Person, Pose, Style};
use crate::brush::{Fill, Sheet, blob, oval, polygon};
use crate::colour::Ink;
use crate::rng::Rng;

/// The upper garment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    Tee,
    Striped,
    Jacket,
    Hoodie,
    Sweater,
    Shirt,
    Dotted,
    Apron,
    Coat,
}

impl Top {
    pub fn choose(rng: &mut Rng) -> Self {
        rng.pick(&[
            Self::Tee,
            Self::Striped,
            Self::Striped,
            Self::Jacket,
            Self::Jacket,
            Self::Hoodie,
            Self::Sweater,
            Self::Sweater,
            Self::Shirt,
            Self::Dotted,
            Self::Coat,
        ])
    }
}

/// Trousers or a skirt, and shoes; with a shadow on the ground.
pub(super) fn legs(s: &mut Sheet, person: &Person) {
    let ink = person.legs;
    let skin = person.skin.shaded(0.15);
    s.oval(0.0, 548.0, 96.0, 13.0, Fill::Clear(Ink::hex(0x10_0A1C), 0.42));
    for side in [-1.0, 1.0] {
        let x = side * 32.0 * person.build;
        let leg = if person.skirt { skin } else { ink };
        let fill = Fill::Slope((x - 24.0, 0.0), leg.lit(0.06), (x + 26.0, 0.0), leg.shaded(0.35));
        s.line(&[(x, 290.0), (x + side * 2.0, 520.0)], if person.skirt { 28.0 } else { 46.0 * person.build }, fill);
        let shoe = person.cloth[2].shaded(0.35);
        s.fill(
            &blob(&[
                (x - 18.0, 522.0),
                (x + 16.0, 522.0),
                (x + side * 12.0 + 18.0, 546.0),
                (x, 552.0),
                (x + side * 12.0 - 20.0, 546.0),
            ]),
            Fill::Flat(shoe),
        );
        s.line(
            &[(x + side * 10.0 - 20.0, 549.0), (x + side * 10.0 + 20.0, 549.0)],
            5.0,
            Fill::Flat(Ink::hex(0xF2_E6D4).shaded(0.2)),
        );
    }
    if person.skirt {
        let w = person.build;
        let shape = polygon(&[(-66.0 * w, 250.0), (66.0 * w, 250.0), (104.0 * w, 412.0), (-104.0 * w, 412.0)]);
        s.fill(
            &shape,
            Fill::Slope(
                (0.0, 250.0),
                ink.mix(person.cloth[2], 0.5),
                (0.0, 420.0),
                ink.mix(person.cloth[2], 0.4).shaded(0.3),
            ),
        );
    }
}

fn torso_points(w: f32, hem: f32) -> [(f32, f32); 14] {
    [
        (-20.0, 82.0),
        (-58.0 * w, 96.0),
        (-88.0 * w, 118.0),
        (-86.0 * w, 170.0),
        (-74.0 * w, 220.0),
        (-76.0 * w, hem - 20.0),
        (-72.0 * w, hem),
        (72.0 * w, hem),
        (76.0 * w, hem - 20.0),
        (74.0 * w, 220.0),
        (86.0 * w, 170.0),
        (88.0 * w, 118.0),
        (58.0 * w, 96.0),
        (20.0, 82.0),
    ]
}

/// Neck and upper garment.
pub(super) fn torso(s: &mut Sheet, person: &Person, pose: &Pose) {
    let w = person.build;
    let hem = match person.top {
        Top::Coat => 372.0,
        Top::Jacket | Top::Hoodie => 292.0,
        _ => 282.0,
    };
    let shape = blob(&torso_points(w, hem));
    let [main, second, third] = person.cloth;
    s.fill(&shape, Fill::Slope((0.0, 90.0), main.lit(0.08), (0.0, hem), main.shaded(0.16)));
    match person.top {
        Top::Striped => s.inside(&shape, |s| stripes(s, second)),
        Top::Dotted => s.inside(&shape, |s| dots(s, second)),
        Top::Sweater => s.inside(&shape, |s| yoke(s, second, third)),
        Top::Jacket | Top::Coat => s.inside(&shape, |s| open_front(s, person, hem)),
        Top::Hoodie => hood(s, main),
        Top::Shirt => s.inside(&shape, |s| buttons(s, second, hem)),
        Top::Apron => s.inside(&shape, |s| apron(s, second, third)),
        Top::Tee => {}
    }
    let dim = -pose.light * 86.0;
    s.fill(
        &shape,
        Fill::Veil((dim, 160.0), (Ink::hex(0x1C_1030), 0.42), (pose.light * 30.0, 150.0), (Ink::hex(0x1C_1030), 0.0)),
    );
    s.fill(
        &shape,
        Fill::Veil(
            (pose.light * 88.0, 140.0),
            (Ink::hex(0xFF_D58A), 0.30),
            (pose.light * 34.0, 150.0),
            (Ink::hex(0xFF_D58A), 0.0),
        ),
    );
    neck(s, person, pose);
    if person.top == Top::Shirt {
        collar(s, main);
    }
}

fn neck(s: &mut Sheet, person: &Person, pose: &Pose) {
    if person.style == Style::Hijab {
        return;
    }
    let skin = person.skin;
    let shape =
        blob(&[(-19.0, 36.0), (19.0, 36.0), (19.0, 76.0), (30.0, 92.0), (0.0, 110.0), (-30.0, 92.0), (-19.0, 76.0)]);
    let (lit, dim) =
        if pose.light > 0.0 { (skin.shaded(0.38), skin.shaded(0.14)) } else { (skin.shaded(0.14), skin.shaded(0.38)) };
    s.fill(&shape, Fill::Slope((-24.0, 0.0), lit, (24.0, 0.0), dim));
    s.oval(0.0, 58.0, 20.0, 12.0, Fill::Clear(skin.shaded(0.7), 0.35));
}

fn stripes(s: &mut Sheet, ink: Ink) {
    for n in 0..9 {
        let y = 112.0 + n as f32 * 24.0;
        s.curve(&[(-100.0, y - 5.0), (0.0, y + 3.0), (100.0, y - 5.0)], 9.5, Fill::Flat(ink));
    }
}

fn dots(s: &mut Sheet, ink: Ink) {
    for n in 0..54 {
        let (row, column) = (n / 6, n % 6);
        let x = -86.0 + column as f32 * 32.0 + if row % 2 == 0 { 0.0 } else { 16.0 };
        s.oval(x, 104.0 + row as f32 * 23.0, 5.2, 5.2, Fill::Flat(ink));
    }
}

fn yoke(s: &mut Sheet, second: Ink, third: Ink) {
    for (r, ink) in [(86.0, second), (70.0, third), (62.0, second)] {
        s.stroke(&oval(0.0, 82.0, r * 1.12, r * 0.86), 6.0, Fill::Flat(ink));
    }
    for n in 0..15 {
        let angle = std::f32::consts::PI * (n as f32 + 0.5) / 15.0;
        let (x, y) = (angle.cos() * 88.0, 82.0 + angle.sin() * 67.0);
        s.fill(&polygon(&[(x, y - 5.0), (x + 5.0, y), (x, y + 5.0), (x - 5.0, y)]), Fill::Flat(third));
    }
    s.block(-100.0, 264.0, 200.0, 5.0, Fill::Clear(second, 0.7));
}

fn open_front(s: &mut Sheet, person: &Person, hem: f32) {
    let [main, second, _] = person.cloth;
    s.fill(
        &polygon(&[(-26.0, 78.0), (26.0, 78.0), (32.0, hem + 8.0), (-32.0, hem + 8.0)]),
        Fill::Slope((0.0, 90.0), second, (0.0, hem), second.shaded(0.25)),
    );
    for side in [-1.0, 1.0] {
        let lapel = polygon(&[(side * 22.0, 80.0), (side * 54.0, 96.0), (side * 50.0, 140.0), (side * 28.0, 186.0)]);
        s.fill(&lapel, Fill::Flat(main.lit(0.16)));
        s.line(&[(side * 28.0, 92.0), (side * 32.0, hem)], 3.0, Fill::Clear(main.shaded(0.6), 0.8));
        s.rounded(if side < 0.0 { -66.0 } else { 40.0 }, 222.0, 26.0, 6.0, 3.0, Fill::Clear(main.shaded(0.5), 0.8));
    }
}

fn hood(s: &mut Sheet, main: Ink) {
    let shape = blob(&[(-42.0, 78.0), (0.0, 66.0), (42.0, 78.0), (50.0, 100.0), (0.0, 128.0), (-50.0, 100.0)]);
    s.fill(&shape, Fill::Slope((0.0, 66.0), main.shaded(0.38), (0.0, 128.0), main.lit(0.1)));
    for side in [-1.0, 1.0] {
        s.curve(
            &[(side * 14.0, 116.0), (side * 16.0, 140.0), (side * 14.0, 164.0)],
            3.6,
            Fill::Flat(Ink::hex(0xFB_F0E0)),
        );
    }
    s.curve(&[(-46.0, 270.0), (-34.0, 226.0), (34.0, 226.0), (46.0, 270.0)], 3.4, Fill::Clear(main.shaded(0.5), 0.7));
}

fn buttons(s: &mut Sheet, second: Ink, hem: f32) {
    s.line(&[(0.0, 100.0), (0.0, hem)], 2.4, Fill::Clear(Ink::hex(0x2A_1A2A), 0.35));
    for n in 0..5 {
        s.oval(0.0, 132.0 + n as f32 * 32.0, 3.4, 3.4, Fill::Flat(second));
    }
    s.rounded(26.0, 142.0, 36.0, 38.0, 4.0, Fill::Clear(Ink::hex(0x2A_1A2A), 0.16));
}

fn collar(s: &mut Sheet, main: Ink) {
    for side in [-1.0, 1.0] {
        let wing = polygon(&[(side * 3.0, 106.0), (side * 27.0, 78.0), (side * 42.0, 94.0), (side * 24.0, 124.0)]);
        s.fill(&wing, Fill::Flat(main.lit(0.25)));
    }
}

fn apron(s: &mut Sheet, second: Ink, third: Ink) {
    let ink = second.mix(Ink::hex(0xF2_E4CC), 0.3);
    for side in [-1.0, 1.0] {
        s.line(&[(side * 28.0, 84.0), (side * 44.0, 146.0)], 9.0, Fill::Flat(ink.shaded(0.2)));
    }
    s.rounded(-54.0, 140.0, 108.0, 240.0, 12.0, Fill::Slope((0.0, 140.0), ink, (0.0, 300.0), ink.shaded(0.2)));
    s.rounded(-28.0, 214.0, 56.0, 44.0, 7.0, Fill::Flat(ink.shaded(0.16)));
    s.fill(
        &polygon(&[(0.0, 182.0), (-9.0, 171.0), (-4.0, 166.0), (0.0, 170.0), (4.0, 166.0), (9.0, 171.0)]),
        Fill::Flat(third),
    );
}

/// A scarf, for those whose clothes ask for one.
pub(super) fn scarf(s: &mut Sheet, person: &Person) {
    if !matches!(person.top, Top::Coat) || person.style == Style::Hijab {
        return;
    }
    let ink = person.cloth[2];
    s.line(&[(20.0, 100.0), (28.0, 190.0)], 26.0, Fill::Slope((16.0, 0.0), ink, (42.0, 0.0), ink.shaded(0.35)));
    let wrap = blob(&[(-42.0, 72.0), (0.0, 84.0), (42.0, 72.0), (46.0, 96.0), (0.0, 118.0), (-46.0, 96.0)]);
    s.fill(&wrap, Fill::Slope((0.0, 70.0), ink.lit(0.15), (0.0, 118.0), ink.shaded(0.25)));
    for n in 0..3 {
        let x = -22.0 + n as f32 * 22.0;
        s.curve(&[(x, 84.0), (x + 4.0, 98.0), (x, 110.0)], 2.6, Fill::Clear(ink.shaded(0.5), 0.5));
    }
}
