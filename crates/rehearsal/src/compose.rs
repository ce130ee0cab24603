//! How a picture is put together: background, stalls, people and what hangs before the lens, each a layer with its own
//! light and its own softness.

mod cast;
mod row;
mod set;

use crate::brush::{Fill, Sheet};
use crate::colour::Ink;
use crate::finish::Film;
use crate::light::{Lamp, illuminate};
use crate::lights::{self, Cord};
use crate::mood::{self, Mood};
use crate::rng::Rng;
use crate::stall::{self, Stall};
use crate::{backdrop, finish};

/// How much of the people is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    /// Two or three stalls, people small before them.
    Wide,
    /// People from head to foot.
    Full,
    /// From the waist up.
    Half,
    /// Faces.
    Close,
    /// A vendor behind the counter.
    Counter,
    /// A group before a cloth: the booth itself.
    Booth,
    /// Goods without people.
    Still,
}

/// Everything that the layers share.
struct Scene {
    framing: Framing,
    mood: Mood,
    tall: bool,
    horizon: f32,
    stalls: Vec<Stall>,
    cords: Vec<Cord>,
    lamps: Vec<Lamp>,
    /// -1 or 1: where the main light stands.
    light: f32,
    moment: Rng,
}

/// Paints the scene of `seed` as it is at `moment`.
pub(crate) fn paint(sheet: &mut Sheet, seed: u64, moment: u32) {
    let mut rng = Rng::new(seed, 1);
    let mut scene = Scene::plan(sheet, &mut rng);
    scene.moment = Rng::new(seed, 1000 + u64::from(moment));
    background(sheet, &scene, &mut Rng::new(seed, 2));
    match scene.framing {
        Framing::Booth => set::curtain(sheet, &scene, &mut Rng::new(seed, 3)),
        Framing::Still => set::table(sheet, &scene, &mut Rng::new(seed, 3)),
        _ => row::stalls(sheet, &scene, &mut Rng::new(seed, 3)),
    }
    if scene.framing != Framing::Still {
        cast::people(sheet, &mut scene, &mut Rng::new(seed, 4));
    }
    foreground(sheet, &scene, &mut Rng::new(seed, 5));
    let film = Film { bloom: 0.55 + 0.2 * scene.mood.dark, vignette: 0.34 + 0.14 * scene.mood.dark, split: 0.9 };
    let scale = sheet.scale;
    finish::develop(&mut sheet.pixmap, film, scale);
}

impl Scene {
    fn plan(sheet: &Sheet, rng: &mut Rng) -> Self {
        let tall = sheet.height > sheet.width;
        let mood = mood::choose(rng);
        let framing = if tall { tall_framing(rng) } else { wide_framing(rng) };
        let horizon = sheet.height * if tall { rng.range(0.50, 0.56) } else { rng.range(0.58, 0.64) };
        let mut scene = Self {
            framing,
            mood,
            tall,
            horizon,
            stalls: Vec::new(),
            cords: Vec::new(),
            lamps: Vec::new(),
            light: rng.side(),
            moment: rng.clone(),
        };
        scene.place_stalls(sheet, rng);
        scene.place_cords(sheet, rng);
        for stall in &scene.stalls {
            stall.lamps(&mut scene.lamps);
        }
        for cord in &scene.cords {
            lights::cord_lamps(*cord, 0.28, &mut scene.lamps);
        }
        scene
    }

    fn place_stalls(&mut self, sheet: &Sheet, rng: &mut Rng) {
        let (w, h) = (sheet.width, sheet.height);
        let slide = rng.range(-0.16, 0.16);
        let mut add = |x: f32, y: f32, size: f32| {
            let stall = Stall::beside(&self.stalls, x + rng.range(-30.0, 30.0) * size, y, size, rng);
            self.stalls.push(stall);
        };
        match (self.framing, self.tall) {
            (Framing::Wide, false) => [0.13, 0.56, 0.99].iter().for_each(|x| add(w * (x + slide), h * 0.83, 0.94)),
            (Framing::Wide, true) => [0.22, 0.86].iter().for_each(|x| add(w * x, h * 0.76, 0.92)),
            (Framing::Full, false) => [0.16, 0.82].iter().for_each(|x| add(w * x, h * 0.85, 1.24)),
            (Framing::Full, true) => add(w * 0.5, h * 0.84, 1.5),
            (Framing::Half, false) => [0.12, 0.86].iter().for_each(|x| add(w * x, h * 1.02, 1.6)),
            (Framing::Half, true) => add(w * 0.42, h * 0.93, 1.85),
            (Framing::Close, _) => add(w * 0.5 + self.light * w * 0.24, h * 1.12, if self.tall { 2.3 } else { 1.9 }),
            (Framing::Counter, false) => add(w * 0.5, h * 1.07, 1.7),
            (Framing::Counter, true) => add(w * 0.5, h * 0.985, 1.72),
            (Framing::Booth, _) => {}
            (Framing::Still, _) => add(w * 0.5, h * 0.98, 1.6),
        }
    }

