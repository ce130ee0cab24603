//! HEIC and HIF: pictures of our own drawing in boxes of our own, read back; and what phones and cameras wrote.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::PathBuf;

use develop::{FileSource, Format, InspectError, RenderError, SliceSource, inspect, inspect_source, worker::Caps};
use jiff::civil::date;
use model::{FileKind, Rung};
use moxcms::ColorProfile;
use rehearsal::{Exif, JpegOptions, draw, icc, oriented};
use support::{
    Dice, Pixels, all_rendered, cut, drawn,
    heif::{self, Item, Layout, Still, converted, crop, file, mirror, numbers, profile, rotation},
    pool, recoloured, sample, spec,
    tiff::{Value, block},
};

const ALL: [Rung; 3] = [Rung::Screen, Rung::Thumb, Rung::Large];
/// Size of what is drawn here: smaller than every rung but the thumb, so that nothing is resized.
const SIZE: (u32, u32) = (640, 448);

/// A file that lives as long as the test wants it.
struct Kept {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn kept(bytes: &[u8]) -> Kept {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("IMG_0417.HEIC");
    std::fs::write(&path, bytes).unwrap();
    Kept { _dir: dir, path }
}

fn scene() -> Pixels {
    Pixels::from_scene(&draw(20_261_124, SIZE.0, SIZE.1))
}

/// A file with this one picture.
fn alone(still: &Still, properties: &[Vec<u8>]) -> Vec<u8> {
    file(&[Item::picture(still).with(properties)], 1, Layout::default())
}

/// The derivative without mark.
fn large(bytes: &[u8]) -> Pixels {
    Pixels::from_jpeg(&support::rendered(&kept(bytes).path, Rung::Large).jpeg)
}

fn part(of: &Pixels, (left, top): (usize, usize), (width, height): (usize, usize)) -> Pixels {
    let rows = (top..top + height).flat_map(|y| &of.rgb[(y * of.width + left) * 3..][..width * 3]);
    Pixels { rgb: rows.copied().collect(), width, height }
}

#[test]
fn a_picture_comes_out_as_it_was_drawn() {
    let scene = scene();
    let bytes = alone(&Still::of(&scene), &[]);
    let found = inspect_source(&mut SliceSource(&bytes), "heic").unwrap();
    assert_eq!((found.kind, found.format), (FileKind::Jpeg, Format::Heic));
    let place = found.previews[0];
    assert_eq!((found.previews.len(), place.width_px, place.height_px, place.item), (1, SIZE.0, SIZE.1, Some(1)));
    let kept = kept(&bytes);
    let (all, report) = all_rendered(&kept.path, &ALL);
    let sizes: Vec<_> = all.iter().map(|one| (one.rung, one.width_px, one.height_px)).collect();
    assert_eq!(sizes, [(Rung::Screen, 640, 448), (Rung::Thumb, 360, 252), (Rung::Large, 640, 448)]);
    assert_eq!((report.source_width_px, report.source_height_px), SIZE);
    assert!(report.stages.decode_us > 0 && all[0].decoded_ms_ago.is_some() && !report.thumbhash.is_empty());
    let psnr = Pixels::from_jpeg(&all[2].jpeg).psnr(&scene);
    // The same scene through the same JPEG encoder alone has 35 dB.
    let ceiling = {
        let jpeg = rehearsal::jpeg(&draw(20_261_124, SIZE.0, SIZE.1), &Exif::at(noon(), None), JpegOptions::default());
        large(&jpeg.unwrap()).psnr(&scene)
    };
    assert!(psnr > 36.0 && psnr > ceiling - 1.5, "{psnr:.1} dB, a JPEG has {ceiling:.1} dB");
}

fn noon() -> jiff::civil::DateTime {
    date(2026, 11, 24).at(12, 0, 0, 0)
}

#[test]
fn all_ways_of_turning_come_out_upright() {
    let scene = draw(20_261_124, SIZE.0, SIZE.1);
    let upright = Pixels::from_scene(&scene);
    // Quarters anticlockwise and mirror axis that undo each of EXIF's eight.
    let turns: [(u16, &[Vec<u8>]); 8] = [
        (1, &[rotation(0)]),
        (2, &[mirror(1)]),
        (3, &[rotation(2)]),
        (4, &[mirror(0)]),
        (5, &[rotation(1), mirror(0)]),
        (6, &[rotation(3)]),
        (7, &[rotation(1), mirror(1)]),
        (8, &[rotation(1)]),
    ];
    for (orientation, properties) in turns {
        let still = Still::of(&Pixels::from_scene(&oriented(&scene, orientation)));
        // What EXIF says does not count: the properties have the word.
        let lie = Item::exif(&block(&[(0x0112, Value::Short(orientation % 8 + 1))]), 1);
        let bytes = file(&[Item::picture(&still).with(properties), lie], 1, Layout::default());
        let found = inspect_source(&mut SliceSource(&bytes), "heic").unwrap();
        assert_eq!(u16::from(found.facts.orientation.value()), orientation);
        let psnr = large(&bytes).psnr(&upright);
        assert!(psnr > 36.0, "orientation {orientation}: {psnr:.1} dB");
    }
}

#[test]
fn files_of_another_writer_come_out_upright_too() {
    // heif-enc may leave it to the JPEG's EXIF to say how to turn, and pads what is no multiple of 64.
    let dir = tempfile::tempdir().unwrap();
    let scene = draw(3, 322, 214);
    let upright = Pixels::from_scene(&scene);
    for orientation in 1..=8 {
        let exif = Exif::at(noon(), Some(60)).with_orientation(orientation);
        let (from, to) = (dir.path().join("drawn.jpg"), dir.path().join(format!("{orientation}.heic")));
        std::fs::write(&from, rehearsal::jpeg(&oriented(&scene, orientation), &exif, JpegOptions::default()).unwrap())
            .unwrap();
        heif::encode(&from, &to, &[]);
        let found = inspect(&to).unwrap();
        let expected = drawn::facts(&exif, "1/160");
        assert_eq!(found.facts, expected, "orientation {orientation}");
        let psnr = Pixels::from_jpeg(&support::rendered(&to, Rung::Large).jpeg).psnr(&upright);
        assert!(psnr > 31.0, "orientation {orientation}: {psnr:.1} dB");
    }
}

#[test]
fn display_p3_comes_out_like_its_srgb_twin() {
    let (scene, p3) = (scene(), ColorProfile::new_display_p3());
    let in_p3 = Still::of(&recoloured(&scene, &ColorProfile::new_srgb(), &p3));
    let with = |properties: &[Vec<u8>]| large(&alone(&in_p3, properties)).mean_difference(&scene);
    let plain = with(&[]);
    let converted = [
        ("a profile", with(&[profile(&icc::display_p3())])),
        ("numbers", with(&[numbers(12, 13, 6)])),
        ("both", with(&[numbers(2, 2, 6), profile(&icc::display_p3())])),
    ];
    for (what, difference) in converted {
        assert!(difference < 3.0 && difference + 0.5 < plain, "{what}: {difference:.2}, and {plain:.2} as it is");
    }
    // A profile that cannot be read does not lose the picture.
    assert!((with(&[profile(b"nonsense")]) - plain).abs() < 0.1);
}

#[test]
fn a_grid_is_put_together_without_seams() {
    let scene = scene();
    let tiles = [(0, 0), (320, 0), (0, 256), (320, 256)];
    let padded = |(left, top): (usize, usize)| {
        let mut tile = Pixels { rgb: vec![0; 320 * 256 * 3], width: 320, height: 256 };
        for y in 0..256.min(448 - top) {
            tile.rgb[y * 960..][..960].copy_from_slice(&scene.rgb[((y + top) * 640 + left) * 3..][..960]);
        }
        tile
    };
    let stills = tiles.map(|at| Still::of(&padded(at)));
    let shown = part(&scene, (0, 0), (600, 400));
    for layout in
        [Layout { places: 1, ..Layout::default() }, Layout { places: 2, long: true, pieces: true, data_first: true }]
    {
        let mut items = vec![Item::grid((2, 2), (600, 400), vec![2, 3, 4, 5]).with(&[numbers(1, 13, 6)])];
        items.extend(stills.iter().map(Item::picture));
        items.push(Item::picture(&Still::of(&shown.shrunk(192, 128))).small_one_of(1));
        let bytes = file(&items, 1, layout);
        let found = inspect_source(&mut SliceSource(&bytes), "").unwrap();
        let sizes: Vec<_> = found.previews.iter().map(|one| (one.item.unwrap(), one.width_px, one.height_px)).collect();
        assert_eq!(sizes, [(1, 600, 400), (6, 192, 128)]);
        let psnr = large(&bytes).psnr(&shown);
        assert!(psnr > 36.0, "{psnr:.1} dB");
        // Halves: the tiles stay whole.
        let thumb = support::rendered(&kept(&bytes).path, Rung::Thumb);
        assert_eq!((thumb.width_px, thumb.height_px), (360, 240));
    }
    let mut short = vec![Item::grid((2, 2), (600, 400), vec![2, 3, 4])];
    short.extend(stills.iter().map(Item::picture));
    let layout = Layout { places: 1, ..Layout::default() };
    let error = inspect_source(&mut SliceSource(&file(&short, 1, layout)), "heic").unwrap_err();
    assert_eq!(error.to_string(), "the file is damaged: a picture whose tiles do not fit");
}

#[test]
fn large_pictures_are_halved_while_they_are_decoded() {
    let scene = Pixels::from_scene(&draw(9, 1280, 864));
    let bytes = alone(&Still::of(&scene), &[]);
    let thumb = |bytes: &[u8]| Pixels::from_jpeg(&support::rendered(&kept(bytes).path, Rung::Thumb).jpeg);
    // Halves, then Lanczos, against the JPEG's own way: both carry the mark at the same place.
    let twin = thumb(&scene.to_jpeg());
    assert!(thumb(&bytes).mean_difference(&twin) < 2.5, "{}", thumb(&bytes).mean_difference(&twin));
}

#[test]
fn crops_are_kept() {
    let scene = scene();
    let still = Still::of(&scene);
    // 320 x 200 px whose centre lies 40 px right and 30 px above the middle.
    let shown = part(&scene, (200, 94), (320, 200));
    let cropped = alone(&still, &[crop((320, 200), (80, -60))]);
    assert!(large(&cropped).psnr(&shown) > 36.0);
    let turned = large(&alone(&still, &[crop((320, 200), (80, -60)), rotation(2)]));
    assert!(turned.upside_down().psnr(&shown) > 36.0);
    let outside = alone(&still, &[crop((320, 200), (400, 0))]);
    assert!(matches!(inspect_source(&mut SliceSource(&outside), ""), Err(InspectError::Garbage { .. })));
}

#[test]
fn high_dynamic_range_is_neither_dark_nor_washed_out() {
    // A ramp of 16 greys from black to the brightest signal, in 10 bits.
    let levels: Vec<u16> = (0..128 * 640).flat_map(|n| [((n % 640) / 40 * 65_535 / 15) as u16; 3]).collect();
    for (transfer, paper) in [(16_u16, 0.58), (18, 0.75)] {
        let arguments = ["-b", "10", "--matrix_coefficients", "9", "--colour_primaries", "9"];
        let number = transfer.to_string();
        let arguments = [&arguments[..], &["--transfer_characteristic", &number]].concat();
        let still = Still::coded(&levels, (640, 128), 16, &arguments);
        let shown = large(&alone(&still, &[numbers(9, transfer, 9)]));
        let grey = |step: usize| shown.rgb[(64 * 640 + step * 40 + 20) * 3 + 1];
        let steps: Vec<u8> = (0..16).map(grey).collect();
        assert!(steps.is_sorted() && steps[0] <= 3 && steps[15] >= 250, "{transfer}: {steps:?}");
        let white = grey((paper * 15.0_f64).round() as usize);
        assert!((225..=248).contains(&white), "{transfer}: paper is {white} in {steps:?}");
        let card = grey(6);
        assert!((95..=140).contains(&card), "{transfer}: a grey card is {card} in {steps:?}");
    }
}

#[test]
fn what_is_not_opened_says_why() {
    let still = Still::of(&Pixels { rgb: vec![128; 64 * 64 * 3], width: 64, height: 64 });
    let of = |kind: &[u8; 4]| Item { kind: *kind, ..Item::picture(&still) };
    let error = |item: Item| {
        let bytes = file(&[item], 1, Layout::default());
        inspect_source(&mut SliceSource(&bytes), "heic").unwrap_err()
    };
    for kind in [b"av01", b"jpeg", b"iovl"] {
        let error = error(of(kind));
        assert!(matches!(&error, InspectError::Unsupported { what } if what.contains("not opened here")), "{error}");
    }
    let bare = Item { properties: vec![], ..Item::picture(&still) };
    assert_eq!(error(bare), InspectError::Garbage { what: "a picture whose size is not told".into() });
    // Claims of pixels: of the boxes, then of the coded picture.
    let render = |still: &Still| {
        let kept = kept(&alone(still, &[]));
        develop::render(&kept.path, &inspect(&kept.path).unwrap(), &spec(&ALL), &mut |_| {})
    };
    let huge = Still { size: (60_000, 60_000), ..still.clone() };
    assert_eq!(render(&huge).unwrap_err(), RenderError::TooLarge { width_px: 60_000, height_px: 60_000 });
    assert!(matches!(render(&Still { record: vec![0; 23], ..still }), Err(RenderError::Decode { .. })));
}

#[test]
fn every_cut_is_noticed() {
    let still = Still::of(&Pixels::from_scene(&draw(2, 96, 64)));
    for layout in [
        Layout { places: 1, ..Layout::default() },
        Layout { data_first: true, places: 2, long: true, pieces: true },
        Layout::default(),
    ] {
        let items = [Item::picture(&still), Item::exif(&block(&[(0x0110, Value::Text("R1"))]), 1)];
        let bytes = file(&items, 1, layout);
        assert_eq!(inspect_source(&mut SliceSource(&bytes), "heic").unwrap().facts.model.as_deref(), Some("R1"));
        for len in 0..bytes.len() {
            let error = cut(&bytes, "a.heic", len);
            assert!(error.is_incomplete(), "cut to {len} of {}: {error}", bytes.len());
        }
    }
    for name in ["arrow.heic", "cat.hif", "guitar_cw90.hif"] {
        let bytes = std::fs::read(sample(name)).unwrap();
        for sixteenths in 0..16 {
            let error = cut(&bytes, name, bytes.len() * sixteenths / 16);
            assert!(error.is_incomplete(), "{name} cut to {sixteenths}/16: {error}");
        }
        assert!(cut(&bytes, name, bytes.len() - 1).is_incomplete());
    }
}

#[tokio::test]
async fn three_hundred_mutations_stay_inside_the_workers_caps() {
    let small = Still::of(&Pixels::from_scene(&draw(2, 320, 192)));
    let mut items = vec![Item::grid((2, 2), (600, 380), vec![2, 2, 2, 2]), Item::picture(&small)];
    items.push(Item::exif(&block(&[(0x0110, Value::Text("R1"))]), 1));
    let built = file(&items, 1, Layout { places: 1, ..Layout::default() });
    let pool = pool(2, Caps { request_ms: 10_000, ..Caps::default() }, &[]);
    let kept = kept(&[]);
    let mut dice = Dice(20_261_125);
    let mut taken = 0;
    for round in 0..300 {
        // The description, or anywhere.
        let reach = if round % 3 == 0 { built.len() } else { 900 };
        let count = 1 + dice.roll(6);
        std::fs::write(&kept.path, dice.mutated(&built, reach, count)).unwrap();
        match pool.render(&kept.path, &spec(&ALL), |_| {}).await {
            Ok(_) => taken += 1,
            Err(develop::worker::WorkerError::Inspect(_) | develop::worker::WorkerError::Render(_)) => {}
            Err(error) => panic!("round {round}: {error}"),
        }
    }
    assert!((30..=280).contains(&taken), "{taken} of 300 were still pictures: too wild or too tame to prove anything");
}

#[tokio::test]
async fn a_capped_worker_makes_what_this_process_makes() {
    let pool = pool(1, Caps::default(), &[]);
    for name in ["arrow.heic", "cat.hif"] {
        let path = sample(name);
        assert_eq!(pool.inspect(&path).await.unwrap(), inspect(&path).unwrap());
        let mut all = Vec::new();
        pool.render(&path, &spec(&[Rung::Screen, Rung::Thumb]), |one| all.push((one.rung, one.jpeg))).await.unwrap();
        let (here, _) = all_rendered(&path, &[Rung::Screen, Rung::Thumb]);
        assert_eq!(all, here.into_iter().map(|one| (one.rung, one.jpeg)).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn an_iphone_and_two_sonys_are_known() {
    let found = |name: &str| {
        let mut file = FileSource::open(&sample(name)).unwrap();
        let found = inspect_source(&mut file, "").unwrap();
        assert!(file.read_bytes() < 120_000, "{name}: {} bytes read", file.read_bytes());
        assert_eq!((found.kind, found.format), (FileKind::Jpeg, Format::Heic));
        found
    };
    let of = |name: &str| {
        let found = found(name);
        let sizes: Vec<_> = found.previews.iter().map(|one| (one.width_px, one.height_px)).collect();
        let facts = found.facts;
        let words = [facts.make, facts.model, facts.captured.map(|time| time.local)].map(Option::unwrap);
        (words.join(", "), facts.orientation.value(), sizes)
    };
    let (words, orientation, sizes) = of("arrow.heic");
    assert_eq!((orientation, sizes), (6, vec![(4032, 3024), (320, 240)]));
    assert!(words.starts_with("Apple, iPhone 8 Plus, 20"), "{words}");
    let (words, orientation, sizes) = of("cat.hif");
    assert_eq!((orientation, sizes), (1, vec![(4240, 2832), (1616, 1080), (320, 212)]));
    assert!(words.starts_with("SONY, ILCE-7SM3, 20"), "{words}");
    let (words, orientation, sizes) = of("guitar_cw90.hif");
    assert_eq!((orientation, sizes), (8, vec![(7008, 4672), (1616, 1080), (320, 212)]));
    assert!(words.starts_with("SONY, ILCE-7M4, 20"), "{words}");
}

#[test]
fn real_files_look_as_libheif_shows_them() {
    for name in ["arrow.heic", "cat.hif"] {
        let (shown, icc) = converted(&sample(name));
        let ours = Pixels::from_jpeg(&support::rendered(&sample(name), Rung::Large).jpeg);
        let shrunk = shown.shrunk(ours.width, ours.height);
        let space = icc.map(|icc| ColorProfile::new_from_slice(&icc).unwrap());
        let twin = space.as_ref().map_or(shrunk.clone(), |p3| recoloured(&shrunk, p3, &ColorProfile::new_srgb()));
        assert_eq!(space.is_some(), name == "arrow.heic");
        let psnr = ours.psnr(&twin);
        assert!(psnr > 34.0, "{name}: {psnr:.1} dB");
    }
}

#[test]
fn proofs_of_a_sony_come_from_the_preview_in_it() {
    let path = sample("guitar_cw90.hif");
    let (all, report) = all_rendered(&path, &[Rung::Screen, Rung::Thumb]);
    assert_eq!((report.source_width_px, report.source_height_px), (4672, 7008));
    assert_eq!((all[0].width_px, all[0].height_px), (802, 1200));
    // 1.7 megapixels are decoded, not 33.
    let (_, whole) = all_rendered(&path, &[Rung::Large]);
    assert!(report.stages.decode_us * 4 < whole.stages.decode_us, "{report:?} {whole:?}");
}
