//! A booth in a temporary folder: real files, a real catalog, an inspector that knows four made-up formats.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use catalog::{Attention, Catalog, Frame, FrameQuery};
use ingest::{Ingest, IngestConfig, InspectFuture, Inspected, Inspector, Refusal, RefusalKind};
use model::{CaptureFacts, CreatorId, EventId, FileKind, SourceState, UnixMillis};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// Longest wait for something that must happen; the machine may be busy.
const BOUND: Duration = Duration::from_mins(1);

pub fn now() -> UnixMillis {
    UnixMillis(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64)
}

/// JPEG: FFD8 to FFD9. RAW: `II*\0` and its length. Sidecar: `<x:xmpmeta` to `</x:xmpmeta>`. Everything else is foreign.
pub struct Fake;

impl Inspector for Fake {
    fn inspect<'a>(&'a self, path: &'a Path) -> InspectFuture<'a> {
        Box::pin(async move {
            assert!(!path.to_string_lossy().contains("panic"), "asked for by a test");
            let bytes = fs::read(path).map_err(|error| refusal(RefusalKind::Unreadable, &error.to_string()))?;
            let truncated = || refusal(RefusalKind::Truncated, "The end of the file is missing");
            let (kind, whole) = if bytes.is_empty() {
                return Err(refusal(RefusalKind::Empty, "The file is empty"));
            } else if bytes.starts_with(&[0xff, 0xd8]) {
                (FileKind::Jpeg, bytes.ends_with(&[0xff, 0xd9]))
            } else if bytes.starts_with(b"II*\0") {
                let length = bytes.get(4..8).map(|field| u32::from_le_bytes(field.try_into().unwrap()));
                (FileKind::Raw, length.is_some_and(|length| bytes.len() >= length as usize))
            } else if bytes.starts_with(b"<x:xmpmeta") {
                (FileKind::Sidecar, bytes.ends_with(b"</x:xmpmeta>"))
            } else if bytes.starts_with(b"GARB") {
                return Err(refusal(RefusalKind::Garbage, "The file is damaged"));
            } else {
                return Err(refusal(RefusalKind::Foreign, "This is no photo"));
            };
            if whole { Ok(Inspected { kind, facts: CaptureFacts::default() }) } else { Err(truncated()) }
        })
    }
}

fn refusal(reason: RefusalKind, problem: &str) -> Refusal {
    let incomplete = reason == RefusalKind::Truncated;
    Refusal { reason, problem: problem.into(), incomplete, retry: reason == RefusalKind::Unreadable }
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8 & 0x7f
        })
        .collect()
}

pub fn jpeg(seed: u64, length: usize) -> Vec<u8> {
    [&[0xff, 0xd8][..], &noise(seed, length), &[0xff, 0xd9]].concat()
}

pub fn raw(seed: u64, length: usize) -> Vec<u8> {
    let total = (length + 8) as u32;
    [b"II*\0", &total.to_le_bytes()[..], &noise(seed, length)].concat()
}

pub fn xmp(seed: u64) -> Vec<u8> {
    format!("<x:xmpmeta>{seed}</x:xmpmeta>").into_bytes()
}

pub struct Booth {
    pub folder: TempDir,
    pub hot: PathBuf,
    pub originals: PathBuf,
    pub quiet: Duration,
    pub patience: Duration,
}

pub struct Open {
    pub catalog: Catalog,
    pub event: EventId,
    pub ingest: Ingest,
    pub originals: PathBuf,
}

impl Booth {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let (hot, originals) = (folder.path().join("hot"), folder.path().join("Originals"));
        fs::create_dir_all(&hot).unwrap();
        fs::create_dir_all(&originals).unwrap();
        Self { folder, hot, originals, quiet: Duration::from_millis(100), patience: Duration::from_secs(30) }
    }

    pub async fn open(&self) -> Open {
        self.open_inspected(Arc::new(Fake)).await
    }

    /// An open booth whose ids are not used by another one.
    pub async fn open_inspected(&self, inspector: Arc<dyn Inspector>) -> Open {
        static STARTS: AtomicU64 = AtomicU64::new(0);
        let start = STARTS.fetch_add(1, Ordering::SeqCst) + (u64::from(std::process::id()) << 20);
        open_with(self.folder.path(), inspector, self.quiet, self.patience, start, || {}).await
    }

    pub async fn watching(&self) -> Open {
        let open = self.open().await;
        open.ingest.reconcile().await.unwrap();
        open.ingest.watch(&self.hot).await.unwrap();
        open
    }
}

