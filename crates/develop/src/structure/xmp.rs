//! XMP sidecars: whole when the packet's root element is closed.

use crate::{InspectError, bytes::Source};

/// A sidecar is a few kilobytes; with masks of editors it may become some megabytes.
const BYTES_MAX: u64 = 32 << 20;
/// The root stands in the first bytes, after a byte order mark and the packet's or document's header.
const HEAD_BYTES: u64 = 1024;

/// Whether these first bytes look like an XMP packet.
pub fn is_xmp(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"<x:xmpmeta").is_some() || memchr::memmem::find(head, b"<rdf:RDF").is_some()
}

/// Proves that the packet's root is closed.
pub fn check<S: Source>(source: &mut S) -> Result<(), InspectError> {
    let len = source.len_bytes();
    if len > BYTES_MAX {
        return Err(InspectError::garbage("a sidecar of that size holds no settings"));
    }
    let head = source.take(0, HEAD_BYTES.min(len), "the sidecar")?;
    let close: &[u8] = if memchr::memmem::find(&head, b"<x:xmpmeta").is_some() {
        b"</x:xmpmeta>"
    } else if memchr::memmem::find(&head, b"<rdf:RDF").is_some() {
        b"</rdf:RDF>"
    } else if len < HEAD_BYTES && head.starts_with(b"<") {
        return Err(InspectError::truncated("the sidecar", len, len + 1));
    } else {
        return Err(InspectError::garbage("a sidecar without XMP in it"));
    };
    let text = source.take(0, len, "the sidecar")?;
    match memchr::memmem::rfind(&text, close) {
        Some(_) => Ok(()),
        None => Err(InspectError::truncated("the sidecar", len, len + close.len() as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::SliceSource;

    #[test]
    fn an_open_root_is_incomplete() {
        let whole =
            b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>";
        assert_eq!(check(&mut SliceSource(whole)), Ok(()));
        for len in 1..whole.len() {
            let cut = check(&mut SliceSource(&whole[..len]));
            assert!(cut.is_err_and(|error| error.is_incomplete()), "{len}");
        }
        assert!(check(&mut SliceSource(b"hello")).is_err_and(|error| !error.is_incomplete()));
    }
}
