//! The operator's secret: compared in constant time, never printed by accident.

use std::fmt;

use subtle::ConstantTimeEq;

/// A random text that only the operator's window knows.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret that 32 random bytes stand for, as 64 hexadecimal digits.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(hex::encode(random))
    }

    /// The text itself: for the window and the terminal, nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `text` is the secret. Takes the same time wherever they differ.
    pub fn matches(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_matches_and_it_is_not_printed() {
        let secret = Secret::from_random([0xab; 32]);
        assert!(secret.matches(&"ab".repeat(32)));
        assert!(!secret.matches("") && !secret.matches(&"ab".repeat(31)) && !secret.matches(&"AB".repeat(32)));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
