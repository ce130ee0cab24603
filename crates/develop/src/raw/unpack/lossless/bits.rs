//! The bits of a JPEG's scan: most significant first, a zero byte after every 0xFF (T.81 B.1.1.5).
#![allow(clippy::inline_always)] // each is a handful of instructions in the innermost loop

/// Bits that are there after [`Bits::fill`] at least: the longest code, and the longest difference.
pub(super) const FILLED_BITS_MIN: u32 = 32;

/// A reader. Behind the end stand zeros, which are counted.
#[derive(Clone)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the next 0xFF stands.
    stop: usize,
    /// The next bit is the highest; below the `count` valid ones stand either the following ones or zeros.
    buffer: u64,
    count: u32,
    /// Bits that were made up.
    made_up: u64,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, stop: next_ff(bytes, 0), buffer: 0, count: 0, made_up: 0 }
    }

    /// Makes sure of [`FILLED_BITS_MIN`].
    #[inline(always)]
    pub fn fill(&mut self) {
        if self.count < FILLED_BITS_MIN {
            self.load();
        }
    }

    #[inline(always)]
    fn load(&mut self) {
        if self.at + 8 <= self.stop
            && let Some(eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk)
        {
            // Bits that do not fit are read again next time, to the same place.
            self.buffer |= u64::from_be_bytes(*eight) >> self.count;
            self.at += ((63 - self.count) >> 3) as usize;
            self.count |= 0x38;
        } else {
            self.load_slowly();
        }
    }

    #[cold]
    #[inline(never)]
    fn load_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match self.bytes.get(self.at..) {
                Some([0xFF, 0, ..]) => {
                    self.at += 2;
                    self.stop = next_ff(self.bytes, self.at);
                    0xFF
                }
                Some([byte, ..]) if *byte != 0xFF => {
                    self.at += 1;
                    *byte
                }
                // A marker, or the end.
                _ => {
                    self.made_up += 8;
                    0
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next `count` bits, 1 to 32, without taking them.
    #[inline(always)]
    pub fn peek(&self, count: u32) -> u32 {
        (self.buffer >> (64 - count)) as u32
    }

    /// Takes bits that are there.
    #[inline(always)]
    pub fn skip(&mut self, count: u32) {
        self.buffer <<= count;
        self.count -= count;
    }

    /// Whether bits were taken that nobody wrote.
    pub fn is_past_the_end(&self) -> bool {
        u64::from(self.count) < self.made_up
    }
}

fn next_ff(bytes: &[u8], from: usize) -> usize {
    bytes.get(from..).and_then(|rest| memchr::memchr(0xFF, rest)).map_or(bytes.len(), |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], step: u32, count: usize) -> (Vec<u32>, bool) {
        let mut bits = Bits::new(bytes);
        let read = (0..count).map(|_| {
            bits.fill();
            let value = bits.peek(step);
            bits.skip(step);
            value
        });
        (read.collect(), bits.is_past_the_end())
    }

    #[test]
    fn bytes_come_back_without_their_stuffing() {
        let plain: Vec<u8> = (0..2000_u32).map(|n| if n % 7 == 3 { 0xFF } else { (n * 37 % 251) as u8 }).collect();
        let stuffed: Vec<u8> = plain.iter().flat_map(|b| if *b == 0xFF { vec![0xFF, 0] } else { vec![*b] }).collect();
        let (read, past) = all(&stuffed, 8, plain.len());
        assert!(read.iter().map(|b| *b as u8).eq(plain.iter().copied()));
        assert!(!past);
        for step in [1, 3, 5, 11, 13, 17, 31, 32] {
            let whole = plain.len() * 8 / step as usize;
            let (read, past) = all(&stuffed, step, whole);
            let bit = |n: usize| u32::from(plain[n / 8] >> (7 - n % 8) & 1);
            let wanted = (0..whole).map(|n| (0..step as usize).fold(0, |v, k| v << 1 | bit(n * step as usize + k)));
            assert!(read.iter().copied().eq(wanted), "{step}");
            assert!(!past, "{step}");
        }
    }

    #[test]
    fn the_end_is_a_marker_or_no_more_bytes() {
        assert_eq!(all(&[0x12, 0x34], 8, 2), (vec![0x12, 0x34], false));
        assert_eq!(all(&[0x12, 0x34], 8, 3), (vec![0x12, 0x34, 0], true));
        assert_eq!(all(&[0x12, 0xFF, 0xD9, 0x34], 8, 2), (vec![0x12, 0], true));
        assert_eq!(all(&[0x12, 0xFF], 8, 2), (vec![0x12, 0], true));
        assert_eq!(all(&[], 1, 1), (vec![0], true));
        let long = [[7; 40].as_slice(), &[0xFF, 0xD9], &[9; 40]].concat();
        assert!(!all(&long, 8, 40).1);
        assert!(all(&long, 8, 41).1);
    }
}
