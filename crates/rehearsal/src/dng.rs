//! A scene as the raw file that a sensor would have made of it: DNG 1.4, uncompressed 14 bits, RGGB.
//!
//! The file is laid out as cameras do: directories, thumbnail and preview in the first megabyte or two, the mosaic last.

use crate::exif::{ColourSpace, Exif, MAKE, MODEL};
use crate::jpeg::{PREVIEW_PX, Subsampling, bare};
use crate::rng::mix;
use crate::scene::Scene;
use crate::tiff::{HEADER, Ifd, Value};
use crate::{Error, enlarge};

/// What the sensor reads in the dark.
pub const BLACK_LEVEL: u16 = 512;
/// What it reads when full: below 2^14, as real ones are.
pub const WHITE_LEVEL: u16 = 15_600;
/// Columns left and rows above the picture that never see light. Even, so that the mosaic keeps its phase.
pub const MARGIN: (u32, u32) = (16, 8);
/// XYZ to the camera's own red, green and blue in daylight (D65), in ten-thousandths: our own invention, near real ones.
const COLOUR_MATRIX: [i32; 9] = [7100, -2050, -620, -4450, 12_250, 2450, -780, 2010, 6150];
/// Linear sRGB to XYZ (IEC 61966-2-1).
const SRGB_TO_XYZ: [[f32; 3]; 3] = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
/// Rows in one strip.
const STRIP_ROWS: u32 = 256;
/// Long side of the thumbnail in the first directory.
const THUMBNAIL_PX: u32 = 256;

/// How large the embedded JPEG is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreviewSize {
    /// Long side 1,620 px, as many cameras embed.
    #[default]
    Medium,
    /// As large as the picture.
    Full,
}

/// How a DNG is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct DngOptions {
    /// Size of the embedded JPEG.
    pub preview: PreviewSize,
    /// Seed of the sensor's noise.
    pub seed: u64,
}

/// The bytes of a DNG of `scene`, whose pixels are stored as `exif.orientation` says. Odd last rows and columns are cut.
pub fn dng(scene: &Scene, exif: &Exif, options: DngOptions) -> Result<Vec<u8>, Error> {
    let (width, height) = (scene.width_px & !1, scene.height_px & !1);
    if width == 0 || height == 0 || scene.rgb.len() != scene.width_px as usize * scene.height_px as usize * 3 {
        return Err(Error::Size { width_px: scene.width_px, height_px: scene.height_px });
    }
    let thumbnail = enlarge::reduced(scene, THUMBNAIL_PX);
    let preview_scene = match options.preview {
        PreviewSize::Medium => enlarge::reduced(scene, PREVIEW_PX),
        PreviewSize::Full => scene.clone(),
    };
    let preview = bare(&preview_scene, 88, Subsampling::Half, false)?;
    let mosaic = Mosaic { width: width + MARGIN.0, height: height + MARGIN.1 };

    let mut main = main_ifd(exif, &thumbnail);
    let mut raw = raw_ifd(mosaic, width, height);
    let mut jpeg = preview_ifd(&preview_scene, preview.len());
    let details = exif.exif_ifd(width, height, ColourSpace::Srgb);

    let main_at = HEADER.len() as u32;
    let details_at = main_at + main.len_bytes();
    let raw_at = details_at + details.len_bytes();
    let jpeg_at = raw_at + raw.len_bytes();
    let thumbnail_at = jpeg_at + jpeg.len_bytes();
    let preview_at = (thumbnail_at + thumbnail.rgb.len() as u32).next_multiple_of(16);
    let strips_at = (preview_at + preview.len() as u32).next_multiple_of(4096);

    main.long(0x8769, details_at).set(0x014A, Value::Long(vec![raw_at, jpeg_at])).long(0x0111, thumbnail_at);
    jpeg.long(0x0111, preview_at);
    raw.set(0x0111, Value::Long(mosaic.strips().map(|(row, _)| strips_at + row * mosaic.width * 2).collect()));

    let mut out = Vec::with_capacity(strips_at as usize + mosaic.len_bytes());
    out.extend(HEADER);
    main.write(main_at, 0, &mut out);
    details.write(details_at, 0, &mut out);
    raw.write(raw_at, 0, &mut out);
    jpeg.write(jpeg_at, 0, &mut out);
    out.extend_from_slice(&thumbnail.rgb);
    out.resize(preview_at as usize, 0);
    out.extend_from_slice(&preview);
    out.resize(strips_at as usize, 0);
    mosaic.expose(scene, options.seed, &mut out);
    Ok(out)
}

