//! CPU and GPU agree.

use std::sync::Arc;

use super::{
    agreement::Agreement,
    drawn::{Case, case},
    engine, small_engine,
};
use crate::{
    auto, cpu,
    geometry::Size,
    gpu::{bands::bands, engine::Engine, error::GpuError},
    jpeg::Picture,
    output::OutputSpace,
    plan::Plan,
    recipe::Recipe,
    settled::Settled,
};

/// Cases by dice. Each layout and orientation meets each other at least once.
const CASES: u32 = 64;

pub fn on_cpu(case: &Case) -> Picture {
    let mut planes = cpu::prepare(&case.raw(), &case.plan);
    cpu::colours(&mut planes, &case.plan, false);
    cpu::to_picture(&planes, &case.plan)
}

/// Compares one case; how many bands it took, none where the GPU leaves it to the CPU.
fn compare(engine: &Arc<Engine>, case: &Case) -> Option<(usize, Agreement)> {
    let expected = on_cpu(case);
    let made = match engine.develop(&case.raw(), &case.plan) {
        Err(GpuError::Unsupported { .. }) => return None,
        made => made.unwrap_or_else(|error| panic!("{error}: {}", case.told)).0,
    };
    assert_eq!((made.width_px, made.height_px), (expected.width_px, expected.height_px), "{}", case.told);
    let found = Agreement::new(&expected.rgb, &made.rgb, expected.width_px as usize);
    assert!(found.holds(), "{found:?}: {}", case.told);
    Some((bands(&case.plan, engine.device.limits).unwrap().len(), found))
}

#[test]
fn random_recipes_on_every_layout_and_orientation_agree() {
    let engine = engine();
    let (mut worst, mut made, mut smooth) = (Agreement::default(), 0, 0.0);
    for number in 0..CASES {
        let Some((bands, found)) = compare(&engine, &case(number)) else { continue };
        assert_eq!(bands, 1);
        made += 1;
        smooth += found.smooth;
        worst.mean = worst.mean.max(found.mean);
        worst.max = worst.max.max(found.max);
        worst.max_outside_edges = worst.max_outside_edges.max(found.max_outside_edges);
    }
    // Superpixels alone are left to the CPU, and the cases are not all edges.
    assert!(made >= CASES * 7 / 8 && smooth > f64::from(made) * 0.4, "{made} cases, {smooth} smooth");
    println!("{made} cases, worst {worst:?}, smooth {:.2}", smooth / f64::from(made));
}

#[test]
fn pictures_that_are_cut_into_bands_agree() {
    let engine = small_engine();
    let (mut cut, mut most) = (0, 0);
    for number in (0..CASES).step_by(2).chain([7, 15, 23]) {
        let Some((bands, _)) = compare(&engine, &case(number)) else { continue };
        cut += u32::from(bands > 1);
        most = most.max(bands);
    }
    assert!(cut >= 8 && most >= 4, "{cut} pictures in bands, {most} at most");
}

#[test]
fn colours_that_stay_on_the_device_come_to_the_same() {
    let engine = engine();
    for number in [0, 4, 5, 9, 12, 18, 27] {
        let case = case(number);
        let kept = match engine.keep(&case.raw(), &case.plan) {
            Err(GpuError::Unsupported { .. }) => continue,
            kept => kept.unwrap(),
        };
        let planes = cpu::prepare(&case.raw(), &case.plan);
        let small = auto::small(&planes);
        assert_eq!((kept.look.width, kept.look.height), (small.width, small.height));
        for (found, expected) in kept.look.rgb.iter().flatten().zip(small.rgb.iter().flatten()) {
            assert!((found - expected).abs() < 1e-4, "{found} {expected}: {}", case.told);
        }
        let expected = on_cpu(&case);
        for _ in 0..2 {
            let (made, _) = kept.finish(&case.plan).unwrap();
            let found = Agreement::new(&expected.rgb, &made.rgb, expected.width_px as usize);
            assert!(found.holds(), "{found:?}: {}", case.told);
        }
    }
}

#[test]
fn frames_under_way_together_keep_apart() {
    let engine = engine();
    let cases: Vec<Case> = [0, 1, 4, 5, 6, 8, 13].into_iter().map(case).collect();
    let expected: Vec<Picture> = cases.iter().map(|case| engine.develop(&case.raw(), &case.plan).unwrap().0).collect();
    // Always two ahead of the one that is waited for.
    let mut under_way = std::collections::VecDeque::new();
    let mut made = Vec::new();
    for case in &cases {
        if under_way.len() == 2 {
            let first: crate::gpu::pending::Pending = under_way.pop_front().unwrap();
            made.push(first.picture().unwrap().0);
        }
        under_way.push_back(engine.submit(&case.raw(), &case.plan).unwrap());
    }
    made.extend(under_way.into_iter().map(|last| last.picture().unwrap().0));
    for (made, expected) in made.iter().zip(&expected) {
        assert!(made.rgb == expected.rgb, "frames mixed");
    }
    std::thread::scope(|scope| {
        for (case, expected) in cases.iter().zip(&expected) {
            let engine = &engine;
            scope.spawn(move || assert!(engine.develop(&case.raw(), &case.plan).unwrap().0.rgb == expected.rgb));
        }
    });
}

#[test]
fn the_devices_clock_tells_every_op() {
    let engine = engine();
    let mut case = case(0);
    let mut recipe = Recipe::default();
    recipe.geometry.straighten_deg = 3.0;
    recipe.denoise.luminance = 20.0;
    let size = Size::LongEdge(128);
    case.plan = Plan::of_recipe(&case.sensor, &recipe, &Settled::default(), size, OutputSpace::Srgb);
    case.plan.demosaic = false;
    let (_, times) = engine.develop(&case.raw(), &case.plan).unwrap();
    if !engine.device.stamps_passes {
        assert!(times.is_none());
        return;
    }
    let times = times.unwrap();
    let names: Vec<&str> = times.ops.iter().map(|time| time.op.as_str()).collect();
    for op in ["resample_down", "resample_across", "rotate", "denoise", "point", "sharpen", "pack"] {
        assert!(names.contains(&op), "{op} is missing: {names:?}");
    }
    let sum: f32 = times.ops.iter().map(|time| time.us).sum();
    assert!(times.total_us > 0.0 && sum <= times.total_us * 1.01, "{times:?}");
}
