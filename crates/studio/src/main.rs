//! The headless studio: `boothlight serve`, and the tools beside it.
// A program's own output: the ready line and error messages are what its callers read.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{io::Write as _, process::ExitCode, time::Duration};

use clap::Parser as _;
use studio::{Cli, Command, ServeArgs, StartError, Studio};
use tokio::signal::unix::{SignalKind, signal};

/// How long a development that is under way may keep the program from ending.
const DEVELOPMENT_MAX: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    if let Some(code) = studio::worker_main() {
        return code;
    }
    let cli = Cli::parse();
    studio::init_log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("boothlight: no threads to run on: {error}");
            return studio::ExitCode::Unforeseen.into();
        }
    };
    let ended = runtime.block_on(run(cli.command));
    // What is being developed is only a picture: its job is in the catalog and begins again at the next start.
    runtime.shutdown_timeout(DEVELOPMENT_MAX);
    match ended {
        Ok(code) => code.into(),
        Err(error) => {
            eprintln!("boothlight: {error}");
            error.exit_code().into()
        }
    }
}

async fn run(command: Command) -> Result<studio::ExitCode, StartError> {
    match command {
        Command::Serve(args) => serve(args).await?,
        Command::Develop(args) => {
            let developed = studio::develop(&args).await?;
            println!("{}", serde_json::to_string_pretty(&developed).unwrap_or_default());
            if !developed.all() {
                return Ok(studio::ExitCode::Undeveloped);
            }
        }
        Command::Rebuild(args) => {
            let rebuilt = studio::rebuild(&args).await?;
            println!("{rebuilt}");
        }
        Command::RehearsalFiles(args) => {
            for path in studio::write_files(&args)? {
                println!("{}", path.display());
            }
        }
        Command::Seed(args) => {
            let frames = studio::seed(&args).await?;
            println!("{frames} frames");
        }
    }
    Ok(studio::ExitCode::Done)
}

async fn serve(args: ServeArgs) -> Result<(), StartError> {
    // Before the first promise: whoever reads the ready line may end the studio at once.
    let mut terminated = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
    let running = Studio::start(args).await?;
    let ready = serde_json::to_string(running.ready()).unwrap_or_default();
    let mut out = std::io::stdout();
    // A caller that closed its end does not stop the evening.
    let _ = writeln!(out, "{ready}").and_then(|()| out.flush());
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    running.shutdown().await;
    Ok(())
}
