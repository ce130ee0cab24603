//! HEIF files built around HEVC pictures of our own drawing: `heif-enc` (Debian: libheif-examples) codes them, the boxes are
//! put together here by ISO/IEC 14496-12 and 23008-12. `heif-convert` beside it is the reader that ours is compared with.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use flate2::{Compression, write::ZlibEncoder};

use super::Pixels;

/// A picture coded with HEVC, out of any file.
#[derive(Clone)]
pub struct Still {
    /// The content of its `hvcC` box.
    pub record: Vec<u8>,
    /// Length-prefixed NAL units.
    pub coded: Vec<u8>,
    pub size: (u32, u32),
}

impl Still {
    /// Codes 8-bit sRGB pixels; both sides must be even and at least 64.
    pub fn of(pixels: &Pixels) -> Self {
        let levels: Vec<u16> = pixels.rgb.iter().map(|level| u16::from(*level)).collect();
        Self::coded(&levels, (pixels.width as u32, pixels.height as u32), 8, &[])
    }

    /// Codes R G B levels of 8 bits, or of 16 in 10, with further arguments for the encoder.
    pub fn coded(levels: &[u16], size: (u32, u32), bits: u8, arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("drawn.png"), dir.path().join("drawn.heic"));
        std::fs::write(&from, png(levels, size, bits)).unwrap();
        encode(&from, &to, arguments);
        Self::inside(&std::fs::read(to).unwrap(), size)
    }

    /// The one picture of a file that `heif-enc` wrote from a picture without metadata.
    fn inside(file: &[u8], size: (u32, u32)) -> Self {
        let content = |kind: &[u8; 4]| {
            let at = file.windows(4).position(|four| four == kind).expect("a box of that kind");
            let len = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
            file[at + 4..at - 4 + len].to_vec()
        };
        assert!(!file.windows(4).any(|four| four == b"grid"), "coded in one piece");
        Self { record: content(b"hvcC"), coded: content(b"mdat"), size }
    }
}

/// Has `heif-enc` write `to`.
pub fn encode(from: &Path, to: &Path, arguments: &[&str]) {
    tool(
        "heif-enc",
        &[&["-q", "95", "-p", "preset=ultrafast"], arguments, &[from.to_str().unwrap(), "-o", to.to_str().unwrap()]]
            .concat(),
    );
}

/// What libheif's own program makes of a file: upright pixels in the file's colours, and its ICC profile where it has one.
pub fn converted(file: &Path) -> (Pixels, Option<Vec<u8>>) {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("converted.jpg");
    tool("heif-convert", &["-q", "100", file.to_str().unwrap(), to.to_str().unwrap()]);
    let jpeg = std::fs::read(to).unwrap();
    let at = jpeg.windows(12).position(|twelve| twelve == b"ICC_PROFILE\0");
    let icc = at.map(|at| {
        let len = u16::from_be_bytes([jpeg[at - 2], jpeg[at - 1]]) as usize;
        jpeg[at + 14..at - 2 + len].to_vec()
    });
    (Pixels::from_jpeg(&jpeg), icc)
}

fn tool(name: &str, arguments: &[&str]) {
    let result = Command::new(name).args(arguments).stdin(Stdio::null()).output();
    let output = result.unwrap_or_else(|error| panic!("{name} is missing ({error}): apt-get install libheif-examples"));
    assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A PNG of R G B levels with 8 or 16 bits.
fn png(levels: &[u16], (width, height): (u32, u32), bits: u8) -> Vec<u8> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::fast());
    for row in levels.chunks_exact(width as usize * 3) {
        rows.write_all(&[0]).unwrap();
        let bytes: Vec<u8> = match bits {
            8 => row.iter().map(|level| *level as u8).collect(),
            _ => row.iter().flat_map(|level| level.to_be_bytes()).collect(),
        };
        rows.write_all(&bytes).unwrap();
    }
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(&[kind, content].concat());
        [&(content.len() as u32).to_be_bytes(), &kind[..], content, &sum.sum().to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, 2, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &head), chunk(b"IDAT", &rows.finish().unwrap()), chunk(b"IEND", &[])];
    [&b"\x89PNG\r\n\x1A\n"[..], &parts.concat()].concat()
}

