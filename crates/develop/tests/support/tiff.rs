//! Directories of tags as a camera's firmware writes them (TIFF 6.0, little-endian): for the files that are built here.

/// The value of one tag.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Short(u16),
    Long(u32),
    Text(&'a str),
    Ratio(u32, u32),
    Ratios(&'a [(u32, u32)]),
    Bytes(&'a [u8]),
    Shorts(&'a [u16]),
    Longs(&'a [u32]),
    /// Fractions with a sign, in ten-thousandths.
    Parts(&'a [i32]),
    SignedRatios(&'a [(i32, i32)]),
    /// Raw bytes that stand elsewhere in the block: where, and how many.
    Elsewhere(u32, u32),
}

impl Value<'_> {
    /// Type code, count, and the bytes unless they stand elsewhere.
    fn parts(self) -> (u16, u32, Vec<u8>) {
        match self {
            Self::Short(number) => (3, 1, number.to_le_bytes().to_vec()),
            Self::Long(number) => (4, 1, number.to_le_bytes().to_vec()),
            Self::Text(text) => (2, text.len() as u32 + 1, [text.as_bytes(), &[0]].concat()),
            Self::Ratio(over, under) => (5, 1, [over.to_le_bytes(), under.to_le_bytes()].concat()),
            Self::Ratios(all) => {
                let words = all.iter().flat_map(|(over, under)| [over.to_le_bytes(), under.to_le_bytes()]);
                (5, all.len() as u32, words.flatten().collect())
            }
            Self::Bytes(bytes) => (1, bytes.len() as u32, bytes.to_vec()),
            Self::Shorts(list) => (3, list.len() as u32, list.iter().flat_map(|one| one.to_le_bytes()).collect()),
            Self::Longs(list) => (4, list.len() as u32, list.iter().flat_map(|one| one.to_le_bytes()).collect()),
            Self::Parts(list) => {
                let parts = list.iter().flat_map(|one| [one.to_le_bytes(), 10_000_i32.to_le_bytes()].concat());
                (10, list.len() as u32, parts.collect())
            }
            Self::SignedRatios(ratios) => {
                let pair = |(over, under): &(i32, i32)| [over.to_le_bytes(), under.to_le_bytes()].concat();
                (10, ratios.len() as u32, ratios.iter().flat_map(pair).collect())
            }
            Self::Elsewhere(at, len) => (7, len, at.to_le_bytes().to_vec()),
        }
    }
}

/// The directory that stands at `at` of its block, with its values behind it. Its length does not depend on numbers.
pub fn directory(at: u32, tags: &[(u16, Value)]) -> Vec<u8> {
    let outside_at = at + 2 + tags.len() as u32 * 12 + 4;
    let (mut table, mut outside) = ((tags.len() as u16).to_le_bytes().to_vec(), Vec::new());
    for (tag, value) in tags {
        let (kind, count, mut bytes) = value.parts();
        table.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        table.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            bytes.resize(4, 0);
            table.extend(bytes);
        } else {
            table.extend((outside_at + outside.len() as u32).to_le_bytes());
            bytes.resize(bytes.len().next_multiple_of(2), 0);
            outside.extend(bytes);
        }
    }
    table.extend([0; 4]);
    [table, outside].concat()
}

/// A block with this one directory.
pub fn block(tags: &[(u16, Value)]) -> Vec<u8> {
    [b"II\x2A\0\x08\0\0\0", directory(8, tags).as_slice()].concat()
}

/// The EXIF of an older Canon: neither serial number nor lens are said where the standard has them, both in the maker's note.
pub fn canon_exif(serial: u32, lens: &str) -> Vec<u8> {
    let main = |exif_at| {
        directory(8, &[(0x010F, Value::Text("Canon")), (0x0112, Value::Short(1)), (0x8769, Value::Long(exif_at))])
    };
    let exif_at = 8 + main(0).len() as u32;
    let exif =
        |note_at, len| directory(exif_at, &[(0x8827, Value::Short(100)), (0x927C, Value::Elsewhere(note_at, len))]);
    let note_at = exif_at + exif(0, 5).len() as u32;
    let note = directory(note_at, &[(0x000C, Value::Long(serial)), (0x0095, Value::Text(lens))]);
    [&b"II\x2A\0\x08\0\0\0"[..], &main(exif_at), &exif(note_at, note.len() as u32), &note].concat()
}
