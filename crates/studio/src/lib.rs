//! Builds and runs the rooms: the event bus, configuration, health, and the headless binary.
