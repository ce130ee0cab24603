//! `boothlight develop`: files on the command line to finished pictures in a folder.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use develop::{
    Darkroom, DevelopReport, Developer, DeviceChoice, Finish, Size, Wanted,
    output::{Existing, FileFormat, Metadata, OutputSpace},
    recipe::Recipe,
};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;

use crate::{StartError, running::worker_pool_of};

/// Develop raws into finished pictures.
///
/// Prints a JSON report on standard output and what is going on on standard error. Exit code 0: every file was developed;
/// 6: some were not, and the report says which and why.
#[derive(Clone, Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // flags of a command line
pub struct DevelopArgs {
    /// Raw files.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Where the pictures go.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// A recipe, as JSON; without one the camera's own brightness and curve are matched.
    #[arg(long, value_name = "FILE", conflicts_with = "neutral")]
    pub recipe: Option<PathBuf>,
    /// White balance as shot, camera matrix and sRGB curve, and nothing else: for comparisons with LibRaw.
    #[arg(long)]
    pub neutral: bool,
    /// Longer side, px; never larger than the sensor gives.
    #[arg(long, value_name = "PX", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(16..=100_000), conflicts_with_all = ["half", "full"])]
    pub size: u32,
    /// Half the sensor's size.
    #[arg(long, conflicts_with = "full")]
    pub half: bool,
    /// The sensor's own size, with the best demosaic.
    #[arg(long)]
    pub full: bool,
    /// What is written.
    #[arg(long, value_enum, default_value_t = Format::Jpeg)]
    pub format: Format,
    /// JPEG quality.
    #[arg(long, default_value_t = 92, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: u8,
    /// Colour space.
    #[arg(long, value_enum, default_value_t = Space::Srgb)]
    pub space: Space,
    /// Where it is computed.
    #[arg(long, value_enum, default_value_t = Device::Auto)]
    pub device: Device,
    /// Added to every picture's metadata: whose it is.
    #[arg(long, value_name = "TEXT")]
    pub copyright: Option<String>,
    /// Replace pictures that are there already.
    #[arg(long)]
    pub replace: bool,
}

/// File formats of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 8 bits, 4:4:4.
    Jpeg,
    /// 16 bits.
    Tiff16,
    /// 16 bits.
    Png,
}

/// Colour spaces of `--space`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Space {
    /// For everything.
    Srgb,
    /// For new screens.
    P3,
    /// For print.
    AdobeRgb,
}

/// Devices of `--device`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Device {
    /// The processor.
    Cpu,
    /// The GPU.
    Gpu,
    /// Whichever is quicker.
    Auto,
}

/// Raws that are decoded at once: each wants the room of a whole sensor.
const DECODERS_MAX: usize = 4;

/// What became of one file.
#[derive(Debug, Serialize)]
pub struct Line {
    file: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<DevelopReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    wall_ms: u64,
}

/// What became of all.
#[derive(Debug, Serialize)]
pub struct Developed {
    finished: usize,
    failed: usize,
    files: Vec<Line>,
}

impl Developed {
    /// Whether every file was developed.
    pub fn all(&self) -> bool {
        self.failed == 0
    }
}

/// Develops the files in turn; while one is developed, the next is decoded.
pub async fn develop(args: &DevelopArgs) -> Result<Developed, StartError> {
    std::fs::create_dir_all(&args.out).map_err(|source| StartError::Folder { path: args.out.clone(), source })?;
    let wanted = wanted(args)?;
    // Decoding takes one core, developing all of them.
    let decoders = std::thread::available_parallelism().map_or(1, |cores| cores.get() / 4).clamp(1, DECODERS_MAX);
    let pool = worker_pool_of(decoders)?;
    let developer = Developer::new(pool.clone(), Darkroom::new(device(args.device)));
    let made = stream::iter(&args.files).map(|file| line(&developer, args, &wanted, file)).buffered(decoders + 1);
    let mut made = std::pin::pin!(made.enumerate());
    let mut lines = Vec::new();
    while let Some((number, line)) = made.next().await {
        let said = line.picture.as_ref().map_or_else(
            || format!("not developed: {}", line.error.as_deref().unwrap_or_default()),
            |picture| format!("{} ({} ms)", picture.display(), line.wall_ms),
        );
        // A closed standard error changes nothing about the pictures.
        let _ = writeln!(std::io::stderr(), "[{}/{}] {}: {said}", number + 1, args.files.len(), line.file.display());
        lines.push(line);
    }
    pool.retire().await;
    let failed = lines.iter().filter(|line| line.error.is_some()).count();
    Ok(Developed { finished: lines.len() - failed, failed, files: lines })
}

async fn line(developer: &Developer, args: &DevelopArgs, wanted: &Wanted, file: &Path) -> Line {
    let started = std::time::Instant::now();
    let made = one(developer, args, wanted, file).await;
    let wall_ms = started.elapsed().as_millis() as u64;
    let (picture, report, error) = match made {
        Ok((picture, report)) => (Some(picture), Some(report), None),
        Err(error) => (None, None, Some(error)),
    };
    Line { file: file.to_owned(), picture, report, error, wall_ms }
}

async fn one(
    developer: &Developer,
    args: &DevelopArgs,
    wanted: &Wanted,
    file: &Path,
) -> Result<(PathBuf, DevelopReport), String> {
    let size = match (args.half, args.full) {
        (true, _) => Size::Half,
        (_, true) => Size::Full,
        _ => Size::LongEdge(args.size),
    };
    let format = match args.format {
        Format::Jpeg => FileFormat::Jpeg { quality: args.quality },
        Format::Tiff16 => FileFormat::Tiff16,
        Format::Png => FileFormat::Png16,
    };
    let space = match args.space {
        Space::Srgb => OutputSpace::Srgb,
        Space::P3 => OutputSpace::DisplayP3,
        Space::AdobeRgb => OutputSpace::AdobeRgb,
    };
    let name = file.file_stem().ok_or("this is no file's name")?.to_string_lossy().into_owned();
    let path = args.out.join(format!("{name}.{}", format.extension()));
    let existing = if args.replace { Existing::Replace } else { Existing::Keep };
    if existing == Existing::Keep && path.exists() {
        return Err(format!("{} is there already; --replace replaces it", path.display()));
    }
    let facts = developer.facts(file).await.map_err(|error| error.to_string())?;
    let metadata = Metadata { copyright: args.copyright.clone(), ..Metadata::from(&facts) };
    let finish = Finish { size, format, space, metadata, existing };
    let report = developer.finish(file, wanted.clone(), &path, finish).await.map_err(|error| error.to_string())?;
    Ok((path, report))
}

fn wanted(args: &DevelopArgs) -> Result<Wanted, StartError> {
    if args.neutral {
        return Ok(Wanted::Neutral);
    }
    let recipe = match &args.recipe {
        None => Recipe::default(),
        Some(path) => {
            let json = std::fs::read(path).map_err(|source| StartError::Folder { path: path.clone(), source })?;
            Recipe::from_json(&json)
                .map_err(|error| StartError::Recipe { path: path.clone(), detail: error.to_string() })?
        }
    };
    Ok(Wanted::Recipe(Box::new(recipe), Box::default()))
}

fn device(wanted: Device) -> DeviceChoice {
    match wanted {
        Device::Cpu => DeviceChoice::Cpu,
        Device::Gpu => DeviceChoice::Gpu,
        Device::Auto => DeviceChoice::Auto,
    }
}
