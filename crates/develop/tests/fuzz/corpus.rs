//! Small files that once showed something, or stand at an edge: tried again every time. All bytes are of our own making.

use std::{panic::catch_unwind, path::PathBuf};

use develop::worker::Caps;

use crate::{
    attack::{self, Answer, Written},
    bases::Target,
    support,
};

/// Most bytes of one of them.
const BYTES_MAX: u64 = 2048;

fn files(target: Target) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(target.name());
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 5, "the corpus of {} is missing", target.name());
    files
}

/// Their names say what must come of them: `nan.taken.dng`. `answered` leaves it to the decoder's release.
fn is_expected(name: &str, answer: Answer) -> bool {
    match name.rsplit('.').nth(1) {
        Some("taken") => answer == Answer::Taken,
        Some("damaged") => answer == Answer::Damaged,
        Some("refused") => answer == Answer::Refused,
        Some("answered") => !matches!(answer, Answer::Died | Answer::TimedOut),
        _ => panic!("{name} does not say what is expected of it"),
    }
}

/// All of them.
pub async fn is_answered_as_ever() {
    let pool = support::pool(1, Caps { request_ms: 10_000, ..Caps::default() }, &[]);
    let folder = tempfile::tempdir().unwrap();
    for target in Target::ALL {
        for path in files(target) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let extension = name.rsplit('.').next().unwrap_or_default();
            let bytes = std::fs::read(&path).unwrap();
            assert!(bytes.len() as u64 <= BYTES_MAX, "{name} has {} bytes", bytes.len());
            let file = Written::new(folder.path(), &name, &bytes);
            let here = |work: fn(&[u8], &str) -> Answer| catch_unwind(|| work(&bytes, extension)).expect(&name);
            let answer = match target {
                Target::Inspect => here(attack::inspect),
                Target::Exif => here(|bytes, _| attack::exif(bytes)),
                Target::Icc => catch_unwind(|| attack::icc(&bytes, folder.path())).expect(&name),
                Target::Jpeg | Target::Heic => attack::jpeg(&pool, &file).await.0,
                Target::Raw => attack::raw(&pool, &file).await.0,
            };
            assert!(is_expected(&name, answer), "{}/{name}: {answer:?}", target.name());
        }
    }
}
