//! Raws that no camera wrote: a maker's name, a packing and noise, put together by dice. They lead LibRaw into decoders for
//! which no sample of a camera is at hand.

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::support::{
    Dice,
    tiff::{Value, directory},
};

/// Makers and one of their models each, as cameras write them.
const CAMERAS: [(&str, &str); 28] = [
    ("SONY", "ILCE-7M3"),
    ("SONY", "DSLR-A100"),
    ("NIKON CORPORATION", "NIKON D850"),
    ("NIKON CORPORATION", "NIKON Z 6"),
    ("NIKON", "E5700"),
    ("Canon", "Canon EOS R6"),
    ("PENTAX Corporation", "PENTAX K-3"),
    ("RICOH", "GR III"),
    ("OLYMPUS CORPORATION", "E-M1MarkII"),
    ("Panasonic", "DC-GH5"),
    ("LEICA CAMERA AG", "LEICA M10"),
    ("FUJIFILM", "X-T3"),
    ("SAMSUNG", "NX1"),
    ("Phase One", "IQ3 100MP"),
    ("Hasselblad", "Hasselblad X1D"),
    ("EASTMAN KODAK COMPANY", "KODAK DCS Pro 14N"),
    ("Kodak", "DCS760C"),
    ("SEIKO EPSON CORP.", "R-D1"),
    ("Mamiya-OP Co.,Ltd.", "MAMIYA ZD"),
    ("Leaf", "Leaf Aptus 22"),
    ("SIGMA", "fp"),
    ("CASIO COMPUTER CO.,LTD.", "EX-Z1050"),
    ("Minolta Co., Ltd.", "DiMAGE A1"),
    ("KONICA MINOLTA", "DYNAX 7D"),
    ("GoPro", "HERO9 Black"),
    ("DJI", "FC6310"),
    ("Apple", "iPhone 12 Pro"),
    ("Boothlight", "Rehearsal R1"),
];
/// Packings that some LibRaw decoder claims; most are 1 (none) in the world.
const PACKINGS: [u16; 19] =
    [1, 1, 1, 6, 7, 7, 8, 9, 262, 32_766, 32_767, 32_769, 32_770, 32_773, 34_713, 34_892, 52_546, 65_000, 65_535];
/// Bits of a sample.
const BITS: [u16; 8] = [8, 10, 12, 12, 14, 14, 16, 32];

/// What is decided about a raw before it is built.
#[derive(Clone, Debug)]
pub struct Wild {
    camera: (&'static str, &'static str),
    packing: u16,
    bits: u16,
    size: (u32, u32),
    dng: bool,
    linear: bool,
    tile: Option<(u32, u32)>,
    big_strip: u32,
    cfa: Vec<u8>,
    noise: u64,
}

impl Wild {
    /// One that the dice choose.
    pub fn thrown(dice: &mut Dice) -> Self {
        let dng = dice.roll(2) == 0;
        let xtrans = dng && dice.roll(8) == 0;
        Self {
            camera: CAMERAS[dice.roll(CAMERAS.len())],
            packing: PACKINGS[dice.roll(PACKINGS.len())],
            bits: BITS[dice.roll(BITS.len())],
            size: (32 + 16 * dice.roll(24) as u32, 24 + 2 * dice.roll(120) as u32),
            dng,
            linear: dng && dice.roll(5) == 0,
            tile: (dice.roll(4) == 0).then(|| (16 << dice.roll(4), 16 << dice.roll(4))),
            big_strip: [1, 1, 1, 2, 4][dice.roll(5)],
            cfa: if xtrans {
                (0..36).map(|_| dice.roll(3) as u8).collect()
            } else {
                [[0, 1, 1, 2], [2, 1, 1, 0], [1, 0, 2, 1], [1, 2, 0, 1]][dice.roll(4)].to_vec()
            },
            noise: dice.roll(1 << 30) as u64 + 1,
        }
    }

    /// A small DNG of a kind that the dice seldom bring together: whole, and decoded without complaint.
    pub fn dng(packing: u16, linear: bool, tile: Option<(u32, u32)>, size: (u32, u32)) -> Self {
        let (camera, cfa, bits) = (("Boothlight", "Rehearsal R1"), vec![0, 1, 1, 2], if packing == 1 { 16 } else { 8 });
        Self { camera, packing, bits, size, dng: true, linear, tile, big_strip: 1, cfa, noise: 77 }
    }

    /// A small Sony raw of 8 bits a sample (ARW 2): any bytes are a picture.
    pub fn arw(size: (u32, u32)) -> Self {
        Self { camera: CAMERAS[0], dng: false, ..Self::dng(32_767, false, None, size) }
    }

    fn samples(&self) -> u32 {
        if self.linear { 3 } else { 1 }
    }

