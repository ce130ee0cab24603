//! What the gateway is given at its start.

use std::{fmt, future::Future, net::SocketAddr, path::PathBuf, pin::Pin, sync::Arc};

use catalog::{Catalog, DerivativeStore, Event};
use model::{SourceStatus, UnixMillis};

use crate::{LookPort, Secret};

/// The time, passed in.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// What a port answers later.
pub type PortFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Room on the originals' disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiskState {
    /// Bytes that can still be written.
    pub free_bytes: u64,
    /// Frames that fit, by the mean of those that landed; none before the first.
    pub frames_left: Option<u64>,
}

/// A folder that is not taken; the text is for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FolderRefused(pub String);

/// One folder of this computer, for choosing where captures come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderListing {
    /// Its whole path.
    pub path: PathBuf,
    /// The folder around it; none at the top.
    pub parent: Option<PathBuf>,
    /// Names of the folders in it, sorted; hidden ones are left out.
    pub folders: Vec<String>,
    /// Whether there are more than the list holds.
    pub more: bool,
    /// How many files with a camera's ending lie in it.
    pub captures: usize,
    /// Places to begin at: home, pictures, cards and drives.
    pub places: Vec<PathBuf>,
}

/// What the gateway may ask of the rest of the studio. No answer may block.
pub trait StudioPort: Send + Sync + 'static {
    /// Every source of frames, as it is now.
    fn sources(&self) -> Vec<SourceStatus>;
    /// Room on the originals' disk.
    fn disk(&self) -> DiskState;
    /// Begins to read a card or folder once; answers with the id of its source.
    fn import(&self, folder: PathBuf) -> PortFuture<Result<String, FolderRefused>>;
    /// Watches a folder from now on, at the next starts too; answers with the id of its source.
    fn watch(&self, folder: PathBuf) -> PortFuture<Result<String, FolderRefused>>;
    /// Watches the folder of that source no more.
    fn unwatch(&self, source_id: String) -> PortFuture<Result<(), FolderRefused>>;
    /// What lies in a folder; without one, in the folder where pictures usually are.
    fn folder(&self, at: Option<PathBuf>) -> PortFuture<Result<FolderListing, FolderRefused>>;
    /// Looks at a file again that needed attention.
    fn reexamine(&self, path: PathBuf);
}

/// Everything the two listeners need.
pub struct GatewayConfig {
    /// The studio's state.
    pub catalog: Catalog,
    /// The event that is on.
    pub event: Event,
    /// Where derivatives lie.
    pub derivatives: DerivativeStore,
    /// Where originals lie; only told to the operator.
    pub originals_dir: PathBuf,
    /// The guests' listener; port 0 takes a free one.
    pub guest_addr: SocketAddr,
    /// The operator's listener; must be on a loopback address.
    pub operator_addr: SocketAddr,
    /// What the operator's window shows to be let in.
    pub operator_secret: Secret,
    /// The rest of the studio.
    pub port: Arc<dyn StudioPort>,
    /// The developing room.
    pub look_port: Arc<dyn LookPort>,
    /// The time.
    pub clock: Clock,
    /// Whether to announce the gallery by multicast DNS.
    pub mdns: bool,
    /// Whether this is a rehearsal, with a made-up event.
    pub rehearsal: bool,
    /// The program's version.
    pub version: String,
    /// Host name or address for join addresses, where the booth knows better than its interfaces.
    pub guest_host_override: Option<String>,
}

impl fmt::Debug for GatewayConfig {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("GatewayConfig")
            .field("event", &self.event)
            .field("guest_addr", &self.guest_addr)
            .field("operator_addr", &self.operator_addr)
            .finish_non_exhaustive()
    }
}
