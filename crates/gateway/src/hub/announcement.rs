//! What guests are told, rendered once for each language and kind of page.

use std::str::FromStr;

use bytes::Bytes;
use catalog::Frame;
use model::{FrameId, TicketCode, UnixMillis};
use pages::Lang;

use crate::{
    guest::{LANGS, tile},
    live,
};

/// The newest announcement that a phone has seen: `run-number`, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LastSeen {
    pub epoch: i64,
    pub number: u64,
}

impl FromStr for LastSeen {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, number) = text.split_once('-').unwrap_or((text, ""));
        Ok(Self { epoch: i64::from_str_radix(epoch, 16)?, number: u64::from_str_radix(number, 16)? })
    }
}

/// Who listens: the gallery's page or a ticket's, in a language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Audience {
    pub ticket: Option<TicketCode>,
    pub lang: Lang,
}

/// One thing that happened.
#[derive(Debug)]
pub(crate) struct Announcement {
    pub number: u64,
    pub at: UnixMillis,
    pub what: What,
}

/// What happened, as the bytes that go to phones.
#[derive(Debug)]
pub(crate) enum What {
    /// A tile to insert or replace.
    Photo {
        ticket: Option<TicketCode>,
        left: Option<TicketCode>,
        moved_only: bool,
        gone: Bytes,
        /// By language: for the gallery, and for the page of its ticket.
        gallery: Box<[Bytes]>,
        own_page: Box<[Bytes]>,
    },
    /// A tile to remove.
    Gone { ticket: Option<TicketCode>, gone: Bytes },
    /// Something was lost: the page is to be loaded again.
    Resync(Bytes),
}

#[derive(serde::Serialize)]
struct Photo<'a> {
    id: String,
    html: &'a str,
}

fn gone_event(frame: FrameId, id: &str) -> Bytes {
    live::event("gone", Some(id), &format!("{{\"id\":\"{frame}\"}}"))
}

impl What {
    /// `id` is the event's, not the frame's.
    pub(super) fn photo(frame: &Frame, left: Option<TicketCode>, moved_only: bool, id: &str) -> Self {
        let render = |ticket: Option<TicketCode>| {
            let events = LANGS.iter().map(|&lang| {
                let html = tile(frame, ticket, lang);
                let photo = Photo { id: frame.id.to_string(), html: &html };
                live::event("photo", Some(id), &serde_json::to_string(&photo).unwrap_or_default())
            });
            events.collect::<Box<[Bytes]>>()
        };
        let own_page = if frame.ticket.is_some() { render(frame.ticket) } else { Box::default() };
        let (ticket, gone) = (frame.ticket, gone_event(frame.id, id));
        Self::Photo { ticket, left, moved_only, gone, gallery: render(None), own_page }
    }

    pub(super) fn gone(frame: FrameId, ticket: Option<TicketCode>, id: &str) -> Self {
        Self::Gone { ticket, gone: gone_event(frame, id) }
    }

    /// Tells a phone to load its page again.
    pub(super) fn resync(id: &str) -> Self {
        Self::Resync(live::event("resync", Some(id), "{}"))
    }
}

impl Announcement {
    /// The event for that audience; none where it is none of its business.
    pub(crate) fn for_audience(&self, audience: Audience) -> Option<Bytes> {
        let at = LANGS.iter().position(|lang| *lang == audience.lang).unwrap_or(0);
        let bytes = match (&self.what, audience.ticket) {
            (What::Resync(bytes), _) => Some(bytes),
            (What::Photo { moved_only: true, .. }, None) => None,
            (What::Photo { gallery, .. }, None) => gallery.get(at),
            (What::Photo { ticket, own_page, .. }, Some(code)) if *ticket == Some(code) => own_page.get(at),
            (What::Photo { left, gone, .. }, Some(code)) if *left == Some(code) => Some(gone),
            (What::Gone { gone, .. }, None) => Some(gone),
            (What::Gone { ticket, gone }, Some(code)) if *ticket == Some(code) => Some(gone),
            _ => None,
        };
        bytes.cloned()
    }
}
