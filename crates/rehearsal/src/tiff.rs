//! A writer for TIFF directories (little-endian), shared by EXIF and DNG. TIFF 6.0, section 2.

use std::collections::BTreeMap;

/// The header: byte order, 42, and where the first directory begins.
pub(crate) const HEADER: [u8; 8] = [b'I', b'I', 42, 0, 8, 0, 0, 0];

/// The value of one entry, by its TIFF type.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Byte(Vec<u8>),
    Ascii(String),
    Short(Vec<u16>),
    Long(Vec<u32>),
    Rational(Vec<(u32, u32)>),
    Undefined(Vec<u8>),
    SignedRational(Vec<(i32, i32)>),
}

impl Value {
    fn type_code(&self) -> u16 {
        match self {
            Self::Byte(_) => 1,
            Self::Ascii(_) => 2,
            Self::Short(_) => 3,
            Self::Long(_) => 4,
            Self::Rational(_) => 5,
            Self::Undefined(_) => 7,
            Self::SignedRational(_) => 10,
        }
    }

    fn count(&self) -> u32 {
        (match self {
            Self::Byte(v) | Self::Undefined(v) => v.len(),
            Self::Ascii(s) => s.len() + 1,
            Self::Short(v) => v.len(),
            Self::Long(v) => v.len(),
            Self::Rational(v) => v.len(),
            Self::SignedRational(v) => v.len(),
        }) as u32
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Byte(v) | Self::Undefined(v) => v.clone(),
            Self::Ascii(s) => s.bytes().chain([0]).collect(),
            Self::Short(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect(),
            Self::Long(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect(),
            Self::Rational(v) => v.iter().flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()].concat()).collect(),
            Self::SignedRational(v) => {
                v.iter().flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()].concat()).collect()
            }
        }
    }
}

/// One directory; its length depends on the tags and the lengths of their values, never on the numbers in them, so that
/// offsets can be filled in after everything has its place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ifd(BTreeMap<u16, Value>);

impl Ifd {
    /// Sets a tag.
    pub fn set(&mut self, tag: u16, value: Value) -> &mut Self {
        self.0.insert(tag, value);
        self
    }

    /// Sets a tag to one 16-bit number.
    pub fn short(&mut self, tag: u16, value: u16) -> &mut Self {
        self.set(tag, Value::Short(vec![value]))
    }

    /// Sets a tag to one 32-bit number.
    pub fn long(&mut self, tag: u16, value: u32) -> &mut Self {
        self.set(tag, Value::Long(vec![value]))
    }

    /// Sets a tag to a text.
    pub fn text(&mut self, tag: u16, value: impl Into<String>) -> &mut Self {
        self.set(tag, Value::Ascii(value.into()))
    }

    /// Bytes of the directory and of the values that do not fit into it.
    pub fn len_bytes(&self) -> u32 {
        let outside: u32 = self.0.values().map(|value| padded(value.bytes().len())).sum();
        2 + 12 * self.0.len() as u32 + 4 + outside
    }

    /// Appends the directory, which stands at offset `at` of the file; `next` is the following directory's, or 0.
    pub fn write(&self, at: u32, next: u32, out: &mut Vec<u8>) {
        let mut outside = Vec::new();
        let outside_at = at + 2 + 12 * self.0.len() as u32 + 4;
        out.extend((self.0.len() as u16).to_le_bytes());
        for (tag, value) in &self.0 {
            out.extend(tag.to_le_bytes());
            out.extend(value.type_code().to_le_bytes());
            out.extend(value.count().to_le_bytes());
            let mut bytes = value.bytes();
            if bytes.len() <= 4 {
                bytes.resize(4, 0);
                out.extend(bytes);
            } else {
                out.extend((outside_at + outside.len() as u32).to_le_bytes());
                bytes.resize(bytes.len().next_multiple_of(2), 0);
                outside.extend(bytes);
            }
        }
        out.extend(next.to_le_bytes());
        out.extend(outside);
    }
}

/// What a value of that many bytes takes outside its entry: even, as TIFF asks.
fn padded(len: usize) -> u32 {
    if len <= 4 { 0 } else { len.next_multiple_of(2) as u32 }
}
