//! Whole evenings against the real headless program, one story a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod burst_and_kill;
mod development;
mod doors;
mod multicast;
mod rebuild;
