//! The parent's side: children that are reused, replaced when they fail, and never waited for without end.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout},
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{
    caps::Caps,
    protocol::{Kind, PREFIX_BYTES, Reply, Request, head, lengths, parse, path_to_bytes},
    room::{Rooms, Samples},
    spawner::Spawner,
};
use crate::{
    DecodeError, InspectError, Inspection, Picture, ProofSpec, RenderError, RenderReport, Rendered,
    raw::{Raw, Sensor},
};

/// How long a child may take to end.
const RETIRE_MS: u64 = 500;
/// Requests that may wait for a child; beyond that the caller hears [`WorkerError::Busy`] and keeps its work.
const WAITING_MAX: usize = 1024;
/// Time for a child to start and put its caps on. Generous: a cold disk at a market stall.
const START_MS: u64 = 15_000;
/// Derivatives of one request: one for each rung.
const RENDERED_MAX: usize = 4;
/// Samples that a pipe may bring.
const SAMPLES_MAX: usize = 220 << 20;
/// How much children step back behind the network: about a third of a busy core's time.
const NICENESS: i32 = 5;

/// How to start children, and what they may use.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The executable whose main calls [`super::serve`].
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Children at once.
    pub workers: usize,
    /// Limits of each.
    pub caps: Caps,
}

/// Why a request brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The file is refused.
    #[error(transparent)]
    Inspect(InspectError),
    /// No proofs can be made of it.
    #[error(transparent)]
    Render(RenderError),
    /// The raw gives no samples.
    #[error(transparent)]
    Decode(DecodeError),
    /// The child ended in the middle of it: out of memory, or worse.
    #[error("the worker broke down over this file")]
    Died,
    /// The child was killed because it took too long.
    #[error("the worker took too long over this file")]
    TimedOut,
    /// Too much waits already.
    #[error("too many files wait for a worker")]
    Busy,
    /// No child could be started.
    #[error("no worker could be started: {0}")]
    Spawn(String),
}

impl WorkerError {
    /// Whether the same request may end differently later.
    pub fn worth_a_retry(&self) -> bool {
        let file = |error: &InspectError| error.is_incomplete() || matches!(error, InspectError::Io { .. });
        match self {
            Self::Inspect(error) | Self::Render(RenderError::File(error)) | Self::Decode(DecodeError::File(error)) => {
                file(error)
            }
            Self::Render(_) | Self::Decode(_) => false,
            Self::Died | Self::TimedOut | Self::Busy | Self::Spawn(_) => true,
        }
    }
}

/// A bounded number of children; clones share them.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    caps: Caps,
    niceness: i32,
    slots: Semaphore,
    waiting: AtomicUsize,
    idle: Mutex<Vec<Worker>>,
    spawner: Result<Spawner, String>,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
    rooms: Rooms,
    served: u32,
}

/// A raw that a child decoded.
#[derive(Debug)]
pub struct Decoded {
    /// What the numbers mean.
    pub sensor: Sensor,
    /// The active area's samples.
    pub samples: Samples,
    /// The camera's own picture, where it was asked for and is there.
    pub camera: Option<Picture>,
}

impl Decoded {
    /// Both together.
    pub fn raw(&self) -> Raw<'_> {
        Raw { sensor: &self.sensor, samples: &self.samples }
    }
}

impl Pool {
    /// A pool; children start when they are needed.
    pub fn new(config: PoolConfig) -> Self {
        Self::with_niceness(config, NICENESS)
    }

    /// A pool whose children take this niceness (0 none, 19 most).
    pub fn with_niceness(config: PoolConfig, niceness: i32) -> Self {
        let spawner = Spawner::new(config.program, config.args).map_err(|error| error.to_string());
        Self(Arc::new(Inner {
            caps: config.caps,
            niceness,
            slots: Semaphore::new(config.workers.clamp(1, 64)),
            waiting: AtomicUsize::new(0),
            idle: Mutex::default(),
            spawner,
        }))
    }

    /// Lets children that have nothing to do end by themselves, and waits for them: so what they used is counted as ours.
    pub async fn retire(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for Worker { mut child, to, from, .. } in idle {
            // A closed pipe tells a child to end; one that does not is killed when it is dropped.
            drop((to, from));
            let _ = timeout(Duration::from_millis(RETIRE_MS), child.wait()).await;
        }
    }

