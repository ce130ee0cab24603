//! A recipe and a frame become numbers: what both twins compute, the CPU's and the GPU's.

use crate::{
    curve::tone_curve,
    demosaic::Method,
    geometry::{Extent, Placement, Size, place},
    ops::{
        denoise::Denoising,
        encode::Transfer,
        matrix::{Matrix, product},
        resample::Sampling,
        sharpen::Sharpening,
        tone::Curve,
    },
    output::OutputSpace,
    print::border_px,
    raw::Sensor,
    recipe::{Border, Recipe, Watermark, WhiteBalance},
    settled::Settled,
    temperature,
};

/// Linear Rec. 2020 from linear sRGB (ITU-R BT.2087-0).
const WORKING_FROM_SRGB: Matrix =
    [[0.627_404, 0.329_283, 0.043_313], [0.069_097, 0.919_54, 0.011_362], [0.016_391, 0.088_013, 0.895_595]];
/// And back.
const SRGB_FROM_WORKING: Matrix =
    [[1.660_491, -0.587_641, -0.072_85], [-0.124_55, 1.132_9, -0.008_349], [-0.018_151, -0.100_579, 1.118_73]];

/// What is wanted of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// White balance as shot, camera matrix, sRGB curve, and nothing else; what does not fit is cut, as LibRaw cuts it.
    Neutral,
    /// A recipe, with what auto came to.
    Recipe(Box<Recipe>, Box<Settled>),
}

/// Numbers of every op.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Ops `resample` and `rotate`.
    pub placement: Placement,
    /// Whether half size is made by op `superpixel` instead, like LibRaw's.
    pub superpixel: bool,
    /// Whether a full demosaic comes first: for finals, and where the sensor has too few samples of each colour for the output.
    pub demosaic: bool,
    /// By which method then.
    pub method: Method,
    /// Op `resample`: how samples count.
    pub sampling: Sampling,
    /// Op `denoise`.
    pub denoising: Option<Denoising>,
    /// Op `balance`.
    pub gains: [f32; 3],
    /// Op `highlights`: what a full pixel of each colour has become.
    pub limits: Option<[f32; 3]>,
    /// Op `matrix`.
    pub matrix: Matrix,
    /// Op `tone`, in the working space; none for neutral, which stays in the output's.
    pub curve: Option<Curve>,
    /// Op `colour`: saturation and vibrance.
    pub colour: Option<(f32, f32)>,
    /// Op `matrix` once more: from the working space to the output's.
    pub to_output: Option<Matrix>,
    /// Op `encode`.
    pub transfer: Transfer,
    /// Op `sharpen`.
    pub sharpening: Option<Sharpening>,
    /// The photographer's own mark, over the upright picture.
    pub watermark: Option<Watermark>,
    /// What is laid around it then.
    pub border: Option<Border>,
    /// The picture's colour space.
    pub space: OutputSpace,
}

impl Plan {
    /// Resolves what is wanted.
    pub fn new(sensor: &Sensor, wanted: &Wanted, size: Size, space: OutputSpace) -> Self {
        match wanted {
            Wanted::Neutral => Self::neutral(sensor, size, space),
            Wanted::Recipe(recipe, settled) => Self::of_recipe(sensor, recipe, settled, size, space),
        }
    }

    fn neutral(sensor: &Sensor, size: Size, space: OutputSpace) -> Self {
        let gains = least_is_one(sensor.as_shot.unwrap_or(sensor.daylight));
        let placement = place(sensor, Extent::Active, &crate::recipe::Geometry::default(), size);
        Self {
            demosaic: size != Size::Half && needs_demosaic(&placement),
            // At a screen's size anybody compares us with LibRaw's; finals are as good as they can be.
            method: match size {
                Size::LongEdge(_) => Method::Ahd { srgb_from_camera: sensor.srgb_from_camera },
                Size::Half | Size::Full => Method::Best,
            },
            placement,
            superpixel: size == Size::Half,
            // Cut where white balance would push a sample above white, as LibRaw does before it demosaics.
            sampling: Sampling {
                ceiling: gains.map(|gain| 1.0 / gain),
                cut_at_black: true,
                softness: softness(sensor),
            },
            denoising: None,
            gains,
            limits: None,
            matrix: product(&space.matrix_from_srgb(), &sensor.srgb_from_camera),
            curve: None,
            colour: None,
            to_output: None,
            transfer: Transfer::new(|light| space.encode(light)),
            sharpening: None,
            watermark: None,
            border: None,
            space,
        }
    }

