//! Where a file keeps its numbers: lengths, offsets, counts, sizes. Written apart from the parsers under test, and lenient:
//! it only has to find most of them.

/// Fields of one file that are remembered.
const FIELDS_MAX: usize = 4096;
/// Numbers of one list (strips, tiles) that are remembered.
const LIST_MAX: usize = 12;

/// A number inside of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it stands, bytes.
    pub at: usize,
    /// Its length: 1, 2, 4 or 8 bytes.
    pub width: usize,
    /// Most significant byte first.
    pub big_endian: bool,
}

impl Field {
    /// Its value; 0 where it stands outside.
    pub fn read(self, bytes: &[u8]) -> u64 {
        let digits = bytes.get(self.at..self.at + self.width).unwrap_or_default();
        let push = |sum: u64, digit: &u8| sum << 8 | u64::from(*digit);
        if self.big_endian { digits.iter().fold(0, push) } else { digits.iter().rev().fold(0, push) }
    }

    /// Puts a value there; what does not fit is cut off.
    pub fn write(self, bytes: &mut [u8], value: u64) {
        let Some(place) = bytes.get_mut(self.at..self.at + self.width) else { return };
        if self.big_endian {
            place.copy_from_slice(&value.to_be_bytes()[8 - self.width..]);
        } else {
            place.copy_from_slice(&value.to_le_bytes()[..self.width]);
        }
    }
}

/// All fields that are found.
pub fn fields(bytes: &[u8]) -> Vec<Field> {
    let mut scan = Scan { bytes, found: Vec::new() };
    match bytes {
        [0xFF, 0xD8, ..] => scan.jpeg(0),
        [b'I', b'I', ..] | [b'M', b'M', ..] => scan.tiff(0, bytes.len()),
        _ if bytes.starts_with(b"FUJIFILMCCD-RAW ") => {
            scan.row(84, 6, 4, true);
            scan.jpeg(148);
        }
        _ if bytes.get(4..8) == Some(b"ftyp") => scan.boxes(0, bytes.len(), 0),
        _ if bytes.get(36..40) == Some(b"acsp") => scan.profile(0),
        _ => {}
    }
    scan.found.truncate(FIELDS_MAX);
    scan.found
}

struct Scan<'a> {
    bytes: &'a [u8],
    found: Vec<Field>,
}

