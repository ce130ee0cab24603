//! A raw file's bytes to samples, with LibRaw. For the worker only: LibRaw meets bytes that nobody checked.

use model::Orientation;

use super::{BlackLevels, Cfa, Colour, Layout, Raw, Sensor, packed, unpack::Unpacker};
use crate::DecodeError;

/// Samples that are decoded at most: the largest camera has 150 million.
const SAMPLES_MAX: usize = 220 << 20;
/// Samples that packed parts may speak of together: all that are decoded, and what fills up the last tiles.
const CLAIMED_SAMPLES_MAX: u64 = 2 * SAMPLES_MAX as u64;
/// Where less than this share of the nominal white is reached, LibRaw keeps the nominal one (its `adjust_maximum_thr`).
const WHITE_SHARE_MIN: f32 = 0.75;

/// A decoded raw whose samples are still LibRaw's.
#[derive(Debug)]
pub(crate) struct Decoded {
    file: libraw::Decoded,
    sensor: Sensor,
}

/// Decodes all of a raw.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
    let packed = packed::examine(&bytes);
    if packed.claimed_samples > CLAIMED_SAMPLES_MAX {
        return Err(DecodeError::TooLarge);
    }
    let file = libraw::File::open(bytes)?.decode_with(Unpacker)?;
    if file.samples() > SAMPLES_MAX {
        return Err(DecodeError::TooLarge);
    }
    let mut sensor = sensor(file.facts())?;
    sensor.damaged |= packed.has_gaps;
    Ok(Decoded { file, sensor })
}

impl Decoded {
    /// How many samples [`Self::copy_to`] wants room for.
    pub fn samples(&self) -> usize {
        self.file.samples()
    }

    /// Copies the samples, and says what they mean.
    pub fn copy_to(mut self, out: &mut [u16]) -> Result<Sensor, DecodeError> {
        self.file.copy_to(out)?;
        let facts = self.file.facts();
        if !facts.white_is_sure {
            let range = self.sensor.white - self.sensor.black.mean();
            let reached = largest_above_black(&Raw { sensor: &self.sensor, samples: out });
            if reached < range && reached > range * WHITE_SHARE_MIN {
                self.sensor.white_in_use = self.sensor.black.mean() + reached;
            }
        }
        Ok(self.sensor)
    }
}

fn sensor(facts: &libraw::Facts) -> Result<Sensor, DecodeError> {
    let layout = layout(&facts.layout)?;
    let black = black(facts);
    let white = facts.white as f32;
    if white <= black.mean() || facts.width_px == 0 || facts.height_px == 0 {
        return Err(DecodeError::Data { detail: "black is not below white".into() });
    }
    let srgb_from_camera = facts.rgb_cam.map(|[r, g, b, _]| [r, g, b]);
    if !srgb_from_camera.as_flattened().iter().all(|value| value.is_finite()) {
        return Err(DecodeError::Data { detail: "the colour matrix makes no sense".into() });
    }
    let (as_shot, daylight) = if facts.white_balanced {
        (Some([1.0; 3]), [1.0; 3])
    } else {
        (multipliers(facts.cam_mul), multipliers(facts.pre_mul).unwrap_or([1.0; 3]))
    };
    Ok(Sensor {
        width_px: facts.width_px,
        height_px: facts.height_px,
        shown_px: facts.crop_px.unwrap_or((0, 0, facts.width_px, facts.height_px)),
        pixel_aspect: Some(facts.pixel_aspect).filter(|aspect| (0.25..=4.0).contains(aspect)).unwrap_or(1.0),
        layout,
        black,
        white,
        white_in_use: white,
        as_shot,
        daylight,
        srgb_from_camera,
        camera_from_xyz: matrix(&facts.cam_xyz),
        orientation: orientation(facts.flip),
        // LibRaw marks "none" with a large negative number.
        baseline_exposure_ev: Some(facts.baseline_exposure_ev).filter(|ev| ev.abs() <= 5.0).unwrap_or(0.0),
        make: facts.make.clone(),
        model: facts.model.clone(),
        lens: Some(facts.lens.clone()).filter(|lens| !lens.is_empty()),
        iso: known(facts.exposure.iso),
        shutter_s: known(facts.exposure.shutter_s),
        aperture_f: known(facts.exposure.aperture_f),
        focal_mm: known(facts.exposure.focal_mm),
        damaged: facts.damaged,
    })
}

/// A fact of the exposure; 0 where the file says what cannot be. The answer to the parent holds no numbers but finite ones.
fn known(value: f32) -> f32 {
    if value.is_finite() && value > 0.0 { value } else { 0.0 }
}

