//! Draws the app's icon from one list of shapes: the SVG, the PNGs, the ICO and the ICNS.
//! `cargo run -p rehearsal --example icon -- assets/icons`
//!
//! A lit awning and the light under it: two signs that still read at 16 px.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tiny_skia::{
    Color, FillRule, GradientStop, LinearGradient, Paint, PathBuilder, Pixmap, Point, RadialGradient, Shader,
    SpreadMode, Transform,
};

/// Units of a side; the SVG's view box.
const SIDE: f32 = 512.0;

#[derive(Clone, Copy)]
enum Step {
    Move(f32, f32),
    Line(f32, f32),
    Cubic(f32, f32, f32, f32, f32, f32),
    Close,
}

/// A colour and its opacity.
type Tone = (u32, f32);

#[derive(Clone)]
enum Ink {
    Flat(u32),
    /// From top to bottom.
    Fall(f32, u32, f32, u32),
    Round(f32, f32, f32, Vec<(f32, Tone)>),
}

struct Shape {
    steps: Vec<Step>,
    ink: Ink,
}

fn rounded(x: f32, y: f32, w: f32, h: f32, r: f32, ink: Ink) -> Shape {
    use Step::{Close, Cubic, Line, Move};
    // The control points of a quarter circle lie this far from the corner.
    let k = r * 0.447_715;
    let steps = vec![
        Move(x + r, y),
        Line(x + w - r, y),
        Cubic(x + w - k, y, x + w, y + k, x + w, y + r),
        Line(x + w, y + h - r),
        Cubic(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h),
        Line(x + r, y + h),
        Cubic(x + k, y + h, x, y + h - k, x, y + h - r),
        Line(x, y + r),
        Cubic(x, y + k, x + k, y, x + r, y),
        Close,
    ];
    Shape { steps, ink }
}

fn disc(x: f32, y: f32, r: f32, ink: Ink) -> Shape {
    rounded(x - r, y - r, r * 2.0, r * 2.0, r, ink)
}

/// One stripe of the awning with its round hem.
fn stripe(n: u8, ink: Ink) -> Shape {
    use Step::{Close, Cubic, Line, Move};
    let at = |left: f32, right: f32, n: f32| left + (right - left) * n / 5.0;
    let (n, next) = (f32::from(n), f32::from(n) + 1.0);
    let (a, b) = (at(134.0, 378.0, n), at(134.0, 378.0, next));
    let (d, c) = (at(76.0, 436.0, n), at(76.0, 436.0, next));
    let (low, drop) = (246.0, 48.0);
    let steps = vec![Move(a, 112.0), Line(b, 112.0), Line(c, low), Cubic(c, low + drop, d, low + drop, d, low), Close];
    Shape { steps, ink }
}

fn shapes() -> Vec<Shape> {
    let mut all = vec![
        rounded(16.0, 16.0, 480.0, 480.0, 112.0, Ink::Fall(16.0, 0x34_2E6E, 496.0, 0x15_153A)),
        disc(
            256.0,
            336.0,
            160.0,
            Ink::Round(
                256.0,
                336.0,
                160.0,
                vec![(0.0, (0xFF_B454, 0.85)), (0.45, (0xFF_A24A, 0.35)), (1.0, (0xFF_9A4A, 0.0))],
            ),
        ),
        disc(
            256.0,
            338.0,
            62.0,
            Ink::Round(
                256.0,
                334.0,
                66.0,
                vec![(0.0, (0xFF_FBEA, 1.0)), (0.55, (0xFF_E6A6, 1.0)), (1.0, (0xFF_B03F, 1.0))],
            ),
        ),
        rounded(92.0, 414.0, 328.0, 30.0, 15.0, Ink::Fall(414.0, 0xFF_D089, 444.0, 0xD0_7B42)),
    ];
    for n in 0..5 {
        let ink = if n % 2 == 0 {
            Ink::Fall(112.0, 0xE2_4E40, 290.0, 0xF7_7A55)
        } else {
            Ink::Fall(112.0, 0xFA_E4CB, 290.0, 0xFF_F6E6)
        };
        all.push(stripe(n, ink));
    }
    all.push(rounded(124.0, 96.0, 264.0, 26.0, 13.0, Ink::Flat(0xB5_3636)));
    all
}

