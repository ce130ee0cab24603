//! The thread that starts children.
//!
//! Linux ends a child that asked for it (`PR_SET_PDEATHSIG`) when the *thread* that started it ends, not the process. A
//! runtime's threads come and go; this one lives as long as the pool.

use std::{ffi::OsString, io, path::PathBuf, process::Stdio, sync::mpsc};

use tokio::{
    process::{Child, Command},
    runtime::Handle,
    sync::oneshot,
};

use super::{room::Rooms, words};

/// Children asked for at once; more than this many wait nowhere, they are refused.
const ORDERS_MAX: usize = 64;

struct Order {
    runtime: Handle,
    reply: oneshot::Sender<io::Result<(Child, Rooms)>>,
}

/// Starts children of one program.
#[derive(Debug)]
pub struct Spawner {
    orders: mpsc::SyncSender<Order>,
}

impl Spawner {
    /// A thread that starts `program` with `args`.
    pub fn new(program: PathBuf, args: Vec<OsString>) -> io::Result<Self> {
        let (orders, incoming) = mpsc::sync_channel::<Order>(ORDERS_MAX);
        std::thread::Builder::new().name("develop-spawner".into()).spawn(move || {
            while let Ok(Order { runtime, reply }) = incoming.recv() {
                let _inside = runtime.enter();
                // Nobody waits any more: the child is dropped and thereby killed.
                let _ = reply.send(start(&program, &args));
            }
        })?;
        Ok(Self { orders })
    }

    /// A new child, its pipes open, and the rooms that it shares.
    pub async fn spawn(&self) -> io::Result<(Child, Rooms)> {
        let (reply, child) = oneshot::channel();
        let gone = || io::Error::other("workers cannot be started now");
        self.orders.try_send(Order { runtime: Handle::current(), reply }).map_err(|_| gone())?;
        child.await.map_err(|_| gone())?
    }
}

fn start(program: &PathBuf, args: &[OsString]) -> io::Result<(Child, Rooms)> {
    let rooms = Rooms::new()?;
    let mut command = command(program, args);
    rooms.pass_to(&mut command)?;
    let mut child = command.spawn()?;
    if let Some(said) = child.stderr.take() {
        words::log(said);
    }
    Ok((child, rooms))
}

fn command(program: &PathBuf, args: &[OsString]) -> Command {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // Secrets of the studio are none of the child's business; where libraries lie is.
    #[cfg(unix)]
    {
        command.env_clear();
        // Samples come and go by tens of megabytes: large pages save glibc's child most of its page faults.
        command.env("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "RUST_BACKTRACE", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
    }
    command
}
