//! Runs many mutants of many files against one target, counts the answers, and says how to repeat what went wrong.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use develop::worker::{Caps, Pool};

use crate::{
    attack::{self, Answer, Written, fingerprint},
    bases::Target,
    mutate::{Aim, Base},
    support::{
        self, Dice,
        processes::{address_space_limit_kib, children_named, status_kib},
    },
    wild::Wild,
};

/// Children at once.
pub const WORKERS: usize = 2;
/// Time that a child may take over one file.
pub const REQUEST_MS: u64 = 10_000;
/// Tries of a file over which the time ran out: on a busy machine it runs out without the file's doing.
const TRIES: usize = 3;
/// A file that every child must decode to the same samples, whatever came before it: every so many cases.
const CONTROL_EVERY: usize = 100;
/// Names one case to be repeated: `raw/built.dng/123`.
const VARIABLE: &str = "BOOTHLIGHT_FUZZ";

/// What came of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Answers, and how many.
    pub answers: BTreeMap<Answer, usize>,
    /// Raws that were taken: with the samples of the file that they were made from, and with others.
    pub same_and_changed: (usize, usize),
    /// Cases that ended in what may not happen, as they are named for a repetition.
    pub broken: Vec<String>,
    /// Cases over which a child died or was killed.
    pub ended: Vec<String>,
    /// How often the time ran out, later tries included.
    pub late: usize,
    /// The slowest answer, and whose.
    pub slowest: (Duration, String),
    /// Most memory of a child (resident) and most address space, KiB.
    pub child_kib: (u64, u64),
    /// The limit on a child's address space, KiB.
    pub limit_kib: u64,
    /// Memory of this process alone after half of the cases and after all, KiB.
    pub parent_kib: (u64, u64),
}

impl Tally {
    /// How often this answer was given.
    pub fn count(&self, answer: Answer) -> usize {
        self.answers.get(&answer).copied().unwrap_or(0)
    }

    /// All cases.
    pub fn all(&self) -> usize {
        self.answers.values().sum::<usize>() + self.broken.len()
    }

    fn add(&mut self, answer: Answer, took: Duration, name: &str) {
        *self.answers.entry(answer).or_default() += 1;
        if took > self.slowest.0 {
            self.slowest = (took, name.to_owned());
        }
        if matches!(answer, Answer::Died | Answer::TimedOut) {
            self.ended.push(format!("{name} {answer:?}"));
        }
    }
}

/// One mutant: which file, which dice.
struct Case<'a> {
    target: Target,
    base: &'a Base,
    seed: u64,
    bytes: Vec<u8>,
}

impl Case<'_> {
    /// As the variable wants it.
    fn name(&self) -> String {
        format!("{}/{}/{}", self.target.name(), self.base.name.replace('/', ":"), self.seed)
    }

    /// Keeps the bytes for whoever looks into it.
    fn keep(&self) -> String {
        let name = format!("fuzz-{}.{}", self.name().replace('/', "-"), self.base.extension);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::write(&path, &self.bytes);
        format!("{VARIABLE}={} (bytes kept in {})", self.name(), path.display())
    }
}

/// The name of the base that is thrown anew for every case.
const WILD: &str = "wild";

/// Files to begin with, and how cases are made from them.
pub struct Campaign {
    target: Target,
    bases: Vec<Base>,
    /// The parts that are joined to others come from files that are the same everywhere, so that a case can be repeated.
    lenders: usize,
    weights: usize,
    seed: u64,
    only: Option<(String, u64)>,
}

impl Campaign {
    /// Of one target, with these dice.
    pub fn new(target: Target, seed: u64, with_found: bool) -> Self {
        let mut bases = target.bases(false);
        let lenders = bases.len();
        if target == Target::Raw {
            bases.push(Base::new(WILD, Vec::new(), 24));
        }
        let only = std::env::var(VARIABLE).ok().and_then(|text| {
            let (name, rest) = text.split_once('/')?;
            let (base, seed) = rest.split_once('/')?;
            (name == target.name()).then(|| (base.replace(':', "/"), seed.parse().unwrap()))
        });
        if with_found || only.is_some() {
            bases.extend(target.bases(true).into_iter().skip(lenders));
        }
        let weights = bases.iter().map(|base| base.weight).sum();
        Self { target, bases, lenders, weights, seed, only }
    }

