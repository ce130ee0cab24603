//! What a guest sees: view models in, HTML out. Pure.
