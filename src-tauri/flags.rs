//! The window's command line: the flags of `boothlight serve`, each with a default, so that a double click is enough.

use std::{ffi::OsString, fmt, path::PathBuf};

use studio::ServeArgs;

const HELP: &str = "\
Boothlight's window. Without flags it goes on with \"My event\" and watches Pictures/Boothlight in your home folder.

  --event NAME           the event's name, as guests read it
  --watch FOLDER...      folders into which a camera's software writes
  --data DIR             folder for the catalog, previews and originals
  --originals DIR        folder for originals, if they lie elsewhere
  --creator NAME         who shoots
  --guest ADDR:PORT      the address for guests' phones (0.0.0.0:8080)
  --operator ADDR:PORT   the operator's page, on this computer only (127.0.0.1:8081)
  --no-mdns              do not announce the gallery on the local network
  --rehearsal            a simulated camera shoots into a demo event
  --version, --help

Each can also be set in the environment: BOOTHLIGHT_EVENT and so on; folders to watch are separated by colons there.
Exit codes: 0 closed; 1 something unforeseen; 2 the command line is wrong; 3 a folder or address cannot be used, or there is
no display; 4 the catalog cannot be opened; 5 another studio runs on this data folder.";

/// Flags with a value; the variable's name is made from the flag's.
const VALUES: &[&str] = &["--data", "--event", "--watch", "--guest", "--operator", "--originals", "--creator"];
/// Flags without one.
const SWITCHES: &[&str] = &["--no-mdns", "--rehearsal"];

/// What the command line asks for.
#[derive(Debug)]
pub enum Wish {
    /// The studio and its window.
    Start(Box<ServeArgs>),
    /// A text on standard output, and nothing else.
    Say(String),
}

/// The command line cannot be understood.
#[derive(Debug, PartialEq, Eq)]
pub enum FlagError {
    /// No such flag.
    Unknown(String),
    /// A flag without its value.
    NoValue(String),
    /// A value that is no address and port.
    NoAddress(String),
}

impl fmt::Display for FlagError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(flag) => write!(out, "{flag} is not a flag of this program; --help lists them"),
            Self::NoValue(flag) => write!(out, "{flag} needs a value; --help says which"),
            Self::NoAddress(text) => write!(out, "{text} is no address and port, such as 127.0.0.1:8081"),
        }
    }
}

