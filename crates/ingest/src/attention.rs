//! What goes on the attention list, in words for a person at a stall: what happened, what is safe, what to do next.

use std::{io, path::Path, sync::atomic::Ordering};

use catalog::NewAttention;
use model::AttentionId;

use crate::{
    copy::Marks,
    inspector::{Refusal, RefusalKind},
    room::Room,
};

/// What a person reads.
pub(crate) struct Words {
    pub problem: String,
    pub safe: String,
    pub next: String,
}

impl Words {
    pub(crate) fn of_refusal(refusal: &Refusal, path: &Path) -> Self {
        let next = match refusal.reason {
            RefusalKind::Empty | RefusalKind::Truncated => {
                "If the camera or its software is still sending, wait: the file is taken when the rest arrives. \
                 Otherwise send it again from the card."
            }
            RefusalKind::Foreign => "If it is no photo, dismiss this. If it is one, tell us which camera wrote it.",
            RefusalKind::Unsupported => {
                "Export it as JPEG or HEIC on the device that took it, and put that into the watched folder."
            }
            RefusalKind::Garbage => "Copy the file from the card once more; a damaged one may still open on the card.",
            RefusalKind::Unreadable => {
                "Check that the file may be read and that its disk is connected, then try again."
            }
            RefusalKind::WorkerFailed => "Try again. If it fails each time, copy the file from the card once more.",
        };
        Self { problem: sentence(&refusal.problem), safe: stays(path), next: next.to_owned() }
    }

    pub(crate) fn vanished(path: &Path) -> Self {
        Self {
            problem: format!("{} was taken away before it was copied.", name_of(path)),
            safe: "The card in the camera still holds it, unless it was deleted there.".to_owned(),
            next: "Put the file back into the watched folder, or import it from the card.".to_owned(),
        }
    }

    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self {
            problem: format!("{} cannot be read: {error}.", name_of(path)),
            safe: stays(path),
            next: "It is tried again by itself. If this stays, import the file from the card.".to_owned(),
        }
    }

    pub(crate) fn unreadable_name(path: &Path) -> Self {
        Self {
            problem: format!("The name of {} is no text that this computer can read.", name_of(path)),
            safe: stays(path),
            next: "Give the file a plain name; it is taken at once then.".to_owned(),
        }
    }

    fn disk(folder: &Path, error: &io::Error) -> Self {
        let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        let problem = if full {
            format!("The disk is full: new originals cannot be copied to {}.", folder.display())
        } else {
            format!("New originals cannot be copied to {}: {error}.", folder.display())
        };
        Self {
            problem,
            safe: "All new files stay where the camera's software put them; nothing was deleted.".to_owned(),
            next: if full {
                "Free some space. Copying then goes on by itself."
            } else {
                "Check that the disk is connected and may be written. Copying then goes on by itself."
            }
            .to_owned(),
        }
    }

    pub(crate) fn missing(path: &str) -> Self {
        Self {
            problem: format!("The original {path} is no longer in its folder, or another program changed it."),
            safe: "Its previews, and all other originals.".to_owned(),
            next: "Put the file back from your backup or the card.".to_owned(),
        }
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn stays(path: &Path) -> String {
    let folder = path.parent().unwrap_or(path);
    format!("The file stays in {}; nothing was deleted.", folder.display())
}

impl Room {
    /// Puts a file on the list. With `marks` it is not examined again before it changes; without, every start tries again.
    pub(crate) async fn attend(&self, path: &Path, source: &str, marks: Option<Marks>, words: Words) {
        // No file has this size and time, so that nothing is remembered as dealt with.
        let marks = marks.unwrap_or(Marks { bytes: 0, mtime_ns: i64::MIN });
        let at = self.now();
        let item = NewAttention {
            fresh: AttentionId::new(at, self.random()),
            event: self.config.event,
            source_path: path.to_string_lossy().into_owned(),
            source_bytes: marks.bytes,
            source_mtime_ns: marks.mtime_ns,
            source: source.to_owned(),
            problem: words.problem,
            safe: words.safe,
            next: words.next,
            at,
        };
        if let Err(error) = self.config.catalog.attend(&item).await {
            tracing::error!(%error, problem = %item.problem, "the attention list could not be written");
        }
    }

    /// Takes a file's item, and its frame where it was shown, off again.
    pub(crate) async fn unattend(&self, path: &Path) {
        let key = path.to_string_lossy();
        let items = match self.config.catalog.attention(self.config.event).await {
            Ok((items, _)) => items,
            Err(error) => return tracing::error!(%error, "the attention list could not be read"),
        };
        for item in items.iter().filter(|item| item.source_path == key) {
            if let Err(error) = self.config.catalog.retry_attention(item.id).await {
                tracing::error!(%error, "the attention list could not be written");
            }
        }
    }

    /// The originals' disk refuses: one item for all files that wait.
    pub(crate) async fn disk_refuses(&self, error: &io::Error) {
        let folder = self.creator_dir();
        tracing::warn!(%error, "the originals folder cannot be written");
        self.disk_item.store(true, Ordering::SeqCst);
        let words = Words::disk(&folder, error);
        self.attend(&folder, &self.config.originals.to_string_lossy(), None, words).await;
    }

    /// The originals' disk works: takes the item off if there is one.
    pub(crate) async fn disk_works(&self) {
        if self.disk_item.swap(false, Ordering::SeqCst) {
            self.unattend(&self.creator_dir()).await;
        }
    }
}
