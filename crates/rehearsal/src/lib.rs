//! Drawn market scenes and the camera files made from them: for the rehearsal and for tests.
