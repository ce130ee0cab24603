//! People: who they are is drawn once from the seed; how they stand changes from moment to moment.
//!
//! A person's own units: the head's centre is the origin, the chin at 54, the shoulders at 100, the hem at 285, the feet at 550.

mod arms;
mod clothes;
mod face;
mod hair;

use crate::brush::Sheet;
use crate::colour::Ink;
use crate::rng::Rng;

pub(crate) use arms::{Gesture, Prop};
pub(crate) use clothes::Top;
pub(crate) use hair::Style;

/// Where the feet stand below the head's centre.
pub(crate) const FEET: f32 = 552.0;

/// Everything that stays the same about somebody.
#[expect(clippy::struct_excessive_bools, reason = "traits that are there or not, each on its own")]
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub skin: Ink,
    pub hair: Ink,
    pub style: Style,
    pub top: Top,
    pub cloth: [Ink; 3],
    pub legs: Ink,
    /// Skirt instead of trousers.
    pub skirt: bool,
    pub glasses: bool,
    pub beard: bool,
    pub freckles: bool,
    pub earrings: bool,
    /// Grey hair and a few lines.
    pub old: bool,
    pub child: bool,
    /// Breadth of the body, about 1.
    pub build: f32,
    /// Length and width of the face, about 1.
    pub face: (f32, f32),
    pub eyes: u8,
}

/// How somebody stands at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pose {
    /// Degrees.
    pub tilt: f32,
    pub lean: f32,
    pub left: Gesture,
    pub right: Gesture,
    pub prop: Prop,
    pub mouth: face::Mouth,
    pub blink: bool,
    /// -1: the light comes from the left; 1: from the right.
    pub light: f32,
    /// Where the eyes look, -1 to 1.
    pub gaze: f32,
}

const SKINS: [u32; 9] =
    [0xFB_DDC4, 0xF6_CDAC, 0xEF_BE97, 0xE2_A87C, 0xCF_9165, 0xB3_7650, 0x95_5F3F, 0x76_4A33, 0x5A_382A];
const HAIRS: [u32; 8] = [0x1F_1A20, 0x2C_2020, 0x3E_2A22, 0x5E_3B26, 0x8A_5530, 0xB5_7A3C, 0xDE_B36A, 0xA8_4526];
/// Tops, a pattern's second colour, and a scarf or collar that goes with them.
const CLOTHES: [[u32; 3]; 14] = [
    [0xE8_B040, 0x2F_4858, 0xC9_4B3B],
    [0x2F_6F73, 0xF5_E6CC, 0xF0_9A4A],
    [0xC9_5543, 0xFB_EBD8, 0x2E_4A62],
    [0x3B_4E7E, 0xF4_D9A6, 0xE4_7A5A],
    [0xF3_EADB, 0x35_5C7D, 0xC6_5B4A],
    [0x7A_8F5A, 0xF7_EBD0, 0xB8_5A3A],
    [0xE8_8F8A, 0x6A_3B52, 0xFB_EBD8],
    [0x6E_4A7E, 0xF2_C9A8, 0xE8_B040],
    [0x8A_4A36, 0xF2_DDBA, 0x3F_6E6A],
    [0x4A_5560, 0xE8_D5B7, 0xD9_6A4A],
    [0x94_B8B0, 0x35_4A5A, 0xF2_A65A],
    [0xD9_763A, 0xFB_EBD8, 0x35_4A6E],
    [0xB5_3F54, 0xF8_D9C4, 0x2F_4A50],
    [0x5A_7FA8, 0xFB_F0DC, 0xE8_B84A],
];
const LEGS: [u32; 7] = [0x2E_3A56, 0x3A_3440, 0x4A_5A78, 0x6A_5546, 0x8A_7A62, 0x34_4A4A, 0x54_3A48];

