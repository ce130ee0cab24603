//! Cameras and people to originals safely on disk.
//!
//! One `Source` per file: a hot folder, a card. Every file goes the same way: examined by the
//! [`Inspector`], shown through the catalog at once, copied aside while it is hashed, synced, renamed to its readable
//! name, landed. Nothing is ever deleted at a source. What cannot be taken goes to the catalog's attention list.
//!
//! Errors of one file end in that list or in a retry; only what keeps a source from starting is an [`IngestError`].
//! This room knows no pixels and no network; of the rooms beside the catalog only `develop`'s worker pool, behind the
//! [`Inspector`].

mod attention;
mod card;
mod config;
mod copy;
mod examine;
mod hot_folder;
mod inbox;
mod ingest;
mod inspector;
mod land;
mod names;
mod publish;
mod reconcile;
mod room;
mod source;
mod status;
mod walk;
mod watchlist;

pub use config::{IngestConfig, IngestError};
pub use ingest::Ingest;
pub use inspector::{InspectFuture, Inspected, Inspector, Refusal, RefusalKind};
pub use names::safe_name;
pub use reconcile::Reconciled;
