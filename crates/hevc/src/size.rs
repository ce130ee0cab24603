//! How large a picture will be, before the decoder takes memory for it: ITU-T H.265, 7.3.2.2.1 and 7.3.3.

/// `nal_unit_type` of a sequence parameter set (table 7-1).
const SEQUENCE_PARAMETERS: u8 = 33;
/// Bytes of a set that are looked at; the size stands within the first 120.
const HEAD_BYTES: usize = 256;

/// Columns and rows that a unit claims; nothing for units that claim none. `Err` where a claim cannot be read.
pub fn claimed(unit: &[u8]) -> Result<Option<(u32, u32)>, Unreadable> {
    if unit.first().map(|byte| byte >> 1 & 0x3F) != Some(SEQUENCE_PARAMETERS) {
        return Ok(None);
    }
    read(unit).map(Some).ok_or(Unreadable)
}

/// A parameter set that ends before its size.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable;

fn read(unit: &[u8]) -> Option<(u32, u32)> {
    let bytes = unescaped(unit.get(..HEAD_BYTES).unwrap_or(unit));
    let mut bits = Bits { bytes: &bytes, at: 16 };
    bits.skip(4);
    let sub_layers = bits.take(3)?;
    bits.skip(1);
    // profile_tier_level: 88 bits of profile and 8 of level, then the same for each sub-layer that says so.
    bits.skip(96);
    let mut further_bits = 0;
    for _ in 0..sub_layers {
        further_bits += 88 * bits.take(1)? as usize + 8 * bits.take(1)? as usize;
    }
    if sub_layers > 0 {
        bits.skip(2 * (8 - sub_layers as usize));
    }
    bits.skip(further_bits);
    let _set = bits.exp_golomb()?;
    if bits.exp_golomb()? == 3 {
        bits.skip(1);
    }
    Some((bits.exp_golomb()?, bits.exp_golomb()?))
}

/// Without the bytes that keep start codes from arising (7.4.1.1): the 3 of every 0 0 3.
fn unescaped(unit: &[u8]) -> Vec<u8> {
    let mut zeros = 0;
    let mut bytes = Vec::with_capacity(unit.len());
    for byte in unit {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        bytes.push(*byte);
    }
    bytes
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// At most 32 bits as a number.
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..count {
            let bit = self.bytes.get(self.at / 8)? >> (7 - self.at % 8) & 1;
            number = number << 1 | u32::from(bit);
            self.at += 1;
        }
        Some(number)
    }

    /// ue(v) of 9.2.
    fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        let rest = self.take(zeros)?;
        Some((1_u32 << zeros).wrapping_sub(1).wrapping_add(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits as text, put behind a header of type 33.
    fn set(bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().filter(|bit| *bit != b' ').map(|bit| bit - b'0').collect();
        let byte = |bits: &[u8]| bits.iter().enumerate().fold(0, |byte, (n, bit)| byte | bit << (7 - n));
        [0x42, 0x01].into_iter().chain(bits.chunks(8).map(byte)).collect()
    }

    #[test]
    fn the_size_stands_behind_profiles_of_any_number_of_sub_layers() {
        let ones = |count: usize| "1".repeat(count);
        // Set 0, 4:2:0, 64 columns (ue 0000001000001), 5 rows (ue 00110).
        let size = "1 010 0000001000001 00110 1";
        let plain = set(&format!("0000 000 1 {} {size}", ones(96)));
        assert_eq!(claimed(&plain), Ok(Some((64, 5))));
        // Two sub-layers: the first with both, the second with its level.
        let layered = set(&format!("0000 010 1 {} 11 01 {} {} {size}", ones(96), ones(12), ones(88 + 8 + 8)));
        assert_eq!(claimed(&layered), Ok(Some((64, 5))));
        let full_colour = set(&format!("0000 000 1 {} 1 00100 0 0000001000001 00110 1", ones(96)));
        assert_eq!(claimed(&full_colour), Ok(Some((64, 5))));
        for len in 2..plain.len() - 1 {
            assert_eq!(claimed(&plain[..len]), Err(Unreadable), "{len}");
        }
        assert_eq!(claimed(&[0x26, 0x01, 0xAF]), Ok(None));
        assert_eq!(claimed(&[]), Ok(None));
    }

    #[test]
    fn stuffing_is_taken_out() {
        assert_eq!(unescaped(&[1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 3]), [1, 0, 0, 1, 0, 0, 0, 0, 3]);
    }
}
