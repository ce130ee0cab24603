//! A booth for tests: real listeners on free ports of the loopback interface, a real catalog, made-up derivatives.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, missing_docs)]

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use catalog::{
    Catalog, DerivativeStore, DeviceChoice, Event, Landing, MadeDerivative, MadeDevelopment, MadePreview, NewArrival,
    Stage, StoredRecipe, Version,
};
use develop::recipe::Recipe;
use gateway::{
    DeviceState, DiskState, FolderListing, FolderRefused, Gateway, GatewayConfig, LookPicture, LookPort, LookRefused,
    LookSession, PortFuture, Running, Secret, StudioPort,
};
use model::{
    CaptureFacts, CaptureTime, ContentHash, CreatorId, EventId, FileKind, FrameId, OriginalId, Rung, SourceKind,
    SourceState, SourceStatus, TicketCode, TicketId, UnixMillis,
};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

pub const NOW: UnixMillis = UnixMillis(1_764_000_000_000);
/// Longer than anything here takes; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Default)]
pub struct FakePort {
    pub imported: Mutex<Vec<PathBuf>>,
    pub reexamined: Mutex<Vec<PathBuf>>,
}

impl StudioPort for FakePort {
    fn sources(&self) -> Vec<SourceStatus> {
        vec![SourceStatus {
            id: "hot-1".into(),
            kind: SourceKind::HotFolder,
            label: "/in".into(),
            state: SourceState::Watching,
            detail: None,
            bytes_per_s: 7,
            last_file: Some("A.JPG".into()),
            last_at: Some(NOW),
        }]
    }

    fn disk(&self) -> DiskState {
        DiskState { free_bytes: 1_000_000, frames_left: Some(40) }
    }

    fn import(&self, folder: PathBuf) -> PortFuture<Result<String, FolderRefused>> {
        let refused = folder.ends_with("missing");
        self.imported.lock().unwrap().push(folder);
        Box::pin(async move {
            if refused { Err(FolderRefused("The folder is not there.".into())) } else { Ok("card-1".into()) }
        })
    }

    fn watch(&self, folder: PathBuf) -> PortFuture<Result<String, FolderRefused>> {
        self.import(folder)
    }

    fn unwatch(&self, source_id: String) -> PortFuture<Result<(), FolderRefused>> {
        let known = source_id == "card-1";
        Box::pin(async move { if known { Ok(()) } else { Err(FolderRefused("Not watched.".into())) } })
    }

    fn folder(&self, at: Option<PathBuf>) -> PortFuture<Result<FolderListing, FolderRefused>> {
        let path = at.unwrap_or_else(|| "/booth/lena/Pictures".into());
        let missing = path.ends_with("missing");
        let listing = FolderListing {
            parent: path.parent().map(Into::into),
            path,
            folders: vec!["Tether".into()],
            more: false,
            captures: 3,
            places: vec!["/media/lena/CARD".into()],
        };
        Box::pin(
            async move { if missing { Err(FolderRefused("The folder is not there.".into())) } else { Ok(listing) } },
        )
    }

    fn reexamine(&self, path: PathBuf) {
        self.reexamined.lock().unwrap().push(path);
    }
}

/// A developing room that makes up its pictures: they say which look they have. A raw named BAD cannot be opened.
#[derive(Default)]
pub struct FakeRoom {
    pub opened: Mutex<Vec<(PathBuf, Option<String>)>>,
    pub chosen: Mutex<DeviceChoice>,
}

pub fn stored(recipe: &Recipe) -> StoredRecipe {
    StoredRecipe { hash: ContentHash(recipe.hash()), json: recipe.to_json() }
}

impl LookPort for FakeRoom {
    fn recipe(&self, json: &[u8]) -> Result<StoredRecipe, LookRefused> {
        Recipe::from_json(json).map(|recipe| stored(&recipe)).map_err(|error| LookRefused(error.to_string()))
    }

    fn device(&self) -> DeviceState {
        DeviceState {
            in_use: "CPU (2 cores)".into(),
            is_gpu: false,
            choice: *self.chosen.lock().unwrap(),
            why: "No graphics card was found.".into(),
            trial_ms: Some((90.0, 400.5)),
        }
    }

    fn choose_device(&self, choice: DeviceChoice) -> PortFuture<()> {
        *self.chosen.lock().unwrap() = choice;
        Box::pin(std::future::ready(()))
    }

    fn open(
        &self,
        raw: PathBuf,
        prior: Option<String>,
        _: u32,
    ) -> PortFuture<Result<Arc<dyn LookSession>, LookRefused>> {
        let bad = raw.ends_with("BAD.CR2");
        self.opened.lock().unwrap().push((raw, prior));
        let refused = || LookRefused("This raw is of a kind that is not known yet.".into());
        Box::pin(async move { if bad { Err(refused()) } else { Ok(Arc::new(FakeSession) as Arc<dyn LookSession>) } })
    }
}

struct FakeSession;

