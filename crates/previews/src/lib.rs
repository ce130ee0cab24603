//! Which derivative, when, from which cache.
