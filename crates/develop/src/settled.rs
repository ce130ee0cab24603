//! What auto came to for one frame.

use serde::{Deserialize, Serialize};

use crate::curve::Base;

/// Exposure, curve and white balance of a frame, found from its scene and from the camera's own picture. Kept with the frame,
/// so that it is developed the same whenever it is developed again, and handed to the next frame of a burst.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// Stops that auto exposure adds.
    pub ev: f32,
    /// The curve of the camera's own picture, after those stops.
    pub curve: Option<Base>,
    /// How much more colourful the camera's own picture is.
    pub chroma: f32,
    /// White balance from the scene: multipliers of red, green, blue.
    pub balance: Option<[f32; 3]>,
    /// Exposure value at ISO 100 of the camera's settings; 0 is unknown. Two frames of a burst with different ones were
    /// exposed differently on purpose.
    pub camera_ev: f32,
}

impl Default for Settled {
    fn default() -> Self {
        Self { ev: 0.0, curve: None, chroma: 1.0, balance: None, camera_ev: 0.0 }
    }
}
