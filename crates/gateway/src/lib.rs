//! The studio's two doors: the guest's site on the local network and the operator's API on this computer alone.
//!
//! They are two listeners with two routers, and the guest's has no route to any control. What a guest can load is
//! made from [`model::Rung`]s that carry the watermark; the type that names them cannot name another.
//! Live events are rendered once for all listeners by one task that follows the catalog's feed.
//!
//! The gateway knows no camera, no source and no decoder: what it needs of them comes through [`StudioPort`] and
//! [`LookPort`].

mod address;
mod config;
mod error;
mod guest;
mod hub;
mod live;
mod look_port;
mod looks;
mod mdns;
mod metrics;
mod operator;
mod pixels;
mod pulse;
mod qr;
mod response;
mod secret;
mod serve;
mod shared;
mod stamps;
mod start;
mod throttle;

pub use config::{Clock, DiskState, FolderListing, FolderRefused, GatewayConfig, PortFuture, StudioPort};
pub use error::GatewayError;
pub use look_port::{DeviceState, LookPicture, LookPort, LookRefused, LookSession};
pub use operator::openapi;
pub use secret::Secret;
pub use start::{Gateway, Running};