    /// The case of this number; the one that was asked for, whatever the number, where one was.
    fn case(&self, number: usize) -> Case<'_> {
        // A step of the golden ratio (Knuth, TAOCP 3, 6.4) keeps neighbours apart.
        let mut seed = (self.seed + number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
        let mut ticket = Dice(seed).roll(self.weights);
        let drawn = self.bases.iter().find(|base| {
            let hit = ticket < base.weight;
            ticket = ticket.saturating_sub(base.weight);
            hit
        });
        let mut base = drawn.unwrap();
        if let Some((name, of)) = &self.only {
            base = self.bases.iter().find(|base| base.name == *name).expect("a file of that name");
            seed = *of;
        }
        // Not the dice that chose the file.
        let mut dice = Dice(seed ^ 0x5EED_0000_0000_0001);
        let other = &self.bases[dice.roll(self.lenders)].bytes;
        let aim = match self.target {
            Target::Raw | Target::Jpeg | Target::Heic if dice.roll(3) > 0 => Aim::Inside,
            _ => Aim::Anywhere,
        };
        let bytes = if base.name == WILD {
            let wild = Wild::thrown(&mut dice);
            let fresh = Base::new(&format!("wild.{}", wild.extension()), wild.file(), 1);
            if dice.roll(3) == 0 { fresh.bytes } else { fresh.mutant(&mut dice, other, aim) }
        } else {
            base.mutant(&mut dice, other, aim)
        };
        Case { target: self.target, base, seed, bytes }
    }

    fn cases(&self, wanted: usize) -> usize {
        if self.only.is_some() { 1 } else { wanted }
    }

    /// In this process: nothing may panic.
    pub fn run_here(&self, wanted: usize) -> Tally {
        let folder = tempfile::tempdir().unwrap();
        let mut tally = Tally::default();
        for number in 0..self.cases(wanted) {
            let case = self.case(number);
            let started = Instant::now();
            let answer = catch_unwind(AssertUnwindSafe(|| match self.target {
                Target::Inspect => attack::inspect(&case.bytes, &case.base.extension),
                Target::Exif => attack::exif(&case.bytes),
                Target::Icc => attack::icc(&case.bytes, folder.path()),
                Target::Jpeg | Target::Heic | Target::Raw => panic!("this one belongs into a child"),
            }));
            match answer {
                Ok(answer) => tally.add(answer, started.elapsed(), &case.name()),
                Err(_) => tally.broken.push(case.keep()),
            }
            if number == wanted / 2 {
                note_own(&mut tally, true);
            }
        }
        note_own(&mut tally, false);
        tally
    }

