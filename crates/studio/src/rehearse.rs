//! The rehearsal: a simulated camera shoots drawn scenes into a demo event that is kept apart from real ones.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use rehearsal::{Shot, camera, shots};
use tokio_util::sync::CancellationToken;

use crate::{ServeArgs, StartError};

/// Marks a folder as the rehearsal's own, which may be emptied.
const MARK: &str = ".boothlight-rehearsal";
/// Sensor of the simulated camera, px: large enough to be real work, small enough for a slow laptop to draw.
const SENSOR_PX: (u32, u32) = (4240, 2832);
/// Shots of one rehearsal; then the camera rests, so that a window left open overnight does not fill the disk (about 2 GB).
const SHOTS_MAX: usize = 150;
/// What the rehearsal's camera shoots is the same every time.
const SEED: u64 = 7;

/// Drawn camera files for trying things out.
#[derive(Clone, Debug, Args)]
pub struct FilesArgs {
    /// Where to write them.
    pub folder: PathBuf,
    /// How many shots.
    #[arg(long, default_value_t = 10)]
    pub count: usize,
    /// Which pictures.
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Long side of the sensor, px; 6000 makes 24 MP.
    #[arg(long, default_value_t = SENSOR_PX.0)]
    pub long_edge: u32,
}

/// Writes drawn camera files, as the rehearsal's camera would.
pub fn write_files(args: &FilesArgs) -> Result<Vec<PathBuf>, StartError> {
    let folder = |source| StartError::Folder { path: args.folder.clone(), source };
    std::fs::create_dir_all(&args.folder).map_err(folder)?;
    let size = (args.long_edge, args.long_edge * 2 / 3);
    let mut written = Vec::new();
    for shot in shots(args.seed).take(args.count) {
        written.extend(camera::write(&shot, &args.folder, &jiff::Zoned::now(), size).map_err(folder)?);
    }
    Ok(written)
}

/// Points everything at the rehearsal's own folders, empty at every start. Real originals are never below them.
pub(crate) fn set_apart(args: &mut ServeArgs) -> Result<(), StartError> {
    let data = args.data.join("rehearsal");
    let camera = data.join("camera");
    let folder = |source| StartError::Folder { path: data.clone(), source };
    // Another rehearsal may be running on it: its lock is taken before anything is emptied.
    std::fs::create_dir_all(&data).map_err(folder)?;
    drop(crate::lock::DataLock::take(&data)?);
    if data.join(MARK).exists() {
        std::fs::remove_dir_all(&data).map_err(folder)?;
    }
    std::fs::create_dir_all(&camera).map_err(folder)?;
    std::fs::write(data.join(MARK), b"Boothlight's rehearsal: emptied at every start.\n").map_err(folder)?;
    args.data = data;
    args.originals = None;
    args.watch = vec![camera];
    args.event = "Rehearsal market".into();
    args.creator = "Rehearsal".into();
    Ok(())
}

/// Shoots at a camera's rhythm until `stop`.
pub(crate) async fn shoot(folder: PathBuf, stop: CancellationToken) {
    for shot in shots(SEED).take(SHOTS_MAX) {
        let after = shot.after;
        // Drawn while the photographer looks through the finder; written when the shutter is pressed.
        let waited = async { tokio::join!(draw(shot), tokio::time::sleep(after)).0 };
        let files = tokio::select! {
            () = stop.cancelled() => return,
            files = waited => files,
        };
        if let Err(error) = write(&folder, files).await {
            tracing::warn!(%error, "the rehearsal's camera could not write");
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }
    tracing::info!(shots = SHOTS_MAX, "the rehearsal's camera rests; start again for more");
}

type Files = Vec<(String, Vec<u8>)>;

async fn draw(shot: Shot) -> Files {
    let drawn = tokio::task::spawn_blocking(move || camera::files(&shot, &jiff::Zoned::now(), SENSOR_PX));
    match drawn.await {
        Ok(Ok(files)) => files,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a scene could not be drawn");
            Vec::new()
        }
        Err(error) => {
            tracing::error!(%error, "drawing a scene ended in a panic");
            Vec::new()
        }
    }
}

async fn write(folder: &Path, files: Files) -> io::Result<()> {
    for (name, bytes) in files {
        tokio::fs::write(folder.join(name), bytes).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::Parser as _;

    use super::*;
    use crate::{Cli, Command};

    fn args(data: &Path) -> ServeArgs {
        let data = data.to_str().unwrap();
        match Cli::parse_from(["boothlight", "serve", "--data", data, "--event", "Real", "--watch", "/real"]).command {
            Command::Serve(args) => args,
            _ => unreachable!(),
        }
    }

    #[test]
    fn a_rehearsal_never_touches_the_real_event_and_begins_empty() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("mine.jpg"), b"original").unwrap();
        let mut first = args(data.path());
        set_apart(&mut first).unwrap();
        assert_eq!(first.watch, [data.path().join("rehearsal/camera")]);
        std::fs::write(first.data.join("left over"), b"x").unwrap();
        let mut second = args(data.path());
        set_apart(&mut second).unwrap();
        assert!(!second.data.join("left over").exists());
        assert!(data.path().join("mine.jpg").exists());
    }

    #[test]
    fn a_folder_that_is_not_the_rehearsals_own_is_not_emptied() {
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join("rehearsal")).unwrap();
        std::fs::write(data.path().join("rehearsal/mine.jpg"), b"original").unwrap();
        set_apart(&mut args(data.path())).unwrap();
        assert!(data.path().join("rehearsal/mine.jpg").exists());
    }
}
