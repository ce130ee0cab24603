//! TIFF 6.0 and its kin (CR2, ARW, NEF, DNG, PEF, RW2, ORF, and the EXIF block of a JPEG): directories of tags.

use std::collections::{BTreeSet, VecDeque};

use crate::{InspectError, bytes::Source};

/// Directories in one file; DNGs with many previews have a dozen.
const IFDS_MAX: usize = 64;
/// Entries in one directory; Sony's largest has 209.
const ENTRIES_MAX: u16 = 2048;
/// Strips or tiles of one picture: 200 MP in rows of 512 px tiles is far below.
const PARTS_MAX: u32 = 1 << 18;
/// Sub-directories that one entry may name.
const SUB_IFDS_MAX: u32 = 16;

/// Byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `II`
    Little,
    /// `MM`
    Big,
}

impl Order {
    /// The first 16-bit number.
    pub fn u16(self, bytes: &[u8]) -> Option<u16> {
        let bytes = bytes.first_chunk().copied()?;
        Some(if self == Self::Little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    /// The first 32-bit number.
    pub fn u32(self, bytes: &[u8]) -> Option<u32> {
        let bytes = bytes.first_chunk().copied()?;
        Some(if self == Self::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }
}

/// What a directory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// In the chain that begins at the header.
    Main,
    /// Named by SubIFDs.
    Sub,
    /// EXIF.
    Exif,
    /// Position.
    Gps,
    /// Interoperability.
    Interop,
    /// The maker's own.
    Maker,
}

/// One tag of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub tag: u16,
    /// TIFF's type code.
    pub kind: u16,
    /// How many values.
    pub count: u32,
    /// Where the values stand: in the entry itself, or where it points to.
    pub value_at: u64,
}

impl Entry {
    /// Length of all values; 0 for types that are not TIFF's.
    pub fn len_bytes(&self) -> u64 {
        value_bytes(self.kind) * u64::from(self.count)
    }
}

fn value_bytes(kind: u16) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 => 8,
        _ => 0,
    }
}

/// A directory.
#[derive(Clone, Debug)]
pub struct Ifd {
    /// What it is for.
    pub role: Role,
    /// Its tags.
    pub entries: Vec<Entry>,
}

impl Ifd {
    /// The entry of that tag.
    pub fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }
}

/// How to take entries that point outside of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// The file is refused: this block is the file, and must be whole.
    Whole,
    /// They are left out: EXIF of a JPEG, whose picture matters more.
    Lenient,
}

/// All directories of a block.
#[derive(Clone, Debug)]
pub struct Tiff {
    /// Byte order.
    pub order: Order,
    /// The number after the byte order: 42, or a maker's own.
    pub magic: u16,
    /// In the order in which they were found; the first one is IFD0.
    pub ifds: Vec<Ifd>,
}

/// The byte order and magic number of a block's first bytes.
pub fn header(head: &[u8]) -> Option<(Order, u16)> {
    let order = match head.first_chunk()? {
        b"II" => Order::Little,
        b"MM" => Order::Big,
        _ => return None,
    };
    let magic = order.u16(head.get(2..)?)?;
    // 42 TIFF, 0x55 RW2, "RO"/"RS"/"OR" ORF.
    matches!(magic, 42 | 0x0055 | 0x4F52 | 0x5352 | 0x524F).then_some((order, magic))
}

/// Walks all directories of the block that `source` is.
pub fn walk<S: Source>(source: &mut S, strictness: Strictness) -> Result<Tiff, InspectError> {
    let head: [u8; 8] = source.array(0, "the file's head")?;
    let (order, magic) = header(&head).ok_or_else(|| InspectError::garbage("not a TIFF block"))?;
    let first = order.u32(&head[4..]).unwrap_or_default();
    let mut walk = Walk {
        source,
        strictness,
        queue: VecDeque::from([(Role::Main, u64::from(first))]),
        seen: BTreeSet::new(),
        tiff: Tiff { order, magic, ifds: Vec::new() },
    };
    while let Some((role, at)) = walk.queue.pop_front() {
        // A directory that points back is a loop; the second visit would bring nothing.
        if !walk.seen.insert(at) {
            continue;
        }
        if walk.tiff.ifds.len() >= IFDS_MAX {
            return Err(InspectError::garbage("too many directories"));
        }
        match walk.directory(role, at) {
            Err(error) if strictness == Strictness::Whole || walk.tiff.ifds.is_empty() => return Err(error),
            _ => {}
        }
    }
    Ok(walk.tiff)
}

struct Walk<'a, S> {
    source: &'a mut S,
    strictness: Strictness,
    queue: VecDeque<(Role, u64)>,
    seen: BTreeSet<u64>,
    tiff: Tiff,
}

