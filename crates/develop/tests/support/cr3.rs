//! A CR3 as Canon's cameras build it since 2018, around JPEGs of our own.
//!
//! No whole CR3 was at hand that may be used here: the boxes follow ISO/IEC 14496-12 and Canon's own ones the description by
//! L. Clévy (github.com/lclevy/canon_cr3). The sensor's data is noise.

use rehearsal::Exif;

use super::{
    Dice,
    tiff::{Value, block},
};

const CANON: &[u8; 16] = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
const XMP: &[u8; 16] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
const PREVIEW: &[u8; 16] = b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";

/// What goes into a CR3.
#[derive(Clone)]
pub struct Cr3 {
    /// Tags of IFD0, of EXIF and of Canon's note (CMT1, CMT2, CMT3).
    pub tags: [Vec<u8>; 3],
    /// Tags of the position (CMT4); cameras write them where they know it.
    pub position: Option<Vec<u8>>,
    /// 160 px, in the head.
    pub thumbnail: Vec<u8>,
    /// 1,620 px, in a box of its own.
    pub preview: Vec<u8>,
    /// Full size, the first track.
    pub full: Vec<u8>,
    /// Two tracks that only Canon's decoder opens: a small one, and the sensor's.
    pub sensor: [Vec<u8>; 2],
}

impl Cr3 {
    /// Around these JPEGs; a thousandth of what a sensor brings follows them.
    pub fn new(tags: [Vec<u8>; 3], [thumbnail, preview, full]: [Vec<u8>; 3]) -> Self {
        let mut dice = Dice(2018);
        let sensor = [1500, 40_000].map(|len| (0..len).map(|_| dice.roll(256) as u8).collect());
        Self { tags, position: None, thumbnail, preview, full, sensor }
    }

    /// The file's bytes.
    pub fn file(&self) -> Vec<u8> {
        // The boxes' lengths do not depend on the offsets in them.
        let head = self.head(0);
        self.head(head.len() as u64).into_iter().chain(self.data()).collect()
    }

    /// All boxes before `mdat`, which begins at `data_at`.
    fn head(&self, data_at: u64) -> Vec<u8> {
        let [main, exif, maker] = &self.tags;
        let version = put(*b"CNCV", &[b"CanonCR3_001/00.11.00/00.00.00"]);
        let tags = [put(*b"CMT1", &[main]), put(*b"CMT2", &[exif]), put(*b"CMT3", &[maker])].concat();
        let position = self.position.as_ref().map(|position| put(*b"CMT4", &[position])).unwrap_or_default();
        let thumbnail = put(
            *b"THMB",
            &[&[0; 4], &[0, 160, 0, 120], &len(&self.thumbnail), &[0, 1, 0, 0], &self.thumbnail, &[0; 3]],
        );
        let canon = put(*b"uuid", &[CANON, &version, &tags, &position, &thumbnail]);
        let full_at = data_at + 16;
        let small_at = full_at + self.full.len() as u64;
        let sensor_at = small_at + self.sensor[0].len() as u64;
        let movie = put(
            *b"moov",
            &[
                &canon,
                &put(*b"mvhd", &[&[0; 100]]),
                &track(full_at, &self.full, false),
                &track(small_at, &self.sensor[0], false),
                &track(sensor_at, &self.sensor[1], true),
            ],
        );
        let xmp = put(*b"uuid", &[XMP, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"]);
        let inner = put(
            *b"PRVW",
            &[&[0; 4], &[0, 1, 0x06, 0x54, 0x04, 0x38, 0, 1], &len(&self.preview), &self.preview, &[0; 3]],
        );
        let preview = put(*b"uuid", &[PREVIEW, &[0, 0, 0, 0, 0, 0, 0, 1], &inner]);
        [put(*b"ftyp", &[b"crx \0\0\0\x01crx isom"]), movie, xmp, preview].concat()
    }

    /// `mdat`, whose length has 64 bits.
    fn data(&self) -> Vec<u8> {
        let inside = [self.full.as_slice(), &self.sensor[0], &self.sensor[1]].concat();
        [&[0, 0, 0, 1], &b"mdat"[..], &(inside.len() as u64 + 16).to_be_bytes(), &inside].concat()
    }
}

/// A track of one picture. Cameras write its length alone, or as a list of one.
fn track(at: u64, picture: &[u8], as_list: bool) -> Vec<u8> {
    let sizes = if as_list {
        put(*b"stsz", &[&[0; 8], &[0, 0, 0, 1], &len(picture)])
    } else {
        put(*b"stsz", &[&[0; 4], &len(picture), &[0, 0, 0, 1]])
    };
    let table = put(
        *b"stbl",
        &[
            &put(*b"stsd", &[&[0; 4], &[0, 0, 0, 1], &put(*b"CRAW", &[&[0; 82]])]),
            &put(*b"stts", &[&[0; 4], &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]]),
            &put(*b"stsc", &[&[0; 4], &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]]),
            &sizes,
            &put(*b"free", &[&[0; 7]]),
            &put(*b"co64", &[&[0; 4], &[0, 0, 0, 1], &at.to_be_bytes()]),
        ],
    );
    let information =
        put(*b"minf", &[&put(*b"vmhd", &[&[0; 12]]), &put(*b"dinf", &[&put(*b"dref", &[&[0; 8]])]), &table]);
    let handler = put(*b"hdlr", &[&[0; 8], b"vide", &[0; 13]]);
    let media = put(*b"mdia", &[&put(*b"mdhd", &[&[0; 24]]), &handler, &information]);
    put(*b"trak", &[&put(*b"tkhd", &[&[0; 84]]), &media])
}

fn put(kind: [u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32 + 8).to_be_bytes(), &kind[..], &body].concat()
}

fn len(bytes: &[u8]) -> [u8; 4] {
    (bytes.len() as u32).to_be_bytes()
}

/// Canon's three blocks, saying what `exif` says. With `standard` the serial number and the lens stand in EXIF, else only in
/// Canon's note.
pub fn tags(exif: &Exif, standard: bool) -> [Vec<u8>; 3] {
    let date = exif.taken.strftime("%Y:%m:%d %H:%M:%S").to_string();
    let millis = format!("{:03}", exif.taken.millisecond());
    let offset = exif.offset_minutes.map(|minutes| format!("{:+03}:{:02}", minutes / 60, minutes.abs() % 60));
    let main = block(&[
        (0x010F, Value::Text("Canon")),
        (0x0110, Value::Text("Canon EOS R6")),
        (0x0112, Value::Short(exif.orientation)),
        (0x0132, Value::Text(&date)),
    ]);
    let mut details = vec![
        (0x829A, Value::Ratio(exif.exposure.0, exif.exposure.1)),
        (0x829D, Value::Ratio(exif.aperture_tenths, 10)),
        (0x8827, Value::Short(exif.iso)),
        (0x9003, Value::Text(&date)),
    ];
    details.extend(offset.as_deref().map(|offset| (0x9011, Value::Text(offset))));
    details.extend([
        (0x920A, Value::Ratio(exif.focal_mm, 1)),
        (0x9291, Value::Text(&millis)),
        (0xA001, Value::Short(1)),
    ]);
    if standard {
        details.extend([(0xA431, Value::Text(&exif.serial)), (0xA434, Value::Text(&exif.lens))]);
    }
    let maker = block(&[(0x000C, Value::Long(123_456)), (0x0095, Value::Text("RF24-105mm F4 L IS USM"))]);
    [main, block(&details), maker]
}