impl LookSession for FakeSession {
    fn picture(&self, recipe: &StoredRecipe, long_edge_px: u32) -> Result<LookPicture, LookRefused> {
        let mut histogram = [[0; 256]; 3];
        histogram[0][255] = 7;
        histogram[2][1] = 0x0102_0304;
        Ok(LookPicture { jpeg: format!("live {long_edge_px} {}", recipe.hash).into_bytes(), histogram })
    }

    fn grey_at(&self, x: f32, _: f32, _: &StoredRecipe) -> Result<Option<(f32, f32)>, LookRefused> {
        Ok((x < 0.5).then_some((1.9, 1.4)))
    }

    fn as_shot(&self) -> Option<(f32, f32)> {
        Some((5200.0, -3.5))
    }
}

pub struct Booth {
    pub room: Arc<FakeRoom>,
    pub catalog: Catalog,
    pub event: Event,
    pub creator: CreatorId,
    pub store: DerivativeStore,
    pub port: Arc<FakePort>,
    pub running: Option<Running>,
    pub secret: Secret,
    pub client: Client,
    clock: Arc<AtomicI64>,
    count: AtomicU64,
    _folder: TempDir,
}

impl Booth {
    pub async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite"), NOW).await.unwrap();
        let event = catalog.event_named("Night Market", EventId::new(NOW, [1; 10]), NOW).await.unwrap();
        let creator = catalog.creator_named("Lena", CreatorId::new(NOW, [2; 10])).await.unwrap();
        let mut booth = Self {
            store: DerivativeStore::new(&folder.path().join("Previews")),
            catalog,
            event,
            creator,
            port: Arc::default(),
            room: Arc::default(),
            running: None,
            secret: Secret::from_random([7; 32]),
            client: Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build().unwrap(),
            clock: Arc::new(AtomicI64::new(NOW.0)),
            count: AtomicU64::new(0),
            _folder: folder,
        };
        booth.start().await;
        booth
    }

    pub async fn start(&mut self) {
        self.running = Some(Gateway::start(self.config("127.0.0.1:0")).await.unwrap());
    }

    pub fn config(&self, operator: &str) -> GatewayConfig {
        let clock = Arc::clone(&self.clock);
        GatewayConfig {
            catalog: self.catalog.clone(),
            event: self.event.clone(),
            derivatives: self.store.clone(),
            originals_dir: "/originals".into(),
            guest_addr: "127.0.0.1:0".parse().unwrap(),
            operator_addr: operator.parse().unwrap(),
            operator_secret: self.secret.clone(),
            port: Arc::clone(&self.port) as Arc<dyn StudioPort>,
            look_port: Arc::clone(&self.room) as Arc<dyn LookPort>,
            clock: Arc::new(move || UnixMillis(clock.load(Ordering::Relaxed))),
            mdns: false,
            rehearsal: true,
            version: "0.1.0".into(),
            guest_host_override: None,
        }
    }

    pub fn pass(&self, time: Duration) {
        self.clock.fetch_add(time.as_millis() as i64, Ordering::Relaxed);
    }

    pub fn now(&self) -> UnixMillis {
        UnixMillis(self.clock.load(Ordering::Relaxed))
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn guest(&self, path: &str) -> RequestBuilder {
        self.guest_with(Method::GET, path)
    }

    pub fn guest_with(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.running().guest_addr()))
    }

    /// A request to the operator's listener that shows no key.
    pub fn knock(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.running().operator_addr()))
    }

    pub fn operator(&self, method: Method, path: &str) -> RequestBuilder {
        self.knock(method, path).bearer_auth(self.secret.reveal())
    }

    pub async fn read(&self, path: &str) -> Value {
        let response = self.operator(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        json(response).await
    }

    pub async fn ticket(&self, code: &str) -> TicketCode {
        let code: TicketCode = code.parse().unwrap();
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        let id = TicketId::new(UnixMillis(NOW.0 + n as i64), [n as u8; 10]);
        self.catalog.mint_ticket(self.event.id, id, [code], self.now()).await.unwrap();
        code
    }

    pub fn arrival(&self, name: &str) -> NewArrival {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        let local = "2026-11-24T19:05:09.120".to_owned();
        NewArrival {
            fresh: FrameId::new(UnixMillis(NOW.0 + n as i64), [n as u8; 10]),
            event: self.event.id,
            creator: self.creator,
            source_path: format!("/in/{name}.JPG"),
            source_folder: "/in".into(),
            stem: name.into(),
            kind: FileKind::Jpeg,
            bytes: 1000 + n,
            facts: CaptureFacts {
                captured: Some(CaptureTime { local, offset_minutes: None, order_ms: 0 }),
                ..CaptureFacts::default()
            },
            seen_at: self.now(),
            complete_at: self.now(),
            priority: 0,
            sure: true,
        }
    }

    /// A frame whose preview is still to be made.
    pub async fn waiting(&self, name: &str) -> FrameId {
        self.catalog.arrive(&self.arrival(name)).await.unwrap().frame.unwrap()
    }

    /// A raw that is shown from the camera's own picture, and whose development waits.
    pub async fn raw(&self, name: &str) -> FrameId {
        let arrival = NewArrival { kind: FileKind::Raw, source_path: format!("/in/{name}.CR2"), ..self.arrival(name) };
        let frame = self.catalog.arrive(&arrival).await.unwrap().frame.unwrap();
        let made = self.derivatives(Version::new(*frame.as_bytes()));
        assert!(self.catalog.finish_preview(frame, &made, false).await.unwrap());
        frame
    }

    /// Ends the next development well; its pictures lie under a key of that byte.
    pub async fn develop_next(&self, key: u8) -> (FrameId, Version) {
        let job = self.catalog.claim_job(catalog::Part::Developed, self.now()).await.unwrap().unwrap();
        let version = Version::new([key; 16]);
        let made = MadeDevelopment {
            preview: self.derivatives(version.clone()),
            recipe: job.wish.unwrap().recipe,
            settled: "{}".into(),
            prior: None,
            device: "CPU".into(),
            at: self.now(),
        };
        assert!(self.catalog.finish_development(job.frame, &made).await.unwrap());
        (job.frame, version)
    }

    /// Makes the frame's derivatives, each with bytes that say what they are.
    pub async fn develop(&self, frame: FrameId) -> Version {
        let made = self.derivatives(Version::new(*frame.as_bytes()));
        assert!(self.catalog.finish_preview(frame, &made, true).await.unwrap());
        made.version
    }

    fn derivatives(&self, version: Version) -> MadePreview {
        let mut derivatives = Vec::new();
        for rung in [Rung::Thumb, Rung::Screen, Rung::Large] {
            let path = self.store.path(&version, rung);
            let bytes = picture(&version, rung);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &bytes).unwrap();
            derivatives.push(MadeDerivative { rung, bytes: bytes.len() as u64, width_px: 1200, height_px: 800 });
        }
        let stages = vec![(Stage::Decoded, self.now()), (Stage::Encoded, self.now())];
        let thumbhash = thumbhash::rgba_to_thumb_hash(4, 4, &[200, 30, 30, 255].repeat(16));
        MadePreview { version, derivatives, thumbhash: Some(thumbhash), stages }
    }

    /// A frame that guests can see.
    pub async fn ready(&self, name: &str) -> (FrameId, Version) {
        let frame = self.waiting(name).await;
        (frame, self.develop(frame).await)
    }

    pub fn landing(&self, arrival: &NewArrival, content: u8) -> Landing {
        Landing {
            fresh: OriginalId::new(NOW, [content; 10]),
            event: self.event.id,
            source_path: arrival.source_path.clone(),
            source_folder: arrival.source_folder.clone(),
            stem: arrival.stem.clone(),
            source_mtime_ns: 7,
            kind: arrival.kind,
            path: format!("Night Market/Lena/{}.JPG", arrival.stem),
            bytes: arrival.bytes,
            sha256: ContentHash([content; 32]),
            landed_at: self.now(),
        }
    }

    /// Waits until the frame has that stamp.
    pub async fn stamped(&self, frame: FrameId, stage: Stage) -> UnixMillis {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let detail = self.catalog.frame_detail(frame).await.unwrap().unwrap();
            if let Some((_, at)) = detail.stages.iter().find(|(it, _)| *it == stage) {
                return *at;
            }
            assert!(tokio::time::Instant::now() < deadline, "{stage} never came");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn listen_as_guest(&self, path: &str) -> Events {
        Events::open(self.guest(path)).await
    }

    pub async fn listen_as_operator(&self) -> Events {
        Events::open(self.operator(Method::GET, "/api/live")).await
    }
}

