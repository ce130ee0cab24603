//! Proofs of one file: pick the camera's picture, decode, turn, convert, shrink, mark, encode.

use std::{path::Path, time::Instant};

use model::{Orientation, Rung};
use serde::{Deserialize, Serialize};

use crate::{
    EmbeddedPreview, Format, Inspection, RenderError,
    bytes::FileSource,
    colour::Colours,
    jpeg::{self, Picture},
    load::{Loaded, Stored},
    mark, orient, resize,
};

/// JPEG quality of what fills a screen, and of tiles.
const QUALITY: i32 = 80;
const THUMB_QUALITY: i32 = 66;
/// Largest side that thumbhash takes.
const HASH_PX: u32 = 100;

/// What to make of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofSpec {
    /// Burned in across the picture.
    pub event_name: String,
    /// Burned in, small: `DSC_0417`.
    pub frame_name: String,
    /// What is wanted; `final` is not made here.
    pub rungs: Vec<Rung>,
    /// Version of the way proofs are made.
    pub recipe_version: u32,
}

impl ProofSpec {
    /// What decides how the result looks, as bytes: the same whichever rungs are wanted now. To be hashed together with what
    /// names the original.
    pub fn key(&self) -> Vec<u8> {
        let mut key = b"proof\0".to_vec();
        key.extend(self.recipe_version.to_be_bytes());
        for name in [&self.event_name, &self.frame_name] {
            key.extend((name.len() as u64).to_be_bytes());
            key.extend(name.as_bytes());
        }
        key
    }
}

/// One derivative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Which one.
    pub rung: Rung,
    /// Its bytes.
    pub jpeg: Vec<u8>,
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// With the first derivative: how long ago the camera's picture was decoded, ms.
    pub decoded_ms_ago: Option<u32>,
    /// With the thumb: its thumbhash, from the picture without mark.
    pub thumbhash: Option<Vec<u8>>,
}

/// Where the time went, µs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTimes {
    /// Reading the picture's bytes and its head.
    pub read_us: u64,
    /// Decoding.
    pub decode_us: u64,
    /// Shrinking, all rungs.
    pub resize_us: u64,
    /// Turning upright, all rungs.
    pub orient_us: u64,
    /// Converting colours, all rungs.
    pub colour_us: u64,
    /// Burning in the mark, both proofs.
    pub mark_us: u64,
    /// Encoding, all rungs.
    pub encode_us: u64,
    /// From the call until both proofs were handed over.
    pub proofs_us: u64,
    /// From the call to its return.
    pub total_us: u64,
}

/// What was made, and from what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderReport {
    /// Of the picture without mark.
    pub thumbhash: Vec<u8>,
    /// Columns of the camera's largest picture, upright.
    pub source_width_px: u32,
    /// Its rows, upright.
    pub source_height_px: u32,
    /// Where the time went.
    pub stages: StageTimes,
}

/// Makes the derivatives of `spec` and hands each one over as soon as it is there: screen, thumb, then large.
pub fn render(
    path: &Path,
    inspection: &Inspection,
    spec: &ProofSpec,
    sink: &mut dyn FnMut(Rendered),
) -> Result<RenderReport, RenderError> {
    let started = Instant::now();
    let largest = largest(inspection)?;
    let mut file = FileSource::open(path)?;
    let mut run = Run { spec, sink, started, decoded: None, handed_over: false, report: RenderReport::default() };
    for (preview, rungs) in passes(&inspection.previews, largest, &spec.rungs) {
        let stored = run.decode(&mut file, inspection, preview, &rungs)?;
        if preview.offset == largest.offset {
            let turned = stored.orientation.swaps_axes();
            let (width, height) = (preview.width_px, preview.height_px);
            (run.report.source_width_px, run.report.source_height_px) =
                if turned { (height, width) } else { (width, height) };
        }
        run.rungs(&stored, &rungs)?;
    }
    if run.report.source_width_px == 0 {
        (run.report.source_width_px, run.report.source_height_px) = upright_size(largest, inspection.facts.orientation);
    }
    run.report.stages.total_us = micros(started);
    Ok(run.report)
}

/// The camera's own picture, small: upright, in sRGB, its longer side at most `long_px`. From the smallest preview that is
/// large enough and shows what the largest shows.
pub(crate) fn camera_picture(path: &Path, inspection: &Inspection, long_px: u32) -> Result<Picture, RenderError> {
    let largest = largest(inspection)?;
    let mut file = FileSource::open(path)?;
    let preview = source_for(&inspection.previews, largest, long_px);
    let Stored { picture, orientation, colours } = Loaded::read(&mut file, inspection, preview)?.decode(long_px)?;
    let small = resize::resized(&picture, resize::fitted(picture.width_px, picture.height_px, long_px))?;
    let mut upright = orient::upright(small, orientation);
    colours.to_srgb(&mut upright);
    Ok(upright)
}

