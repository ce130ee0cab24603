//! How files keep HEVC (ISO/IEC 14496-15): parameter sets in a configuration record, then length-prefixed NAL units.

use crate::Error;

/// NAL units of one picture; slices of a large picture are some hundred at most.
const UNITS_MAX: usize = 4096;
/// Bytes of a record before its arrays (8.3.3.1.2).
const RECORD_HEAD_BYTES: usize = 23;

/// The parameter sets of a `hvcC` record, then the units of the coded picture, in the order in which the decoder wants them.
pub fn units<'a>(record: &'a [u8], coded: &'a [u8]) -> Result<Vec<&'a [u8]>, Error> {
    let head = record.get(..RECORD_HEAD_BYTES).ok_or(Error::Record)?;
    let (length_bytes, arrays) = (usize::from(head[21] & 3) + 1, head[22]);
    let mut units = Vec::new();
    let mut rest = &record[RECORD_HEAD_BYTES..];
    for _ in 0..arrays {
        // Completeness and type of the units that follow: each says its type itself.
        taken(&mut rest, 1, Error::Record)?;
        for _ in 0..uint(&mut rest, 2, Error::Record)? {
            let len = uint(&mut rest, 2, Error::Record)?;
            add(&mut units, taken(&mut rest, len, Error::Record)?)?;
        }
    }
    let mut rest = coded;
    while !rest.is_empty() {
        let len = uint(&mut rest, length_bytes, Error::Units)?;
        add(&mut units, taken(&mut rest, len, Error::Units)?)?;
    }
    Ok(units)
}

fn add<'a>(units: &mut Vec<&'a [u8]>, unit: &'a [u8]) -> Result<(), Error> {
    // What is shorter than its own two-byte header says nothing; layers above 0 are a stereo pair's other eye.
    if let [first, second, _, ..] = unit
        && (first & 1, second >> 3) == (0, 0)
    {
        units.push(unit);
    }
    if units.len() > UNITS_MAX { Err(Error::Units) } else { Ok(()) }
}

fn taken<'a>(rest: &mut &'a [u8], len: usize, error: Error) -> Result<&'a [u8], Error> {
    let (bytes, behind) = rest.split_at_checked(len).ok_or(error)?;
    *rest = behind;
    Ok(bytes)
}

/// A big-endian number of at most four bytes.
fn uint(rest: &mut &[u8], bytes: usize, error: Error) -> Result<usize, Error> {
    Ok(taken(rest, bytes, error)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn record(length_bytes: u8, arrays: &[&[u8]]) -> Vec<u8> {
        let mut record = vec![0; RECORD_HEAD_BYTES];
        (record[21], record[22]) = (0xFC | (length_bytes - 1), arrays.len() as u8);
        record.extend(arrays.concat());
        record
    }

    #[test]
    fn parameter_sets_come_before_slices() {
        let record = record(2, &[&[0x20, 0, 1, 0, 3, 2, 1, 3], &[0x21, 0, 2, 0, 4, 4, 1, 6, 7, 0, 1, 9]]);
        let coded = [0, 3, 6, 1, 7, 0, 0, 0, 3, 6, 9, 7, 0, 5, 8, 1, 8, 8, 8];
        let expected: [&[u8]; 4] = [&[2, 1, 3], &[4, 1, 6, 7], &[6, 1, 7], &[8, 1, 8, 8, 8]];
        assert_eq!(units(&record, &coded).unwrap(), expected);
    }

    #[test]
    fn no_cut_and_no_lie_about_lengths_goes_out_of_bounds() {
        let whole = record(4, &[&[0x20, 0, 1, 0, 3, 2, 1, 3]]);
        for len in 0..whole.len() {
            assert_eq!(units(&whole[..len], &[]), Err(Error::Record), "{len}");
        }
        for coded in [&[0xFF; 4][..], &[0, 0, 0, 9, 1], &[0, 0, 0]] {
            assert_eq!(units(&whole, coded), Err(Error::Units));
        }
        assert_eq!(units(&whole, &[0, 0, 0, 3, 2, 1, 1].repeat(UNITS_MAX)), Err(Error::Units));
    }
}