    /// Its name in a report.
    pub fn extension(&self) -> &'static str {
        match self.camera.0 {
            _ if self.dng => "dng",
            "SONY" => "arw",
            "NIKON CORPORATION" | "NIKON" => "nef",
            "PENTAX Corporation" | "RICOH" => "pef",
            _ => "raw",
        }
    }

    /// The file's bytes.
    pub fn file(&self) -> Vec<u8> {
        let parts = self.parts();
        let head_len = self.head(&vec![(0, 0); parts.len()]).len();
        let mut at = head_len as u32;
        let mut places = Vec::new();
        for part in &parts {
            places.push((at, part.len() as u32));
            at += part.len() as u32;
        }
        self.head(&places).into_iter().chain(parts.concat()).collect()
    }

    /// Strips or tiles.
    fn parts(&self) -> Vec<Vec<u8>> {
        let mut dice = Dice(self.noise);
        let (width, height) = self.tile.unwrap_or(self.size);
        let count = self.tile.map_or(1, |(w, h)| self.size.0.div_ceil(w) * self.size.1.div_ceil(h));
        (0..count).map(|_| self.part(width, height, &mut dice)).collect()
    }

    fn part(&self, width: u32, height: u32, dice: &mut Dice) -> Vec<u8> {
        let samples = (width * height * self.samples()) as usize;
        // Neighbours are alike, as in pictures: what is packed by differences stays within its range.
        let mut level = 128_i32;
        let mut smooth = || {
            level = (level + dice.roll(9) as i32 - 4).clamp(20, 230);
            level as u8
        };
        match self.packing {
            7 | 34_892 if self.dng || self.bits == 8 => {
                let pixels: Vec<u8> = (0..samples).map(|_| smooth()).collect();
                jpeg(&pixels, width as usize, height as usize, self.linear, self.packing == 7)
            }
            52_546 if self.bits == 8 => {
                let pixels: Vec<u8> = (0..samples).map(|_| smooth()).collect();
                jxl(&pixels, width as usize, height as usize, self.linear)
            }
            1 => {
                let len = samples * usize::from(self.bits) / 8 * self.big_strip as usize;
                (0..len).map(|_| smooth() & if self.bits > 8 && self.bits < 16 { 0x3F } else { 0xFF }).collect()
            }
            // ARW 2 is one byte a sample; the others take about as much.
            _ => (0..samples * self.big_strip as usize).map(|_| dice.roll(256) as u8).collect(),
        }
    }

    fn head(&self, places: &[(u32, u32)]) -> Vec<u8> {
        let (at, len): (Vec<u32>, Vec<u32>) = places.iter().copied().unzip();
        let (width, height) = self.size;
        let bits = vec![self.bits; self.samples() as usize];
        let side = if self.cfa.len() == 36 { 6 } else { 2 };
        let (repeat, crop, active) = ([side, side], [width, height], [0, 0, height, width]);
        let white = (1_u32 << self.bits.min(16)) - 1;
        let mut tags = vec![
            (0x00FE, Value::Long(0)),
            (0x0100, Value::Long(width)),
            (0x0101, Value::Long(height)),
            (0x0102, Value::Shorts(&bits)),
            (0x0103, Value::Short(self.packing)),
            (0x0106, Value::Short(if self.linear { 34_892 } else { 32_803 })),
            (0x010F, Value::Text(self.camera.0)),
            (0x0110, Value::Text(self.camera.1)),
        ];
        if self.tile.is_none() {
            tags.push((0x0111, Value::Longs(&at)));
        }
        tags.extend([(0x0112, Value::Short(1)), (0x0115, Value::Short(self.samples() as u16))]);
        match self.tile {
            None => tags.extend([(0x0116, Value::Long(height)), (0x0117, Value::Longs(&len))]),
            Some((w, h)) => tags.extend([
                (0x0142, Value::Long(w)),
                (0x0143, Value::Long(h)),
                (0x0144, Value::Longs(&at)),
                (0x0145, Value::Longs(&len)),
            ]),
        }
        tags.extend([(0x011C, Value::Short(1)), (0x828D, Value::Shorts(&repeat)), (0x828E, Value::Bytes(&self.cfa))]);
        if self.dng {
            tags.extend([
                (0xC612, Value::Bytes(&[1, 4, 0, 0])),
                (0xC61A, Value::Short(16)),
                (0xC61D, Value::Long(white)),
                (0xC620, Value::Longs(&crop)),
                (0xC621, Value::Parts(&[7100, -2050, -620, -4450, 12_250, 2450, -780, 2010, 6150])),
                (0xC628, Value::Parts(&[5000, 10_000, 7000])),
                (0xC65A, Value::Short(21)),
                (0xC68D, Value::Longs(&active)),
            ]);
        }
        [b"II\x2A\0\x08\0\0\0", directory(8, &tags).as_slice()].concat()
    }
}

/// A JPEG of one plane, or of three: lossless (T.81 annex H), as raws use it, or ordinary, as lossy DNGs do.
fn jpeg(pixels: &[u8], width: usize, height: usize, colour: bool, lossless: bool) -> Vec<u8> {
    let format = if colour { PixelFormat::RGB } else { PixelFormat::GRAY };
    let mut encoder = Compressor::new().unwrap();
    encoder.set_lossless(lossless).unwrap();
    if !lossless {
        encoder.set_quality(90).unwrap();
        encoder.set_subsamp(if colour { Subsamp::None } else { Subsamp::Gray }).unwrap();
    }
    encoder.compress_to_vec(Image { pixels, width, pitch: width * format.size(), height, format }).unwrap()
}

/// JPEG XL without loss.
fn jxl(pixels: &[u8], width: usize, height: usize, is_rgb: bool) -> Vec<u8> {
    use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};
    let colours = if is_rgb { ColorSpace::RGB } else { ColorSpace::Luma };
    let mut out = Vec::new();
    let options = EncoderOptions::new(width, height, colours, BitDepth::Eight);
    zune_jpegxl::JxlSimpleEncoder::new(pixels, options).encode(&mut out).unwrap();
    out
}