    /// [`crate::inspect`] in a child.
    pub async fn inspect(&self, path: &Path) -> Result<Inspection, WorkerError> {
        let mut result = None;
        self.request(&Request::Inspect, path, |reply, _| match reply {
            Reply::Inspected(inspected) => {
                result = Some(inspected);
                Ok(Step::Done)
            }
            _ => Err(unexpected()),
        })
        .await?;
        result.unwrap_or_else(|| Err(InspectError::Io { detail: "no answer".into() })).map_err(WorkerError::Inspect)
    }

    /// [`crate::inspect`] and [`crate::render`] in a child; `on` gets every derivative as soon as it is there.
    pub async fn render(
        &self,
        path: &Path,
        spec: &ProofSpec,
        mut on: impl FnMut(Rendered),
    ) -> Result<RenderReport, WorkerError> {
        let (mut result, mut count) = (None, 0);
        self.request(&Request::Render { spec: spec.clone() }, path, |reply, jpeg| match reply {
            Reply::Rendered { rung, width_px, height_px, decoded_ms_ago, thumbhash } if count < RENDERED_MAX => {
                count += 1;
                on(Rendered { rung, jpeg, width_px, height_px, decoded_ms_ago, thumbhash });
                Ok(Step::More)
            }
            Reply::Finished(finished) => {
                result = Some(finished);
                Ok(Step::Done)
            }
            _ => Err(unexpected()),
        })
        .await?;
        result.unwrap_or(Err(RenderError::NoPicture)).map_err(WorkerError::Render)
    }

    /// A raw's samples, decoded in a child.
    ///
    /// With the camera's own picture, upright and in sRGB, its longer side at most `camera_px`, if that is wanted.
    pub async fn decode(&self, path: &Path, camera_px: Option<u32>) -> Result<Decoded, WorkerError> {
        self.decode_by(path, camera_px, true).await
    }

    /// [`Self::decode`] without shared memory: the way of systems that have none of Linux's kind.
    #[doc(hidden)]
    pub async fn decode_through_pipe(&self, path: &Path) -> Result<Decoded, WorkerError> {
        self.decode_by(path, None, false).await
    }

    async fn decode_by(&self, path: &Path, camera_px: Option<u32>, shared: bool) -> Result<Decoded, WorkerError> {
        let path = checked_path(path)?;
        let _slot = self.slot().await?;
        let mut worker = self.worker(shared).await?;
        let room = worker.rooms.free().filter(|_| shared);
        let exchange = async {
            worker.send(&Request::Decode { room, camera_px }, &path).await?;
            let (Reply::Decoded { sensor, camera_size_px }, rgb) = worker.receive().await? else {
                return Err(unexpected());
            };
            let sensor = match sensor {
                Err(error) => return Ok(Err(error)),
                Ok(sensor) => *sensor,
            };
            let samples = worker.samples(room, sensor.samples()).await?;
            Ok(Ok(Decoded { camera: picture(camera_size_px, rgb)?, sensor, samples }))
        };
        let result = self.watched(exchange).await?;
        self.give_back(worker);
        result.map_err(WorkerError::Decode)
    }

    /// One request to one child. A child that fails, or whose caller went away in the middle, is dropped and so killed.
    async fn request(
        &self,
        request: &Request,
        path: &Path,
        mut on: impl FnMut(Reply, Vec<u8>) -> io::Result<Step>,
    ) -> Result<(), WorkerError> {
        let path = checked_path(path)?;
        let _slot = self.slot().await?;
        let mut worker = self.worker(false).await?;
        let exchange = async {
            worker.send(request, &path).await?;
            loop {
                let (reply, body) = worker.receive().await?;
                if on(reply, body)? == Step::Done {
                    return Ok::<_, io::Error>(());
                }
            }
        };
        self.watched(exchange).await?;
        self.give_back(worker);
        Ok(())
    }

