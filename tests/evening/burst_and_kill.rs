//! Cameras shoot on while the studio is killed again and again: at the end every original is there once, and every frame
//! is whole.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use evening::{
    booth::Booth,
    chance::Chance,
    disk::{self, Lying},
    material::Material,
    roll::{File, Mix, Roll},
    until::until,
    verdict::{holds, pictures_lie_there, settled},
    writer::Writer,
};

/// Longest wait for a moment that may not come, such as a copy that is just being named.
const MOMENT_MAX: Duration = Duration::from_secs(3);
/// Time after the ready line at which a studio dies, ms.
const LIFE_MS: Range<u64> = 0..1500;
/// Time after its start at which a studio dies before it is ready, ms.
const BIRTH_MS: Range<u64> = 1..150;
/// Time until it is started again, ms.
const DOWN_MS: Range<u64> = 0..800;

/// When a studio dies.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// So long after its start, ready or not.
    Birth(Duration),
    /// So long after it was ready.
    Life(Duration),
    /// When a copy is being made.
    Copying,
    /// When a copy gets its name: between that and its row lie the narrowest steps.
    Naming,
    /// When a picture is being written: a moment later it would take another's place.
    Picturing,
}

impl Moment {
    fn pick(chance: &mut Chance) -> Self {
        match chance.within(0..7) {
            0 => Self::Birth(chance.ms(BIRTH_MS)),
            1 | 2 => Self::Life(chance.ms(LIFE_MS)),
            3 => Self::Copying,
            4 => Self::Naming,
            _ => Self::Picturing,
        }
    }
}

/// An evening's size.
struct Evening {
    mix: Mix,
    kills: usize,
    /// Between files, ms.
    gap_ms: Range<u64>,
    /// For all that is left when the last file is written.
    settle: Duration,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_cameras_shoot_nothing_is_lost_or_doubled() {
    let mix = Mix { sony: 3, canon: 4, beside: 2, small: 13, pairs: 13, singles: 7, sidecars: 4, copies: 6 };
    let evening = Evening { mix, kills: 5, gap_ms: 0..120, settle: Duration::from_mins(4) };
    survives(&evening, Chance::of_this_run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes and 15 GB of disk"]
async fn a_long_evening_with_thirty_kills_loses_and_doubles_nothing() {
    let mix = Mix { sony: 100, canon: 150, beside: 10, small: 630, pairs: 25, singles: 20, sidecars: 10, copies: 30 };
    let evening = Evening { mix, kills: 30, gap_ms: 0..60, settle: Duration::from_mins(20) };
    survives(&evening, Chance::of_this_run()).await;
}

async fn survives(evening: &Evening, mut chance: Chance) {
    let begun = Instant::now();
    let booth = Booth::new();
    let roll = Roll::plan(evening.mix, &mut Material::new(), &mut chance);
    println!("{} files of {} frames", roll.files.len(), roll.frame_count());
    let writer = Writer::begin(booth.watch(), roll.files.clone(), evening.gap_ms.clone(), chance.fork(1));
    for n in 0..evening.kills {
        // Spread over the whole evening, from the first file to the last.
        let share = roll.files.len() * n / evening.kills;
        until("the cameras shoot on", Duration::from_mins(5), async || match writer.written() {
            written if written >= share => Ok(()),
            written => Err(written),
        })
        .await;
        let moment = Moment::pick(&mut chance);
        println!("{:6.2} s: file {}, dies at {moment:?}", begun.elapsed().as_secs_f32(), writer.written());
        die(&booth, moment).await;
        pictures_lie_there(&booth).await;
        tokio::time::sleep(chance.ms(DOWN_MS)).await;
    }
    let studio = booth.start().await;
    let mut written = writer.finish().await;
    println!("{:6.2} s: the last file is written", begun.elapsed().as_secs_f32());
    settled(&booth, written.len(), evening.settle).await;
    println!("{:6.2} s: all is landed", begun.elapsed().as_secs_f32());
    holds(&booth, &studio, &roll, &written).await;
    // The card is copied once more into another folder: nothing may change by it.
    written.extend(copied_again(&booth, roll.second_card(4), chance.fork(2)).await);
    settled(&booth, written.len(), evening.settle).await;
    holds(&booth, &studio, &roll, &written).await;
    studio.stop_cleanly().await;
    let (sources_mb, all_mb) = (megabytes(&booth.watch()), megabytes(booth.top()));
    println!("{:6.2} s: done; {sources_mb} MB of sources, {all_mb} MB in all", begun.elapsed().as_secs_f32());
}

async fn copied_again(booth: &Booth, files: Vec<File>, chance: Chance) -> BTreeMap<PathBuf, Lying> {
    Writer::begin(booth.watch(), files, 0..20, chance).finish().await
}

/// One studio's life, ended by SIGKILL for it and its workers.
async fn die(booth: &Booth, moment: Moment) {
    let process = booth.spawn(booth.serve());
    if let Moment::Birth(after) = moment {
        tokio::time::sleep(after).await;
        return process.kill().await;
    }
    let studio = process.ready().await;
    match moment {
        Moment::Life(after) | Moment::Birth(after) => tokio::time::sleep(after).await,
        Moment::Copying => seen(booth.creator(), ".part", 0).await,
        Moment::Naming => seen(booth.creator(), ".landing", 0).await,
        Moment::Picturing => seen(booth.data().join("Previews"), ".part", 2).await,
    }
    studio.kill().await;
}

/// Waits until a file of that ending lies in the folder, or so many folders below: without a pause, as it stands there for a
/// millisecond.
async fn seen(folder: PathBuf, ending: &'static str, below: usize) {
    let look = move || {
        let begun = Instant::now();
        while !lies(&folder, ending, below) {
            if begun.elapsed() > MOMENT_MAX {
                return println!("no {ending} was seen");
            }
            std::thread::yield_now();
        }
    };
    tokio::task::spawn_blocking(look).await.unwrap();
}

fn lies(folder: &Path, ending: &str, below: usize) -> bool {
    // The folder may not be there yet.
    let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| {
        entry.file_name().to_string_lossy().ends_with(ending) || (below > 0 && lies(&entry.path(), ending, below - 1))
    })
}

fn megabytes(folder: &Path) -> u64 {
    disk::bytes(folder) / 1_000_000
}
