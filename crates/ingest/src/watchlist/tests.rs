#![allow(clippy::unwrap_used, clippy::expect_used)]

use model::{CaptureFacts, FileKind};

use super::*;
use crate::{examine::SourceFile, inspector::RefusalKind};

const QUIET: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(30);

fn told(touch: Touch) -> Told {
    Told { touch, first_at: UnixMillis(1), at: UnixMillis(2) }
}

fn whole(path: &Path) -> Box<Whole> {
    let file = SourceFile {
        path: path.to_owned(),
        key: path.display().to_string(),
        folder: String::new(),
        stem: "A".into(),
        extension: "JPG".into(),
        marks: Marks { bytes: 1, mtime_ns: 1 },
    };
    let facts = CaptureFacts::default();
    let at = UnixMillis(1);
    Box::new(Whole { file, kind: FileKind::Jpeg, facts, seen_at: at, complete_at: at, priority: 0, shown: true })
}

fn refused(reason: RefusalKind) -> Examined {
    let refusal = Refusal {
        reason,
        problem: String::new(),
        incomplete: reason == RefusalKind::Truncated,
        retry: reason == RefusalKind::WorkerFailed,
    };
    Examined::Refused(refusal, Marks { bytes: 1, mtime_ns: 1 })
}

fn examine(list: &mut Watchlist, now: Instant) -> bool {
    matches!(list.next(now), Some(Action::Examine(..)))
}

#[test]
fn a_closed_file_is_examined_at_once_and_landed_after_its_quiet_time() {
    let (mut list, path, now) = (Watchlist::new(QUIET, PATIENCE), Path::new("/A.JPG"), Instant::now());
    list.touch(path, told(Touch::Written), now);
    assert!(list.next(now).is_none(), "not while it is written");
    list.touch(path, told(Touch::Closed), now);
    assert!(examine(&mut list, now));
    list.examined(path, Examined::Whole(whole(path)), now);
    assert_eq!(list.deadline(), Some(now + QUIET));
    assert!(list.next(now + QUIET - Duration::from_millis(1)).is_none());
    // A reopen restarts the quiet time, and another look.
    let later = now + QUIET - Duration::from_millis(1);
    list.touch(path, told(Touch::Written), later);
    assert!(list.next(later + QUIET).is_none());
    list.touch(path, told(Touch::Closed), later + QUIET);
    assert!(examine(&mut list, later + QUIET));
    list.examined(path, Examined::Whole(whole(path)), later + QUIET);
    assert!(matches!(list.next(later + QUIET + QUIET), Some(Action::Land(..))));
    list.landed(path, Ended::Safe, later + QUIET * 2);
    assert!(list.entries.is_empty() && list.deadline().is_none());
}

#[test]
fn a_cut_file_is_told_after_patience_and_a_foreign_one_after_the_quiet_time() {
    for (reason, wait) in [(RefusalKind::Truncated, PATIENCE), (RefusalKind::Foreign, QUIET)] {
        let (mut list, path, now) = (Watchlist::new(QUIET, PATIENCE), Path::new("/A.JPG"), Instant::now());
        list.touch(path, told(Touch::Closed), now);
        assert!(examine(&mut list, now));
        list.examined(path, refused(reason), now);
        assert_eq!(list.deadline(), Some(now + wait));
        assert!(matches!(list.next(now + wait), Some(Action::Attend(_, _, Some(_)))));
        assert!(list.entries.is_empty());
    }
}

#[test]
fn a_worker_that_fails_is_asked_again_and_then_told_in_a_way_that_the_next_start_asks_again() {
    let (mut list, path, mut now) = (Watchlist::new(QUIET, PATIENCE), Path::new("/A.JPG"), Instant::now());
    list.touch(path, told(Touch::Closed), now);
    let mut looks = 0;
    loop {
        match list.next(now) {
            Some(Action::Examine(..)) => {
                looks += 1;
                list.examined(path, refused(RefusalKind::WorkerFailed), now);
            }
            Some(Action::Attend(_, _, marks)) => break assert!(marks.is_none()),
            Some(other) => panic!("{other:?}"),
            None => now = list.deadline().unwrap(),
        }
    }
    assert_eq!(looks, TRIES_UNTOLD + 1);
}

#[test]
fn what_happens_now_comes_before_what_an_earlier_time_left() {
    let (mut list, now) = (Watchlist::new(QUIET, PATIENCE), Instant::now());
    for n in 0..10 {
        list.found(Path::new(&format!("/old{n}")), false, UnixMillis(1), now);
    }
    list.touch(Path::new("/new"), told(Touch::Closed), now);
    let Some(Action::Examine(path, sight)) = list.next(now) else { panic!() };
    assert_eq!((path, sight.priority), (PathBuf::from("/new"), LIVE));
    let Some(Action::Examine(path, sight)) = list.next(now) else { panic!() };
    assert_eq!((path, sight.priority), (PathBuf::from("/old0"), BACKLOG));
}

