//! The headless studio as a process of its own: started, read, killed, ended.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

use crate::api::Api;

/// Longest wait for the ready line; the machine may be busy with other tests.
const READY_MAX: Duration = Duration::from_secs(30);
/// Longest wait for a tool such as `boothlight rebuild`.
const TOOL_MAX: Duration = Duration::from_mins(2);
/// After SIGTERM a studio that hangs is waited for so long, to tell "late" from "never".
const END_MAX: Duration = Duration::from_secs(30);
/// What SIGTERM promises.
pub const STOP_MAX: Duration = Duration::from_secs(5);
/// Lines of its log that a failing test shows.
const LOG_LINES: usize = 60;

/// The headless program: BOOTHLIGHT_BIN, or what cargo built.
pub fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let places = [
        std::env::var_os("BOOTHLIGHT_BIN").map(PathBuf::from),
        target.map(|target| target.join("debug/boothlight")),
        Some(cache().join("target/debug/boothlight")),
    ];
    // What is named is meant: a wrong BOOTHLIGHT_BIN must not test another program in silence.
    let program = places.into_iter().flatten().next().unwrap();
    assert!(program.is_file(), "the studio's program {} is missing: run ./test, which builds it", program.display());
    program
}

/// Where scripts keep what is not committed.
pub fn cache() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || PathBuf::from(std::env::var_os("HOME").expect("HOME is not set")).join(".cache");
    cache.unwrap_or_else(home).join("boothlight")
}

/// A command for the program that knows nothing of the variables of whoever runs the tests.
pub fn command() -> Command {
    let mut command = Command::new(program());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BOOTHLIGHT_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a command of the program that ends by itself.
pub async fn tool(command: &mut Command) -> Output {
    let output = tokio::time::timeout(TOOL_MAX, command.output()).await;
    output.expect("the program did not end by itself").unwrap()
}

/// What the studio printed when it was ready.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// The guests' address.
    pub guest: String,
    /// The operator's address, with a slash at its end.
    pub operator: String,
    /// The operator's key.
    pub secret: String,
    /// The event's id.
    pub event: String,
    /// The folders that are watched.
    pub watch: Vec<PathBuf>,
}

/// A process, and all that it started: they are one group, and end together.
#[derive(Debug)]
pub struct Process {
    child: Child,
    out: BufReader<ChildStdout>,
    log: PathBuf,
}

impl Process {
    /// Starts it; standard error is appended to `log`.
    pub fn spawn(mut command: Command, log: &Path) -> Self {
        let file = File::options().create(true).append(true).open(log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(file).process_group(0).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out, log: log.to_owned() }
    }

    /// Waits for the ready line.
    pub async fn ready(mut self) -> Studio {
        let mut line = String::new();
        let read = tokio::time::timeout(READY_MAX, self.out.read_line(&mut line)).await;
        let Ok(ready) = serde_json::from_str::<Ready>(&line) else {
            panic!("no ready line ({read:?}), but {line:?}; its log ends:\n{}", self.log_end());
        };
        Studio { api: Api::new(&ready), ready, process: self }
    }

    /// SIGKILL for all of the group, at once.
    pub async fn kill(mut self) {
        self.kill_now();
        self.child.wait().await.unwrap();
    }

    fn kill_now(&self) {
        if let Some(group) = self.pid() {
            // A group that ended by itself is none any more.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    /// None once its end was seen: the number may be another's by then.
    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.child.id()?.cast_signed())
    }

    fn log_end(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_now();
        if std::thread::panicking() {
            println!("the studio's log ends:\n{}", self.log_end());
        }
    }
}

/// How a studio ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status.
    pub status: ExitStatus,
    /// From the signal to the end.
    pub took: Duration,
    /// What it printed after the ready line.
    pub printed: String,
}

/// A running studio.
#[derive(Debug)]
pub struct Studio {
    /// What it said when it was ready.
    pub ready: Ready,
    /// Its operator's door.
    pub api: Api,
    process: Process,
}

impl Studio {
    /// SIGKILL for the studio and its workers.
    pub async fn kill(self) {
        self.process.kill().await;
    }

    /// SIGTERM, and how it ended.
    pub async fn stop(mut self) -> Ended {
        let begun = Instant::now();
        kill_process(self.process.pid().unwrap(), Signal::TERM).unwrap();
        let waited = tokio::time::timeout(END_MAX, self.process.child.wait()).await;
        let took = begun.elapsed();
        let status = waited.unwrap_or_else(|_| panic!("after SIGTERM it did not end within {END_MAX:?}")).unwrap();
        let mut printed = String::new();
        // Its pipe is closed with its last worker.
        let read = tokio::time::timeout(END_MAX, self.process.out.read_to_string(&mut printed)).await;
        read.expect("a worker outlived the studio").unwrap();
        Ended { status, took, printed }
    }

    /// SIGTERM; anything but a clean end in time ends the test.
    pub async fn stop_cleanly(self) {
        let log = self.process.log.clone();
        let ended = self.stop().await;
        let log = std::fs::read_to_string(log).unwrap_or_default();
        assert!(ended.status.success(), "after SIGTERM: {:?}\n{log}", ended.status);
        assert!(ended.took <= STOP_MAX, "ended {:?} after SIGTERM, later than promised\n{log}", ended.took);
    }
}

/// The value of a metric, named with its labels, in Prometheus' text.
pub fn metric(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}