impl Person {
    /// Somebody.
    pub fn new(rng: &mut Rng) -> Self {
        let skin_at = rng.below(SKINS.len());
        let old = rng.chance(0.13);
        let dark = skin_at >= 5;
        let hair = if old {
            Ink::hex(rng.pick(&[0xC8_C2BC, 0xE8_E2DA, 0x9A_949A]))
        } else {
            // Fair hair goes with fair skin, mostly; dyed hair with anybody.
            let dyed = [0xE0_6F8A, 0x4F_9A9A, 0x7A_5AB0];
            if rng.chance(0.07) {
                Ink::hex(rng.pick(&dyed))
            } else {
                Ink::hex(HAIRS[rng.below(if dark { 4 } else { 8 })])
            }
        };
        let style = Style::choose(dark, rng);
        let beard = style.is_short() && rng.chance(0.42);
        Self {
            skin: Ink::hex(SKINS[skin_at]),
            hair,
            style,
            top: Top::choose(rng),
            cloth: rng.pick(&CLOTHES).map(Ink::hex),
            legs: Ink::hex(rng.pick(&LEGS)),
            skirt: !beard && rng.chance(0.3),
            glasses: rng.chance(0.22),
            beard,
            freckles: !dark && rng.chance(0.15),
            earrings: !beard && rng.chance(0.35),
            old,
            child: !old && !beard && rng.chance(0.18),
            build: rng.range(0.88, 1.16),
            face: (rng.range(0.95, 1.06), rng.range(0.94, 1.06)),
            eyes: rng.below(4) as u8,
        }
    }

    /// Somebody who does not wear what the others wear, nor their hair.
    pub fn beside(others: &[Self], rng: &mut Rng) -> Self {
        let mut person = Self::new(rng);
        for _ in 0..6 {
            let alike =
                |other: &Self| other.cloth == person.cloth || other.style == person.style || other.top == person.top;
            if !others.iter().any(alike) {
                break;
            }
            person = Self::new(rng);
        }
        person
    }

    /// A child is smaller, with a larger head on it.
    pub fn stature(&self) -> f32 {
        if self.child { 0.70 } else { 1.0 }
    }

    fn head_size(&self) -> f32 {
        if self.child { 1.24 } else { 1.0 }
    }

    /// Draws them with the head's centre at `x`, `y`.
    pub fn draw(&self, sheet: &mut Sheet, pose: &Pose, (x, y): (f32, f32), size: f32) {
        sheet.placed(x, y, 0.0, size * self.stature(), |s| {
            let head = |s: &mut Sheet, draw: &dyn Fn(&mut Sheet)| {
                // The head turns about the neck.
                s.placed(0.0, 70.0, pose.tilt, self.head_size(), |s| s.placed(0.0, -70.0, 0.0, 1.0, |s| draw(s)));
            };
            s.placed(0.0, FEET, pose.lean, 1.0, |s| {
                s.placed(0.0, -FEET, 0.0, 1.0, |s| {
                    head(s, &|s| hair::back(s, self, pose));
                    clothes::legs(s, self);
                    arms::behind(s, self, pose);
                    clothes::torso(s, self, pose);
                    head(s, &|s| {
                        face::draw(s, self, pose);
                        hair::front(s, self, pose);
                        face::glasses(s, self);
                    });
                    clothes::scarf(s, self);
                    arms::before(s, self, pose);
                });
            });
        });
    }
}

impl Pose {
    /// How somebody stands: `rng` is the moment's, `base` the scene's, so that a burst changes only little.
    pub fn new(base: &mut Rng, moment: &mut Rng, light: f32) -> Self {
        let (left, right, prop) = arms::choose(base);
        let mouths = [face::Mouth::Smile, face::Mouth::Grin, face::Mouth::Laugh, face::Mouth::Smile, face::Mouth::Grin];
        let habit = base.below(mouths.len());
        let mouth = if moment.chance(0.25) { moment.pick(&mouths) } else { mouths[habit] };
        Self {
            tilt: base.range(-8.0, 8.0) + moment.range(-2.5, 2.5),
            lean: base.range(-1.6, 1.6) + moment.range(-0.6, 0.6),
            left: left.moved(moment),
            right: right.moved(moment),
            prop,
            mouth,
            blink: moment.chance(0.06),
            light,
            gaze: base.range(-0.35, 0.35) + moment.range(-0.3, 0.3),
        }
    }
}