impl<S: Source> Walk<'_, S> {
    fn directory(&mut self, role: Role, at: u64) -> Result<(), InspectError> {
        let (entries, next) = directory(self.source, self.tiff.order, at, 0, self.strictness)?;
        for entry in &entries {
            let role = match (role, entry.tag) {
                (Role::Main | Role::Sub, 0x014A) => Role::Sub,
                (Role::Main | Role::Sub, 0x8769) => Role::Exif,
                (Role::Main, 0x8825) => Role::Gps,
                (Role::Exif, 0xA005) => Role::Interop,
                _ => continue,
            };
            let found = numbers(self.source, self.tiff.order, entry, SUB_IFDS_MAX)?;
            self.queue.extend(found.into_iter().filter(|at| *at != 0).map(|at| (role, u64::from(at))));
        }
        // Only the main chain has a next one; elsewhere makers leave what was in memory. In ORF and RW2 too.
        if role == Role::Main && self.tiff.magic == 42 && next != 0 {
            self.queue.push_front((Role::Main, u64::from(next)));
        }
        self.tiff.ifds.push(Ifd { role, entries });
        Ok(())
    }
}

/// Reads one directory at `at`, whose offsets count from `base`: its entries, and the offset of the next one.
pub fn directory<S: Source>(
    source: &mut S,
    order: Order,
    at: u64,
    base: u64,
    strictness: Strictness,
) -> Result<(Vec<Entry>, u32), InspectError> {
    let count: [u8; 2] = source.array(at, "a directory")?;
    let count = order.u16(&count).unwrap_or_default();
    if count == 0 || count > ENTRIES_MAX {
        return Err(InspectError::garbage("a directory that makes no sense"));
    }
    let table = source.take(at + 2, u64::from(count) * 12, "a directory")?;
    let mut entries = Vec::with_capacity(count.into());
    for (index, bytes) in table.chunks_exact(12).enumerate() {
        let Some(entry) = entry(order, bytes, at + 2 + index as u64 * 12, base) else { continue };
        match source.check(entry.value_at, entry.len_bytes(), "a tag") {
            Ok(()) => entries.push(entry),
            Err(error) if strictness == Strictness::Whole => return Err(error),
            Err(_) => {}
        }
    }
    let next = source.array::<4>(at + 2 + u64::from(count) * 12, "a directory");
    let next = match (next, strictness) {
        (Ok(bytes), _) => order.u32(&bytes).unwrap_or_default(),
        (Err(error), Strictness::Whole) => return Err(error),
        (Err(_), Strictness::Lenient) => 0,
    };
    Ok((entries, next))
}

fn entry(order: Order, bytes: &[u8], at: u64, base: u64) -> Option<Entry> {
    let (tag, kind) = (order.u16(bytes)?, order.u16(bytes.get(2..)?)?);
    let (count, inside) = (order.u32(bytes.get(4..)?)?, order.u32(bytes.get(8..)?)?);
    let mut entry = Entry { tag, kind, count, value_at: at + 8 };
    if entry.len_bytes() > 4 {
        entry.value_at = base + u64::from(inside);
    }
    Some(entry)
}

/// The whole numbers of an entry, `max` at the most; more are garbage.
pub fn numbers<S: Source>(source: &mut S, order: Order, entry: &Entry, max: u32) -> Result<Vec<u32>, InspectError> {
    if entry.count > max {
        return Err(InspectError::garbage("a list that is too long"));
    }
    let bytes = source.take(entry.value_at, entry.len_bytes(), "a list of parts")?;
    Ok(match entry.kind {
        1 | 7 => bytes.into_iter().map(Into::into).collect(),
        3 => bytes.chunks_exact(2).filter_map(|pair| order.u16(pair)).map(Into::into).collect(),
        4 | 13 => bytes.chunks_exact(4).filter_map(|four| order.u32(four)).collect(),
        _ => Vec::new(),
    })
}

/// The first whole number of a tag.
pub fn number<S: Source>(source: &mut S, tiff: &Tiff, ifd: &Ifd, tag: u16) -> Option<u32> {
    let mut entry = *ifd.entry(tag)?;
    entry.count = entry.count.min(1);
    numbers(source, tiff.order, &entry, 1).ok()?.first().copied()
}

/// The parts of a directory's picture: offsets and lengths of strips, tiles, or the one JPEG.
pub fn parts<S: Source>(source: &mut S, tiff: &Tiff, ifd: &Ifd) -> Result<Vec<(u64, u64)>, InspectError> {
    let mut parts = Vec::new();
    for (at, len) in [(0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202)] {
        let (Some(at), Some(len)) = (ifd.entry(at), ifd.entry(len)) else { continue };
        let offsets = numbers(source, tiff.order, at, PARTS_MAX)?;
        let lengths = numbers(source, tiff.order, len, PARTS_MAX)?;
        parts.extend(offsets.into_iter().zip(lengths).map(|(at, len)| (u64::from(at), u64::from(len))));
    }
    Ok(parts)
}
