//! A file's finished picture into memory, and how to read it: its own orientation and colours, else those of the file around.

use model::Orientation;

use crate::{
    EmbeddedPreview, Format, InspectError, Inspection, RenderError,
    bytes::{FileSource, SliceSource, Source},
    colour::Colours,
    exif, heif, inspect,
    jpeg::{self, Picture},
    structure::{
        self,
        jpeg::{Depth, icc_profile, walk},
    },
};

/// Bytes of a JPEG that is decoded; a 150 MP camera writes 80 MB.
const JPEG_BYTES_MAX: u64 = 256 << 20;

/// A picture that waits for its decoder.
pub enum Loaded {
    /// A JPEG.
    Jpeg(Vec<u8>, Orientation, Colours),
    /// An item of a HEIF file.
    Heif(Box<heif::Loaded>, Orientation),
}

/// A decoded picture as it was stored.
pub struct Stored {
    pub picture: Picture,
    pub orientation: Orientation,
    pub colours: Colours,
}

impl Loaded {
    /// Reads the bytes of one of the file's pictures.
    pub fn read(file: &mut FileSource, inspection: &Inspection, preview: EmbeddedPreview) -> Result<Self, RenderError> {
        match preview.item {
            None => read_jpeg(file, inspection, preview),
            Some(item) => read_heif(file, item),
        }
    }

    /// Decodes to the smallest size that costs nothing more and whose longer side is at least `long_edge_px`.
    pub fn decode(self, long_edge_px: u32) -> Result<Stored, RenderError> {
        match self {
            Self::Jpeg(bytes, orientation, colours) => {
                Ok(Stored { picture: jpeg::decode(&bytes, long_edge_px)?, orientation, colours })
            }
            Self::Heif(loaded, orientation) => {
                let (picture, colours) = heif::decode(&loaded, long_edge_px)?;
                Ok(Stored { picture, orientation, colours })
            }
        }
    }
}

fn read_jpeg(file: &mut FileSource, inspection: &Inspection, preview: EmbeddedPreview) -> Result<Loaded, RenderError> {
    if preview.len > JPEG_BYTES_MAX {
        return Err(RenderError::File(InspectError::garbage("a JPEG of impossible length")));
    }
    file.check(preview.offset, preview.len, "the camera's preview")?;
    let mut bytes = vec![0; preview.len as usize];
    file.fill(preview.offset, &mut bytes)?;
    let mut source = SliceSource(&bytes);
    let map = walk(&mut source, 0, preview.len, Depth::Head)?;
    let own = inspect::jpeg_tags(&mut source, &map);
    let orientation = exif::orientation(&own).unwrap_or(inspection.facts.orientation);
    let (icc, space) = match (icc_profile(&mut source, &map), exif::colour_space(&own)) {
        // The preview says nothing itself, and is not the file's own picture.
        (None, None) if inspection.format != Format::Jpeg || preview.offset > 0 => {
            colours_around(file, inspection.format)
        }
        own => own,
    };
    Ok(Loaded::Jpeg(bytes, orientation, Colours::of(icc.as_deref(), space)))
}

fn read_heif(file: &mut FileSource, item: u32) -> Result<Loaded, RenderError> {
    let heif = structure::heif::walk(file)?;
    let tags = inspect::heif_tags(file, &heif);
    let coded = heif.pictures.into_iter().find(|picture| picture.item == item).ok_or(RenderError::NoPicture)?;
    let orientation = coded.orientation.or_else(|| exif::orientation(&tags)).unwrap_or_default();
    Ok(Loaded::Heif(Box::new(heif::load(file, coded, exif::colour_space(&tags))?), orientation))
}

/// What the file around a preview says about colours.
fn colours_around(file: &mut FileSource, format: Format) -> (Option<Vec<u8>>, Option<exif::ColourSpace>) {
    if format != Format::Jpeg {
        return (None, inspect::read(file, "").ok().and_then(|(_, tags)| exif::colour_space(&tags)));
    }
    let len = file.len_bytes();
    let Ok(map) = walk(file, 0, len, Depth::Head) else { return (None, None) };
    (icc_profile(file, &map), exif::colour_space(&inspect::jpeg_tags(file, &map)))
}
