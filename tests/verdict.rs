//! Whether an evening ended as it must: every content once, every frame whole, nothing left over, nothing touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use crate::{
    books::{self, Left},
    booth::Booth,
    disk::{self, Lying},
    roll::{Frames, Roll},
    studio::Studio,
    until::until,
};

/// Waits until every source file was dealt with and every frame landed and has its preview.
pub async fn settled(booth: &Booth, files: usize, within: Duration) {
    let done = Left { known: files as i64, arrivals: 0, jobs: 0 };
    until("all files are dealt with, none is on its way, no preview waits", within, async || {
        let left = books::left(&booth.catalog()).await;
        if left == done { Ok(()) } else { Err((left, files)) }
    })
    .await;
}

/// Holds a settled evening against its plan. `written` is each source file's state, copies too.
pub async fn holds(booth: &Booth, studio: &Studio, roll: &Roll, written: &BTreeMap<PathBuf, Lying>) {
    let of_path: BTreeMap<PathBuf, String> =
        written.iter().map(|(path, lying)| (path.clone(), lying.sha256.clone())).collect();
    each_content_once(booth, &of_path);
    let expected = roll.expected(&of_path);
    let frames = frames(booth, studio).await;
    assert_eq!(
        frames.difference(&expected).count(),
        0,
        "frames that nobody shot: {}",
        names(&frames, &expected, &of_path)
    );
    assert_eq!(
        expected.difference(&frames).count(),
        0,
        "frames that are missing: {}",
        names(&expected, &frames, &of_path)
    );
    assert_eq!(studio.api.attention().await, Vec::<String>::new(), "nothing needs a person");
    assert_eq!(&disk::files(&booth.watch()), written, "the camera's folder was touched");
    pictures_lie_there(booth).await;
}

/// Every distinct content stands exactly once among the originals, and nothing else does.
fn each_content_once(booth: &Booth, of_path: &BTreeMap<PathBuf, String>) {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, lying) in disk::files(&booth.originals()) {
        found.entry(lying.sha256).or_default().push(path);
    }
    let wanted: BTreeSet<&String> = of_path.values().collect();
    let strange: Vec<_> = found.iter().filter(|(hash, _)| !wanted.contains(hash)).collect();
    assert!(strange.is_empty(), "what no camera wrote lies among the originals: {strange:?}");
    let doubled: Vec<_> = found.values().filter(|paths| paths.len() > 1).collect();
    assert!(doubled.is_empty(), "the same content twice: {doubled:?}");
    let lost: Vec<_> = of_path.iter().filter(|(_, hash)| !found.contains_key(*hash)).collect();
    assert!(lost.is_empty(), "originals that are lost: {lost:?}");
}

/// What the API says of all frames, held against the files themselves. Every frame is landed, shown, and counted once.
pub async fn frames(booth: &Booth, studio: &Studio) -> Frames {
    let listed = studio.api.frames().await;
    let mut frames = Frames::new();
    let mut names = BTreeSet::new();
    for frame in &listed {
        assert_eq!(frame.state, "landed", "{frame:?}");
        // A raw that carries no picture of its own is shown developed, and so is every other one.
        assert_eq!(frame.preview, "ready", "{frame:?}");
        let raw = frame.kinds.iter().any(|kind| kind == "raw");
        assert_eq!(
            (frame.look.as_str(), frame.developed),
            if raw { ("developed", true) } else { ("embedded", false) },
            "{frame:?}"
        );
        assert!(names.insert(frame.name.clone()), "two frames of the name {}", frame.name);
        let originals = studio.api.originals(frame).await;
        let kinds: Vec<&String> = originals.iter().map(|original| &original.kind).collect();
        assert_eq!(kinds, frame.kinds.iter().collect::<Vec<_>>(), "{frame:?}: {originals:?}");
        for original in &originals {
            let lying = disk::lying(&booth.originals().join(&original.path));
            assert_eq!((&lying.sha256, lying.bytes), (&original.sha256, original.bytes), "{}", original.path);
        }
        let doubled = frames.replace(originals.into_iter().map(|original| original.sha256).collect());
        assert!(doubled.is_none(), "the frame {} stands twice", frame.name);
    }
    frames
}

/// A studio that died has left no frame half shown: every picture that its catalog speaks of lies on disk, all of one address.
pub async fn pictures_lie_there(booth: &Booth) {
    for picture in books::pictures(&booth.catalog()).await {
        let tree = if picture.rung == "large" { "unmarked" } else { "proofs" };
        let name = format!("{}-{}.jpg", picture.version, picture.rung);
        let path = booth.data().join("Previews").join(tree).join(&picture.version[..2]).join(name);
        let bytes = std::fs::metadata(&path).map(|meta| meta.len() as i64);
        assert_eq!(bytes.ok(), Some(picture.bytes), "{}", path.display());
    }
}

/// The frames of one that the other lacks, by the paths that their files were written under.
fn names(one: &Frames, other: &Frames, of_path: &BTreeMap<PathBuf, String>) -> String {
    let paths = |frame: &BTreeSet<String>| -> Vec<&PathBuf> {
        of_path.iter().filter(|(_, hash)| frame.contains(*hash)).map(|(path, _)| path).collect()
    };
    format!("{:?}", one.difference(other).map(paths).collect::<Vec<_>>())
}
