//! Opening both doors, and closing them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::{
    GatewayConfig, GatewayError, Secret,
    address::Reach,
    guest::{self, Files, Guard, PageCache},
    hub::{self, Hub},
    looks::Looks,
    mdns::Announced,
    metrics::Counters,
    operator,
    pixels::Pixels,
    pulse,
    serve::{Stop, serve},
    shared::Shared,
    stamps::{self, Stamps},
};

/// Connections of guests: every phone's stream, and room for pictures.
const GUEST_CONNECTIONS_MAX: usize = 6000;
/// Connections of windows on this computer.
const OPERATOR_CONNECTIONS_MAX: usize = 256;
/// How long answers in progress may take to finish at the end.
const KINDLY_MAX: Duration = Duration::from_millis(1200);
/// How long dropping the rest may take.
const NOW_MAX: Duration = Duration::from_millis(300);

/// The two listeners, to be started.
#[derive(Debug)]
pub struct Gateway;

/// The two listeners, started. Dropping it closes them at once.
pub struct Running {
    guest_addr: SocketAddr,
    operator_addr: SocketAddr,
    join_url: String,
    stop: Stop,
    tasks: TaskTracker,
    announced: Option<Announced>,
}

impl Gateway {
    /// Opens both listeners; they answer when this returns.
    pub async fn start(config: GatewayConfig) -> Result<Running, GatewayError> {
        if !config.operator_addr.ip().is_loopback() {
            return Err(GatewayError::OperatorNotLoopback(config.operator_addr));
        }
        let (guests, guest_addr) = listen("guests", config.guest_addr).await?;
        let (operators, operator_addr) = listen("the operator", config.operator_addr).await?;
        // Listening comes before reading, so that no change falls between.
        let changes = config.catalog.changes();
        let stop = Stop::default();
        let reach = Reach::new(guest_addr, config.guest_host_override.clone());
        let join_url = reach.join_url();
        let announced = (config.mdns && reach.is_public())
            .then(|| Announced::start(config.event.id, &config.event.name, guest_addr.ip(), guest_addr.port()))
            .flatten();
        let mdns_url = announced.as_ref().map(|announced| announced.url().to_owned());
        let (stamps, waiting) = Stamps::new();
        let tasks = TaskTracker::new();
        tasks.spawn(stamps::run(config.catalog.clone(), waiting, stop.kindly.clone()));
        let shared = shared(config, Known { reach, mdns_url, operator_addr, stamps, stop: &stop }).await?;
        tasks.spawn(hub::run(Arc::clone(&shared), changes));
        tasks.spawn(pulse::run(Arc::clone(&shared)));
        for (listener, router, most) in [
            (guests, guest::router(&shared), GUEST_CONNECTIONS_MAX),
            (operators, operator::router(&shared), OPERATOR_CONNECTIONS_MAX),
        ] {
            tasks.spawn(serve(listener, router, most, stop.clone(), tasks.clone()));
        }
        Ok(Running { guest_addr, operator_addr, join_url, stop, tasks, announced })
    }
}

async fn listen(whom: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), GatewayError> {
    let fail = |source| GatewayError::Listen { whom, address, source };
    let listener = TcpListener::bind(address).await.map_err(fail)?;
    let bound = listener.local_addr().map_err(fail)?;
    Ok((listener, bound))
}

/// What is known only after the listeners stand.
struct Known<'a> {
    reach: Reach,
    mdns_url: Option<String>,
    operator_addr: SocketAddr,
    stamps: Stamps,
    stop: &'a Stop,
}

async fn shared(config: GatewayConfig, known: Known<'_>) -> Result<Arc<Shared>, GatewayError> {
    let counters = Arc::new(Counters::default());
    let (catalog, event) = (config.catalog, config.event);
    Ok(Arc::new(Shared {
        hub: Hub::new(&catalog, event.id, (config.clock)()).await?,
        pixels: Pixels::new(catalog.clone(), event.id, config.derivatives, Arc::clone(&counters)),
        looks: Arc::new(Looks::new(config.look_port)),
        catalog,
        event,
        originals_dir: config.originals_dir,
        port: config.port,
        clock: config.clock,
        rehearsal: config.rehearsal,
        version: config.version,
        reach: known.reach,
        mdns_url: known.mdns_url,
        secret: config.operator_secret,
        cookie_name: format!("boothlight_{}", known.operator_addr.port()),
        session: Secret::from_random(rand::random()),
        stamps: known.stamps,
        counters,
        guard: Guard::new(),
        files: Files::load(),
        page_cache: PageCache::new(),
        stop: known.stop.kindly.clone(),
    }))
}

impl Running {
    /// Where guests are served.
    pub fn guest_addr(&self) -> SocketAddr {
        self.guest_addr
    }

    /// Where the operator's window is served.
    pub fn operator_addr(&self) -> SocketAddr {
        self.operator_addr
    }

    /// The gallery's address, as it was at the start.
    pub fn join_url(&self) -> &str {
        &self.join_url
    }

    /// Ends within two seconds: streams end, answers in progress are finished, the rest is dropped.
    pub async fn shutdown(mut self) {
        self.stop.kindly.cancel();
        self.tasks.close();
        let announced = self.announced.take();
        let goodbye = async {
            if let Some(announced) = announced {
                announced.stop().await;
            }
        };
        let rest = async {
            if tokio::time::timeout(KINDLY_MAX, self.tasks.wait()).await.is_err() {
                self.stop.now.cancel();
                let _ = tokio::time::timeout(NOW_MAX, self.tasks.wait()).await;
            }
        };
        tokio::join!(goodbye, rest);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.kindly.cancel();
        self.stop.now.cancel();
    }
}
