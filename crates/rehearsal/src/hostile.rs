//! Files that go wrong, made from good ones: what a cut cable, a full card and a stranger leave in the folder.

use crate::rng::Rng;
use crate::tiff::{HEADER, Ifd, Value};

/// The first `fraction` (0 to 1) of the file: the cable was pulled.
pub fn truncate(bytes: &[u8], fraction: f32) -> Vec<u8> {
    let keep = (bytes.len() as f64 * f64::from(fraction.clamp(0.0, 1.0))) as usize;
    bytes.iter().copied().take(keep).collect()
}

/// The file with `count` bytes changed at places that `seed` chooses: bad memory, a bad card.
pub fn flip(bytes: &[u8], seed: u64, count: usize) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut rng = Rng::new(seed, 0xF11B);
    for _ in 0..count.min(bytes.len()) {
        let at = rng.below(out.len());
        let change = (rng.bits() % 255) as u8 + 1;
        if let Some(byte) = out.get_mut(at) {
            *byte ^= change;
        }
    }
    out
}

/// A name with nothing behind it.
pub fn zero_length() -> Vec<u8> {
    Vec::new()
}

/// A text that somebody named `.JPG`.
pub fn text() -> Vec<u8> {
    b"Set list for tonight\r\n1. Lanterns\r\n2. Plum dumplings\r\n3. Walking home\r\n".repeat(40)
}

/// The right length, but the second half was never written: a full card, or space reserved before a crash.
pub fn half_written(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let half = out.len() / 2;
    out.iter_mut().skip(half).for_each(|byte| *byte = 0);
    out
}

/// A TIFF raw that claims 4 GiB of strips, 65,535 further entries and a picture of 4 billion pixels a side.
pub fn giant_claim() -> Vec<u8> {
    let mut ifd = Ifd::default();
    ifd.long(0x00FE, 0)
        .long(0x0100, u32::MAX)
        .long(0x0101, u32::MAX)
        .short(0x0102, 16)
        .short(0x0103, 1)
        .short(0x0106, 32803)
        .text(0x010F, crate::exif::MAKE)
        .text(0x0110, crate::exif::MODEL)
        .long(0x0111, 16)
        .short(0x0115, 1)
        .long(0x0116, u32::MAX)
        .long(0x0117, u32::MAX - 16)
        .long(0x0201, 64)
        .long(0x0202, u32::MAX - 64)
        .set(0xC612, Value::Byte(vec![1, 4, 0, 0]));
    let mut out = HEADER.to_vec();
    ifd.write(8, 0, &mut out);
    let second = out.len() as u32;
    // The number of entries of a second directory, which the file is far too short for.
    out.extend([0xFF, 0xFF]);
    out.extend([0x00; 64]);
    if let Some(next) = next_pointer(&out) {
        out.splice(next..next + 4, second.to_le_bytes());
    }
    out
}

/// A TIFF whose directory names itself as the next, as its sub-directory and as its EXIF.
pub fn ifd_loop() -> Vec<u8> {
    let mut ifd = Ifd::default();
    ifd.long(0x00FE, 1)
        .long(0x0100, 64)
        .long(0x0101, 64)
        .short(0x0103, 1)
        .text(0x010F, crate::exif::MAKE)
        .set(0x014A, Value::Long(vec![8, 8, 8]))
        .long(0x8769, 8)
        .set(0xC612, Value::Byte(vec![1, 4, 0, 0]));
    let mut out = HEADER.to_vec();
    ifd.write(8, 8, &mut out);
    out
}

/// Where the first directory of a TIFF says what comes after it.
fn next_pointer(tiff: &[u8]) -> Option<usize> {
    let count = u16::from_le_bytes([*tiff.get(8)?, *tiff.get(9)?]);
    Some(10 + 12 * usize::from(count))
}
