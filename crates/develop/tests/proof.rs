//! Proofs of real and drawn pictures: upright, in the right colours, marked where they must be.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use develop::{RenderError, inspect, render};
use model::Rung;
use moxcms::ColorProfile;
use rehearsal::{ColourSpace, JpegOptions, icc, oriented};
use support::{
    Pixels, all_rendered, ciede2000,
    drawn::{DNG_24MP, DNG_FULL, DNG_PORTRAIT, DNG_SMALL, JPEG_24MP, JPEG_PORTRAIT, ORIENTED},
    recoloured, rendered, sample, spec, with_segments,
};

const ALL: [Rung; 3] = [Rung::Thumb, Rung::Large, Rung::Screen];

#[test]
fn proofs_come_first_and_nothing_is_enlarged() {
    let path = |drawn: &support::drawn::Drawn| drawn.path().to_owned();
    let cases = [
        (sample("_DSC2164.ARW"), [(1200, 802), (360, 241), (1616, 1080)]),
        (sample("test_raw.cr2"), [(1200, 900), (360, 270), (1600, 1200)]),
        (path(&JPEG_24MP), [(1200, 800), (360, 240), (2048, 1365)]),
        (path(&JPEG_PORTRAIT), [(800, 1200), (240, 360), (1365, 2048)]),
        (path(&DNG_24MP), [(1200, 800), (360, 240), (1620, 1080)]),
        (path(&DNG_FULL), [(1200, 800), (360, 240), (2048, 1365)]),
        (path(&DNG_PORTRAIT), [(800, 1200), (240, 360), (1080, 1620)]),
        (path(&DNG_SMALL), [(382, 510), (270, 360), (382, 510)]),
    ];
    for (path, sizes) in cases {
        let name = path.display();
        let (all, report) = all_rendered(&path, &ALL);
        let found: Vec<_> = all.iter().map(|one| (one.rung, (one.width_px, one.height_px))).collect();
        let rungs = [Rung::Screen, Rung::Thumb, Rung::Large];
        assert_eq!(found, rungs.into_iter().zip(sizes).collect::<Vec<_>>(), "{name}");
        for one in &all {
            let pixels = Pixels::from_jpeg(&one.jpeg);
            assert_eq!((pixels.width as u32, pixels.height as u32), (one.width_px, one.height_px), "{name}");
            assert_eq!(one.decoded_ms_ago.is_some(), one.rung == Rung::Screen);
            assert!(one.rung != Rung::Thumb || one.thumbhash.as_ref() == Some(&report.thumbhash));
        }
        assert!((20..=30).contains(&report.thumbhash.len()), "{name}: {:?}", report.thumbhash);
        let source = (report.source_width_px, report.source_height_px);
        assert_eq!(source.0 > source.1, sizes[0].0 > sizes[0].1, "{name}: {source:?}");
    }
}

