//! Arms, hands and what they hold.

use super::{Person, Pose, Top};
use crate::brush::{Fill, Sheet, blob, oval, polygon};
use crate::colour::Ink;
use crate::goods::flower;
use crate::rng::Rng;

/// What an arm does: where elbow and hand are, for the right side of the picture; the left is mirrored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gesture {
    kind: Kind,
    elbow: (f32, f32),
    hand: (f32, f32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Down,
    Wave,
    Peace,
    Hold,
    Hip,
    Cheer,
    Behind,
}

/// Something in the hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prop {
    None,
    Cup,
    Tea,
    Cone,
    Bouquet,
    Bag,
    Skewer,
    Lantern,
    Balloon,
}

impl Gesture {
    const DOWN: Self = Self::new(Kind::Down, (100.0, 196.0), (92.0, 282.0));
    const WAVE: Self = Self::new(Kind::Wave, (138.0, 168.0), (146.0, 48.0));
    const PEACE: Self = Self::new(Kind::Peace, (124.0, 182.0), (102.0, 66.0));
    const HOLD: Self = Self::new(Kind::Hold, (108.0, 214.0), (46.0, 196.0));
    const HIP: Self = Self::new(Kind::Hip, (146.0, 196.0), (82.0, 258.0));
    const CHEER: Self = Self::new(Kind::Cheer, (132.0, 62.0), (118.0, -66.0));
    const BEHIND: Self = Self::new(Kind::Behind, (112.0, 168.0), (150.0, 150.0));

    const fn new(kind: Kind, elbow: (f32, f32), hand: (f32, f32)) -> Self {
        Self { kind, elbow, hand }
    }

    /// The same a moment later.
    pub fn moved(mut self, rng: &mut Rng) -> Self {
        let far = match self.kind {
            Kind::Wave | Kind::Cheer => 14.0,
            _ => 4.0,
        };
        self.hand.0 += rng.range(-far, far);
        self.hand.1 += rng.range(-far, far) * 0.5;
        self
    }

    /// At the counter: the hand before the body.
    pub fn hold() -> Self {
        Self::HOLD
    }

    /// An arm at rest.
    pub fn down() -> Self {
        Self::DOWN
    }

    /// Laid around somebody who is drawn later.
    pub fn behind() -> Self {
        Self::BEHIND
    }
}

/// Left arm, right arm, and what the right one holds.
pub(super) fn choose(rng: &mut Rng) -> (Gesture, Gesture, Prop) {
    let props =
        [Prop::Cup, Prop::Tea, Prop::Cone, Prop::Bouquet, Prop::Bag, Prop::Skewer, Prop::Lantern, Prop::Balloon];
    let free = rng.pick(&[Gesture::DOWN, Gesture::DOWN, Gesture::HIP, Gesture::WAVE, Gesture::PEACE, Gesture::CHEER]);
    match rng.below(10) {
        0..=4 => (if free.kind == Kind::Cheer { Gesture::DOWN } else { free }, Gesture::HOLD, rng.pick(&props)),
        5 => (Gesture::CHEER, Gesture::CHEER, Prop::None),
        6 => (Gesture::DOWN, Gesture::WAVE, Prop::None),
        7 => (Gesture::HIP, Gesture::PEACE, Prop::None),
        _ => (Gesture::DOWN, free, Prop::None),
    }
}

/// Arms that are behind the body.
pub(super) fn behind(s: &mut Sheet, person: &Person, pose: &Pose) {
    for (gesture, mirror) in [(pose.left, true), (pose.right, false)] {
        if matches!(gesture.kind, Kind::Behind | Kind::Down | Kind::Hip) {
            s.mirrored(mirror, |s| arm(s, person, pose, gesture, mirror));
        }
    }
}

/// Arms that are before it, with what they hold.
pub(super) fn before(s: &mut Sheet, person: &Person, pose: &Pose) {
    for (gesture, mirror) in [(pose.left, true), (pose.right, false)] {
        if !matches!(gesture.kind, Kind::Behind | Kind::Down | Kind::Hip) {
            s.mirrored(mirror, |s| {
                if gesture.kind == Kind::Hold && !mirror {
                    prop(s, person, pose.prop, gesture.hand);
                }
                arm(s, person, pose, gesture, mirror);
            });
        }
    }
}