/// What a made-up derivative holds.
pub fn picture(version: &Version, rung: Rung) -> Vec<u8> {
    let mark = if rung.is_proof() { "marked" } else { "UNMARKED" };
    format!("{mark} {version} {rung}").into_bytes()
}

pub async fn json(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

pub async fn text(response: Response) -> String {
    response.text().await.unwrap()
}

/// A stream of server-sent events, as a browser reads it.
pub struct Events {
    response: Response,
    unread: String,
}

#[derive(Debug)]
pub struct Told {
    pub name: String,
    pub id: Option<String>,
    pub data: Value,
}

impl Events {
    /// Opens the stream and reads its opening, so that what follows is heard.
    pub async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Self { response, unread: String::new() };
        assert_eq!(events.block().await.as_deref(), Some("retry: 2000"));
        events
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.unread.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.unread = rest;
                return Some(block);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("nothing came");
            self.unread.push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        }
    }

    /// The next event; none when the stream ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let (Some(name), Some(data)) = (field("event: "), field("data: ")) {
                return Some(Told { name, id: field("id: "), data: serde_json::from_str(&data).unwrap() });
            }
        }
    }

    /// The next event of that name; others are passed over.
    pub async fn until(&mut self, name: &str) -> Told {
        loop {
            let event = self.next().await.expect("the stream ended");
            if event.name == name {
                return event;
            }
        }
    }
}
