//! Why a finished picture was not written.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Why a finished picture was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OutputError {
    /// The number of samples is not that of the size.
    #[error("a picture of {width_px} x {height_px} px has not {samples} samples")]
    Size {
        /// Columns.
        width_px: u32,
        /// Rows.
        height_px: u32,
        /// What was handed over.
        samples: usize,
    },
    /// More pixels than the format holds.
    #[error("{width_px} x {height_px} px do not fit into a {format}; choose a smaller size or another format")]
    TooLarge {
        /// The format's name.
        format: String,
        /// Columns.
        width_px: u32,
        /// Rows.
        height_px: u32,
    },
    /// The encoder gave up.
    #[error("the {format} could not be made: {detail}")]
    Encode {
        /// What was being made.
        format: String,
        /// The encoder's own words.
        detail: String,
    },
    /// There is a file of that name, and it was not asked for to be replaced.
    #[error("{} exists already; choose another name or folder, or allow to replace it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The system refused to write the file.
    #[error("{} could not be written: {detail}; see that the folder exists, may be written and has room", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's own words.
        detail: String,
    },
    /// The system refused to write.
    #[error("the picture could not be written: {detail}")]
    Io {
        /// The system's own words.
        detail: String,
    },
}

impl OutputError {
    /// An encoder's error.
    #[allow(clippy::needless_pass_by_value)] // that is what `map_err` hands over
    pub(super) fn encode(format: &str, detail: impl ToString) -> Self {
        Self::Encode { format: format.into(), detail: detail.to_string() }
    }
}

impl From<std::io::Error> for OutputError {
    fn from(error: std::io::Error) -> Self {
        Self::Io { detail: error.to_string() }
    }
}
