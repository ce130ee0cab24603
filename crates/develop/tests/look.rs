//! A developed picture takes the place of the camera's own: same brightness, same place, and the same again tomorrow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // figures are printed, for who asks

mod support;

use develop::{
    Darkroom, Developer, DeviceChoice, Picture, Size, Wanted,
    recipe::{BaseCurve, Border, Corner, Crop, Exposure, Geometry, Recipe, Watermark, WhiteBalance},
    worker::Caps,
};
use model::Rung;
use support::{Pixels, pool, sample, spec};

fn developer() -> Developer {
    Developer::new(pool(1, Caps::default(), &[]), Darkroom::new(DeviceChoice::Cpu))
}

fn wanted(recipe: Recipe) -> Wanted {
    Wanted::Recipe(Box::new(recipe), Box::default())
}

fn luma(picture: &Picture) -> Vec<f64> {
    let of = |rgb: &[u8]| 0.2126 * f64::from(rgb[0]) + 0.7152 * f64::from(rgb[1]) + 0.0722 * f64::from(rgb[2]);
    picture.rgb.chunks_exact(3).map(of).collect()
}

/// How far `b` is shifted against `a`, px, by the gradients of `a` (Lucas and Kanade, 1981): sub-pixel, for small shifts.
fn shift(a: &[f64], b: &[f64], width: usize, height: usize) -> (f64, f64) {
    let (mut xx, mut xy, mut yy, mut xd, mut yd) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            let (gx, gy) = ((a[at + 1] - a[at - 1]) / 2.0, (a[at + width] - a[at - width]) / 2.0);
            let difference = b[at] - a[at];
            (xx, xy, yy) = (xx + gx * gx, xy + gx * gy, yy + gy * gy);
            (xd, yd) = (xd + gx * difference, yd + gy * difference);
        }
    }
    let determinant = xx * yy - xy * xy;
    (-(yy * xd - xy * yd) / determinant, -(xx * yd - xy * xd) / determinant)
}

#[tokio::test]
async fn nothing_jumps_when_it_takes_the_cameras_place() {
    let developer = developer();
    let pool = pool(1, Caps::default(), &[]);
    for name in ["_DSC2164.ARW", "test_raw.cr2"] {
        let path = sample(name);
        let mut large = None;
        pool.render(&path, &spec(&[Rung::Large]), |rendered| large = Some(rendered.jpeg)).await.unwrap();
        let camera = Pixels::from_jpeg(&large.unwrap());
        let camera = Picture { rgb: camera.rgb, width_px: camera.width as u32, height_px: camera.height as u32 };
        let (ours, _) = developer.picture(&path, wanted(Recipe::default()), Size::LongEdge(800)).await.unwrap();
        let camera = support::shrunk_in_linear_light(&camera, ours.width_px, ours.height_px);
        let (a, b) = (luma(&camera), luma(&ours));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let mut differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).collect();
        differences.sort_by(f64::total_cmp);
        let moved = shift(&a, &b, ours.width_px as usize, ours.height_px as usize);
        let (jump, median) = (mean(&b) - mean(&a), differences[differences.len() / 2]);
        println!("{name}: brighter by {jump:.2}, median difference {median:.2}, shifted by {moved:.3?} px of 800");
        assert!(jump.abs() < 5.0 && median < 8.0, "{name}: {jump:.2} {median:.2}");
        assert!(moved.0.abs() < 0.5 && moved.1.abs() < 0.5, "{name}: {moved:?}");
    }
}

