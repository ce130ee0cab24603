//! Risky work in child processes with caps: the parent's pool, the child's main, and the protocol between them.
//!
//! The child is the same executable, started with `worker develop`; its main calls [`serve`]. It reads requests from its
//! standard input, writes replies to its standard output, and ends when its input ends. Two things end it earlier: the
//! caps that it puts on itself before the first file ([`caps`]), and the pool, which kills what runs over time.

pub mod caps;
mod child;
mod pool;
mod protocol;
mod room;
mod spawner;
mod words;

pub use caps::Caps;
pub use child::serve;
pub use pool::{Decoded, Pool, PoolConfig, WorkerError};
pub use room::Samples;