#[test]
fn a_full_list_says_so_and_a_folder_that_goes_keeps_only_what_was_shown() {
    let (mut list, now) = (Watchlist::new(QUIET, PATIENCE), Instant::now());
    for n in 0..TRACKED_MAX {
        assert!(list.touch(Path::new(&format!("/{n}")), told(Touch::Closed), now));
    }
    assert!(!list.touch(Path::new("/more"), told(Touch::Closed), now) && !list.has_room());
    let Some(Action::Examine(path, _)) = list.next(now) else { panic!() };
    list.examined(&path, Examined::Whole(whole(&path)), now);
    list.folder_gone(now);
    assert_eq!(list.entries.len(), 1);
    list.folder_back();
    assert!(list.found(&path, false, UnixMillis(3), now));
    assert!(examine(&mut list, now), "seen again, it goes on");
}

/// A simulated evening: writers, a slow inspector, a disk that refuses at times. Everything that is whole in the end is safe.
#[test]
fn whatever_happens_every_whole_file_lands_in_the_end() {
    for seed in 1..=400 {
        simulate(seed);
    }
}

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

#[derive(Clone, Copy, Default)]
struct Truth {
    there: bool,
    whole: bool,
    /// Counts writes: what landed must be the last.
    version: u32,
    landed: Option<u32>,
}

fn simulate(seed: u64) {
    let mut rng = Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut list = Watchlist::new(QUIET, PATIENCE);
    let mut now = Instant::now();
    let mut world = [Truth::default(); 6];
    let mut working: Vec<(Instant, Action, u32)> = Vec::new();
    let path = |n: usize| PathBuf::from(format!("/{n}"));
    for step in 0..2_000 {
        let quiet_end = step >= 300;
        now += Duration::from_millis(rng.below(200));
        if !quiet_end || step == 300 {
            for (n, file) in world.iter_mut().enumerate() {
                let what = if step == 300 { 9 } else { rng.below(12) };
                let touch = match what {
                    0..=2 => Touch::Written,
                    3 if file.there => Touch::Removed,
                    9 => Touch::Closed,
                    _ => continue,
                };
                file.there = touch != Touch::Removed;
                file.whole = step == 300 || rng.below(2) == 0;
                file.version += u32::from(touch != Touch::Removed);
                list.touch(&path(n), told(touch), now);
            }
        }
        let (due, later): (Vec<_>, Vec<_>) = working.into_iter().partition(|(at, ..)| *at <= now);
        working = later;
        for (_, action, version) in due {
            answer(&mut list, &mut world, &mut rng, action, version, now);
        }
        while let Some(action) = list.next(now) {
            let n: usize = path_of(&action).to_str().unwrap()[1..].parse().unwrap();
            working.push((now + Duration::from_millis(rng.below(900)), action, world[n].version));
        }
    }
    assert!(working.is_empty() && list.entries.is_empty(), "seed {seed}: {:?}", list.entries);
    assert!(list.wakes.is_empty() && list.examining == 0 && list.landing == 0, "seed {seed}");
    for (n, file) in world.iter().enumerate() {
        assert_eq!(file.landed, Some(file.version), "seed {seed}, file {n}");
    }
}

fn path_of(action: &Action) -> PathBuf {
    match action {
        Action::Examine(path, _)
        | Action::Land(path, ..)
        | Action::Attend(path, ..)
        | Action::Lost(path)
        | Action::TakeBack(path) => path.clone(),
    }
}

fn answer(list: &mut Watchlist, world: &mut [Truth], rng: &mut Rng, action: Action, version: u32, now: Instant) {
    let path = path_of(&action);
    let n: usize = path.to_str().unwrap()[1..].parse().unwrap();
    let file = &mut world[n];
    match action {
        Action::Examine(..) if !file.there || file.landed == Some(file.version) => {
            list.examined(&path, Examined::Nothing, now);
        }
        Action::Examine(..) if rng.below(5) == 0 => list.examined(&path, Examined::Failed(String::new()), now),
        Action::Examine(..) if file.whole => list.examined(&path, Examined::Whole(whole(&path)), now),
        Action::Examine(..) => list.examined(&path, refused(RefusalKind::Truncated), now),
        Action::Land(..) if !file.there => list.landed(&path, Ended::Gone, now),
        Action::Land(..) if file.version != version => list.landed(&path, Ended::Changed, now),
        Action::Land(_, whole, _) if rng.below(4) == 0 => list.landed(&path, Ended::Again(whole), now),
        Action::Land(..) => {
            file.landed = Some(file.version);
            list.landed(&path, Ended::Safe, now);
        }
        Action::Attend(..) | Action::Lost(_) | Action::TakeBack(_) => {}
    }
}
