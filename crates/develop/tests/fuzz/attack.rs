//! The targets: one mutated file each, and what must hold whatever it contains.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use develop::{
    InspectError, Inspection, SliceSource, inspect_source,
    worker::{Pool, WorkerError},
};
use model::Rung;

use crate::{
    bases::{dot, with_profile},
    support::{Pixels, cr3::Cr3, spec, with_segments},
};

/// How a file was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Taken for what it says it is.
    Taken,
    /// Taken, with the remark that samples are guessed.
    Damaged,
    /// Refused with a reason.
    Refused,
    /// The child ended over it.
    Died,
    /// The child was killed at its time limit.
    TimedOut,
}

/// Longer side of the camera's own picture that comes with a raw.
const CAMERA_PX: u32 = 1024;

const PROOFS: [Rung; 2] = [Rung::Screen, Rung::Thumb];

/// Structure: whatever comes back lies inside of the file and can be told to the studio.
pub fn inspect(bytes: &[u8], extension: &str) -> Answer {
    match inspect_source(&mut SliceSource(bytes), extension) {
        Ok(inspection) => {
            assert_sound(&inspection, bytes.len() as u64);
            Answer::Taken
        }
        Err(error) => {
            assert_reason(&error);
            Answer::Refused
        }
    }
}

fn assert_sound(inspection: &Inspection, len: u64) {
    for preview in &inspection.previews {
        assert!(preview.item.is_some() || preview.offset + preview.len <= len, "a preview outside: {preview:?}");
        assert!(preview.len > 0 && preview.width_px > 0 && preview.height_px > 0, "{preview:?}");
    }
    assert!(inspection.previews.len() <= 33, "{} previews", inspection.previews.len());
    let facts = &inspection.facts;
    for text in [&facts.make, &facts.model, &facts.serial, &facts.lens, &facts.exposure_s].into_iter().flatten() {
        assert!(text.len() <= 4096 && !text.chars().any(char::is_control), "{text:?}");
    }
    let numbers = [facts.aperture_f, facts.focal_mm];
    assert!(numbers.into_iter().flatten().all(f32::is_finite), "{numbers:?}");
}

fn assert_reason(error: &InspectError) {
    if let InspectError::Truncated { have_bytes, need_bytes, .. } = error {
        assert!(need_bytes > have_bytes, "{error}");
    }
    assert!(!error.to_string().is_empty() && error.to_string().len() < 1024);
}

/// Tags as those of a JPEG, which may never be refused for them; as a CR3's; and as a raw file themselves.
pub fn exif(block: &[u8]) -> Answer {
    let own = &block[..block.len().min(65_000)];
    let jpeg = with_segments(&dot(), &[(0xE1, [b"Exif\0\0", own].concat())]);
    assert_eq!(inspect(&jpeg, "jpg"), Answer::Taken, "a sound picture was refused for its tags");
    let bare = [24, 32, 48].map(|width| Pixels { rgb: vec![9; width * 16 * 3], width, height: 16 }.to_jpeg_of(60));
    let blocks = [own.to_vec(), own.to_vec(), own.to_vec()];
    let cr3 = inspect(&Cr3 { sensor: [vec![1; 64], vec![2; 64]], ..Cr3::new(blocks, bare) }.file(), "cr3");
    assert_eq!(cr3, Answer::Taken, "a sound CR3 was refused for its tags");
    inspect(block, "orf")
}

/// A profile, applied as [`develop::render`] does it; the picture is sound, so that there must be proofs.
pub fn icc(profile: &[u8], folder: &Path) -> Answer {
    let path = folder.join("profile.jpg");
    std::fs::write(&path, with_profile(profile)).unwrap();
    let inspection = develop::inspect(&path).unwrap();
    let mut proofs = 0;
    develop::render(&path, &inspection, &spec(&PROOFS), &mut |_| proofs += 1).unwrap();
    assert_eq!(proofs, 2);
    Answer::Taken
}

/// Writes a file, and asks a child for its proofs.
pub async fn jpeg(pool: &Pool, file: &Written) -> (Answer, Duration) {
    let started = Instant::now();
    let inspected = pool.inspect(&file.0).await.map(|_| ());
    let rendered = pool.render(&file.0, &spec(&PROOFS), |_| {}).await.map(|_| ());
    let worst = [answer(&inspected), answer(&rendered)].into_iter().max().unwrap_or(Answer::Died);
    (worst, started.elapsed())
}

/// What a child decoded of a raw: the answer, how long it took, and a fingerprint of the samples.
pub async fn raw(pool: &Pool, file: &Written) -> (Answer, Duration, u64) {
    let started = Instant::now();
    match pool.decode(&file.0, Some(CAMERA_PX)).await {
        Ok(decoded) => {
            let sensor = &decoded.sensor;
            assert_eq!(decoded.samples.len(), sensor.samples());
            let (left, top, width, height) = sensor.shown_px;
            let inside = |from: u32, len: u32, all: u32| from.checked_add(len).is_some_and(|end| len > 0 && end <= all);
            assert!(inside(left, width, sensor.width_px) && inside(top, height, sensor.height_px), "{sensor:?}");
            assert!(sensor.white > sensor.black.mean() && sensor.width_px > 0 && sensor.height_px > 0);
            let answer = if sensor.damaged { Answer::Damaged } else { Answer::Taken };
            (answer, started.elapsed(), fingerprint(&decoded.samples))
        }
        Err(error) => (answer(&Err(error)), started.elapsed(), 0),
    }
}

/// Of samples (FNV-1a, 64 bits, a word at a time).
pub fn fingerprint(samples: &[u16]) -> u64 {
    samples
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, sample| (hash ^ u64::from(*sample)).wrapping_mul(0x0100_0000_01B3))
}

fn answer(result: &Result<(), WorkerError>) -> Answer {
    match result {
        Ok(()) => Answer::Taken,
        Err(WorkerError::Inspect(_) | WorkerError::Render(_) | WorkerError::Decode(_)) => Answer::Refused,
        Err(WorkerError::Died) => Answer::Died,
        Err(WorkerError::TimedOut) => Answer::TimedOut,
        Err(error @ (WorkerError::Busy | WorkerError::Spawn(_))) => panic!("the pool does not go on: {error}"),
    }
}

/// A file that is removed when it is no longer needed.
pub struct Written(pub PathBuf);

impl Written {
    /// These bytes under this name.
    pub fn new(folder: &Path, name: &str, bytes: &[u8]) -> Self {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
