//! The hour and the place: which colours the sky, the ground and the lamps have.

use crate::colour::Ink;
use crate::rng::Rng;

/// Where the picture is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Square,
    Hall,
}

/// The colours of one hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mood {
    pub place: Place,
    /// Sky from the zenith to the horizon (in the hall: the wall).
    pub sky: [Ink; 3],
    /// What stands far away.
    pub far: Ink,
    /// Ground far and near.
    pub ground: [Ink; 2],
    /// The light that comes from everywhere; colours of things are multiplied by it.
    pub ambient: Ink,
    /// The lamps' light.
    pub lamp: Ink,
    /// How much the lamps matter: 1 at night, less by day.
    pub dark: f32,
}

const fn mood(place: Place, sky: [u32; 3], far: u32, ground: [u32; 2], ambient: u32, lamp: u32, dark: f32) -> Mood {
    Mood {
        place,
        sky: [Ink::hex(sky[0]), Ink::hex(sky[1]), Ink::hex(sky[2])],
        far: Ink::hex(far),
        ground: [Ink::hex(ground[0]), Ink::hex(ground[1])],
        ambient: Ink::hex(ambient),
        lamp: Ink::hex(lamp),
        dark,
    }
}

const INDIGO: Mood = mood(
    Place::Square,
    [0x12_1538, 0x2A_2760, 0x6A_4478],
    0x1B_1B40,
    [0x4A_3A5E, 0x2A_2444],
    0x6A_6496,
    0xFF_C46E,
    1.0,
);
const TEAL_NIGHT: Mood = mood(
    Place::Square,
    [0x0A_1E33, 0x14_3A52, 0x3F_6A74],
    0x0F_2638,
    [0x3A_4A58, 0x1C_2C3C],
    0x5E_7590,
    0xFF_BE66,
    1.0,
);
const PLUM_NIGHT: Mood = mood(
    Place::Square,
    [0x22_1237, 0x4A_1F55, 0x93_4568],
    0x25_1538,
    [0x55_3352, 0x2E_1D3A],
    0x78_5C8C,
    0xFF_C878,
    1.0,
);
const DUSK_ROSE: Mood = mood(
    Place::Square,
    [0x3B_3A78, 0x9A_5C93, 0xFF_A980],
    0x4A_3A6C,
    [0x8A_6078, 0x4B_3A5C],
    0x9C_86A8,
    0xFF_CC82,
    0.75,
);
const DUSK_BLUE: Mood = mood(
    Place::Square,
    [0x1F_3A72, 0x5C_77AE, 0xF6_C7A0],
    0x2E_4270,
    [0x6A_6E90, 0x36_3F62],
    0x8A_90B4,
    0xFF_C674,
    0.8,
);
const GOLDEN: Mood = mood(
    Place::Square,
    [0x6F_A3B8, 0xF3_C98C, 0xFF_E3AE],
    0xB5_8A70,
    [0xDD_B07E, 0x9C_7258],
    0xDC_BFA4,
    0xFF_DC96,
    0.35,
);
const PEACH: Mood = mood(
    Place::Square,
    [0x8E_86B8, 0xF2_A58E, 0xFF_D69A],
    0xA8_6E78,
    [0xD4_9A84, 0x8C_5E62],
    0xD2_AC9E,
    0xFF_D890,
    0.4,
);
const BRICK_HALL: Mood =
    mood(Place::Hall, [0x3E_2A2C, 0x6E_4438, 0x8C_5A44], 0x2C_1E24, [0x7A_5644, 0x45_3030], 0xA0_8278, 0xFF_CE88, 0.7);
const GREEN_HALL: Mood =
    mood(Place::Hall, [0x1E_3433, 0x34_5650, 0x55_7A68], 0x16_2A2A, [0x6E_6450, 0x38_3A34], 0x8A_9284, 0xFF_D08A, 0.75);

/// A mood, nights first: it is a night market.
pub(crate) fn choose(rng: &mut Rng) -> Mood {
    rng.pick(&[
        INDIGO, INDIGO, TEAL_NIGHT, TEAL_NIGHT, PLUM_NIGHT, PLUM_NIGHT, DUSK_ROSE, DUSK_ROSE, DUSK_BLUE, DUSK_BLUE,
        GOLDEN, GOLDEN, PEACH, BRICK_HALL, GREEN_HALL,
    ])
}

/// The colours of one stall: two stripes and an accent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cloth {
    pub strong: Ink,
    pub pale: Ink,
    pub accent: Ink,
}

const fn cloth(strong: u32, pale: u32, accent: u32) -> Cloth {
    Cloth { strong: Ink::hex(strong), pale: Ink::hex(pale), accent: Ink::hex(accent) }
}

/// A stall's cloth.
pub(crate) fn stall_cloth(rng: &mut Rng) -> Cloth {
    rng.pick(&[
        cloth(0xD9_4A3D, 0xFF_F0DC, 0x2F_7F79),
        cloth(0x2E_8B85, 0xFB_EFD8, 0xF2_A03D),
        cloth(0xEB_A937, 0xFF_F4DE, 0xC9_4B3B),
        cloth(0x35_5C9A, 0xFA_E9D4, 0xF0_8A5D),
        cloth(0xC8_4F74, 0xFF_EBDD, 0x3F_7D6C),
        cloth(0x6B_8F4E, 0xFC_F1D9, 0xD8_5B43),
        cloth(0xF0_7B55, 0xFF_F2E0, 0x3A_5A8C),
        cloth(0x7A_4A86, 0xFA_E6DC, 0xF0_B24A),
    ])
}
