//! Which device is used, and what becomes of one that failed.
//!
//! A device that fails a frame is let go of and made anew, but not more often than every ten seconds, and not after three
//! failures in a row: a driver that is broken tonight must not cost a second a frame. Choosing a device again clears that.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{
    clock::Clock,
    device::{self, Wish},
    engine::Engine,
    error::GpuError,
    fault::Faults,
    trial::{self, Trial},
};
use crate::darkroom::DeviceChoice;

/// Least time between two attempts to make a device.
const PAUSE: Duration = Duration::from_secs(10);
/// Failures in a row after which the device is left alone.
const FAILURES_MAX: u32 = 3;

/// What the trial came to.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// There was none yet.
    Untried,
    /// Measured, now or at an earlier start.
    Measured(Trial),
    /// No card.
    NoAdapter,
    /// Software that plays a card, of this name.
    Software(String),
    /// The card failed the trial.
    Failed(String, GpuError),
}

#[derive(Debug)]
struct State {
    verdict: Verdict,
    engine: Option<Arc<Engine>>,
    /// The card's name, once one was opened.
    name: Option<String>,
    /// When the last attempt was made to open one.
    tried_at: Option<Duration>,
    failures_in_a_row: u32,
    failures: u32,
    /// What went wrong last, until a frame comes through.
    trouble: Option<GpuError>,
}

/// Keeps the device.
#[derive(Debug)]
pub(crate) struct Keeper {
    cache: Option<PathBuf>,
    clock: Clock,
    faults: Faults,
    wish: Wish,
    state: Mutex<State>,
    /// Held by whoever opens a device.
    opening: Mutex<()>,
    /// Held by whoever tries one out, and whether somebody was sent to.
    trying: Mutex<()>,
    sent: AtomicBool,
}

/// How things stand.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub verdict: Verdict,
    pub name: Option<String>,
    pub open: bool,
    pub failures: u32,
    pub given_up: bool,
    pub trouble: Option<GpuError>,
}

impl Keeper {
    /// With the usual clock and no wishes.
    pub fn usual(cache: Option<PathBuf>) -> Self {
        Self::new(cache, Clock::default(), Faults::new(), Wish::default())
    }

