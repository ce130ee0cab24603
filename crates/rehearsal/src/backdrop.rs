//! What stands behind the stalls: sky and town, or the market hall; the ground; the crowd far away.

use crate::brush::{Fill, Sheet, blob, polygon};
use crate::colour::Ink;
use crate::mood::{Mood, Place};
use crate::rng::Rng;

/// Paints the whole background; `horizon` is where ground begins.
pub(crate) fn paint(sheet: &mut Sheet, mood: &Mood, horizon: f32, rng: &mut Rng) {
    match mood.place {
        Place::Square => {
            sky(sheet, mood, horizon, rng);
            town(sheet, mood, horizon, rng);
        }
        Place::Hall => hall(sheet, mood, horizon, rng),
    }
    ground(sheet, mood, horizon, rng);
}

fn sky(sheet: &mut Sheet, mood: &Mood, horizon: f32, rng: &mut Rng) {
    let (w, half) = (sheet.width, horizon * 0.5);
    sheet.block(0.0, 0.0, w, half + 1.0, Fill::Slope((0.0, 0.0), mood.sky[0], (0.0, half), mood.sky[1]));
    sheet.block(0.0, half, w, horizon, Fill::Slope((0.0, half), mood.sky[1], (0.0, horizon), mood.sky[2]));
    if mood.dark > 0.9 {
        for _ in 0..70 {
            let (x, y, r) = (rng.range(0.0, w), rng.range(0.0, half), rng.range(0.7, 2.0));
            sheet.oval(x, y, r, r, Fill::Clear(Ink::hex(0xFF_F4DC), rng.range(0.2, 0.8)));
        }
        if rng.chance(0.4) {
            let (x, y, r) = (rng.range(0.1, 0.9) * w, rng.range(0.12, 0.3) * horizon, rng.range(26.0, 40.0));
            sheet.glow(x, y, r * 6.0, Ink::hex(0xFF_EFC8), 0.4);
            sheet.oval(x, y, r, r, Fill::Flat(Ink::hex(0xFF_F2D4)));
            sheet.oval(
                x + r * 0.45,
                y - r * 0.2,
                r * 0.86,
                r * 0.86,
                Fill::Clear(mood.sky[0].mix(mood.sky[1], 0.3), 0.9),
            );
        }
    } else {
        for _ in 0..7 {
            cloud(sheet, mood, horizon, rng);
        }
        if mood.dark < 0.5 {
            let x = rng.range(0.15, 0.85) * w;
            sheet.glow(x, horizon * 0.86, 620.0, Ink::hex(0xFF_E6A8), 0.95);
            sheet.oval(x, horizon * 0.82, 46.0, 46.0, Fill::Clear(Ink::hex(0xFF_F7DA), 0.9));
        }
    }
}

fn cloud(sheet: &mut Sheet, mood: &Mood, horizon: f32, rng: &mut Rng) {
    let (x, y) = (rng.range(0.0, sheet.width), rng.range(0.08, 0.7) * horizon);
    let ink = mood.sky[2].lit(0.3);
    for _ in 0..4 {
        let (dx, dy) = (rng.range(-130.0, 130.0), rng.range(-8.0, 8.0));
        sheet.oval(x + dx, y + dy, rng.range(60.0, 150.0), rng.range(6.0, 15.0), Fill::Clear(ink, 0.16));
    }
}

fn town(sheet: &mut Sheet, mood: &Mood, horizon: f32, rng: &mut Rng) {
    let haze = mood.far.mix(mood.sky[2], 0.55);
    match rng.below(4) {
        0 => hills(sheet, haze, horizon - 120.0, rng),
        1 => wheel(sheet, mood, haze, horizon, rng),
        _ => roofs(sheet, mood, haze, horizon, (90.0, 230.0), rng),
    }
    let near = mood.far.mix(mood.sky[2], 0.15);
    if rng.chance(0.35) {
        trees(sheet, near, horizon, rng);
    } else {
        roofs(sheet, mood, near, horizon, (40.0, 170.0), rng);
    }
}

fn hills(sheet: &mut Sheet, ink: Ink, base: f32, rng: &mut Rng) {
    let mut points = vec![(-80.0, base + 400.0)];
    let mut x = -80.0;
    while x < sheet.width + 160.0 {
        points.push((x, base + rng.range(-70.0, 70.0)));
        x += 190.0;
    }
    points.push((sheet.width + 160.0, base + 400.0));
    sheet.fill(&blob(&points), Fill::Flat(ink));
}

fn trees(sheet: &mut Sheet, ink: Ink, horizon: f32, rng: &mut Rng) {
    let mut x = -40.0;
    while x < sheet.width + 60.0 {
        let (r, y) = (rng.range(40.0, 85.0), horizon - rng.range(60.0, 120.0));
        sheet.block(x - 5.0, y, 10.0, horizon - y + 10.0, Fill::Flat(ink.shaded(0.3)));
        for _ in 0..5 {
            let (dx, dy) = (rng.range(-0.5, 0.5) * r, rng.range(-0.5, 0.4) * r);
            sheet.oval(
                x + dx,
                y + dy,
                r * 0.6,
                r * 0.55,
                Fill::Flat(ink.mix(Ink::hex(0x1E_4A3E), rng.range(0.1, 0.4))),
            );
        }
        x += rng.range(60.0, 150.0);
    }
}

