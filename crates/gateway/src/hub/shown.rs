//! What guests see already, so that each change is told to those it concerns and to nobody else. Pure.

use std::collections::{HashMap, VecDeque};

use catalog::{Frame, FrameState, PreviewState, Version};
use model::{FrameId, TicketCode, UnixMillis};

/// Frames remembered; an event of more than that announces its oldest ones again when they change.
pub(crate) const SHOWN_MAX: usize = 20_000;
/// A report later than this is of a guest who came later, and says nothing about the way of the frame.
const REPORT_MAX_MS: i64 = 60_000;

/// What a change of a frame means for guests.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing that they see.
    Same,
    /// A tile to insert or replace.
    Photo {
        /// The ticket whose page it leaves.
        left: Option<TicketCode>,
        /// Whether guests see the frame for the first time.
        first: bool,
        /// Whether the tile stayed and only the ticket changed.
        moved_only: bool,
    },
    /// It can no longer be shown.
    Gone { ticket: Option<TicketCode> },
}

struct ShownFrame {
    version: Version,
    /// Tiles of frames that have not landed say so.
    state: FrameState,
    ticket: Option<TicketCode>,
    /// None for frames of an earlier run.
    announced_at: Option<UnixMillis>,
    reported: bool,
}

impl ShownFrame {
    fn new(frame: &Frame, version: &Version, announced_at: Option<UnixMillis>) -> Self {
        Self { version: version.clone(), state: frame.state, ticket: frame.ticket, announced_at, reported: false }
    }
}

/// Frames that guests can see, bounded.
#[derive(Default)]
pub(super) struct ShownFrames {
    by_id: HashMap<FrameId, ShownFrame>,
    order: VecDeque<FrameId>,
}

impl ShownFrames {
    /// A frame that guests of an earlier run have seen.
    pub(super) fn remember(&mut self, frame: &Frame) {
        if let (PreviewState::Ready, Some(version)) = (&frame.preview, &frame.version) {
            self.insert(frame.id, ShownFrame::new(frame, version, None));
        }
    }

    /// Takes the frame as it is now.
    pub(super) fn turn(&mut self, frame: &Frame, now: UnixMillis) -> Turn {
        let (PreviewState::Ready, Some(version)) = (&frame.preview, &frame.version) else {
            return self.forget(frame.id).map_or(Turn::Same, |(_, ticket)| Turn::Gone { ticket });
        };
        let Some(shown) = self.by_id.get_mut(&frame.id) else {
            self.insert(frame.id, ShownFrame::new(frame, version, Some(now)));
            return Turn::Photo { left: None, first: true, moved_only: false };
        };
        let same_look = shown.version == *version && shown.state == frame.state;
        if same_look && shown.ticket == frame.ticket {
            return Turn::Same;
        }
        shown.version = version.clone();
        shown.state = frame.state;
        let before = std::mem::replace(&mut shown.ticket, frame.ticket);
        Turn::Photo { left: before.filter(|_| before != frame.ticket), first: false, moved_only: same_look }
    }

    /// The frame is no more. Returns what was shown of it.
    pub(super) fn forget(&mut self, id: FrameId) -> Option<(Version, Option<TicketCode>)> {
        self.by_id.remove(&id).map(|shown| (shown.version, shown.ticket))
    }

    /// Whether a phone's report is the first of a frame that was announced just now.
    pub(super) fn first_report(&mut self, id: FrameId, now: UnixMillis) -> bool {
        let Some(shown) = self.by_id.get_mut(&id) else { return false };
        let fresh = shown.announced_at.is_some_and(|at| now.since(at) <= REPORT_MAX_MS);
        fresh && !std::mem::replace(&mut shown.reported, true)
    }

    fn insert(&mut self, id: FrameId, shown: ShownFrame) {
        self.by_id.insert(id, shown);
        self.order.push_back(id);
        while self.order.len() > SHOWN_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalog::LookState;
    use model::{CaptureFacts, EventId};

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn frame(preview: PreviewState, version: u8, ticket: Option<&str>) -> Frame {
        Frame {
            id: FrameId::new(NOW, [1; 10]),
            event: EventId::new(NOW, [1; 10]),
            seq: 1,
            name: "A".into(),
            creator: "Lena".into(),
            state: FrameState::Arriving,
            preview,
            version: Some(Version::new([version; 16])),
            width_px: Some(1200),
            height_px: Some(800),
            thumbhash: None,
            ticket: ticket.map(|code| code.parse().unwrap()),
            facts: CaptureFacts::default(),
            seen_at: NOW,
            kinds: vec![],
            developed: false,
            look: LookState::Embedded,
        }
    }

    #[test]
    fn a_frame_is_told_when_it_looks_different_and_only_then() {
        let mut shown = ShownFrames::default();
        let code = |text: &str| Some(text.parse::<TicketCode>().unwrap());
        assert_eq!(shown.turn(&frame(PreviewState::Waiting, 1, None), NOW), Turn::Same);
        let first = Turn::Photo { left: None, first: true, moved_only: false };
        assert_eq!(shown.turn(&frame(PreviewState::Ready, 1, Some("K7P3")), NOW), first);
        assert_eq!(shown.turn(&frame(PreviewState::Ready, 1, Some("K7P3")), NOW), Turn::Same);
        let sharper = Turn::Photo { left: None, first: false, moved_only: false };
        assert_eq!(shown.turn(&frame(PreviewState::Ready, 2, Some("K7P3")), NOW), sharper);
        let landed = Frame { state: FrameState::Landed, ..frame(PreviewState::Ready, 2, Some("K7P3")) };
        assert_eq!(shown.turn(&landed, NOW), sharper, "the word `arriving` goes");
        assert_eq!(shown.turn(&frame(PreviewState::Ready, 2, Some("K7P3")), NOW), sharper);
        let moved = Turn::Photo { left: code("K7P3"), first: false, moved_only: true };
        assert_eq!(shown.turn(&frame(PreviewState::Ready, 2, Some("ABCD")), NOW), moved);
        assert_eq!(
            shown.turn(&frame(PreviewState::Waiting, 2, Some("ABCD")), NOW),
            Turn::Gone { ticket: code("ABCD") }
        );
        assert_eq!(shown.turn(&frame(PreviewState::Failed("x".into()), 2, None), NOW), Turn::Same);
    }

    #[test]
    fn the_first_prompt_report_counts_once() {
        let mut shown = ShownFrames::default();
        let ready = frame(PreviewState::Ready, 1, None);
        assert!(!shown.first_report(ready.id, NOW));
        shown.turn(&ready, NOW);
        assert!(shown.first_report(ready.id, NOW));
        assert!(!shown.first_report(ready.id, NOW));
        let mut late = ShownFrames::default();
        late.turn(&ready, NOW);
        assert!(!late.first_report(ready.id, UnixMillis(NOW.0 + REPORT_MAX_MS + 1)));
        let mut earlier_run = ShownFrames::default();
        earlier_run.remember(&ready);
        assert!(!earlier_run.first_report(ready.id, NOW));
        assert_eq!(earlier_run.turn(&ready, NOW), Turn::Same, "not announced twice");
    }

    #[test]
    fn memory_is_bounded() {
        let mut shown = ShownFrames::default();
        for n in 0..=SHOWN_MAX as u64 {
            let mut random = [0; 10];
            random[2..].copy_from_slice(&n.to_be_bytes());
            shown.remember(&Frame { id: FrameId::new(NOW, random), ..frame(PreviewState::Ready, 1, None) });
        }
        assert_eq!((shown.by_id.len(), shown.order.len()), (SHOWN_MAX, SHOWN_MAX));
    }
}
