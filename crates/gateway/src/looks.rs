//! Live pictures of the Look place: few raws are held, each renders one picture at a time, and the newest wish wins.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use catalog::Catalog;
use model::FrameId;
use tokio::sync::{Mutex as Turn, OnceCell, Semaphore};

use crate::{LookPort, LookRefused, LookSession, shared::lock};

/// Raws that are held: the one that is looked at, and the one before it.
const HELD_MAX: usize = 2;
/// The longest side of a live picture, px.
pub(crate) const LONG_EDGE_MAX_PX: u32 = 2048;
/// A raw that nobody looked at for so long makes room by itself: it may be hundreds of megabytes.
const IDLE_MAX: Duration = Duration::from_mins(2);
/// A raw that is not decoded after this time will not be.
const OPEN_MAX: Duration = Duration::from_secs(30);

/// What became of a wish.
#[derive(Debug)]
pub(crate) enum Outcome<T> {
    /// It was granted.
    Done(T),
    /// A newer one took its place while it waited.
    Replaced,
    /// It cannot be granted.
    Refused(LookRefused),
}

/// The raws that are held, the newest first.
pub(crate) struct Looks {
    port: Arc<dyn LookPort>,
    desks: Mutex<VecDeque<Arc<Desk>>>,
    /// One raw is decoded at a time: it takes all that a laptop has.
    opening: Semaphore,
}

/// One raw.
struct Desk {
    frame: FrameId,
    session: OnceCell<Result<Arc<dyn LookSession>, LookRefused>>,
    /// Held while a picture is rendered.
    turn: Arc<Turn<()>>,
    newest: AtomicU64,
    used_at: Mutex<Instant>,
}

impl Looks {
    pub(crate) fn new(port: Arc<dyn LookPort>) -> Self {
        Self { port, desks: Mutex::default(), opening: Semaphore::new(1) }
    }

    pub(crate) fn port(&self) -> &dyn LookPort {
        &*self.port
    }

    /// What the camera chose, where the frame's raw is held.
    pub(crate) fn as_shot(&self, frame: FrameId) -> Option<(f32, f32)> {
        let desk = lock(&self.desks).iter().find(|desk| desk.frame == frame).cloned()?;
        desk.session.get()?.as_ref().ok()?.as_shot()
    }

    /// Renders with the frame's raw, which is decoded where it is not held. Of wishes that wait for their turn only the
    /// newest is granted.
    pub(crate) async fn render<T: Send + 'static>(
        self: &Arc<Self>,
        frame: FrameId,
        source: Source<'_>,
        work: impl FnOnce(&dyn LookSession) -> Result<T, LookRefused> + Send + 'static,
    ) -> Outcome<T> {
        let desk = self.desk(frame);
        let mine = desk.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let session = match self.session(&desk, source).await {
            Some(Ok(session)) => session,
            Some(Err(refused)) => return Outcome::Refused(refused),
            None => return Outcome::Replaced,
        };
        let turn = Arc::clone(&desk.turn).lock_owned().await;
        if desk.newest.load(Ordering::Relaxed) != mine {
            return Outcome::Replaced;
        }
        // The turn ends with the work, also where nobody waits for it any more.
        let worked = tokio::task::spawn_blocking(move || {
            let done = work(&*session);
            drop(turn);
            done
        });
        match worked.await {
            Ok(Ok(done)) => Outcome::Done(done),
            Ok(Err(refused)) => Outcome::Refused(refused),
            Err(error) => {
                tracing::error!(%error, "a live picture ended in a panic");
                self.forget(&desk);
                Outcome::Refused(LookRefused("The picture could not be made. Nothing was changed; try again.".into()))
            }
        }
    }

    /// The frame's place, which is the newest now; the one that was not used for the longest time makes room.
    fn desk(&self, frame: FrameId) -> Arc<Desk> {
        let mut desks = lock(&self.desks);
        let at = desks.iter().position(|desk| desk.frame == frame);
        let desk = at.and_then(|at| desks.remove(at)).unwrap_or_else(|| {
            Arc::new(Desk {
                frame,
                session: OnceCell::new(),
                turn: Arc::default(),
                newest: AtomicU64::new(0),
                used_at: Mutex::new(Instant::now()),
            })
        });
        *lock(&desk.used_at) = Instant::now();
        desks.push_front(Arc::clone(&desk));
        desks.truncate(HELD_MAX);
        desk
    }

    /// Lets go of raws that nobody has looked at lately.
    pub(crate) fn tidy(&self, now: Instant) {
        lock(&self.desks).retain(|desk| now.saturating_duration_since(*lock(&desk.used_at)) < IDLE_MAX);
    }

    fn holds(&self, desk: &Arc<Desk>) -> bool {
        lock(&self.desks).iter().any(|held| Arc::ptr_eq(held, desk))
    }

    fn forget(&self, desk: &Arc<Desk>) {
        lock(&self.desks).retain(|held| !Arc::ptr_eq(held, desk));
    }

    /// The decoded raw; none where it had to make room before it was decoded.
    async fn session(
        self: &Arc<Self>,
        desk: &Arc<Desk>,
        source: Source<'_>,
    ) -> Option<Result<Arc<dyn LookSession>, LookRefused>> {
        if let Some(held) = desk.session.get() {
            return Some(held.clone());
        }
        // Its own task: a page that loses patience and asks again finds it further on, and not at the beginning.
        let (looks, desk) = (Arc::clone(self), Arc::clone(desk));
        let (catalog, originals) = (source.catalog.clone(), source.originals.to_owned());
        let opened = tokio::spawn(async move {
            let session = desk
                .session
                .get_or_try_init(|| async {
                    let _turn = looks.opening.acquire().await;
                    if !looks.holds(&desk) {
                        return Err(());
                    }
                    Ok(looks.open(desk.frame, &catalog, &originals).await)
                })
                .await;
            if let Ok(Err(_)) = session {
                // It may end differently the next time.
                looks.forget(&desk);
            }
            session.ok().cloned()
        });
        opened.await.unwrap_or_else(|error| {
            tracing::error!(%error, "opening a raw for its look ended in a panic");
            Some(Err(LookRefused("The raw could not be opened. Nothing was changed; try again.".into())))
        })
    }

    async fn open(
        &self,
        frame: FrameId,
        catalog: &Catalog,
        originals: &Path,
    ) -> Result<Arc<dyn LookSession>, LookRefused> {
        let file = catalog.raw_file(frame).await.map_err(|error| LookRefused(format!("{error}.")))?;
        let file = file.ok_or_else(|| LookRefused(NO_RAW.into()))?;
        let path = if file.landed { originals.join(&file.path) } else { file.path.into() };
        let opening = self.port.open(path, file.prior.map(|prior| prior.settled), LONG_EDGE_MAX_PX);
        tokio::time::timeout(OPEN_MAX, opening).await.unwrap_or_else(|_| {
            Err(LookRefused("This raw takes too long to decode. The camera's own picture is shown.".into()))
        })
    }
}

