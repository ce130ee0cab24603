//! The people whom the picture is about: how many, where, how large.

use super::{Framing, Scene};
use crate::brush::Sheet;
use crate::light::{Lamp, illuminate};
use crate::people::{FEET, Gesture, Person, Pose, Prop};
use crate::rng::Rng;

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

/// Draws them in the light of the scene.
pub(super) fn people(sheet: &mut Sheet, scene: &mut Scene, rng: &mut Rng) {
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
        lamps.push(Lamp { x: x + scene.light * 60.0 * size, y: y - 10.0 * size, reach, strength: 0.54 });
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
