//! A phone's stream of events: the gallery's, or a ticket's.

use std::{collections::VecDeque, convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use tokio::{
    sync::{OwnedSemaphorePermit, broadcast, broadcast::error::RecvError},
    time::Interval,
};

use super::{
    answer::{self, Speaks},
    guard,
};
use crate::{
    hub::{Announcement, Audience, LastSeen},
    live::{HEARTBEAT_BYTES, OPENING, heartbeat, response},
    shared::Shared,
};

/// Seconds after which a phone that found no place asks again.
const RETRY_AFTER_S: u32 = 15;

#[derive(Deserialize)]
pub(super) struct LiveQuery {
    t: Option<String>,
    /// The newest announcement that the page holds.
    since: Option<String>,
}

struct Listening {
    shared: Arc<Shared>,
    audience: Audience,
    backlog: VecDeque<Bytes>,
    feed: broadcast::Receiver<Arc<Announcement>>,
    beat: Interval,
    _place: OwnedSemaphorePermit,
}

/// Events `photo` (insert or replace a tile), `gone` (remove one), `resync` (load the page again).
pub(super) async fn live(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Speaks(lang): Speaks,
    Query(asked): Query<LiveQuery>,
    headers: HeaderMap,
) -> Response {
    let ticket = match &asked.t {
        None => None,
        Some(typed) => match guard::ticket(&shared, peer.ip(), typed).await {
            Ok(code) => Some(code),
            Err(refused) => return answer::refused(&shared, lang, typed, refused),
        },
    };
    let Ok(place) = Arc::clone(&shared.hub.phone_places).try_acquire_owned() else {
        return answer::busy(&shared, lang, StatusCode::SERVICE_UNAVAILABLE, RETRY_AFTER_S);
    };
    let audience = Audience { ticket, lang };
    // What the browser remembers is newer than what the page was rendered with.
    let remembered = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last = remembered.or(asked.since.as_deref()).and_then(|text| text.parse::<LastSeen>().ok());
    let (mut backlog, feed) = shared.hub.hear_as_guest(audience, last, shared.now());
    backlog.push_front(OPENING);
    response(stream::unfold(Listening { shared, audience, backlog, feed, beat: heartbeat(), _place: place }, next))
}

async fn next(mut phone: Listening) -> Option<(Result<Bytes, Infallible>, Listening)> {
    loop {
        if let Some(bytes) = phone.backlog.pop_front() {
            return Some((Ok(bytes), phone));
        }
        tokio::select! {
            biased;
            () = phone.shared.stop.cancelled() => return None,
            told = phone.feed.recv() => match told {
                Ok(announcement) => phone.backlog.extend(announcement.for_audience(phone.audience)),
                Err(RecvError::Lagged(_)) => phone.backlog.push_back(phone.shared.hub.resync()),
                Err(RecvError::Closed) => return None,
            },
            _ = phone.beat.tick() => phone.backlog.push_back(HEARTBEAT_BYTES),
        }
    }
}
