//! The worker's main.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

#[cfg(target_os = "linux")]
use super::room::room_in_child;
use super::{
    caps::{self, Caps},
    protocol::{Reply, Request, path_from_bytes, read_request, write_reply},
};
use crate::{
    DecodeError, Format, InspectError, ProofSpec, RenderError, Rendered, inspect, inspect::glance, jpeg::Picture,
    proof::camera_picture, raw, render,
};

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
        Request::Decode { room, camera_px } => {
            match path.map_err(DecodeError::File).and_then(|path| decoded(&path, camera_px)) {
                Ok((raw, camera)) => hand_over(raw, camera, room, to),
                Err(error) => write_reply(to, &Reply::Decoded { sensor: Err(error), camera_size_px: None }, &[]),
            }
        }
    }
}

/// Most bytes of a raw that are read: 150 MP without compression.
const RAW_BYTES_MAX: u64 = 512 << 20;

/// Decodes a raw whose own structure says that all of it is there: LibRaw takes an ARW that ends after a third for whole.
fn decoded(path: &Path, camera_px: Option<u32>) -> Result<(raw::Decoded, Option<Picture>), DecodeError> {
    let inspection = glance(path)?;
    if matches!(inspection.format, Format::Jpeg | Format::Heic | Format::Xmp) {
        return Err(DecodeError::Finished);
    }
    let file = std::fs::File::open(path).map_err(InspectError::from)?;
    let len = file.metadata().map_err(InspectError::from)?.len();
    if len > RAW_BYTES_MAX {
        return Err(DecodeError::TooLarge);
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len as usize).map_err(|_| DecodeError::OutOfMemory)?;
    file.take(len).read_to_end(&mut bytes).map_err(InspectError::from)?;
    // A raw without a picture of its own, or with a broken one, is developed all the same.
    let camera = camera_px.and_then(|px| camera_picture(path, &inspection, px).ok());
    Ok((raw::decode(bytes)?, camera))
}

#[cfg(target_os = "linux")]
fn hand_over(raw: raw::Decoded, camera: Option<Picture>, room: Option<u8>, to: &mut impl Write) -> io::Result<()> {
    let Some(number) = room else { return through_the_pipe(raw, camera, to) };
    let result = room_in_child(number, raw.samples()).map_err(|_| DecodeError::OutOfMemory);
    let result = result.and_then(|mut map| match bytemuck::try_cast_slice_mut(&mut map) {
        Ok(samples) => raw.copy_to(samples),
        Err(_) => Err(DecodeError::OutOfMemory),
    });
    reply(result, camera, to)
}

#[cfg(not(target_os = "linux"))]
fn hand_over(raw: raw::Decoded, camera: Option<Picture>, _room: Option<u8>, to: &mut impl Write) -> io::Result<()> {
    through_the_pipe(raw, camera, to)
}

fn reply(sensor: Result<raw::Sensor, DecodeError>, camera: Option<Picture>, to: &mut impl Write) -> io::Result<()> {
    let camera_size_px = camera.as_ref().map(|picture| (picture.width_px, picture.height_px));
    let body = camera.map(|picture| picture.rgb).unwrap_or_default();
    write_reply(to, &Reply::Decoded { sensor: sensor.map(Box::new), camera_size_px }, &body)
}

fn through_the_pipe(raw: raw::Decoded, camera: Option<Picture>, to: &mut impl Write) -> io::Result<()> {
    let mut samples = vec![0_u16; raw.samples()];
    let result = raw.copy_to(&mut samples);
    let came = result.is_ok();
    reply(result, camera, to)?;
    if came {
        to.write_all(bytemuck::cast_slice(&samples))?;
        to.flush()?;
    }
    Ok(())
}

fn rendered(path: &Path, spec: &ProofSpec, send: &mut dyn FnMut(Rendered)) -> Result<crate::RenderReport, RenderError> {
    // The pool's caller has had it inspected: reading all of a large JPEG once more would only cost time.
    let inspection = glance(path)?;
    render(path, &inspection, spec, send)
}
