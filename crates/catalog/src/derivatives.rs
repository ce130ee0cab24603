//! Where derivatives lie on disk: the layout that the room which makes them and the room which serves them share.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use model::Rung;

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
        Self(bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        }))
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