/// A row of houses with some lit windows.
fn roofs(sheet: &mut Sheet, mood: &Mood, ink: Ink, horizon: f32, height: (f32, f32), rng: &mut Rng) {
    let mut x = rng.range(-90.0, 0.0);
    while x < sheet.width {
        let (w, h) = (rng.range(75.0, 150.0), rng.range(height.0, height.1));
        let top = horizon - h;
        sheet.block(x, top, w, h + 20.0, Fill::Flat(ink));
        let roof = rng.range(25.0, 70.0);
        match rng.below(4) {
            0 => sheet.oval(x + w / 2.0, top, w * 0.42, roof * 0.8, Fill::Flat(ink)),
            1 => sheet.block(x + w * 0.1, top - 14.0, w * 0.2, 20.0, Fill::Flat(ink)),
            _ => {
                let peak = polygon(&[(x - 4.0, top + 1.0), (x + w / 2.0, top - roof), (x + w + 4.0, top + 1.0)]);
                sheet.fill(&peak, Fill::Flat(ink.shaded(0.12)));
            }
        }
        windows(sheet, mood, (x, top, w, h), rng);
        x += w + rng.range(-2.0, 14.0);
    }
}

fn windows(sheet: &mut Sheet, mood: &Mood, (x, top, w, h): (f32, f32, f32, f32), rng: &mut Rng) {
    let columns = ((w - 16.0) / 24.0) as usize;
    let rows = ((h - 20.0) / 32.0) as usize;
    for n in 0..(columns * rows).min(60) {
        if rng.chance(0.3 * mood.dark + 0.05) {
            let (column, row) = ((n % columns) as f32, (n / columns) as f32);
            let (wx, wy) = (x + 12.0 + column * 24.0, top + 16.0 + row * 32.0);
            sheet.rounded(wx, wy, 11.0, 17.0, 3.0, Fill::Clear(mood.lamp.lit(0.2), rng.range(0.45, 0.9)));
        }
    }
}

fn wheel(sheet: &mut Sheet, mood: &Mood, ink: Ink, horizon: f32, rng: &mut Rng) {
    let r = horizon * rng.range(0.26, 0.34);
    let (x, y) = (rng.range(0.2, 0.8) * sheet.width, horizon - r - 50.0);
    sheet.line(&[(x - r * 0.5, horizon + 20.0), (x, y), (x + r * 0.5, horizon + 20.0)], 7.0, Fill::Flat(ink));
    for ring in [1.0, 0.93] {
        let circle = crate::brush::oval(x, y, r * ring, r * ring);
        sheet.stroke(&circle, 3.5, Fill::Flat(ink));
    }
    let hue = rng.pick(&[Ink::hex(0xFF_B45E), Ink::hex(0xFF_7F8C), Ink::hex(0x8F_E0D8), Ink::hex(0xFF_DE8A)]);
    for n in 0..18 {
        let angle = n as f32 / 18.0 * std::f32::consts::TAU;
        let (px, py) = (x + r * angle.cos(), y + r * angle.sin());
        sheet.line(&[(x, y), (px, py)], 1.6, Fill::Clear(ink, 0.9));
        sheet.oval(px, py + 9.0, 9.0, 8.0, Fill::Flat(ink.mix(hue, 0.45)));
        sheet.glow(px, py, 34.0, hue.mix(mood.lamp, 0.3), 0.35 + 0.5 * mood.dark);
        sheet.oval(px, py, 3.0, 3.0, Fill::Flat(hue.lit(0.5)));
    }
}

/// A market hall: a warm wall, tall round windows, iron beams and hanging lamps.
fn hall(sheet: &mut Sheet, mood: &Mood, horizon: f32, rng: &mut Rng) {
    let w = sheet.width;
    sheet.block(0.0, 0.0, w, horizon + 40.0, Fill::Slope((0.0, 0.0), mood.sky[0], (0.0, horizon), mood.sky[2]));
    let pane = rng.pick(&[Ink::hex(0x8F_B6C8), Ink::hex(0xF2_BE8C), Ink::hex(0x4E_6C9A)]);
    let step = rng.range(290.0, 380.0);
    let mut x = rng.range(-200.0, -60.0);
    while x < w {
        arch(sheet, mood, (x + 40.0, horizon * 0.2, step - 110.0, horizon * 0.72), pane);
        let pillar = Fill::Slope((x - 22.0, 0.0), mood.far.lit(0.14), (x + 22.0, 0.0), mood.far);
        sheet.block(x - 22.0, 0.0, 26.0, horizon + 30.0, pillar);
        x += step;
    }
    for n in 0..9 {
        let (from, to) = ((n as f32 - 2.0) * w / 5.0, (n as f32 - 1.0) * w / 5.0);
        sheet.curve(&[(from, 0.0), (f32::midpoint(from, to), horizon * 0.13), (to, 0.0)], 7.0, Fill::Flat(mood.far));
    }
    sheet.block(0.0, 0.0, w, 16.0, Fill::Flat(mood.far));
}