    /// In children: every file is answered in time, and a control file comes out as ever.
    pub async fn run_in_children(self: Arc<Self>, wanted: usize, name: &'static str) -> Tally {
        let pool = support::pool(WORKERS, Caps { request_ms: REQUEST_MS, ..Caps::default() }, &[name]);
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let tally = Arc::new(Mutex::new(Tally::default()));
        let control = Arc::new(Control::new(&self, &pool, folder.path()).await);
        let cases = self.cases(wanted);
        // At rest in between, so that what is held then is nobody's work.
        for part in [0..cases / 2, cases / 2..cases] {
            let (next, end) = (Arc::new(AtomicUsize::new(part.start)), part.end);
            let tasks: Vec<_> = (0..WORKERS)
                .map(|_| {
                    let (this, pool, folder) = (Arc::clone(&self), pool.clone(), Arc::clone(&folder));
                    let (tally, next, control) = (Arc::clone(&tally), Arc::clone(&next), Arc::clone(&control));
                    tokio::spawn(async move {
                        loop {
                            let number = next.fetch_add(1, Ordering::Relaxed);
                            if number >= end {
                                return;
                            }
                            this.one(number, &pool, folder.path(), &tally, &control).await;
                            watch(name, &tally);
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            control.check(&pool).await;
            note_own(&mut tally.lock().unwrap(), part.start == 0);
        }
        std::mem::take(&mut tally.lock().unwrap())
    }

    async fn one(&self, number: usize, pool: &Pool, folder: &Path, tally: &Mutex<Tally>, control: &Control) {
        let case = self.case(number);
        let name = format!("{number}.{}", case.base.extension);
        let file = Written::new(folder, &name, &case.bytes);
        let mut late = 0;
        let (answer, took, samples) = loop {
            let result = if self.target == Target::Raw {
                attack::raw(pool, &file).await
            } else {
                let (answer, took) = attack::jpeg(pool, &file).await;
                (answer, took, 0)
            };
            late += usize::from(result.0 == Answer::TimedOut);
            if result.0 != Answer::TimedOut || late == TRIES {
                break result;
            }
        };
        drop(file);
        let ended = matches!(answer, Answer::Died | Answer::TimedOut);
        {
            let mut tally = tally.lock().unwrap();
            tally.add(answer, took, &case.name());
            tally.late += late;
            if ended {
                tally.ended.push(case.keep());
            }
            match control.of_bases.get(&case.base.name).filter(|_| answer == Answer::Taken) {
                Some(sound) if *sound == samples => tally.same_and_changed.0 += 1,
                Some(_) => tally.same_and_changed.1 += 1,
                None => {}
            }
            // Inspection and rendering are two requests.
            if took > Duration::from_millis(2 * REQUEST_MS + 2000) {
                tally.broken.push(format!("{took:?}: {}", case.keep()));
            }
        }
        if ended || number.is_multiple_of(CONTROL_EVERY) {
            control.check(pool).await;
        }
    }
}

/// Notes what the children take.
fn watch(name: &str, tally: &Mutex<Tally>) {
    let mut seen = (0, 0, 0);
    for pid in children_named(name) {
        seen.0 = seen.0.max(status_kib(pid, "VmHWM"));
        seen.1 = seen.1.max(status_kib(pid, "VmPeak"));
        seen.2 = seen.2.max(address_space_limit_kib(pid));
    }
    let mut tally = tally.lock().unwrap();
    tally.child_kib = (tally.child_kib.0.max(seen.0), tally.child_kib.1.max(seen.1));
    tally.limit_kib = tally.limit_kib.max(seen.2);
}

/// Notes what this process takes, without what the allocator keeps for later (files of 30 MB are changed and joined here) and
/// without the rooms that it shares with children, which come and go with them.
fn note_own(tally: &mut Tally, is_early: bool) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: gives free memory back and touches nothing that is in use (malloc_trim(3)).
    unsafe {
        libc::malloc_trim(0)
    };
    let own = status_kib(std::process::id(), "RssAnon");
    if is_early {
        tally.parent_kib.0 = own;
    }
    tally.parent_kib.1 = own;
}

/// Raws whose samples are known.
struct Control {
    file: Written,
    samples: u64,
    /// Of the files that mutants are made from.
    of_bases: BTreeMap<String, u64>,
}

impl Control {
    async fn new(campaign: &Campaign, pool: &Pool, folder: &Path) -> Self {
        let bytes = Wild::dng(7, false, Some((64, 64)), (256, 192)).file();
        let file = Written::new(folder, "control.dng", &bytes);
        let samples = fingerprint(&pool.decode(&file.0, None).await.unwrap().samples);
        let mut of_bases = BTreeMap::new();
        for base in campaign.bases.iter().filter(|_| campaign.target == Target::Raw) {
            let file = Written::new(folder, &format!("base.{}", base.extension), &base.bytes);
            if let (Answer::Taken, _, samples) = attack::raw(pool, &file).await {
                of_bases.insert(base.name.clone(), samples);
            }
        }
        Self { file, samples, of_bases }
    }

    async fn check(&self, pool: &Pool) {
        let again = pool.decode(&self.file.0, None).await.expect("a good file is decoded after a bad one");
        assert_eq!(fingerprint(&again.samples), self.samples, "a good file came out otherwise after a bad one");
    }
}
