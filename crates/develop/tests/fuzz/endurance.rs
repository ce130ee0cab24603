//! A thousand frames through one pool: memory stays where it was.

use std::path::PathBuf;

use develop::worker::Caps;

use crate::{
    attack::Written,
    bases::{Target, small_jpeg},
    support::{
        self,
        drawn::{DNG_FULL, ORIENTED},
        processes::{children_named, status_kib},
        sample, spec,
    },
};

const FRAMES: usize = 1000;
/// Each file so often before the first of them counts: the allocator settles.
const ROUNDS_BEFORE: usize = 40;
const NAME: &str = "--named-for-the-thousand";

/// Decodes and renders [`FRAMES`] frames in one child, and compares what it and this process hold at the begin and the end.
pub async fn memory_is_flat_over_a_thousand_frames() {
    let folder = tempfile::tempdir().unwrap();
    // One child for all: the replacement after some hundred requests must not hide what grows.
    let pool = support::pool(1, Caps { requests_per_child: u32::MAX, ..Caps::default() }, &[NAME]);
    let small: Vec<Written> = Target::Raw
        .bases(false)
        .into_iter()
        .filter(|base| ["ljpeg.dng", "tiled.dng", "linear.dng", "built.arw", "built.dng"].contains(&base.name.as_str()))
        .map(|base| Written::new(folder.path(), &base.name, &base.bytes))
        .collect();
    let jpeg = Written::new(folder.path(), "listed.jpg", &small_jpeg(1800, rehearsal::JpegOptions::default()));
    let mut frames: Vec<PathBuf> = small.iter().map(|file| file.0.clone()).collect();
    frames.extend([jpeg.0.clone(), ORIENTED[5].path().into(), DNG_FULL.path().into()]);
    frames.extend(["tinydng_colorchart.dng", "_DSC2164.ARW", "arrow.heic"].map(sample));
    // Bad ones too: what ends early must be given back as well.
    let bad = rehearsal::hostile::truncate(&std::fs::read(&frames[0]).unwrap(), 0.7);
    let bad = Written::new(folder.path(), "bad.dng", &bad);
    frames.push(bad.0.clone());
    let (mut child, mut parent) = (Vec::new(), Vec::new());
    for number in 0..ROUNDS_BEFORE * frames.len() + FRAMES {
        let path = &frames[number % frames.len()];
        let decoded = pool.decode(path, None).await;
        let sum: u64 = decoded.iter().flat_map(|raw| raw.samples.iter()).map(|sample| u64::from(*sample)).sum();
        std::hint::black_box(sum);
        drop(decoded);
        let _ = pool.render(path, &spec(&[model::Rung::Screen, model::Rung::Thumb]), |_| {}).await;
        let pids = children_named(NAME);
        assert_eq!(pids.len(), 1, "the child was replaced at frame {number}");
        child.push(status_kib(pids[0], "VmRSS"));
        parent.push(status_kib(std::process::id(), "VmRSS"));
    }
    let most = children_named(NAME).into_iter().map(|pid| status_kib(pid, "VmHWM")).max();
    println!("child: at most {} KiB while it works", most.unwrap_or(0));
    for (name, sizes) in [("child", &child), ("parent", &parent)] {
        let sizes = &sizes[sizes.len() - FRAMES..];
        let hundreds: Vec<u64> = sizes.chunks(100).map(|some| mean(some) as u64).collect();
        println!("{name}: resident KiB, mean of every hundred frames: {hundreds:?}");
        let (first, last) = (mean(&sizes[..100]), mean(&sizes[FRAMES - 100..]));
        println!("{name}: {first:.0} KiB over the first 100 frames, {last:.0} KiB over the last 100 of {FRAMES}");
        assert!(last <= first * 1.05, "{name} grew from {first:.0} to {last:.0} KiB");
    }
}

fn mean(sizes: &[u64]) -> f64 {
    sizes.iter().sum::<u64>() as f64 / sizes.len() as f64
}
