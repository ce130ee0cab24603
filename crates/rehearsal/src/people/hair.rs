//! Hair, hats and scarves: what is behind the face and what is before it.

use super::{Person, Pose};
use crate::brush::{Fill, Sheet, blob};
use crate::colour::Ink;
use crate::rng::Rng;

/// How hair is worn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Crop,
    Quiff,
    Bob,
    Long,
    Wavy,
    Bun,
    Afro,
    Curls,
    Ponytail,
    Braids,
    Buzz,
    Hijab,
    Beanie,
    Bucket,
}

impl Style {
    pub fn choose(dark: bool, rng: &mut Rng) -> Self {
        if dark && rng.chance(0.45) {
            return rng.pick(&[Self::Afro, Self::Curls, Self::Braids, Self::Buzz, Self::Afro]);
        }
        rng.pick(&[
            Self::Crop,
            Self::Crop,
            Self::Quiff,
            Self::Quiff,
            Self::Bob,
            Self::Bob,
            Self::Long,
            Self::Long,
            Self::Wavy,
            Self::Wavy,
            Self::Bun,
            Self::Bun,
            Self::Curls,
            Self::Ponytail,
            Self::Braids,
            Self::Buzz,
            Self::Hijab,
            Self::Beanie,
            Self::Bucket,
        ])
    }

    pub fn is_short(self) -> bool {
        matches!(self, Self::Crop | Self::Quiff | Self::Buzz | Self::Beanie | Self::Curls)
    }

    pub fn shows_ears(self) -> bool {
        !matches!(self, Self::Bob | Self::Long | Self::Wavy | Self::Hijab)
    }
}

// Outlines by style: (x, y) around the face's middle, in the face's own units.
const CROP_FRONT: &[(f32, f32)] = &[
    (-51.0, -4.0),
    (-54.0, -40.0),
    (-26.0, -68.0),
    (18.0, -70.0),
    (50.0, -46.0),
    (51.0, -4.0),
    (45.0, -24.0),
    (24.0, -36.0),
    (-14.0, -34.0),
    (-42.0, -26.0),
];
const QUIFF_FRONT: &[(f32, f32)] = &[
    (-51.0, -2.0),
    (-53.0, -42.0),
    (-34.0, -70.0),
    (4.0, -86.0),
    (46.0, -76.0),
    (56.0, -48.0),
    (51.0, -4.0),
    (45.0, -28.0),
    (18.0, -38.0),
    (-20.0, -40.0),
    (-44.0, -24.0),
];
const BOB_FRONT: &[(f32, f32)] = &[
    (-52.0, 24.0),
    (-58.0, -24.0),
    (-38.0, -66.0),
    (0.0, -72.0),
    (38.0, -66.0),
    (58.0, -24.0),
    (52.0, 24.0),
    (46.0, -14.0),
    (24.0, -26.0),
    (0.0, -22.0),
    (-24.0, -26.0),
    (-46.0, -14.0),
];
const LONG_FRONT: &[(f32, f32)] = &[
    (-54.0, 34.0),
    (-60.0, -20.0),
    (-42.0, -64.0),
    (-4.0, -73.0),
    (40.0, -66.0),
    (60.0, -20.0),
    (54.0, 34.0),
    (48.0, -6.0),
    (30.0, -34.0),
    (-4.0, -52.0),
    (-34.0, -32.0),
    (-48.0, -4.0),
];
const BUN_FRONT: &[(f32, f32)] = &[
    (-51.0, 2.0),
    (-54.0, -36.0),
    (-30.0, -66.0),
    (0.0, -70.0),
    (30.0, -66.0),
    (54.0, -36.0),
    (51.0, 2.0),
    (44.0, -22.0),
    (18.0, -42.0),
    (-8.0, -44.0),
    (-38.0, -28.0),
];
const AFRO_FRONT: &[(f32, f32)] = &[
    (-54.0, -8.0),
    (-58.0, -46.0),
    (-24.0, -76.0),
    (24.0, -76.0),
    (58.0, -46.0),
    (54.0, -8.0),
    (44.0, -32.0),
    (16.0, -42.0),
    (-16.0, -42.0),
    (-44.0, -32.0),
];
const BUZZ_FRONT: &[(f32, f32)] = &[
    (-49.0, -8.0),
    (-48.0, -38.0),
    (-24.0, -60.0),
    (24.0, -60.0),
    (48.0, -38.0),
    (49.0, -8.0),
    (42.0, -34.0),
    (18.0, -44.0),
    (-18.0, -44.0),
    (-42.0, -34.0),
];
const BUCKET_FRONT: &[(f32, f32)] = &[
    (-52.0, 22.0),
    (-56.0, -20.0),
    (-38.0, -50.0),
    (38.0, -50.0),
    (56.0, -20.0),
    (52.0, 22.0),
    (44.0, -20.0),
    (0.0, -28.0),
    (-44.0, -20.0),
];
const BOB_BACK: &[(f32, f32)] = &[
    (0.0, -68.0),
    (50.0, -46.0),
    (62.0, 10.0),
    (54.0, 56.0),
    (0.0, 62.0),
    (-54.0, 56.0),
    (-62.0, 10.0),
    (-50.0, -46.0),
];
const LONG_BACK: &[(f32, f32)] = &[
    (0.0, -68.0),
    (52.0, -44.0),
    (62.0, 30.0),
    (66.0, 130.0),
    (50.0, 168.0),
    (0.0, 150.0),
    (-50.0, 168.0),
    (-66.0, 130.0),
    (-62.0, 30.0),
    (-52.0, -44.0),
];
const HIJAB_BACK: &[(f32, f32)] = &[
    (0.0, -70.0),
    (54.0, -46.0),
    (66.0, 20.0),
    (72.0, 92.0),
    (0.0, 124.0),
    (-72.0, 92.0),
    (-66.0, 20.0),
    (-54.0, -46.0),
];

