//! One lossless JPEG: its head, and its samples by prediction (T.81 B.2, H.1.2).

use std::rc::Rc;

use super::{
    bits::Bits,
    table::{Kept, Table},
};

/// Segments before the samples; there are four.
const SEGMENTS_MAX: usize = 32;
/// Components; there are one to four.
const COMPONENTS_MAX: usize = 4;

/// What a head says, and the bytes behind it.
pub(super) struct Jpeg<'a> {
    columns: usize,
    rows: usize,
    /// Bits of a sample.
    precision: u32,
    /// Which neighbours predict, 1 to 7 (T.81 table H.1).
    predictor: u8,
    /// Of each component.
    tables: Vec<Rc<Table>>,
    scan: &'a [u8],
}

/// The frame header: precision, rows, columns, components by name.
struct Frame {
    precision: u32,
    rows: usize,
    columns: usize,
    names: Vec<u8>,
}

impl<'a> Jpeg<'a> {
    /// Reads a head; nothing where it is no head of a kind that is decoded here.
    pub fn read(part: &'a [u8], kept: &mut Kept, has_long_codes: bool) -> Option<Self> {
        let mut tables: [Option<Rc<Table>>; COMPONENTS_MAX] = Default::default();
        let mut frame = None;
        let mut at = 2;
        if part.get(..2)? != [0xFF, 0xD8] {
            return None;
        }
        for _ in 0..SEGMENTS_MAX {
            let [prefix, marker, high, low] = *part.get(at..)?.first_chunk()?;
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            let body = part.get(at + 4..end)?;
            if prefix != 0xFF {
                return None;
            }
            match marker {
                0xC3 if frame.is_none() => frame = Some(read_frame(body)?),
                0xC4 => read_tables(body, &mut tables, kept, has_long_codes)?,
                0xDA => return Self::of(&frame?, body, &tables, part.get(end..)?),
                // Comments and applications' own.
                0xE0..=0xEF | 0xFE => {}
                // Other frames, restarts, and what else a camera never writes.
                _ => return None,
            }
            at = end;
        }
        None
    }

