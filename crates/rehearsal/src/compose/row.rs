//! The row of stalls behind the people: vendors, others who have come, and what hangs above.

use super::{Framing, Scene};
use crate::brush::Sheet;
use crate::colour::Ink;
use crate::finish;
use crate::light::illuminate;
use crate::lights::{self, Cord};
use crate::people::{FEET, Gesture, Person, Pose, Prop, Top};
use crate::rng::Rng;
use crate::stall::{COUNTER, Stall};

/// The stalls with their own light, as soft as the framing asks.
pub(super) fn stalls(sheet: &mut Sheet, scene: &Scene, rng: &mut Rng) {
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
