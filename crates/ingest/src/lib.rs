//! Cameras and people to originals safely on disk.
