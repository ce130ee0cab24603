//! One photo, large, with the way to its neighbours: works without script.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Path, Query, State},
    http::StatusCode,
    response::Response,
};
use catalog::{CatalogError, Frame, FrameQuery, PreviewState};
use model::{FrameId, TicketCode};
use pages::{Lang, PhotoPageView};
use serde::Deserialize;

use super::{
    answer::{self, Speaks, html},
    gallery::home,
    guard, view,
};
use crate::shared::Shared;

/// Older photos to swipe on to.
const FOLLOWING: u32 = 4;

#[derive(Deserialize)]
pub(super) struct PhotoQuery {
    t: Option<String>,
}

/// The photo's page; with a ticket, its neighbours are the ticket's.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Speaks(lang): Speaks,
    Path(id): Path<String>,
    Query(asked): Query<PhotoQuery>,
) -> Response {
    let ticket = match &asked.t {
        None => None,
        Some(typed) => match guard::ticket(&shared, peer.ip(), typed).await {
            Ok(code) => Some(code),
            Err(refused) => return answer::refused(&shared, lang, typed, refused),
        },
    };
    match find(&shared, &id, ticket).await {
        Ok(Some(frame)) => match render(&shared, &frame, ticket, lang).await {
            Ok(text) => html(StatusCode::OK, text),
            Err(error) => answer::failed(&shared, lang, &error),
        },
        Ok(None) => answer::missing(&shared, lang),
        Err(error) => answer::failed(&shared, lang, &error),
    }
}

/// The frame, if this guest can see it.
async fn find(shared: &Shared, id: &str, ticket: Option<TicketCode>) -> Result<Option<Frame>, CatalogError> {
    let Ok(id) = id.parse::<FrameId>() else { return Ok(None) };
    let frame = shared.catalog.frame(id).await?;
    Ok(frame.filter(|frame| {
        let here = frame.event == shared.event.id && frame.preview == PreviewState::Ready;
        here && (ticket.is_none() || frame.ticket == ticket)
    }))
}

async fn render(
    shared: &Shared,
    frame: &Frame,
    ticket: Option<TicketCode>,
    lang: Lang,
) -> Result<String, CatalogError> {
    let event = shared.event.id;
    let query = FrameQuery { event, ticket, ready_only: true, before: Some(frame.seq), limit: FOLLOWING };
    let following = shared.catalog.frames(&query).await?;
    let newer = shared.catalog.frames_after(&FrameQuery { limit: 1, ..query }, frame.seq).await?;
    Ok(pages::photo_page(&PhotoPageView {
        event_name: shared.event.name.clone(),
        lang,
        ticket: view::ticket_view(ticket),
        photo: view::photo(frame, ticket, lang),
        following: following.iter().map(|frame| view::photo(frame, ticket, lang)).collect(),
        newer_href: newer.first().map(|frame| view::page_href(frame, ticket)),
        older_href: following.first().map(|frame| view::page_href(frame, ticket)),
        gallery_href: home(ticket),
        assets: shared.files.assets(),
    }))
}
