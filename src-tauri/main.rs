//! The booth's window: starts the studio, shows its page, and ends both together. No rule of the product lives here.
// A program's own output: its callers read the ready line, and errors belong on standard error.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod studio_link;
mod window;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use studio_link::Failure;
use tauri::AppHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};

fn main() -> ExitCode {
    if let Some(code) = studio_link::worker() {
        return code;
    }
    let args = studio_link::args();
    studio_link::init_log();
    if !has_display() {
        eprintln!(
            "boothlight-desktop: there is no display to open a window on. Start `boothlight serve` instead: the same studio without a window"
        );
        return studio_link::REFUSED.into();
    }
    run(args)
}

/// On Linux the toolkit ends the program where it finds no display; better words come first.
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn run(args: studio::ServeArgs) -> ExitCode {
    // Before the first promise: whoever reads the ready line may end the window at once.
    let ending = match tauri::async_runtime::block_on(async { Ending::new() }) {
        Ok(ending) => ending,
        Err(error) => {
            eprintln!("boothlight-desktop: this system does not let the program hear how it is ended: {error}");
            return studio_link::UNFORESEEN.into();
        }
    };
    // The studio and the toolkit take their time side by side.
    let starting = tauri::async_runtime::spawn(studio_link::start(args));
    let app = match tauri::Builder::default()
        .register_uri_scheme_protocol(window::TROUBLE, |_, request| window::trouble_page(&request))
        .build(tauri::generate_context!())
    {
        Ok(app) => app,
        Err(error) => {
            eprintln!("boothlight-desktop: the window cannot be opened: {error}");
            return studio_link::UNFORESEEN.into();
        }
    };
    let outcome = tauri::async_runtime::block_on(starting).unwrap_or_else(|error| Err(Failure::unforeseen(&error)));
    let opened = match &outcome {
        Ok(running) => {
            // A caller that closed its end does not stop the evening.
            let _ = writeln!(io::stdout(), "{}", serde_json::to_string(running.ready()).unwrap_or_default());
            window::open_booth(app.handle(), running.ready())
        }
        Err(failure) => {
            eprintln!("boothlight-desktop: {failure}");
            window::open_trouble(app.handle(), failure)
        }
    };
    if let Err(error) = opened {
        eprintln!("boothlight-desktop: the window cannot be opened: {error}");
        return studio_link::UNFORESEEN.into();
    }
    tauri::async_runtime::spawn(ending.close(app.handle().clone()));
    // Returns when the last window is closed; the studio is ended here, where that can be waited for.
    app.run_return(|_, _| {});
    match outcome {
        Ok(running) => {
            tauri::async_runtime::block_on(running.shutdown());
            ExitCode::SUCCESS
        }
        Err(failure) => failure.code.into(),
    }
}

/// SIGTERM and Ctrl C, which close the window as a click would.
struct Ending {
    terminated: Signal,
    interrupted: Signal,
}

impl Ending {
    fn new() -> io::Result<Self> {
        Ok(Self { terminated: signal(SignalKind::terminate())?, interrupted: signal(SignalKind::interrupt())? })
    }

    async fn close(mut self, app: AppHandle) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.interrupted.recv() => {}
        }
        app.exit(0);
    }
}
