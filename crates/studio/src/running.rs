//! Starting the rooms in order, and stopping them in the other.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use catalog::{Catalog, DerivativeStore, Event};
use develop::{
    Developer,
    worker::{Caps, Pool, PoolConfig},
};
use gateway::{Gateway, GatewayConfig, Secret};
use ingest::{Ingest, IngestConfig};
use model::{CreatorId, EventId};
use previews::Maker;
use serde::Serialize;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    ServeArgs, StartError,
    chance::{now, random},
    darkroom::{self, Room},
    folders::default_watched,
    lock::DataLock,
    port::Port,
    rehearse,
};

/// A file that is written again within this time has not landed yet (field notes: writers that reopen).
const QUIET: Duration = Duration::from_millis(400);
/// A file that stays incomplete so long is shown to the operator; it is still taken when the rest arrives.
const PATIENCE: Duration = Duration::from_secs(30);
/// Memory of one worker: a 100 MP JPEG decoded at half size, with room; a hostile file asks for more and is refused.
const WORKER_MEMORY_BYTES: u64 = 1_500_000_000;
/// A picture that takes longer is hostile or the laptop is beyond help.
const WORKER_REQUEST_MS: u64 = 15_000;
/// Workers are replaced after so many frames, so that a leak in C code never adds up to an evening.
const WORKER_REQUESTS: u32 = 500;
/// How long the rooms may take to end before they are cut short; SIGTERM promises five seconds in all.
const STOP_MAX: Duration = Duration::from_secs(4);

/// What callers of the program wait for: printed as one JSON line.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// Where guests' phones find the gallery.
    pub guest: String,
    /// Where the operator's window finds the studio.
    pub operator: String,
    /// The operator's secret; a new one at every start.
    pub secret: String,
    /// The event's id.
    pub event: String,
    /// Folders that are watched.
    pub watch: Vec<PathBuf>,
}

/// The studio, to be started.
pub struct Studio;

/// The studio, started.
pub struct Running {
    ready: Ready,
    gateway: gateway::Running,
    ingest: Arc<Ingest>,
    catalog: Catalog,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    _lock: DataLock,
}

/// The folders of one studio.
pub(crate) struct Folders {
    pub data: PathBuf,
    pub originals: PathBuf,
    pub derivatives: PathBuf,
}

impl Folders {
    pub(crate) fn make(data: &Path, originals: Option<&Path>) -> Result<Self, StartError> {
        let folders = Self {
            data: data.to_owned(),
            originals: originals.map_or_else(|| data.join("Originals"), Path::to_owned),
            derivatives: data.join("Previews"),
        };
        for path in [&folders.data, &folders.originals, &folders.derivatives] {
            std::fs::create_dir_all(path).map_err(|source| StartError::Folder { path: path.clone(), source })?;
        }
        Ok(folders)
    }

    pub(crate) fn catalog(&self) -> PathBuf {
        self.data.join("catalog.sqlite")
    }
}

/// Catalog, event and creator: what every way of running begins with.
pub(crate) struct Opened {
    pub catalog: Catalog,
    pub event: Event,
    pub creator: CreatorId,
}

pub(crate) async fn open(folders: &Folders, event: &str, creator: &str) -> Result<Opened, StartError> {
    let catalog = Catalog::open(&folders.catalog(), now()).await?;
    let event = catalog.event_named(event, EventId::new(now(), random()), now()).await?;
    let creator = catalog.creator_named(creator, CreatorId::new(now(), random())).await?;
    Ok(Opened { catalog, event, creator })
}

/// Worker processes of this same executable. A core's worth of time is left to the network and the database.
pub(crate) fn worker_pool() -> Result<Pool, StartError> {
    // Proofs, one `large` and one development behind them, a raw under the sliders, and one more, so that a file that
    // arrives never waits to be looked at.
    worker_pool_of(preview_workers() + 4)
}

/// A pool of so many children of this program.
pub(crate) fn worker_pool_of(workers: usize) -> Result<Pool, StartError> {
    let program = std::env::current_exe().map_err(StartError::Program)?;
    Ok(Pool::new(PoolConfig {
        program,
        args: vec!["worker".into(), "develop".into()],
        workers,
        caps: Caps {
            memory_bytes: WORKER_MEMORY_BYTES,
            request_ms: WORKER_REQUEST_MS,
            requests_per_child: WORKER_REQUESTS,
        },
    }))
}

/// Who makes previews of that event.
pub(crate) fn maker(opened: &Opened, folders: &Folders, pool: Pool, developer: Developer) -> Maker {
    Maker {
        catalog: opened.catalog.clone(),
        render: Arc::new(pool),
        develop: Arc::new(developer),
        develop_max: previews::DEVELOP_MAX,
        derivatives: DerivativeStore::new(&folders.derivatives),
        originals: folders.originals.clone(),
        event_name: opened.event.name.clone(),
        clock: Arc::new(now),
    }
}

pub(crate) fn preview_workers() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1)).clamp(1, 8)
}

