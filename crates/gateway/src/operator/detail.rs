//! The shapes of one frame in full.

use serde::Serialize;
use utoipa::ToSchema;

use super::json::{Frame, OriginalKind};

/// A frame in full.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FrameDetail {
    pub frame: Frame,
    pub facts: CaptureFacts,
    pub creator: String,
    pub originals: Vec<Original>,
    /// By time.
    pub stages: Vec<StageStamp>,
}

/// What the camera said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaptureFacts {
    #[schema(required = true)]
    pub captured_local: Option<String>,
    #[schema(required = true)]
    pub make: Option<String>,
    #[schema(required = true)]
    pub model: Option<String>,
    #[schema(required = true)]
    pub serial: Option<String>,
    #[schema(required = true)]
    pub lens: Option<String>,
    /// As photographers write it: `1/250` or `2`.
    #[schema(required = true)]
    pub exposure_s: Option<String>,
    #[schema(required = true)]
    pub aperture_f: Option<f32>,
    #[schema(required = true)]
    pub iso: Option<u32>,
    #[schema(required = true)]
    pub focal_mm: Option<f32>,
}

impl From<model::CaptureFacts> for CaptureFacts {
    fn from(facts: model::CaptureFacts) -> Self {
        Self {
            captured_local: facts.captured.map(|at| at.local),
            make: facts.make,
            model: facts.model,
            serial: facts.serial,
            lens: facts.lens,
            exposure_s: facts.exposure_s,
            aperture_f: facts.aperture_f,
            iso: facts.iso,
            focal_mm: facts.focal_mm,
        }
    }
}

/// One file of a frame.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Original {
    pub id: String,
    pub name: String,
    /// Below the originals folder.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
    pub kind: OriginalKind,
    pub landed_at_ms: i64,
}

impl From<catalog::Original> for Original {
    fn from(original: catalog::Original) -> Self {
        Self {
            id: original.id.to_string(),
            name: original.path.rsplit('/').next().unwrap_or_default().to_owned(),
            path: original.path,
            bytes: original.bytes,
            sha256: original.sha256.to_string(),
            kind: original.kind.into(),
            landed_at_ms: original.landed_at.0,
        }
    }
}

/// A moment on a frame's way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageStamp {
    pub stage: StageName,
    pub at_ms: i64,
    pub since_complete_ms: i64,
}

/// A stage's name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StageName {
    FirstByte,
    Complete,
    Landed,
    Decoded,
    Encoded,
    Announced,
    PhoneDecoded,
    Developed,
}

impl From<catalog::Stage> for StageName {
    fn from(stage: catalog::Stage) -> Self {
        match stage {
            catalog::Stage::FirstByte => Self::FirstByte,
            catalog::Stage::Complete => Self::Complete,
            catalog::Stage::Landed => Self::Landed,
            catalog::Stage::Decoded => Self::Decoded,
            catalog::Stage::Encoded => Self::Encoded,
            catalog::Stage::Announced => Self::Announced,
            catalog::Stage::PhoneDecoded => Self::PhoneDecoded,
            catalog::Stage::Developed => Self::Developed,
        }
    }
}
