//! The ladder of derivatives.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// No rung has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rung of that name: thumb, screen, large or final")]
pub struct UnknownRung;

/// A size at which a frame is shown or sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// A tile of the gallery or contact sheet; a proof.
    Thumb,
    /// What fills a guest's phone; a proof.
    Screen,
    /// What fills the operator's loupe; unmarked, never on the guests' listener.
    Large,
    /// What is sold, at full resolution; unmarked, leaves only by release.
    Final,
}

impl Rung {
    /// Length of the picture's longer side, px; `None` is the picture's own size. Smaller pictures are never enlarged.
    pub fn long_edge_px(self) -> Option<u32> {
        match self {
            Self::Thumb => Some(360),
            Self::Screen => Some(1200),
            Self::Large => Some(2048),
            Self::Final => None,
        }
    }

    /// Whether the watermark is burned in, so that an unpaid guest may have it.
    pub fn is_proof(self) -> bool {
        matches!(self, Self::Thumb | Self::Screen)
    }

    /// The rung's name in addresses, file names and the catalog.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::Screen => "screen",
            Self::Large => "large",
            Self::Final => "final",
        }
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Rung {
    type Err = UnknownRung;

    fn from_str(text: &str) -> Result<Self, UnknownRung> {
        [Self::Thumb, Self::Screen, Self::Large, Self::Final]
            .into_iter()
            .find(|rung| rung.name() == text)
            .ok_or(UnknownRung)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_small_rungs_are_proofs_and_names_round_trip() {
        for rung in [Rung::Thumb, Rung::Screen, Rung::Large, Rung::Final] {
            assert_eq!(rung.name().parse(), Ok(rung));
        }
        assert!(Rung::Thumb.is_proof() && Rung::Screen.is_proof());
        assert!(!Rung::Large.is_proof() && !Rung::Final.is_proof());
        assert_eq!("Thumb".parse::<Rung>(), Err(UnknownRung));
    }
}
