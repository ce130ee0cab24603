//! Stamps along the way of a frame: time-to-first-preview is measured from the first day.

use std::{fmt, str::FromStr};

use model::{FrameId, UnixMillis};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::{Catalog, CatalogError};

/// A moment on a frame's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The studio first saw the file.
    FirstByte,
    /// The file's last byte was on the source's disk.
    Complete,
    /// The original was safe in the originals folder.
    Landed,
    /// The worker had decoded the picture.
    Decoded,
    /// `thumb` and `screen` were encoded.
    Encoded,
    /// Window and phones were told.
    Announced,
    /// A developed picture took the place of the camera's own, or was the first one.
    Developed,
    /// The first phone's report of having decoded the picture reached us.
    PhoneDecoded,
}

impl Stage {
    /// All, in the order in which they usually happen.
    pub const ALL: [Self; 8] = [
        Self::FirstByte,
        Self::Complete,
        Self::Decoded,
        Self::Encoded,
        Self::Announced,
        Self::PhoneDecoded,
        Self::Landed,
        Self::Developed,
    ];

    /// The stage's name in the catalog, in JSON and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstByte => "first_byte",
            Self::Complete => "complete",
            Self::Landed => "landed",
            Self::Decoded => "decoded",
            Self::Encoded => "encoded",
            Self::Announced => "announced",
            Self::Developed => "developed",
            Self::PhoneDecoded => "phone_decoded",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Stage {
    type Err = CatalogError;

    fn from_str(text: &str) -> Result<Self, CatalogError> {
        Self::ALL.into_iter().find(|stage| stage.name() == text).ok_or_else(|| CatalogError::corrupt(text))
    }
}

/// Stamps a stage once; the first stamp stands.
pub(crate) async fn stamp(
    tx: &mut SqliteConnection,
    seq: i64,
    stage: Stage,
    at: UnixMillis,
) -> Result<bool, CatalogError> {
    let name = stage.name();
    let done = sqlx::query!(
        "INSERT INTO stage (frame, stage, at_ms) VALUES (?, ?, ?) ON CONFLICT (frame, stage) DO NOTHING",
        seq,
        name,
        at.0
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

impl Catalog {
    /// Stamps stages of a frame; those that have a stamp keep it. Returns the milliseconds since `complete` of each new stamp.
    pub async fn stamp(
        &self,
        frame: FrameId,
        stages: &[(Stage, UnixMillis)],
    ) -> Result<Vec<(Stage, i64)>, CatalogError> {
        let mut tx = self.begin().await?;
        let id = frame.as_bytes().as_slice();
        let seq = sqlx::query_scalar!(r#"SELECT seq AS "seq!" FROM frame WHERE id = ?"#, id)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(CatalogError::Missing("frame of that id"))?;
        let mut fresh = Vec::new();
        for &(stage, at) in stages {
            if stamp(&mut tx, seq, stage, at).await? {
                fresh.push((stage, at));
            }
        }
        let complete = sqlx::query_scalar!("SELECT at_ms FROM stage WHERE frame = ? AND stage = 'complete'", seq)
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(complete.map_or_else(Vec::new, |complete| {
            fresh.into_iter().map(|(stage, at)| (stage, at.since(UnixMillis(complete)))).collect()
        }))
    }

    /// Milliseconds from `complete` to each stage, of the newest `frames` frames: what `/metrics` and the strip are made of.
    pub async fn stage_times(&self, frames: u32) -> Result<Vec<(Stage, i64)>, CatalogError> {
        let rows = sqlx::query!(
            r#"SELECT s.stage, s.at_ms - c.at_ms AS "ms!: i64"
               FROM (SELECT frame, at_ms FROM stage WHERE stage = 'complete' ORDER BY frame DESC LIMIT ?) c
               JOIN stage s ON s.frame = c.frame"#,
            frames
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(|row| Ok((row.stage.parse()?, row.ms))).collect()
    }
}