fn arm(s: &mut Sheet, person: &Person, pose: &Pose, gesture: Gesture, mirror: bool) {
    let shoulder = (72.0 * person.build, 122.0);
    let (elbow, hand) = (gesture.elbow, gesture.hand);
    let towards_light = (pose.light > 0.0) != mirror;
    let sleeve = if towards_light { person.cloth[0].lit(0.10) } else { person.cloth[0].shaded(0.16) };
    let skin = person.skin;
    let path = [shoulder, elbow, hand];
    let bare = matches!(person.top, Top::Tee | Top::Dotted | Top::Apron);
    if gesture.kind == Kind::Behind {
        s.curve(&path, 36.0, Fill::Flat(sleeve.shaded(0.2)));
        return;
    }
    if bare {
        s.curve(&path, 27.0, Fill::Slope(elbow, skin, hand, skin.shaded(0.06)));
        let cuff = mid(shoulder, elbow, 0.62);
        s.line(&[shoulder, cuff], 40.0, Fill::Flat(sleeve));
    } else {
        s.curve(&path, 38.0, Fill::Slope(shoulder, sleeve, hand, sleeve.shaded(0.16)));
        s.line(&[mid(elbow, hand, 0.84), mid(elbow, hand, 0.93)], 36.0, Fill::Flat(sleeve.shaded(0.3)));
    }
    palm(s, skin, gesture);
}

