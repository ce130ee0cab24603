//! Heads and faces: simple, friendly, each a little different.

use super::{Person, Pose};
use crate::brush::{Fill, Sheet, blob, oval, polygon};
use crate::colour::Ink;

/// What the mouth does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mouth {
    Smile,
    Grin,
    Laugh,
}

/// Neck, ears, head and features.
pub(super) fn draw(s: &mut Sheet, person: &Person, pose: &Pose) {
    let skin = person.skin;
    let (long, wide) = person.face;
    for side in [-1.0, 1.0] {
        let x = side * 48.0 * wide;
        s.oval(x, 6.0, 10.0, 13.0, Fill::Flat(skin.shaded(0.10)));
        s.oval(x + side, 7.0, 5.0, 7.5, Fill::Clear(skin.shaded(0.45), 0.45));
        if person.earrings && person.style.shows_ears() {
            s.oval(x + side * 2.0, 23.0, 4.0, 4.0, Fill::Flat(Ink::hex(0xF2_C65A)));
        }
    }
    let head = outline(long, wide);
    s.fill(&head, Fill::Flat(skin));
    let (lit, dim) = (pose.light * 50.0, -pose.light * 56.0);
    s.fill(&head, Fill::Veil((dim, 14.0), (skin.shaded(0.8), 0.50), (lit * 0.3, 0.0), (skin, 0.0)));
    s.fill(&head, Fill::Veil((lit, -10.0), (Ink::hex(0xFF_D9A0), 0.26), (0.0, 0.0), (Ink::hex(0xFF_DEA0), 0.0)));
    let blush = skin.mix(Ink::hex(0xE2_4A4A), 0.55);
    for side in [-1.0, 1.0] {
        s.oval(side * 29.0 * wide, 18.0, 12.5, 8.5, Fill::Clear(blush, 0.34));
    }
    if person.freckles {
        for (x, y) in [
            (-32.0, 12.0),
            (-24.0, 15.0),
            (-28.0, 20.0),
            (32.0, 12.0),
            (24.0, 15.0),
            (28.0, 20.0),
            (-5.0, 9.0),
            (6.0, 10.0),
        ] {
            s.oval(x * wide, y, 1.6, 1.4, Fill::Clear(skin.shaded(0.55), 0.7));
        }
    }
    if person.beard {
        beard(s, person, long, wide);
    }
    eyes(s, person, pose, wide);
    nose(s, person);
    mouth(s, person, pose.mouth, long);
}

/// The shape of the head: rounder above, narrower at the chin.
pub(super) fn outline(long: f32, wide: f32) -> tiny_skia::Path {
    let points = [
        (0.0, -58.0),
        (34.0, -46.0),
        (49.0, -10.0),
        (46.0, 20.0),
        (27.0, 46.0),
        (0.0, 56.0),
        (-27.0, 46.0),
        (-46.0, 20.0),
        (-49.0, -10.0),
        (-34.0, -46.0),
    ];
    blob(&points.map(|(x, y)| (x * wide, y * long)))
}

fn eyes(s: &mut Sheet, person: &Person, pose: &Pose, wide: f32) {
    let dark = Ink::hex(0x2A_1A1E);
    let happy = pose.blink || (pose.mouth == Mouth::Laugh && person.eyes != 1) || person.eyes == 3;
    for side in [-1.0, 1.0] {
        let x = side * 20.0 * wide;
        if happy {
            s.curve(&[(x - 8.5, 2.0), (x - 4.0, -3.5), (x + 4.0, -3.5), (x + 8.5, 2.0)], 3.6, Fill::Flat(dark));
        } else {
            let at = x + pose.gaze * 2.5;
            if person.eyes == 2 {
                s.oval(x, 0.0, 9.0, 8.0, Fill::Flat(Ink::hex(0xFF_F8F0)));
                s.curve(&[(x - 9.5, 0.0), (x - 4.0, -7.5), (x + 4.0, -7.5), (x + 9.5, 0.0)], 2.8, Fill::Flat(dark));
            }
            s.oval(at, 0.0, 5.4, 7.0, Fill::Flat(dark));
            s.oval(at + 1.8, -2.6, 1.9, 2.1, Fill::Flat(Ink::hex(0xFF_FFFF)));
            if person.eyes == 0 && !person.beard {
                s.curve(
                    &[(x + side * 4.0, -6.0), (x + side * 8.0, -7.5), (x + side * 11.0, -9.5)],
                    2.2,
                    Fill::Flat(dark),
                );
            }
        }
        let brow = person.hair.mix(dark, 0.35);
        let lift = if pose.mouth == Mouth::Laugh { -3.0 } else { 0.0 };
        let points = [(x - side * 9.0, -16.0 + lift), (x, -19.5 + lift), (x + side * 10.0, -15.5 + lift)];
        s.curve(&points, if person.beard { 4.6 } else { 3.2 }, Fill::Clear(brow, 0.9));
        if person.old {
            s.curve(&[(x + side * 12.0, 3.0), (x + side * 16.0, 5.0)], 1.6, Fill::Clear(person.skin.shaded(0.5), 0.6));
            s.curve(&[(x + side * 11.0, 7.0), (x + side * 15.0, 10.0)], 1.6, Fill::Clear(person.skin.shaded(0.5), 0.6));
        }
    }
}

