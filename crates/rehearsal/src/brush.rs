//! The painter's hand: shapes in drawing units on a tiny-skia canvas, with the few kinds of paint that the scenes need.

use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, PathBuilder,
    Pixmap, Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

use crate::colour::Ink;

/// Long side of every drawing, in its own units, whatever its size in pixels.
pub(crate) const LONG: f32 = 1500.0;

/// A sheet to draw on; positions are in units, from the upper left.
pub(crate) struct Sheet {
    pub pixmap: Pixmap,
    /// Units to pixels, and whatever turns and shifts are in force.
    at: Transform,
    /// Drawing happens only inside, where there is one.
    mask: Option<Mask>,
    /// Pixels per unit.
    pub scale: f32,
    pub width: f32,
    pub height: f32,
}

/// What a shape is filled with.
#[derive(Clone, Copy)]
pub(crate) enum Fill {
    Flat(Ink),
    Clear(Ink, f32),
    /// From one point and colour to another.
    Slope((f32, f32), Ink, (f32, f32), Ink),
    /// The same, with opacities.
    Veil((f32, f32), (Ink, f32), (f32, f32), (Ink, f32)),
    /// From a centre outwards to a radius.
    Round((f32, f32), f32, Ink, Ink),
}

impl Sheet {
    /// A sheet for a picture of that shape, its long side at most `long_px` pixels; `None` where there is no area.
    pub fn new(width_px: u32, height_px: u32, long_px: u32) -> Option<Self> {
        let long = width_px.max(height_px).max(1);
        let side = |px: u32| ((u64::from(px) * u64::from(long.min(long_px)) / u64::from(long)) as u32).max(1);
        let pixmap = Pixmap::new(side(width_px), side(height_px))?;
        let scale = pixmap.width().max(pixmap.height()) as f32 / LONG;
        let (width, height) = (pixmap.width() as f32 / scale, pixmap.height() as f32 / scale);
        Some(Self { pixmap, at: Transform::from_scale(scale, scale), mask: None, scale, width, height })
    }

    /// An empty sheet to lay over this one.
    pub fn layer(&self) -> Self {
        let mut pixmap = self.pixmap.clone();
        pixmap.fill(Color::TRANSPARENT);
        Self { pixmap, at: self.at, mask: None, scale: self.scale, width: self.width, height: self.height }
    }

    /// An empty sheet of the same units with so many times fewer pixels a side.
    pub fn reduced(&self, times: u32) -> Option<Self> {
        let pixmap = Pixmap::new(self.pixmap.width().div_ceil(times) + 1, self.pixmap.height().div_ceil(times) + 1)?;
        let scale = self.scale / times as f32;
        let at = Transform::from_scale(scale, scale);
        Some(Self { pixmap, at, mask: None, scale, width: self.width, height: self.height })
    }

    /// Lays a sheet of the same size over this one.
    pub fn lay(&mut self, layer: &Self) {
        let paint = tiny_skia::PixmapPaint::default();
        self.pixmap.draw_pixmap(0, 0, layer.pixmap.as_ref(), &paint, Transform::identity(), None);
    }

    /// Draws with the origin moved to `x`, `y`, turned by `degrees` and enlarged by `scale`.
    pub fn placed(&mut self, x: f32, y: f32, degrees: f32, scale: f32, draw: impl FnOnce(&mut Self)) {
        let before = self.at;
        self.at = before.pre_translate(x, y).pre_concat(Transform::from_rotate(degrees)).pre_scale(scale, scale);
        draw(self);
        self.at = before;
    }

    /// Draws with the origin moved to `x`, `y` and the axes stretched.
    pub fn stretched(&mut self, x: f32, y: f32, (sx, sy): (f32, f32), draw: impl FnOnce(&mut Self)) {
        let before = self.at;
        self.at = before.pre_translate(x, y).pre_scale(sx, sy);
        draw(self);
        self.at = before;
    }

    /// Draws with left and right exchanged where `mirror` is set.
    pub fn mirrored(&mut self, mirror: bool, draw: impl FnOnce(&mut Self)) {
        let before = self.at;
        if mirror {
            self.at = before.pre_scale(-1.0, 1.0);
        }
        draw(self);
        self.at = before;
    }

