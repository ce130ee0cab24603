//! axum: the guest's site, the operator's API, live events, mDNS.
