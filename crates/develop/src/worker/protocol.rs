//! Frames on the pipes: a fixed prefix, a JSON header, bytes. Both sides refuse what is longer than it can ever be.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use model::Rung;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::caps::{Caps, Confinement};
use crate::{DecodeError, InspectError, Inspection, ProofSpec, RenderError, RenderReport, raw::Sensor};

const MAGIC: [u8; 4] = *b"BLWK";
const VERSION: u8 = 2;
/// Length of what stands before header and body: magic, version, kind, two zeros, both lengths (little-endian).
pub const PREFIX_BYTES: usize = 16;
/// Most bytes of a header: 32 previews and a camera's facts are some kilobytes.
const HEADER_BYTES_MAX: u32 = 256 * 1024;
/// Most bytes of a body: a JPEG of 2,048 px at its worst is about 3 MB, a path is shorter.
const BODY_BYTES_MAX: u32 = 32 << 20;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Request = 1,
    Reply = 2,
}

/// From parent to child. The body is the file's path.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// First of all, without path.
    Hello {
        caps: Caps,
        niceness: i32,
    },
    Inspect,
    Render {
        spec: ProofSpec,
    },
    /// A raw's samples, into the room of this number; by the pipe where there is none. With the camera's own picture, its
    /// longer side at least so long, if that is wanted.
    Decode {
        room: Option<u8>,
        camera_px: Option<u32>,
    },
}

/// From child to parent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    Ready {
        confinement: Confinement,
    },
    Inspected(Result<Inspection, InspectError>),
    /// The body is the JPEG.
    Rendered {
        rung: Rung,
        width_px: u32,
        height_px: u32,
        decoded_ms_ago: Option<u32>,
        thumbhash: Option<Vec<u8>>,
    },
    Finished(Result<RenderReport, RenderError>),
    /// The samples lie in the room; without one they follow this reply as they are, two bytes each, of this machine's order.
    /// The body is the camera's own picture, R G B, of this size.
    Decoded {
        sensor: Result<Box<Sensor>, DecodeError>,
        camera_size_px: Option<(u32, u32)>,
    },
}

/// What does not keep to the protocol.
#[derive(Debug, thiserror::Error)]
#[error("not a frame of this protocol: {0}")]
pub struct Malformed(&'static str);

impl From<Malformed> for io::Error {
    fn from(error: Malformed) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}

/// Lengths of header and body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    pub header: usize,
    pub body: usize,
}

/// Checks a prefix.
pub fn lengths(prefix: [u8; PREFIX_BYTES], kind: Kind) -> Result<Lengths, Malformed> {
    let [m0, m1, m2, m3, version, said, _, _, h0, h1, h2, h3, b0, b1, b2, b3] = prefix;
    let (header, body) = (u32::from_le_bytes([h0, h1, h2, h3]), u32::from_le_bytes([b0, b1, b2, b3]));
    if [m0, m1, m2, m3] != MAGIC || version != VERSION || said != kind as u8 {
        return Err(Malformed("wrong first bytes"));
    }
    if header > HEADER_BYTES_MAX || body > BODY_BYTES_MAX {
        return Err(Malformed("too long"));
    }
    Ok(Lengths { header: header as usize, body: body as usize })
}

/// Prefix and header of a frame; the body follows.
pub fn head<T: Serialize>(kind: Kind, header: &T, body_bytes: usize) -> Result<Vec<u8>, Malformed> {
    let json = serde_json::to_vec(header).map_err(|_| Malformed("no JSON"))?;
    let (header_len, body_len) = (json.len() as u64, body_bytes as u64);
    if header_len > HEADER_BYTES_MAX.into() || body_len > BODY_BYTES_MAX.into() {
        return Err(Malformed("too long"));
    }
    let mut head = Vec::with_capacity(PREFIX_BYTES + json.len());
    head.extend(MAGIC);
    head.extend([VERSION, kind as u8, 0, 0]);
    head.extend((header_len as u32).to_le_bytes());
    head.extend((body_len as u32).to_le_bytes());
    head.extend(json);
    Ok(head)
}

/// The header's value.
pub fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, Malformed> {
    serde_json::from_slice(json).map_err(|_| Malformed("an unreadable header"))
}

/// Reads a request; nothing at the input's end.
pub fn read_request(from: &mut impl Read) -> io::Result<Option<(Request, Vec<u8>)>> {
    let mut prefix = [0; PREFIX_BYTES];
    match from.read_exact(&mut prefix) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let lengths = lengths(prefix, Kind::Request)?;
    let (mut header, mut body) = (vec![0; lengths.header], vec![0; lengths.body]);
    from.read_exact(&mut header)?;
    from.read_exact(&mut body)?;
    Ok(Some((parse(&header)?, body)))
}

/// Writes a reply.
pub fn write_reply(to: &mut impl Write, reply: &Reply, body: &[u8]) -> io::Result<()> {
    to.write_all(&head(Kind::Reply, reply, body.len())?)?;
    to.write_all(body)?;
    to.flush()
}

/// A path as bytes: as it is on Unix, where it need not be text; nothing for a path that is no text elsewhere.
pub fn path_to_bytes(path: &Path) -> Option<Vec<u8>> {
    #[cfg(unix)]
    let bytes = Some(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec());
    #[cfg(not(unix))]
    let bytes = path.to_str().map(|text| text.as_bytes().to_vec());
    bytes
}

/// The path that these bytes mean.
pub fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    #[cfg(unix)]
    let path = Some(PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes)));
    #[cfg(not(unix))]
    let path = String::from_utf8(bytes).ok().map(PathBuf::from);
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_request_reads_back_and_hostile_lengths_are_refused() {
        let mut bytes = head(Kind::Request, &Request::Inspect, 5).unwrap();
        bytes.extend(b"/tmp/");
        let (request, body) = read_request(&mut bytes.as_slice()).unwrap().unwrap();
        assert!(matches!(request, Request::Inspect) && body == b"/tmp/");
        assert!(read_request(&mut &bytes[..0]).unwrap().is_none());
        assert!(read_request(&mut &bytes[..20]).is_err());
        for (at, value) in [(0, b'X'), (4, 9), (5, 2), (11, 0x7F), (15, 0x7F)] {
            let mut wrong = bytes.clone();
            wrong[at] = value;
            assert!(read_request(&mut wrong.as_slice()).is_err(), "byte {at}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read_request(&mut bytes.as_slice());
            let framed = [head(Kind::Request, &Request::Inspect, 0).unwrap(), bytes].concat();
            let _ = read_request(&mut framed.as_slice());
        }
    }
}
