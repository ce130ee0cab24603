//! What can keep the gateway from starting.

use std::{io, net::SocketAddr};

/// The gateway did not start; both listeners are closed.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The operator's API would be reachable from the network.
    #[error("the operator's address {0} can be reached from other computers. Use 127.0.0.1 and a port")]
    OperatorNotLoopback(SocketAddr),
    /// An address cannot be listened on.
    #[error("could not listen on {address} for {whom}: {source}. Is another Boothlight running? Choose another port")]
    Listen {
        /// Whose listener.
        whom: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The frames that guests can see already could not be read.
    #[error(transparent)]
    Catalog(#[from] catalog::CatalogError),
}
