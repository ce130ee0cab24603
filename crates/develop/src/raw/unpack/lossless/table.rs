//! Huffman tables of differences (T.81 annex C and H.1.2.2), for decoding a code and what follows it in one step.
#![allow(clippy::inline_always)] // each is a handful of instructions in the innermost loop

use super::bits::Bits;

/// Bits that are looked at in one step.
const LOOK_BITS: u32 = 11;
/// Longest code.
const CODE_BITS_MAX: usize = 16;
/// Most bits of a difference.
const SIZE_MAX: u8 = 16;

/// Decodes differences.
pub(super) struct Table {
    /// By the next bits: how many the code and its difference take together (lowest byte), and the size of the difference
    /// (next byte). 0 for longer codes, what is no code, and what means a number by itself.
    looked_up: [u16; 1 << LOOK_BITS],
    /// Longer codes: the first one of each length as 16 bits, and of the last the end; the sizes in order.
    ends: [u32; CODE_BITS_MAX + 1],
    firsts: [usize; CODE_BITS_MAX + 1],
    sizes: Vec<u8>,
    /// Whether size 16 is followed by bits (DNG 1.0) or means -32,768 alone (T.81).
    has_long_codes: bool,
}

/// The difference that the lowest `size` bits mean, 16 at most (T.81 table H.2, figure F.12). Without a branch: which way
/// it goes is chance.
#[inline(always)]
fn extended(bits: u32, size: u32) -> i32 {
    let ones = (1_u32 << size) - 1;
    let value = bits & ones;
    // All ones where the first bit is 0, which means a negative number.
    let is_negative = ((value << 1) >> size & 1).wrapping_sub(1);
    value.wrapping_sub(ones & is_negative) as i32
}

impl Table {
    /// `counts` of codes by length 1 to 16, and their symbols; nothing where that is no table of differences.
    pub fn new(counts: [u8; CODE_BITS_MAX], sizes: &[u8], has_long_codes: bool) -> Option<Self> {
        if sizes.len() != counts.iter().map(|count| usize::from(*count)).sum::<usize>() || sizes.is_empty() {
            return None;
        }
        if sizes.iter().any(|size| *size > SIZE_MAX) {
            return None;
        }
        let mut table = Self {
            looked_up: [0; 1 << LOOK_BITS],
            ends: [0; CODE_BITS_MAX + 1],
            firsts: [0; CODE_BITS_MAX + 1],
            sizes: sizes.to_vec(),
            has_long_codes,
        };
        let (mut code, mut taken) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            table.firsts[length as usize] = taken;
            for _ in 0..count {
                // As 16 bits; one that does not fit is one too many.
                if code >= 1 << CODE_BITS_MAX {
                    return None;
                }
                table.look_up(code, length, sizes[taken]);
                taken += 1;
                code += 1 << (CODE_BITS_MAX as u32 - length);
            }
            table.ends[length as usize] = code;
        }
        Some(table)
    }

    fn extra(&self, size: u8) -> u32 {
        if size == SIZE_MAX && !self.has_long_codes { 0 } else { u32::from(size) }
    }

    /// Enters all that begins with a code.
    fn look_up(&mut self, code: u32, length: u32, size: u8) {
        if length > LOOK_BITS || size == SIZE_MAX {
            return;
        }
        let first = code as usize >> (CODE_BITS_MAX as u32 - LOOK_BITS);
        let entry = u16::from(size) << 8 | (length as u16 + u16::from(size));
        for place in self.looked_up.iter_mut().skip(first).take(1 << (LOOK_BITS - length)) {
            *place = entry;
        }
    }

    /// The next difference. `bits` must be filled. What is no code takes nothing, and sets `is_bad`.
    #[inline(always)]
    pub fn next(&self, bits: &mut Bits<'_>, is_bad: &mut bool) -> i32 {
        let entry = u32::from(self.looked_up[bits.peek(LOOK_BITS) as usize]);
        if entry == 0 {
            return self.next_slowly(bits, is_bad);
        }
        let (both, size) = (entry & 0xFF, entry >> 8);
        let difference = extended(bits.peek(both), size);
        bits.skip(both);
        difference
    }

    #[cold]
    #[inline(never)]
    fn next_slowly(&self, bits: &mut Bits<'_>, is_bad: &mut bool) -> i32 {
        let sixteen = bits.peek(16);
        let code = (1..=CODE_BITS_MAX).find(|length| sixteen < self.ends[*length]).and_then(|length| {
            let index = sixteen.checked_sub(self.ends[length - 1])? >> (CODE_BITS_MAX - length);
            Some((length as u32, *self.sizes.get(self.firsts[length] + index as usize)?))
        });
        let Some((length, size)) = code else {
            *is_bad = true;
            return 0;
        };
        bits.skip(length);
        let extra = self.extra(size);
        if size == SIZE_MAX && extra == 0 {
            return -32_768;
        }
        let difference = if extra == 0 { 0 } else { extended(bits.peek(extra), extra) };
        bits.skip(extra);
        difference
    }
}

/// Tables that were made, kept for the next tile: converters write the same into each.
#[derive(Default)]
pub(super) struct Kept {
    tables: Vec<(Vec<u8>, std::rc::Rc<Table>)>,
}

/// Tables that are kept at most: two files' worth.
const KEPT_MAX: usize = 8;

impl Kept {
    /// The table of a segment's counts and symbols.
    pub fn table(&mut self, counts: &[u8; 16], sizes: &[u8], has_long_codes: bool) -> Option<std::rc::Rc<Table>> {
        let key = [counts.as_slice(), sizes].concat();
        if let Some((_, table)) = self.tables.iter().find(|(known, _)| *known == key) {
            return Some(table.clone());
        }
        let table = std::rc::Rc::new(Table::new(*counts, sizes, has_long_codes)?);
        if self.tables.len() == KEPT_MAX {
            self.tables.remove(0);
        }
        self.tables.push((key, table.clone()));
        Some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_the_standards() {
        // T.81 table H.2.
        for (size, pairs) in [
            (0, vec![(0, 0)]),
            (1, vec![(0, -1), (1, 1)]),
            (2, vec![(0, -3), (1, -2), (2, 2), (3, 3)]),
            (15, vec![(0, -32_767), (16_383, -16_384), (16_384, 16_384), (32_767, 32_767)]),
        ] {
            for (bits, difference) in pairs {
                assert_eq!(extended(bits, size), difference, "{size} {bits}");
                assert_eq!(extended(bits | 0b101 << 16, size), difference, "what stands before does not count");
            }
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let counts = |at: usize, count: u8| {
            let mut counts = [0; CODE_BITS_MAX];
            counts[at] = count;
            counts
        };
        assert!(Table::new(counts(0, 2), &[0, 1], false).is_some());
        assert!(Table::new(counts(0, 3), &[0, 1, 2], false).is_none(), "three codes of one bit");
        assert!(Table::new(counts(0, 2), &[0], false).is_none(), "a symbol is missing");
        assert!(Table::new(counts(0, 1), &[17], false).is_none(), "no such size");
        assert!(Table::new([0; CODE_BITS_MAX], &[], false).is_none(), "empty");
    }
}