/// IFD0: what the camera is and how its colours are meant, with a small uncompressed picture, as DNG wants it first.
fn main_ifd(exif: &Exif, thumbnail: &Scene) -> Ifd {
    let mut ifd = exif.main_ifd();
    let neutral = neutral();
    ifd.long(0x00FE, 1)
        .long(0x0100, thumbnail.width_px)
        .long(0x0101, thumbnail.height_px)
        .set(0x0102, Value::Short(vec![8, 8, 8]))
        .short(0x0103, 1)
        .short(0x0106, 2)
        .long(0x0111, 0)
        .short(0x0115, 3)
        .long(0x0116, thumbnail.height_px)
        .long(0x0117, thumbnail.rgb.len() as u32)
        .set(0x011A, Value::Rational(vec![(300, 1)]))
        .set(0x011B, Value::Rational(vec![(300, 1)]))
        .short(0x011C, 1)
        .short(0x0128, 2)
        .set(0x014A, Value::Long(vec![0, 0]))
        .set(0xC612, Value::Byte(vec![1, 4, 0, 0]))
        .set(0xC613, Value::Byte(vec![1, 1, 0, 0]))
        .text(0xC614, format!("{MAKE} {MODEL}"))
        .set(0xC621, Value::SignedRational(COLOUR_MATRIX.map(|n| (n, 10_000)).to_vec()))
        .set(0xC628, Value::Rational(neutral.map(|level| ((level * 1e6).round() as u32, 1_000_000)).to_vec()))
        .set(0xC62A, Value::SignedRational(vec![(0, 100)]))
        .set(0xC62B, Value::Rational(vec![(1, 1)]))
        .set(0xC62C, Value::Rational(vec![(1, 1)]))
        .text(0xC62F, exif.serial.clone())
        .short(0xC65A, 21); // CalibrationIlluminant1: D65
    ifd
}

fn raw_ifd(mosaic: Mosaic, width: u32, height: u32) -> Ifd {
    let mut ifd = Ifd::default();
    ifd.long(0x00FE, 0)
        .long(0x0100, mosaic.width)
        .long(0x0101, mosaic.height)
        .short(0x0102, 16)
        .short(0x0103, 1)
        .short(0x0106, 32_803) // colour filter array
        .set(0x0111, Value::Long(mosaic.strips().map(|_| 0).collect()))
        .short(0x0115, 1)
        .long(0x0116, STRIP_ROWS)
        .set(0x0117, Value::Long(mosaic.strips().map(|(_, rows)| rows * mosaic.width * 2).collect()))
        .short(0x011C, 1)
        .set(0x828D, Value::Short(vec![2, 2]))
        .set(0x828E, Value::Byte(vec![0, 1, 1, 2])) // RG over GB
        .set(0xC616, Value::Byte(vec![0, 1, 2]))
        .short(0xC617, 1)
        .set(0xC619, Value::Short(vec![1, 1]))
        .short(0xC61A, BLACK_LEVEL)
        .short(0xC61D, WHITE_LEVEL)
        .set(0xC61E, Value::Rational(vec![(1, 1), (1, 1)]))
        .set(0xC61F, Value::Long(vec![0, 0]))
        .set(0xC620, Value::Long(vec![width, height]))
        .set(0xC68D, Value::Long(vec![MARGIN.1, MARGIN.0, MARGIN.1 + height, MARGIN.0 + width]))
        .set(0xC68E, Value::Long(vec![0, 0, MARGIN.1 + height, MARGIN.0]));
    ifd
}

