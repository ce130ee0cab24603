//! The window's stream of events.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use tokio::{
    sync::{OwnedSemaphorePermit, broadcast},
    time::Interval,
};
use tokio_util::sync::CancellationToken;

use super::error::{ApiError, ErrorBody};
use crate::{
    hub::ForOperator,
    live::{HEARTBEAT_BYTES, OPENING, heartbeat, response},
    shared::Shared,
};

struct Listening {
    opening: Option<Bytes>,
    feed: broadcast::Receiver<ForOperator>,
    beat: Interval,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
}

/// Events `frame`, `frame_gone`, `pulse` (once a second), `attention`, `ticket`. The stream ends where events were lost;
/// who comes back loads the newest frames and merges.
#[utoipa::path(get, path = "/api/live", tag = "live",
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 503, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn live(State(shared): State<Arc<Shared>>) -> Response {
    let Ok(place) = Arc::clone(&shared.hub.operator_places).try_acquire_owned() else {
        let full = ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_windows",
            "Too many windows look at this studio. Nothing is lost; close some of them.",
        );
        return ([(header::RETRY_AFTER, HeaderValue::from_static("5"))], full).into_response();
    };
    let listening = Listening {
        opening: Some(OPENING),
        feed: shared.hub.hear_as_operator(),
        beat: heartbeat(),
        stop: shared.stop.clone(),
        _place: place,
    };
    response(stream::unfold(listening, next))
}

async fn next(mut listening: Listening) -> Option<(Result<Bytes, Infallible>, Listening)> {
    if let Some(opening) = listening.opening.take() {
        return Some((Ok(opening), listening));
    }
    let bytes = tokio::select! {
        biased;
        () = listening.stop.cancelled() => return None,
        told = listening.feed.recv() => match told {
            Ok(ForOperator::Event(bytes)) => bytes,
            Ok(ForOperator::Reconnect) | Err(_) => return None,
        },
        _ = listening.beat.tick() => HEARTBEAT_BYTES,
    };
    Some((Ok(bytes), listening))
}