    /// Draws only inside `shape`; does not nest: the innermost shape counts.
    pub fn inside(&mut self, shape: &Path, draw: impl FnOnce(&mut Self)) {
        let before = self.mask.take();
        if let Some(mut mask) = Mask::new(self.pixmap.width(), self.pixmap.height()) {
            mask.fill_path(shape, FillRule::Winding, true, self.at);
            self.mask = Some(mask);
        }
        draw(self);
        self.mask = before;
    }

    pub fn fill(&mut self, path: &Path, fill: Fill) {
        self.fill_blended(path, fill, BlendMode::SourceOver);
    }

    pub fn fill_blended(&mut self, path: &Path, fill: Fill, blend: BlendMode) {
        let paint = Paint { shader: fill.shader(), blend_mode: blend, anti_alias: true, ..Paint::default() };
        self.pixmap.fill_path(path, &paint, FillRule::Winding, self.at, self.mask.as_ref());
    }

    pub fn stroke(&mut self, path: &Path, width: f32, fill: Fill) {
        let paint = Paint { shader: fill.shader(), anti_alias: true, ..Paint::default() };
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(path, &paint, &stroke, self.at, self.mask.as_ref());
    }

    pub fn oval(&mut self, x: f32, y: f32, rx: f32, ry: f32, fill: Fill) {
        self.fill(&oval(x, y, rx, ry), fill);
    }

    pub fn block(&mut self, x: f32, y: f32, w: f32, h: f32, fill: Fill) {
        self.fill(&block(x, y, w, h), fill);
    }

    pub fn rounded(&mut self, x: f32, y: f32, w: f32, h: f32, r: f32, fill: Fill) {
        self.fill(&rounded(x, y, w, h, r), fill);
    }

    pub fn line(&mut self, points: &[(f32, f32)], width: f32, fill: Fill) {
        self.stroke(&line(points), width, fill);
    }

    pub fn curve(&mut self, points: &[(f32, f32)], width: f32, fill: Fill) {
        self.stroke(&open(points), width, fill);
    }

    /// Light added around a point: strongest there, nothing at `radius`.
    pub fn glow(&mut self, x: f32, y: f32, radius: f32, ink: Ink, strength: f32) {
        let stops = vec![
            GradientStop::new(0.0, ink.alpha(strength)),
            GradientStop::new(0.25, ink.alpha(strength * 0.45)),
            GradientStop::new(0.6, ink.alpha(strength * 0.11)),
            GradientStop::new(1.0, ink.alpha(0.0)),
        ];
        let centre = Point::from_xy(x, y);
        let Some(shader) =
            RadialGradient::new(centre, 0.0, centre, radius, stops, SpreadMode::Pad, Transform::identity())
        else {
            return;
        };
        let paint = Paint { shader, blend_mode: BlendMode::Screen, anti_alias: false, ..Paint::default() };
        let path = oval(x, y, radius, radius);
        self.pixmap.fill_path(&path, &paint, FillRule::Winding, self.at, self.mask.as_ref());
    }
}

impl Fill {
    fn shader(self) -> Shader<'static> {
        let stop = |at: f32, colour: Color| GradientStop::new(at, colour);
        let (gradient, fallback) = match self {
            Self::Flat(ink) => return Shader::SolidColor(ink.alpha(1.0)),
            Self::Clear(ink, alpha) => return Shader::SolidColor(ink.alpha(alpha)),
            Self::Slope(a, from, b, to) => (
                LinearGradient::new(
                    a.into(),
                    b.into(),
                    vec![stop(0.0, from.alpha(1.0)), stop(1.0, to.alpha(1.0))],
                    SpreadMode::Pad,
                    Transform::identity(),
                ),
                from.alpha(1.0),
            ),
            Self::Veil(a, from, b, to) => (
                LinearGradient::new(
                    a.into(),
                    b.into(),
                    vec![stop(0.0, from.0.alpha(from.1)), stop(1.0, to.0.alpha(to.1))],
                    SpreadMode::Pad,
                    Transform::identity(),
                ),
                from.0.alpha(from.1),
            ),
            Self::Round(centre, radius, from, to) => (
                RadialGradient::new(
                    centre.into(),
                    0.0,
                    centre.into(),
                    radius,
                    vec![stop(0.0, from.alpha(1.0)), stop(1.0, to.alpha(1.0))],
                    SpreadMode::Pad,
                    Transform::identity(),
                ),
                from.alpha(1.0),
            ),
        };
        gradient.unwrap_or(Shader::SolidColor(fallback))
    }
}

