//! An evening's files as a plan: which files, under which names, in which order, and which of them are one frame.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::{
    chance::Chance,
    material::{Content, Maker, Material},
};

/// Folders below the watched one; the same file names are used in each.
const FOLDERS: [&str; 3] = ["", "100BOOTH", "101BOOTH"];
/// Files that may change places on their way: two cards, two threads of a camera's software.
const WINDOW: usize = 4;

/// How many of what.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// Sony's raws.
    pub sony: usize,
    /// Canon's raws.
    pub canon: usize,
    /// So many of either have a JPEG beside them.
    pub beside: usize,
    /// Small raws.
    pub small: usize,
    /// Drawn JPEGs with their DNG.
    pub pairs: usize,
    /// Drawn JPEGs alone.
    pub singles: usize,
    /// Sidecars of pairs.
    pub sidecars: usize,
    /// Files that hold exactly what another one holds.
    pub copies: usize,
}

/// One file to be written.
#[derive(Clone, Debug)]
pub struct File {
    /// Below the watched folder.
    pub path: PathBuf,
    /// What is in it.
    pub content: Content,
}

/// All files, and what belongs together.
#[derive(Debug)]
pub struct Roll {
    /// In the order in which they are written.
    pub files: Vec<File>,
    /// The paths of each frame's files.
    frames: Vec<Vec<PathBuf>>,
}

/// What a frame is made of: the hashes of its originals.
pub type Frames = BTreeSet<BTreeSet<String>>;

impl Roll {
    /// Plans an evening.
    pub fn plan(mix: Mix, material: &mut Material, chance: &mut Chance) -> Self {
        let mut shots = shots(mix, material);
        chance.shuffle(&mut shots);
        let mut roll = Self { files: Vec::new(), frames: Vec::new() };
        let mut alone = Vec::new();
        for (n, mut contents) in shots.into_iter().enumerate() {
            // The same counter in every folder: names collide on purpose, across all kinds of files.
            let stem = PathBuf::from(FOLDERS[n % FOLDERS.len()]).join(format!("IMG_{:04}", n / FOLDERS.len() + 1));
            chance.shuffle(&mut contents);
            let files: Vec<File> = contents
                .into_iter()
                .map(|content| File { path: stem.with_extension(content.extension), content })
                .collect();
            roll.frames.push(files.iter().map(|file| file.path.clone()).collect());
            if let [only] = files.as_slice() {
                alone.push(only.clone());
            }
            roll.files.extend(files);
        }
        roll.files.chunks_mut(WINDOW).for_each(|window| chance.shuffle(window));
        roll.copy_some(mix.copies, &alone, chance);
        roll
    }

    /// Copies of files that are a frame by themselves, anywhere in the evening, before the copied one too. Of a pair's
    /// files the earlier name would decide the frame, and the order is nobody's.
    fn copy_some(&mut self, copies: usize, alone: &[File], chance: &mut Chance) {
        for n in 0..copies {
            let file = chance.pick(alone);
            let name = file.path.file_name().unwrap();
            let path = match n % 2 {
                // The same name elsewhere: taken for a copy at first sight. Another name: only its content tells.
                0 => PathBuf::from(format!("again{n}")).join(name),
                _ => PathBuf::from(format!("COPY_{n:04}.{}", file.content.extension)),
            };
            let at = chance.within(0..self.files.len() + 1);
            self.files.insert(at, File { path, content: file.content.clone() });
        }
    }

    /// All files of some frames with several files, as if their card were copied a second time.
    pub fn second_card(&self, frames: usize) -> Vec<File> {
        let several = self.frames.iter().filter(|paths| paths.len() > 1).take(frames).flatten();
        let of_path = |path: &PathBuf| self.files.iter().find(|file| file.path == *path).unwrap();
        several
            .map(|path| File { path: PathBuf::from("second card").join(path), content: of_path(path).content.clone() })
            .collect()
    }

    /// How many frames this is.
    pub fn frame_count(&self) -> usize {
        self.frames.len()
    }

    /// What each frame must be made of, given the hash of each path.
    pub fn expected(&self, sha256: &BTreeMap<PathBuf, String>) -> Frames {
        let of_frame = |paths: &Vec<PathBuf>| paths.iter().map(|path| sha256[path].clone()).collect();
        self.frames.iter().map(of_frame).collect()
    }
}

/// The contents of each press of the shutter.
fn shots(mix: Mix, material: &mut Material) -> Vec<Vec<Content>> {
    let mut shots = Vec::new();
    for (maker, count) in [(Maker::Sony, mix.sony), (Maker::Canon, mix.canon)] {
        for n in 0..count {
            let mut shot = vec![material.raw(maker)];
            if n < mix.beside {
                shot.push(material.jpeg_beside(maker));
            }
            shots.push(shot);
        }
    }
    shots.extend((0..mix.small).map(|_| vec![material.small_raw()]));
    shots.extend((0..mix.singles).map(|_| material.drawn(false)));
    for n in 0..mix.pairs {
        let mut shot = material.drawn(true);
        if n < mix.sidecars {
            shot.push(material.sidecar());
        }
        shots.push(shot);
    }
    shots
}