#[test]
fn proofs_carry_no_metadata() {
    let profile = icc::adobe_rgb();
    let options = JpegOptions { icc: Some(&profile), colour_space: ColourSpace::AdobeRgb, ..JpegOptions::default() };
    let jpeg = rehearsal::jpeg(&rehearsal::draw(8, 1800, 1200), &JPEG_24MP.exif(), options).unwrap();
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>".to_vec();
    let jpeg = with_segments(&jpeg, &[(0xE1, xmp), (0xFE, b"a comment".to_vec())]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("talkative.jpg");
    std::fs::write(&path, &jpeg).unwrap();
    let (all, _) = all_rendered(&path, &ALL);
    for secret in
        [&b"Exif"[..], b"Boothlight", b"Rehearsal", b"BLR1-00042", b"ICC_PROFILE", b"http", b"a comment", b"MPF"]
    {
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        assert!(holds(&jpeg), "the original says {}", secret.escape_ascii());
        for one in &all {
            assert!(!holds(&one.jpeg), "{} says {}", one.rung, secret.escape_ascii());
        }
    }
}

#[test]
fn a_raw_without_preview_says_so() {
    let path = sample("tinydng_colorchart.dng");
    let inspection = inspect(&path).unwrap();
    let result = render(&path, &inspection, &spec(&ALL), &mut |_| panic!("nothing can be made"));
    assert_eq!(result, Err(RenderError::NoEmbeddedPreview));
}

#[test]
fn all_eight_orientations_come_out_upright_and_the_same() {
    let plain = |n: usize| Pixels::from_jpeg(&rendered(ORIENTED[n - 1].path(), Rung::Large).jpeg);
    let first = plain(1);
    let drawing = Pixels::from_scene(&ORIENTED[0].scene());
    assert_eq!((first.width, first.height), (1800, 1200));
    assert!(first.mean_difference(&drawing) < 6.0, "{}", first.mean_difference(&drawing));
    assert!(first.mean_difference(&first.upside_down()) > 20.0, "a turn by mistake would be seen");
    for n in 2..=8 {
        let stored = inspect(ORIENTED[n - 1].path()).unwrap();
        assert_eq!(usize::from(stored.facts.orientation.value()), n);
        // Each of the eight was compressed on its own.
        let difference = plain(n).mean_difference(&first);
        assert!(difference < 4.0, "orientation {n}: {difference}");
    }
}

#[test]
fn marked_proofs_of_all_eight_orientations_are_the_same_too() {
    let marked = |n: usize| {
        let (all, report) = all_rendered(ORIENTED[n - 1].path(), &[Rung::Screen, Rung::Thumb]);
        assert_eq!((report.source_width_px, report.source_height_px), (1800, 1200), "orientation {n}");
        all.iter().map(|one| Pixels::from_jpeg(&one.jpeg)).collect::<Vec<_>>()
    };
    let first = marked(1);
    for n in 2..=8 {
        for (one, other) in marked(n).iter().zip(&first) {
            let difference = one.mean_difference(other);
            assert!(difference < 4.0, "orientation {n}, {} px: {difference}", one.width);
        }
    }
}

#[test]
fn a_raws_preview_without_orientation_takes_the_raws() {
    let inspection = inspect(DNG_PORTRAIT.path()).unwrap();
    let place = inspection.previews[0];
    assert_eq!((place.width_px, place.height_px, inspection.facts.orientation.value()), (1620, 1080, 8));
    let large = rendered(DNG_PORTRAIT.path(), Rung::Large);
    assert_eq!((large.width_px, large.height_px), (1080, 1620));
    // Nothing but turned: the stored preview, turned back by the generator (6 undoes 8).
    let bytes = std::fs::read(DNG_PORTRAIT.path()).unwrap();
    let stored = Pixels::from_jpeg(&bytes[place.offset as usize..][..place.len as usize]);
    let scene = rehearsal::Scene { rgb: stored.rgb, width_px: place.width_px, height_px: place.height_px };
    let expected = Pixels::from_scene(&oriented(&scene, 6));
    let found = Pixels::from_jpeg(&large.jpeg);
    assert!(found.mean_difference(&expected) < 4.0, "{}", found.mean_difference(&expected));
    assert!(found.upside_down().mean_difference(&expected) > 20.0);
}

/// Every hue at many strengths, all inside sRGB.
fn chart() -> Pixels {
    let (width, height) = (384, 256);
    let mut rgb = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let (r, g, b) = (x / 48 * 36, y / 32 * 36, (x % 48) / 12 * 64 + (y % 32) / 16 * 30);
            rgb.extend([r.min(250) as u8, g.min(250) as u8, b.min(250) as u8]);
        }
    }
    Pixels { rgb, width, height }
}

fn in_space(picture: &Pixels, profile: &ColorProfile) -> Pixels {
    recoloured(picture, &ColorProfile::new_srgb(), profile)
}

fn icc_segments(profile: &ColorProfile, pieces: usize) -> Vec<(u8, Vec<u8>)> {
    let icc = profile.encode().unwrap();
    let chunks: Vec<&[u8]> = icc.chunks(icc.len().div_ceil(pieces)).collect();
    let head = |n: usize| [&b"ICC_PROFILE\0"[..], &[n as u8 + 1, chunks.len() as u8]].concat();
    let mut segments: Vec<_> =
        chunks.iter().enumerate().map(|(n, chunk)| (0xE2, [&head(n), *chunk].concat())).collect();
    // Pieces may come in any order.
    segments.reverse();
    segments
}

/// EXIF that says what cameras in Adobe RGB mode say: ColorSpace uncalibrated, interoperability index R03.
fn dcf_option_file() -> (u8, Vec<u8>) {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08".to_vec();
    let directory = |entries: &[(u16, u16, u32, [u8; 4])]| {
        let mut bytes = (entries.len() as u16).to_be_bytes().to_vec();
        for (tag, kind, count, value) in entries {
            bytes.extend([&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), value].concat());
        }
        bytes.extend([0; 4]);
        bytes
    };
    exif.extend(directory(&[(0x8769, 4, 1, 26_u32.to_be_bytes())]));
    exif.extend(directory(&[(0xA001, 3, 1, [0xFF, 0xFF, 0, 0]), (0xA005, 4, 1, 56_u32.to_be_bytes())]));
    exif.extend(directory(&[(0x0001, 2, 4, *b"R03\0")]));
    (0xE1, exif)
}

