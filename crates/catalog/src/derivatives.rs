//! Where derivatives lie on disk: the layout that the room which makes them and the room which serves them share.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use model::{EventId, FrameId, Rung};

use crate::{Catalog, CatalogError};

/// The text is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a version is 32 hexadecimal digits")]
pub struct VersionError;

/// Content key of a frame's derivatives: 128 bits over original, recipe and watermark, as 32 lowercase hexadecimal digits.
/// It cannot be guessed and never names other bytes, so addresses that hold it may be cached for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(String);

impl Version {
    /// The version that 16 bytes of a hash stand for.
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let well_formed = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        well_formed.then(|| Self(text.to_owned())).ok_or(VersionError)
    }
}

/// The folder of derivatives. Proofs and unmarked pictures lie in different trees, so that no path of one leads to the other.
#[derive(Clone, Debug)]
pub struct DerivativeStore {
    root: PathBuf,
}

impl DerivativeStore {
    /// Derivatives below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Where that derivative lies, whether or not it is there.
    pub fn path(&self, version: &Version, rung: Rung) -> PathBuf {
        let tree = if rung.is_proof() { "proofs" } else { "unmarked" };
        let text = version.as_str();
        self.root.join(tree).join(text.get(..2).unwrap_or_default()).join(format!("{text}-{rung}.jpg"))
    }
}

/// A derivative as the catalog knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivativeFile {
    /// Its frame.
    pub frame: FrameId,
    /// The key it lies under.
    pub version: Version,
    /// Its rung.
    pub rung: Rung,
    /// Its size.
    pub bytes: u64,
}

impl Catalog {
    /// Every derivative that should be on disk, by frame.
    pub async fn derivative_files(&self, event: EventId) -> Result<Vec<DerivativeFile>, CatalogError> {
        let event = event.as_bytes().as_slice();
        let rows = sqlx::query!(
            r#"SELECT f.id, f.version AS "version!", d.rung, d.bytes FROM derivative d JOIN frame f ON f.seq = d.frame
               WHERE f.event = ? AND f.version IS NOT NULL AND f.preview = 'ready' ORDER BY f.seq"#,
            event
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(DerivativeFile {
                    frame: FrameId::from_slice(&row.id).map_err(CatalogError::corrupt)?,
                    version: row.version.parse().map_err(CatalogError::corrupt)?,
                    rung: row.rung.parse().map_err(CatalogError::corrupt)?,
                    bytes: row.bytes as u64,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_become_paths_and_proofs_lie_apart() {
        for wrong in ["", "..", "../../../../etc/passwd", "ABCDEF00112233445566778899aabbcc", &"g".repeat(32)] {
            assert_eq!(wrong.parse::<Version>(), Err(VersionError), "{wrong}");
        }
        let version = Version::new([0xa5; 16]);
        assert_eq!(version.as_str().parse(), Ok(version.clone()));
        let store = DerivativeStore::new(Path::new("/d"));
        assert!(store.path(&version, Rung::Screen).starts_with("/d/proofs/a5"));
        assert!(store.path(&version, Rung::Large).starts_with("/d/unmarked/a5"));
    }
}