    /// Nothing is opened before it is asked for. Trials are kept in `cache`.
    pub fn new(cache: Option<PathBuf>, clock: Clock, faults: Faults, wish: Wish) -> Self {
        let state = State {
            verdict: Verdict::Untried,
            engine: None,
            name: None,
            tried_at: None,
            failures_in_a_row: 0,
            failures: 0,
            trouble: None,
        };
        let (opening, trying, sent) = (Mutex::default(), Mutex::default(), AtomicBool::new(false));
        Self { cache, clock, faults, wish, state: Mutex::new(state), opening, trying, sent }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device to use for the next frame; none where the CPU is to do it.
    pub fn engine(self: &Arc<Self>, choice: DeviceChoice) -> Option<Arc<Engine>> {
        match choice {
            DeviceChoice::Cpu => None,
            // Whoever asks for the GPU gets what there is, software too.
            DeviceChoice::Gpu => self.open(Wish { software: true, ..self.wish }),
            DeviceChoice::Auto => {
                let verdict = self.state().verdict.clone();
                match verdict {
                    Verdict::Measured(trial) if trial.gpu_wins() => self.open(self.wish),
                    Verdict::Untried => {
                        self.send();
                        None
                    }
                    _ => None,
                }
            }
        }
    }

    /// The device that is open, or a new one if it is time for one.
    fn open(&self, wish: Wish) -> Option<Arc<Engine>> {
        let first = match self.there()? {
            Some(engine) => return Some(engine),
            None => self.state().tried_at.is_none(),
        };
        // At first everybody waits for it. Later frames go on without while somebody makes a new one.
        let _opening = if first {
            self.opening.lock().unwrap_or_else(PoisonError::into_inner)
        } else {
            self.opening.try_lock().ok()?
        };
        if let Some(engine) = self.there()? {
            return Some(engine);
        }
        let opened = Engine::open(wish, &self.faults).map(Arc::new);
        let mut state = self.state();
        state.tried_at = Some(self.clock.now());
        match opened {
            Ok(engine) => {
                state.name = Some(engine.about().name.clone());
                state.engine = Some(Arc::clone(&engine));
                Some(engine)
            }
            Err(error) => {
                state.note(error);
                None
            }
        }
    }

    /// Nothing where no device may be made now; else the one that is open, if one is.
    #[allow(clippy::option_option)]
    fn there(&self) -> Option<Option<Arc<Engine>>> {
        let state = self.state();
        if let Some(engine) = &state.engine {
            return Some(Some(Arc::clone(engine)));
        }
        let too_soon = state.tried_at.is_some_and(|at| self.clock.now().saturating_sub(at) < PAUSE);
        (!too_soon && !state.given_up()).then_some(None)
    }

    /// A frame came through.
    pub fn worked(&self) {
        let mut state = self.state();
        (state.failures_in_a_row, state.trouble) = (0, None);
    }

    /// A frame did not.
    pub fn failed(&self, engine: &Arc<Engine>, error: &GpuError) {
        if !error.is_fault() {
            return;
        }
        engine.mark_broken();
        let mut state = self.state();
        // Frames that were under way with it fail together: that counts once.
        if state.engine.as_ref().is_some_and(|now| Arc::ptr_eq(now, engine)) {
            let gone = state.engine.take();
            state.note(error.clone());
            drop(state);
            drop(gone);
        }
    }

    /// Somebody chose a device: what went wrong before counts no more.
    pub fn chosen(&self) {
        let mut state = self.state();
        (state.failures_in_a_row, state.tried_at, state.trouble) = (0, None, None);
    }

    /// For the report.
    pub fn standing(&self) -> Standing {
        let state = self.state();
        Standing {
            verdict: state.verdict.clone(),
            name: state.name.clone(),
            open: state.engine.is_some(),
            failures: state.failures,
            given_up: state.given_up(),
            trouble: state.trouble.clone(),
        }
    }

    /// Sends somebody to try the card out, once; frames go to the CPU meanwhile.
    fn send(self: &Arc<Self>) {
        if self.sent.swap(true, Ordering::Relaxed) {
            return;
        }
        let keeper = Arc::clone(self);
        let tried = std::thread::Builder::new().name("device-trial".into()).spawn(move || keeper.try_out());
        if let Err(error) = tried {
            tracing::warn!(%error, "no thread for the device trial: the processor develops");
        }
    }

    /// Tries the card out, if that was not done yet.
    pub fn try_out(&self) {
        let _trying = self.trying.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(self.state().verdict, Verdict::Untried) {
            return;
        }
        let verdict = self.tried();
        tracing::info!(?verdict, "device trial");
        self.state().verdict = verdict;
    }

    fn tried(&self) -> Verdict {
        let adapter = match device::find(Wish { software: true, ..self.wish }) {
            Ok(adapter) => adapter,
            Err(GpuError::NoAdapter) => return Verdict::NoAdapter,
            Err(error) => return Verdict::Failed("The graphics card".into(), error),
        };
        let about = match device::caught(|| Ok(device::about(&adapter))) {
            Ok(about) if about.software && !self.wish.software => return Verdict::Software(about.name),
            Ok(about) => about,
            Err(error) => return Verdict::Failed("The graphics card".into(), error),
        };
        if let Some(trial) = self.cache.as_ref().and_then(|folder| trial::kept(folder, &about)) {
            return Verdict::Measured(trial);
        }
        let engine = match Engine::open(self.wish, &self.faults) {
            Ok(engine) => Arc::new(engine),
            Err(error) => return Verdict::Failed(about.name, error),
        };
        match trial::measure(&engine) {
            Ok(trial) => {
                if let Some(Err(error)) = self.cache.as_ref().map(|folder| trial::keep(folder, &trial)) {
                    tracing::warn!(%error, "the device trial could not be kept: it is done again at the next start");
                }
                if trial.gpu_wins() {
                    let mut state = self.state();
                    state.name = Some(about.name);
                    state.engine.get_or_insert(engine);
                }
                Verdict::Measured(trial)
            }
            Err(error) => {
                engine.mark_broken();
                Verdict::Failed(about.name, error)
            }
        }
    }
}

impl State {
    fn given_up(&self) -> bool {
        self.failures_in_a_row >= FAILURES_MAX || matches!(self.trouble, Some(GpuError::NoAdapter))
    }

    fn note(&mut self, error: GpuError) {
        tracing::warn!(%error, "the GPU failed; the processor develops");
        if error.is_fault() {
            self.failures_in_a_row += 1;
            self.failures += 1;
        }
        self.trouble = Some(error);
    }
}
