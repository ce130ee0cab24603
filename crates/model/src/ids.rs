//! UUIDv7 newtypes: an id of one thing never passes for the id of another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::UnixMillis;

/// The text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an id")]
pub struct IdError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A UUIDv7 (RFC 9562, section 5.7) made of a time and ten random bytes, both passed in.
            pub fn new(at: UnixMillis, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.0).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The sixteen bytes, in network order: what the catalog stores.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The id that [`Self::as_bytes`] came from; fails unless there are sixteen bytes.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| IdError(format!("{bytes:02x?}")))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError(text.chars().take(64).collect()))
            }
        }
    };
}

id!(/// One market day, party or pop-up.
    EventId);
id!(/// A photographer whose frames are sold.
    CreatorId);
id!(/// One press of the shutter.
    FrameId);
id!(/// One file as the camera wrote it.
    OriginalId);
id!(/// A guest's claim.
    TicketId);
id!(/// One file that needs a person's attention.
    AttentionId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_survive_text_and_bytes() {
        let early = FrameId::new(UnixMillis(1_000), [255; 10]);
        let late = FrameId::new(UnixMillis(2_000), [0; 10]);
        assert!(early < late);
        assert_eq!(late.to_string().parse::<FrameId>(), Ok(late));
        assert_eq!(FrameId::from_slice(late.as_bytes()), Ok(late));
        assert!("nonsense".parse::<FrameId>().is_err());
        assert!(FrameId::from_slice(&[1, 2, 3]).is_err());
    }
}