/// Mean CIEDE2000 between the derivative of `jpeg` and that of the chart itself.
fn difference_to_chart(jpeg: &[u8]) -> f64 {
    let dir = tempfile::tempdir().unwrap();
    let large = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Pixels::from_jpeg(&rendered(&path, Rung::Large).jpeg)
    };
    let (converted, twin) = (large("converted.jpg", jpeg), large("twin.jpg", &chart().to_jpeg()));
    let pairs = converted.rgb.chunks_exact(3).zip(twin.rgb.chunks_exact(3));
    let lab = |pixel: &[u8]| ciede2000::lab([pixel[0], pixel[1], pixel[2]]);
    let sum: f64 = pairs.map(|(a, b)| ciede2000::difference(lab(a), lab(b))).sum();
    sum / (converted.rgb.len() / 3) as f64
}

#[test]
fn adobe_rgb_and_display_p3_come_out_like_their_srgb_twins() {
    let (adobe, p3) = (ColorProfile::new_adobe_rgb(), ColorProfile::new_display_p3());
    let in_adobe = in_space(&chart(), &adobe).to_jpeg();
    let in_p3 = in_space(&chart(), &p3).to_jpeg();
    let with_profile =
        |jpeg: &[u8], profile, pieces| difference_to_chart(&with_segments(jpeg, &icc_segments(profile, pieces)));
    let converted = [
        ("Adobe RGB, profile", with_profile(&in_adobe, &adobe, 1)),
        ("Adobe RGB, profile in three pieces", with_profile(&in_adobe, &adobe, 3)),
        ("Adobe RGB, EXIF R03", difference_to_chart(&with_segments(&in_adobe, &[dcf_option_file()]))),
        ("Display P3, profile", with_profile(&in_p3, &p3, 1)),
        ("sRGB, profile", with_profile(&chart().to_jpeg(), &ColorProfile::new_srgb(), 1)),
    ];
    for (what, mean) in converted {
        assert!(mean <= 1.0, "{what}: mean dE2000 {mean:.2}");
    }
    // The test would notice: without conversion they are far off.
    assert!(difference_to_chart(&in_adobe) > 2.0 && difference_to_chart(&in_p3) > 2.0);
}

#[test]
fn broken_profiles_do_not_lose_the_picture() {
    let icc = ColorProfile::new_adobe_rgb().encode().unwrap();
    let mut dice = support::Dice(11);
    for _ in 0..40 {
        let mut broken = icc.clone();
        for _ in 0..8 {
            let at = dice.roll(broken.len());
            broken[at] = dice.roll(256) as u8;
        }
        let body = [&b"ICC_PROFILE\0\x01\x01"[..], &broken].concat();
        assert!(difference_to_chart(&with_segments(&chart().to_jpeg(), &[(0xE2, body)])).is_finite());
    }
}

#[test]
fn the_colour_difference_agrees_with_the_published_pairs() {
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
    ];
    for (one, other, published) in pairs {
        let found = ciede2000::difference(one, other);
        assert!((found - published).abs() < 1e-4, "{found} instead of {published}");
    }
}

#[test]
fn proofs_are_marked_all_over_and_large_is_not() {
    let path = sample("_DSC2164.ARW");
    let large = Pixels::from_jpeg(&rendered(&path, Rung::Large).jpeg);
    let embedded = {
        let place = inspect(&path).unwrap().previews[0];
        let bytes = std::fs::read(&path).unwrap();
        Pixels::from_jpeg(&bytes[place.offset as usize..][..place.len as usize])
    };
    // Adobe RGB mode or not: whatever the colours, nothing was drawn onto it.
    let marked = rendered(&path, Rung::Screen);
    let mut other = spec(&[Rung::Screen]);
    other.event_name = "Something else".into();
    let mut second = None;
    render(&path, &inspect(&path).unwrap(), &other, &mut |rendered| second = Some(rendered)).unwrap();
    assert_ne!(second.unwrap().jpeg, marked.jpeg);
    assert!(large.mean_difference(&embedded) < 6.0, "{}", large.mean_difference(&embedded));
    for rung in [Rung::Screen, Rung::Thumb] {
        let marked = Pixels::from_jpeg(&rendered(&path, rung).jpeg);
        let plain = large.shrunk(marked.width, marked.height);
        let (columns, rows) = (6, 4);
        for cell in 0..columns * rows {
            let (left, top) = (cell % columns * marked.width / columns, cell / columns * marked.height / rows);
            let (wide, tall) = (marked.width / columns, marked.height / rows);
            let at = |x: usize, y: usize| (y * marked.width + x) * 3;
            let places = (top..top + tall).flat_map(|y| (left..left + wide).map(move |x| at(x, y)));
            let changed = places.filter(|&i| marked.rgb[i + 1].abs_diff(plain.rgb[i + 1]) >= 14).count();
            let share = changed as f64 / (wide * tall) as f64;
            assert!(share > 0.01, "{rung}: {share:.4} of cell {cell} is marked");
        }
    }
}
