//! Shared vocabulary of every room: ids, time, content hashes, rungs, tickets, what a camera said.
//!
//! Pure: no clock, no randomness, no file system, no tokio. Time and random bytes are passed in.

mod capture;
mod hash;
mod ids;
mod rung;
mod source;
mod ticket;
mod time;

pub use capture::{CaptureFacts, CaptureTime, FileKind, Orientation};
pub use hash::{ContentHash, HashError};
pub use ids::{AttentionId, CreatorId, EventId, FrameId, IdError, OriginalId, TicketId};
pub use rung::{Rung, UnknownRung};
pub use source::{SourceKind, SourceState, SourceStatus};
pub use ticket::{TicketCode, TicketCodeError};
pub use time::UnixMillis;
