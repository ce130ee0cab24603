//! The keeper of the studio's state: SQLite through sqlx, one writer, migrations, and a feed of committed changes.
//!
//! The catalog knows no camera, no pixel and no network. It can be rebuilt from the originals folder.
//! Rooms of floor 2 meet here: what one commits, the others hear of through [`Catalog::changes`].
//! Errors are [`CatalogError`]; a failed write has changed nothing.

mod arrival;
mod attention;
mod change;
mod derivatives;
mod develop_job;
mod development;
mod error;
mod event;
mod frame;
mod job;
mod landing;
mod look;
mod open;
mod pairing;
mod preset;
mod recipe;
mod stage;
mod stem;
mod superseded;
mod ticket;
mod watched;

pub use arrival::{Arrived, NewArrival};
pub use attention::{Attention, NewAttention};
pub use change::Change;
pub use derivatives::{DerivativeFile, DerivativeStore, Version, VersionError};
pub use develop_job::{MadeDevelopment, NotDeveloped, Prior};
pub use development::{Development, DevelopmentQueue, DeviceChoice, Flow};
pub use error::{CatalogError, OpenError};
pub use event::Event;
pub use frame::{Frame, FrameDetail, FrameQuery, FrameState, Original, PreviewState};
pub use job::{Job, MadeDerivative, MadePreview, Part, QueueState, Wish};
pub use landing::{Landed, Landing};
pub use look::{FrameLook, LookSource, LookState, RawFile};
pub use open::Catalog;
pub use preset::{Creator, Preset};
pub use recipe::StoredRecipe;
pub use stage::Stage;
pub use ticket::{Reassigned, Ticket};
