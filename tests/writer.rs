//! A camera's software: writes files into the watched folder in the ways that such programs have.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

use crate::{
    chance::Chance,
    disk::{Lying, lying, sha256},
    roll::File,
};

/// Pieces in which slow writers write.
const PIECES: usize = 6;
/// Pauses within a file, ms: shorter and longer than the studio's quiet time.
const PAUSE_MS: Range<u64> = 5..120;
/// Pauses of a writer that closes its file and opens it again, ms.
const REOPEN_MS: Range<u64> = 20..700;

/// Files that are being written by a thread. Dropped, it stops after the file at hand.
#[derive(Debug)]
pub struct Writer {
    thread: Option<JoinHandle<BTreeMap<PathBuf, Lying>>>,
    written: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl Writer {
    /// Begins to write all of `files` below `folder`, with pauses of `gap_ms` between them.
    pub fn begin(folder: PathBuf, files: Vec<File>, gap_ms: Range<u64>, mut chance: Chance) -> Self {
        let (written, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, stopped) = (Arc::clone(&written), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut lying = BTreeMap::new();
            for file in files {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                lying.insert(file.path.clone(), write(&folder.join(&file.path), &file.content.bytes(), &mut chance));
                count.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(chance.ms(gap_ms.clone()));
            }
            lying
        });
        Self { thread: Some(thread), written, stop }
    }

    /// How many files are complete.
    pub fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    /// Waits until all are written; each path's state.
    pub async fn finish(mut self) -> BTreeMap<PathBuf, Lying> {
        let thread = self.thread.take().unwrap();
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // The test has failed already; its folder must not go before the last write.
            let _ = thread.join();
        }
    }
}

/// Writes one file in one of the ways.
fn write(path: &Path, bytes: &[u8], chance: &mut Chance) -> Lying {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    match chance.within(0..4) {
        0 => fs::write(path, bytes).unwrap(),
        1 => renamed(path, bytes, chance),
        2 => slowly(path, bytes, chance),
        _ => reopened(path, bytes, chance),
    }
    let lying = lying(path);
    assert_eq!(lying.sha256, sha256(bytes), "{}", path.display());
    lying
}

/// Under another name first, which the studio leaves alone.
fn renamed(path: &Path, bytes: &[u8], chance: &mut Chance) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let other = chance.pick(&[format!(".{name}.tmp"), format!("{name}.part"), format!("{name}.filepart")]).clone();
    let other = path.with_file_name(other);
    slowly(&other, bytes, chance);
    fs::rename(&other, path).unwrap();
}

/// Piece by piece into one open file. The last piece is large: no piece of it alone makes the file look whole.
fn slowly(path: &Path, bytes: &[u8], chance: &mut Chance) {
    let mut file = fs::File::create(path).unwrap();
    for piece in bytes.chunks(bytes.len().div_ceil(PIECES)) {
        file.write_all(piece).unwrap();
        std::thread::sleep(chance.ms(PAUSE_MS));
    }
}

/// A part, closed; after a while the rest.
fn reopened(path: &Path, bytes: &[u8], chance: &mut Chance) {
    let (begin, rest) = bytes.split_at(bytes.len() * chance.within(5..85) / 100);
    fs::write(path, begin).unwrap();
    std::thread::sleep(chance.ms(REOPEN_MS));
    OpenOptions::new().append(true).open(path).unwrap().write_all(rest).unwrap();
}
