//! Lossless JPEGs decoded in LibRaw's place: the same samples and the same words as LibRaw's own, on every file.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::{cell::Cell, fs, rc::Rc, sync::Mutex};

use develop::raw::{Cfa, Colour, Layout, unpack::Unpacker};
use libraw::{Error, Facts, Packed, Unpack};
use support::{
    Dice,
    dng::Dng,
    ljpeg::{self, USUAL, Writing},
    samples,
    tiff::Value,
};

/// What a decoder made of a file.
type Outcome = Result<(Facts, Vec<u16>), Error>;

/// Tells whether the file was taken over.
struct Watched(Rc<Cell<bool>>);

impl Unpack for Watched {
    fn unpack(&mut self, packed: Packed<'_>) -> bool {
        let taken = Unpacker.unpack(packed);
        self.0.set(taken);
        taken
    }
}

/// LibRaw is built for a process that decodes one file at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn outcome(decoded: Result<libraw::Decoded, Error>) -> Outcome {
    let decoded = decoded?;
    let mut samples = vec![0; decoded.samples()];
    decoded.copy_to(&mut samples)?;
    Ok((decoded.facts().clone(), samples))
}

fn open(bytes: &[u8]) -> Result<libraw::File, Error> {
    libraw::File::open(bytes.to_vec())
}

/// By LibRaw alone; with us; and whether we took it over.
fn both(bytes: &[u8]) -> (Outcome, Outcome, bool) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let taken = Rc::new(Cell::new(false));
    let alone = outcome(open(bytes).and_then(libraw::File::decode));
    let ours = outcome(open(bytes).and_then(|file| file.decode_with(Watched(taken.clone()))));
    (alone, ours, taken.get())
}

/// Both are the same; whether we took it over.
#[track_caller]
fn same(bytes: &[u8], name: &str) -> bool {
    let (alone, ours, taken) = both(bytes);
    match (&alone, &ours) {
        (Ok((facts, samples)), Ok((our_facts, our_samples))) => {
            assert_eq!(facts, our_facts, "{name}");
            let first = samples.iter().zip(our_samples).position(|(a, b)| a != b);
            assert_eq!((samples.len(), first), (our_samples.len(), None), "{name}: first sample that differs");
        }
        _ => assert_eq!(alone.as_ref().err(), ours.as_ref().err(), "{name}"),
    }
    taken
}

#[test]
fn every_sample_is_the_same_bit_for_bit() {
    let mut taken = Vec::new();
    for folder in samples() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            let is_raw = ["arw", "cr2", "dng"].iter().any(|ending| name.to_lowercase().ends_with(ending));
            if is_raw && entry.is_file() && same(&fs::read(&entry).unwrap(), &name) {
                taken.push(name);
            }
        }
    }
    // The others are not in every checkout.
    assert!(taken.iter().any(|one| one == "test_raw.cr2"), "left to LibRaw; taken over: {taken:?}");
}

/// A picture with all kinds of differences: even parts, edges, noise.
fn drawn(count: usize, precision: u32, dice: &mut Dice) -> Vec<u16> {
    let range = 1_usize << precision;
    let mut value = range / 2;
    let sample = |_| {
        value = match dice.roll(40) {
            0 => dice.roll(range),
            1..15 => value,
            n => (value + dice.roll(n) + range - n / 2) % range,
        };
        value as u16
    };
    (0..count).map(sample).collect()
}

fn lengths(dice: &mut Dice) -> [u8; 17] {
    if dice.roll(2) == 0 {
        return USUAL;
    }
    // One of each length from 1 to 15 and two of 16, in any order: a full code but for one place.
    let mut lengths: [u8; 17] = std::array::from_fn(|index| index.min(15) as u8 + 1);
    lengths[15] = 16;
    for index in (1..17).rev() {
        lengths.swap(index, dice.roll(index + 1));
    }
    // The code of ones alone is nobody's: one length gives way.
    let shortest = lengths.iter().position(|length| *length == 15).unwrap();
    lengths[shortest] = 16;
    lengths
}

