//! The tables of an HEIF file's `meta` box: items, where their bytes lie, what they refer to, their properties.

use std::collections::BTreeMap;

use super::WHAT;
use crate::{
    InspectError,
    bytes::Source,
    structure::bmff::{Level, Part, level},
};

/// Boxes beside each other in `meta`, `iprp` or a file.
pub const BOXES_MAX: usize = 256;
/// Items; a phone's 200 MP picture has 822.
const ITEMS_MAX: usize = 16_384;
/// Extents of all items together.
const EXTENTS_MAX: usize = 65_536;
/// Properties of one item; cameras give up to seven.
const PROPERTIES_MAX: usize = 64;
/// Bytes of one table; 200 MP take 13 KB.
const TABLE_BYTES_MAX: u64 = 4 << 20;

/// The tables.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// The picture that the file is.
    pub primary: Option<u32>,
    kinds: BTreeMap<u32, [u8; 4]>,
    places: BTreeMap<u32, Vec<(u64, u64)>>,
    references: Vec<Reference>,
    properties: Vec<Part>,
    belongs: BTreeMap<u32, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Reference {
    kind: [u8; 4],
    from: u32,
    to: Vec<u32>,
}

impl Items {
    /// Reads the tables; errs unless all bytes of all items that the file keeps itself are there.
    pub fn read<S: Source>(source: &mut S, meta: &Part) -> Result<Self, InspectError> {
        let mut items = Self::default();
        let parts = boxes(source, meta.at + 4, meta.end, BOXES_MAX)?;
        let data = parts.iter().find(|part| part.kind == *b"idat");
        for part in &parts {
            match &part.kind {
                b"pitm" => items.primary = Some(primary(source, part)?),
                b"iinf" => items.kinds = kinds(source, part)?,
                b"iloc" => items.places = places(source, part, data)?,
                b"iref" => items.references = references(source, part)?,
                b"iprp" => items.properties(source, part)?,
                _ => {}
            }
        }
        Ok(items)
    }

    /// Four letters that say what an item is.
    pub fn kind(&self, item: u32) -> Option<[u8; 4]> {
        self.kinds.get(&item).copied()
    }

    /// Items of that kind, by number.
    pub fn of_kind(&self, kind: [u8; 4]) -> impl Iterator<Item = u32> {
        self.kinds.iter().filter(move |(_, found)| **found == kind).map(|(item, _)| *item)
    }

    /// Where an item's bytes lie in the file: offsets and lengths, in order.
    pub fn extents(&self, item: u32) -> &[(u64, u64)] {
        self.places.get(&item).map_or(&[], Vec::as_slice)
    }

    /// What an item is made from or speaks of.
    pub fn referred(&self, kind: [u8; 4], from: u32) -> impl Iterator<Item = u32> {
        self.references.iter().filter(move |one| one.kind == kind && one.from == from).flat_map(|one| one.to.clone())
    }

    /// Which items refer to this one.
    pub fn referring(&self, kind: [u8; 4], to: u32) -> impl Iterator<Item = u32> {
        self.references.iter().filter(move |one| one.kind == kind && one.to.contains(&to)).map(|one| one.from)
    }

    /// An item's properties, in the order in which they apply.
    pub fn properties_of(&self, item: u32) -> impl Iterator<Item = &Part> {
        self.belongs.get(&item).into_iter().flatten().filter_map(|index| self.properties.get(*index))
    }

