//! Why a file is refused, in words for the "needs attention" list.

use serde::{Deserialize, Serialize};

/// Why a file is not taken for a camera's file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InspectError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// Neither name nor content is a camera's.
    #[error("this is not a camera file that we know")]
    Foreign,
    /// A picture, and of a kind that is not opened here.
    #[error("{what}")]
    Unsupported {
        /// What it is.
        what: String,
    },
    /// A camera's file by its name or first bytes, and nonsense further on.
    #[error("the file is damaged: {what}")]
    Garbage {
        /// What was found, or missed.
        what: String,
    },
    /// The file's own structure speaks of bytes that are not there.
    #[error("the file is cut off: {what} would need {need_bytes} bytes, and only {have_bytes} are there")]
    Truncated {
        /// The part that is not whole.
        what: String,
        /// Length of the file.
        have_bytes: u64,
        /// Length that the file must have at least.
        need_bytes: u64,
    },
    /// The file system refused.
    #[error("the file could not be read: {detail}")]
    Io {
        /// The system's own words.
        detail: String,
    },
}

impl InspectError {
    /// Whether the file may become whole when more bytes arrive.
    pub fn is_incomplete(&self) -> bool {
        matches!(self, Self::Empty | Self::Truncated { .. })
    }

    pub(crate) fn garbage(what: impl Into<String>) -> Self {
        Self::Garbage { what: what.into() }
    }

    pub(crate) fn truncated(what: &str, have_bytes: u64, need_bytes: u64) -> Self {
        Self::Truncated { what: what.into(), have_bytes, need_bytes }
    }
}

impl From<std::io::Error> for InspectError {
    fn from(error: std::io::Error) -> Self {
        Self::Io { detail: error.to_string() }
    }
}

/// Why no proof was made of a file that is a camera's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RenderError {
    /// The file cannot be taken at all.
    #[error(transparent)]
    File(#[from] InspectError),
    /// A raw without a picture made by the camera.
    #[error("the camera put no preview into this raw; it will be developed later, and the original is safe")]
    NoEmbeddedPreview,
    /// A sidecar has no picture.
    #[error("this file holds no picture")]
    NoPicture,
    /// The decoder gave up.
    #[error("the picture could not be decoded: {detail}")]
    Decode {
        /// The decoder's own words.
        detail: String,
    },
    /// More pixels than any camera has.
    #[error("a picture of {width_px} x {height_px} px is larger than we take")]
    TooLarge {
        /// Columns.
        width_px: u32,
        /// Rows.
        height_px: u32,
    },
    /// Our own steps failed: resize or encode.
    #[error("the proof could not be made: {detail}")]
    Make {
        /// Which step, and its words.
        detail: String,
    },
}

// By value, because that is what `map_err` hands over.
#[allow(clippy::needless_pass_by_value)]
impl RenderError {
    pub(crate) fn decode(detail: impl ToString) -> Self {
        Self::Decode { detail: detail.to_string() }
    }

    pub(crate) fn make(detail: impl ToString) -> Self {
        Self::Make { detail: detail.to_string() }
    }
}

/// Why a raw's samples could not be had. Its embedded preview still serves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DecodeError {
    /// The file is no raw, or cannot be taken at all.
    #[error(transparent)]
    File(#[from] InspectError),
    /// A finished picture: there is nothing to develop.
    #[error("this file is a finished picture, not a raw")]
    Finished,
    /// A camera or packing that is not known yet.
    #[error("this camera's raw format is not known yet ({detail}); the camera's own preview is shown instead")]
    Unsupported {
        /// The decoder's own words.
        detail: String,
    },
    /// Rotated or four-colour sensors.
    #[error("this kind of sensor is not developed; the camera's own preview is shown instead")]
    Undevelopable,
    /// Damaged data.
    #[error("the raw data could not be decoded ({detail}); the camera's own preview is shown instead")]
    Data {
        /// The decoder's own words.
        detail: String,
    },
    /// More samples than any camera has.
    #[error("the raw is larger than any camera's; the camera's own preview is shown instead")]
    TooLarge,
    /// No memory within the worker's limits.
    #[error("there was not enough memory to decode this raw; the camera's own preview is shown instead")]
    OutOfMemory,
}

impl From<libraw::Error> for DecodeError {
    fn from(error: libraw::Error) -> Self {
        match error {
            libraw::Error::OutOfMemory => Self::OutOfMemory,
            libraw::Error::Unsupported { detail } => Self::Unsupported { detail },
            libraw::Error::Undevelopable => Self::Undevelopable,
            libraw::Error::Data { detail } => Self::Data { detail },
        }
    }
}