#[tokio::test]
async fn every_part_of_a_recipe_does_what_it_says() {
    let developer = developer();
    let path = sample("tinydng_colorchart.dng");
    let picture = async |recipe: Recipe| developer.picture(&path, wanted(recipe), Size::LongEdge(300)).await.unwrap().0;
    let plain = Recipe { sharpen: develop::recipe::Sharpen { amount: 0.0, radius_px: 0.7 }, ..Recipe::default() };
    let base = picture(plain.clone()).await;
    let mean = |picture: &Picture, colour: usize| {
        picture.rgb.iter().skip(colour).step_by(3).map(|value| f64::from(*value)).sum::<f64>() * 3.0
            / picture.rgb.len() as f64
    };
    assert_eq!(base, picture(plain.clone()).await, "the same again, to the last bit");
    let changed = |change: &dyn Fn(&mut Recipe)| {
        let mut recipe = plain.clone();
        change(&mut recipe);
        recipe
    };
    let brighter = picture(changed(&|r| r.exposure = Exposure { auto: true, ev: 1.0 })).await;
    assert!(mean(&brighter, 1) > mean(&base, 1) + 20.0);
    let warm = picture(changed(&|r| r.white_balance = WhiteBalance::Kelvin { temperature_k: 9000.0, tint: 0.0 })).await;
    let cold = picture(changed(&|r| r.white_balance = WhiteBalance::Kelvin { temperature_k: 3000.0, tint: 0.0 })).await;
    assert!(mean(&warm, 0) - mean(&warm, 2) > mean(&cold, 0) - mean(&cold, 2) + 30.0);
    let grey = picture(changed(&|r| r.colour.saturation = -100.0)).await;
    assert!(grey.rgb.chunks_exact(3).all(|rgb| rgb[0].abs_diff(rgb[1]) <= 2 && rgb[1].abs_diff(rgb[2]) <= 2));
    for change in [
        (&|r: &mut Recipe| r.tone.contrast = 60.0) as &dyn Fn(&mut Recipe),
        &|r| r.tone.highlights = -80.0,
        &|r| r.tone.shadows = 80.0,
        &|r| r.tone.black = -60.0,
        &|r| r.tone.base = BaseCurve::Linear,
        &|r| r.colour.vibrance = 70.0,
        &|r| r.denoise.colour = 80.0,
        &|r| r.sharpen.amount = 90.0,
        &|r| r.geometry.straighten_deg = 4.0,
        &|r| {
            r.watermark =
                Some(Watermark { text: "©".into(), corner: Corner::TopLeft, size_percent: 10.0, opacity: 80.0 });
        },
    ] {
        let recipe = changed(&|r| change(r));
        assert_ne!(recipe.hash(), plain.hash());
        let other = picture(recipe.clone()).await;
        assert!(other != base, "{recipe:?}");
    }
    let crop = Crop { x: 0.5, y: 0.0, width: 0.5, height: 1.0 };
    let half = picture(changed(&|r| r.geometry = Geometry { crop: Some(crop), straighten_deg: 0.0 })).await;
    assert_eq!((half.width_px, half.height_px), (225, 300));
    let border = Border { width_percent: 10.0, foot_percent: 0.0, colour: [255, 255, 255] };
    let framed = picture(changed(&|r| r.frame = Some(border))).await;
    assert!(framed.width_px <= 300 && framed.width_px > 290 && framed.rgb[..3] == [255; 3]);
}

#[tokio::test]
async fn a_session_shows_what_the_development_makes() {
    let developer = developer();
    let path = sample("test_raw.cr2");
    let session = developer.session(&path, None, 1000).await.unwrap();
    let shown = session.picture(&Recipe::default(), 600).unwrap();
    assert_eq!((shown.width_px, shown.height_px), (600, 450));
    let pixels = shown.width_px * shown.height_px;
    assert!(shown.histogram.iter().all(|counts| counts.iter().sum::<u32>() == pixels));
    let (kelvin, tint) = session.as_shot().unwrap();
    assert!((3000.0..9000.0).contains(&kelvin) && tint.abs() < 60.0, "{kelvin} {tint}");
    let (red, blue) = session.grey_at(0.5, 0.2, &Recipe::default()).unwrap();
    let grey = Recipe { white_balance: WhiteBalance::Grey { red, blue }, ..Recipe::default() };
    let picked = Pixels::from_jpeg(&session.picture(&grey, 600).unwrap().jpeg);
    let at = ((450 / 5) * 600 + 300) * 3;
    let [r, g, b] = [picked.rgb[at], picked.rgb[at + 1], picked.rgb[at + 2]];
    assert!(r.abs_diff(g) < 14 && g.abs_diff(b) < 14, "the sky was picked as grey and is {r} {g} {b}");
    let mut proofs = Vec::new();
    let spec = spec(&[Rung::Screen, Rung::Thumb, Rung::Large]);
    let report = developer.develop(&path, &Recipe::default(), None, &spec, |one| proofs.push(one)).await.unwrap();
    assert_eq!(proofs.len(), 3);
    assert!(report.settled.ev.is_finite() && proofs.iter().any(|proof| proof.thumbhash.is_some()));
}
