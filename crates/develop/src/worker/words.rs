//! What a child writes to its standard error: a panic's words, a C library's warnings about a file.
//!
//! It comes up a pipe and into the studio's log. The studio's own standard error may be a file, and a child may write to no
//! file: the kernel would end it for a mere warning (`RLIMIT_FSIZE`, `SIGXFSZ`; setrlimit(2)).

use tokio::{io::AsyncReadExt, process::ChildStderr};

/// Most bytes of one child that are logged; all of them are read, so that it never waits.
const LOGGED_BYTES_MAX: usize = 4096;

/// Reads to the end, in a task of its own.
pub fn log(mut words: ChildStderr) {
    tokio::spawn(async move {
        let (mut piece, mut logged) = ([0; 1024], 0);
        while let Ok(count @ 1..) = words.read(&mut piece).await {
            let kept = count.min(LOGGED_BYTES_MAX - logged);
            logged += kept;
            for line in String::from_utf8_lossy(piece.get(..kept).unwrap_or_default()).lines() {
                let line: String = line.chars().filter(|char| !char.is_control()).collect();
                tracing::warn!("a worker says: {line}");
            }
        }
    });
}