fn svg() -> Result<String, std::fmt::Error> {
    let (mut defs, mut body) = (String::new(), String::new());
    for (n, shape) in shapes().iter().enumerate() {
        let mut d = String::new();
        for step in &shape.steps {
            match step {
                Step::Move(x, y) => write!(d, "M{x:.1} {y:.1}")?,
                Step::Line(x, y) => write!(d, "L{x:.1} {y:.1}")?,
                Step::Cubic(a, b, c, e, x, y) => write!(d, "C{a:.1} {b:.1} {c:.1} {e:.1} {x:.1} {y:.1}")?,
                Step::Close => d.push('Z'),
            }
        }
        let fill = match &shape.ink {
            Ink::Flat(rgb) => format!("#{rgb:06x}"),
            Ink::Fall(y1, from, y2, to) => {
                writeln!(
                    defs,
                    "<linearGradient id=\"g{n}\" gradientUnits=\"userSpaceOnUse\" x1=\"0\" y1=\"{y1}\" x2=\"0\" y2=\"{y2}\"><stop offset=\"0\" stop-color=\"#{from:06x}\"/><stop offset=\"1\" stop-color=\"#{to:06x}\"/></linearGradient>"
                )?;
                format!("url(#g{n})")
            }
            Ink::Round(x, y, r, stops) => {
                write!(
                    defs,
                    "<radialGradient id=\"g{n}\" gradientUnits=\"userSpaceOnUse\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\">"
                )?;
                for (at, (rgb, alpha)) in stops {
                    write!(defs, "<stop offset=\"{at}\" stop-color=\"#{rgb:06x}\" stop-opacity=\"{alpha}\"/>")?;
                }
                defs.push_str("</radialGradient>\n");
                format!("url(#g{n})")
            }
        };
        writeln!(body, "<path fill=\"{fill}\" d=\"{d}\"/>")?;
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\">\n<title>Boothlight</title>\n<defs>\n{defs}</defs>\n{body}</svg>\n"
    ))
}

fn colour(rgb: u32, alpha: f32) -> Color {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color::from_rgba8(r, g, b, (alpha * 255.0).round() as u8)
}

fn shader(ink: &Ink) -> Option<Shader<'static>> {
    match ink {
        Ink::Flat(rgb) => Some(Shader::SolidColor(colour(*rgb, 1.0))),
        Ink::Fall(y1, from, y2, to) => LinearGradient::new(
            Point::from_xy(0.0, *y1),
            Point::from_xy(0.0, *y2),
            vec![GradientStop::new(0.0, colour(*from, 1.0)), GradientStop::new(1.0, colour(*to, 1.0))],
            SpreadMode::Pad,
            Transform::identity(),
        ),
        Ink::Round(x, y, r, stops) => {
            let stops = stops.iter().map(|(at, (rgb, alpha))| GradientStop::new(*at, colour(*rgb, *alpha))).collect();
            let centre = Point::from_xy(*x, *y);
            RadialGradient::new(centre, 0.0, centre, *r, stops, SpreadMode::Pad, Transform::identity())
        }
    }
}

fn png(side_px: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut pixmap = Pixmap::new(side_px, side_px).ok_or("no pixels")?;
    let scale = Transform::from_scale(side_px as f32 / SIDE, side_px as f32 / SIDE);
    for shape in shapes() {
        let mut builder = PathBuilder::new();
        for step in shape.steps {
            match step {
                Step::Move(x, y) => builder.move_to(x, y),
                Step::Line(x, y) => builder.line_to(x, y),
                Step::Cubic(a, b, c, d, x, y) => builder.cubic_to(a, b, c, d, x, y),
                Step::Close => builder.close(),
            }
        }
        let path = builder.finish().ok_or("no path")?;
        let paint = Paint { shader: shader(&shape.ink).ok_or("no paint")?, anti_alias: true, ..Paint::default() };
        pixmap.fill_path(&path, &paint, FillRule::Winding, scale, None);
    }
    Ok(pixmap.encode_png()?)
}

/// Windows' container: a directory, then the PNGs as they are.
fn ico(sides: &[u32]) -> Result<Vec<u8>, Box<dyn Error>> {
    let images = sides.iter().map(|side| png(*side)).collect::<Result<Vec<_>, _>>()?;
    let mut out = vec![0, 0, 1, 0];
    out.extend((sides.len() as u16).to_le_bytes());
    let mut at = 6 + 16 * sides.len();
    for (side, image) in sides.iter().zip(&images) {
        // 256 is written as 0.
        let side = (side % 256) as u8;
        out.extend([side, side, 0, 0, 1, 0, 32, 0]);
        out.extend((image.len() as u32).to_le_bytes());
        out.extend((at as u32).to_le_bytes());
        at += image.len();
    }
    out.extend(images.concat());
    Ok(out)
}

/// Apple's container: type, length, PNG, one after another.
fn icns() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut body = Vec::new();
    for (kind, side) in [(b"icp4", 16), (b"ic11", 32), (b"ic12", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512)] {
        let image = png(side)?;
        body.extend(kind);
        body.extend((image.len() as u32 + 8).to_be_bytes());
        body.extend(image);
    }
    let mut out = b"icns".to_vec();
    out.extend((body.len() as u32 + 8).to_be_bytes());
    out.extend(body);
    Ok(out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir: PathBuf = std::env::args().nth(1).ok_or("which folder?")?.into();
    std::fs::create_dir_all(&dir)?;
    let put = |name: &str, bytes: &[u8]| std::fs::write(Path::new(&dir).join(name), bytes);
    put("icon.svg", svg()?.as_bytes())?;
    for (name, side) in [("32x32.png", 32), ("128x128.png", 128), ("128x128@2x.png", 256), ("icon.png", 512)] {
        put(name, &png(side)?)?;
    }
    put("icon.ico", &ico(&[16, 32, 48, 256])?)?;
    put("icon.icns", &icns()?)?;
    Ok(())
}
