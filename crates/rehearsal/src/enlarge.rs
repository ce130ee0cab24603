//! From the drawing's size to the sensor's, with grain; and down again for previews.

use tiny_skia::Pixmap;

use crate::rng::mix;
use crate::scene::Scene;

/// Fixed-point weights have this many bits.
const BITS: u32 = 7;

/// Where one output pixel looks in the drawing: four neighbours and their weights (Catmull-Rom, sum 128).
#[derive(Clone, Copy)]
struct Tap {
    index: [u32; 4],
    weight: [i32; 4],
}

/// The drawing at `width_px` x `height_px`, with film grain of `grain` levels.
pub(crate) fn enlarged(drawing: &Pixmap, width_px: u32, height_px: u32, grain: i32, seed: u64) -> Scene {
    let (from_width, from_height) = (drawing.width(), drawing.height());
    let columns = taps(from_width, width_px);
    let rows = taps(from_height, height_px);
    let stride = width_px as usize * 3;
    let mut rgb = vec![0u8; stride * height_px as usize];
    let noise = Noise::new(seed, grain);
    // Rows of the drawing already stretched to the full width; four are enough, as each output row uses four neighbours.
    let mut stretched: [(u32, Vec<i16>); 4] = std::array::from_fn(|_| (u32::MAX, vec![0i16; stride]));
    for (y, (out, tap)) in rgb.chunks_exact_mut(stride.max(1)).zip(&rows).enumerate() {
        for row in tap.index {
            let slot = &mut stretched[row as usize % 4];
            if slot.0 != row {
                slot.0 = row;
                stretch(drawing, row, &columns, &mut slot.1);
            }
        }
        let [a, b, c, d] = tap.index.map(|row| stretched[row as usize % 4].1.as_slice());
        blend_rows(out, [a, b, c, d], tap.weight);
        noise.add(out, y as u64);
    }
    Scene { rgb, width_px, height_px }
}

/// The four neighbours of each of `to` positions spread over `from` pixels.
fn taps(from: u32, to: u32) -> Vec<Tap> {
    let last = from.saturating_sub(1) as i64;
    (0..to)
        .map(|n| {
            let at = (n as f32 + 0.5) * from as f32 / to as f32 - 0.5;
            let base = at.floor();
            let t = at - base;
            let w = [
                ((-0.5 * t + 1.0) * t - 0.5) * t,
                (1.5 * t - 2.5) * t * t + 1.0,
                ((-1.5 * t + 2.0) * t + 0.5) * t,
                (0.5 * t - 0.5) * t * t,
            ];
            let mut weight = w.map(|w| (w * (1 << BITS) as f32).round() as i32);
            weight[1] += (1 << BITS) - weight.iter().sum::<i32>();
            let index = [-1, 0, 1, 2].map(|d| (base as i64 + d).clamp(0, last) as u32);
            Tap { index, weight }
        })
        .collect()
}

/// One row of the drawing at the full width.
fn stretch(drawing: &Pixmap, row: u32, columns: &[Tap], out: &mut [i16]) {
    let width = drawing.width() as usize;
    let pixels = drawing.pixels();
    let Some(line) = pixels.get(row as usize * width..(row as usize + 1) * width) else { return };
    let line: Vec<[i32; 3]> =
        line.iter().map(|p| [i32::from(p.red()), i32::from(p.green()), i32::from(p.blue())]).collect();
    for (out, tap) in out.chunks_exact_mut(3).zip(columns) {
        let [a, b, c, d] = tap.index.map(|i| line[i as usize]);
        let [wa, wb, wc, wd] = tap.weight;
        for (k, out) in out.iter_mut().enumerate() {
            *out = ((a[k] * wa + b[k] * wb + c[k] * wc + d[k] * wd) >> (BITS - 4)) as i16;
        }
    }
}

/// Four stretched rows (sixteenths of a level) become one row of 8-bit levels.
fn blend_rows(out: &mut [u8], rows: [&[i16]; 4], weight: [i32; 4]) {
    let [a, b, c, d] = rows;
    let [wa, wb, wc, wd] = weight.map(|w| w as i16);
    for ((((out, a), b), c), d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        let sum = i32::from(*a) * i32::from(wa)
            + i32::from(*b) * i32::from(wb)
            + i32::from(*c) * i32::from(wc)
            + i32::from(*d) * i32::from(wd);
        *out = (sum >> (BITS + 4)).clamp(0, 255) as u8;
    }
}

/// Grain that looks like a sensor's: mostly in the luminance, the same for the same seed.
struct Noise {
    table: Vec<[i8; 3]>,
    seed: u64,
}

impl Noise {
    /// A power of two, so that a mask wraps; large enough that no repetition shows, as each row starts elsewhere.
    const LEN: usize = 1 << 16;

    fn new(seed: u64, grain: i32) -> Self {
        let table = (0..Self::LEN as u64)
            .map(|n| {
                let bits = mix(n ^ 0xA5A5_5A5A_0F0F_F0F0);
                // The sum of four dice is round enough a bell.
                let die = |shift: u32| (bits >> shift & 0xFF) as i32 - 128;
                let luma = (die(0) + die(8) + die(16) + die(24)) * grain / 256;
                [(luma + die(32) * grain / 256) as i8, luma as i8, (luma + die(40) * grain / 256) as i8]
            })
            .collect();
        Self { table, seed }
    }

    fn add(&self, row: &mut [u8], y: u64) {
        let start = mix(self.seed ^ y) as usize & (Self::LEN - 1);
        let (head, tail) = (&self.table[start..], &self.table[..start]);
        for (pixel, noise) in row.chunks_exact_mut(3).zip(head.iter().chain(tail).cycle()) {
            for (level, noise) in pixel.iter_mut().zip(noise) {
                *level = level.saturating_add_signed(*noise);
            }
        }
    }
}

/// The picture with its long side at most `long_px`: a mean over boxes.
pub(crate) fn reduced(scene: &Scene, long_px: u32) -> Scene {
    let long = scene.width_px.max(scene.height_px);
    if long <= long_px || long == 0 {
        return scene.clone();
    }
    let side = |px: u32| (u64::from(px) * u64::from(long_px) / u64::from(long)).max(1) as u32;
    let (width_px, height_px) = (side(scene.width_px), side(scene.height_px));
    let edge = |n: u32, from: u32, to: u32| (u64::from(n) * u64::from(from) / u64::from(to)) as usize;
    let stride = scene.width_px as usize * 3;
    let mut rgb = Vec::with_capacity(width_px as usize * height_px as usize * 3);
    for y in 0..height_px {
        let rows = edge(y, scene.height_px, height_px)..edge(y + 1, scene.height_px, height_px);
        for x in 0..width_px {
            let columns = edge(x, scene.width_px, width_px) * 3..edge(x + 1, scene.width_px, width_px) * 3;
            let mut sum = [0u32; 3];
            for row in rows.clone() {
                let line = &scene.rgb[row * stride..][columns.clone()];
                for pixel in line.chunks_exact(3) {
                    sum.iter_mut().zip(pixel).for_each(|(sum, level)| *sum += u32::from(*level));
                }
            }
            let count = (rows.len() * columns.len() / 3).max(1) as u32;
            rgb.extend(sum.map(|sum| (sum / count) as u8));
        }
    }
    Scene { rgb, width_px, height_px }
}
