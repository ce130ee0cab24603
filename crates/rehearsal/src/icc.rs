//! Small ICC profiles of our own making (version 2, matrix and curve), for pictures that are not in sRGB.

/// Primaries as XYZ under D50, and a gamma.
struct Space {
    name: &'static str,
    red: [f64; 3],
    green: [f64; 3],
    blue: [f64; 3],
    curve: Curve,
}

/// How levels become light.
enum Curve {
    Gamma(f64),
    /// The sRGB curve, sampled.
    Srgb,
}

/// Adobe RGB (1998): its primaries adapted to D50, gamma 563/256.
pub fn adobe_rgb() -> Vec<u8> {
    profile(&Space {
        name: "Rehearsal Adobe RGB",
        red: [0.609_741, 0.311_111, 0.019_470],
        green: [0.205_276, 0.625_671, 0.060_867],
        blue: [0.149_185, 0.063_217, 0.744_568],
        curve: Curve::Gamma(563.0 / 256.0),
    })
}

/// Display P3: DCI-P3's primaries adapted to D50, with sRGB's curve.
pub fn display_p3() -> Vec<u8> {
    profile(&Space {
        name: "Rehearsal Display P3",
        red: [0.515_121, 0.241_196, -0.001_053],
        green: [0.291_977, 0.692_245, 0.041_885],
        blue: [0.157_104, 0.066_574, 0.784_073],
        curve: Curve::Srgb,
    })
}

/// sRGB, for cameras that embed it.
pub fn srgb() -> Vec<u8> {
    profile(&Space {
        name: "Rehearsal sRGB",
        red: [0.436_066, 0.222_488, 0.013_916],
        green: [0.385_147, 0.716_873, 0.097_076],
        blue: [0.143_066, 0.060_608, 0.714_096],
        curve: Curve::Srgb,
    })
}

/// The bytes of a display profile: header, tag table, tags (ICC.1:2001-04).
fn profile(space: &Space) -> Vec<u8> {
    let curve = curve(&space.curve);
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description(space.name)),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", xyz([0.964_2, 1.0, 0.824_9])),
        (b"rXYZ", xyz(space.red)),
        (b"gXYZ", xyz(space.green)),
        (b"bXYZ", xyz(space.blue)),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut at = 128 + 4 + 12 * tags.len();
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (name, bytes) in &tags {
        table.extend_from_slice(*name);
        table.extend((at as u32).to_be_bytes());
        table.extend((bytes.len() as u32).to_be_bytes());
        data.extend_from_slice(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
        at += bytes.len().next_multiple_of(4);
    }
    let mut out = header(at as u32);
    out.extend(table);
    out.extend(data);
    out
}

fn header(len: u32) -> Vec<u8> {
    let mut out = vec![0; 128];
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &len.to_be_bytes());
    put(8, &[2, 0x40, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    // 1 January 2026: a profile has a date, ours is always the same.
    put(24, &[0x07, 0xEA, 0, 1, 0, 1]);
    put(36, b"acsp");
    put(68, &xyz([0.964_2, 1.0, 0.824_9])[8..]);
    out
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    let numbers = values.map(|value| ((value * 65_536.0).round() as i32).to_be_bytes());
    [b"XYZ \0\0\0\0".as_slice(), &numbers.concat()].concat()
}

fn text(words: &str) -> Vec<u8> {
    [b"text\0\0\0\0", words.as_bytes(), &[0]].concat()
}

fn description(words: &str) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend((words.len() as u32 + 1).to_be_bytes());
    out.extend(words.as_bytes());
    // No Unicode and no Macintosh twin: their counts and room stay zero.
    out.resize(out.len() + 1 + 8 + 3 + 67, 0);
    out
}

fn curve(curve: &Curve) -> Vec<u8> {
    let points: Vec<u16> = match curve {
        Curve::Gamma(gamma) => vec![(gamma * 256.0).round() as u16],
        Curve::Srgb => (0..1024)
            .map(|n| {
                let level = f64::from(n) / 1023.0;
                let light = if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) };
                (light * 65_535.0).round() as u16
            })
            .collect(),
    };
    let mut out = b"curv\0\0\0\0".to_vec();
    out.extend((points.len() as u32).to_be_bytes());
    out.extend(points.iter().flat_map(|point| point.to_be_bytes()));
    out
}
