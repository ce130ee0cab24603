//! Fujifilm RAF: a header with the places of its three parts, numbers big-endian.

use crate::{InspectError, bytes::Source};

/// The first bytes of every RAF.
pub const MAGIC: &[u8] = b"FUJIFILMCCD-RAW ";
/// Where the header names offset and length of the JPEG, of the sensor's header and of the sensor's data.
const PARTS_AT: u64 = 84;

/// Place of the camera's JPEG (offset, length); errs unless all parts lie inside the file.
pub fn walk<S: Source>(source: &mut S) -> Result<(u64, u64), InspectError> {
    let parts: [u8; 24] = source.array(PARTS_AT, "the raw's header")?;
    let number = |n: usize| {
        let bytes = parts.get(n * 4..n * 4 + 4).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        u64::from(u32::from_be_bytes(bytes))
    };
    let [jpeg, _, sensor] = [
        (number(0), number(1), "the camera's JPEG"),
        (number(2), number(3), "the sensor's header"),
        (number(4), number(5), "the sensor's data"),
    ]
    .map(|(at, len, what)| source.check(at, len, what).map(|()| (at, len)));
    let (jpeg, (sensor_at, sensor_len)) = (jpeg?, sensor?);
    if sensor_at == 0 || sensor_len == 0 {
        return Err(InspectError::garbage("a raw without the sensor's data"));
    }
    Ok(jpeg)
}
