//! The child of this crate's own tests. The product does not ship it: there the studio's executable serves as
//! `worker develop`. With `probe` it puts the caps on and tries what they must refuse, one line for each.
#![allow(clippy::print_stdout)]

use std::{net::TcpListener, process::ExitCode};

use develop::worker::{Caps, caps, serve};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("probe") { probe() } else { serve() }
}

fn probe() -> ExitCode {
    let written = std::env::args().nth(2).unwrap_or_default();
    let confinement = caps::confine(&Caps { memory_bytes: 64 << 20, ..Caps::default() }, 0);
    println!("limits {} calls {}", confinement.limits, confinement.calls);
    let report = |what: &str, refused: bool| println!("{what} {}", if refused { "refused" } else { "ALLOWED" });
    report("socket", TcpListener::bind(("127.0.0.1", 0)).is_err());
    report("udp", std::net::UdpSocket::bind(("127.0.0.1", 0)).is_err());
    report("process", std::process::Command::new("/bin/true").status().is_err());
    report("thread", std::thread::Builder::new().spawn(|| ()).is_err());
    report("write", std::fs::write(&written, b"x").is_err());
    report("remove", std::fs::remove_file(std::env::args().nth(3).unwrap_or_default()).is_err());
    report("memory", Vec::<u8>::new().try_reserve_exact(128 << 20).is_err());
    let readable = std::fs::read(std::env::args().nth(3).unwrap_or_default()).is_ok();
    println!("read {}", if readable { "works" } else { "FAILS" });
    ExitCode::SUCCESS
}