fn nose(s: &mut Sheet, person: &Person) {
    let ink = person.skin.mix(Ink::hex(0xA0_3A2A), 0.25).shaded(0.28);
    s.curve(&[(-5.0, 17.0), (0.0, 20.5), (5.5, 17.0)], 2.8, Fill::Clear(ink, 0.85));
}

fn mouth(s: &mut Sheet, person: &Person, mouth: Mouth, long: f32) {
    let y = 32.0 * long;
    let lip = person.skin.mix(Ink::hex(0xA8_2A36), 0.6).shaded(0.15);
    match mouth {
        Mouth::Smile => {
            s.curve(&[(-13.0, y - 3.0), (-5.0, y + 3.5), (5.0, y + 3.5), (13.0, y - 3.0)], 3.4, Fill::Flat(lip));
        }
        Mouth::Grin => {
            let open = bowl(y - 4.0, 15.0, 10.0);
            s.fill(&open, Fill::Flat(Ink::hex(0xFF_FAF2)));
            s.stroke(&open, 2.8, Fill::Flat(lip));
        }
        Mouth::Laugh => {
            let open = bowl(y - 6.0, 16.0, 18.0);
            s.fill(&open, Fill::Flat(Ink::hex(0x6A_1C26)));
            s.oval(0.0, y + 8.0, 8.5, 4.5, Fill::Flat(Ink::hex(0xE8_6A68)));
            s.fill(
                &polygon(&[(-13.5, y - 6.0), (13.5, y - 6.0), (11.5, y - 1.0), (-11.5, y - 1.0)]),
                Fill::Flat(Ink::hex(0xFF_FAF2)),
            );
            s.stroke(&open, 2.6, Fill::Flat(lip));
        }
    }
}

/// Flat above, round below.
fn bowl(y: f32, rx: f32, ry: f32) -> tiny_skia::Path {
    let points: Vec<_> = (0..=14)
        .map(|n| std::f32::consts::PI * n as f32 / 14.0)
        .map(|angle| (rx * angle.cos(), y + ry * angle.sin().max(0.0).powf(0.8)))
        .collect();
    polygon(&points)
}

fn beard(s: &mut Sheet, person: &Person, long: f32, wide: f32) {
    let points = [
        (-48.0, 2.0),
        (-40.0, 20.0),
        (-22.0, 25.0),
        (0.0, 23.0),
        (22.0, 25.0),
        (40.0, 20.0),
        (48.0, 2.0),
        (45.0, 32.0),
        (26.0, 58.0),
        (0.0, 66.0),
        (-26.0, 58.0),
        (-45.0, 32.0),
    ];
    let shape = blob(&points.map(|(x, y)| (x * wide, y * long)));
    s.fill(&shape, Fill::Slope((0.0, 15.0), person.hair, (0.0, 66.0), person.hair.shaded(0.3)));
    s.oval(0.0, 33.0 * long, 17.0, 9.5, Fill::Flat(person.skin.shaded(0.08)));
}

/// Spectacles, over the hair.
pub(super) fn glasses(s: &mut Sheet, person: &Person) {
    if !person.glasses {
        return;
    }
    let frame = Fill::Flat(if person.eyes.is_multiple_of(2) { Ink::hex(0x3A_2426) } else { Ink::hex(0xC0_8A3A) });
    for side in [-1.0, 1.0] {
        let x = side * 20.5 * person.face.1;
        s.oval(x, 1.0, 15.0, 14.0, Fill::Clear(Ink::hex(0xFF_FFFF), 0.13));
        s.stroke(&oval(x, 1.0, 15.5, 14.5), 3.2, frame);
        s.line(&[(x + side * 15.0, -1.0), (side * 48.0 * person.face.1, -3.0)], 2.8, frame);
    }
    s.curve(&[(-5.5, -1.0), (0.0, -3.5), (5.5, -1.0)], 2.8, frame);
}