fn layout(found: &libraw::Layout) -> Result<Layout, DecodeError> {
    match found {
        libraw::Layout::Rgb => Ok(Layout::Rgb),
        libraw::Layout::Grey => Ok(Layout::Grey),
        libraw::Layout::Mosaic { side, channels } => {
            let colour = |channel: &u8| match channel {
                0 => Colour::Red,
                2 => Colour::Blue,
                _ => Colour::Green,
            };
            let cfa = Cfa::new(*side, channels.iter().map(colour).collect());
            cfa.map(Layout::Mosaic).map_err(|_| DecodeError::Undevelopable)
        }
    }
}

/// LibRaw's three parts as one block: common, by channel, by place.
fn black(facts: &libraw::Facts) -> BlackLevels {
    let (side, channels) = match &facts.layout {
        libraw::Layout::Mosaic { side, channels } => (*side, channels.as_slice()),
        _ => (1, [0].as_slice()),
    };
    let (columns, rows, places) = match &facts.black_block {
        Some((columns, rows, places)) => (*columns, *rows, places.as_slice()),
        None => (1, 1, [0].as_slice()),
    };
    let (width, height) = (common_multiple(side, columns), common_multiple(side, rows));
    let level = |index: usize| {
        let (row, column) = (index / width, index % width);
        let channel = channels.get(row % side * side + column % side).copied().unwrap_or(0);
        let by_channel = facts.black_channel.get(usize::from(channel)).copied().unwrap_or(0);
        let by_place = places.get(row % rows * columns + column % columns).copied().unwrap_or(0);
        (f64::from(facts.black) + f64::from(by_channel) + f64::from(by_place)) as f32
    };
    let values = (0..width * height).map(level).collect();
    BlackLevels::block(width, height, values).unwrap_or_else(|| BlackLevels::flat(facts.black as f32))
}

fn common_multiple(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a.max(1), b.max(1));
    let product = x * y;
    while y > 0 {
        (x, y) = (y, x % y);
    }
    product / x
}

/// Red, green, blue with green at 1; nothing where the camera told nothing that can be true.
fn multipliers([r, g, b, _]: [f32; 4]) -> Option<[f32; 3]> {
    let balanced = [r / g, 1.0, b / g];
    let sound = g > 0.0 && balanced.iter().all(|value| value.is_finite() && (0.05..=20.0).contains(value));
    sound.then_some(balanced)
}

fn matrix(rows: &[[f32; 3]; 4]) -> Option<[[f32; 3]; 3]> {
    let [r, g, b, _] = *rows;
    let known =
        [r, g, b].iter().all(|row| row.iter().any(|value| value.abs() > 1e-6) && row.iter().all(|n| n.is_finite()));
    known.then_some([r, g, b])
}

/// LibRaw's bits: 4 swaps the axes, then 2 turns upside down and 1 mirrors.
fn orientation(flip: i32) -> Orientation {
    let exif = [1, 2, 4, 3, 5, 8, 6, 7];
    Orientation::from(usize::try_from(flip).ok().and_then(|flip| exif.get(flip).copied()).unwrap_or(1))
}

/// The largest sample, after its own black is taken away.
fn largest_above_black(raw: &Raw<'_>) -> f32 {
    let sensor = raw.sensor;
    let each = sensor.layout.samples_per_pixel();
    let row_samples = sensor.width_px as usize * each;
    let (width, height) = sensor.black.size();
    let period = width * each;
    let mut largest = vec![0_u16; period * height];
    for (row, samples) in raw.samples.chunks_exact(row_samples.max(1)).enumerate() {
        let Some(kept) = largest.get_mut(row % height * period..(row % height + 1) * period) else { continue };
        let mut wide = [0_u16; 96];
        // A multiple of every period that occurs often, wide enough for vector instructions.
        if wide.len().is_multiple_of(period) {
            for block in samples.chunks(wide.len()) {
                for (most, sample) in wide.iter_mut().zip(block) {
                    *most = (*most).max(*sample);
                }
            }
            for (index, most) in wide.iter().enumerate() {
                kept[index % period] = kept[index % period].max(*most);
            }
        } else {
            for (index, sample) in samples.iter().enumerate() {
                kept[index % period] = kept[index % period].max(*sample);
            }
        }
    }
    let above =
        |(index, most): (usize, &u16)| f32::from(*most) - sensor.black.at(index / period, index % period / each);
    largest.iter().enumerate().map(above).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flips_are_the_exif_standards() {
        let seen: Vec<u8> = (0..8).map(|flip| orientation(flip).value()).collect();
        // LibRaw's manual names 3 (180 degrees), 5 (90 to the left) and 6 (90 to the right).
        assert_eq!((seen[0], seen[3], seen[5], seen[6]), (1, 3, 8, 6));
        assert_eq!(orientation(-1).value(), 1);
    }

    #[test]
    fn blocks_of_different_sizes_meet() {
        assert_eq!((common_multiple(2, 6), common_multiple(6, 4), common_multiple(1, 1)), (6, 12, 1));
    }
}