/// Tiles as a converter writes them: each a JPEG, filled up where the sensor ends.
struct Tiles {
    size: (usize, usize),
    tile: (usize, usize),
    layout: Layout,
    /// Rows of a tile that one row of its JPEG holds.
    rows_in_one: usize,
    writing: Writing,
}

/// One tile's samples, rows without gaps; what lies beyond the sensor repeats its edge.
fn tile(tiles: &Tiles, samples: &[u16], index: usize) -> Vec<u16> {
    let ((width, height), (tile_width, tile_height)) = (tiles.size, tiles.tile);
    let each = tiles.layout.samples_per_pixel();
    let across = width.div_ceil(tile_width);
    let (x, y) = (index % across * tile_width, index / across * tile_height);
    let pixels = (0..tile_height).flat_map(|row| (0..tile_width).map(move |column| (row, column)));
    pixels
        .flat_map(|(row, column)| {
            let pixel = (y + row).min(height - 1) * width + (x + column).min(width - 1);
            samples[pixel * each..(pixel + 1) * each].to_vec()
        })
        .collect()
}

fn dng(tiles: &Tiles, samples: &[u16]) -> Vec<u8> {
    let each = tiles.layout.samples_per_pixel();
    packed_dng(tiles, 7, &[], |index| {
        let all = tile(tiles, samples, index);
        let row_samples = tiles.tile.0 * each * tiles.rows_in_one;
        let writing = Writing {
            columns: row_samples / tiles.writing.components,
            rows: all.len() / row_samples,
            ..tiles.writing.clone()
        };
        ljpeg::jpeg(&writing, &all)
    })
}

fn packed_dng(tiles: &Tiles, compression: u16, more: &[(u16, Value)], part: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let ((width, height), (tile_width, tile_height)) = (tiles.size, tiles.tile);
    let each = tiles.layout.samples_per_pixel();
    let parts: Vec<_> = (0..width.div_ceil(tile_width) * height.div_ceil(tile_height)).map(part).collect();
    let white = [((1_u32 << tiles.writing.precision) - 1) as u16; 3];
    let bits = [tiles.writing.precision as u16; 3];
    let file = |offsets: &[u32], counts: &[u32]| {
        let mut dng = Dng::new((width as u32, height as u32), tiles.layout.clone(), &[], [2.0, 1.0, 1.5]);
        dng.tags = vec![
            (0x0102, Value::Shorts(&bits[..each])),
            (0x0103, Value::Short(compression)),
            // The one strip that stands there otherwise.
            (0x0111, Value::Long(offsets[0])),
            (0x0117, Value::Long(counts[0])),
            (0x0142, Value::Long(tile_width as u32)),
            (0x0143, Value::Long(tile_height as u32)),
            (0x0144, Value::Longs(offsets)),
            (0x0145, Value::Longs(counts)),
            (0xC61D, Value::Shorts(&white[..each])),
        ];
        dng.tags.extend(more);
        dng.file()
    };
    let counts: Vec<u32> = parts.iter().map(|part| part.len() as u32).collect();
    let mut at = file(&vec![0; counts.len()], &counts).len() as u32;
    let mut offsets = Vec::new();
    for count in &counts {
        offsets.push(at);
        at += count;
    }
    [vec![file(&offsets, &counts)], parts].concat().concat()
}

fn bayer() -> Layout {
    Layout::Mosaic(Cfa::new(2, vec![Colour::Red, Colour::Green, Colour::Green, Colour::Blue]).unwrap())
}

fn random_tiles(dice: &mut Dice) -> Tiles {
    let is_linear = dice.roll(5) == 0;
    let components = if is_linear { 3 } else { [1, 2, 2, 4][dice.roll(4)] };
    // LibRaw reads rows of the sensor's width by half the components as several; cameras write no such tiles.
    let tile = (16 * (1 + dice.roll(6)), 16 * (1 + dice.roll(4)));
    Tiles {
        size: (tile.0 * 2 + 2 * dice.roll(20), tile.1 + 2 * dice.roll(40) + 22),
        tile,
        layout: if is_linear { Layout::Rgb } else { bayer() },
        rows_in_one: 1 + dice.roll(2),
        writing: Writing {
            columns: 0,
            rows: 0,
            components,
            precision: 8 + dice.roll(9) as u32,
            predictor: 1 + dice.roll(7) as u8,
            own_tables: dice.roll(2) == 0,
            lengths: lengths(dice),
        },
    }
}