/// The derivatives of a picture that is finished but for its size and mark: a developed raw. Upright, in sRGB.
pub(crate) fn proofs_of(
    picture: Picture,
    spec: &ProofSpec,
    sink: &mut dyn FnMut(Rendered),
) -> Result<RenderReport, RenderError> {
    let started = Instant::now();
    let mut report = RenderReport::default();
    (report.source_width_px, report.source_height_px) = (picture.width_px, picture.height_px);
    let mut run = Run { spec, sink, started, decoded: Some(started), handed_over: false, report };
    let wanted = [Rung::Screen, Rung::Thumb, Rung::Large].into_iter().filter(|rung| spec.rungs.contains(rung));
    let stored = Stored { picture, orientation: Orientation::UPRIGHT, colours: Colours::Srgb };
    run.rungs(&stored, &wanted.collect::<Vec<_>>())?;
    run.report.stages.total_us = micros(started);
    Ok(run.report)
}

fn micros(since: Instant) -> u64 {
    since.elapsed().as_micros() as u64
}

fn upright_size(preview: EmbeddedPreview, orientation: Orientation) -> (u32, u32) {
    let (width, height) = (preview.width_px, preview.height_px);
    if orientation.swaps_axes() { (height, width) } else { (width, height) }
}

fn largest(inspection: &Inspection) -> Result<EmbeddedPreview, RenderError> {
    match (inspection.format, inspection.previews.first()) {
        (Format::Xmp, _) => Err(RenderError::NoPicture),
        (_, None) => Err(RenderError::NoEmbeddedPreview),
        (_, Some(preview)) => Ok(*preview),
    }
}

/// Which preview serves which rungs: proofs together from the smallest one that is large enough for them, so that guests
/// need not wait for 45 MP; then `large`, from the same one if it suffices.
fn passes(previews: &[EmbeddedPreview], largest: EmbeddedPreview, rungs: &[Rung]) -> Vec<(EmbeddedPreview, Vec<Rung>)> {
    let long = |preview: &EmbeddedPreview| preview.width_px.max(preview.height_px);
    let source_for = |rungs: &[Rung]| {
        let wanted = rungs.iter().filter_map(|rung| rung.long_edge_px()).max().unwrap_or(0);
        source_for(previews, largest, wanted)
    };
    let wanted = |rung: &Rung| rungs.contains(rung);
    let proofs: Vec<Rung> = [Rung::Screen, Rung::Thumb].into_iter().filter(wanted).collect();
    let large: Vec<Rung> = [Rung::Large].into_iter().filter(wanted).collect();
    let (for_proofs, for_large) = (source_for(&proofs), source_for(&large));
    if for_proofs.offset == for_large.offset || proofs.is_empty() || large.is_empty() {
        let source = if proofs.is_empty() { for_large } else { for_proofs };
        return vec![(source, [proofs, large].concat())];
    }
    // One decode of a picture that serves all is cheaper than two, unless the small one saves much.
    if u64::from(long(&for_proofs)) * 2 > u64::from(long(&for_large)) {
        return vec![(for_large, [proofs, large].concat())];
    }
    vec![(for_proofs, proofs), (for_large, large)]
}

/// The smallest preview whose longer side is `long_px` or more and that shows what the largest shows; else the largest.
fn source_for(previews: &[EmbeddedPreview], largest: EmbeddedPreview, long_px: u32) -> EmbeddedPreview {
    let long = |preview: &EmbeddedPreview| preview.width_px.max(preview.height_px);
    // Thumbnails with black bars have another shape than the picture.
    let shape = |preview: &EmbeddedPreview| preview.width_px as f32 / preview.height_px as f32;
    let same_shape = |preview: &&EmbeddedPreview| (shape(preview) / shape(&largest) - 1.0).abs() < 0.02;
    let enough = previews.iter().filter(|preview| long(preview) >= long_px).filter(same_shape);
    enough.min_by_key(|preview| long(preview)).copied().unwrap_or(largest)
}

struct Run<'a> {
    spec: &'a ProofSpec,
    sink: &'a mut dyn FnMut(Rendered),
    started: Instant,
    decoded: Option<Instant>,
    handed_over: bool,
    report: RenderReport,
}

