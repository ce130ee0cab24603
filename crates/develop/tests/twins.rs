//! CPU and GPU make the same picture of real raws. Needs a Vulkan device; software will do (`./test` installs one).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use develop::{
    Darkroom, Developer, DeviceChoice, Size, Wanted,
    recipe::{Crop, Geometry, Recipe, WhiteBalance},
    worker::Caps,
};
use support::{agreement::Agreement, pool, sample, samples};

/// Those of every checkout, and further ones where they are.
fn raws() -> Vec<&'static str> {
    let further = ["IMG_0848.CR2", "derived_a7r4_24mp_ljpeg.dng"];
    let there = |name: &&str| samples().iter().any(|folder| folder.join(name).is_file());
    support::REAL.into_iter().chain(further.into_iter().filter(there)).collect()
}

/// Much at once: cut, straightened, cleaned, sharpened, colourful, at another temperature.
fn busy() -> Recipe {
    let mut recipe = Recipe::default();
    recipe.exposure.ev = 0.3;
    recipe.white_balance = WhiteBalance::Kelvin { temperature_k: 4300.0, tint: 10.0 };
    recipe.geometry = Geometry { crop: Some(Crop { x: 0.1, y: 0.15, width: 0.7, height: 0.6 }), straighten_deg: -4.0 };
    (recipe.denoise.luminance, recipe.denoise.colour) = (20.0, 40.0);
    (recipe.sharpen.amount, recipe.sharpen.radius_px) = (60.0, 1.2);
    (recipe.tone.contrast, recipe.tone.shadows, recipe.colour.vibrance) = (20.0, 30.0, 40.0);
    recipe
}

#[tokio::test]
async fn real_raws_come_out_the_same() {
    let cpu = Developer::new(pool(1, Caps::default(), &[]), Darkroom::new(DeviceChoice::Cpu));
    let gpu = Developer::new(pool(1, Caps::default(), &[]), Darkroom::new(DeviceChoice::Gpu));
    let recipe = |recipe| Wanted::Recipe(Box::new(recipe), Box::default());
    let wanted = [
        ("default", recipe(Recipe::default()), 2048),
        ("neutral", Wanted::Neutral, 700),
        ("busy", recipe(busy()), 400),
    ];
    for name in raws() {
        let path = sample(name);
        for (told, wanted, long_px) in &wanted {
            // Where the sensor has few samples for the output, a demosaic comes first, which is the CPU's.
            let large = name.ends_with("ARW") || name.contains("24mp");
            let long_px = if large { *long_px } else { (*long_px).min(700) };
            let size = Size::LongEdge(long_px);
            let (expected, _) = cpu.picture(&path, wanted.clone(), size).await.unwrap();
            let (made, report) = gpu.picture(&path, wanted.clone(), size).await.unwrap();
            let device = gpu.darkroom().device();
            assert!(
                !report.device.starts_with("CPU ("),
                "no Vulkan device, or it failed; ./test installs mesa-vulkan-drivers, which plays one: {}",
                device.why
            );
            assert_eq!((made.width_px, made.height_px), (expected.width_px, expected.height_px));
            let found = Agreement::new(&expected.rgb, &made.rgb, made.width_px as usize);
            println!("{name}, {told}, {long_px} px: {found:?}");
            if let Some(times) = &report.gpu {
                println!("    {:.1} ms on {}", times.total_us / 1000.0, report.device);
            }
            assert!(found.holds(), "{name}, {told}: {found:?}");
        }
    }
}
