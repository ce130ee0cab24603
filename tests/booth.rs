//! A booth's folders, and studios started on them.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use tokio::process::Command;

use crate::studio::{Process, Studio, command};

/// The event's name, as guests read it.
pub const EVENT: &str = "Night Market";

/// Folders that are removed with it.
#[derive(Debug)]
pub struct Booth {
    top: TempDir,
}

impl Default for Booth {
    fn default() -> Self {
        Self::new()
    }
}

impl Booth {
    /// An empty one.
    pub fn new() -> Self {
        let booth = Self { top: tempfile::Builder::new().prefix("boothlight-evening-").tempdir().unwrap() };
        std::fs::create_dir(booth.watch()).unwrap();
        booth
    }

    /// For what a test needs besides.
    pub fn top(&self) -> &Path {
        self.top.path()
    }

    /// The data folder; made by the studio.
    pub fn data(&self) -> PathBuf {
        self.top.path().join("data")
    }

    /// Where the camera's software writes.
    pub fn watch(&self) -> PathBuf {
        self.top.path().join("camera")
    }

    /// The folder of originals.
    pub fn originals(&self) -> PathBuf {
        self.data().join("Originals")
    }

    /// Where originals of the one who shoots land.
    pub fn creator(&self) -> PathBuf {
        self.originals().join(EVENT).join("Booth")
    }

    /// The catalog's file.
    pub fn catalog(&self) -> PathBuf {
        self.data().join("catalog.sqlite")
    }

    /// Standard error of all its studios.
    pub fn log(&self) -> PathBuf {
        self.top.path().join("studio.log")
    }

    /// `boothlight serve` on these folders and on free ports of this computer alone.
    pub fn serve(&self) -> Command {
        let mut command = command();
        command.arg("serve").arg("--data").arg(self.data()).arg("--watch").arg(self.watch()).args(["--event", EVENT]);
        command.args(["--guest", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--no-mdns"]);
        command
    }

    /// Another command of the program on the same data folder.
    pub fn tool(&self, name: &str, args: &[&str]) -> Command {
        let mut command = command();
        command.arg(name).arg("--data").arg(self.data()).args(args.iter().map(OsStr::new));
        command
    }

    /// Starts a process without waiting for it.
    pub fn spawn(&self, command: Command) -> Process {
        Process::spawn(command, &self.log())
    }

    /// Starts a studio and waits until it is ready.
    pub async fn start(&self) -> Studio {
        self.spawn(self.serve()).ready().await
    }
}