/// `step` is called at each use of clock or randomness: where a test may kill its process.
pub async fn open_with(
    data: &Path,
    inspector: Arc<dyn Inspector>,
    quiet: Duration,
    patience: Duration,
    start: u64,
    step: impl Fn() + Send + Sync + Clone + 'static,
) -> Open {
    let catalog = Catalog::open(&data.join("catalog.sqlite"), now()).await.unwrap();
    let mut fresh = [0; 10];
    fresh[..8].copy_from_slice(&start.to_le_bytes());
    let event = catalog.event_named("Night Market", EventId::new(now(), fresh), now()).await.unwrap().id;
    let creator = catalog.creator_named("Lena", CreatorId::new(now(), fresh)).await.unwrap();
    let counter = AtomicU64::new(0);
    let stepped = step.clone();
    let ingest = Ingest::new(IngestConfig {
        catalog: catalog.clone(),
        inspector,
        event,
        event_name: "Night Market".into(),
        creator,
        creator_name: "Lena".into(),
        originals: data.join("Originals"),
        clock: Arc::new(move || {
            stepped();
            now()
        }),
        random: Arc::new(move || {
            step();
            let n = counter.fetch_add(1, Ordering::SeqCst);
            let mut random = [0; 10];
            random.copy_from_slice(&Sha256::digest([start.to_le_bytes(), n.to_le_bytes()].concat())[..10]);
            random
        }),
        quiet,
        patience,
    });
    Open { catalog, event, ingest, originals: data.join("Originals") }
}

impl Open {
    pub async fn frames(&self) -> Vec<Frame> {
        let query = FrameQuery { event: self.event, ticket: None, ready_only: false, before: None, limit: 10_000 };
        self.catalog.frames(&query).await.unwrap()
    }

    pub async fn attention(&self) -> Vec<Attention> {
        self.catalog.attention(self.event).await.unwrap().0
    }

    pub async fn recorded(&self) -> Vec<String> {
        let mut paths: Vec<_> =
            self.catalog.original_paths(self.event).await.unwrap().into_iter().map(|(path, _)| path).collect();
        paths.sort();
        paths
    }

    /// Waits until so many originals are recorded.
    pub async fn landed(&self, count: usize) {
        self.until("originals", async || self.recorded().await.len() >= count).await;
    }

    /// Waits until so many items are on the list.
    pub async fn attended(&self, count: usize) {
        self.until("items", async || self.attention().await.len() == count).await;
    }

    /// Waits until the first source is in that state.
    pub async fn state(&self, wanted: SourceState) {
        self.until("a state", async || self.ingest.status().borrow()[0].state == wanted).await;
    }

    /// Waits for a condition, with a bound.
    pub async fn until(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let begun = Instant::now();
        while !condition().await {
            assert!(
                begun.elapsed() < BOUND,
                "waited too long for {what}: {:?} {:?} {:?}",
                self.recorded().await,
                self.attention().await,
                self.ingest.status().borrow()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The promise: what is recorded is what lies in the folder, each content once, and nothing half is left.
    pub async fn assert_exactly(&self, expected: &[Vec<u8>]) {
        // A duplicate's copy may still be on its way out, and a note goes just after the row is written.
        self.until("nothing half", async || !tree(&self.originals).keys().any(|name| name.contains("/."))).await;
        let lying = tree(&self.originals);
        let names: Vec<_> = lying.keys().cloned().collect();
        assert_eq!(self.recorded().await, names, "catalog and folder differ");
        let mut got: Vec<_> = lying.into_values().map(|bytes| Sha256::digest(bytes).to_vec()).collect();
        let mut wanted: Vec<_> = expected.iter().map(|bytes| Sha256::digest(bytes).to_vec()).collect();
        got.sort();
        wanted.sort();
        wanted.dedup();
        assert_eq!(got, wanted, "contents differ: {names:?}");
    }
}

/// All files below a folder, by path with forward slashes.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}
