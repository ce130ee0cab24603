//! The order of work, whatever comes when: proofs never wait behind anything else, the newest goes first, all gets done.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use catalog::{
    Catalog, Event, Job, MadeDerivative, MadeDevelopment, MadePreview, NewArrival, Part, StoredRecipe, Version,
};
use model::{CaptureFacts, ContentHash, CreatorId, EventId, FileKind, FrameId, Rung, UnixMillis};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::Places;

const NOW: UnixMillis = UnixMillis(1_764_000_000_000);
/// What the catalog gives to frames that are developed anew because a look changed.
const BEHIND_ARRIVALS: i64 = 15;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A press of the shutter.
    Arrive { raw: bool },
    /// A place is looked for, and a job for it.
    Claim,
    /// What is being made for so long ends.
    Finish,
    /// The event gets another look.
    Look(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<bool>().prop_map(|raw| Step::Arrive { raw }),
        5 => Just(Step::Claim),
        4 => Just(Step::Finish),
        1 => (1..4_u8).prop_map(Step::Look),
    ]
}

struct Evening {
    catalog: Catalog,
    event: Event,
    creator: CreatorId,
    places: Places,
    running: Vec<(Job, oneshot::Sender<()>)>,
    /// Frames by their order: what of them waits, as (priority, rank of the part).
    waiting: BTreeMap<u32, (i64, u8)>,
    of_id: BTreeMap<FrameId, u32>,
    raws: BTreeSet<u32>,
    look: u8,
    /// The look that each frame is shown with.
    shown: BTreeMap<u32, u8>,
    _folder: TempDir,
}

fn stored(n: u8) -> StoredRecipe {
    StoredRecipe { hash: ContentHash([n; 32]), json: "{}".into() }
}

fn made(n: u32, look: u8) -> MadePreview {
    let mut key = [look; 16];
    key[..4].copy_from_slice(&n.to_be_bytes());
    let of_rung = |rung| MadeDerivative { rung, bytes: 1, width_px: 3, height_px: 2 };
    let derivatives = [Rung::Screen, Rung::Thumb, Rung::Large].map(of_rung).to_vec();
    MadePreview { version: Version::new(key), derivatives, thumbhash: None, stages: vec![] }
}

impl Evening {
    async fn begin(jobs_max: usize) -> Self {
        let folder = TempDir::new().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite"), NOW).await.unwrap();
        let event = catalog.event_named("Fair", EventId::new(NOW, [1; 10]), NOW).await.unwrap();
        let creator = catalog.creator_named("Lena", CreatorId::new(NOW, [2; 10])).await.unwrap();
        catalog.begin_development(event.id, &stored(1)).await.unwrap();
        Self {
            catalog,
            event,
            creator,
            places: Places { jobs_max, ..Places::default() },
            running: vec![],
            waiting: BTreeMap::new(),
            of_id: BTreeMap::new(),
            raws: BTreeSet::new(),
            look: 1,
            shown: BTreeMap::new(),
            _folder: folder,
        }
    }

    async fn arrive(&mut self, raw: bool) {
        let n = self.of_id.len() as u32;
        let mut random = [0; 10];
        random[..4].copy_from_slice(&n.to_be_bytes());
        let arrival = NewArrival {
            fresh: FrameId::new(NOW, random),
            event: self.event.id,
            creator: self.creator,
            source_path: format!("/card/{n}"),
            source_folder: "/card".into(),
            stem: n.to_string(),
            kind: if raw { FileKind::Raw } else { FileKind::Jpeg },
            bytes: 1,
            facts: CaptureFacts::default(),
            seen_at: NOW,
            complete_at: NOW,
            priority: 0,
            sure: true,
        };
        let id = self.catalog.arrive(&arrival).await.unwrap().frame.unwrap();
        self.of_id.insert(id, n);
        self.waiting.insert(n, (0, 0));
        if raw {
            self.raws.insert(n);
        }
    }

    fn first_of(&self, rank: u8) -> Option<(i64, u32)> {
        let of_rank = self.waiting.iter().filter(|(_, (_, it))| *it == rank);
        of_rank.map(|(n, (priority, _))| (*priority, *n)).min_by_key(|(priority, n)| (*priority, u32::MAX - n))
    }

