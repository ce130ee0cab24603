//! Which part of the sensor becomes the picture, at which size, and how it is turned.

use model::Orientation;
use serde::{Deserialize, Serialize};

use crate::{
    ops::{resample::Area, rotate::Turn},
    raw::Sensor,
    recipe::{Crop, Geometry},
};

/// Size of the picture that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Its longer side, px; never larger than the sensor gives.
    LongEdge(u32),
    /// Half the sensor's, each side.
    Half,
    /// The sensor's own.
    Full,
}

/// Which pixels of the sensor are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What the maker's own pictures show.
    Shown,
    /// All of the active area, as LibRaw's pictures have it.
    Active,
}

/// Where a picture comes from. All but `orientation` is as stored, not upright.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The part of the sensor that is resampled, px.
    pub area: Area,
    /// Its size after that, columns and rows.
    pub size: (usize, usize),
    /// How it is straightened then, and the size that this leaves.
    pub turn: Option<(Turn, (usize, usize))>,
    /// How the finished picture is turned upright.
    pub orientation: Orientation,
}

impl Placement {
    /// Columns and rows of the picture, upright.
    pub fn upright_size(&self) -> (usize, usize) {
        let (width, height) = self.turn.map_or(self.size, |(_, size)| size);
        if self.orientation.swaps_axes() { (height, width) } else { (width, height) }
    }
}

/// Resolves a recipe's geometry.
pub fn place(sensor: &Sensor, extent: Extent, geometry: &Geometry, size: Size) -> Placement {
    let shown = match extent {
        Extent::Shown => sensor.shown_px,
        Extent::Active => (0, 0, sensor.width_px, sensor.height_px),
    };
    let area = Area { x: shown.0.into(), y: shown.1.into(), width: shown.2.into(), height: shown.3.into() };
    let frame = Frame::new(area, sensor.pixel_aspect.into(), sensor.orientation);
    let angle = f64::from(geometry.straighten_deg).to_radians();
    let crop = frame.crop(geometry.crop, angle);
    let (wide, tall) = (crop.width * frame.width, crop.height * frame.height);
    let scale = match size {
        Size::LongEdge(px) => (f64::from(px.max(1)) / wide.max(tall)).min(1.0),
        Size::Half => 0.5,
        Size::Full => 1.0,
    };
    let upright = ((wide * scale).round().max(1.0), (tall * scale).round().max(1.0));
    let swaps = sensor.orientation.swaps_axes();
    let stored = if swaps { (upright.1, upright.0) } else { upright };
    let stored = (stored.0 as usize, stored.1 as usize);
    if angle == 0.0 {
        let mut cut = frame.stored(crop);
        if matches!(size, Size::Full) {
            // Whole pixels: a final is not resampled only to be cut.
            (cut.x, cut.y) = (cut.x.round(), cut.y.round());
            (cut.width, cut.height) = (stored.0 as f64, stored.1 as f64);
        }
        return Placement { area: cut, size: stored, turn: None, orientation: sensor.orientation };
    }
    frame.straightened(crop, angle, scale, stored)
}

/// The upright picture that a sensor makes.
struct Frame {
    area: Area,
    aspect: f64,
    orientation: Orientation,
    /// Upright size, with square pixels.
    width: f64,
    height: f64,
}

impl Frame {
    fn new(area: Area, aspect: f64, orientation: Orientation) -> Self {
        let (wide, tall) = (area.width * aspect, area.height);
        let (width, height) = if orientation.swaps_axes() { (tall, wide) } else { (wide, tall) };
        Self { area, aspect, orientation, width, height }
    }

    /// The wanted part; without one all, or the largest of the same shape that a straightened picture fills.
    fn crop(&self, wanted: Option<Crop>, angle: f64) -> Rect {
        if let Some(crop) = wanted {
            let [x, y, width, height] = [crop.x, crop.y, crop.width, crop.height].map(f64::from);
            return Rect { x, y, width, height };
        }
        let ratio = (self.width / self.height).max(self.height / self.width);
        let share = 1.0 / (angle.cos() + angle.sin().abs() * ratio);
        Rect { x: (1.0 - share) / 2.0, y: (1.0 - share) / 2.0, width: share, height: share }
    }

    /// An upright part as a part of the sensor.
    fn stored(&self, crop: Rect) -> Area {
        let (a, b) = (
            stored_of(self.orientation, (crop.x, crop.y)),
            stored_of(self.orientation, (crop.x + crop.width, crop.y + crop.height)),
        );
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        Area {
            x: self.area.x + left * self.area.width,
            y: self.area.y + top * self.area.height,
            width: (right - left) * self.area.width,
            height: (bottom - top) * self.area.height,
        }
    }

