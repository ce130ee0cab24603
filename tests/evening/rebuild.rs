//! The catalog is lost, or given up: the folder of originals alone brings the evening back.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use evening::{
    books,
    booth::Booth,
    chance::Chance,
    disk::{self, Lying},
    material::Material,
    roll::{Mix, Roll},
    studio::tool,
    verdict::{frames, holds, settled},
    writer::Writer,
};

const SETTLE: Duration = Duration::from_mins(1);
const MIX: Mix = Mix { sony: 1, canon: 1, beside: 1, small: 4, pairs: 6, singles: 3, sidecars: 3, copies: 2 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuilt_catalog_knows_what_the_old_one_knew() {
    let mut chance = Chance::of_this_run();
    let booth = Booth::new();
    let roll = Roll::plan(MIX, &mut Material::new(), &mut chance);
    let studio = booth.start().await;
    let written = Writer::begin(booth.watch(), roll.files.clone(), 0..30, chance).finish().await;
    settled(&booth, written.len(), SETTLE).await;
    holds(&booth, &studio, &roll, &written).await;
    studio.stop_cleanly().await;
    let before = disk::files(&booth.originals());
    for time in 1..=2 {
        let kept = rebuild(&booth, before.len()).await;
        assert_eq!(books::frame_count(&kept).await as usize, roll.frame_count(), "the old catalog is kept, {time}");
        assert_eq!(disk::files(&booth.originals()), before, "originals are only read, {time}");
        assert_eq!(books::frame_count(&booth.catalog()).await as usize, roll.frame_count(), "paired as before, {time}");
        come_back(&booth, &roll, &written).await;
        assert_eq!(disk::files(&booth.originals()), before, "the watched folder's files are known by content, {time}");
    }
}

/// `boothlight rebuild`; where it put the old catalog.
async fn rebuild(booth: &Booth, originals: usize) -> PathBuf {
    let output = tool(&mut booth.tool("rebuild", &[])).await;
    let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{log}");
    let expected = format!("1 events, {originals} originals, 0 files refused; the old catalog is ");
    let kept = said.strip_prefix(&expected).unwrap_or_else(|| panic!("{said:?} is not {expected:?}"));
    let kept = PathBuf::from(kept.trim_end());
    assert_eq!(kept.parent(), Some(booth.data().as_path()), "it stands beside the new one");
    kept
}

/// The next start: previews are made anew, and the evening is what it was.
async fn come_back(booth: &Booth, roll: &Roll, written: &BTreeMap<PathBuf, Lying>) {
    let studio = booth.start().await;
    // The originals themselves are known too, since they were read.
    settled(booth, written.len() + disk::files(&booth.originals()).len(), SETTLE).await;
    assert_eq!(frames(booth, &studio).await.len(), roll.frame_count());
    holds(booth, &studio, roll, written).await;
    studio.stop_cleanly().await;
}
