//! What the watcher's thread tells: one entry per path, so that a burst of writes is one thing to do.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use model::UnixMillis;
use notify::{
    Event, EventKind,
    event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode},
};
use tokio::sync::Notify;

use crate::names::worth_a_look;

/// Paths that may wait; beyond, the folder is listed again instead, so that nothing is lost.
const PATHS_MAX: usize = 20_000;

/// The last thing that happened to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// It is being written.
    Written,
    /// Its writer closed it, or it was renamed to this name.
    Closed,
    /// It is not there any more.
    Removed,
    /// It has another name now.
    Renamed,
}

/// What happened to a path since the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub touch: Touch,
    pub first_at: UnixMillis,
    pub at: UnixMillis,
}

/// Everything since the last look.
#[derive(Debug, Default)]
pub(crate) struct Post {
    pub files: HashMap<PathBuf, Told>,
    /// Folders that are new: to be watched, then listed.
    pub folders: BTreeSet<PathBuf>,
    /// Files to be looked at although nothing happened to them.
    pub again: BTreeSet<PathBuf>,
    /// Something was missed: list everything.
    pub rescan: bool,
    /// The system could not watch some part of the folder.
    pub unwatched: bool,
    /// The watched folder itself moved or went.
    pub root_gone: bool,
}

/// Filled by the watcher's thread, emptied by the source.
#[derive(Debug)]
pub(crate) struct Inbox {
    root: PathBuf,
    post: Mutex<Post>,
    news: Notify,
}

impl Inbox {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), post: Mutex::default(), news: Notify::new() }
    }

    /// Waits until something is there.
    pub(crate) async fn wait(&self) {
        self.news.notified().await;
    }

    /// Takes everything out.
    pub(crate) fn take(&self) -> Post {
        std::mem::take(&mut *self.post.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks for a look at a file.
    pub(crate) fn again(&self, path: &Path) {
        self.write(|post| {
            post.rescan |= post.again.len() >= PATHS_MAX;
            if !post.rescan {
                post.again.insert(path.to_owned());
            }
        });
    }

    /// What the watcher says.
    pub(crate) fn hear(&self, event: notify::Result<Event>, at: UnixMillis) {
        match event {
            Ok(event) if event.need_rescan() => self.write(|post| post.rescan = true),
            Ok(event) => self.sort(&event, at),
            Err(error) => {
                tracing::warn!(%error, folder = %self.root.display(), "the watcher missed something; the folder is listed again");
                self.write(|post| post.unwatched = true);
            }
        }
    }

    fn sort(&self, event: &Event, at: UnixMillis) {
        let Some(path) = event.paths.first() else { return };
        let touch = match event.kind {
            EventKind::Create(CreateKind::Folder) => {
                return self.write(|post| {
                    post.folders.insert(path.clone());
                });
            }
            EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_)) => Touch::Written,
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Touch::Closed,
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => {
                // The event does not say whether this is a folder. Whoever looks finds out.
                self.write(|post| {
                    post.folders.insert(path.clone());
                });
                Touch::Closed
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => Touch::Renamed,
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) | EventKind::Remove(RemoveKind::File) => {
                Touch::Removed
            }
            EventKind::Remove(_) => Touch::Removed,
            _ => return,
        };
        if *path == self.root {
            if matches!(touch, Touch::Removed | Touch::Renamed) {
                self.write(|post| post.root_gone = true);
            }
            return;
        }
        if path.file_name().is_some_and(|name| worth_a_look(&name.to_string_lossy())) {
            self.write(|post| post.add(path, touch, at));
        }
    }

    fn write(&self, edit: impl FnOnce(&mut Post)) {
        {
            let mut post = self.post.lock().unwrap_or_else(PoisonError::into_inner);
            edit(&mut post);
            if post.folders.len() > PATHS_MAX {
                post.folders.clear();
                post.rescan = true;
            }
        }
        self.news.notify_one();
    }
}

impl Post {
    fn add(&mut self, path: &Path, touch: Touch, at: UnixMillis) {
        if let Some(told) = self.files.get_mut(path) {
            told.touch = touch;
            told.at = at;
        } else if self.files.len() < PATHS_MAX {
            self.files.insert(path.to_owned(), Told { touch, first_at: at, at });
        } else {
            self.rescan = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::DataChange;

    use super::*;

    #[allow(clippy::unnecessary_wraps)] // as notify hands it over
    fn event(kind: EventKind, path: &str) -> notify::Result<Event> {
        Ok(Event::new(kind).add_path(PathBuf::from(path)))
    }

    #[test]
    fn a_burst_of_writes_is_one_entry_and_the_last_word_stands() {
        let inbox = Inbox::new(Path::new("/hot"));
        inbox.hear(event(EventKind::Create(CreateKind::File), "/hot/a.jpg"), UnixMillis(1));
        for at in 2..100 {
            inbox.hear(event(EventKind::Modify(ModifyKind::Data(DataChange::Any)), "/hot/a.jpg"), UnixMillis(at));
        }
        inbox.hear(event(EventKind::Access(AccessKind::Close(AccessMode::Write)), "/hot/a.jpg"), UnixMillis(100));
        inbox.hear(event(EventKind::Create(CreateKind::File), "/hot/.a.jpg.part"), UnixMillis(1));
        let post = inbox.take();
        assert_eq!(post.files.len(), 1);
        let told = post.files.values().next();
        assert_eq!(told, Some(&Told { touch: Touch::Closed, first_at: UnixMillis(1), at: UnixMillis(100) }));
        assert!(inbox.take().files.is_empty());
    }

    #[test]
    fn what_does_not_fit_asks_for_a_listing() {
        let inbox = Inbox::new(Path::new("/hot"));
        for n in 0..=PATHS_MAX {
            inbox.hear(event(EventKind::Create(CreateKind::File), &format!("/hot/{n}.jpg")), UnixMillis(1));
        }
        let post = inbox.take();
        assert!(post.rescan && post.files.len() == PATHS_MAX);
        inbox.hear(event(EventKind::Remove(RemoveKind::Folder), "/hot"), UnixMillis(1));
        assert!(inbox.take().root_gone);
    }
}
