//! What each page needs to know, and nothing more.

use crate::Lang;

/// What was built in `ui/guest`.
#[derive(Clone, Copy, Debug)]
pub struct Assets<'a> {
    /// The text of `ui/guest/dist/style.css`; it stands inline in every page, so that the first paint needs one request.
    pub style: &'a str,
    /// Address of `guest.js`, with the hash of its content in it.
    pub script_href: &'a str,
}

/// The ticket whose page this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketView {
    /// Its code, `K7P3`.
    pub code: String,
}

/// One frame as a guest may see it: proofs only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoView {
    /// The frame's id: letters, digits and hyphens.
    pub id: String,
    /// The frame's name as the camera wrote it, `BLR_0001`.
    pub name: String,
    /// Width of the upright picture, px; 0 where it is not known yet.
    pub width_px: u32,
    /// Height of the upright picture, px; 0 where it is not known yet.
    pub height_px: u32,
    /// The picture's average colour, `#rrggbb`; anything else means a neutral grey.
    pub colour: String,
    /// Base64 of the thumbhash; empty where there is none yet.
    pub thumbhash_base64: String,
    /// Address of the proof at rung `thumb`; empty while there is no picture yet.
    pub thumb_href: String,
    /// Address of the proof at rung `screen`; empty while there is no picture yet.
    pub screen_href: String,
    /// Address of the photo's own page.
    pub page_href: String,
    /// Whether the original is still on its way: shown, and marked with the word.
    pub arriving: bool,
    /// When it was taken, as the guest reads it, `19:42`; empty where the camera did not say.
    pub time_label: String,
    /// The guest's language, in which the tile says "arriving".
    pub lang: Lang,
}

impl PhotoView {
    /// Whether there is something to look at yet.
    pub(crate) fn has_picture(&self) -> bool {
        !self.thumb_href.is_empty() && !self.screen_href.is_empty()
    }
}

/// The event's gallery, or one ticket's.
#[derive(Clone, Debug)]
pub struct GalleryView<'a> {
    /// The event's name, as the photographer typed it.
    pub event_name: String,
    /// The guest's language.
    pub lang: Lang,
    /// The ticket, on its own page.
    pub ticket: Option<TicketView>,
    /// At most [`crate::PHOTOS_PER_PAGE`], newest first.
    pub photos: Vec<PhotoView>,
    /// Where the photos after these are.
    pub older_href: Option<String>,
    /// Where newer photos are; `None` on the newest page, which alone is live.
    pub newer_href: Option<String>,
    /// All photos of the event, or of the ticket.
    pub total: usize,
    /// Style and script.
    pub assets: Assets<'a>,
    /// Address of the server-sent events.
    pub live_href: String,
}

/// One photo, large. With its script off too, the guest swipes on to older ones.
#[derive(Clone, Debug)]
pub struct PhotoPageView<'a> {
    /// The event's name.
    pub event_name: String,
    /// The guest's language.
    pub lang: Lang,
    /// The ticket from whose page the guest came.
    pub ticket: Option<TicketView>,
    /// The photo.
    pub photo: PhotoView,
    /// Older photos to swipe on to, newest first; a handful, may be empty.
    pub following: Vec<PhotoView>,
    /// The page of the next newer photo.
    pub newer_href: Option<String>,
    /// The page of the next older photo.
    pub older_href: Option<String>,
    /// Back to the gallery.
    pub gallery_href: String,
    /// Style and script.
    pub assets: Assets<'a>,
}

/// A code that fits no ticket.
#[derive(Clone, Debug)]
pub struct WrongCodeView<'a> {
    /// The event's name.
    pub event_name: String,
    /// The guest's language.
    pub lang: Lang,
    /// What the guest typed; at most 16 characters of it are shown.
    pub typed: String,
    /// Style and script.
    pub assets: Assets<'a>,
}

/// The booth asks for patience: too many tries, or too many guests at once.
#[derive(Clone, Debug)]
pub struct BusyView<'a> {
    /// The event's name.
    pub event_name: String,
    /// The guest's language.
    pub lang: Lang,
    /// Seconds after which the script asks again; the same number goes into `Retry-After`.
    pub retry_after_s: u32,
    /// Style and script.
    pub assets: Assets<'a>,
}

/// An address that leads nowhere.
#[derive(Clone, Debug)]
pub struct NotFoundView<'a> {
    /// The event's name.
    pub event_name: String,
    /// The guest's language.
    pub lang: Lang,
    /// Style and script.
    pub assets: Assets<'a>,
}
