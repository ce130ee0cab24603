//! A scene as a camera's JPEG: libjpeg-turbo for the pixels, our own segments before them.

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::exif::{ColourSpace, Exif};
use crate::scene::Scene;
use crate::{Error, enlarge, mpf};

/// Long side of the preview behind the picture.
pub(crate) const PREVIEW_PX: u32 = 1620;
/// Long side of the thumbnail that lies in the EXIF, as DCF has it.
const THUMBNAIL_PX: u32 = 160;
/// Most bytes of an ICC profile in one APP2 segment: 65,533 less the 14 of its own header.
const ICC_CHUNK_BYTES: usize = 65_519;

/// How much colour detail is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subsampling {
    /// All of it (4:4:4).
    Full,
    /// Half the columns (4:2:2), as most cameras write.
    #[default]
    Half,
    /// Half the columns and rows (4:2:0).
    Quarter,
}

/// How a JPEG is written.
#[derive(Clone, Copy, Debug)]
pub struct JpegOptions<'a> {
    /// 1 to 100.
    pub quality: u8,
    /// Chroma subsampling.
    pub subsampling: Subsampling,
    /// ICC profile to embed; the pixels are written as they are.
    pub icc: Option<&'a [u8]>,
    /// What EXIF says about the colours; the pixels are written as they are.
    pub colour_space: ColourSpace,
    /// Whether the EXIF holds a thumbnail.
    pub thumbnail: bool,
    /// Whether a preview of 1,620 px stands behind a picture that is larger than that, as Sony's and Nikon's cameras do it.
    pub preview: bool,
    /// Progressive instead of baseline: no camera, but many an app.
    pub progressive: bool,
}

impl Default for JpegOptions<'_> {
    fn default() -> Self {
        Self {
            quality: 93,
            subsampling: Subsampling::Half,
            icc: None,
            colour_space: ColourSpace::Srgb,
            thumbnail: true,
            preview: true,
            progressive: false,
        }
    }
}

/// The bytes of a camera's JPEG of `scene`, whose pixels are stored as `exif.orientation` says (see [`crate::oriented`]).
pub fn jpeg(scene: &Scene, exif: &Exif, options: JpegOptions) -> Result<Vec<u8>, Error> {
    let thumbnail = if options.thumbnail { thumbnail(scene)? } else { Vec::new() };
    let body = bare(scene, options.quality, options.subsampling, options.progressive)?;
    let tiff = exif.tiff(scene.width_px, scene.height_px, options.colour_space, &thumbnail);
    let mut out = Vec::with_capacity(body.len() + tiff.len() + 8192);
    out.extend([0xFF, 0xD8]);
    segment(&mut out, 0xE1, &[b"Exif\0\0", tiff.as_slice()]);
    let icc = icc_segments(options.icc.unwrap_or_default());
    let picture = without_jfif(&body);
    let wanted = options.preview && scene.width_px.max(scene.height_px) > PREVIEW_PX;
    let preview = if wanted { preview(scene)? } else { Vec::new() };
    if wanted {
        let block_at = out.len() as u32 + mpf::BLOCK_FROM_MARKER;
        let list = |own_bytes: usize| mpf::body(own_bytes as u32, block_at, preview.len() as u32);
        // The list's length does not depend on what it says.
        let own_bytes = out.len() + 4 + list(0).len() + icc.len() + picture.len();
        segment(&mut out, 0xE2, &[&list(own_bytes)]);
    }
    out.extend(icc);
    out.extend_from_slice(picture);
    out.extend(preview);
    Ok(out)
}

fn icc_segments(profile: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let chunks: Vec<&[u8]> = profile.chunks(ICC_CHUNK_BYTES).take(255).collect();
    for (n, chunk) in chunks.iter().enumerate() {
        segment(&mut out, 0xE2, &[b"ICC_PROFILE\0", &[n as u8 + 1, chunks.len() as u8], chunk]);
    }
    out
}

/// The same picture at a screen's size, stored the same way round.
fn preview(scene: &Scene) -> Result<Vec<u8>, Error> {
    bare(&enlarge::reduced(scene, PREVIEW_PX), 88, Subsampling::Half, false)
}

/// The pixels alone, as libjpeg-turbo writes them.
pub(crate) fn bare(scene: &Scene, quality: u8, subsampling: Subsampling, progressive: bool) -> Result<Vec<u8>, Error> {
    let (width, height) = (scene.width_px as usize, scene.height_px as usize);
    if width == 0 || height == 0 || scene.rgb.len() != width * height * 3 {
        return Err(Error::Size { width_px: scene.width_px, height_px: scene.height_px });
    }
    let mut compressor = Compressor::new()?;
    compressor.set_quality(i32::from(quality.clamp(1, 100)))?;
    compressor.set_progressive(progressive)?;
    compressor.set_subsamp(match subsampling {
        Subsampling::Full => Subsamp::None,
        Subsampling::Half => Subsamp::Sub2x1,
        Subsampling::Quarter => Subsamp::Sub2x2,
    })?;
    let image = Image { pixels: scene.rgb.as_slice(), width, pitch: width * 3, height, format: PixelFormat::RGB };
    Ok(compressor.compress_to_vec(image)?)
}

/// A JPEG small enough to share the 64 KiB of APP1 with the tags.
fn thumbnail(scene: &Scene) -> Result<Vec<u8>, Error> {
    bare(&enlarge::reduced(scene, THUMBNAIL_PX), 80, Subsampling::Quarter, false)
}

/// One marker segment; parts beyond its 64 KiB are cut, which no caller comes near.
pub(crate) fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let len = parts.iter().map(|part| part.len()).sum::<usize>().min(65_533);
    out.extend([0xFF, marker]);
    out.extend(((len + 2) as u16).to_be_bytes());
    out.extend(parts.iter().flat_map(|part| part.iter().copied()).take(len));
}

/// What follows SOI and libjpeg's own APP0: cameras write EXIF in its place.
fn without_jfif(jpeg: &[u8]) -> &[u8] {
    match jpeg {
        [0xFF, 0xD8, 0xFF, 0xE0, high, low, ..] => {
            let len = usize::from(u16::from_be_bytes([*high, *low]));
            jpeg.get(4 + len..).unwrap_or_default()
        }
        _ => jpeg.get(2..).unwrap_or_default(),
    }
}
