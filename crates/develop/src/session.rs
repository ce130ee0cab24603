//! A frame under the Look place's sliders.

use std::sync::Arc;

use crate::{
    RenderError, Size, auto, cpu,
    darkroom::{Darkroom, Prepared},
    geometry::Placement,
    jpeg,
    output::OutputSpace,
    plan::{self, Plan},
    print::border_px,
    raw::{Raw, Sensor},
    recipe::{Recipe, WhiteBalance},
    settled::Settled,
    temperature,
    worker::Decoded,
};

/// JPEG quality of what is looked at.
const QUALITY: i32 = 85;
/// Pixels on each side of a picked place that are averaged.
const PICK_REACH: usize = 3;

/// A picture as the Look place shows it.
#[derive(Clone, Debug)]
pub struct LookPicture {
    /// Its bytes.
    pub jpeg: Vec<u8>,
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// How many pixels have each value of red, green and blue, before the JPEG.
    pub histogram: [[u32; 256]; 3],
}

/// A frame whose camera colours are kept at the size of a screen.
#[derive(Debug)]
pub struct Session {
    darkroom: Darkroom,
    sensor: Sensor,
    samples: Vec<u16>,
    long_edge_px: u32,
    settled: Settled,
    /// Camera colours of the geometry and size that were shown last.
    shown: std::sync::Mutex<Option<Shown>>,
}

#[derive(Debug)]
struct Shown {
    placement: Placement,
    prepared: Prepared,
}

impl Session {
    pub(crate) fn new(darkroom: Darkroom, decoded: &Decoded, prior: Option<&Settled>, long_edge_px: u32) -> Self {
        let raw = decoded.raw();
        let recipe = Recipe::default();
        let plan =
            Plan::of_recipe(raw.sensor, &recipe, &Settled::default(), Size::LongEdge(long_edge_px), OutputSpace::Srgb);
        let prepared = darkroom.prepare(&raw, &plan);
        let settled = auto::settle(raw.sensor, prepared.look(), decoded.camera.as_ref(), prior);
        let shown = Shown { placement: plan.placement, prepared };
        Self {
            darkroom,
            sensor: decoded.sensor.clone(),
            samples: decoded.samples.to_vec(),
            long_edge_px,
            settled,
            shown: std::sync::Mutex::new(Some(shown)),
        }
    }

    /// The frame as this recipe shows it. Work for the processor; call it off the runtime's threads.
    pub fn picture(&self, recipe: &Recipe, long_edge_px: u32) -> Result<LookPicture, RenderError> {
        let recipe = recipe.normalised();
        let long_edge_px = long_edge_px.clamp(64, self.long_edge_px);
        let plan = self.plan(&recipe, long_edge_px);
        let picture = self.darkroom.finish(self.prepared(&plan), &self.raw(), &plan)?.picture;
        let mut histogram = [[0; 256]; 3];
        for pixel in picture.rgb.chunks_exact(3) {
            for (counts, value) in histogram.iter_mut().zip(pixel) {
                counts[usize::from(*value)] += 1;
            }
        }
        let (width_px, height_px) = (picture.width_px, picture.height_px);
        Ok(LookPicture { jpeg: jpeg::encode(&picture, QUALITY)?, width_px, height_px, histogram })
    }

    /// What would make the picked place grey: multipliers of the camera's red and blue. `x` and `y` are shares of the shown
    /// picture. Nothing where it is black or full there.
    pub fn grey_at(&self, x: f32, y: f32, recipe: &Recipe) -> Option<(f32, f32)> {
        let recipe = recipe.normalised();
        let plan = self.plan(&recipe, self.long_edge_px);
        let planes = match self.prepared(&plan) {
            Prepared::Cpu(planes) => planes,
            // A click is rare enough for the processor.
            Prepared::Gpu(_) => Arc::new(cpu::prepare(&self.raw(), &plan)),
        };
        let (x, y) = within_border(&plan, x, y);
        let (column, row) = stored_place(&plan, x, y, planes.width, planes.height)?;
        let mut sums = [0.0_f32; 3];
        let columns = column.saturating_sub(PICK_REACH)..(column + PICK_REACH + 1).min(planes.width);
        let rows = row.saturating_sub(PICK_REACH)..(row + PICK_REACH + 1).min(planes.height);
        let mut count = 0.0;
        for row in rows {
            for column in columns.clone() {
                for (sum, plane) in sums.iter_mut().zip(&planes.rgb) {
                    *sum += plane.get(row * planes.width + column).copied().unwrap_or(0.0);
                }
                count += 1.0;
            }
        }
        let [red, green, blue] = sums.map(|sum| sum / f32::max(count, 1.0));
        let usable = [red, green, blue].iter().all(|value| (0.002..0.97).contains(value));
        usable.then(|| (green / red, green / blue))
    }

    /// Temperature (K) and tint of the camera's own white balance.
    pub fn as_shot(&self) -> Option<(f32, f32)> {
        let sensor = &self.sensor;
        let camera = temperature::camera_from_xyz(sensor.camera_from_xyz, &sensor.srgb_from_camera, sensor.daylight)?;
        temperature::temperature(&camera, plan::balance(sensor, WhiteBalance::AsShot, &self.settled))
    }

    /// What auto came to.
    pub fn settled(&self) -> &Settled {
        &self.settled
    }

    fn plan(&self, recipe: &Recipe, long_edge_px: u32) -> Plan {
        Plan::of_recipe(&self.sensor, recipe, &self.settled, Size::LongEdge(long_edge_px), OutputSpace::Srgb)
    }

    fn raw(&self) -> Raw<'_> {
        Raw { sensor: &self.sensor, samples: &self.samples }
    }

    /// The kept colours, made anew where geometry or size changed.
    fn prepared(&self, plan: &Plan) -> Prepared {
        let mut shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(kept) = shown.as_ref()
            && kept.placement == plan.placement
            && kept.prepared.is_sound()
        {
            return kept.prepared.clone();
        }
        let prepared = self.darkroom.prepare(&self.raw(), plan);
        *shown = Some(Shown { placement: plan.placement, prepared: prepared.clone() });
        prepared
    }
}

/// A place of the print as a place of the picture inside its border.
fn within_border(plan: &Plan, x: f32, y: f32) -> (f32, f32) {
    let Some(border) = &plan.border else { return (x, y) };
    let (width, height) = plan.placement.upright_size();
    let (side, top, bottom) = border_px(border, width, height);
    let inner = |share: f32, before: usize, length: usize, after: usize| {
        (share * (before + length + after) as f32 - before as f32) / length.max(1) as f32
    };
    (inner(x, side, width, side), inner(y, top, height, bottom))
}

/// Column and row of the stored picture under a place of the upright one.
fn stored_place(plan: &Plan, x: f32, y: f32, width: usize, height: usize) -> Option<(usize, usize)> {
    let inside = |share: f32| (0.0..=1.0).contains(&share).then_some(f64::from(share));
    let (u, v) = crate::geometry::stored_of(plan.placement.orientation, (inside(x)?, inside(y)?));
    let at = |share: f64, length: usize| ((share * length as f64) as usize).min(length.saturating_sub(1));
    Some((at(u, width), at(v, height)))
}
