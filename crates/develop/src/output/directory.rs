//! Directories of tags (TIFF 6.0, section 2), little-endian: the one form of metadata that JPEG, PNG and TIFF share.

use std::collections::BTreeMap;

/// The header: byte order, 42, where the first directory stands.
const HEADER: [u8; 8] = *b"II\x2A\0\x08\0\0\0";
/// Bytes of one text, its NUL included: far more than any lens is called, and no stranger's novel.
pub(super) const TEXT_BYTES_MAX: usize = 256;

/// The value of one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// BYTE.
    Bytes(Vec<u8>),
    /// ASCII, made by [`Field::text`].
    Text(Vec<u8>),
    /// SHORT.
    Shorts(Vec<u16>),
    /// LONG.
    Longs(Vec<u32>),
    /// RATIONAL.
    Ratios(Vec<(u32, u32)>),
    /// UNDEFINED.
    Opaque(Vec<u8>),
}

impl Field {
    /// Text without control characters (a NUL would end it early), trimmed, cut where it is too long; none where
    /// nothing is left. The type is called ASCII; its readers have taken UTF-8 for decades, and names need it.
    pub fn text(text: &str) -> Option<Self> {
        let clean: String = text.chars().filter(|c| !c.is_control()).take(TEXT_BYTES_MAX).collect();
        let clean = clean.trim();
        let end = clean.floor_char_boundary(TEXT_BYTES_MAX - 1);
        let clean = clean.get(..end).unwrap_or_default().trim_end();
        (!clean.is_empty()).then(|| Self::Text([clean.as_bytes(), &[0]].concat()))
    }

    /// TIFF's type code, the number of values, and their bytes.
    fn parts(&self) -> (u16, usize, Vec<u8>) {
        match self {
            Self::Bytes(bytes) => (1, bytes.len(), bytes.clone()),
            Self::Text(bytes) => (2, bytes.len(), bytes.clone()),
            Self::Shorts(all) => (3, all.len(), all.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Self::Longs(all) => (4, all.len(), all.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Self::Ratios(all) => {
                let words = all.iter().flat_map(|(over, under)| [over, under]);
                (5, all.len(), words.flat_map(|word| word.to_le_bytes()).collect())
            }
            Self::Opaque(bytes) => (7, bytes.len(), bytes.clone()),
        }
    }
}

/// A directory and those below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directory {
    // Sorted, as readers may expect (TIFF 6.0, "Sort Order").
    fields: BTreeMap<u16, Field>,
    below: BTreeMap<u16, Directory>,
}

impl Directory {
    /// Sets a tag.
    pub fn set(&mut self, tag: u16, field: Field) {
        self.fields.insert(tag, field);
    }

    /// Sets a tag where there is a value.
    pub fn set_some(&mut self, tag: u16, field: Option<Field>) {
        self.fields.extend(field.map(|field| (tag, field)));
    }

    /// Puts a directory below this one, named by a tag. One without tags is left out: TIFF knows none such.
    pub fn put_below(&mut self, tag: u16, directory: Directory) {
        if !directory.fields.is_empty() {
            self.below.insert(tag, directory);
        }
    }

    /// The whole block, header first. Its length depends on the tags and the numbers of their values, not on what these
    /// are.
    pub fn block(&self) -> Vec<u8> {
        let mut block = HEADER.to_vec();
        self.append(&mut block);
        block
    }

    /// Table, then what does not fit into it, then the directories below; all begin at even places.
    fn append(&self, block: &mut Vec<u8>) {
        let at = block.len();
        let count = self.fields.len() + self.below.len();
        block.extend((count as u16).to_le_bytes());
        block.resize(at + 2 + count * 12 + 4, 0);
        let mut entries: BTreeMap<u16, [u8; 12]> = BTreeMap::new();
        for (tag, field) in &self.fields {
            let (kind, values, mut bytes) = field.parts();
            if bytes.len() > 4 {
                let place = (block.len() as u32).to_le_bytes();
                block.append(&mut bytes);
                block.resize(block.len().next_multiple_of(2), 0);
                bytes.extend(place);
            }
            bytes.resize(4, 0);
            entries.insert(*tag, entry(*tag, kind, values as u32, &bytes));
        }
        for (tag, directory) in &self.below {
            let place = (block.len() as u32).to_le_bytes();
            entries.insert(*tag, entry(*tag, 4, 1, &place));
            directory.append(block);
        }
        for (slot, entry) in block.iter_mut().skip(at + 2).zip(entries.into_values().flatten()) {
            *slot = entry;
        }
    }
}

fn entry(tag: u16, kind: u16, count: u32, value: &[u8]) -> [u8; 12] {
    let mut entry = [0; 12];
    let bytes = tag.to_le_bytes().into_iter().chain(kind.to_le_bytes()).chain(count.to_le_bytes());
    for (slot, byte) in entry.iter_mut().zip(bytes.chain(value.iter().copied())) {
        *slot = byte;
    }
    entry
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn texts_are_clean_and_bounded() {
        let text = |text: &str| match Field::text(text) {
            Some(Field::Text(bytes)) => String::from_utf8(bytes).unwrap(),
            other => format!("{other:?}"),
        };
        assert_eq!(text("  Zoë \0Ltd.\r\n"), "Zoë Ltd.\0");
        assert_eq!([text(""), text(" \0\n\t ")], ["None", "None"]);
        assert_eq!(text(&"x".repeat(9_999)).len(), TEXT_BYTES_MAX);
        // Four bytes each: cut between letters.
        assert_eq!(text(&"𝄞".repeat(9_999)).len(), 63 * 4 + 1);
    }

    #[test]
    fn a_block_as_the_standard_draws_it() {
        let mut main = Directory::default();
        main.set(0x0112, Field::Shorts(vec![1]));
        main.set(0x010F, Field::text("Maker").unwrap());
        main.put_below(0x8825, Directory::default());
        let mut exif = Directory::default();
        exif.set(0x829A, Field::Ratios(vec![(1, 250)]));
        main.put_below(0x8769, exif);
        let expected: &[&[u8]] = &[
            &HEADER,
            &[3, 0],
            &[0x0F, 1, 2, 0, 6, 0, 0, 0, 50, 0, 0, 0],
            &[0x12, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0],
            &[0x69, 0x87, 4, 0, 1, 0, 0, 0, 56, 0, 0, 0],
            &[0; 4],
            b"Maker\0",
            &[1, 0],
            &[0x9A, 0x82, 5, 0, 1, 0, 0, 0, 74, 0, 0, 0],
            &[0; 4],
            &[1, 0, 0, 0, 250, 0, 0, 0],
        ];
        assert_eq!(main.block(), expected.concat());
    }
}