fn gradient(ink: Ink, pose: &Pose) -> Fill {
    Fill::Slope(
        (pose.light * 55.0, -50.0),
        ink.mix(Ink::hex(0xFF_B860), 0.30),
        (-pose.light * 50.0, 40.0),
        ink.shaded(0.38),
    )
}

/// What hangs behind the face.
pub(super) fn back(s: &mut Sheet, person: &Person, pose: &Pose) {
    let ink = person.hair;
    let fill = gradient(ink.shaded(0.25), pose);
    match person.style {
        Style::Bob => s.fill(&blob(BOB_BACK), fill),
        Style::Long => s.fill(&blob(LONG_BACK), fill),
        Style::Wavy => {
            for (x, y, r) in [
                (-50.0, -20.0, 30.0),
                (50.0, -20.0, 30.0),
                (-58.0, 25.0, 28.0),
                (58.0, 25.0, 28.0),
                (-60.0, 70.0, 29.0),
                (60.0, 70.0, 29.0),
                (-54.0, 112.0, 28.0),
                (54.0, 112.0, 28.0),
                (0.0, 60.0, 56.0),
            ] {
                s.oval(x, y, r, r * 1.05, fill);
            }
        }
        Style::Bun => {
            s.oval(0.0, -78.0, 27.0, 25.0, gradient(ink, pose));
            s.curve(&[(-18.0, -84.0), (0.0, -70.0), (18.0, -82.0)], 2.5, Fill::Clear(ink.shaded(0.5), 0.6));
        }
        Style::Afro => {
            for n in 0..12 {
                let angle = (150.0 + n as f32 * 240.0 / 11.0).to_radians();
                s.oval(angle.cos() * 58.0, angle.sin() * 54.0 - 16.0, 33.0, 33.0, gradient(ink, pose));
            }
            s.oval(0.0, -22.0, 68.0, 60.0, gradient(ink, pose));
        }
        Style::Ponytail => {
            let tail =
                [(34.0, -58.0), (74.0, -52.0), (92.0, 0.0), (82.0, 70.0), (66.0, 92.0), (62.0, 30.0), (46.0, -20.0)];
            s.fill(&blob(&tail.map(|(x, y)| (x * -pose.light, y))), fill);
        }
        Style::Braids => {
            for side in [-1.0, 1.0] {
                for n in 0..7 {
                    let y = 30.0 + n as f32 * 19.0;
                    s.oval(
                        side * (52.0 + (n as f32 * 0.9).sin() * 4.0),
                        y,
                        13.0 - n as f32 * 0.6,
                        13.0,
                        gradient(ink, pose),
                    );
                }
                s.oval(side * 54.0, 164.0, 8.0, 6.0, Fill::Flat(person.cloth[2]));
            }
        }
        Style::Hijab => s.fill(&blob(HIJAB_BACK), gradient(person.cloth[1].shaded(0.2), pose)),
        _ => {}
    }
}