/// A shape that cannot be built (no area, no number) becomes a speck at the origin: nothing seen, nothing lost.
fn speck() -> Path {
    let mut b = PathBuilder::new();
    b.move_to(0.0, 0.0);
    b.line_to(0.001, 0.001);
    // Two different points always make a path; the default is never seen.
    b.finish().unwrap_or_else(|| PathBuilder::from_circle(0.0, 0.0, 1.0).unwrap_or_else(speck))
}

pub(crate) fn oval(x: f32, y: f32, rx: f32, ry: f32) -> Path {
    Rect::from_ltrb(x - rx.abs(), y - ry.abs(), x + rx.abs(), y + ry.abs())
        .and_then(PathBuilder::from_oval)
        .unwrap_or_else(speck)
}

pub(crate) fn block(x: f32, y: f32, w: f32, h: f32) -> Path {
    Rect::from_xywh(x, y, w, h).map_or_else(speck, PathBuilder::from_rect)
}

pub(crate) fn rounded(x: f32, y: f32, w: f32, h: f32, r: f32) -> Path {
    let r = r.min(w / 2.0).min(h / 2.0);
    let mut b = PathBuilder::new();
    b.move_to(x + r, y);
    b.line_to(x + w - r, y);
    b.quad_to(x + w, y, x + w, y + r);
    b.line_to(x + w, y + h - r);
    b.quad_to(x + w, y + h, x + w - r, y + h);
    b.line_to(x + r, y + h);
    b.quad_to(x, y + h, x, y + h - r);
    b.line_to(x, y + r);
    b.quad_to(x, y, x + r, y);
    b.close();
    b.finish().unwrap_or_else(speck)
}

/// Straight from point to point.
pub(crate) fn line(points: &[(f32, f32)]) -> Path {
    polygon_builder(points).finish().unwrap_or_else(speck)
}

/// Straight from point to point and back to the first.
pub(crate) fn polygon(points: &[(f32, f32)]) -> Path {
    let mut b = polygon_builder(points);
    b.close();
    b.finish().unwrap_or_else(speck)
}

fn polygon_builder(points: &[(f32, f32)]) -> PathBuilder {
    let mut b = PathBuilder::new();
    for (n, (x, y)) in points.iter().enumerate() {
        if n == 0 { b.move_to(*x, *y) } else { b.line_to(*x, *y) }
    }
    b
}

/// A smooth line through the points.
pub(crate) fn open(points: &[(f32, f32)]) -> Path {
    smooth(points, false)
}

/// A smooth closed shape through the points.
pub(crate) fn blob(points: &[(f32, f32)]) -> Path {
    smooth(points, true)
}

/// Catmull-Rom through the points, written as cubics.
fn smooth(points: &[(f32, f32)], closed: bool) -> Path {
    let n = points.len() as i64;
    let point = |i: i64| {
        let i = if closed { i.rem_euclid(n.max(1)) } else { i.clamp(0, (n - 1).max(0)) };
        points.get(i as usize).copied().unwrap_or_default()
    };
    let mut b = PathBuilder::new();
    let first = point(0);
    b.move_to(first.0, first.1);
    for i in 0..if closed { n } else { n - 1 } {
        let (p0, p1, p2, p3) = (point(i - 1), point(i), point(i + 1), point(i + 2));
        b.cubic_to(
            p1.0 + (p2.0 - p0.0) / 6.0,
            p1.1 + (p2.1 - p0.1) / 6.0,
            p2.0 - (p3.0 - p1.0) / 6.0,
            p2.1 - (p3.1 - p1.1) / 6.0,
            p2.0,
            p2.1,
        );
    }
    if closed {
        b.close();
    }
    b.finish().unwrap_or_else(speck)
}
