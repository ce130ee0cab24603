//! A source of frames, as the operator's strip shows it.

use serde::{Deserialize, Serialize};

use crate::UnixMillis;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A folder into which a camera's software writes.
    HotFolder,
    /// A memory card or folder that is read once.
    Card,
}

/// How a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Ready for the next file.
    Watching,
    /// Not reachable: folder missing, card pulled. It is looked for again.
    Gone,
    /// Reading a card.
    Importing,
    /// A card was read to its end.
    Done,
}

/// A source at this moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// Stable within one run of the studio.
    pub id: String,
    /// What it is.
    pub kind: SourceKind,
    /// Name for the operator: the folder's path.
    pub label: String,
    /// How it is.
    pub state: SourceState,
    /// In words, what the state alone does not say: "312 of 900 files".
    pub detail: Option<String>,
    /// Bytes landed in the last seconds, per second.
    pub bytes_per_s: u64,
    /// The newest file's name.
    pub last_file: Option<String>,
    /// When it was taken.
    pub last_at: Option<UnixMillis>,
}