fn arch(sheet: &mut Sheet, mood: &Mood, (x, y, w, h): (f32, f32, f32, f32), pane: Ink) {
    let frame = mood.far.lit(0.05);
    let shape = |grow: f32| {
        let r = w / 2.0 + grow;
        let cx = x + w / 2.0;
        let mut points: Vec<(f32, f32)> = (0..=16)
            .map(|n| std::f32::consts::PI * (1.0 + n as f32 / 16.0))
            .map(|angle| (cx + r * angle.cos(), y + w / 2.0 + r * angle.sin()))
            .collect();
        points.extend([(cx + r, y + h + grow), (cx - r, y + h + grow)]);
        polygon(&points)
    };
    sheet.fill(&shape(10.0), Fill::Flat(frame));
    sheet.fill(&shape(0.0), Fill::Slope((0.0, y), pane.lit(0.35), (0.0, y + h), pane.shaded(0.25)));
    for n in 1..4 {
        let px = x + w * n as f32 / 4.0;
        sheet.line(&[(px, y + 4.0), (px, y + h)], 4.0, Fill::Flat(frame));
    }
    for n in 1..5 {
        let py = y + h * n as f32 / 5.0;
        sheet.line(&[(x, py), (x + w, py)], 4.0, Fill::Flat(frame));
    }
}

/// Paving in perspective with pools of light.
fn ground(sheet: &mut Sheet, mood: &Mood, horizon: f32, rng: &mut Rng) {
    let (w, h) = (sheet.width, sheet.height);
    sheet.block(
        0.0,
        horizon,
        w,
        h - horizon + 1.0,
        Fill::Slope((0.0, horizon), mood.ground[0], (0.0, h), mood.ground[1]),
    );
    let vanish = (w / 2.0 + rng.range(-150.0, 150.0), horizon - 160.0);
    let joint = mood.ground[1].shaded(0.35);
    let mut y = horizon + 8.0;
    let mut step = 9.0;
    while y < h {
        sheet.line(&[(0.0, y), (w, y)], step * 0.05, Fill::Clear(joint, 0.55));
        let depth = (y - vanish.1) / (h - vanish.1);
        let stone = 150.0 * depth;
        let mut x = vanish.0 + rng.range(-1.0, 0.0) * stone - (vanish.0 / stone).ceil() * stone;
        while x < w {
            if rng.chance(0.5) {
                let fill = Fill::Clear(if rng.chance(0.5) { mood.lamp } else { joint }, rng.range(0.02, 0.10));
                sheet.rounded(x + 1.0, y + 1.0, stone - 2.0, step - 2.0, step * 0.2, fill);
            }
            x += stone;
        }
        y += step;
        step *= 1.22;
    }
    for _ in 0..14 {
        // Lamps mirrored in stone that was wet an hour ago: long, soft, upright.
        let (x, y) = (rng.range(0.0, w), horizon + (h - horizon) * rng.unit().powi(2));
        let ink = mood.lamp.mix(Ink::hex(rng.pick(&[0xFF_7A5A, 0xFF_D9A0, 0x8F_D8D0, 0xFF_9AB0])), 0.35);
        sheet.stretched(x, y, (0.35, 1.5), |s| s.glow(0.0, 0.0, 150.0, ink, 0.34 * mood.dark + 0.03));
    }
}

/// People far away, as the eye sees them at night: heads and coats.
pub(crate) fn crowd(sheet: &mut Sheet, mood: &Mood, feet: f32, scale: f32, count: usize, rng: &mut Rng) {
    for _ in 0..count {
        let (x, s) = (rng.range(0.0, sheet.width), scale * rng.range(0.85, 1.1));
        let coat = rng.pick(&[0x3A_3F66, 0x6B_3A4E, 0x2F_5A5C, 0x7A_5A3C, 0x4A_4A5A, 0x8A_4A3A]);
        let coat = Ink::hex(coat).mix(mood.far, 0.35);
        let skin = Ink::hex(rng.pick(&[0xC9_8F6B, 0x8A_5A3E, 0xE0_AE8A])).mix(mood.far, 0.25);
        let walk = rng.range(-6.0, 6.0);
        sheet.placed(x, feet + rng.range(-6.0, 8.0), 0.0, s, |sheet| {
            let legs = Fill::Flat(coat.shaded(0.5));
            sheet.line(&[(-9.0, -70.0), (-11.0 - walk, 0.0)], 15.0, legs);
            sheet.line(&[(9.0, -70.0), (11.0 + walk, 0.0)], 15.0, legs);
            let body = [(-24.0, -140.0), (0.0, -152.0), (24.0, -140.0), (28.0, -60.0), (0.0, -52.0), (-28.0, -60.0)];
            sheet.fill(&blob(&body), Fill::Flat(coat));
            sheet.oval(0.0, -172.0, 17.0, 20.0, Fill::Flat(skin));
            sheet.oval(0.0, -180.0, 19.0, 15.0, Fill::Flat(coat.shaded(0.6)));
        });
    }
}
