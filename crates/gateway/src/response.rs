//! Headers that answers of both listeners share.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;

/// For addresses that hold a content key: they never name other bytes.
pub(crate) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The same, for the operator's own browser alone.
pub(crate) const FOR_EVER_PRIVATE: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

const EVERYWHERE: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// Adds what every answer carries, with the listener's own content policy.
pub(crate) fn harden(headers: &mut HeaderMap, policy: &'static str) {
    for (name, value) in EVERYWHERE {
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
}

/// An answer of these bytes.
pub(crate) fn bytes(content_type: &'static str, cache: HeaderValue, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, cache);
    response
}

/// A JPEG under an address that holds its version; 304 to who has it.
pub(crate) fn jpeg(request: &HeaderMap, tag: &str, cache: HeaderValue, body: Bytes) -> Response {
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|tags| tags.split(',').any(|it| it.trim().trim_start_matches("W/") == tag));
    let mut response = if fresh { Response::new(Body::empty()) } else { bytes("image/jpeg", cache.clone(), body) };
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().insert(header::CACHE_CONTROL, cache);
    }
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Answers a panic in a handler like any other fault, so that one request never ends the studio.
pub(crate) fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request ended in a panic");
    let mut response = Response::new(Body::from("Something went wrong. Your photos are safe; load the page again."));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