impl Run<'_> {
    fn timed<T>(&mut self, stage: fn(&mut StageTimes) -> &mut u64, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        *stage(&mut self.report.stages) += micros(started);
        result
    }

    fn decode(
        &mut self,
        file: &mut FileSource,
        inspection: &Inspection,
        preview: EmbeddedPreview,
        rungs: &[Rung],
    ) -> Result<Stored, RenderError> {
        let loaded = self.timed(|stages| &mut stages.read_us, || Loaded::read(file, inspection, preview))?;
        let wanted_px = rungs.iter().filter_map(|rung| rung.long_edge_px()).max().unwrap_or(1);
        let stored = self.timed(|stages| &mut stages.decode_us, || loaded.decode(wanted_px))?;
        self.decoded.get_or_insert_with(Instant::now);
        Ok(stored)
    }

    /// Screen first, thumb from the screen's pixels, then large.
    fn rungs(&mut self, stored: &Stored, rungs: &[Rung]) -> Result<(), RenderError> {
        let mut smaller: Option<Picture> = None;
        for rung in rungs {
            let long_px = rung.long_edge_px().unwrap_or(u32::MAX);
            let plain = match smaller.take().filter(|_| *rung == Rung::Thumb) {
                Some(screen) => self.shrunk(&screen, long_px)?,
                None => self.finished(stored, long_px)?,
            };
            self.hand_over(*rung, &plain)?;
            smaller = Some(plain);
        }
        Ok(())
    }

    fn shrunk(&mut self, picture: &Picture, long_px: u32) -> Result<Picture, RenderError> {
        let size = resize::fitted(picture.width_px, picture.height_px, long_px);
        self.timed(|stages| &mut stages.resize_us, || resize::resized(picture, size))
    }

    /// Shrunk, upright, in sRGB.
    fn finished(&mut self, stored: &Stored, long_px: u32) -> Result<Picture, RenderError> {
        let small = self.shrunk(&stored.picture, long_px)?;
        let mut upright = self.timed(|stages| &mut stages.orient_us, || orient::upright(small, stored.orientation));
        self.timed(|stages| &mut stages.colour_us, || stored.colours.to_srgb(&mut upright));
        Ok(upright)
    }

    fn hand_over(&mut self, rung: Rung, plain: &Picture) -> Result<(), RenderError> {
        let spec = self.spec;
        let thumbhash =
            (rung == Rung::Thumb).then(|| self.shrunk(plain, HASH_PX).map(|tiny| thumbhash(&tiny))).transpose()?;
        let quality = if rung == Rung::Thumb { THUMB_QUALITY } else { QUALITY };
        let jpeg = if rung.is_proof() {
            let mut marked = plain.clone();
            self.timed(|stages| &mut stages.mark_us, || mark::burn(&mut marked, &spec.event_name, &spec.frame_name))?;
            self.timed(|stages| &mut stages.encode_us, || jpeg::encode(&marked, quality))?
        } else {
            self.timed(|stages| &mut stages.encode_us, || jpeg::encode(plain, quality))?
        };
        // Guests wait for the first one: that of `large`, decoded behind it, is no stage of a frame.
        let first = !std::mem::replace(&mut self.handed_over, true);
        let decoded_ms_ago = self.decoded.filter(|_| first).map(|decoded| decoded.elapsed().as_millis() as u32);
        if let Some(hash) = &thumbhash {
            self.report.thumbhash.clone_from(hash);
        }
        let (width_px, height_px) = (plain.width_px, plain.height_px);
        (self.sink)(Rendered { rung, jpeg, width_px, height_px, decoded_ms_ago, thumbhash });
        if rung.is_proof() {
            self.report.stages.proofs_us = micros(self.started);
        }
        Ok(())
    }
}

fn thumbhash(picture: &Picture) -> Vec<u8> {
    let rgba: Vec<u8> = picture.rgb.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
    thumbhash::rgba_to_thumb_hash(picture.width_px as usize, picture.height_px as usize, &rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(offset: u64, width_px: u32, height_px: u32) -> EmbeddedPreview {
        EmbeddedPreview { offset, len: 1, width_px, height_px, item: None }
    }

    #[test]
    fn proofs_do_not_wait_for_a_full_size_picture() {
        let (full, middle, barred) = (preview(1, 8256, 5504), preview(2, 1620, 1080), preview(3, 160, 120));
        let all = [Rung::Thumb, Rung::Screen, Rung::Large];
        let two = passes(&[full, middle, barred], full, &all);
        assert_eq!(two, [(middle, vec![Rung::Screen, Rung::Thumb]), (full, vec![Rung::Large])]);
        let one = passes(&[middle, barred], middle, &all);
        assert_eq!(one, [(middle, vec![Rung::Screen, Rung::Thumb, Rung::Large])]);
        assert_eq!(passes(&[full, barred], full, &[Rung::Thumb]), [(full, vec![Rung::Thumb])]);
    }

    #[test]
    fn keys_follow_what_decides_the_picture() {
        let spec = ProofSpec {
            event_name: "Market".into(),
            frame_name: "A".into(),
            rungs: vec![Rung::Thumb, Rung::Screen],
            recipe_version: 1,
        };
        let large = ProofSpec { rungs: vec![Rung::Large], ..spec.clone() };
        assert_eq!(spec.key(), large.key(), "all rungs of a frame lie under one version");
        let shifted = ProofSpec { event_name: "MarketA".into(), frame_name: String::new(), ..spec.clone() };
        assert_ne!(spec.key(), shifted.key());
        assert_ne!(spec.key(), ProofSpec { recipe_version: 2, ..spec.clone() }.key());
    }
}
