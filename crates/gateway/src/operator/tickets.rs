//! Tickets: mint, choose, move frames, show codes.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode},
    response::Response,
};
use model::{TicketCode, TicketId};

use super::{
    error::{ApiError, Body, ErrorBody, Path},
    json::{Assign, Assigned, Previous, SetCurrent, Ticket, Tickets},
};
use crate::{qr, response, shared::Shared};

/// Random codes tried before giving up: at 10,000 tickets of 923,521 codes even three would do.
const CODES_TRIED: usize = 64;

fn ticket_url(shared: &Shared, code: TicketCode) -> String {
    format!("{}t/{code}", shared.reach.join_url())
}

fn ticket_json(shared: &Shared, ticket: &catalog::Ticket) -> Ticket {
    Ticket {
        code: ticket.code.to_string(),
        url: ticket_url(shared, ticket.code),
        frames: ticket.frames,
        created_at_ms: ticket.created_at.0,
    }
}

/// All tickets, newest first, and the current one.
#[utoipa::path(get, path = "/api/tickets", operation_id = "tickets", tag = "tickets", responses((status = 200, body = Tickets), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(State(shared): State<Arc<Shared>>) -> Result<Json<Tickets>, ApiError> {
    let (catalog, event) = (&shared.catalog, shared.event.id);
    let tickets = catalog.tickets(event).await?.iter().map(|ticket| ticket_json(&shared, ticket)).collect();
    Ok(Json(Tickets { current: catalog.current_ticket(event).await?.map(|code| code.to_string()), tickets }))
}

/// Mints a ticket and makes it the current one: the next guest.
#[utoipa::path(post, path = "/api/tickets", tag = "tickets",
    responses((status = 200, body = Ticket), (status = 409, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn mint(State(shared): State<Arc<Shared>>) -> Result<Json<Ticket>, ApiError> {
    let now = shared.now();
    let codes = std::iter::repeat_with(|| TicketCode::from_random(rand::random())).take(CODES_TRIED);
    let id = TicketId::new(now, rand::random());
    let ticket = shared.catalog.mint_ticket(shared.event.id, id, codes, now).await?;
    Ok(Json(ticket_json(&shared, &ticket)))
}

/// Files arriving frames under that ticket from now on, or under none.
#[utoipa::path(put, path = "/api/tickets/current", tag = "tickets", request_body = SetCurrent,
    responses((status = 204), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn set_current(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<SetCurrent>,
) -> Result<StatusCode, ApiError> {
    shared.catalog.set_current_ticket(shared.event.id, asked.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Files frames under a ticket, or under none.
#[utoipa::path(post, path = "/api/frames/assign", tag = "tickets", request_body = Assign,
    responses((status = 200, body = Assigned), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn assign(
    State(shared): State<Arc<Shared>>,
    Body(asked): Body<Assign>,
) -> Result<Json<Assigned>, ApiError> {
    let moved = shared.catalog.assign(shared.event.id, &asked.frames, asked.ticket).await?;
    let previous = moved
        .iter()
        .map(|moved| Previous { frame: moved.frame.to_string(), ticket: moved.before.map(|code| code.to_string()) });
    Ok(Json(Assigned { changed: moved.len(), previous: previous.collect() }))
}

/// The gallery's address as a QR code.
#[utoipa::path(get, path = "/api/qr/join.svg", tag = "tickets",
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = 401, body = ErrorBody)))]
pub(crate) async fn join_qr(State(shared): State<Arc<Shared>>) -> Result<Response, ApiError> {
    svg(&shared.reach.join_url())
}

/// A ticket's address as a QR code.
#[utoipa::path(get, path = "/api/qr/ticket/{file}", tag = "tickets",
    params(("file" = String, Path, description = "The ticket's code, then `.svg`")),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = 404, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn ticket_qr(
    State(shared): State<Arc<Shared>>,
    Path(file): Path<String>,
) -> Result<Response, ApiError> {
    let code = file.strip_suffix(".svg").and_then(|code| code.parse::<TicketCode>().ok());
    let code = code.ok_or_else(|| ApiError::missing("ticket of that code"))?;
    if !shared.catalog.has_ticket(shared.event.id, code).await? {
        return Err(ApiError::missing("ticket of that code"));
    }
    svg(&ticket_url(&shared, code))
}

fn svg(address: &str) -> Result<Response, ApiError> {
    let picture = qr::svg(address).ok_or_else(|| {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "qr", "The address does not fit into a QR code.")
    })?;
    // The address may change with the network.
    Ok(response::bytes("image/svg+xml", HeaderValue::from_static("private, no-cache"), picture))
}