fn mid(a: (f32, f32), b: (f32, f32), t: f32) -> (f32, f32) {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

fn palm(s: &mut Sheet, skin: Ink, gesture: Gesture) {
    let (x, y) = gesture.hand;
    let fill = Fill::Flat(skin);
    let mut finger = |angle: f32, len: f32| {
        let a = angle.to_radians();
        s.line(&[(x, y - 6.0), (x + a.sin() * len, y - 6.0 - a.cos() * len)], 8.6, fill);
    };
    match gesture.kind {
        Kind::Wave | Kind::Cheer => {
            for (angle, len) in [(-25.0, 33.0), (-8.0, 38.0), (9.0, 37.0), (26.0, 31.0)] {
                finger(angle, len);
            }
            finger(-72.0, 27.0);
        }
        Kind::Peace => {
            finger(-17.0, 36.0);
            finger(14.0, 36.0);
        }
        _ => {}
    }
    s.oval(x, y, 17.0, 17.5, Fill::Round((x - 4.0, y - 5.0), 26.0, skin.lit(0.08), skin.shaded(0.12)));
    if gesture.kind == Kind::Peace {
        s.curve(&[(x - 10.0, y + 2.0), (x, y - 3.0), (x + 9.0, y + 3.0)], 8.0, Fill::Flat(skin.shaded(0.12)));
    }
    if gesture.kind == Kind::Hold {
        for n in 0..3 {
            let fy = y - 7.0 + n as f32 * 7.0;
            s.line(&[(x - 13.0, fy), (x - 3.0, fy + 1.0)], 1.8, Fill::Clear(skin.shaded(0.5), 0.5));
        }
    }
}

fn prop(s: &mut Sheet, person: &Person, prop: Prop, (x, y): (f32, f32)) {
    let white = Ink::hex(0xFF_F6E8);
    s.placed(x - 8.0, y, 0.0, 1.0, |s| match prop {
        Prop::None => {}
        Prop::Cup => {
            let cup = polygon(&[(-19.0, -44.0), (19.0, -44.0), (14.0, 26.0), (-14.0, 26.0)]);
            s.fill(&cup, Fill::Slope((-19.0, 0.0), white, (19.0, 0.0), white.shaded(0.35)));
            s.fill(&polygon(&[(-17.5, -22.0), (17.5, -22.0), (15.6, 6.0), (-15.6, 6.0)]), Fill::Flat(person.cloth[2]));
            s.rounded(-21.0, -51.0, 42.0, 10.0, 4.0, Fill::Flat(Ink::hex(0x5A_3A2E)));
        }
        Prop::Tea => tea(s),
        Prop::Cone => cone(s),
        Prop::Bouquet => bouquet(s, person),
        Prop::Bag => {
            let paper = Ink::hex(0xD9_B07A);
            s.curve(&[(-15.0, -14.0), (0.0, -38.0), (15.0, -14.0)], 4.0, Fill::Flat(paper.shaded(0.4)));
            s.block(
                -30.0,
                -14.0,
                60.0,
                74.0,
                Fill::Slope((-30.0, 0.0), paper.lit(0.2), (30.0, 0.0), paper.shaded(0.25)),
            );
            s.oval(0.0, 26.0, 13.0, 13.0, Fill::Flat(person.cloth[2]));
        }
        Prop::Skewer => {
            s.line(&[(6.0, 46.0), (-12.0, -96.0)], 4.0, Fill::Flat(Ink::hex(0xD9_B98A)));
            for (n, ink) in [0xE0_4A4A, 0xF6_D9C8, 0xE8_6A5A, 0x8F_B85A].into_iter().enumerate() {
                let t = n as f32 * 25.0;
                s.oval(
                    -3.0 - t * 0.127,
                    -26.0 - t,
                    14.0,
                    12.5,
                    Fill::Round((-8.0, -32.0 - t), 22.0, Ink::hex(ink).lit(0.35), Ink::hex(ink).shaded(0.2)),
                );
            }
        }
        Prop::Lantern => {
            let ink = Ink::hex(0xF4_8A3A);
            s.line(&[(0.0, 0.0), (0.0, 40.0)], 3.0, Fill::Flat(Ink::hex(0x4A_3024)));
            s.glow(0.0, 76.0, 130.0, Ink::hex(0xFF_C070), 0.7);
            s.oval(0.0, 76.0, 32.0, 36.0, Fill::Round((0.0, 80.0), 38.0, Ink::hex(0xFF_F0C0), ink));
            s.stroke(&oval(0.0, 76.0, 14.0, 36.0), 1.6, Fill::Clear(ink.shaded(0.4), 0.5));
        }
        Prop::Balloon => balloon(s, person.cloth[2].lit(0.1)),
    });
}

fn tea(s: &mut Sheet) {
    let milk = Ink::hex(0xD9_A87C);
    s.line(&[(2.0, -40.0), (10.0, -84.0)], 7.0, Fill::Flat(Ink::hex(0xE8_5A6A)));
    s.fill(
        &polygon(&[(-21.0, -50.0), (21.0, -50.0), (15.0, 30.0), (-15.0, 30.0)]),
        Fill::Slope((-21.0, 0.0), milk.lit(0.3), (21.0, 0.0), milk.shaded(0.2)),
    );
    for (x, y) in [(-9.0, 22.0), (0.0, 24.0), (9.0, 22.0), (-5.0, 13.0), (5.0, 13.0), (-11.0, 8.0), (11.0, 10.0)] {
        s.oval(x, y, 4.3, 4.3, Fill::Flat(Ink::hex(0x35_2020)));
    }
    s.fill(
        &blob(&[(-23.0, -49.0), (-12.0, -64.0), (12.0, -64.0), (23.0, -49.0)]),
        Fill::Clear(Ink::hex(0xFF_FFFF), 0.55),
    );
}

fn cone(s: &mut Sheet) {
    let wafer = Ink::hex(0xD9_9A52);
    s.fill(
        &polygon(&[(-18.0, -24.0), (18.0, -24.0), (2.0, 42.0), (-2.0, 42.0)]),
        Fill::Slope((-18.0, 0.0), wafer.lit(0.25), (18.0, 0.0), wafer.shaded(0.3)),
    );
    for (x, y, r, ink) in
        [(-10.0, -34.0, 17.0, 0xF6_A9B8), (11.0, -35.0, 17.0, 0xBF_E3C8), (0.0, -55.0, 18.0, 0xFF_F0D0)]
    {
        let ink = Ink::hex(ink);
        s.oval(x, y, r, r, Fill::Round((x - 5.0, y - 6.0), r * 1.7, ink.lit(0.3), ink.shaded(0.2)));
    }
    s.oval(2.0, -75.0, 6.0, 6.0, Fill::Flat(Ink::hex(0xD8_3B3B)));
}

fn bouquet(s: &mut Sheet, person: &Person) {
    for (n, x) in [-26.0, -12.0, 4.0, 18.0, 30.0].into_iter().enumerate() {
        s.line(&[(0.0, 30.0), (x, -50.0)], 3.4, Fill::Flat(Ink::hex(0x55_8A50)));
        s.oval(x * 1.25, -36.0 - (n % 2) as f32 * 12.0, 14.0, 8.0, Fill::Flat(Ink::hex(0x6A_9E5A)));
    }
    s.fill(
        &polygon(&[(-34.0, -30.0), (36.0, -30.0), (8.0, 48.0), (-8.0, 48.0)]),
        Fill::Slope((-30.0, 0.0), Ink::hex(0xFF_F3E2), (34.0, 0.0), Ink::hex(0xD9_B79A)),
    );
    let inks = [Ink::hex(0xF4_7A82), Ink::hex(0xFF_D98A), Ink::hex(0xFF_F0EA), person.cloth[2], Ink::hex(0xF0_A0B0)];
    for (n, (x, y)) in
        [(-28.0, -48.0), (-6.0, -66.0), (18.0, -62.0), (34.0, -42.0), (4.0, -42.0)].into_iter().enumerate()
    {
        flower(s, x, y, 17.0, inks[n % inks.len()]);
    }
}

fn balloon(s: &mut Sheet, ink: Ink) {
    s.curve(&[(0.0, 20.0), (26.0, -60.0), (40.0, -150.0), (52.0, -196.0)], 2.0, Fill::Flat(Ink::hex(0xF2_E4D4)));
    s.oval(56.0, -252.0, 50.0, 58.0, Fill::Round((40.0, -272.0), 84.0, ink.lit(0.55), ink.shaded(0.15)));
    s.fill(&polygon(&[(54.0, -198.0), (46.0, -188.0), (62.0, -188.0)]), Fill::Flat(ink.shaded(0.1)));
    s.oval(38.0, -276.0, 9.0, 15.0, Fill::Clear(Ink::hex(0xFF_FFFF), 0.5));
}
