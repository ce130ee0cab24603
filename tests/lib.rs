//! Fakes and helpers of the whole-evening tests.
