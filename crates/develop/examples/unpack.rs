//! How long a raw's samples take to come out, in one thread: `unpack FILE...` prints for each file the processor's
//! milliseconds of LibRaw alone and of what we put in its place, as JSON. `./bench develop` shows both beside the whole way.

use std::{fs, process::ExitCode, time::Duration};

use develop::raw::unpack::Unpacker;

const ROUNDS: usize = 5;

/// Processor time of this thread, ms.
fn cpu_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32).as_secs_f64() * 1e3
}

fn median_ms(mut decode: impl FnMut() -> Result<libraw::Decoded, libraw::Error>) -> Result<f64, libraw::Error> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = cpu_ms();
        decode()?;
        times.push(cpu_ms() - begun);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(ROUNDS / 2).copied().unwrap_or_default())
}

fn measured(path: &str) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let bytes = fs::read(path)?;
    let open = || libraw::File::open(bytes.clone());
    let alone = median_ms(|| open()?.decode())?;
    let ours = median_ms(|| open()?.decode_with(Unpacker))?;
    Ok(serde_json::json!({ "file": path, "libraw_cpu_ms": alone, "ours_cpu_ms": ours }))
}

#[allow(clippy::print_stdout, clippy::print_stderr)] // a program for the terminal
fn main() -> ExitCode {
    for path in std::env::args().skip(1) {
        match measured(&path) {
            Ok(line) => println!("{line}"),
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