impl Scan<'_> {
    /// Notes a number and reads it.
    fn number(&mut self, at: usize, width: usize, big_endian: bool) -> usize {
        let field = Field { at, width, big_endian };
        if at.saturating_add(width) <= self.bytes.len() {
            self.found.push(field);
            return field.read(self.bytes) as usize;
        }
        0
    }

    fn row(&mut self, at: usize, count: usize, width: usize, big_endian: bool) {
        for index in 0..count.min(LIST_MAX) {
            self.number(at + index * width, width, big_endian);
        }
    }

    /// A TIFF block that begins at `base`.
    fn tiff(&mut self, base: usize, end: usize) {
        let big = self.bytes.get(base) == Some(&b'M');
        let mut queue = vec![self.number(base + 4, 4, big)];
        let mut seen = Vec::new();
        while let Some(at) = queue.pop() {
            if at == 0 || seen.contains(&at) || base + at >= end || seen.len() > 24 {
                continue;
            }
            seen.push(at);
            self.directory(base, base + at, big, &mut queue);
        }
    }

    fn directory(&mut self, base: usize, at: usize, big: bool, queue: &mut Vec<usize>) {
        let count = self.number(at, 2, big).min(256);
        for entry in (0..count).map(|index| at + 2 + index * 12) {
            let (tag, kind) = (self.number(entry, 2, big), self.number(entry + 2, 2, big));
            let (count, value) = (self.number(entry + 4, 4, big), self.number(entry + 8, 4, big));
            let width = match kind {
                3 | 8 => 2,
                4 | 5 | 9 | 10 | 13 => 4,
                _ => 1,
            };
            let outside = count.saturating_mul(width) > 4 || matches!(kind, 5 | 10);
            if outside && width > 1 {
                self.row(base + value, count, width, big);
            }
            match tag {
                // Directories below this one, or lists of them; and a maker's note that is one itself.
                0x014A if outside => {
                    for index in 0..count.min(LIST_MAX) {
                        let sub = Field { at: base + value + index * 4, width: 4, big_endian: big };
                        queue.push(sub.read(self.bytes) as usize);
                    }
                }
                0x014A | 0x8769 | 0x8825 | 0xA005 | 0x927C => queue.push(value),
                _ => {}
            }
        }
        let next = self.number(at + 2 + count * 12, 4, big);
        queue.push(next);
    }

    /// Segments up to the first scan, and that scan's head.
    fn jpeg(&mut self, start: usize) {
        let mut at = start + 2;
        for _ in 0..64 {
            let (Some(0xFF), Some(&marker)) = (self.bytes.get(at), self.bytes.get(at + 1)) else { return };
            let len = self.number(at + 2, 2, true);
            let (body, end) = (at + 4, at + 2 + len);
            let head = self.bytes.get(body..).unwrap_or_default();
            match marker {
                0xC0..=0xC3 => {
                    self.row(body, 1, 1, true);
                    self.row(body + 1, 2, 2, true);
                    self.row(body + 5, 10, 1, true);
                }
                0xC4 => self.row(body, 12, 1, true),
                0xDB => self.row(body, 2, 1, true),
                0xDD => self.row(body, 1, 2, true),
                0xE1 if head.starts_with(b"Exif\0\0") => self.tiff(body + 6, end),
                0xE2 if head.starts_with(b"ICC_PROFILE\0") => {
                    self.row(body + 12, 2, 1, true);
                    self.profile(body + 14);
                }
                0xE2 if head.starts_with(b"MPF\0") => self.tiff(body + 4, end),
                0xDA => {
                    self.row(body, 10, 1, true);
                    return;
                }
                _ => {}
            }
            at = end;
        }
    }

    /// ICC.1:2010, 7.2 and 7.3: header and tag table, and the counts that stand at the begin of most tags.
    fn profile(&mut self, at: usize) {
        self.row(at, 1, 4, true);
        self.row(at + 8, 8, 4, true);
        let count = self.number(at + 128, 4, true).min(40);
        for entry in (0..count).map(|index| at + 132 + index * 12) {
            self.number(entry, 4, true);
            let (offset, _) = (self.number(entry + 4, 4, true), self.number(entry + 8, 4, true));
            self.row(at + offset, 10, 4, true);
            self.row(at + offset + 8, 4, 1, true);
        }
    }

    /// Boxes of an ISO media file.
    fn boxes(&mut self, mut at: usize, end: usize, depth: usize) {
        while at + 8 <= end && self.found.len() < FIELDS_MAX {
            let len = self.number(at, 4, true);
            let kind: [u8; 4] =
                self.bytes.get(at + 4..at + 8).and_then(|kind| kind.try_into().ok()).unwrap_or_default();
            self.number(at + 4, 4, true);
            let (mut body, mut next) = (at + 8, at.saturating_add(len.max(8)).min(end));
            if len == 1 {
                let long = self.number(body, 8, true);
                (body, next) = (body + 8, at.saturating_add(long.max(16)).min(end));
            }
            match &kind {
                b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"iprp" | b"ipco" if depth < 8 => {
                    self.boxes(body, next, depth + 1);
                }
                // A name of 16 bytes stands before what is inside; before a preview, 8 more.
                b"uuid" if depth < 8 => {
                    let skipped = if self.bytes.get(body) == Some(&0xEA) { 24 } else { 16 };
                    self.boxes(body + skipped, next, depth + 1);
                }
                // HEIF: a version stands before what is inside, in one of them a count too.
                b"meta" | b"iref" if depth < 8 => self.boxes(body + 4, next, depth + 1),
                b"iinf" if depth < 8 => {
                    self.number(body + 4, 2, true);
                    self.boxes(body + 6, next, depth + 1);
                }
                b"iloc" | b"ipma" | b"infe" | b"pitm" | b"dimg" | b"thmb" | b"cdsc" | b"irot" | b"imir" => {
                    self.row(body, (next - body).min(LIST_MAX), 1, true);
                    self.row(body + 4, (next - body) / 2, 2, true);
                }
                b"ispe" | b"clap" | b"colr" => self.row(body, (next - body) / 4, 4, true),
                b"hvcC" => self.row(body, (next - body).min(LIST_MAX), 1, true),
                b"stsz" | b"stco" | b"co64" | b"THMB" | b"PRVW" => self.row(body, 6, 4, true),
                b"CMT1" | b"CMT2" | b"CMT3" => self.tiff(body, next),
                _ => {}
            }
            at = next;
        }
    }
}
