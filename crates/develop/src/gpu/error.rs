//! What can go wrong on a GPU. None of it costs a picture: the frame is finished on the CPU.

/// Why the GPU did not make a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// No adapter that can compute.
    #[error("no graphics adapter that can develop was found")]
    NoAdapter,
    /// This development is made on the CPU always; nothing is wrong with the GPU.
    #[error("{what} is developed on the processor")]
    Unsupported {
        /// What it is.
        what: &'static str,
    },
    /// As many frames as may be in flight were, for too long. Nothing is wrong with the GPU.
    #[error("the graphics card has enough to do")]
    Busy,
    /// The device is gone: driver reset, card removed, laptop woken up.
    #[error("the graphics card was taken away ({detail})")]
    Lost {
        /// The driver's own words.
        detail: String,
    },
    /// No memory for the frame's buffers.
    #[error("the graphics card has no memory left")]
    OutOfMemory,
    /// The driver refused something, or broke.
    #[error("the graphics driver failed ({detail})")]
    Driver {
        /// Its own words, one line.
        detail: String,
    },
    /// No answer within the time that a frame may take.
    #[error("the graphics card did not answer")]
    Timeout,
}

impl GpuError {
    /// Whether the device must be made anew before it is used again.
    pub fn is_fault(&self) -> bool {
        !matches!(self, Self::NoAdapter | Self::Unsupported { .. } | Self::Busy)
    }

    /// A driver's failure; the first line of its words says which, the rest is for its makers.
    pub(crate) fn driver(detail: impl std::fmt::Display) -> Self {
        let words = detail.to_string();
        let line = words.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("no words");
        Self::Driver { detail: line.chars().take(160).collect() }
    }

    /// What happened, for the operator: the end of a sentence that begins with the adapter's name.
    pub(crate) fn in_short(&self) -> &'static str {
        match self {
            Self::Lost { .. } => "was taken away",
            Self::OutOfMemory => "ran out of memory",
            Self::Timeout => "stopped answering",
            _ => "reported an error",
        }
    }
}
