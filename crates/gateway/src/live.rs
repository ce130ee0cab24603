//! Server-sent events on the wire (WHATWG HTML, section 9.2), for both listeners.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Interval, MissedTickBehavior};

/// A silent line is taken for dead by access points and phones after about half a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A comment: keeps the line open and tells nothing.
pub(crate) const HEARTBEAT_BYTES: Bytes = Bytes::from_static(b":\n\n");

/// The first bytes of every stream: how soon to come back after a break.
pub(crate) const OPENING: Bytes = Bytes::from_static(b"retry: 2000\n\n");

/// One event. `data` must be one line, as JSON is.
pub(crate) fn event(name: &str, id: Option<&str>, data: &str) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("{id}event: {name}\ndata: {data}\n\n"))
}

/// Ticks while nothing else happens.
pub(crate) fn heartbeat() -> Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// The answer that never ends by itself.
pub(crate) fn response(stream: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
