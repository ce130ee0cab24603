//! Files gone wrong, by dice: the same dice give the same file.

use crate::{
    fields::{Field, fields},
    support::Dice,
};

/// Numbers at the edges of what programs count with.
const NASTY: [u64; 22] = [
    0,
    1,
    2,
    3,
    7,
    8,
    15,
    16,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
    0x7FFF_FFFF_FFFF_FFFF,
    u64::MAX,
];
/// Numbers that mean something where two bytes name a tag, a type, a packing or a marker.
const WORDS: [u64; 30] = [
    1, 2, 3, 4, 5, 6, 7, 10, 12, 13, 14, 16, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0111, 0x0117, 0x0144, 0x0145,
    0x014A, 0x0201, 0x8769, 0x927C, 0x828D, 34_713, 34_892, 32_767, 65_535,
];

/// What a mutation aims at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Anything: most of these are refused for their structure.
    Anywhere,
    /// Numbers in place and bytes of the data: most of these get as far as the decoder.
    Inside,
}

/// A file to begin with.
pub struct Base {
    /// How it is named in a report.
    pub name: String,
    /// Of its name, lower case.
    pub extension: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How often it is taken, beside others.
    pub weight: usize,
    fields: Vec<Field>,
}

impl Base {
    /// From these bytes; the fields are looked up once.
    pub fn new(name: &str, bytes: Vec<u8>, weight: usize) -> Self {
        let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let fields = fields(&bytes);
        Self { name: name.to_owned(), extension, bytes, weight, fields }
    }

    /// A mutant; `other` lends a part where two files are joined.
    pub fn mutant(&self, dice: &mut Dice, other: &[u8], aim: Aim) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let rounds = [1, 1, 1, 2, 3, 6][dice.roll(6)];
        for _ in 0..rounds {
            if bytes.is_empty() {
                break;
            }
            let steps = if aim == Aim::Inside { 5 } else { 11 };
            match dice.roll(steps) {
                0 | 1 => self.change_fields(&mut bytes, dice),
                2 => flip_bits(&mut bytes, dice),
                3 => set_bytes(&mut bytes, dice),
                4 => fill(&mut bytes, dice),
                5 => set_number(&mut bytes, dice),
                6 => bytes.truncate(dice.roll(self.bytes.len() + 1)),
                7 => repeat(&mut bytes, dice),
                8 => cut_out(&mut bytes, dice),
                9 => bytes = joined(&bytes, other, dice),
                _ => self.swap_fields(&mut bytes, dice),
            }
        }
        bytes
    }

    fn change_fields(&self, bytes: &mut [u8], dice: &mut Dice) {
        for _ in 0..=dice.roll(3) {
            let Some(field) = self.field(dice) else { return set_number(bytes, dice) };
            let now = field.read(bytes);
            let value = match dice.roll(8) {
                0 | 1 => NASTY[dice.roll(NASTY.len())],
                2 => WORDS[dice.roll(WORDS.len())],
                3 => now.wrapping_add(1 + dice.roll(16) as u64),
                4 => now.wrapping_sub(1 + dice.roll(16) as u64),
                5 => [now << 1, now >> 1, now ^ 0x80, now << 8][dice.roll(4)],
                6 => (bytes.len() as u64).wrapping_add(dice.roll(64) as u64).wrapping_sub(32),
                _ => dice.roll(1 << 20) as u64,
            };
            field.write(bytes, value);
        }
    }

    fn swap_fields(&self, bytes: &mut [u8], dice: &mut Dice) {
        let (Some(one), Some(two)) = (self.field(dice), self.field(dice)) else { return };
        let (first, second) = (one.read(bytes), two.read(bytes));
        one.write(bytes, second);
        two.write(bytes, first);
    }

    fn field(&self, dice: &mut Dice) -> Option<Field> {
        (!self.fields.is_empty()).then(|| self.fields[dice.roll(self.fields.len())])
    }
}

/// A place: in the head, near it, or anywhere.
fn place(len: usize, dice: &mut Dice) -> usize {
    let reach = [512, 4096, 65_536, len, len][dice.roll(5)];
    dice.roll(reach.clamp(1, len))
}

fn length(len: usize, dice: &mut Dice) -> usize {
    let most = [4, 64, 1024, 4096, 65_536][dice.roll(5)];
    1 + dice.roll(most.min(len))
}

fn flip_bits(bytes: &mut [u8], dice: &mut Dice) {
    let most = [1, 4, 32][dice.roll(3)];
    for _ in 0..=dice.roll(most) {
        bytes[place(bytes.len(), dice)] ^= 1 << dice.roll(8);
    }
}

fn set_bytes(bytes: &mut [u8], dice: &mut Dice) {
    let from = place(bytes.len(), dice);
    let reach = (bytes.len() - from).min(256);
    for _ in 0..=dice.roll(12) {
        bytes[from + dice.roll(reach)] = [0, 0xFF, dice.roll(256) as u8][dice.roll(3)];
    }
}

fn set_number(bytes: &mut [u8], dice: &mut Dice) {
    let field =
        Field { at: place(bytes.len(), dice), width: [1, 2, 4, 4][dice.roll(4)], big_endian: dice.roll(2) == 0 };
    field.write(bytes, NASTY[dice.roll(NASTY.len())]);
}

/// A range of zeros, as a lost block of a card leaves it, or of ones.
fn fill(bytes: &mut [u8], dice: &mut Dice) {
    let from = place(bytes.len(), dice);
    let to = (from + length(bytes.len(), dice)).min(bytes.len());
    bytes[from..to].fill([0, 0, 0xFF][dice.roll(3)]);
}

fn repeat(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let from = place(bytes.len(), dice);
    let to = (from + length(bytes.len(), dice)).min(bytes.len());
    let copy = bytes[from..to].to_vec();
    let at = place(bytes.len(), dice);
    bytes.splice(at..at, copy);
}

fn cut_out(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let from = place(bytes.len(), dice);
    let to = (from + length(bytes.len(), dice)).min(bytes.len());
    bytes.drain(from..to);
}

/// The head of one file and the tail of another.
fn joined(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let (head, tail) = (place(bytes.len(), dice), dice.roll(other.len() + 1));
    [&bytes[..head], &other[tail..]].concat()
}