pub(crate) fn ingest_config(folders: &Folders, opened: &Opened, creator_name: &str, pool: Pool) -> IngestConfig {
    IngestConfig {
        catalog: opened.catalog.clone(),
        inspector: Arc::new(pool),
        event: opened.event.id,
        event_name: opened.event.name.clone(),
        creator: opened.creator,
        creator_name: creator_name.to_owned(),
        originals: folders.originals.clone(),
        clock: Arc::new(now),
        random: Arc::new(random::<10>),
        quiet: QUIET,
        patience: PATIENCE,
    }
}

impl Studio {
    /// Starts every room; returns when phones and the window can be served. What an earlier run left is taken up in the
    /// background.
    pub async fn start(mut args: ServeArgs) -> Result<Running, StartError> {
        if !args.operator.ip().is_loopback() {
            return Err(StartError::OperatorAddress(args.operator));
        }
        if args.rehearsal {
            rehearse::set_apart(&mut args)?;
        }
        let folders = Folders::make(&args.data, args.originals.as_deref())?;
        let lock = DataLock::take(&folders.data)?;
        let opened = open(&folders, &args.event, &args.creator).await?;
        let pool = worker_pool()?;
        let developer = darkroom::open(&args, &opened.catalog, &opened.event, pool.clone()).await?;
        raise_open_files();
        let stop = CancellationToken::new();
        let derivatives = DerivativeStore::new(&folders.derivatives);
        let ingest = Arc::new(Ingest::new(ingest_config(&folders, &opened, &args.creator, pool.clone())));
        // Whoever wrote the command line sits before it. A folder of an earlier evening that is no use any more is logged.
        for folder in &args.watch {
            ingest.check(folder).await?;
        }
        let secret = Secret::from_random(random::<32>());
        let gateway = Gateway::start(GatewayConfig {
            catalog: opened.catalog.clone(),
            event: opened.event.clone(),
            derivatives: derivatives.clone(),
            originals_dir: folders.originals.clone(),
            guest_addr: args.guest,
            operator_addr: args.operator,
            operator_secret: secret.clone(),
            port: Arc::new(Port::new(Arc::clone(&ingest), opened.catalog.clone(), opened.event.id, &folders)),
            look_port: Arc::new(Room::new(developer.clone())),
            clock: Arc::new(now),
            mdns: !args.no_mdns,
            rehearsal: args.rehearsal,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            guest_host_override: None,
        })
        .await?;
        let maker = maker(&opened, &folders, pool, developer);
        let mut tasks =
            vec![tokio::spawn(previews::run(opened.catalog.clone(), Arc::new(maker), preview_workers(), stop.clone()))];
        let watch = args.watched(opened.catalog.watched_folders().await?);
        if watch == [default_watched()] {
            // For the camera's software to choose. Where it cannot be made, it is waited for.
            let _ = std::fs::create_dir_all(default_watched());
        }
        tasks.push(tokio::spawn(take_up(
            Arc::clone(&ingest),
            opened.catalog.clone(),
            opened.event.id,
            derivatives,
            watch.clone(),
        )));
        if args.rehearsal {
            tasks.extend(args.watch.first().map(|folder| tokio::spawn(rehearse::shoot(folder.clone(), stop.clone()))));
        }
        let ready = Ready {
            guest: gateway.join_url().to_owned(),
            operator: format!("http://{}/", gateway.operator_addr()),
            secret: secret.reveal().to_owned(),
            event: opened.event.id.to_string(),
            watch,
        };
        Ok(Running { ready, gateway, ingest, catalog: opened.catalog, stop, tasks, _lock: lock })
    }
}

/// Thousands of phones are thousands of open files; the usual soft limit is 1,024.
fn raise_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the number of open files could not be raised; fewer phones can be connected at once");
    }
}

/// What an earlier run left: arrivals that never landed, originals without a row, previews without a file. Then the sources.
async fn take_up(
    ingest: Arc<Ingest>,
    catalog: Catalog,
    event: EventId,
    derivatives: DerivativeStore,
    watch: Vec<PathBuf>,
) {
    match ingest.reconcile().await {
        Ok(found) => tracing::info!(?found, "originals compared with the catalog"),
        Err(error) => tracing::error!(%error, "the originals folder could not be compared with the catalog"),
    }
    for folder in watch {
        if let Err(error) = ingest.watch(&folder).await {
            tracing::error!(folder = %folder.display(), %error, "a folder cannot be watched");
        }
    }
    match previews::verify(&catalog, event, &derivatives, now()).await {
        Ok(0) => {}
        Ok(lost) => tracing::info!(lost, "previews were missing and are made again"),
        Err(error) => tracing::warn!(%error, "previews could not be compared with the catalog"),
    }
}

impl Running {
    /// Addresses, secret and event.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Stops sources, then listeners, then previews; what is unfinished is taken up at the next start.
    pub async fn shutdown(self) {
        let Self { gateway, ingest, catalog, stop, tasks, .. } = self;
        stop.cancel();
        let ended = tokio::time::timeout(STOP_MAX, async {
            tokio::join!(ingest.shutdown(), gateway.shutdown());
            for task in tasks {
                // A task that panicked has been logged; the others still end in order.
                let _ = task.await;
            }
            catalog.close().await;
        });
        if ended.await.is_err() {
            tracing::warn!("some work was cut short; it is taken up at the next start");
        }
    }
}
