//! Files of pictures that a better one took the place of: kept while phones may still ask for them, then removed.

use catalog::{Catalog, CatalogError, DerivativeStore};
use model::UnixMillis;

use crate::development::remove;

/// A page that was loaded before the swap asks for its pictures within this time: a guest scrolls, a phone sleeps.
const KEPT_MS: i64 = 10 * 60_000;
/// Keys that are tidied away at once.
const AT_ONCE_MAX: u32 = 200;

/// Removes files that were superseded some minutes ago. Returns how many keys went.
pub async fn tidy(catalog: &Catalog, derivatives: &DerivativeStore, now: UnixMillis) -> Result<usize, CatalogError> {
    let old = catalog.superseded_before(UnixMillis(now.0 - KEPT_MS), AT_ONCE_MAX).await?;
    if old.is_empty() {
        return Ok(0);
    }
    for version in &old {
        remove(derivatives, version).await;
    }
    catalog.forget_superseded(&old).await?;
    Ok(old.len())
}