/// What was said, in order: flag and value.
#[derive(Default)]
struct Said(Vec<(&'static str, OsString)>);

impl Said {
    fn all(&self, flag: &str) -> Vec<OsString> {
        self.0.iter().filter(|(name, _)| *name == flag).map(|(_, value)| value.clone()).collect()
    }

    fn last(&self, flag: &str) -> Option<OsString> {
        self.all(flag).pop()
    }
}

/// Reads the command line, then the environment, then the defaults.
pub fn read(
    args: impl Iterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Wish, FlagError> {
    let mut said = Said::default();
    let mut open: Option<&'static str> = None;
    for arg in args {
        let text = arg.to_string_lossy().into_owned();
        match text.as_str() {
            "--help" | "-h" => return Ok(Wish::Say(HELP.to_owned())),
            "--version" => return Ok(Wish::Say(format!("boothlight-desktop {}", env!("CARGO_PKG_VERSION")))),
            _ => {}
        }
        if let Some(flag) = find(SWITCHES, &text) {
            unanswered(&said, open)?;
            said.0.push((flag, OsString::from("true")));
            open = None;
        } else if let Some(flag) = find(VALUES, &text) {
            unanswered(&said, open)?;
            open = Some(flag);
            // A flag that is said again begins anew, except that folders to watch add up.
            if flag != "--watch" {
                said.0.retain(|(name, _)| *name != flag);
            }
        } else if let Some(flag) = open {
            said.0.push((flag, arg));
            // Folders to watch may be several; any other flag has one value.
            open = open.filter(|flag| *flag == "--watch");
        } else {
            return Err(FlagError::Unknown(text));
        }
    }
    unanswered(&said, open)?;
    serve_args(&said, &variable).map(|args| Wish::Start(Box::new(args)))
}

fn find(flags: &'static [&'static str], text: &str) -> Option<&'static str> {
    flags.iter().copied().find(|flag| *flag == text)
}

fn unanswered(said: &Said, open: Option<&str>) -> Result<(), FlagError> {
    match open {
        Some(flag) if said.last(flag).is_none() => Err(FlagError::NoValue(flag.to_owned())),
        _ => Ok(()),
    }
}

fn serve_args(said: &Said, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<ServeArgs, FlagError> {
    let set = |flag: &str| said.last(flag).or_else(|| variable(&variable_name(flag)).filter(|value| !value.is_empty()));
    let words = |flag: &str, default: &str| {
        set(flag).map_or_else(|| default.to_owned(), |value| value.to_string_lossy().into_owned())
    };
    let address = |flag: &str, default: &str| {
        let text = words(flag, default);
        text.parse().map_err(|_| FlagError::NoAddress(text))
    };
    let switch = |flag: &str| set(flag).is_some_and(|value| value != "false" && value != "0");
    let home = PathBuf::from(variable("HOME").unwrap_or_else(|| OsString::from(".")));
    let data_home = variable("XDG_DATA_HOME")
        .filter(|value| !value.is_empty())
        .map_or_else(|| home.join(".local/share"), PathBuf::from);
    let mut watch: Vec<PathBuf> = said.all("--watch").into_iter().map(PathBuf::from).collect();
    if watch.is_empty() {
        watch = set("--watch").map_or_else(
            || vec![home.join("Pictures/Boothlight")],
            |folders| std::env::split_paths(&folders).collect(),
        );
    }
    Ok(ServeArgs {
        data: set("--data").map_or_else(|| data_home.join("boothlight"), PathBuf::from),
        event: words("--event", "My event"),
        watch,
        guest: address("--guest", "0.0.0.0:8080")?,
        operator: address("--operator", "127.0.0.1:8081")?,
        originals: set("--originals").map(PathBuf::from),
        creator: words("--creator", "Booth"),
        no_mdns: switch("--no-mdns"),
        rehearsal: switch("--rehearsal"),
    })
}

/// `--no-mdns` is BOOTHLIGHT_NO_MDNS.
fn variable_name(flag: &str) -> String {
    format!("BOOTHLIGHT_{}", flag.trim_start_matches('-').replace('-', "_").to_uppercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn start(line: &str, variables: &[(&str, &str)]) -> Result<ServeArgs, FlagError> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        match read(line.split_whitespace().map(OsString::from), variable)? {
            Wish::Start(args) => Ok(*args),
            Wish::Say(text) => panic!("said: {text}"),
        }
    }

    #[test]
    fn a_double_click_is_enough() {
        let args = start("", &[("HOME", "/h")]).unwrap();
        assert_eq!(args.data, PathBuf::from("/h/.local/share/boothlight"));
        assert_eq!(args.watch, [PathBuf::from("/h/Pictures/Boothlight")]);
        assert!(args.operator.ip().is_loopback() && !args.rehearsal);
    }

    #[test]
    fn flags_go_before_variables_and_those_before_defaults() {
        let variables = [("BOOTHLIGHT_EVENT", "Fair"), ("BOOTHLIGHT_WATCH", "/a:/b"), ("BOOTHLIGHT_DATA", "/d")];
        let args = start("--data /x --watch /c /d --watch /e --guest 127.0.0.1:0 --rehearsal", &variables).unwrap();
        assert_eq!((args.event.as_str(), args.data), ("Fair", PathBuf::from("/x")));
        assert_eq!(args.watch, ["/c", "/d", "/e"].map(PathBuf::from));
        assert_eq!((args.guest.port(), args.rehearsal), (0, true));
        assert_eq!(start("", &variables).unwrap().watch, ["/a", "/b"].map(PathBuf::from));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert_eq!(start("--evnet Fair", &[]).unwrap_err(), FlagError::Unknown("--evnet".into()));
        assert_eq!(start("--event", &[]).unwrap_err(), FlagError::NoValue("--event".into()));
        assert_eq!(start("--event --rehearsal", &[]).unwrap_err(), FlagError::NoValue("--event".into()));
        assert_eq!(start("--guest here", &[]).unwrap_err(), FlagError::NoAddress("here".into()));
        assert_eq!(start("Fair", &[]).unwrap_err(), FlagError::Unknown("Fair".into()));
    }
}