/// What falls over the forehead, and hats.
pub(super) fn front(s: &mut Sheet, person: &Person, pose: &Pose) {
    let (ink, wide) = (person.hair, person.face.1);
    let mut shape = |points: &[(f32, f32)]| {
        let points: Vec<_> = points.iter().map(|(x, y)| (x * wide, *y)).collect();
        s.fill(&blob(&points), gradient(ink, pose));
    };
    match person.style {
        Style::Crop => shape(CROP_FRONT),
        Style::Quiff => shape(QUIFF_FRONT),
        Style::Bob | Style::Beanie => shape(BOB_FRONT),
        Style::Long | Style::Wavy => shape(LONG_FRONT),
        Style::Bun | Style::Ponytail | Style::Braids => shape(BUN_FRONT),
        Style::Afro => shape(AFRO_FRONT),
        Style::Buzz => shape(BUZZ_FRONT),
        Style::Curls => curls(s, ink, pose, wide),
        Style::Hijab => hijab(s, person, pose),
        Style::Bucket => shape(BUCKET_FRONT),
    }
    if matches!(
        person.style,
        Style::Crop | Style::Quiff | Style::Bob | Style::Long | Style::Wavy | Style::Bun | Style::Ponytail
    ) {
        strands(s, ink, wide, person.style == Style::Bob);
    }
    match person.style {
        Style::Beanie => beanie(s, person, pose),
        Style::Bucket => bucket(s, person, pose),
        Style::Long | Style::Bob | Style::Bun => shine(s, pose, wide),
        _ => {}
    }
}

/// A few combed lines from the crown, so that hair is not one flat shape.
fn strands(s: &mut Sheet, ink: Ink, wide: f32, fringe: bool) {
    for n in 0..6 {
        let side = (n as f32 - 2.5) / 2.5;
        let (x, y) = (side * 44.0 * wide, -36.0 + side.abs() * 14.0);
        let low = if fringe { y + 8.0 } else { y - 4.0 };
        let points = [(side * 10.0, -66.0), (side * 30.0 * wide, -58.0 + side.abs() * 6.0), (x, low)];
        let fill = if n % 2 == 0 { Fill::Clear(ink.shaded(0.55), 0.32) } else { Fill::Clear(ink.lit(0.35), 0.20) };
        s.curve(&points, 2.6, fill);
    }
}

fn shine(s: &mut Sheet, pose: &Pose, wide: f32) {
    let x = pose.light * 26.0 * wide;
    let points = [(x - 14.0, -56.0), (x, -60.0), (x + 14.0, -54.0)];
    s.curve(&points, 4.0, Fill::Clear(Ink::hex(0xFF_E2B0), 0.28));
}

