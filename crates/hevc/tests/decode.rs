//! One small picture, coded once for this test: 64 x 64 px, of which the first 12 columns of 16 rows are red, the next blue.
#![allow(clippy::unwrap_used)]

use hevc::{Error, Plane, Samples, decode};

const RECORD: &str = "0103700000000000000000001ef000fcfdf8f800000f03200001001840010c01ffff0370000003009000000300000300\
    1eba0240210001002a42010103700000030090000003000003001ea020810596eaae9ae6e04040c080000003008000000300842200010006\
    4401c173c189";
const CODED: &str = "000000a62801af06321e3251708905c5ec381911021ac74e429d5d8bc0ecb887ed0ed9ef67c21f507ef5fefc1e8ee7817d5\
    47b7a73df087f12cf4bcd87dbfc0fe8fe18236a39c1e8f56d74ec9a3a5d4b1ae11fa0659cfd896a53c2078277baed390811bf59d2b34c97c7\
    29aa17094d326c5c2654b97213a03af474ffa767efebb557003bb04023517fefdd9672e6f471ebad6d9885bbc396cfe6e62c513e3725cf242\
    3b7334e747339f0";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn at(plane: &Plane, x: usize, y: usize) -> u8 {
    let Samples::Bytes(samples) = &plane.samples else { panic!("8 bits were coded") };
    assert_eq!(samples.len(), (plane.width_px * plane.height_px) as usize);
    samples[y * plane.width_px as usize + x]
}

#[test]
fn planes_and_colours_of_a_small_picture() {
    let picture = decode(&bytes(RECORD), &bytes(CODED), 64 * 64).unwrap();
    let [luma, cb, cr] = picture.planes.as_slice() else { panic!("three planes were coded") };
    assert_eq!([(luma.width_px, luma.height_px), (cb.width_px, cr.height_px)], [(64, 64), (32, 32)]);
    assert_eq!((luma.bits, picture.description.full_range), (8, true));
    // BT.601 of (200, 40, 40) and (40, 40, 200).
    let near = |have: u8, want: u8| have.abs_diff(want) <= 4;
    assert!(near(at(luma, 4, 8), 88) && near(at(luma, 20, 8), 58));
    assert!(near(at(cb, 2, 4), 101) && near(at(cr, 2, 4), 208));
    assert!(near(at(cb, 10, 4), 208) && near(at(cr, 10, 4), 115));
}

#[test]
fn a_picture_over_the_limit_is_refused_by_its_size() {
    let error = decode(&bytes(RECORD), &bytes(CODED), 64 * 64 - 1).err();
    assert_eq!(error, Some(Error::TooLarge { width_px: 64, height_px: 64 }));
}

#[test]
fn what_is_missing_or_changed_is_an_error_or_a_picture() {
    let (record, coded) = (bytes(RECORD), bytes(CODED));
    assert_eq!(decode(&record, &[], 4096), Err(Error::NoPicture));
    assert_eq!(decode(&[], &coded, 4096), Err(Error::Record));
    for len in 1..coded.len() {
        assert!(decode(&record, &coded[..len], 4096).is_err(), "{len}");
    }
    let mut pictures = 0;
    for (at, flip) in (0..coded.len()).flat_map(|at| [(at, 0x01), (at, 0x80)]) {
        let mut changed = coded.clone();
        changed[at] ^= flip;
        pictures += usize::from(decode(&record, &changed, 4096).is_ok());
    }
    assert!(pictures > 100, "{pictures}");
    for at in 0..record.len() {
        let mut changed = record.clone();
        changed[at] ^= 0x10;
        let _ = decode(&changed, &coded, 1 << 20);
    }
}

#[test]
fn the_library_is_new_enough() {
    let numbers: Vec<u32> = hevc::version().split('.').map(|number| number.parse().unwrap()).collect();
    assert!(numbers >= vec![1, 0, 8], "{numbers:?}");
}
