//! The command line: what the headless program and the window's program understand.

use std::{net::SocketAddr, path::PathBuf};

use catalog::{DeviceChoice, Flow};
use clap::{Args, Parser, Subcommand, ValueEnum, builder::FalseyValueParser};

use crate::{
    DevelopArgs, Device, FilesArgs, RebuildArgs, SeedArgs,
    folders::{default_data, default_watched},
};

/// Boothlight: the on-site photo studio.
///
/// Exit codes: 0 ended as asked; 1 something unforeseen; 2 the command line is wrong; 3 a folder or address cannot be
/// used; 4 the catalog cannot be opened; 5 another studio runs on this data folder; 6 some
/// files were not developed.
#[derive(Debug, Parser)]
#[command(name = "boothlight", version, verbatim_doc_comment)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Boothlight's window: the studio and its window, until it is closed. A double click is enough.
///
/// Exit codes: 0 closed; 1 something unforeseen; 2 the command line is wrong; 3 a folder or address cannot be used, or there
/// is no display; 4 the catalog cannot be opened; 5 another studio runs on this data folder.
#[derive(Debug, Parser)]
#[command(name = "boothlight-desktop", version, verbatim_doc_comment)]
pub struct WindowCli {
    /// How the studio runs.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the studio without a window, until SIGTERM or Ctrl C.
    ///
    /// Prints one JSON line on standard output when it is ready: guest and operator addresses, the operator's secret, the
    /// event's id and the folders that are watched. Logs go to standard error (BOOTHLIGHT_LOG sets their level).
    Serve(ServeArgs),
    /// Develop raws into finished pictures.
    Develop(Box<DevelopArgs>),
    /// Make the catalog again from the folder of originals.
    ///
    /// The old catalog is kept beside the new one. Frames get new ids; originals are only read.
    Rebuild(RebuildArgs),
    /// Write drawn camera files into a folder: material for trying things out.
    RehearsalFiles(FilesArgs),
    /// Fill a data folder with an event of drawn frames: material for benchmarks.
    Seed(SeedArgs),
}

/// How the studio runs.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Folder for the catalog, previews and, unless set apart, originals.
    #[arg(long, env = "BOOTHLIGHT_DATA", value_name = "DIR", default_value_os_t = default_data())]
    pub data: PathBuf,
    /// The event's name, as guests read it. An event of that name goes on where it stopped.
    #[arg(long, env = "BOOTHLIGHT_EVENT", value_name = "NAME", default_value = "My event")]
    pub event: String,
    /// Folder into which a camera's software writes; may be given several times (in the variable: separated by colons).
    /// Folders that were chosen in the window are watched besides. Where there is neither, Pictures/Boothlight in your home
    /// folder is.
    #[arg(long, env = "BOOTHLIGHT_WATCH", value_name = "FOLDER", value_delimiter = ':', num_args = 1..)]
    pub watch: Vec<PathBuf>,
    /// Address for guests' phones. Port 0 takes a free one.
    #[arg(long, env = "BOOTHLIGHT_GUEST", value_name = "ADDR:PORT", default_value = "0.0.0.0:8080")]
    pub guest: SocketAddr,
    /// Address of the operator's window; on this computer alone.
    #[arg(long, env = "BOOTHLIGHT_OPERATOR", value_name = "ADDR:PORT", default_value = "127.0.0.1:8081")]
    pub operator: SocketAddr,
    /// Folder for originals; DATA/Originals unless set.
    #[arg(long, env = "BOOTHLIGHT_ORIGINALS", value_name = "DIR")]
    pub originals: Option<PathBuf>,
    /// Who shoots; originals lie in a folder of that name.
    #[arg(long, env = "BOOTHLIGHT_CREATOR", value_name = "NAME", default_value = "Booth")]
    pub creator: String,
    /// Do not announce the gallery on the local network (mDNS).
    #[arg(long, env = "BOOTHLIGHT_NO_MDNS", value_parser = FalseyValueParser::new())]
    pub no_mdns: bool,
    /// What guests see, and when; kept with the event, and to be changed in the window.
    #[arg(long, env = "BOOTHLIGHT_FLOW", value_enum)]
    pub flow: Option<FlowArg>,
    /// What raws are developed on; kept with the event, and to be changed in the window.
    #[arg(long, env = "BOOTHLIGHT_DEVICE", value_enum)]
    pub device: Option<Device>,
    /// A simulated camera shoots drawn scenes into a demo event, kept apart from real ones.
    #[arg(long, env = "BOOTHLIGHT_REHEARSAL", value_parser = FalseyValueParser::new())]
    pub rehearsal: bool,
}

