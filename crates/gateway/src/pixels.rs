//! The bytes of derivatives: from memory, else from disk, read once however many phones ask at the same moment.

use std::{io, sync::Arc};

use bytes::Bytes;
use catalog::{Catalog, CatalogError, DerivativeStore, PreviewState, Version};
use model::{EventId, Rung};
use moka::future::Cache;
use tokio::{io::AsyncReadExt, sync::Semaphore};

use crate::metrics::{CacheRung, Counters};

/// Memory for proofs: some 400 frames at both rungs.
const PROOFS_MAX_BYTES: u64 = 48 * 1024 * 1024;
/// Memory for the operator's loupe.
const UNMARKED_MAX_BYTES: u64 = 24 * 1024 * 1024;
/// Files read at once; the rest wait.
const READS_MAX: usize = 32;
/// No derivative of ours is larger; a file that is was not made by us.
const FILE_MAX_BYTES: u64 = 32 * 1024 * 1024;

/// The rungs that carry the watermark: all that the guests' listener can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Proof {
    Thumb,
    Screen,
}

impl Proof {
    pub(crate) fn rung(self) -> Rung {
        match self {
            Self::Thumb => Rung::Thumb,
            Self::Screen => Rung::Screen,
        }
    }

    /// The proof of that file name, `thumb.jpg` or `screen.jpg`.
    pub(crate) fn from_file_name(name: &str) -> Option<Self> {
        match name {
            "thumb.jpg" => Some(Self::Thumb),
            "screen.jpg" => Some(Self::Screen),
            _ => None,
        }
    }
}

/// Bytes that cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PixelError {
    /// No frame has that version, or its file is not made yet.
    #[error("this picture is not there")]
    NotThere,
    /// The disk's own word.
    #[error("the preview could not be read: {0}. The original is safe")]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Both caches. Proofs and unmarked pictures never share a map, so that no key of one leads to the other.
pub(crate) struct Pixels {
    catalog: Catalog,
    event: EventId,
    store: DerivativeStore,
    counters: Arc<Counters>,
    proofs: Cache<(Version, Proof), Bytes>,
    unmarked: Cache<Version, Bytes>,
    reads: Semaphore,
}

impl Pixels {
    pub(crate) fn new(catalog: Catalog, event: EventId, store: DerivativeStore, counters: Arc<Counters>) -> Self {
        Self {
            catalog,
            event,
            store,
            counters,
            proofs: Cache::builder().max_capacity(PROOFS_MAX_BYTES).weigher(|_, bytes| weight(bytes)).build(),
            unmarked: Cache::builder().max_capacity(UNMARKED_MAX_BYTES).weigher(|_, bytes| weight(bytes)).build(),
            reads: Semaphore::new(READS_MAX),
        }
    }

    /// A proof of a frame that guests can see.
    pub(crate) async fn proof(&self, version: Version, proof: Proof) -> Result<Bytes, Arc<PixelError>> {
        let counted = match proof {
            Proof::Thumb => CacheRung::Thumb,
            Proof::Screen => CacheRung::Screen,
        };
        let key = (version, proof);
        if let Some(bytes) = self.proofs.get(&key).await {
            self.counters.cache(counted, true);
            return Ok(bytes);
        }
        self.counters.cache(counted, false);
        let version = key.0.clone();
        self.proofs.try_get_with(key, self.read(version, proof.rung())).await
    }

    /// The loupe's picture, without watermark: for the operator's listener alone.
    pub(crate) async fn unmarked(&self, version: Version) -> Result<Bytes, Arc<PixelError>> {
        if let Some(bytes) = self.unmarked.get(&version).await {
            self.counters.cache(CacheRung::Large, true);
            return Ok(bytes);
        }
        self.counters.cache(CacheRung::Large, false);
        self.unmarked.try_get_with(version.clone(), self.read(version, Rung::Large)).await
    }

    /// Forgets a frame that was taken back.
    pub(crate) async fn forget(&self, version: &Version) {
        for proof in [Proof::Thumb, Proof::Screen] {
            self.proofs.invalidate(&(version.clone(), proof)).await;
        }
        self.unmarked.invalidate(version).await;
    }

    async fn read(&self, version: Version, rung: Rung) -> Result<Bytes, PixelError> {
        let frame = self.catalog.frame_by_version(&version).await?.ok_or(PixelError::NotThere)?;
        if frame.event != self.event || frame.preview != PreviewState::Ready {
            return Err(PixelError::NotThere);
        }
        let _turn = self.reads.acquire().await;
        let file = match tokio::fs::File::open(self.store.path(&version, rung)).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(PixelError::NotThere),
            Err(error) => return Err(error.into()),
        };
        let mut bytes = Vec::new();
        file.take(FILE_MAX_BYTES).read_to_end(&mut bytes).await?;
        Ok(bytes.into())
    }
}

fn weight(bytes: &Bytes) -> u32 {
    // The key and the cache's own record weigh something too.
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_add(256)
}
