//! The GPU beside the CPU, and the GPU failing. These tests need a Vulkan device; software will do (`./test` installs one).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

#[path = "../../../tests/support/agreement.rs"]
mod agreement;
mod drawn;
mod faults;
mod trials;
mod twins;

use std::sync::{Arc, OnceLock};

use super::{device::Wish, engine::Engine, error::GpuError, fault::Faults};

const NO_DEVICE: &str = "no Vulkan device: install mesa-vulkan-drivers (./test does), which plays one in software";

/// A device for all tests that do not break it.
fn engine() -> Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    Arc::clone(ENGINE.get_or_init(|| Arc::new(open(None))))
}

/// One that must cut even small pictures.
fn small_engine() -> Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    Arc::clone(ENGINE.get_or_init(|| Arc::new(open(Some(220 * 1024)))))
}

fn open(binding_bytes: Option<u64>) -> Engine {
    match Engine::open(Wish { software: true, binding_bytes }, &Faults::default()) {
        Err(GpuError::NoAdapter) => panic!("{NO_DEVICE}"),
        opened => opened.unwrap(),
    }
}