/// Where raws are found.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub catalog: &'a Catalog,
    pub originals: &'a Path,
}

/// Why a frame of a finished picture alone has no look.
pub(crate) const NO_RAW: &str =
    "This frame has no raw file. A look changes raws only: the camera's own picture is shown as it is.";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{path::PathBuf, sync::atomic::AtomicUsize};

    use catalog::{DeviceChoice, Event, NewArrival, StoredRecipe};
    use model::{CaptureFacts, ContentHash, CreatorId, EventId, FileKind, UnixMillis};

    use super::*;
    use crate::{DeviceState, LookPicture, PortFuture};

    const NOW: UnixMillis = UnixMillis(1_764_000_000_000);

    #[derive(Default)]
    struct Room {
        opened: AtomicUsize,
        rendering: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
    }

    struct Held {
        rendering: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
    }

    impl LookSession for Held {
        fn picture(&self, _: &StoredRecipe, _: u32) -> Result<LookPicture, LookRefused> {
            let now = self.rendering.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(30));
            self.rendering.fetch_sub(1, Ordering::SeqCst);
            Ok(LookPicture { jpeg: vec![], histogram: [[0; 256]; 3] })
        }

        fn grey_at(&self, _: f32, _: f32, _: &StoredRecipe) -> Result<Option<(f32, f32)>, LookRefused> {
            Ok(None)
        }

        fn as_shot(&self) -> Option<(f32, f32)> {
            Some((5200.0, 3.0))
        }
    }

    impl LookPort for Room {
        fn recipe(&self, _: &[u8]) -> Result<StoredRecipe, LookRefused> {
            Err(LookRefused("not asked".into()))
        }

        fn device(&self) -> DeviceState {
            let in_use = "CPU".into();
            DeviceState { in_use, is_gpu: false, choice: DeviceChoice::Auto, why: String::new(), trial_ms: None }
        }

        fn choose_device(&self, _: DeviceChoice) -> PortFuture<()> {
            Box::pin(std::future::ready(()))
        }

        fn open(
            &self,
            raw: PathBuf,
            _: Option<String>,
            _: u32,
        ) -> PortFuture<Result<Arc<dyn LookSession>, LookRefused>> {
            let n = self.opened.fetch_add(1, Ordering::SeqCst);
            let (rendering, most) = (Arc::clone(&self.rendering), Arc::clone(&self.most));
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if raw.ends_with("BAD.CR2") && n == 0 {
                    return Err(LookRefused("no".into()));
                }
                Ok(Arc::new(Held { rendering, most }) as Arc<dyn LookSession>)
            })
        }
    }

    struct Booth {
        catalog: Catalog,
        event: Event,
        creator: CreatorId,
        room: Arc<Room>,
        looks: Arc<Looks>,
        _folder: tempfile::TempDir,
    }

    impl Booth {
        async fn open() -> Self {
            let folder = tempfile::TempDir::new().unwrap();
            let catalog = Catalog::open(&folder.path().join("catalog.sqlite"), NOW).await.unwrap();
            let event = catalog.event_named("Fair", EventId::new(NOW, [1; 10]), NOW).await.unwrap();
            let creator = catalog.creator_named("Lena", CreatorId::new(NOW, [2; 10])).await.unwrap();
            let room = Arc::new(Room::default());
            let looks = Arc::new(Looks::new(Arc::clone(&room) as Arc<dyn LookPort>));
            Self { catalog, event, creator, room, looks, _folder: folder }
        }

        async fn frame(&self, name: &str, n: u8) -> FrameId {
            let arrival = NewArrival {
                fresh: FrameId::new(NOW, [n; 10]),
                event: self.event.id,
                creator: self.creator,
                source_path: format!("/card/{name}"),
                source_folder: "/card".into(),
                stem: name.into(),
                kind: FileKind::Raw,
                bytes: 1,
                facts: CaptureFacts::default(),
                seen_at: NOW,
                complete_at: NOW,
                priority: 0,
                sure: true,
            };
            self.catalog.arrive(&arrival).await.unwrap().frame.unwrap()
        }

        async fn render(&self, frame: FrameId) -> Outcome<()> {
            let recipe = StoredRecipe { hash: ContentHash([1; 32]), json: "{}".into() };
            let source = Source { catalog: &self.catalog, originals: Path::new("/") };
            self.looks.render(frame, source, move |session| session.picture(&recipe, 1000).map(|_| ())).await
        }

        fn opened(&self) -> usize {
            self.room.opened.load(Ordering::SeqCst)
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_picture_at_a_time_and_the_newest_wish_wins() {
        let booth = Booth::open().await;
        let frame = booth.frame("A.CR2", 3).await;
        assert_eq!(booth.looks.as_shot(frame), None);
        let wishes: Vec<_> = (0..20).map(|_| booth.render(frame)).collect();
        let outcomes = futures_util::future::join_all(wishes).await;
        let done = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done(()))).count();
        assert!((1..=2).contains(&done), "{outcomes:?}");
        assert!(matches!(outcomes.last(), Some(Outcome::Done(()))), "the newest is granted");
        assert_eq!((booth.room.most.load(Ordering::SeqCst), booth.opened()), (1, 1));
        assert_eq!(booth.looks.as_shot(frame), Some((5200.0, 3.0)));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_raws_are_held_and_the_oldest_makes_room() {
        let booth = Booth::open().await;
        let frames = [booth.frame("A.CR2", 3).await, booth.frame("B.CR2", 4).await, booth.frame("C.CR2", 5).await];
        for frame in [frames[0], frames[1], frames[0], frames[2], frames[0]] {
            assert!(matches!(booth.render(frame).await, Outcome::Done(())));
        }
        assert_eq!(booth.opened(), 3, "A stayed because it was used");
        booth.render(frames[1]).await;
        assert_eq!(booth.opened(), 4);
        assert_eq!(lock(&booth.looks.desks).len(), HELD_MAX);
        booth.looks.tidy(Instant::now() + IDLE_MAX / 2);
        assert_eq!(lock(&booth.looks.desks).len(), HELD_MAX);
        booth.looks.tidy(Instant::now() + IDLE_MAX);
        assert!(lock(&booth.looks.desks).is_empty());
        // Asked for at the same moment: one is decoded after the other, and what had to make room is not decoded at all.
        let booth = Booth::open().await;
        let mut frames = Vec::new();
        for n in 0..8 {
            frames.push(booth.frame(&format!("{n}.CR2"), n + 3).await);
        }
        let outcomes = futures_util::future::join_all(frames.iter().map(|frame| booth.render(*frame))).await;
        assert!(outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Replaced)).count() >= 5, "{outcomes:?}");
        assert!(booth.opened() <= 3);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_loses_patience_does_not_make_the_decoding_begin_anew_and_a_failure_is_tried_again() {
        let booth = Booth::open().await;
        let frame = booth.frame("A.CR2", 3).await;
        for _ in 0..5 {
            let _ = tokio::time::timeout(Duration::from_millis(2), booth.render(frame)).await;
        }
        assert!(matches!(booth.render(frame).await, Outcome::Done(())));
        assert_eq!(booth.opened(), 1);
        let booth = Booth::open().await;
        let bad = booth.frame("BAD.CR2", 3).await;
        assert!(matches!(booth.render(bad).await, Outcome::Refused(refused) if refused.0 == "no"));
        assert!(matches!(booth.render(bad).await, Outcome::Done(())));
    }
}