#[test]
fn drawn_tiles_of_every_kind_are_the_same_and_true() {
    let mut dice = Dice(0x1055_1E55);
    let mut taken = 0;
    for case in 0..160 {
        let tiles = random_tiles(&mut dice);
        let each = tiles.layout.samples_per_pixel();
        let count = tiles.size.0 * tiles.size.1 * each;
        let samples = drawn(count, tiles.writing.precision, &mut dice);
        let file = dng(&tiles, &samples);
        let told = format!("case {case}: {:?} in tiles of {:?}, {:?}", tiles.size, tiles.tile, tiles.writing);
        let is_taken = same(&file, &told);
        taken += usize::from(is_taken);
        if is_taken {
            let (_, decoded) = both(&file).1.expect(&told);
            assert!(decoded == samples, "{told}: what was written does not come back");
        }
    }
    assert!(taken >= 140, "only {taken} of 160 were taken over");
}

#[test]
fn broken_tiles_end_as_libraw_ends_them() {
    let mut dice = Dice(0x000B_00B5);
    let (mut taken, mut refused) = (0, 0);
    for case in 0..60 {
        let tiles = random_tiles(&mut dice);
        let each = tiles.layout.samples_per_pixel();
        let samples = drawn(tiles.size.0 * tiles.size.1 * each, tiles.writing.precision, &mut dice);
        let file = dng(&tiles, &samples);
        for change in 0..8 {
            let mut broken = file.clone();
            for _ in 0..=dice.roll(3) {
                let at = dice.roll(broken.len());
                broken[at] = [dice.roll(256) as u8, 0xFF, 0][dice.roll(3)];
            }
            if change == 0 {
                broken.truncate(file.len() - 1 - dice.roll(file.len() / 2));
            }
            let told = format!("case {case}.{change}: {:?} in {:?}, {:?}", tiles.size, tiles.tile, tiles.writing);
            if same(&broken, &told) { taken += 1 } else { refused += 1 }
        }
    }
    assert!(taken > 20 && refused > 200, "{taken} were taken over, {refused} were not: both must be tried");
}

#[test]
fn a_curve_is_applied() {
    let curve: Vec<u16> = (0..4096_u32).map(|n| (n * n / 257) as u16).collect();
    let mut dice = Dice(77);
    let tiles = Tiles {
        size: (80, 48),
        tile: (32, 32),
        layout: bayer(),
        rows_in_one: 1,
        writing: Writing {
            columns: 0,
            rows: 0,
            components: 2,
            precision: 12,
            predictor: 1,
            own_tables: false,
            lengths: USUAL,
        },
    };
    let samples = drawn(80 * 48, 12, &mut dice);
    let plain = dng(&tiles, &samples);
    // The list stands behind everything: a tag of the same length gives its place to it.
    let at = plain.windows(4).position(|tag| tag == [0x14, 0xC6, 2, 0]).unwrap();
    let mut file = plain.clone();
    let list_at = file.len() as u32;
    file.extend(curve.iter().flat_map(|value| value.to_le_bytes()));
    file[at..at + 12].copy_from_slice(
        &[[0x18, 0xC6, 3, 0].as_slice(), &(curve.len() as u32).to_le_bytes(), &list_at.to_le_bytes()].concat(),
    );
    assert!(same(&file, "curve"));
    let (_, decoded) = both(&file).1.unwrap();
    let wanted: Vec<u16> = samples.iter().map(|sample| curve[usize::from(*sample)]).collect();
    assert!(decoded == wanted);
}

/// A tile as JPEG XL without loss, by a writer of others.
fn jxl(tiles: &Tiles, samples: &[u16], index: usize) -> Vec<u8> {
    use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};
    let colours = if tiles.layout.samples_per_pixel() == 3 { ColorSpace::RGB } else { ColorSpace::Luma };
    let bytes: Vec<u8> = tile(tiles, samples, index).iter().flat_map(|sample| sample.to_ne_bytes()).collect();
    let options = EncoderOptions::new(tiles.tile.0, tiles.tile.1, colours, BitDepth::Sixteen);
    let mut out = Vec::new();
    zune_jpegxl::JxlSimpleEncoder::new(&bytes, options).encode(&mut out).unwrap();
    out
}

