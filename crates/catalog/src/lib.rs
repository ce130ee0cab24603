//! The keeper of the studio's state: SQLite through sqlx, one writer, migrations, and a feed of committed changes.
//!
//! The catalog knows no camera, no pixel and no network. It can be rebuilt from the originals folder.
//! Rooms of floor 2 meet here: what one commits, the others hear of through [`Catalog::changes`].
//! Errors are [`CatalogError`]; a failed write has changed nothing.

mod arrival;
mod attention;
mod change;
mod derivatives;
mod error;
mod event;
mod frame;
mod job;
mod landing;
mod open;
mod pairing;
mod stage;
mod stem;
mod ticket;
mod watched;

pub use arrival::{Arrived, NewArrival};
pub use attention::{Attention, NewAttention};
pub use change::Change;
pub use derivatives::{DerivativeFile, DerivativeStore, Version, VersionError};
pub use error::{CatalogError, OpenError};
pub use event::Event;
pub use frame::{Frame, FrameDetail, FrameQuery, FrameState, Original, PreviewState};
pub use job::{Job, MadeDerivative, MadePreview, Part, QueueState};
pub use landing::{Landed, Landing};
pub use open::Catalog;
pub use stage::Stage;
pub use ticket::{Reassigned, Ticket};
