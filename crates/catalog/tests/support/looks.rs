//! Looks and developments, for the catalog's tests.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

use catalog::{
    Frame, Job, LookSource, LookState, MadeDerivative, MadeDevelopment, MadePreview, NotDeveloped, Part, Stage,
    StoredRecipe, Version,
};
use model::{ContentHash, FileKind, FrameId, Rung, UnixMillis};

use super::{Booth, NOW, made};

pub fn look(n: u8) -> StoredRecipe {
    StoredRecipe { hash: ContentHash([n; 32]), json: format!("{{\"n\":{n}}}") }
}

pub fn developed(key: u8, recipe: &StoredRecipe, size_px: (u32, u32)) -> MadeDevelopment {
    let of_rung = |rung| MadeDerivative { rung, bytes: 20, width_px: size_px.0, height_px: size_px.1 };
    MadeDevelopment {
        preview: MadePreview {
            version: Version::new([key; 16]),
            derivatives: vec![of_rung(Rung::Screen), of_rung(Rung::Thumb), of_rung(Rung::Large)],
            thumbhash: Some(vec![9]),
            stages: vec![(Stage::Encoded, UnixMillis(NOW.0 + 900))],
        },
        recipe: recipe.clone(),
        settled: format!("{{\"ev\":{key}}}"),
        prior: None,
        device: "CPU (2 cores)".into(),
        at: UnixMillis(NOW.0 + 1000),
    }
}

impl Booth {
    /// A booth whose event has the look 1.
    pub async fn with_look() -> Self {
        let booth = Self::open().await;
        booth.catalog.begin_development(booth.event.id, &look(1)).await.unwrap();
        booth
    }

    pub async fn raw(&self, name: &str, at_ms: i64) -> FrameId {
        self.catalog.arrive(&self.arrival(name, FileKind::Raw, Some(at_ms))).await.unwrap().frame.unwrap()
    }

    pub async fn claim(&self, part: Part) -> Option<Job> {
        self.catalog.claim_job(part, NOW).await.unwrap()
    }

    /// A raw that is shown from the camera's own picture.
    pub async fn shown(&self, name: &str, key: u8, at_ms: i64) -> FrameId {
        let frame = self.raw(name, at_ms).await;
        assert_eq!(self.claim(Part::Proofs).await.unwrap().frame, frame);
        assert!(self.catalog.finish_preview(frame, &made(key), false).await.unwrap());
        frame
    }

    /// Claims the next development and ends it well.
    pub async fn develop_next(&self, key: u8) -> Job {
        let job = self.claim(Part::Developed).await.unwrap();
        let recipe = job.wish.as_ref().unwrap().recipe.clone();
        assert!(self.catalog.finish_development(job.frame, &developed(key, &recipe, (1200, 800))).await.unwrap());
        job
    }

    pub async fn frame(&self, id: FrameId) -> Frame {
        self.catalog.frame(id).await.unwrap().unwrap()
    }

    pub async fn state(&self, id: FrameId) -> (LookState, LookSource, Option<String>) {
        let look = self.catalog.frame_look(id).await.unwrap().unwrap();
        assert_eq!(look.state, self.frame(id).await.look, "the list says the same");
        (look.state, look.source, look.reason)
    }

    pub async fn fail(&self, why: NotDeveloped, now: UnixMillis) -> Job {
        let job = self.catalog.claim_job(Part::Developed, now).await.unwrap().unwrap();
        let recipe = job.wish.as_ref().unwrap().recipe.clone();
        self.catalog.fail_development(job.frame, &recipe, why, "the words", now).await.unwrap();
        job
    }
}
