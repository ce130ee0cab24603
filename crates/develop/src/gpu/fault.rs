//! Faults on purpose. Tests put them in; a debug build also takes them from `BOOTHLIGHT_GPU_FAULT`, so that the window's
//! calm line can be looked at. Without either this costs one look at an empty list a frame.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Names a fault in a debug build: `lose`, `no_memory`, `bad_shader`, `hang` or `panic`.
#[cfg(debug_assertions)]
const VARIABLE: &str = "BOOTHLIGHT_GPU_FAULT";

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The device is destroyed under a frame.
    Lose,
    /// A buffer is asked for that the device cannot give.
    NoMemory,
    /// A shader that does not compile.
    BadShader,
    /// A frame whose answer never comes.
    Hang,
    /// A panic inside the recording.
    Panic,
}

/// Faults that wait for their place; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(Arc<Mutex<VecDeque<Fault>>>);

impl Faults {
    /// None, or what the environment asks for.
    pub fn new() -> Self {
        let faults = Self::default();
        #[cfg(debug_assertions)]
        if let Ok(name) = std::env::var(VARIABLE) {
            let named = match name.as_str() {
                "lose" => Some(Fault::Lose),
                "no_memory" => Some(Fault::NoMemory),
                "bad_shader" => Some(Fault::BadShader),
                "hang" => Some(Fault::Hang),
                "panic" => Some(Fault::Panic),
                _ => None,
            };
            if let Some(fault) = named {
                faults.inject(fault);
            }
        }
        faults
    }

    /// Lets `fault` happen at the next place where it can.
    #[cfg(any(test, debug_assertions))]
    pub fn inject(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
    }

    /// Whether `fault` is to happen now; once for each time it was put in.
    pub fn strikes(&self, fault: Fault) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.front() == Some(&fault) {
            waiting.pop_front();
            return true;
        }
        false
    }
}
