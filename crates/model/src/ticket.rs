//! A ticket's code: short enough to read across a counter.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Digits and capitals that nobody mistakes for one another on paper or by ear at a noisy stall (no 0 O 1 I L).
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// The text is not a ticket's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a ticket code is four letters and digits, such as K7P3")]
pub struct TicketCodeError;

/// Four characters of `23456789ABCDEFGHJKMNPQRSTUVWXYZ`: 923,521 codes, so that guessing one is slow behind a rate limit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TicketCode([u8; Self::LEN]);

impl TicketCode {
    /// Characters in a code.
    pub const LEN: usize = 4;

    /// The code that eight random bytes stand for (bias below 2^-44).
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut rest = u64::from_le_bytes(random);
        Self(std::array::from_fn(|_| {
            let digit = (rest % ALPHABET.len() as u64) as usize;
            rest /= ALPHABET.len() as u64;
            ALPHABET[digit]
        }))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for TicketCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for TicketCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TicketCode({self})")
    }
}

impl FromStr for TicketCode {
    type Err = TicketCodeError;

    /// Reads a code as people type it: any case, with spaces or hyphens.
    fn from_str(text: &str) -> Result<Self, TicketCodeError> {
        let mut letters =
            text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).map(|byte| byte.to_ascii_uppercase());
        let mut code = [0; Self::LEN];
        for slot in &mut code {
            *slot = letters.next().filter(|letter| ALPHABET.contains(letter)).ok_or(TicketCodeError)?;
        }
        letters.next().map_or(Ok(Self(code)), |_| Err(TicketCodeError))
    }
}

impl From<TicketCode> for String {
    fn from(code: TicketCode) -> Self {
        code.as_str().to_owned()
    }
}

impl TryFrom<String> for TicketCode {
    type Error = TicketCodeError;

    fn try_from(text: String) -> Result<Self, TicketCodeError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_codes_in_many_ways() {
        let code = "K7P3".parse::<TicketCode>();
        assert!(code.is_ok());
        assert_eq!("k7 p3".parse(), code);
        assert_eq!("k7-p3".parse(), code);
        for wrong in ["", "K7P", "K7P33", "K0P3", "K7é3", "../.."] {
            assert_eq!(wrong.parse::<TicketCode>(), Err(TicketCodeError), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_random_code_reads_back(random: [u8; 8]) {
            let code = TicketCode::from_random(random);
            proptest::prop_assert_eq!(code.to_string().parse(), Ok(code));
        }
    }
}
