//! Frames and recipes by dice.

use model::Orientation;

use crate::{
    curve::Base,
    geometry::Size,
    ops::resample::tests::{X_TRANS, cfa, seen, sensor},
    output::OutputSpace,
    plan::{Plan, Wanted},
    raw::{BlackLevels, Layout, Raw, Sensor},
    recipe::{BaseCurve, Crop, Recipe, WhiteBalance},
    settled::Settled,
};

/// xorshift (Marsaglia, 2003): the same numbers everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) % u64::from(end)) as u32
    }

    pub fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.below(1 << 20) as f32 / (1 << 20) as f32
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }
}

/// A frame with what is wanted of it.
pub struct Case {
    pub sensor: Sensor,
    pub samples: Vec<u16>,
    pub plan: Plan,
    pub told: String,
}

impl Case {
    pub fn raw(&self) -> Raw<'_> {
        Raw { sensor: &self.sensor, samples: &self.samples }
    }
}

pub const LAYOUTS: u32 = 7;

fn layout(number: u32) -> Layout {
    match number % LAYOUTS {
        0 => Layout::Mosaic(cfa("RGGB")),
        1 => Layout::Mosaic(cfa("BGGR")),
        2 => Layout::Mosaic(cfa("GRBG")),
        3 => Layout::Mosaic(cfa("GBRG")),
        4 => Layout::Mosaic(cfa(X_TRANS)),
        5 => Layout::Rgb,
        _ => Layout::Grey,
    }
}

/// Case `number`: every layout and orientation comes round, the rest is diced.
pub fn case(number: u32) -> Case {
    let mut dice = Dice::new(u64::from(number) + 1);
    let (width, height) = (64 + dice.below(236), 64 + dice.below(236));
    let mut sensor = sensor(width, height, layout(number));
    sensor.orientation = Orientation::from((1 + number / 2 % 8) as u8);
    if dice.one_in(2) {
        let (x, y) = (dice.below(9), dice.below(9));
        sensor.shown_px = (x, y, width - x - dice.below(9), height - y - dice.below(9));
    }
    sensor.pixel_aspect = if dice.one_in(6) { 1.3 } else { 1.0 };
    sensor.white_in_use -= dice.between(0.0, 3000.0);
    sensor.as_shot = Some([dice.between(1.0, 2.6), 1.0, dice.between(1.0, 2.6)]);
    let (a, b) = (dice.between(0.0, 0.7), dice.between(0.0, 0.4));
    sensor.srgb_from_camera = [[1.0 + a, -a, 0.0], [-b, 1.0 + a + b, -a], [0.0, -b, 1.0 + b]];
    sensor.iso = [100.0, 800.0, 6400.0, 25_600.0][dice.below(4) as usize];
    if dice.one_in(3) {
        sensor.black = match &sensor.layout {
            Layout::Mosaic(cfa) if cfa.is_bayer() => {
                BlackLevels::block(2, 2, vec![500.0, 520.0, 530.0, 505.0]).unwrap()
            }
            Layout::Mosaic(_) => BlackLevels::block(6, 6, (0..36).map(|i| 500.0 + i as f32).collect()).unwrap(),
            _ => BlackLevels::flat(600.0),
        };
    }
    let samples = scene(&sensor, &mut dice);
    let size = match dice.below(4) {
        0 => Size::Full,
        1 => Size::Half,
        _ => Size::LongEdge(64 + dice.below(236)),
    };
    let (wanted, told) = if number % 8 == 7 {
        // Half size is superpixels then, which the GPU leaves to the CPU.
        (Wanted::Neutral, "neutral".to_owned())
    } else {
        let (recipe, settled) = (recipe(&mut dice), settled(&mut dice));
        let told = format!("{recipe:?} {settled:?}");
        (Wanted::Recipe(Box::new(recipe), Box::new(settled)), told)
    };
    let space = [OutputSpace::Srgb, OutputSpace::DisplayP3, OutputSpace::AdobeRgb][dice.below(3) as usize];
    let mut plan = Plan::new(&sensor, &wanted, size, space);
    // Small pictures want a demosaic, which is the CPU's; here the planes are tried.
    plan.demosaic = false;
    let told = format!(
        "case {number}: {width} x {height}, {:?}, {:?}, {size:?}, {space:?}, {told}",
        sensor.layout, sensor.orientation
    );
    Case { sensor, samples, plan, told }
}