    fn straightened(&self, crop: Rect, angle: f64, scale: f64, size: (usize, usize)) -> Placement {
        // Sensor px under the middle of an output pixel.
        let sensor_at = |x: f64, y: f64| {
            let unit = ((x + 0.5) / size.0 as f64, (y + 0.5) / size.1 as f64);
            let (cx, cy) = upright_of(self.orientation, unit);
            let px = (crop.x + cx * crop.width - 0.5) * self.width;
            let py = (crop.y + cy * crop.height - 0.5) * self.height;
            let (sin, cos) = angle.sin_cos();
            let (qx, qy) = (cos * px + sin * py, cos * py - sin * px);
            let upright = (qx / self.width + 0.5, qy / self.height + 0.5);
            let (u, v) = stored_of(self.orientation, upright);
            (self.area.x + u * self.area.width, self.area.y + v * self.area.height)
        };
        let (w, h) = (size.0 as f64 - 1.0, size.1 as f64 - 1.0);
        let corners = [sensor_at(0.0, 0.0), sensor_at(w, 0.0), sensor_at(0.0, h), sensor_at(w, h)];
        let least = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::MAX, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::MIN, f64::max);
        // Only what is seen is resampled, and a little around it for the interpolation.
        let margin = 4.0 / scale;
        let end_x = self.area.x + self.area.width;
        let end_y = self.area.y + self.area.height;
        let x = (least(|p| p.0) - margin).clamp(self.area.x, end_x - 1.0);
        let y = (least(|p| p.1) - margin).clamp(self.area.y, end_y - 1.0);
        let right = (most(|p| p.0) + margin).clamp(x + 1.0, end_x);
        let bottom = (most(|p| p.1) + margin).clamp(y + 1.0, end_y);
        let area = Area { x, y, width: right - x, height: bottom - y };
        let (across, down) = (scale * self.aspect, scale);
        let resampled = ((area.width * across).round().max(1.0), (area.height * down).round().max(1.0));
        let placed = |x: f64, y: f64| {
            let (sx, sy) = sensor_at(x, y);
            [
                ((sx - area.x) * resampled.0 / area.width - 0.5) as f32,
                ((sy - area.y) * resampled.1 / area.height - 0.5) as f32,
            ]
        };
        let (origin, one_right, one_down) = (placed(0.0, 0.0), placed(1.0, 0.0), placed(0.0, 1.0));
        let step = |to: [f32; 2]| [to[0] - origin[0], to[1] - origin[1]];
        let turn = Turn { origin, right: step(one_right), down: step(one_down) };
        Placement {
            area,
            size: (resampled.0 as usize, resampled.1 as usize),
            turn: Some((turn, size)),
            orientation: self.orientation,
        }
    }
}

/// Shares of the upright picture.
#[derive(Clone, Copy)]
struct Rect {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Where an upright place (shares of width and height) lies in the picture as stored.
pub(crate) fn stored_of(orientation: Orientation, (x, y): (f64, f64)) -> (f64, f64) {
    match orientation.value() {
        2 => (1.0 - x, y),
        3 => (1.0 - x, 1.0 - y),
        4 => (x, 1.0 - y),
        5 => (y, x),
        6 => (y, 1.0 - x),
        7 => (1.0 - y, 1.0 - x),
        8 => (1.0 - y, x),
        _ => (x, y),
    }
}

/// The way back.
fn upright_of(orientation: Orientation, (u, v): (f64, f64)) -> (f64, f64) {
    match orientation.value() {
        2 => (1.0 - u, v),
        3 => (1.0 - u, 1.0 - v),
        4 => (u, 1.0 - v),
        5 => (v, u),
        6 => (1.0 - v, u),
        7 => (1.0 - v, 1.0 - u),
        8 => (v, 1.0 - u),
        _ => (u, v),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ops::resample::tests::sensor, raw::Layout};

    #[test]
    fn places_go_there_and_back() {
        for value in 1..=8 {
            let orientation = Orientation::from(value);
            let there = stored_of(orientation, (0.2, 0.7));
            let (x, y) = upright_of(orientation, there);
            assert!((x - 0.2).abs() < 1e-12 && (y - 0.7).abs() < 1e-12, "{value}");
        }
        // 6: the camera was turned to the left; what is stored top left stands top right.
        assert_eq!(stored_of(Orientation::from(6), (1.0, 0.0)), (0.0, 0.0));
        assert_eq!(stored_of(Orientation::from(8), (0.0, 1.0)), (0.0, 0.0));
    }

    #[test]
    fn sizes_follow_the_crop_and_never_grow() {
        let mut sensor = sensor(6000, 4000, Layout::Rgb);
        let whole = place(&sensor, Extent::Shown, &Geometry::default(), Size::LongEdge(2048));
        assert_eq!((whole.size, whole.turn), ((2048, 1365), None));
        sensor.orientation = Orientation::from(6);
        let crop = Crop { x: 0.0, y: 0.0, width: 1.0, height: 0.5 };
        let half = place(&sensor, Extent::Shown, &Geometry { crop: Some(crop), straighten_deg: 0.0 }, Size::Full);
        // The upper half of an upright 4000 x 6000 picture is the left half of the sensor.
        assert_eq!(half.upright_size(), (4000, 3000));
        assert_eq!(half.area, Area { x: 0.0, y: 0.0, width: 3000.0, height: 4000.0 });
        let tiny = place(&sensor, Extent::Shown, &Geometry::default(), Size::LongEdge(90_000));
        assert_eq!(tiny.upright_size(), (4000, 6000));
    }

    #[test]
    fn a_straightened_picture_has_no_empty_corners() {
        for value in [1, 3, 6, 8, 5] {
            let mut sensor = sensor(600, 400, Layout::Rgb);
            sensor.orientation = Orientation::from(value);
            for degrees in [-45.0, -7.0, 3.5, 30.0] {
                let geometry = Geometry { crop: None, straighten_deg: degrees };
                let placed = place(&sensor, Extent::Shown, &geometry, Size::LongEdge(300));
                let Some((turn, (width, height))) = placed.turn else { panic!("{degrees} degrees are no turn") };
                for (x, y) in [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)] {
                    let at = |axis: usize| turn.origin[axis] + x as f32 * turn.right[axis] + y as f32 * turn.down[axis];
                    let inside = |at: f32, length: usize| at > -1.0 && at < length as f32;
                    assert!(
                        inside(at(0), placed.size.0) && inside(at(1), placed.size.1),
                        "{value} {degrees} {placed:?}"
                    );
                }
                let (wide, tall) = placed.upright_size();
                let ratio = wide as f32 / tall as f32;
                let want = if sensor.orientation.swaps_axes() { 2.0 / 3.0 } else { 1.5 };
                assert!((ratio / want - 1.0).abs() < 0.02);
            }
        }
    }
}
