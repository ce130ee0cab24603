//! The preview that cameras put behind a JPEG's own picture (MPF, CIPA DC-007).
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use develop::{InspectError, Inspection, SliceSource, inspect_source};
use model::Rung;
use rehearsal::{ColourSpace, Exif, JpegOptions, draw, icc, oriented};
use support::{Dice, Pixels, all_rendered, cut};

/// TIFF header, a directory of three entries, two pictures of 16 bytes.
const LIST_BYTES: usize = 8 + 2 + 3 * 12 + 4 + 2 * 16;
/// Long edge of the generator's preview, px.
const PREVIEW_PX: u32 = 1620;

fn exif() -> Exif {
    Exif::at(jiff::civil::date(2026, 11, 24).at(19, 5, 9, 0), Some(60))
}

fn photo(options: JpegOptions<'_>) -> Vec<u8> {
    rehearsal::jpeg(&draw(3, 2400, 1600), &exif(), options).unwrap()
}

fn inspected(bytes: &[u8]) -> Inspection {
    inspect_source(&mut SliceSource(bytes), "jpg").unwrap()
}

fn rendered(bytes: &[u8], rungs: &[Rung]) -> (Vec<develop::Rendered>, develop::RenderReport) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("A.JPG");
    std::fs::write(&path, bytes).unwrap();
    all_rendered(&path, rungs)
}

#[test]
fn both_pictures_are_found_and_the_small_one_serves_proofs() {
    let with = photo(JpegOptions::default());
    let found = inspected(&with);
    let sizes: Vec<_> = found.previews.iter().map(|preview| (preview.width_px, preview.height_px)).collect();
    assert_eq!(sizes, [(2400, 1600), (PREVIEW_PX, 1080)]);
    // A mark of another picture where the camera's preview stands: the proof shows which one it was made from.
    let place = found.previews[1];
    let other = Pixels::from_scene(&draw(99, PREVIEW_PX, 1080)).to_jpeg_of(60);
    assert!(other.len() <= place.len as usize, "the stand-in must fit: {} > {}", other.len(), place.len);
    let mut swapped = with.clone();
    swapped[place.offset as usize..][..other.len()].copy_from_slice(&other);
    let (all, report) = rendered(&swapped, &[Rung::Screen, Rung::Thumb]);
    let screen = Pixels::from_jpeg(&all[0].jpeg);
    let near = |seed| {
        let drawing = Pixels::from_scene(&draw(seed, 2400, 1600)).shrunk(screen.width, screen.height);
        screen.mean_difference(&drawing)
    };
    assert!(near(99) < near(3) / 2.0, "{} {}", near(99), near(3));
    assert_eq!((report.source_width_px, report.source_height_px), (2400, 1600), "the frame's size is the photo's");
    // `large` is larger than the preview, and comes from the photo.
    let (large, _) = rendered(&swapped, &[Rung::Large]);
    assert_eq!((large[0].width_px, large[0].height_px), (2048, 1365));
    let large = Pixels::from_jpeg(&large[0].jpeg);
    let drawing = Pixels::from_scene(&draw(3, 2400, 1600)).shrunk(large.width, large.height);
    assert!(large.mean_difference(&drawing) < 6.0, "{}", large.mean_difference(&drawing));
}

#[test]
fn a_preview_that_is_cut_is_still_on_its_way() {
    let whole = photo(JpegOptions::default());
    let own = inspected(&whole).previews[0].len as usize;
    for len in [own + 1, own + 1000, whole.len() / 2 + own / 2, whole.len() - 1] {
        let error = cut(&whole, "a.jpg", len);
        assert!(error.is_incomplete(), "{len} of {}: {error}", whole.len());
    }
    // An editor that keeps the list and drops the preview leaves a whole picture.
    let edited = inspected(&whole[..own]);
    assert_eq!(edited.previews.len(), 1);
}

#[test]
fn colours_and_orientation_of_the_photo_hold_for_its_preview() {
    let profile = icc::adobe_rgb();
    for turned in [1, 6, 8] {
        let scene = draw(3, 2400, 1600);
        let stored = oriented(&scene, turned);
        let exif = exif().with_orientation(turned);
        let options =
            JpegOptions { icc: Some(&profile), colour_space: ColourSpace::AdobeRgb, ..JpegOptions::default() };
        let adobe = rehearsal::jpeg(&stored, &exif, options).unwrap();
        // The same photo without a preview: what its proofs must look like.
        let alone = rehearsal::jpeg(&stored, &exif, JpegOptions { preview: false, ..options }).unwrap();
        assert_eq!((inspected(&adobe).previews.len(), inspected(&alone).previews.len()), (2, 1));
        let (one, other) = (rendered(&adobe, &[Rung::Thumb]).0, rendered(&alone, &[Rung::Thumb]).0);
        let (one, other) = (Pixels::from_jpeg(&one[0].jpeg), Pixels::from_jpeg(&other[0].jpeg));
        assert!(one.mean_difference(&other) < 3.0, "orientation {turned}: {}", one.mean_difference(&other));
        assert!(one.upside_down().mean_difference(&other) > 20.0);
    }
}

#[test]
fn a_list_of_nonsense_refuses_no_photo_and_breaks_nothing() {
    let whole = photo(JpegOptions::default());
    let list = whole.windows(4).position(|four| four == b"MPF\0").unwrap();
    let own = inspected(&whole).previews[0].len as usize;
    let mut dice = Dice(1);
    let mut odd = 0;
    for round in 0..300 {
        let mut changed = whole.clone();
        for _ in 0..=round % 6 {
            changed[list + 4 + dice.roll(LIST_BYTES)] = dice.roll(256) as u8;
        }
        match inspect_source(&mut SliceSource(&changed), "jpg") {
            Ok(found) => {
                assert_eq!(found.previews[0].len as usize, own, "round {round}: the photo itself is there");
                odd += usize::from(found.previews.len() != 2);
            }
            // A preview that would end behind the file looks like one on its way.
            Err(InspectError::Truncated { .. }) => odd += 1,
            Err(error) => panic!("round {round}: {error}"),
        }
    }
    assert!(odd >= 50, "only {odd} of 300 lists were nonsense");
}
