//! A raw of our own making: samples of any layout as an uncompressed 16-bit DNG (Adobe's DNG specification 1.4).
//!
//! One directory, one strip, nothing that a reader could stumble over; hostile files begin here too, by a tag that is
//! replaced or added ([`Dng::tags`]) or by bytes changed afterwards.

use develop::raw::{Cfa, Layout};

use super::tiff::{Value, directory};

/// CIE XYZ (D65) to linear sRGB (IEC 61966-2-1): a camera whose colours are sRGB's own.
pub const SRGB_FROM_XYZ: [[f32; 3]; 3] =
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]];

/// What goes into the file.
#[derive(Clone)]
pub struct Dng<'a> {
    /// Columns and rows.
    pub size: (u32, u32),
    /// How the samples lie.
    pub layout: Layout,
    /// All samples, rows without gaps.
    pub samples: &'a [u16],
    /// What a dark pixel reads.
    pub black: u16,
    /// What a full pixel reads.
    pub white: u16,
    /// Multipliers of red, green and blue that make grey grey (AsShotNeutral is their inverse).
    pub balance: [f32; 3],
    /// ColorMatrix1 under D65: camera colours before balance from CIE XYZ. [`matrix`] makes one that fits the balance.
    pub camera_from_xyz: [[f32; 3]; 3],
    /// Tag 274.
    pub orientation: u16,
    /// Further tags of IFD0, or others in the place of those that are there.
    pub tags: Vec<(u16, Value<'a>)>,
}

/// The matrix of a camera that sees linear sRGB once it is balanced by these multipliers.
pub fn matrix(balance: [f32; 3]) -> [[f32; 3]; 3] {
    std::array::from_fn(|row| SRGB_FROM_XYZ[row].map(|number| number / balance[row]))
}

impl<'a> Dng<'a> {
    /// Samples from 0 to 65,535 of a camera that needs this balance to see linear sRGB.
    pub fn new(size: (u32, u32), layout: Layout, samples: &'a [u16], balance: [f32; 3]) -> Self {
        Self {
            size,
            layout,
            samples,
            black: 0,
            white: u16::MAX,
            balance,
            camera_from_xyz: matrix(balance),
            orientation: 1,
            tags: Vec::new(),
        }
    }

    /// The file's bytes.
    pub fn file(&self) -> Vec<u8> {
        // A directory's length does not depend on the numbers in it.
        let data_at = 8 + self.directory(0).len() as u32;
        let mut file = b"II\x2A\0\x08\0\0\0".to_vec();
        file.reserve(data_at as usize + self.samples.len() * 2);
        file.extend(self.directory(data_at));
        file.extend(self.samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file
    }

    fn directory(&self, data_at: u32) -> Vec<u8> {
        let samples_per_pixel = self.layout.samples_per_pixel();
        let bits = vec![16; samples_per_pixel];
        let level = |level| vec![level; samples_per_pixel];
        let (black, white) = (level(self.black), level(self.white));
        let matrix: Vec<(i32, i32)> =
            self.camera_from_xyz.concat().iter().map(|number| ((number * 1e6).round() as i32, 1_000_000)).collect();
        let neutral = self.balance.map(|factor| ((1e6 / factor).round() as u32, 1_000_000));
        let (repeat, pattern) = match &self.layout {
            Layout::Mosaic(cfa) => (vec![cfa.side() as u16; 2], pattern(cfa)),
            Layout::Rgb | Layout::Grey => (Vec::new(), Vec::new()),
        };
        let mut tags = vec![
            (0x00FE, Value::Long(0)),
            (0x0100, Value::Long(self.size.0)),
            (0x0101, Value::Long(self.size.1)),
            (0x0102, Value::Shorts(&bits)),
            (0x0103, Value::Short(1)),
            // Colour filter array, or linear raw.
            (0x0106, Value::Short(if repeat.is_empty() { 34_892 } else { 32_803 })),
            (0x010F, Value::Text("Boothlight")),
            (0x0110, Value::Text("Drawn sensor")),
            (0x0111, Value::Long(data_at)),
            (0x0112, Value::Short(self.orientation)),
            (0x0115, Value::Short(samples_per_pixel as u16)),
            (0x0116, Value::Long(self.size.1)),
            (0x0117, Value::Long(self.samples.len() as u32 * 2)),
            (0x011C, Value::Short(1)),
            (0xC612, Value::Bytes(&[1, 4, 0, 0])),
            (0xC613, Value::Bytes(&[1, 1, 0, 0])),
            (0xC614, Value::Text("Boothlight Drawn sensor")),
            (0xC61A, Value::Shorts(&black)),
            (0xC61D, Value::Shorts(&white)),
            (0xC621, Value::SignedRatios(&matrix)),
            (0xC628, Value::Ratios(&neutral)),
            (0xC65A, Value::Short(21)), // D65
        ];
        if !repeat.is_empty() {
            tags.push((0x828D, Value::Shorts(&repeat)));
            tags.push((0x828E, Value::Bytes(&pattern)));
        }
        if self.layout == Layout::Grey {
            tags.retain(|(tag, _)| ![0xC621, 0xC628].contains(tag));
        }
        for (tag, value) in &self.tags {
            tags.retain(|(there, _)| there != tag);
            tags.push((*tag, *value));
        }
        tags.sort_by_key(|(tag, _)| *tag);
        directory(8, &tags)
    }
}

fn pattern(cfa: &Cfa) -> Vec<u8> {
    let side = cfa.side();
    (0..side * side).map(|index| cfa.at(index / side, index % side).index() as u8).collect()
}