/// What guests see, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FlowArg {
    /// The camera's own picture at once; the developed one takes its place.
    EmbeddedThenDeveloped,
    /// The camera's own picture alone.
    EmbeddedOnly,
    /// Nothing until it is developed; what cannot be is shown as the camera made it.
    DevelopedOnly,
}

impl From<FlowArg> for Flow {
    fn from(flow: FlowArg) -> Self {
        match flow {
            FlowArg::EmbeddedThenDeveloped => Self::EmbeddedThenDeveloped,
            FlowArg::EmbeddedOnly => Self::EmbeddedOnly,
            FlowArg::DevelopedOnly => Self::DevelopedOnly,
        }
    }
}

impl From<Device> for DeviceChoice {
    fn from(device: Device) -> Self {
        match device {
            Device::Auto => Self::Auto,
            Device::Cpu => Self::Cpu,
            Device::Gpu => Self::Gpu,
        }
    }
}

impl WindowCli {
    /// What the command line of the window's program says. Help, version and mistakes are answered here, and end it.
    pub fn read() -> ServeArgs {
        Self::parse().serve
    }
}

impl ServeArgs {
    /// The folders to watch: those of the command line and those that were chosen in the window; else the usual one.
    pub(crate) fn watched(&self, chosen: Vec<String>) -> Vec<PathBuf> {
        let mut folders = self.watch.clone();
        folders.extend(chosen.into_iter().map(PathBuf::from).filter(|_| !self.rehearsal));
        if folders.is_empty() {
            folders.push(default_watched());
        }
        folders
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        WindowCli::command().debug_assert();
    }

    #[test]
    fn a_double_click_is_enough() {
        let args = WindowCli::parse_from(["boothlight-desktop"]).serve;
        assert!(args.data.ends_with("boothlight") && args.operator.ip().is_loopback() && !args.rehearsal);
        assert_eq!(args.watched(vec![]), [default_watched()]);
        assert_eq!(args.watched(vec!["/chosen".into()]), [PathBuf::from("/chosen")]);
    }

    #[test]
    fn folders_to_watch_add_up() {
        let line = "boothlight-desktop --data /x --watch /c /d --watch /e --guest 127.0.0.1:0 --rehearsal";
        let args = WindowCli::parse_from(line.split(' ')).serve;
        assert_eq!(args.watch, ["/c", "/d", "/e"].map(PathBuf::from));
        assert_eq!((args.guest.port(), args.rehearsal, args.event.as_str()), (0, true, "My event"));
    }

    #[test]
    fn flow_and_device_are_named_as_everywhere() {
        let line = "boothlight-desktop --flow developed-only --device gpu";
        let args = WindowCli::parse_from(line.split(' ')).serve;
        assert_eq!(
            (args.flow.map(Flow::from), args.device.map(DeviceChoice::from)),
            (Some(Flow::DevelopedOnly), Some(DeviceChoice::Gpu))
        );
        for (value, flow) in FlowArg::value_variants().iter().zip(Flow::ALL) {
            let name = value.to_possible_value().map(|value| value.get_name().replace('-', "_"));
            assert_eq!((Flow::from(*value), name.as_deref()), (flow, Some(flow.name())));
        }
    }
}
