//! A booth for previews: a real catalog and disk, and rooms that make up their pictures or fail as they are told.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use catalog::{Catalog, DerivativeStore, Event, Frame, NewArrival, NotDeveloped};
use develop::{ProofSpec, RenderError, Rendered, recipe::Recipe, worker::WorkerError};
use model::{CaptureFacts, CaptureTime, CreatorId, EventId, FileKind, FrameId, Rung, UnixMillis};
use previews::{Develop, DevelopFailure, Developed, Later, Maker, Render, Sink, stored};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const NOW: UnixMillis = UnixMillis(1_764_000_000_000);
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How the next development ends.
#[derive(Clone, Debug)]
pub enum End {
    Well,
    Fail(NotDeveloped),
    /// All rungs but one.
    Incomplete,
    /// It never ends.
    Hang,
    /// Its `settled` is longer than anything of ours.
    Endless,
    Panic,
}

#[derive(Default)]
pub struct Rooms {
    /// What was begun, in order: `proofs A`, `large A`, `developed A`.
    pub begun: Mutex<Vec<String>>,
    /// How developments end, one after the other; then well.
    pub ends: Mutex<VecDeque<End>>,
    pub priors: Mutex<Vec<Option<String>>>,
    /// Frames whose raw has no picture of the camera's.
    pub bare: Mutex<Vec<String>>,
}

fn rendered(rung: Rung, picture: &str) -> Rendered {
    let thumbhash = (rung == Rung::Thumb).then(|| vec![1]);
    let jpeg = format!("{picture} {rung}").into_bytes();
    Rendered { rung, jpeg, width_px: 1200, height_px: 800, decoded_ms_ago: None, thumbhash }
}

impl Render for Rooms {
    fn render<'a>(&'a self, _: &'a Path, spec: &'a ProofSpec, sink: Sink<'a>) -> Later<'a, Result<(), WorkerError>> {
        let part = if spec.rungs == [Rung::Large] { "large" } else { "proofs" };
        self.begun.lock().unwrap().push(format!("{part} {}", spec.frame_name));
        Box::pin(async move {
            if self.bare.lock().unwrap().contains(&spec.frame_name) {
                return Err(WorkerError::Render(RenderError::NoEmbeddedPreview));
            }
            for rung in &spec.rungs {
                sink(rendered(*rung, "the camera's own"));
            }
            Ok(())
        })
    }
}

impl Develop for Rooms {
    fn develop<'a>(
        &'a self,
        _: &'a Path,
        recipe: &'a Recipe,
        prior: Option<&'a str>,
        spec: &'a ProofSpec,
        sink: Sink<'a>,
    ) -> Later<'a, Result<Developed, DevelopFailure>> {
        self.begun.lock().unwrap().push(format!("developed {}", spec.frame_name));
        self.priors.lock().unwrap().push(prior.map(str::to_owned));
        let end = self.ends.lock().unwrap().pop_front().unwrap_or(End::Well);
        Box::pin(async move {
            let mut settled = format!("{{\"frame\":\"{}\"}}", spec.frame_name);
            match end {
                End::Fail(why) => return Err(DevelopFailure::new(why, "the words")),
                End::Hang => std::future::pending().await,
                End::Endless => settled = "x".repeat(70_000),
                End::Panic => panic!("as told"),
                End::Well | End::Incomplete => {}
            }
            for rung in spec.rungs.iter().skip(usize::from(matches!(end, End::Incomplete))) {
                sink(rendered(*rung, &format!("developed {}", recipe.exposure.ev)));
            }
            Ok(Developed { settled, device: "CPU".into() })
        })
    }
}

pub struct Booth {
    pub catalog: Catalog,
    pub event: Event,
    pub creator: CreatorId,
    pub store: DerivativeStore,
    pub rooms: Arc<Rooms>,
    pub maker: Arc<Maker>,
    folder: TempDir,
}

impl Booth {
    pub async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite"), NOW).await.unwrap();
        let event = catalog.event_named("Fair", EventId::new(NOW, [1; 10]), NOW).await.unwrap();
        let creator = catalog.creator_named("Lena", CreatorId::new(NOW, [2; 10])).await.unwrap();
        catalog.begin_development(event.id, &stored(&Recipe::default())).await.unwrap();
        let store = DerivativeStore::new(&folder.path().join("Previews"));
        let rooms = Arc::new(Rooms::default());
        let started = std::time::Instant::now();
        let maker = Maker {
            catalog: catalog.clone(),
            render: Arc::clone(&rooms) as Arc<dyn Render>,
            develop: Arc::clone(&rooms) as Arc<dyn Develop>,
            develop_max: Duration::from_millis(300),
            derivatives: store.clone(),
            originals: folder.path().join("Originals"),
            event_name: "Fair".into(),
            clock: Arc::new(move || UnixMillis(NOW.0 + started.elapsed().as_millis() as i64)),
        };
        Self { catalog, event, creator, store, rooms, maker: Arc::new(maker), folder }
    }

    pub async fn arrive(&self, name: &str, kind: FileKind, n: u8) -> FrameId {
        let local = format!("2026-11-24T19:05:0{}", n % 10);
        let captured = CaptureTime { local, offset_minutes: None, order_ms: i64::from(n) * 1000 };
        let arrival = NewArrival {
            fresh: FrameId::new(NOW, [n; 10]),
            event: self.event.id,
            creator: self.creator,
            source_path: format!("/card/{name}.{}", kind.name()),
            source_folder: "/card".into(),
            stem: name.into(),
            kind,
            bytes: u64::from(n),
            facts: CaptureFacts { captured: Some(captured), ..CaptureFacts::default() },
            seen_at: NOW,
            complete_at: NOW,
            priority: 0,
            sure: true,
        };
        self.catalog.arrive(&arrival).await.unwrap().frame.unwrap()
    }

    pub fn run(&self) -> Work {
        let stop = CancellationToken::new();
        let task = tokio::spawn(previews::run(self.catalog.clone(), Arc::clone(&self.maker), 1, stop.clone()));
        Work { stop, task }
    }

    /// Works until nothing is left to be done.
    pub async fn work(&self) {
        let work = self.run();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.catalog.queue_state().await.unwrap() != catalog::QueueState::default() {
            assert!(tokio::time::Instant::now() < deadline, "begun: {:?}", self.rooms.begun.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        work.end().await;
    }

    pub async fn frame(&self, id: FrameId) -> Frame {
        self.catalog.frame(id).await.unwrap().unwrap()
    }

    /// What lies on disk as that rung of what is shown.
    pub async fn shown(&self, id: FrameId, rung: Rung) -> String {
        let version = self.frame(id).await.version.unwrap();
        String::from_utf8(std::fs::read(self.store.path(&version, rung)).unwrap()).unwrap()
    }

    pub fn begun(&self) -> Vec<String> {
        std::mem::take(&mut *self.rooms.begun.lock().unwrap())
    }

    pub fn end_with(&self, ends: impl IntoIterator<Item = End>) {
        self.rooms.ends.lock().unwrap().extend(ends);
    }

    pub fn files(&self) -> usize {
        let mut folders = vec![self.folder.path().join("Previews")];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    count += 1;
                }
            }
        }
        count
    }
}

pub struct Work {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Work {
    pub async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}
