//! What the gateway asks of the developing room; the studio joins both.

use std::{path::PathBuf, sync::Arc};

use catalog::{DeviceChoice, StoredRecipe};

use crate::PortFuture;

/// A look that cannot be had; the text is for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LookRefused(pub String);

/// What developments run on.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceState {
    /// `CPU (2 cores)`, or the graphics card's name.
    pub in_use: String,
    /// Whether that is a graphics card.
    pub is_gpu: bool,
    /// What the operator chose.
    pub choice: DeviceChoice,
    /// Why it is the one in use: one calm line.
    pub why: String,
    /// How long one development took on the processor and on the graphics card, ms, where both were tried.
    pub trial_ms: Option<(f32, f32)>,
}

/// A picture for the Look place.
#[derive(Clone, Debug)]
pub struct LookPicture {
    /// Its bytes.
    pub jpeg: Vec<u8>,
    /// How many pixels have each value: red, green, blue.
    pub histogram: [[u32; 256]; 3],
}

/// What the gateway may ask of the developing room.
pub trait LookPort: Send + Sync + 'static {
    /// Reads a recipe from its JSON, brings its numbers into their ranges and names it. Quick.
    fn recipe(&self, json: &[u8]) -> Result<StoredRecipe, LookRefused>;
    /// What developments run on. Must not block.
    fn device(&self) -> DeviceState;
    /// Chooses what they run on; may take a short trial.
    fn choose_device(&self, choice: DeviceChoice) -> PortFuture<()>;
    /// Decodes a raw for live pictures of it, none with a longer side than `long_edge_px`. Takes about a second.
    /// `prior` is what auto came to in its burst.
    fn open(
        &self,
        raw: PathBuf,
        prior: Option<String>,
        long_edge_px: u32,
    ) -> PortFuture<Result<Arc<dyn LookSession>, LookRefused>>;
}

/// One raw, decoded and kept for live pictures. Every call may block for as long as a picture takes.
pub trait LookSession: Send + Sync + 'static {
    /// The picture as the recipe has it.
    fn picture(&self, recipe: &StoredRecipe, long_edge_px: u32) -> Result<LookPicture, LookRefused>;
    /// The multipliers of red and blue that make the place at these shares of the shown picture grey; none where nothing
    /// can be said: outside of it, or clipped.
    fn grey_at(&self, x: f32, y: f32, recipe: &StoredRecipe) -> Result<Option<(f32, f32)>, LookRefused>;
    /// Colour temperature, K, and tint as the camera chose them, where they are known.
    fn as_shot(&self) -> Option<(f32, f32)>;
}
