//! The feed of committed changes: how rooms of floor 2 hear of one another.

use model::FrameId;

/// Something that was committed. Readers ask the catalog for the rest; a reader that lags loses changes and reloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A frame is new or different.
    Frame(FrameId),
    /// A frame was taken back: its file turned out broken or a duplicate.
    FrameGone(FrameId),
    /// A preview job waits.
    JobQueued,
    /// The list of files that need a person is different.
    Attention,
    /// The current ticket, or the list of tickets, is different.
    Tickets,
}