fn curls(s: &mut Sheet, ink: Ink, pose: &Pose, wide: f32) {
    for (x, y, r) in [
        (-46.0, -14.0, 15.0),
        (46.0, -14.0, 15.0),
        (-48.0, -38.0, 19.0),
        (48.0, -38.0, 19.0),
        (-30.0, -58.0, 21.0),
        (30.0, -58.0, 21.0),
        (0.0, -66.0, 23.0),
        (-16.0, -42.0, 15.0),
        (14.0, -44.0, 16.0),
        (34.0, -36.0, 13.0),
        (-34.0, -34.0, 13.0),
    ] {
        s.oval(x * wide, y, r, r, gradient(ink, pose));
        s.curve(
            &[(x * wide - r * 0.4, y), (x * wide, y - r * 0.45), (x * wide + r * 0.4, y)],
            2.0,
            Fill::Clear(ink.lit(0.3), 0.35),
        );
    }
}

fn hijab(s: &mut Sheet, person: &Person, pose: &Pose) {
    let ink = person.cloth[1];
    let fill = gradient(ink, pose);
    s.fill(
        &blob(&[
            (-52.0, 34.0),
            (-60.0, -20.0),
            (-40.0, -64.0),
            (0.0, -74.0),
            (40.0, -64.0),
            (60.0, -20.0),
            (52.0, 34.0),
            (45.0, -8.0),
            (28.0, -38.0),
            (0.0, -45.0),
            (-28.0, -38.0),
            (-45.0, -8.0),
        ]),
        fill,
    );
    s.fill(
        &blob(&[
            (-54.0, 14.0),
            (-40.0, 36.0),
            (-20.0, 54.0),
            (0.0, 60.0),
            (20.0, 54.0),
            (40.0, 36.0),
            (54.0, 14.0),
            (66.0, 70.0),
            (40.0, 112.0),
            (0.0, 122.0),
            (-44.0, 108.0),
            (-66.0, 70.0),
        ]),
        fill,
    );
    for n in 0..3 {
        let y = 72.0 + n as f32 * 15.0;
        s.curve(&[(-46.0, y - 12.0), (0.0, y), (48.0, y - 14.0)], 3.0, Fill::Clear(ink.shaded(0.5), 0.35));
    }
}

fn beanie(s: &mut Sheet, person: &Person, pose: &Pose) {
    let ink = person.cloth[2];
    s.oval(0.0, -92.0, 13.0, 12.0, Fill::Flat(ink.lit(0.35)));
    s.fill(
        &blob(&[
            (-54.0, -28.0),
            (-50.0, -60.0),
            (-24.0, -84.0),
            (24.0, -84.0),
            (50.0, -60.0),
            (54.0, -28.0),
            (0.0, -34.0),
        ]),
        gradient(ink, pose),
    );
    s.rounded(-57.0, -44.0, 114.0, 24.0, 11.0, gradient(ink.lit(0.18), pose));
    for n in 0..9 {
        let x = -46.0 + n as f32 * 11.5;
        s.line(&[(x, -39.0), (x, -25.0)], 2.4, Fill::Clear(ink.shaded(0.5), 0.5));
    }
}

fn bucket(s: &mut Sheet, person: &Person, pose: &Pose) {
    let ink = person.cloth[2].mix(Ink::hex(0xE8_D2A0), 0.35);
    s.fill(
        &blob(&[(-42.0, -34.0), (-38.0, -72.0), (0.0, -82.0), (38.0, -72.0), (42.0, -34.0), (0.0, -26.0)]),
        gradient(ink, pose),
    );
    s.fill(
        &blob(&[(-40.0, -44.0), (0.0, -40.0), (40.0, -44.0), (72.0, -20.0), (0.0, -22.0), (-72.0, -20.0)]),
        gradient(ink.shaded(0.12), pose),
    );
    s.curve(&[(-41.0, -46.0), (0.0, -40.0), (41.0, -46.0)], 7.0, Fill::Flat(person.cloth[0].shaded(0.15)));
}