/// An item to be put into a file; its number is its place in the list, from 1.
#[derive(Clone, Default)]
pub struct Item {
    pub kind: [u8; 4],
    pub bytes: Vec<u8>,
    /// Whole boxes.
    pub properties: Vec<Vec<u8>>,
    /// Kind of reference, and the items referred to.
    pub refers: Vec<([u8; 4], Vec<u16>)>,
    /// Kept inside of `meta`, as grids are.
    pub inside: bool,
}

impl Item {
    /// A coded picture.
    pub fn picture(still: &Still) -> Self {
        let properties = vec![put(*b"hvcC", &[&still.record]), size_box(still.size)];
        Self { kind: *b"hvc1", bytes: still.coded.clone(), properties, ..Self::default() }
    }

    /// A grid of these items.
    pub fn grid((columns, rows): (u8, u8), size: (u32, u32), tiles: Vec<u16>) -> Self {
        let sides = [size.0 as u16, size.1 as u16].map(u16::to_be_bytes).concat();
        Self {
            kind: *b"grid",
            bytes: [&[0, 0, rows - 1, columns - 1][..], &sides].concat(),
            properties: vec![size_box(size)],
            refers: vec![(*b"dimg", tiles)],
            inside: true,
        }
    }

    /// EXIF about an item: a TIFF block behind the word `Exif`, as Apple writes it.
    pub fn exif(tiff: &[u8], about: u16) -> Self {
        let bytes = [&[0, 0, 0, 6], &b"Exif\0\0"[..], tiff].concat();
        Self { kind: *b"Exif", bytes, refers: vec![(*b"cdsc", vec![about])], ..Self::default() }
    }

    pub fn with(mut self, properties: &[Vec<u8>]) -> Self {
        self.properties.extend_from_slice(properties);
        self
    }

    pub fn small_one_of(mut self, item: u16) -> Self {
        self.refers.push((*b"thmb", vec![item]));
        self
    }
}

fn size_box((width, height): (u32, u32)) -> Vec<u8> {
    put(*b"ispe", &[&[0; 4], &width.to_be_bytes(), &height.to_be_bytes()])
}

/// `irot` by quarters, anticlockwise.
pub fn rotation(quarters: u8) -> Vec<u8> {
    put(*b"irot", &[&[quarters]])
}

/// `imir`: 0 exchanges top and bottom, 1 left and right.
pub fn mirror(axis: u8) -> Vec<u8> {
    put(*b"imir", &[&[axis]])
}

/// `clap` in whole pixels; offsets of the centre in halves.
pub fn crop(size: (u32, u32), offset_halves: (i32, i32)) -> Vec<u8> {
    let numbers = [size.0, 1, size.1, 1, offset_halves.0.cast_unsigned(), 2, offset_halves.1.cast_unsigned(), 2];
    put(*b"clap", &[&numbers.map(u32::to_be_bytes).concat()])
}

/// `colr` with a profile.
pub fn profile(icc: &[u8]) -> Vec<u8> {
    put(*b"colr", &[b"prof", icc])
}

/// `colr` with ITU-T H.273's numbers, full range.
pub fn numbers(primaries: u16, transfer: u16, matrix: u16) -> Vec<u8> {
    put(*b"colr", &[b"nclx", &[primaries, transfer, matrix].map(u16::to_be_bytes).concat(), &[0x80]])
}

/// How a file is laid out.
#[derive(Clone, Copy, Default)]
pub struct Layout {
    /// The data come before their description, as Samsung's phones write them.
    pub data_first: bool,
    /// Version of the table of places: 0, 1 or 2.
    pub places: u8,
    /// Long numbers for items and properties.
    pub long: bool,
    /// Every item lies in two pieces.
    pub pieces: bool,
}

/// A file whose own picture is item `primary`.
pub fn file(items: &[Item], primary: u16, layout: Layout) -> Vec<u8> {
    let kinds = put(*b"ftyp", &[b"heic\0\0\0\0mif1heic"]);
    let data: Vec<u8> = items.iter().filter(|item| !item.inside).flat_map(|item| item.bytes.clone()).collect();
    let data = put(*b"mdat", &[&data]);
    // The description's length does not depend on the offsets in it.
    let len = meta(items, primary, layout, 0).len();
    let data_at = kinds.len() + 8 + if layout.data_first { 0 } else { len };
    let meta = meta(items, primary, layout, data_at);
    if layout.data_first { [kinds, data, meta].concat() } else { [kinds, meta, data].concat() }
}