    fn of(frame: &Frame, scan: &[u8], tables: &[Option<Rc<Table>>], data: &'a [u8]) -> Option<Self> {
        let (count, rest) = scan.split_first()?;
        if usize::from(*count) != frame.names.len() || rest.len() != frame.names.len() * 2 + 3 {
            return None;
        }
        let (components, rest) = rest.split_at(frame.names.len() * 2);
        let (predictor, shift) = (*rest.first()?, rest.get(2)? & 15);
        if !(1..=7).contains(&predictor) || shift != 0 {
            return None;
        }
        let mut chosen = Vec::new();
        for (index, (component, name)) in components.chunks_exact(2).zip(&frame.names).enumerate() {
            // LibRaw takes tables in order, and the one before where there is none; cameras mean the same.
            let in_order = tables.get(..=index)?.iter().rev().find_map(Option::as_ref)?;
            let named = tables.get(usize::from(component[1] >> 4))?.as_ref()?;
            if component[0] != *name || !Rc::ptr_eq(in_order, named) {
                return None;
            }
            chosen.push(named.clone());
        }
        Some(Self {
            columns: frame.columns,
            rows: frame.rows,
            precision: frame.precision,
            predictor,
            tables: chosen,
            scan: data,
        })
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn components(&self) -> usize {
        self.tables.len()
    }

    /// Samples of a row, all components.
    pub fn row_samples(&self) -> usize {
        self.columns * self.tables.len()
    }

    /// Decodes row by row; nothing where the data end early, are no codes, or leave the range of samples.
    pub fn decode(&self, put: impl FnMut(&[u16])) -> Option<()> {
        match self.tables.as_slice() {
            [a] => self.decode_components([a], put),
            [a, b] => self.decode_components([a, b], put),
            [a, b, c] => self.decode_components([a, b, c], put),
            [a, b, c, d] => self.decode_components([a, b, c, d], put),
            _ => None,
        }
    }

    fn decode_components<const N: usize>(&self, tables: [&Rc<Table>; N], mut put: impl FnMut(&[u16])) -> Option<()> {
        let tables = tables.map(AsRef::as_ref);
        let mut bits = Bits::new(self.scan);
        let (mut above, mut row) = (vec![0_u16; self.columns * N], vec![0_u16; self.columns * N]);
        let mut first = [1_u16 << (self.precision - 1); N];
        for index in 0..self.rows {
            let mut is_bad = false;
            let (begin, rest) = row.split_first_chunk_mut::<N>()?;
            // The first column follows the row above, and the first row the middle of the range.
            for component in 0..N {
                bits.fill();
                let difference = tables[component].next(&mut bits, &mut is_bad);
                first[component] = first[component].wrapping_add(difference as u16);
            }
            *begin = first;
            if index == 0 || self.predictor == 1 {
                from_the_left(&mut bits, tables, first, rest, &mut is_bad);
            } else {
                from_around(self.predictor, &mut bits, tables, &above, &mut row, &mut is_bad);
            }
            let reached = row.iter().fold(0, |all, sample| all | sample);
            if is_bad || u32::from(reached) >> self.precision != 0 {
                return None;
            }
            put(&row);
            std::mem::swap(&mut above, &mut row);
        }
        (!bits.is_past_the_end()).then_some(())
    }
}

/// Predictor 1: the sample to the left.
fn from_the_left<const N: usize>(
    bits: &mut Bits<'_>,
    tables: [&Table; N],
    left: [u16; N],
    row: &mut [u16],
    is_bad: &mut bool,
) {
    // A reader of its own, and numbers of a register's width: samples are stored one by one and never read again.
    let (mut reader, mut left) = (bits.clone(), left.map(u32::from));
    for pixel in row.as_chunks_mut::<N>().0 {
        for component in 0..N {
            reader.fill();
            let difference = tables[component].next(&mut reader, is_bad);
            left[component] = left[component].wrapping_add(difference as u32);
            pixel[component] = left[component] as u16;
        }
    }
    *bits = reader;
}

/// The others (T.81 table H.1): a is to the left, b above, c above to the left.
fn from_around<const N: usize>(
    predictor: u8,
    bits: &mut Bits<'_>,
    tables: [&Table; N],
    above: &[u16],
    row: &mut [u16],
    is_bad: &mut bool,
) {
    let (above, row) = (above.as_chunks::<N>().0, row.as_chunks_mut::<N>().0);
    for column in 1..row.len().min(above.len()) {
        for component in 0..N {
            bits.fill();
            let difference = tables[component].next(bits, is_bad);
            let a = i32::from(row[column - 1][component]);
            let b = i32::from(above[column][component]);
            let c = i32::from(above[column - 1][component]);
            let predicted = match predictor {
                2 => b,
                3 => c,
                4 => a + b - c,
                5 => a + ((b - c) >> 1),
                6 => b + ((a - c) >> 1),
                _ => (a + b) >> 1,
            };
            row[column][component] = (predicted + difference) as u16;
        }
    }
}

fn read_frame(body: &[u8]) -> Option<Frame> {
    let [precision, h1, h0, w1, w0, count] = *body.first_chunk()?;
    let components = body.get(6..)?;
    let frame = Frame {
        precision: u32::from(precision),
        rows: usize::from(u16::from_be_bytes([h1, h0])),
        columns: usize::from(u16::from_be_bytes([w1, w0])),
        names: components.chunks_exact(3).map(|component| component[0]).collect(),
    };
    // Each sample of each component: nothing is left out between them.
    let is_whole = components.chunks_exact(3).all(|component| component[1] == 0x11);
    let is_sound = (2..=16).contains(&frame.precision)
        && frame.rows > 0
        && frame.columns > 0
        && usize::from(count) == frame.names.len()
        && components.len() == frame.names.len() * 3
        && (1..=COMPONENTS_MAX).contains(&frame.names.len());
    (is_whole && is_sound).then_some(frame)
}

/// All tables of a segment (T.81 B.2.4.2): class and number, sixteen counts, the symbols.
fn read_tables(
    mut body: &[u8],
    tables: &mut [Option<Rc<Table>>; COMPONENTS_MAX],
    kept: &mut Kept,
    has_long_codes: bool,
) -> Option<()> {
    while let Some((number, rest)) = body.split_first() {
        let (counts, rest) = rest.split_first_chunk::<16>()?;
        let (sizes, rest) = rest.split_at_checked(counts.iter().map(|count| usize::from(*count)).sum())?;
        *tables.get_mut(usize::from(*number))? = Some(kept.table(counts, sizes, has_long_codes)?);
        body = rest;
    }
    Some(())
}