    /// What an exchange brought, if it ended well and in time.
    async fn watched<T>(&self, exchange: impl Future<Output = io::Result<T>>) -> Result<T, WorkerError> {
        match timeout(Duration::from_millis(self.0.caps.request_ms), exchange).await {
            Err(_) => {
                tracing::warn!("a worker was killed: it took longer than {} ms", self.0.caps.request_ms);
                Err(WorkerError::TimedOut)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "a worker broke down");
                Err(WorkerError::Died)
            }
            Ok(Ok(brought)) => Ok(brought),
        }
    }

    fn give_back(&self, mut worker: Worker) {
        worker.served += 1;
        if worker.served < self.0.caps.requests_per_child {
            self.idle().push(worker);
        }
    }

    async fn slot(&self) -> Result<SemaphorePermit<'_>, WorkerError> {
        if let Ok(free) = self.0.slots.try_acquire() {
            return Ok(free);
        }
        let _place = Place::take(&self.0.waiting).ok_or(WorkerError::Busy)?;
        self.0.slots.acquire().await.map_err(|_| WorkerError::Busy)
    }

    /// An idle child that still lives, or a new one. Where room for samples is wanted, a child whose rooms are all still
    /// read makes way for a new one; what is read stays until its reader lets go of it.
    async fn worker(&self, with_room: bool) -> Result<Worker, WorkerError> {
        loop {
            let Some(mut worker) = self.idle_worker(with_room) else { break };
            if matches!(worker.child.try_wait(), Ok(None)) && (!with_room || worker.has_room()) {
                return Ok(worker);
            }
        }
        let started = timeout(Duration::from_millis(START_MS), self.start()).await;
        started.unwrap_or_else(|_| Err(WorkerError::Spawn("it did not answer".into())))
    }

    fn idle_worker(&self, with_room: bool) -> Option<Worker> {
        let mut idle = self.idle();
        let suited = idle.iter().rposition(|worker| !with_room || worker.has_room());
        suited.map(|index| idle.remove(index)).or_else(|| idle.pop())
    }

    async fn start(&self) -> Result<Worker, WorkerError> {
        let spawn_error = |error: io::Error| WorkerError::Spawn(error.to_string());
        let spawner = self.0.spawner.as_ref().map_err(|error| WorkerError::Spawn(error.clone()))?;
        let (mut child, rooms) = spawner.spawn().await.map_err(spawn_error)?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(WorkerError::Spawn("no pipes".into()));
        };
        let mut worker = Worker { child, to, from, rooms, served: 0 };
        let hello = Request::Hello { caps: self.0.caps, niceness: self.0.niceness };
        worker.send(&hello, &[]).await.map_err(spawn_error)?;
        match worker.receive().await.map_err(spawn_error)? {
            (Reply::Ready { confinement }, _) => {
                if let Some(missing) = confinement.missing {
                    tracing::warn!(%missing, "a worker runs with fewer caps than wanted");
                }
                Ok(worker)
            }
            _ => Err(spawn_error(unexpected())),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    More,
    Done,
}

/// The camera's picture as a child sent it.
fn picture(size_px: Option<(u32, u32)>, rgb: Vec<u8>) -> io::Result<Option<Picture>> {
    let Some((width_px, height_px)) = size_px else { return Ok(None) };
    let bytes = u64::from(width_px) * u64::from(height_px) * 3;
    if bytes == rgb.len() as u64 { Ok(Some(Picture { rgb, width_px, height_px })) } else { Err(unexpected()) }
}

fn checked_path(path: &Path) -> Result<Vec<u8>, WorkerError> {
    let refused = || WorkerError::Inspect(InspectError::Io { detail: "the file's name is not text".into() });
    path_to_bytes(path).ok_or_else(refused)
}

fn unexpected() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "an answer to another question")
}

/// A place in the queue, given back when its owner goes on or gives up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < WAITING_MAX).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Worker {
    async fn send(&mut self, request: &Request, path: &[u8]) -> io::Result<()> {
        let mut frame = head(Kind::Request, request, path.len())?;
        frame.extend(path);
        self.to.write_all(&frame).await?;
        self.to.flush().await
    }

    /// Whether a raw can be decoded without overwriting one that is still read; always where samples come by the pipe.
    fn has_room(&self) -> bool {
        !cfg!(target_os = "linux") || self.rooms.free().is_some()
    }

    async fn samples(&mut self, room: Option<u8>, count: usize) -> io::Result<Samples> {
        if let Some(room) = room {
            return self.rooms.samples(room, count);
        }
        if count > SAMPLES_MAX {
            return Err(unexpected());
        }
        let mut samples = vec![0_u16; count];
        self.from.read_exact(bytemuck::cast_slice_mut(&mut samples)).await?;
        Ok(Samples::owned(samples))
    }

    async fn receive(&mut self) -> io::Result<(Reply, Vec<u8>)> {
        let mut prefix = [0; PREFIX_BYTES];
        self.from.read_exact(&mut prefix).await?;
        let lengths = lengths(prefix, Kind::Reply)?;
        let (mut header, mut body) = (vec![0; lengths.header], vec![0; lengths.body]);
        self.from.read_exact(&mut header).await?;
        self.from.read_exact(&mut body).await?;
        Ok((parse(&header)?, body))
    }
}
