//! What can keep the studio from starting, in words for the person in front of it.

use std::{io, net::SocketAddr, path::PathBuf};

/// Exit codes of the programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Ended as asked.
    Done = 0,
    /// Something unforeseen; the message says what.
    Unforeseen = 1,
    /// The command line is wrong (clap's own code).
    Usage = 2,
    /// A folder or address cannot be used.
    Refused = 3,
    /// The catalog cannot be opened: newer than this program, or damaged.
    Catalog = 4,
    /// Another studio runs on this data folder.
    InUse = 5,
    /// Some files were not developed.
    Undeveloped = 6,
}

/// The studio did not start; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A folder cannot be made or read.
    #[error("the folder {path} cannot be used: {source}. Choose another one, or make it writable")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A recipe on the command line.
    #[error("the recipe {path} cannot be used: {detail}")]
    Recipe {
        /// Which file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// Another studio holds the data folder.
    #[error("another Boothlight runs on {0}. Close it first, or start with another --data folder")]
    InUse(PathBuf),
    /// The catalog does not open.
    #[error(transparent)]
    Open(#[from] catalog::OpenError),
    /// The catalog does not read or write.
    #[error(transparent)]
    Catalog(#[from] catalog::CatalogError),
    /// A listener does not start.
    #[error(transparent)]
    Gateway(#[from] gateway::GatewayError),
    /// A source does not start.
    #[error("the watched folder cannot be used: {0}")]
    Ingest(#[from] ingest::IngestError),
    /// The operator's listener would be reachable from the network.
    #[error("the operator's address {0} is not on this computer alone. Use 127.0.0.1 and a port")]
    OperatorAddress(SocketAddr),
    /// The program does not find its own file, which workers are started from.
    #[error("this program's own file was not found: {0}")]
    Program(io::Error),
    /// SIGTERM and Ctrl C could not be heard.
    #[error("this system does not let the program hear how it is ended: {0}")]
    Signals(io::Error),
}

impl StartError {
    /// The exit code for it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Folder { .. }
            | Self::Recipe { .. }
            | Self::Gateway(_)
            | Self::Ingest(_)
            | Self::OperatorAddress(_) => ExitCode::Refused,
            Self::InUse(_) => ExitCode::InUse,
            Self::Open(_) | Self::Catalog(_) => ExitCode::Catalog,
            Self::Program(_) | Self::Signals(_) => ExitCode::Unforeseen,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