    /// Resolves a recipe.
    pub fn of_recipe(sensor: &Sensor, recipe: &Recipe, settled: &Settled, size: Size, space: OutputSpace) -> Self {
        let recipe = recipe.normalised();
        let placement = inside_border(sensor, &recipe, size);
        let balance = least_is_one(balance(sensor, recipe.white_balance, settled));
        let auto = if recipe.exposure.auto { settled.ev } else { sensor.baseline_exposure_ev };
        let exposure = (auto + recipe.exposure.ev).exp2();
        let camera = settled.curve.as_ref().filter(|_| recipe.exposure.auto);
        let saturation = (1.0 + recipe.colour.saturation / 100.0) * if camera.is_some() { settled.chroma } else { 1.0 };
        let vibrance = recipe.colour.vibrance / 100.0;
        Self {
            denoising: denoising(sensor, &recipe, &placement),
            demosaic: needs_demosaic(&placement),
            method: Method::Best,
            placement,
            superpixel: false,
            sampling: Sampling { softness: softness(sensor), ..Sampling::WHITE },
            gains: balance.map(|gain| gain * exposure),
            limits: Some(balance.map(|gain| gain * exposure)),
            matrix: product(&WORKING_FROM_SRGB, &sensor.srgb_from_camera),
            curve: Some(Curve::new(tone_curve(&recipe.tone, camera))),
            colour: Some((saturation - 1.0, vibrance)).filter(|(s, v)| s.abs() + v.abs() > 1e-3),
            to_output: Some(product(&space.matrix_from_srgb(), &SRGB_FROM_WORKING)),
            transfer: Transfer::new(|light| space.encode(light)),
            sharpening: Sharpening::new(recipe.sharpen.amount, recipe.sharpen.radius_px),
            watermark: recipe.watermark,
            border: recipe.frame,
            space,
        }
    }
}

/// Where the picture comes from; with a border, so much smaller that both together have the wanted size.
fn inside_border(sensor: &Sensor, recipe: &Recipe, size: Size) -> Placement {
    let placement = place(sensor, Extent::Shown, &recipe.geometry, size);
    let (Some(border), Size::LongEdge(long_px)) = (&recipe.frame, size) else { return placement };
    let (width, height) = placement.upright_size();
    let (side, top, bottom) = border_px(border, width, height);
    let outer = (width + 2 * side).max(height + top + bottom);
    if outer <= long_px as usize {
        return placement;
    }
    let inner = (f64::from(long_px) * width.max(height) as f64 / outer as f64).floor().max(1.0);
    place(sensor, Extent::Shown, &recipe.geometry, Size::LongEdge(inner as u32))
}

/// Samples of the sensor for one of the output, along a side, from which on planes need no demosaic: each colour then still has
/// more samples than the output.
const SAMPLES_ENOUGH: f64 = 2.4;

fn needs_demosaic(placement: &Placement) -> bool {
    placement.area.width < SAMPLES_ENOUGH * placement.size.0 as f64
}

/// How much samples are softened: a quarter of what a bilinear demosaic does (found best against LibRaw's AHD at 24 MP and low
/// sensitivity), and all of it from ISO 3200 on.
fn softness(sensor: &Sensor) -> f32 {
    (0.25 + 0.25 * (sensor.iso.max(1.0) / 400.0).log2()).clamp(0.25, 1.0)
}

/// LibRaw's scaling: the smallest multiplier is 1, so that white stays white in every colour.
fn least_is_one(gains: [f32; 3]) -> [f32; 3] {
    let least = gains.iter().copied().fold(f32::MAX, f32::min).max(1e-3);
    gains.map(|gain| gain / least)
}

/// Multipliers that a recipe asks for.
pub(crate) fn balance(sensor: &Sensor, wanted: WhiteBalance, settled: &Settled) -> [f32; 3] {
    let as_shot = sensor.as_shot.unwrap_or(sensor.daylight);
    match wanted {
        WhiteBalance::AsShot => as_shot,
        WhiteBalance::Auto => settled.balance.unwrap_or(as_shot),
        WhiteBalance::Grey { red, blue } => [red, 1.0, blue],
        WhiteBalance::Kelvin { temperature_k, tint } => {
            let camera =
                temperature::camera_from_xyz(sensor.camera_from_xyz, &sensor.srgb_from_camera, sensor.daylight);
            camera.and_then(|camera| temperature::multipliers(&camera, temperature_k, tint)).unwrap_or(as_shot)
        }
    }
}

/// Thresholds: what auto takes from the ISO sensitivity, less what shrinking has averaged away, and what the recipe adds.
fn denoising(sensor: &Sensor, recipe: &Recipe, placement: &Placement) -> Option<Denoising> {
    let scale = (placement.area.width / placement.size.0.max(1) as f64).max(1.0) as f32;
    let iso = if sensor.iso > 0.0 { sensor.iso } else { 100.0 } / (scale * scale);
    let auto = |begins: f32, per_stop: f32| {
        if recipe.denoise.auto { ((iso / begins).log2() * per_stop).clamp(0.0, 60.0) } else { 0.0 }
    };
    let luminance = auto(1600.0, 8.0) + recipe.denoise.luminance;
    let colour = auto(500.0, 14.0) + recipe.denoise.colour;
    // 100 is a threshold of a tenth of the square root of white.
    let how = Denoising { luminance: luminance.min(100.0) * 0.001, colour: colour.min(100.0) * 0.002 };
    (how.luminance + how.colour > 1e-4).then_some(how)
}