fn jxl_tiles(layout: Layout) -> Tiles {
    let writing =
        Writing { columns: 0, rows: 0, components: 1, precision: 16, predictor: 1, own_tables: false, lengths: USUAL };
    Tiles { size: (150, 100), tile: (64, 48), layout, rows_in_one: 1, writing }
}

#[test]
fn jpeg_xl_brings_the_samples_that_lossless_jpeg_brings() {
    let mut dice = Dice(0x1_E7);
    for layout in [bayer(), Layout::Rgb] {
        let tiles = jxl_tiles(layout);
        let samples = drawn(150 * 100 * tiles.layout.samples_per_pixel(), 16, &mut dice);
        let file = packed_dng(&tiles, 52_546, &[], |index| jxl(&tiles, &samples, index));
        let (alone, ours, taken) = both(&file);
        assert!(alone.is_err(), "this LibRaw knows JPEG XL: compare with it");
        let (facts, decoded) = ours.unwrap();
        assert!(taken && decoded == samples, "{:?}", tiles.layout);
        let writing = Writing { components: tiles.layout.samples_per_pixel(), ..tiles.writing.clone() };
        let same_in_jpeg = dng(&Tiles { writing, ..tiles }, &samples);
        let (jpeg_facts, jpeg_decoded) = both(&same_in_jpeg).1.unwrap();
        assert_eq!((facts, decoded), (jpeg_facts, jpeg_decoded));
    }
}

#[test]
fn jpeg_xl_of_woven_fields_is_put_in_order() {
    let tiles = jxl_tiles(bayer());
    let samples = drawn(150 * 100, 16, &mut Dice(5));
    // All even rows, then all odd ones; the columns likewise.
    let place = |index: usize, count: usize| {
        if index < count.div_ceil(2) { index * 2 } else { (index - count.div_ceil(2)) * 2 + 1 }
    };
    let stored: Vec<u16> =
        (0..150 * 100).map(|index| samples[place(index / 150, 100) * 150 + place(index % 150, 150)]).collect();
    let factors = [(0xC71F, Value::Long(2)), (0xCD43, Value::Long(2))];
    let file = packed_dng(&tiles, 52_546, &factors, |index| jxl(&tiles, &stored, index));
    assert!(both(&file).1.unwrap().1 == samples);
}

#[test]
fn broken_jpeg_xl_is_refused_and_nothing_else() {
    let tiles = jxl_tiles(bayer());
    let samples = drawn(150 * 100, 16, &mut Dice(6));
    let file = packed_dng(&tiles, 52_546, &[], |index| jxl(&tiles, &samples, index));
    let mut dice = Dice(0x0BAD);
    for _ in 0..60 {
        let mut broken = dice.mutated(&file, file.len(), 4);
        if dice.roll(4) == 0 {
            broken.truncate(dice.roll(file.len()));
        }
        // Whatever comes is an answer: samples, or a reason.
        let _ = both(&broken).1;
    }
    let short = both(&file[..file.len() - 200]).1;
    assert!(short.is_err(), "a tile is missing");
}

#[tokio::test]
async fn the_confined_worker_decodes_both_kinds() {
    let tiles = jxl_tiles(bayer());
    let samples = drawn(150 * 100, 16, &mut Dice(7));
    let folder = tempfile::tempdir().unwrap();
    let pool = support::pool(1, develop::worker::Caps::default(), &[]);
    for (name, file) in [
        ("xl.dng", packed_dng(&tiles, 52_546, &[], |index| jxl(&tiles, &samples, index))),
        ("lossless.dng", dng(&tiles, &samples)),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, file).unwrap();
        let decoded = pool.decode(&path, None).await.unwrap();
        assert!(*decoded.samples == samples, "{name}");
        assert!(!decoded.sensor.damaged, "{name}");
    }
}
