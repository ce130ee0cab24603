//! A writer of lossless JPEGs (ITU-T T.81, process 14): the inverse of what is tested, for tables and predictors that the
//! samples lack.

/// How a JPEG is written.
#[derive(Clone, Debug)]
pub struct Writing {
    pub columns: usize,
    pub rows: usize,
    pub components: usize,
    pub precision: u32,
    /// 1 to 7.
    pub predictor: u8,
    /// Whether each component has a table of its own.
    pub own_tables: bool,
    /// How long the codes of each of the 17 sizes are. A prefix code exists where the sum of 2^-length is below 1.
    pub lengths: [u8; 17],
}

/// Lengths that suit pictures; others are drawn by tests.
pub const USUAL: [u8; 17] = [3, 4, 3, 3, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    rest: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.rest = self.rest << count | u64::from(value) & ((1 << count) - 1);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.rest >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    fn end(mut self) -> Vec<u8> {
        let missing = (8 - self.count % 8) % 8;
        self.put((1 << missing) - 1, missing);
        self.bytes
    }
}

/// Canonical codes in order of length, then of size: the table's counts, its symbols, and each size's code.
fn codes(lengths: &[u8; 17]) -> ([u8; 16], Vec<u8>, [(u32, u32); 17]) {
    let mut order: Vec<u8> = (0..17).collect();
    order.sort_by_key(|size| (lengths[usize::from(*size)], *size));
    let (mut counts, mut all) = ([0; 16], [(0, 0); 17]);
    let (mut code, mut before) = (0_u32, 0);
    for size in &order {
        let length = u32::from(lengths[usize::from(*size)]);
        code <<= length - before;
        before = length;
        all[usize::from(*size)] = (code, length);
        counts[length as usize - 1] += 1;
        code += 1;
    }
    assert!(code < 1 << before, "no prefix code has these lengths");
    (counts, order, all)
}

/// Writes samples (rows of all components) as a JPEG.
pub fn jpeg(writing: &Writing, samples: &[u16]) -> Vec<u8> {
    let Writing { columns, rows, components, precision, predictor, .. } = *writing;
    assert_eq!(samples.len(), columns * rows * components);
    let (counts, symbols, codes) = codes(&writing.lengths);
    let mut out = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, body: &[u8]| {
        out.extend([0xFF, marker]);
        out.extend((body.len() as u16 + 2).to_be_bytes());
        out.extend(body);
    };
    let (high, wide) = ((rows as u16).to_be_bytes(), (columns as u16).to_be_bytes());
    let mut frame = vec![precision as u8, high[0], high[1], wide[0], wide[1], components as u8];
    frame.extend((0..components).flat_map(|index| [index as u8, 0x11, 0]));
    segment(0xC3, &frame);
    let tables = if writing.own_tables { components } else { 1 };
    for table in 0..tables {
        segment(0xC4, &[&[table as u8], counts.as_slice(), &symbols].concat());
    }
    let mut scan = vec![components as u8];
    scan.extend(
        (0..components).flat_map(|index| [index as u8, if writing.own_tables { (index as u8) << 4 } else { 0 }]),
    );
    scan.extend([predictor, 0, 0]);
    segment(0xDA, &scan);

    let mut bits = Bits::default();
    let at = |row: usize, column: usize, component: usize| {
        i32::from(samples[(row * columns + column) * components + component])
    };
    for row in 0..rows {
        for column in 0..columns {
            for component in 0..components {
                let predicted = match (row, column) {
                    (0, 0) => 1 << (precision - 1),
                    (_, 0) => at(row - 1, 0, component),
                    (0, _) => at(0, column - 1, component),
                    _ => {
                        let a = at(row, column - 1, component);
                        let b = at(row - 1, column, component);
                        let c = at(row - 1, column - 1, component);
                        match predictor {
                            1 => a,
                            2 => b,
                            3 => c,
                            4 => a + b - c,
                            5 => a + ((b - c) >> 1),
                            6 => b + ((a - c) >> 1),
                            _ => (a + b) >> 1,
                        }
                    }
                };
                // Differences are told modulo 2^16 (T.81 H.1.2.1).
                let difference = i32::from((at(row, column, component) - predicted) as i16);
                let size = 32 - difference.unsigned_abs().leading_zeros();
                let (code, length) = codes[size as usize];
                bits.put(code, length);
                if size < 16 {
                    let value = if difference < 0 { difference - 1 } else { difference };
                    bits.put(value as u32, size);
                }
            }
        }
    }
    out.extend(bits.end());
    out.extend([0xFF, 0xD9]);
    out
}