    fn properties<S: Source>(&mut self, source: &mut S, part: &Part) -> Result<(), InspectError> {
        for inner in boxes(source, part.at, part.end, BOXES_MAX)? {
            match &inner.kind {
                b"ipco" => self.properties = boxes(source, inner.at, inner.end, ITEMS_MAX)?,
                b"ipma" => belongs(source, &inner, &mut self.belongs)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn boxes<S: Source>(source: &mut S, at: u64, end: u64, most: usize) -> Result<Vec<Part>, InspectError> {
    level(source, at, end, &Level { what: WHAT, most })
}

/// Big-endian numbers, one after the other.
pub struct Fields {
    bytes: Vec<u8>,
    at: usize,
}

impl Fields {
    /// Of these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }

    /// The content of a box.
    pub fn of<S: Source>(source: &mut S, part: &Part) -> Result<Self, InspectError> {
        let len = part.end.saturating_sub(part.at);
        if len > TABLE_BYTES_MAX {
            return Err(InspectError::garbage("a table of impossible length"));
        }
        Ok(Self::new(source.take(part.at, len, WHAT)?))
    }

    /// The next `bytes` as a number.
    pub fn uint(&mut self, bytes: usize) -> Result<u64, InspectError> {
        let end = self.at + bytes;
        let field = self.bytes.get(self.at..end).ok_or_else(|| InspectError::garbage("a table that ends too early"))?;
        self.at = end;
        Ok(field.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The next four bytes as a number.
    pub fn u32(&mut self) -> Result<u32, InspectError> {
        self.uint(4).map(|number| number as u32)
    }

    /// Version and flags of a full box.
    fn head(&mut self) -> Result<(u64, u64), InspectError> {
        Ok((self.uint(1)?, self.uint(3)?))
    }

    /// An item's number, which is short in old versions of a box.
    fn item(&mut self, long: bool) -> Result<u32, InspectError> {
        self.uint(if long { 4 } else { 2 }).map(|number| number as u32)
    }
}

fn primary<S: Source>(source: &mut S, part: &Part) -> Result<u32, InspectError> {
    let mut fields = Fields::of(source, part)?;
    let (version, _) = fields.head()?;
    fields.item(version > 0)
}

fn kinds<S: Source>(source: &mut S, part: &Part) -> Result<BTreeMap<u32, [u8; 4]>, InspectError> {
    let [version]: [u8; 1] = source.array(part.at, WHAT)?;
    let mut kinds = BTreeMap::new();
    for entry in boxes(source, part.at + if version == 0 { 6 } else { 8 }, part.end, ITEMS_MAX)? {
        let mut fields = Fields::of(source, &entry)?;
        let (version, _) = fields.head()?;
        // Older versions have no kinds and hold no pictures.
        if entry.kind == *b"infe" && version >= 2 {
            let item = fields.item(version > 2)?;
            fields.uint(2)?;
            kinds.insert(item, fields.u32()?.to_be_bytes());
        }
    }
    Ok(kinds)
}

/// The item location box (ISO/IEC 14496-12, 8.11.3).
fn places<S: Source>(
    source: &mut S,
    part: &Part,
    data: Option<&Part>,
) -> Result<BTreeMap<u32, Vec<(u64, u64)>>, InspectError> {
    let mut fields = Fields::of(source, part)?;
    let (version, _) = fields.head()?;
    let sizes = fields.uint(2)?;
    let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| (sizes >> shift & 0xF) as usize);
    if [offset, length, base, index].iter().any(|size| ![0, 4, 8].contains(size)) {
        return Err(InspectError::garbage("places with numbers of no known size"));
    }
    let mut places = BTreeMap::new();
    let mut count = 0;
    for _ in 0..fields.uint(if version < 2 { 2 } else { 4 })? {
        let item = fields.item(version >= 2)?;
        let method = if version > 0 { fields.uint(2)? & 0xF } else { 0 };
        let elsewhere = fields.uint(2)? != 0;
        let from = fields.uint(base)?;
        let mut extents = Vec::new();
        for _ in 0..fields.uint(2)? {
            count += 1;
            if count > EXTENTS_MAX {
                return Err(InspectError::garbage("too many pieces of pictures"));
            }
            fields.uint(if version > 0 { index } else { 0 })?;
            let at = from.checked_add(fields.uint(offset)?).ok_or_else(nowhere)?;
            let len = fields.uint(length)?;
            match method {
                _ if elsewhere => {}
                0 => extents.push(in_file(source, at, len)?),
                1 => extents.push(in_data(data, at, len)?),
                _ => {}
            }
        }
        places.insert(item, extents);
    }
    Ok(places)
}

fn nowhere() -> InspectError {
    InspectError::garbage("a picture that lies nowhere")
}

/// A length of 0 means all that follows.
fn in_file<S: Source>(source: &S, at: u64, len: u64) -> Result<(u64, u64), InspectError> {
    let len = if len == 0 { source.len_bytes().saturating_sub(at) } else { len };
    source.check(at, len, "the picture")?;
    Ok((at, len))
}

fn in_data(data: Option<&Part>, at: u64, len: u64) -> Result<(u64, u64), InspectError> {
    let data = data.ok_or_else(nowhere)?;
    let at = data.at.checked_add(at).filter(|at| *at <= data.end).ok_or_else(nowhere)?;
    let len = if len == 0 { data.end - at } else { len };
    if len > data.end - at { Err(nowhere()) } else { Ok((at, len)) }
}

fn references<S: Source>(source: &mut S, part: &Part) -> Result<Vec<Reference>, InspectError> {
    let [version]: [u8; 1] = source.array(part.at, WHAT)?;
    let mut references = Vec::new();
    for entry in boxes(source, part.at + 4, part.end, ITEMS_MAX)? {
        let mut fields = Fields::of(source, &entry)?;
        let from = fields.item(version > 0)?;
        let count = fields.uint(2)?;
        let to = (0..count).map(|_| fields.item(version > 0)).collect::<Result<_, _>>()?;
        references.push(Reference { kind: entry.kind, from, to });
    }
    Ok(references)
}

/// Which properties belong to which items (ISO/IEC 23008-12, 9.3): numbers from 1, the top bit says "essential".
fn belongs<S: Source>(
    source: &mut S,
    part: &Part,
    belongs: &mut BTreeMap<u32, Vec<usize>>,
) -> Result<(), InspectError> {
    let mut fields = Fields::of(source, part)?;
    let (version, flags) = fields.head()?;
    let width = if flags & 1 == 1 { 2 } else { 1 };
    for _ in 0..fields.u32()? {
        let item = fields.item(version > 0)?;
        for _ in 0..fields.uint(1)? {
            let number = fields.uint(width)? & if width == 2 { 0x7FFF } else { 0x7F };
            let all = belongs.entry(item).or_default();
            if all.len() >= PROPERTIES_MAX {
                return Err(InspectError::garbage("a picture with too many properties"));
            }
            all.extend((number as usize).checked_sub(1));
        }
    }
    Ok(())
}
