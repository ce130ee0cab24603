//! Who is let in: this computer's own pages, with the secret.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error::{ApiError, ErrorBody};
use crate::{metrics::Route, response, shared::Shared};

/// The window shows its own files, pictures and events; the desktop shell's calls go to `ipc:`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      font-src 'self'; connect-src 'self' ipc: http://ipc.localhost; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Stands before every route: counts, hardens, and refuses whom the request does not concern.
pub(crate) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let route = Route::of_operator(request.uri().path());
    let mut response = match admit(&shared, &request) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    };
    shared.counters.request(route, response.status().as_u16());
    response::harden(response.headers_mut(), POLICY);
    response
}

fn admit(shared: &Shared, request: &Request) -> Result<(), ApiError> {
    if !is_ours(request.uri(), request.headers()) {
        // DNS rebinding: a foreign page whose name was turned to this computer.
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "foreign_host",
            "The studio's window is reached as 127.0.0.1 or localhost only. Nothing was changed.",
        ));
    }
    let path = request.uri().path();
    let open = path == "/health" || !(path == "/metrics" || path == "/api" || path.starts_with("/api/"));
    if open || bearer(request.headers()).is_some_and(|text| shared.secret.matches(text)) {
        return Ok(());
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let picture = path.starts_with("/api/pixels/") || path.starts_with("/api/qr/");
    if reads
        && picture
        && session(request.headers(), &shared.cookie_name).is_some_and(|text| shared.session.matches(text))
    {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNAUTHORIZED,
        "no_key",
        "The operator's key is missing or wrong. Nothing was changed. Paste the key that the terminal printed at the start.",
    ))
}

/// Whether the request names this computer and nothing else.
fn is_ours(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(host) = host.to_str().ok().and_then(|text| text.parse::<Authority>().ok()) else { return false };
    is_loopback(&host) && uri.authority().is_none_or(is_loopback)
}

fn is_loopback(authority: &Authority) -> bool {
    if authority.as_str().contains('@') {
        return false;
    }
    let host = authority.host();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn session<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Lets `<img>` load pictures: sets a cookie that is good for pixels and QR codes and nothing else.
#[utoipa::path(post, path = "/api/session", tag = "studio",
    responses((status = 204, description = "The cookie is set"), (status = 401, body = ErrorBody)))]
pub(crate) async fn open_session(State(shared): State<Arc<Shared>>) -> Response {
    let cookie = format!("{}={}; Path=/api; HttpOnly; SameSite=Strict", shared.cookie_name, shared.session.reveal());
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ours(host: &str) -> bool {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_str(host).unwrap())]);
        is_ours(&Uri::from_static("/api/studio"), &headers)
    }

    #[test]
    fn only_loopback_names_are_ours() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:9000", "127.1.2.3", "[::1]", "[::1]:9000"] {
            assert!(ours(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "192.168.1.7",
            "[::2]",
            "a@localhost",
        ] {
            assert!(!ours(host), "{host}");
        }
        assert!(!is_ours(&Uri::from_static("/"), &HeaderMap::new()));
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("localhost"))]);
        assert!(!is_ours(&Uri::from_static("http://evil.example/"), &headers));
    }
}
