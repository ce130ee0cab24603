//! What handlers of both listeners share.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use catalog::{Catalog, Event};
use model::UnixMillis;
use tokio_util::sync::CancellationToken;

use crate::{
    Clock, Secret, StudioPort,
    address::Reach,
    guest::{Files, Guard, PageCache},
    hub::Hub,
    looks::Looks,
    metrics::Counters,
    pixels::Pixels,
    stamps::Stamps,
};

/// One of them lives as long as the gateway.
pub(crate) struct Shared {
    pub catalog: Catalog,
    pub event: Event,
    pub originals_dir: PathBuf,
    pub port: Arc<dyn StudioPort>,
    pub clock: Clock,
    pub rehearsal: bool,
    pub version: String,
    pub reach: Reach,
    pub mdns_url: Option<String>,
    pub secret: Secret,
    /// The operator's cookie: its name holds the port, because browsers share cookies between ports.
    pub cookie_name: String,
    pub session: Secret,
    pub pixels: Pixels,
    pub looks: Arc<Looks>,
    pub hub: Hub,
    pub stamps: Stamps,
    pub counters: Arc<Counters>,
    pub guard: Guard,
    pub files: Files,
    pub page_cache: PageCache,
    /// Ends every stream.
    pub stop: CancellationToken,
}

impl Shared {
    pub(crate) fn now(&self) -> UnixMillis {
        (self.clock)()
    }
}

/// The lock, also after a panic of another holder: what we keep under locks is whole after every statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
