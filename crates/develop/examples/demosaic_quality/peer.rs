//! LibRaw's command line, as a stranger would call it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use develop::raw::{Cfa, Layout, Planes};

use crate::dng::Dng;

/// LibRaw's `dcraw_emu`, built from its own samples.
pub struct DcrawEmu {
    /// The program.
    pub program: PathBuf,
    /// A folder for files in passing.
    pub dir: PathBuf,
}

impl DcrawEmu {
    /// Camera colours, balanced, linear, as quality `quality` of LibRaw's interpolates them.
    pub fn picture(&self, size: (u32, u32), cfa: &Cfa, samples: &[u16], balance: [f32; 3], quality: u32) -> Planes {
        let raw = self.dir.join("known.dng");
        std::fs::write(&raw, Dng::new(size, Layout::Mosaic(cfa.clone()), samples, balance).file()).unwrap();
        let balance = [balance[0], balance[1], balance[2], balance[1]].map(|factor| factor.to_string());
        let done = Command::new(&self.program)
            // -c 0: white is what the file says, not what its brightest pixel happens to be.
            .args(["-o", "0", "-W", "-g", "1", "1", "-4", "-j", "-t", "0", "-c", "0", "-r"])
            .args(balance)
            .args(["-q", &quality.to_string()])
            .arg(&raw)
            .status()
            .unwrap();
        assert!(done.success(), "dcraw_emu failed");
        let picture = read_ppm(&self.dir.join("known.dng.ppm"));
        assert_eq!((picture.width, picture.height), (size.0 as usize, size.1 as usize), "dcraw_emu cut the picture");
        picture
    }
}

/// A binary PPM of 16 bits, as LibRaw writes it.
pub fn read_ppm(path: &Path) -> Planes {
    let bytes = std::fs::read(path).unwrap();
    let mut at = 0;
    let mut word = || {
        let start = at;
        at += bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap() + 1;
        std::str::from_utf8(&bytes[start..at - 1]).unwrap().to_owned()
    };
    let head: [String; 4] = std::array::from_fn(|_| word());
    assert_eq!((head[0].as_str(), head[3].as_str()), ("P6", "65535"));
    let mut planes = Planes::new(head[1].parse().unwrap(), head[2].parse().unwrap());
    for (index, pixel) in bytes[at..].chunks_exact(6).enumerate() {
        for (plane, value) in planes.rgb.iter_mut().zip(pixel.chunks_exact(2)) {
            plane[index] = f32::from(u16::from_be_bytes([value[0], value[1]])) / 65_535.0;
        }
    }
    planes
}