fn meta(items: &[Item], primary: u16, layout: Layout, data_at: usize) -> Vec<u8> {
    let infos: Vec<u8> = (1_u16..)
        .zip(items)
        .flat_map(|(id, item)| put(*b"infe", &[&[2, 0, 0, 0], &id.to_be_bytes(), &[0, 0], &item.kind, &[0]]))
        .collect();
    let inside: Vec<u8> = items.iter().filter(|item| item.inside).flat_map(|item| item.bytes.clone()).collect();
    let refers: Vec<u8> = (1_u16..)
        .zip(items)
        .flat_map(|(id, item)| item.refers.iter().map(move |(kind, to)| (id, *kind, to)))
        .flat_map(|(id, kind, to)| {
            let to: Vec<u8> = to.iter().flat_map(|id| id.to_be_bytes()).collect();
            put(kind, &[&id.to_be_bytes(), &(to.len() as u16 / 2).to_be_bytes(), &to])
        })
        .collect();
    let parts = [
        put(*b"hdlr", &[&[0; 8], b"pict", &[0; 13]]),
        put(*b"pitm", &[&[0; 4], &primary.to_be_bytes()]),
        places(items, layout, data_at),
        put(*b"iinf", &[&[0; 4], &(items.len() as u16).to_be_bytes(), &infos]),
        put(*b"iref", &[&[0; 4], &refers]),
        properties(items, layout.long),
        put(*b"idat", &[&inside]),
    ];
    put(*b"meta", &[&[0; 4], &parts.concat()])
}

fn properties(items: &[Item], long: bool) -> Vec<u8> {
    let all: Vec<u8> = items.iter().flat_map(|item| item.properties.concat()).collect();
    let mut table = (items.len() as u32).to_be_bytes().to_vec();
    let mut next = 1_u16;
    for (id, item) in (1_u16..).zip(items) {
        if long {
            table.extend(u32::from(id).to_be_bytes());
        } else {
            table.extend(id.to_be_bytes());
        }
        table.push(item.properties.len() as u8);
        for _ in &item.properties {
            if long {
                table.extend((next | 0x8000).to_be_bytes());
            } else {
                table.push(next as u8);
            }
            next += 1;
        }
    }
    let head = [long.into(), 0, 0, long.into()];
    put(*b"iprp", &[&put(*b"ipco", &[&all]), &put(*b"ipma", &[&head, &table])])
}

fn places(items: &[Item], Layout { places: version, pieces, .. }: Layout, data_at: usize) -> Vec<u8> {
    let mut table = vec![version, 0, 0, 0, 0x44, 0x40];
    if version < 2 {
        table.extend((items.len() as u16).to_be_bytes());
    } else {
        table.extend((items.len() as u32).to_be_bytes());
    }
    let (mut in_file, mut in_meta) = (data_at as u32, 0_u32);
    for (id, item) in (1_u16..).zip(items) {
        if version < 2 {
            table.extend(id.to_be_bytes());
        } else {
            table.extend(u32::from(id).to_be_bytes());
        }
        assert!(version > 0 || !item.inside, "version 0 knows the file alone");
        if version > 0 {
            table.extend([0, u8::from(item.inside)]);
        }
        table.extend([0, 0]);
        let from = if item.inside { &mut in_meta } else { &mut in_file };
        table.extend(from.to_be_bytes());
        let len = item.bytes.len() as u32;
        let cuts = if pieces { vec![(0, len / 3), (len / 3, len - len / 3)] } else { vec![(0, len)] };
        table.extend((cuts.len() as u16).to_be_bytes());
        for (at, len) in cuts {
            table.extend([at.to_be_bytes(), len.to_be_bytes()].concat());
        }
        *from += len;
    }
    put(*b"iloc", &[&table])
}

/// A box.
pub fn put(kind: [u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32 + 8).to_be_bytes(), &kind[..], &body].concat()
}
