//! What a guest sees: view models in, HTML out. Pure.
//!
//! The booth's gateway fills the view models and serves the text; the hub will serve the same pages. This room knows no
//! address scheme (every href is passed in), no file, no clock. All text is escaped by maud; the only raw text is the
//! style sheet that we built ourselves.

mod bar;
mod gallery;
mod lang;
mod notice;
mod photo;
mod phrases;
mod shell;
mod tile;
mod view;

pub use gallery::gallery;
pub use lang::Lang;
pub use notice::{busy, not_found, wrong_code};
pub use photo::photo_page;
pub use tile::tile;
pub use view::{Assets, BusyView, GalleryView, NotFoundView, PhotoPageView, PhotoView, TicketView, WrongCodeView};

/// The `Content-Security-Policy` that these pages are written for: nothing from elsewhere, style inline, script from us.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
     script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Photos on one page of the gallery: what the weight budget is counted with.
pub const PHOTOS_PER_PAGE: usize = 12;
