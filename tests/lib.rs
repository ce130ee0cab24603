//! Fakes and helpers of the whole-evening tests.
// A crate of tests: what does not hold ends the test on the spot, and what is printed is read when it failed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, clippy::print_stdout)]

pub mod api;
pub mod books;
pub mod booth;
pub mod chance;
pub mod disk;
pub mod material;
pub mod roll;
pub mod studio;
pub mod until;
pub mod verdict;
pub mod writer;
