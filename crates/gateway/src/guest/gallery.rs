//! The event's gallery, and a ticket's.

use std::{sync::Arc, time::Duration};

use axum::{
    Form,
    extract::{ConnectInfo, Path, Query, State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use catalog::{CatalogError, FrameQuery};
use model::TicketCode;
use moka::future::Cache;
use pages::{GalleryView, Lang, PHOTOS_PER_PAGE};
use serde::Deserialize;
use std::net::SocketAddr;

use super::{
    answer::{self, Speaks, html},
    guard, view,
};
use crate::shared::Shared;

/// Rendered pages that are kept until the next announcement: a crowd that comes at once costs one page.
const PAGES_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// Not longer than this in any case.
const PAGES_MAX_AGE: Duration = Duration::from_secs(5);

/// What a page depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    /// Pages rendered before an announcement are never shown after it.
    generation: u64,
    lang: Lang,
    ticket: Option<TicketCode>,
    before: Option<i64>,
}

/// Pages by what they depend on.
pub(crate) struct PageCache(Cache<PageKey, Bytes>);

impl PageCache {
    pub(crate) fn new() -> Self {
        let weigher = |_: &PageKey, page: &Bytes| u32::try_from(page.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(PAGES_MAX_BYTES).weigher(weigher).time_to_live(PAGES_MAX_AGE).build())
    }
}

#[derive(Deserialize)]
pub(super) struct PageQuery {
    before: Option<String>,
}

impl PageQuery {
    /// The `seq` asked for; an error where it is none.
    fn before(&self) -> Result<Option<i64>, ()> {
        self.before.as_deref().map(|text| text.parse().map_err(|_| ())).transpose()
    }
}

/// The newest photos, or those before one.
pub(super) async fn newest(
    State(shared): State<Arc<Shared>>,
    Speaks(lang): Speaks,
    Query(asked): Query<PageQuery>,
) -> Response {
    match asked.before() {
        Ok(before) => page(&shared, lang, None, before).await,
        Err(()) => answer::missing(&shared, lang),
    }
}

/// A ticket's photos.
pub(super) async fn of_ticket(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Speaks(lang): Speaks,
    Path(typed): Path<String>,
    Query(asked): Query<PageQuery>,
) -> Response {
    let code = match guard::ticket(&shared, peer.ip(), &typed).await {
        Ok(code) => code,
        Err(refused) => return answer::refused(&shared, lang, &typed, refused),
    };
    match asked.before() {
        Ok(before) => page(&shared, lang, Some(code), before).await,
        Err(()) => answer::missing(&shared, lang),
    }
}

#[derive(Deserialize)]
pub(super) struct FindForm {
    code: String,
}

/// A typed code leads to its ticket's page, which says whether it is one.
pub(super) async fn find(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Speaks(lang): Speaks,
    form: Result<Form<FindForm>, FormRejection>,
) -> Response {
    let typed = form.map(|Form(form)| form.code).unwrap_or_default();
    if let Ok(code) = typed.parse::<TicketCode>()
        && let Ok(place) = HeaderValue::from_str(&format!("/t/{code}"))
    {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
    }
    match guard::ticket(&shared, peer.ip(), &typed).await {
        Ok(_) => answer::missing(&shared, lang),
        Err(refused) => answer::refused(&shared, lang, &typed, refused),
    }
}

async fn page(shared: &Shared, lang: Lang, ticket: Option<TicketCode>, before: Option<i64>) -> Response {
    let key = PageKey { generation: shared.hub.generation(), lang, ticket, before };
    match shared.page_cache.0.try_get_with(key, render(shared, key)).await {
        Ok(text) => html(StatusCode::OK, text),
        Err(error) => answer::failed(shared, lang, &error),
    }
}

async fn render(shared: &Shared, key: PageKey) -> Result<Bytes, CatalogError> {
    let PageKey { generation, lang, ticket, before } = key;
    let event = shared.event.id;
    let query = FrameQuery { event, ticket, ready_only: true, before, limit: PHOTOS_PER_PAGE as u32 + 1 };
    let mut frames = shared.catalog.frames(&query).await?;
    let more = frames.len() > PHOTOS_PER_PAGE;
    frames.truncate(PHOTOS_PER_PAGE);
    let oldest = frames.last().filter(|_| more).map(|frame| frame.seq);
    let total = match ticket {
        Some(_) => shared.catalog.frame_count(event, ticket).await?,
        None => shared.catalog.ready_count(event).await?,
    };
    let home = home(ticket);
    let since = shared.hub.event_id(generation);
    let gallery = GalleryView {
        event_name: shared.event.name.clone(),
        lang,
        ticket: view::ticket_view(ticket),
        photos: frames.iter().map(|frame| view::photo(frame, ticket, lang)).collect(),
        older_href: oldest.map(|seq| format!("{home}?before={seq}")),
        newer_href: newer(shared, &query, &home).await?,
        total: usize::try_from(total).unwrap_or(0),
        assets: shared.files.assets(),
        live_href: match ticket {
            Some(code) => format!("/live?t={code}&since={since}"),
            None => format!("/live?since={since}"),
        },
    };
    Ok(pages::gallery(&gallery).into())
}

/// The page of the photos right before those of `query`, in the order of looking.
async fn newer(shared: &Shared, query: &FrameQuery, home: &str) -> Result<Option<String>, CatalogError> {
    let Some(before) = query.before else { return Ok(None) };
    let newer = shared.catalog.frames_after(query, before.saturating_sub(1)).await?;
    let first_of_next = newer.get(PHOTOS_PER_PAGE).map(|frame| frame.seq);
    Ok(Some(first_of_next.map_or_else(|| home.to_owned(), |seq| format!("{home}?before={seq}"))))
}

/// The address of a gallery's newest page.
pub(super) fn home(ticket: Option<TicketCode>) -> String {
    ticket.map_or_else(|| "/".to_owned(), |code| format!("/t/{code}"))
}