fn preview_ifd(preview: &Scene, len: usize) -> Ifd {
    let mut ifd = Ifd::default();
    ifd.long(0x00FE, 1)
        .long(0x0100, preview.width_px)
        .long(0x0101, preview.height_px)
        .set(0x0102, Value::Short(vec![8, 8, 8]))
        .short(0x0103, 7)
        .short(0x0106, 6)
        .long(0x0111, 0)
        .short(0x0115, 3)
        .long(0x0116, preview.height_px)
        .long(0x0117, len as u32)
        .short(0x011C, 1)
        .set(0x0212, Value::Short(vec![2, 1]))
        .short(0x0213, 1)
        .set(0x0214, Value::Rational([0, 255, 128, 255, 128, 255].map(|n| (n, 1)).to_vec()))
        .long(0xC71A, 2); // PreviewColorSpace: sRGB
    ifd
}

/// The camera's response to the light that the eye calls white.
fn neutral() -> [f32; 3] {
    let white = camera_from_srgb().map(|row| row.iter().sum::<f32>());
    white.map(|level| level / white[1])
}

/// Linear sRGB to the camera's channels.
fn camera_from_srgb() -> [[f32; 3]; 3] {
    std::array::from_fn(|row| {
        std::array::from_fn(|column| {
            (0..3).map(|k| COLOUR_MATRIX[row * 3 + k] as f32 / 10_000.0 * SRGB_TO_XYZ[k][column]).sum()
        })
    })
}

/// The sensor with its dark margins.
#[derive(Clone, Copy)]
struct Mosaic {
    width: u32,
    height: u32,
}

impl Mosaic {
    fn len_bytes(self) -> usize {
        self.width as usize * self.height as usize * 2
    }

    /// First row and number of rows of each strip.
    fn strips(self) -> impl Iterator<Item = (u32, u32)> {
        (0..self.height).step_by(STRIP_ROWS as usize).map(move |row| (row, STRIP_ROWS.min(self.height - row)))
    }

    /// Appends what the sensor reads before `scene`, with the noise of light and of reading.
    fn expose(self, scene: &Scene, seed: u64, out: &mut Vec<u8>) {
        let matrix = camera_from_srgb();
        let full = f32::from(WHITE_LEVEL - BLACK_LEVEL);
        // White fills the green pixels; red and blue stay below, as AsShotNeutral says.
        let gain = full / matrix[1].iter().sum::<f32>();
        let linear = linear_levels();
        let mut start = out.len();
        out.resize(start + self.len_bytes(), 0);
        for y in 0..self.height {
            let mut bits = mix(seed ^ u64::from(y) << 20 ^ 0xD1CE);
            let mut site = |signal: f32| {
                bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let dice = (bits >> 33) as u32;
                let bell = ((dice & 0xFF) + (dice >> 8 & 0xFF) + (dice >> 16 & 0xFF)) as f32 / 128.0 - 3.0;
                let noise = bell * (3.0 + signal.max(0.0).sqrt() * 0.5);
                (f32::from(BLACK_LEVEL) + signal + noise).clamp(0.0, f32::from(WHITE_LEVEL)) as u16
            };
            let Some(row) = out.get_mut(start..start + self.width as usize * 2) else { return };
            start += self.width as usize * 2;
            let dark = if y < MARGIN.1 { self.width } else { MARGIN.0 } as usize;
            let (margin, lit) = row.split_at_mut(dark * 2);
            margin.chunks_exact_mut(2).for_each(|pair| pair.copy_from_slice(&site(0.0).to_le_bytes()));
            if y < MARGIN.1 {
                continue;
            }
            let line = &scene.rgb[((y - MARGIN.1) * scene.width_px * 3) as usize..];
            let parity = (y & 1) as usize;
            for (x, (pair, rgb)) in lit.chunks_exact_mut(2).zip(line.chunks_exact(3)).enumerate() {
                let [r, g, b] = matrix[parity + (x & 1)];
                let light = linear[rgb[0] as usize] * r + linear[rgb[1] as usize] * g + linear[rgb[2] as usize] * b;
                pair.copy_from_slice(&site(light * gain).to_le_bytes());
            }
        }
    }
}

/// sRGB levels as light (IEC 61966-2-1).
fn linear_levels() -> [f32; 256] {
    std::array::from_fn(|level| {
        let level = level as f32 / 255.0;
        if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    })
}
