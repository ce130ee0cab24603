//! Raws that are not whole: cut at many places, and with a block of zeros where a card lost one.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
};

use develop::{
    DecodeError, Format,
    worker::{Caps, Pool, WorkerError},
};

use crate::{
    attack::{Written, fingerprint},
    bases::{self, Target},
    support::{self, REAL},
};

/// Places of cuts and of holes, over a file's length.
const PLACES: usize = 16;
/// A block of a file system, and where on a card such blocks begin.
const HOLE_BYTES: usize = 4096;
const BLOCK_BYTES: usize = 512;

/// Raws that decode: name and bytes. Of the samples those that every checkout has, or all; and small ones built here.
async fn raws(pool: &Pool, folder: &Path, all: bool) -> Vec<(String, Vec<u8>)> {
    let wanted = |name: &str| !name.contains('/') && !bases::ends_in(name, &["jpg"]) && (all || REAL.contains(&name));
    let real = bases::files().into_iter().filter(|(name, _)| wanted(name));
    let real = real.map(|(name, path)| (name, std::fs::read(path).unwrap()));
    let built = Target::Raw.bases(false).into_iter().map(|base| (format!("built-{}", base.name), base.bytes));
    let mut raws = Vec::new();
    for (name, bytes) in real.chain(built) {
        let file = Written::new(folder, &name, &bytes);
        match pool.decode(&file.0, None).await {
            Ok(_) => raws.push((name, bytes)),
            Err(error) => assert!(!REAL.contains(&name.as_str()), "{name}: {error}"),
        }
    }
    assert!(raws.len() >= REAL.len() + 6, "only {} raws decode", raws.len());
    raws
}

/// LibRaw calls many of these a success. Every one must be refused before, and be waited for.
pub async fn every_cut_is_noticed(all: bool) {
    let (pool, folder) = (support::pool(2, Caps::default(), &[]), tempfile::tempdir().unwrap());
    for (name, bytes) in raws(&pool, folder.path(), all).await {
        let file = Written::new(folder.path(), &name, &bytes);
        let ends = (0..PLACES).map(|place| bytes.len() * (2 * place + 1) / (2 * PLACES));
        for len in std::iter::once(bytes.len() - 1).chain(ends.rev()) {
            File::options().write(true).open(&file.0).unwrap().set_len(len as u64).unwrap();
            let error = pool.decode(&file.0, None).await.expect_err(&format!("{name} cut to {len} of {}", bytes.len()));
            let is_cut = matches!(&error, WorkerError::Decode(DecodeError::File(error)) if error.is_incomplete());
            assert!(is_cut && error.worth_a_retry(), "{name} cut to {len} of {}: {error}", bytes.len());
        }
        println!("{name}: cut at {} places, every one noticed", PLACES + 1);
    }
}

/// What came of a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hole {
    /// The raw is refused.
    Refused,
    /// Its samples are called damaged.
    Damaged,
    /// It lies where no samples are.
    Elsewhere,
    /// Samples changed, and nobody said so.
    Unnoticed,
}

/// A hole in packed samples is noticed. Samples without packing may be zeros: those are counted and said to be so.
pub async fn holes_are_noticed(all: bool) {
    let (pool, folder) = (support::pool(2, Caps::default(), &[]), tempfile::tempdir().unwrap());
    let places = if all { PLACES } else { 2 };
    for (name, bytes) in raws(&pool, folder.path(), all).await {
        let file = Written::new(folder.path(), &name, &bytes);
        let format = pool.inspect(&file.0).await.unwrap().format;
        let whole = pool.decode(&file.0, None).await.unwrap();
        assert!(!whole.sensor.damaged, "{name} is whole and called damaged");
        let sound = fingerprint(&whole.samples);
        let mut found: BTreeMap<Hole, usize> = BTreeMap::new();
        let size = HOLE_BYTES.min(bytes.len() / 8 / BLOCK_BYTES * BLOCK_BYTES);
        for place in 0..places {
            let at = (bytes.len() - size) * (2 * place + 1) / (2 * places) / BLOCK_BYTES * BLOCK_BYTES;
            put(&file.0, at, &vec![0; size]);
            *found.entry(with_hole(&pool, &file.0, sound).await).or_default() += 1;
            put(&file.0, at, &bytes[at..at + size]);
        }
        println!("{name} ({format:?}): {size} zeros at {places} places: {found:?}");
        assert!(!found.contains_key(&Hole::Unnoticed) || is_undetectable(&name, format), "{name}: {found:?}");
    }
}

async fn with_hole(pool: &Pool, path: &Path, sound: u64) -> Hole {
    match pool.decode(path, None).await {
        Ok(decoded) if decoded.sensor.damaged => Hole::Damaged,
        Ok(decoded) if fingerprint(&decoded.samples) == sound => Hole::Elsewhere,
        Ok(_) => Hole::Unnoticed,
        Err(WorkerError::Decode(_)) => Hole::Refused,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Samples without packing; lossy JPEG, where zeros are an even surface; and noise that stands in for a packing that takes
/// any bytes for samples.
fn is_undetectable(name: &str, format: Format) -> bool {
    let plain = ["tinydng_colorchart.dng", "built-built.dng", "built-plain.dng", "built-lossy.dng"];
    plain.contains(&name) || matches!(format, Format::Rw2 | Format::Orf | Format::Raf)
}

fn put(path: &Path, at: usize, bytes: &[u8]) {
    let mut file = File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(bytes).unwrap();
}
