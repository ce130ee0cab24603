//! How a picture is put together: background, stalls, people and what hangs before the lens, each a layer with its own
//! light and its own softness.

use crate::backdrop;
use crate::brush::{Fill, Sheet, block};
use crate::colour::Ink;
use crate::finish::{self, Film};
use crate::goods::Goods;
use crate::light::{Lamp, illuminate};
use crate::lights::{self, Cord};
use crate::mood::{self, Mood};
use crate::people::{FEET, Gesture, Person, Pose, Prop, Top};
use crate::rng::Rng;
use crate::stall::{self, COUNTER, Stall};

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
        Framing::Booth => curtain(sheet, &scene, &mut Rng::new(seed, 3)),
        Framing::Still => table(sheet, &scene, &mut Rng::new(seed, 3)),
        _ => stalls(sheet, &scene, &mut Rng::new(seed, 3)),
    }
    if scene.framing != Framing::Still {
        people(sheet, &mut scene, &mut Rng::new(seed, 4));
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
        let mut add = |x: f32, y: f32, size: f32| {
            let stall = Stall::beside(&self.stalls, x + rng.range(-30.0, 30.0) * size, y, size, rng);
            self.stalls.push(stall);
        };
        match (self.framing, self.tall) {
            (Framing::Wide, false) => [0.13, 0.56, 0.99].iter().for_each(|x| add(w * x, h * 0.83, 0.94)),
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
        Wide, Wide, Wide, Full, Full, Full, Half, Half, Half, Half, Half, Close, Close, Close, Counter, Counter,
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

fn stalls(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let mut layer = sheet.layer();
    for stall in &scene.stalls {
        stall.draw_back(&mut layer, &scene.mood);
        let vendors = if scene.framing == Framing::Counter { 1 + rng.below(2) } else { usize::from(rng.chance(0.75)) };
        for n in 0..vendors {
            let dx = if vendors == 2 { [-105.0, 105.0][n] } else { rng.range(-50.0, 10.0) };
            vendor(&mut layer, scene, stall, dx, rng);
        }
        stall.draw_front(&mut layer, &scene.mood);
    }
    if matches!(scene.framing, Framing::Wide | Framing::Full | Framing::Half) {
        bystanders(&mut layer, scene, rng);
    }
    illuminate(&mut layer, &scene.mood, &scene.lamps);
    overhead(&mut layer, scene, rng);
    finish::blur(&mut layer.pixmap, scene.softness() * sheet.scale);
    sheet.lay(&layer);
    if scene.framing == Framing::Close {
        lights::bokeh(sheet, &scene.mood, sheet.height * 0.7, (30.0, 74.0), 16, rng);
    }
}

/// Others who have come tonight, a little further away than the people of the picture.
fn bystanders(layer: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let (feet, size) = match (scene.framing, scene.tall) {
        (Framing::Wide, _) => (0.865, 0.62),
        (_, false) => (0.90, 0.78),
        (_, true) => (0.88, 0.84),
    };
    for _ in 0..2 + rng.below(3) {
        let person = Person::new(rng);
        let mut moment = scene.moment.clone();
        let pose = Pose::new(rng, &mut moment, scene.light);
        let x = layer.width * (0.5 + rng.side() * rng.range(0.16, 0.48));
        let feet = layer.height * (feet + rng.range(0.0, 0.02));
        person.draw(layer, &pose, (x, feet - FEET * size * person.stature()), size);
    }
}

fn vendor(layer: &mut Sheet, scene: &Scene, stall: &Stall, dx: f32, rng: &mut Rng) {
    let mut person = Person::new(rng);
    person.child = false;
    person.top = Top::Apron;
    let mut moment = scene.moment.clone();
    let mut pose = Pose::new(rng, &mut moment, scene.light);
    (pose.left, pose.right, pose.prop) = (Gesture::down(), Gesture::hold(), Prop::None);
    let size = 0.86 * stall.size;
    let head = (stall.x + dx * stall.size, stall.y - (COUNTER + 146.0) * stall.size);
    person.draw(layer, &pose, head, size);
}

/// Bulbs, lanterns and flags over everything.
fn overhead(layer: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let mood = &scene.mood;
    let festive = [mood.lamp, Ink::hex(0xFF_8F7A), Ink::hex(0x9F_E0D0), Ink::hex(0xFF_D98A), Ink::hex(0xFF_A9C0)];
    let colours = if rng.chance(0.3) { &festive[..] } else { &festive[..1] };
    let inks =
        [Ink::hex(0xD9_4A3D), Ink::hex(0xF2_B03D), Ink::hex(0x2E_8B85), Ink::hex(0xF7_E7CE), Ink::hex(0xC8_4F74)];
    for (n, cord) in scene.cords.iter().enumerate() {
        match rng.below(4) {
            0 if n > 0 => lights::bunting(layer, mood, *cord, 0.9, &inks),
            1 if n > 0 => {
                let ink =
                    rng.pick(&[Ink::hex(0xF0_5A3C), Ink::hex(0xF4_A23A), Ink::hex(0xF2_7A88), Ink::hex(0xFF_E0A0)]);
                lights::bulbs(layer, mood, Cord { sag: cord.sag * 0.98, ..*cord }, 0.5, &festive[..1]);
                for k in 0..6 {
                    let at = cord.at((k as f32 + 0.5) / 6.0);
                    lights::lantern(layer, mood, at, rng.range(0.8, 1.25), ink, k % 2 == 0);
                }
            }
            _ => lights::bulbs(layer, mood, *cord, 1.0, colours),
        }
    }
}

/// A cloth on a stand with lights along its top: where guests have their picture taken.
fn curtain(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    let cloth = mood::stall_cloth(rng);
    let mut layer = sheet.layer();
    let (w, h) = (sheet.width, sheet.height);
    let (left, right, top) = (w * 0.06, w * 0.94, h * 0.10);
    let ink = if rng.chance(0.5) { cloth.accent } else { cloth.strong.shaded(0.1) };
    layer.fill(&block(left, top, right - left, h), Fill::Slope((0.0, top), ink.lit(0.12), (0.0, h), ink.shaded(0.4)));
    let folds = 16;
    for n in 0..folds {
        let x = left + (n as f32 + rng.range(0.2, 0.8)) * (right - left) / folds as f32;
        let fold = |dx: f32| {
            [(x + dx, top + 10.0), (x + dx + rng_wave(n) * 8.0, h * 0.5), (x + dx - rng_wave(n) * 6.0, h + 20.0)]
        };
        layer.curve(&fold(0.0), 20.0, Fill::Clear(ink.shaded(0.65), 0.20));
        layer.curve(&fold(22.0), 13.0, Fill::Clear(ink.lit(0.5), 0.13));
    }
    if rng.chance(0.6) {
        for n in 0..42 {
            let (x, y) = (rng.range(left + 20.0, right - 20.0), rng.range(top + 40.0, h));
            let confetti = [cloth.pale, Ink::hex(0xF6_C65A), cloth.strong.lit(0.3)][n % 3];
            layer.oval(x, y, 5.0, 5.0, Fill::Clear(confetti, 0.7));
        }
    }
    layer.rounded(left - 30.0, top - 9.0, right - left + 60.0, 15.0, 7.0, Fill::Flat(Ink::hex(0xA8_7A4E)));
    let mut lamps = scene.lamps.clone();
    lamps.push(Lamp { x: w * 0.5, y: h * 0.36, reach: 950.0, strength: 0.85 });
    illuminate(&mut layer, &scene.mood, &lamps);
    finish::blur(&mut layer.pixmap, 2.2 * sheet.scale);
    let cord = Cord { from: (left, top), to: (right, top), sag: h * 0.09 };
    let inks = [cloth.pale, cloth.strong, Ink::hex(0xF6_C65A), cloth.accent.lit(0.25)];
    lights::bunting(&mut layer, &scene.mood, cord, 1.3, &inks);
    lights::bulbs(&mut layer, &scene.mood, Cord { sag: h * 0.05, ..cord }, 1.1, &[scene.mood.lamp]);
    sheet.lay(&layer);
}

/// A slow wave that makes folds irregular.
fn rng_wave(n: usize) -> f32 {
    (n as f32 * 2.4).sin()
}

/// Goods on a table, near; a stall behind them, far out of focus.
fn table(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
    stalls(sheet, scene, rng);
    lights::bokeh(sheet, &scene.mood, sheet.height * 0.75, (26.0, 70.0), 22, rng);
    let mut layer = sheet.layer();
    let (w, h) = (sheet.width, sheet.height);
    let edge = h * 0.83;
    let wood = Ink::hex(0x9A_6540);
    layer.block(0.0, edge - 70.0, w, h, Fill::Slope((0.0, edge - 70.0), wood.lit(0.25), (0.0, h), wood.shaded(0.55)));
    for n in 0..4 {
        let y = edge - 50.0 + n as f32 * n as f32 * 24.0;
        layer.line(&[(0.0, y), (w, y + 3.0)], 2.0 + n as f32, Fill::Clear(wood.shaded(0.6), 0.5));
    }
    let size = if scene.tall { 3.1 } else { 2.9 };
    let main = Goods::choose(rng);
    let mut steam_at = Vec::new();
    for (row, y) in [(0, edge - 20.0), (1, h * 0.985)] {
        let mut x = rng.range(-200.0, -60.0);
        while x < w {
            let goods = if rng.chance(0.7) { main } else { Goods::choose(rng) };
            let near = if row == 0 { 0.82 } else { 1.0 };
            if row == 0 || rng.chance(0.75) {
                layer.oval(
                    x + 54.0 * size * near,
                    y,
                    66.0 * size * near,
                    9.0 * size,
                    Fill::Clear(Ink::hex(0x1A_0C14), 0.35),
                );
                layer.placed(x, y, 0.0, size * near, |s| goods.draw(s, rng));
                if goods.steams() {
                    steam_at.push((x + 54.0 * size * near, y - 70.0 * size));
                }
            }
            x += 128.0 * size * near;
        }
    }
    let mut lamps = scene.lamps.clone();
    lamps.push(Lamp { x: w * (0.5 + 0.2 * scene.light), y: h * 0.45, reach: 900.0, strength: 0.8 });
    illuminate(&mut layer, &scene.mood, &lamps);
    sheet.lay(&layer);
    for at in steam_at.into_iter().take(4) {
        lights::steam(sheet, at, 1.6, rng);
    }
}

/// Where a group stands and how large it is.
struct Group {
    count: usize,
    size: f32,
    spacing: f32,
    centre: f32,
    /// Height of an adult's head.
    head: f32,
}

fn group(sheet: &Sheet, scene: &Scene, rng: &mut Rng) -> Group {
    let (w, h) = (sheet.width, sheet.height);
    let few = |rng: &mut Rng, most: usize| 1 + rng.below(most);
    let (count, size, head) = match (scene.framing, scene.tall) {
        (Framing::Wide, false) => (2 + rng.below(3), 0.76, h * 0.945 - FEET * 0.76),
        (Framing::Wide, true) => (1 + rng.below(3), 0.84, h * 0.93 - FEET * 0.84),
        (Framing::Full, false) => (few(rng, 4), 1.14, h * 0.975 - FEET * 1.14),
        (Framing::Full, true) => (few(rng, 2), 1.72, h * 0.965 - FEET * 1.72),
        (Framing::Close, false) => (few(rng, 2), rng.range(2.7, 3.3), h * 0.47),
        (Framing::Close, true) => (few(rng, 2), rng.range(2.9, 3.5), h * 0.43),
        (Framing::Booth, false) => (2 + rng.below(3), 1.62, h * 0.44),
        (Framing::Booth, true) => (1 + rng.below(3), 1.85, h * 0.44),
        (Framing::Counter, false) => (rng.below(2), 1.5, h * 0.50),
        (Framing::Counter, true) => (rng.below(2), 1.6, h * 0.56),
        (_, false) => (few(rng, 4), rng.range(1.65, 2.0), h * 0.40),
        (_, true) => (few(rng, 3), rng.range(1.9, 2.3), h * 0.41),
    };
    // A group must fit between the edges.
    let room = w * if scene.framing == Framing::Close { 1.0 } else { 0.86 };
    let size = size.min(room / (count as f32 * 150.0 + 60.0) * 1.06);
    let shift = if scene.framing == Framing::Counter {
        // A guest stands at the side, so that the vendor stays in view.
        rng.side() * 0.33
    } else if count == 1 {
        rng.range(-0.14, 0.14)
    } else {
        rng.range(-0.05, 0.05)
    };
    Group { count, size, spacing: rng.range(148.0, 172.0) * size, centre: w * (0.5 + shift), head }
}

fn people(sheet: &mut Sheet, scene: &mut Scene, rng: &mut Rng) {
    let group = group(sheet, scene, rng);
    if group.count == 0 {
        return;
    }
    let mut layer = sheet.layer();
    let mut lamps = scene.lamps.clone();
    let standing = matches!(scene.framing, Framing::Wide | Framing::Full);
    let mut cast: Vec<Person> = Vec::new();
    for _ in 0..group.count {
        cast.push(Person::beside(&cast, rng));
    }
    if group.count == 1 || cast.iter().all(|person| person.child) {
        cast.iter_mut().take(1).for_each(|person| person.child = false);
    }
    let mut spots = Vec::new();
    for (n, person) in cast.iter().enumerate() {
        let x = group.centre
            + (n as f32 - (group.count - 1) as f32 / 2.0) * group.spacing
            + scene.moment.range(-5.0, 5.0) * group.size;
        let drop = (1.0 - person.stature()) * if standing { FEET } else { 420.0 };
        let tall = if standing { rng.range(-6.0, 10.0) } else { rng.range(-22.0, 26.0) };
        let y = group.head + (drop + tall) * group.size + scene.moment.range(-2.0, 2.0);
        let mut pose = Pose::new(rng, &mut scene.moment, scene.light);
        if n + 1 < group.count && pose.prop == Prop::None {
            let grown = !person.child && cast.get(n + 1).is_some_and(|next| !next.child);
            pose.right = if grown && rng.chance(0.7) { Gesture::behind() } else { Gesture::down() };
        }
        if n > 0 {
            pose.left = Gesture::down();
        }
        spots.push((x, y, pose));
    }
    let order = drawing_order(&cast);
    for n in order {
        let (x, y, pose) = &spots[n];
        let size = group.size;
        cast[n].draw(&mut layer, pose, (*x, *y), size);
        let reach = 300.0 * size;
        lamps.push(Lamp { x: x + scene.light * 60.0 * size, y: y - 10.0 * size, reach, strength: 0.44 });
        lamps.push(Lamp { x: *x, y: y + 180.0 * size, reach: reach * 1.2, strength: 0.22 });
    }
    illuminate(&mut layer, &scene.mood, &lamps);
    sheet.lay(&layer);
}

/// Adults from left to right, then children, who stand in front.
fn drawing_order(cast: &[Person]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cast.len()).collect();
    order.sort_by_key(|n| cast[*n].child);
    order
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
