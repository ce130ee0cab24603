//! The worker's main.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use super::{
    caps::{self, Caps},
    protocol::{Reply, Request, path_from_bytes, read_request, write_reply},
};
use crate::{InspectError, ProofSpec, RenderError, Rendered, inspect, inspect::glance, render};

/// Serves requests from standard input until it ends. This is all that `worker develop` does.
pub fn serve() -> ExitCode {
    caps::die_with_parent();
    match converse(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent is gone, or speaks another protocol: nobody is there to be told.
        Err(_) => ExitCode::FAILURE,
    }
}

fn converse(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let Some((Request::Hello { caps, niceness }, _)) = read_request(from)? else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no greeting"));
    };
    let confinement = caps::confine(&caps, niceness);
    write_reply(to, &Reply::Ready { confinement }, &[])?;
    while let Some((request, body)) = read_request(from)? {
        answer(request, path_from_bytes(body), &caps, to)?;
    }
    Ok(())
}

fn answer(request: Request, path: Option<PathBuf>, caps: &Caps, to: &mut impl Write) -> io::Result<()> {
    caps::allow_time(caps.request_ms);
    let path = path.ok_or_else(|| InspectError::Io { detail: "the file's name is not text".into() });
    match request {
        Request::Hello { .. } => Err(io::Error::new(io::ErrorKind::InvalidData, "greeted twice")),
        Request::Inspect => write_reply(to, &Reply::Inspected(path.and_then(|path| inspect(&path))), &[]),
        Request::Render { spec } => {
            let mut broken = None;
            let mut send = |rendered: Rendered| {
                let Rendered { rung, jpeg, width_px, height_px, decoded_ms_ago, thumbhash } = rendered;
                let reply = Reply::Rendered { rung, width_px, height_px, decoded_ms_ago, thumbhash };
                if broken.is_none() {
                    broken = write_reply(to, &reply, &jpeg).err();
                }
            };
            let result = path.map_err(RenderError::File).and_then(|path| rendered(&path, &spec, &mut send));
            broken.map_or(Ok(()), Err)?;
            write_reply(to, &Reply::Finished(result), &[])
        }
    }
}

fn rendered(
    path: &std::path::Path,
    spec: &ProofSpec,
    send: &mut dyn FnMut(Rendered),
) -> Result<crate::RenderReport, RenderError> {
    // The pool's caller has had it inspected: reading all of a large JPEG once more would only cost time.
    let inspection = glance(path)?;
    render(path, &inspection, spec, send)
}
