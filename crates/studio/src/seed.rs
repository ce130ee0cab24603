//! A large event made quickly: material for benchmarks. Its frames are real files with real previews, drawn once and varied.

use std::{path::PathBuf, sync::Arc};

use catalog::{Catalog, FrameQuery, PreviewState};
use clap::Args;
use develop::{Darkroom, Developer, DeviceChoice};
use ingest::Ingest;
use model::Rung;
use rehearsal::{Exif, JpegOptions, draw, jpeg, variant};
use tokio_util::sync::CancellationToken;

use crate::{
    StartError,
    lock::DataLock,
    running::{Folders, Opened, ingest_config, maker, open, preview_workers, worker_pool},
};

/// Different pictures among the frames.
const SCENES: usize = 24;
/// Size of a seeded original, px: small, so that 10,000 fit on any disk.
const SIZE_PX: (u32, u32) = (600, 400);

/// How large an event.
#[derive(Clone, Debug, Args)]
pub struct SeedArgs {
    /// The data folder to fill.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The event's name.
    #[arg(long, value_name = "NAME")]
    pub event: String,
    /// How many frames.
    #[arg(long, default_value_t = 10_000)]
    pub frames: usize,
}

/// Writes the originals where they belong and lets the studio take them up as after a crash; then makes every preview.
pub async fn seed(args: &SeedArgs) -> Result<usize, StartError> {
    let folders = Folders::make(&args.data, None)?;
    let _lock = DataLock::take(&folders.data)?;
    let opened = open(&folders, &args.event, "Booth").await?;
    write_originals(args, &folders)?;
    let pool = worker_pool()?;
    let ingest = Ingest::new(ingest_config(&folders, &opened, "Booth", pool.clone()));
    let found = ingest.reconcile().await?;
    // Seeded frames are finished pictures: nothing of them is developed.
    let developer = Developer::new(pool.clone(), Darkroom::new(DeviceChoice::Cpu));
    let maker = maker(&opened, &folders, pool, developer);
    let stop = CancellationToken::new();
    let work =
        tokio::spawn(previews::run(opened.catalog.clone(), Arc::new(maker), preview_workers() + 1, stop.clone()));
    let drained = drained(&opened.catalog).await;
    stop.cancel();
    // The queue is empty: nothing is left to be cut short.
    let _ = work.await;
    drained?;
    ingest.shutdown().await;
    report(&opened).await?;
    opened.catalog.close().await;
    Ok(found.adopted)
}

fn write_originals(args: &SeedArgs, folders: &Folders) -> Result<(), StartError> {
    let creator = folders.originals.join(ingest::safe_name(&args.event)).join("Booth");
    let refused = |source| StartError::Folder { path: creator.clone(), source };
    std::fs::create_dir_all(&creator).map_err(refused)?;
    let options = JpegOptions { quality: 80, thumbnail: false, ..JpegOptions::default() };
    let mut scenes = Vec::new();
    for n in 0..SCENES {
        let scene = draw(n as u64, SIZE_PX.0, SIZE_PX.1);
        let exif = Exif::at(jiff::civil::date(2026, 11, 24).at(19, (n % 60) as i8, 0, 0), Some(60));
        let bytes = jpeg(&scene, &exif, options).map_err(|error| refused(std::io::Error::other(error)))?;
        scenes.push(bytes);
    }
    for (n, scene) in scenes.iter().cycle().take(args.frames).enumerate() {
        std::fs::write(creator.join(format!("BLR_{n:05}.JPG")), variant(scene, n as u64)).map_err(refused)?;
    }
    Ok(())
}

async fn drained(catalog: &Catalog) -> Result<(), StartError> {
    let mut changes = catalog.changes();
    loop {
        let queue = catalog.queue_state().await?;
        if queue.depth + queue.behind == 0 {
            return Ok(());
        }
        // Any change may be the last; a lag is as good as one.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), changes.recv()).await;
        while changes.try_recv().is_ok() {}
    }
}

async fn report(opened: &Opened) -> Result<(), StartError> {
    let query = FrameQuery { event: opened.event.id, ticket: None, ready_only: false, before: None, limit: u32::MAX };
    let frames = opened.catalog.frames(&query).await?;
    let failed = frames.iter().filter(|frame| matches!(frame.preview, PreviewState::Failed(_))).count();
    tracing::info!(frames = frames.len(), failed, rung = %Rung::Screen, "seeded");
    Ok(())
}