    /// Claims one job and holds it against the rules. Returns whether there was one.
    async fn claim(&mut self) -> bool {
        let (proofs, developing) = (self.places.proofs.len(), self.places.developing.len());
        let full = proofs >= self.places.jobs_max;
        let claimed = self.places.next_job(&self.catalog, NOW).await.unwrap();
        let [first_proofs, first_developed, first_large] = [0, 1, 2].map(|rank| self.first_of(rank));
        let Some(job) = claimed else {
            assert!(full || first_proofs.is_none(), "proofs wait although there is a place");
            return false;
        };
        let n = self.of_id[&job.frame];
        match job.part {
            Part::Proofs => assert_eq!(Some(n), first_proofs.map(|(_, n)| n), "the newest first"),
            Part::Developed | Part::Large => {
                assert_eq!(first_proofs, None, "{:?} before proofs that wait", job.part);
                let own = if job.part == Part::Developed { first_developed } else { first_large };
                assert_eq!(Some(n), own.map(|(_, n)| n), "the newest first");
            }
        }
        if job.part == Part::Developed {
            assert_eq!(developing, 0, "one at a time");
        }
        self.waiting.remove(&n);
        let (done, wait) = oneshot::channel();
        let place = match job.part {
            Part::Proofs => &mut self.places.proofs,
            Part::Developed => &mut self.places.developing,
            Part::Large => &mut self.places.large,
        };
        place.spawn(async move {
            let _ = wait.await;
        });
        self.running.push((job, done));
        true
    }

    async fn finish(&mut self) {
        if self.running.is_empty() {
            return;
        }
        let (job, done) = self.running.remove(0);
        let n = self.of_id[&job.frame];
        done.send(()).unwrap();
        match job.part {
            Part::Proofs => {
                self.places.proofs.join_next().await.unwrap().unwrap();
                assert!(self.catalog.finish_preview(job.frame, &made(n, 0), false).await.unwrap());
                self.waiting.insert(n, (0, if self.raws.contains(&n) { 1 } else { 2 }));
            }
            Part::Large => {
                self.places.large.join_next().await.unwrap().unwrap();
                assert!(self.catalog.finish_preview(job.frame, &made(n, 0), true).await.unwrap());
            }
            Part::Developed => {
                self.places.developing.join_next().await.unwrap().unwrap();
                self.finish_development(&job, n).await;
            }
        }
    }

    async fn finish_development(&mut self, job: &Job, n: u32) {
        let recipe = job.wish.as_ref().unwrap().recipe.clone();
        let look = recipe.hash.0[0];
        let preview = made(n, look);
        let made =
            MadeDevelopment { preview, recipe, settled: "{}".into(), prior: None, device: "CPU".into(), at: NOW };
        let swapped = self.catalog.finish_development(job.frame, &made).await.unwrap();
        assert_eq!(swapped, look == self.look, "only the look that is wanted now is shown");
        if swapped {
            self.shown.insert(n, look);
        } else if self.shown.get(&n) != Some(&self.look) {
            let priority = if self.shown.contains_key(&n) { BEHIND_ARRIVALS } else { 0 };
            self.waiting.insert(n, (priority, 1));
        }
    }

    async fn change_look(&mut self, look: u8) {
        self.catalog.set_event_look(self.event.id, &stored(look), NOW).await.unwrap();
        self.look = look;
        let running: BTreeSet<u32> = self.running.iter().map(|(job, _)| self.of_id[&job.frame]).collect();
        for (n, shown) in &self.shown {
            if running.contains(n) {
                continue;
            }
            if *shown == look {
                self.waiting.remove(n);
            } else {
                self.waiting.entry(*n).or_insert((BEHIND_ARRIVALS, 1));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn proofs_never_wait_the_newest_goes_first_and_all_gets_done(
        jobs_max in 1..4_usize,
        steps in proptest::collection::vec(step(), 10..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut evening = Evening::begin(jobs_max).await;
            for step in steps {
                match step {
                    Step::Arrive { raw } => evening.arrive(raw).await,
                    Step::Claim => {
                        evening.claim().await;
                    }
                    Step::Finish => evening.finish().await,
                    Step::Look(look) => evening.change_look(look).await,
                }
            }
            // Nothing more arrives: everything is done after a bounded number of steps.
            for _ in 0..1000 {
                while evening.claim().await {}
                if evening.running.is_empty() {
                    break;
                }
                evening.finish().await;
            }
            assert_eq!(evening.catalog.queue_state().await.unwrap(), catalog::QueueState::default());
            assert!(evening.waiting.is_empty() && evening.raws.iter().all(|n| evening.shown[n] == evening.look));
        });
    }
}