/// Slopes, waves, a bright disc, and a little noise.
fn scene(sensor: &Sensor, dice: &mut Dice) -> Vec<u16> {
    let (phase, wave) = (f64::from(dice.between(0.0, 6.0)), f64::from(dice.between(0.01, 0.12)));
    let (cx, cy) = (f64::from(sensor.width_px) * 0.6, f64::from(sensor.height_px) * 0.4);
    let gain = f64::from(dice.between(0.1, 0.8));
    let mut samples = seen(sensor, |x, y, colour| {
        let waves = (x * wave + phase).sin() * (y * wave * 0.7).cos() * 0.5 + 0.5;
        let disc = if (x - cx).hypot(y - cy) < 15.0 { 0.9 } else { 0.0 };
        gain * waves * [0.5, 1.0, 0.7][colour] + disc
    });
    for sample in &mut samples {
        *sample = sample.saturating_add(dice.below(24) as u16);
    }
    samples
}

fn recipe(dice: &mut Dice) -> Recipe {
    let mut recipe = Recipe::default();
    recipe.exposure.auto = dice.one_in(2);
    recipe.exposure.ev = dice.between(-2.0, 2.0);
    recipe.white_balance = match dice.below(4) {
        0 => WhiteBalance::AsShot,
        1 => WhiteBalance::Auto,
        2 => WhiteBalance::Kelvin { temperature_k: dice.between(2500.0, 9000.0), tint: dice.between(-40.0, 40.0) },
        _ => WhiteBalance::Grey { red: dice.between(0.8, 2.5), blue: dice.between(0.8, 2.5) },
    };
    recipe.tone.base = [BaseCurve::Camera, BaseCurve::Soft, BaseCurve::Linear][dice.below(3) as usize];
    for amount in [
        &mut recipe.tone.contrast,
        &mut recipe.tone.highlights,
        &mut recipe.tone.shadows,
        &mut recipe.tone.black,
        &mut recipe.colour.saturation,
        &mut recipe.colour.vibrance,
    ] {
        *amount = if dice.one_in(2) { dice.between(-100.0, 100.0) } else { 0.0 };
    }
    if dice.one_in(2) {
        let (x, y) = (dice.between(0.0, 0.5), dice.between(0.0, 0.5));
        recipe.geometry.crop =
            Some(Crop { x, y, width: dice.between(0.2, 0.95 - x), height: dice.between(0.2, 0.95 - y) });
    }
    if dice.one_in(2) {
        recipe.geometry.straighten_deg = dice.between(-45.0, 45.0) * dice.between(0.0, 1.0);
    }
    recipe.denoise.auto = dice.one_in(2);
    if dice.one_in(2) {
        (recipe.denoise.luminance, recipe.denoise.colour) = (dice.between(0.0, 80.0), dice.between(0.0, 100.0));
    }
    recipe.sharpen.amount = if dice.one_in(3) { 0.0 } else { dice.between(0.0, 100.0) };
    recipe.sharpen.radius_px = dice.between(0.4, 3.0);
    recipe
}

fn settled(dice: &mut Dice) -> Settled {
    Settled {
        ev: dice.between(-1.0, 1.5),
        curve: dice.one_in(2).then(Base::soft),
        chroma: dice.between(0.8, 1.3),
        balance: Some([dice.between(1.0, 2.5), 1.0, dice.between(1.0, 2.5)]),
        camera_ev: 0.0,
    }
}