    fn place_cords(&mut self, sheet: &Sheet, rng: &mut Rng) {
        let (w, h) = (sheet.width, sheet.height);
        let count = 2 + rng.below(2);
        for n in 0..count {
            let y = h * (0.02 + 0.075 * n as f32);
            self.cords.push(Cord {
                from: (-20.0, y + rng.range(-0.05, 0.08) * h),
                to: (w + 20.0, y + rng.range(-0.05, 0.08) * h),
                sag: rng.range(0.05, 0.13) * h,
            });
        }
    }

    /// How far things behind the people are out of focus, in units.
    fn softness(&self) -> f32 {
        match self.framing {
            Framing::Wide | Framing::Counter => 0.0,
            Framing::Full => 3.0,
            Framing::Half | Framing::Booth => 8.0,
            Framing::Close => 17.0,
            Framing::Still => 15.0,
        }
    }
}

fn wide_framing(rng: &mut Rng) -> Framing {
    use Framing::{Booth, Close, Counter, Full, Half, Still, Wide};
    rng.pick(&[
        Wide, Wide, Full, Full, Full, Half, Half, Half, Half, Half, Half, Close, Close, Close, Close, Counter, Counter,
        Counter, Booth, Booth, Still,
    ])
}

fn tall_framing(rng: &mut Rng) -> Framing {
    use Framing::{Booth, Close, Counter, Full, Half, Still, Wide};
    rng.pick(&[
        Wide, Full, Full, Full, Half, Half, Half, Half, Close, Close, Close, Counter, Counter, Booth, Booth, Still,
    ])
}

fn background(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let mood = &scene.mood;
    backdrop::paint(sheet, mood, scene.horizon, rng);
    let size = if scene.tall { 0.8 } else { 0.72 };
    let mut x = rng.range(-60.0, 60.0);
    while x < sheet.width + 100.0 {
        stall::far(sheet, mood, x, scene.horizon + 26.0, size * rng.range(0.85, 1.05), mood::stall_cloth(rng));
        x += rng.range(190.0, 270.0);
    }
    backdrop::crowd(sheet, mood, scene.horizon + 44.0, 0.62, 11, rng);
    backdrop::crowd(sheet, mood, scene.horizon + 80.0, 0.85, 6, rng);
    let far = Cord { from: (-20.0, scene.horizon - 300.0), to: (sheet.width + 20.0, scene.horizon - 270.0), sag: 70.0 };
    lights::bulbs(sheet, mood, far, 0.6, &[mood.lamp]);
    let softness = 2.2 + scene.softness() * 1.1;
    finish::blur(&mut sheet.pixmap, softness * sheet.scale);
    let discs = match scene.framing {
        Framing::Close | Framing::Still => Some(((24.0, 62.0), 46)),
        Framing::Half => Some(((12.0, 34.0), 34)),
        Framing::Booth | Framing::Full => Some(((7.0, 18.0), 22)),
        _ => None,
    };
    if let Some((size, count)) = discs {
        lights::bokeh(sheet, mood, scene.horizon * 1.05, size, count, rng);
    }
}

/// Something soft before the lens, now and then.
fn foreground(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let (w, h) = (sheet.width, sheet.height);
    let mood = &scene.mood;
    let mut layer = sheet.layer();
    let side = rng.side();
    let edge = w * (0.5 + 0.46 * side);
    match rng.below(5) {
        0 => {
            let ink = rng.pick(&[Ink::hex(0xF0_5A3C), Ink::hex(0xF4_A23A), Ink::hex(0xF2_7A88)]);
            lights::lantern(&mut layer, mood, (edge, h * rng.range(-0.04, 0.06)), 3.4, ink, true);
        }
        1 => {
            for _ in 0..9 {
                let (x, y) = (edge + rng.range(-120.0, 120.0), h * rng.range(0.78, 1.05));
                let leaf = Ink::hex(rng.pick(&[0x2F_5A44, 0x3A_6A4A, 0x24_4A44]));
                layer.placed(x, y, rng.range(-50.0, 50.0), 1.0, |s| s.oval(0.0, 0.0, 40.0, 120.0, Fill::Flat(leaf)));
            }
            illuminate(&mut layer, mood, &scene.lamps);
        }
        2 => {
            let cord = Cord { from: (-30.0, h * 0.02), to: (w + 30.0, h * -0.02), sag: h * 0.05 };
            lights::bulbs(&mut layer, mood, cord, 2.6, &[mood.lamp]);
        }
        _ => return,
    }
    finish::blur(&mut layer.pixmap, 15.0 * sheet.scale);
    sheet.lay(&layer);
}
