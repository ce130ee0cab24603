//! Hostile files by the thousand: seeded mutants of every format against the parsers in this process, and against LibRaw,
//! libjpeg-turbo, libde265 and the whole way to proofs in the pool's children.
//!
//! A plain run takes some hundred mutants of files that are built here; the runs marked `#[ignore]` take the camera files at
//! hand too, more than ten thousand mutants, and print what came of them. A failing run names its case, and with
//! `BOOTHLIGHT_FUZZ=raw/built.dng/123` these tests run that case alone. What was found once lies in `tests/corpus`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod attack;
mod bases;
mod corpus;
mod drive;
mod endurance;
mod fields;
mod mutate;
#[path = "../support/mod.rs"]
mod support;
mod wholeness;
mod wild;

use std::{sync::Arc, time::Instant};

use tokio::sync::Mutex;

use attack::Answer;
use bases::Target;
use drive::{Campaign, Tally};

/// Seed of the plain runs.
const SEED: u64 = 20_261_124;
/// Memory that this process may have gained in the second half of a long run, KiB: a thread's arena, in which a file of 30 MB
/// was changed, may still be open then. Over 14,000 files the figure stands still.
const GAIN_KIB: u64 = 80 << 10;
/// The long runs go one after the other: they measure this process.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Prints what came of a run, and holds it to what must be.
fn judge(target: Target, tally: &Tally, started: Instant, is_alone: bool) {
    let (took, slowest) = (started.elapsed(), &tally.slowest);
    println!("{}: {} files in {:.0} s: {:?}", target.name(), tally.all(), took.as_secs_f64(), tally.answers);
    println!("  slowest answer {:.2} s ({}); time ran out {} times", slowest.0.as_secs_f64(), slowest.1, tally.late);
    println!("  this process {} KiB after half, {} KiB at the end", tally.parent_kib.0, tally.parent_kib.1);
    if tally.limit_kib > 0 {
        let (resident, mapped) = tally.child_kib;
        println!("  a child at most {resident} KiB resident, {mapped} of {} KiB mapped", tally.limit_kib);
        println!("  taken with the same samples, with others: {:?}", tally.same_and_changed);
        assert!(mapped <= tally.limit_kib, "a child mapped {mapped} KiB");
    }
    for line in tally.ended.iter().chain(&tally.broken) {
        println!("  ! {line}");
    }
    assert!(tally.broken.is_empty(), "{:?}", tally.broken);
    let gained = tally.parent_kib.1.saturating_sub(tally.parent_kib.0);
    assert!(gained <= GAIN_KIB || !is_alone, "this process grew: {:?}", tally.parent_kib);
    // Contained, but not wanted: each of them costs a child and tells the operator nothing about the file.
    assert!(tally.ended.is_empty(), "children ended: {:?}", tally.ended);
}

fn here(target: Target, count: usize, with_found: bool) {
    let started = Instant::now();
    judge(target, &Campaign::new(target, SEED, with_found).run_here(count), started, with_found);
}

async fn in_children(target: Target, count: usize, with_found: bool, name: &'static str) -> Tally {
    let started = Instant::now();
    let tally = Arc::new(Campaign::new(target, SEED, with_found)).run_in_children(count, name).await;
    judge(target, &tally, started, with_found);
    tally
}

#[test]
fn no_structure_makes_the_parsers_panic() {
    here(Target::Inspect, 1500, false);
}

#[test]
fn no_tags_refuse_a_sound_picture() {
    here(Target::Exif, 600, false);
}

#[test]
fn no_profile_keeps_a_sound_picture_from_its_proofs() {
    here(Target::Icc, 400, false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_jpeg_breaks_the_pool() {
    let tally = in_children(Target::Jpeg, 300, false, "--named-for-jpegs").await;
    let (taken, refused) = (tally.count(Answer::Taken), tally.count(Answer::Refused));
    assert!(tally.all() == 1 || (taken >= 60 && refused >= 60), "too tame or too wild: {taken} of 300 were pictures");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_heic_breaks_the_pool() {
    let tally = in_children(Target::Heic, 300, false, "--named-for-heics").await;
    let (taken, refused) = (tally.count(Answer::Taken), tally.count(Answer::Refused));
    assert!(tally.all() == 1 || (taken >= 60 && refused >= 60), "too tame or too wild: {taken} of 300 were pictures");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_raw_breaks_the_pool() {
    let tally = in_children(Target::Raw, 500, false, "--named-for-raws").await;
    let (taken, refused) = (tally.count(Answer::Taken), tally.count(Answer::Refused));
    assert!(tally.all() == 1 || (taken >= 60 && refused >= 100), "too tame or too wild: {taken} of 500 were raws");
}

#[tokio::test]
async fn what_was_found_once_is_answered_as_ever() {
    corpus::is_answered_as_ever().await;
}

#[tokio::test]
async fn every_cut_is_noticed_before_the_decoder_sees_it() {
    wholeness::every_cut_is_noticed(false).await;
}

#[tokio::test]
async fn holes_in_packed_samples_are_noticed() {
    wholeness::holes_are_noticed(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn ten_thousand_hostile_files() {
    let _alone = ALONE.lock().await;
    here(Target::Inspect, 6000, true);
    here(Target::Exif, 4000, true);
    here(Target::Icc, 3000, true);
    let jpegs = in_children(Target::Jpeg, 4000, true, "--named-for-many-jpegs").await;
    in_children(Target::Heic, 4000, true, "--named-for-many-heics").await;
    let raws = in_children(Target::Raw, 7000, true, "--named-for-many-raws").await;
    assert!(jpegs.all() + raws.all() >= 10_000 || jpegs.all() == 1);
}

#[tokio::test]
#[ignore = "minutes"]
async fn every_raw_at_hand_cut_and_holed() {
    let _alone = ALONE.lock().await;
    wholeness::every_cut_is_noticed(true).await;
    wholeness::holes_are_noticed(true).await;
}

#[tokio::test]
#[ignore = "a minute, and it wants the machine for itself"]
async fn memory_is_flat_over_a_thousand_frames() {
    let _alone = ALONE.lock().await;
    endurance::memory_is_flat_over_a_thousand_frames().await;
}
