//! A RAF as Fujifilm's cameras build it, around a JPEG of our own.
//!
//! No whole RAF was at hand that may be used here: the header follows the published description (ExifTool's FujiFilm
//! module, and the offsets that LibRaw and libopenraw read). The sensor's data is noise.

use super::Dice;

/// Where the JPEG begins: behind the header.
const JPEG_AT: usize = 148;

/// The file's bytes; the JPEG brings the tags.
pub fn raf(jpeg: &[u8]) -> Vec<u8> {
    let mut dice = Dice(1999);
    let mut noise = |len: usize| (0..len).map(|_| dice.roll(256) as u8).collect::<Vec<u8>>();
    let (sensor_head, sensor) = (noise(730), noise(40_000));
    let head_at = (JPEG_AT + jpeg.len()).next_multiple_of(4);
    let sensor_at = head_at + sensor_head.len();
    let mut file = b"FUJIFILMCCD-RAW 0201FF159502X-T3".to_vec();
    file.resize(60, 0);
    file.extend(b"0100");
    file.resize(84, 0);
    for number in [JPEG_AT, jpeg.len(), head_at, sensor_head.len(), sensor_at, sensor.len()] {
        file.extend((number as u32).to_be_bytes());
    }
    file.resize(JPEG_AT, 0);
    file.extend(jpeg);
    file.resize(head_at, 0);
    [file, sensor_head, sensor].concat()
}
