//! The window that shows the operator's page, and the one that says why there is none.

use studio::Ready;
use tauri::{
    AppHandle, Runtime, Url, WebviewUrl, WebviewWindowBuilder,
    http::{Request, Response, header},
    webview::NewWindowResponse,
};

use crate::studio_link::Failure;

/// The scheme of the page that says what went wrong at start.
pub const TROUBLE: &str = "trouble";

const TROUBLE_STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;background:#262626;color:#eee;margin:0;display:grid;\
    min-height:100vh;place-items:center}main{max-width:36rem;padding:2rem}h1{font-size:1.25rem;margin:0 0 .75rem}\
    p{margin:0 0 .75rem;overflow-wrap:anywhere}";

/// Opens the operator's page. It learns the secret before it loads; no other page can be reached from this window.
pub fn open_booth<R: Runtime>(app: &AppHandle<R>, ready: &Ready) -> tauri::Result<()> {
    let url: Url = ready.operator.parse().map_err(tauri::Error::InvalidUrl)?;
    let origin = url.origin();
    WebviewWindowBuilder::new(app, "booth", WebviewUrl::External(url))
        .title("Boothlight")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 560.0)
        .initialization_script(secret_script(&origin.ascii_serialization(), &ready.secret))
        .on_navigation(move |target| target.origin() == origin)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// What runs before the page: the secret, for that origin alone.
fn secret_script(origin: &str, secret: &str) -> String {
    let (origin, secret) = (serde_json::json!(origin), serde_json::json!({ "secret": secret }));
    format!("if (location.origin === {origin}) {{ window.__BOOTHLIGHT__ = Object.freeze({secret}); }}")
}

/// Opens a small window with the reason why the studio did not start.
pub fn open_trouble<R: Runtime>(app: &AppHandle<R>, failure: &Failure) -> tauri::Result<()> {
    let mut url = Url::parse("trouble://localhost/").map_err(tauri::Error::InvalidUrl)?;
    url.query_pairs_mut().append_pair("message", &failure.message);
    WebviewWindowBuilder::new(app, TROUBLE, WebviewUrl::CustomProtocol(url))
        .title("Boothlight could not start")
        .inner_size(640.0, 360.0)
        .on_navigation(|target| target.scheme() == TROUBLE)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// The page of that window.
pub fn trouble_page(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let message = Url::parse(&request.uri().to_string())
        .ok()
        .and_then(|url| url.query_pairs().find(|(name, _)| name == "message").map(|(_, value)| value.into_owned()))
        .unwrap_or_default();
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Boothlight could not start</title><style>{TROUBLE_STYLE}</style>\
         <main><h1>Boothlight could not start</h1><p id=message>{}.</p><p>No photo was changed or deleted. Close this window, \
         mend what stands above, and start again.</p></main></html>",
        escape(&sentence(&message))
    );
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'")
        .body(html.into_bytes())
        .unwrap_or_default()
}

/// An error's text as a sentence: a capital first, no full stop (the page sets it).
fn sentence(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_secret_is_for_one_origin_and_cannot_break_out() {
        let script = secret_script("http://127.0.0.1:8081", "a\"</script>");
        assert!(script.starts_with("if (location.origin === \"http://127.0.0.1:8081\")"));
        assert!(script.contains(r#"{"secret":"a\"</script>"}"#));
    }

    #[test]
    fn trouble_is_told_in_plain_words_and_escaped() {
        let mut url = Url::parse("trouble://localhost/").unwrap();
        url.query_pairs_mut().append_pair("message", "the folder <b> cannot be used.");
        let page = trouble_page(&Request::builder().uri(url.as_str()).body(Vec::new()).unwrap());
        let html = String::from_utf8(page.into_body()).unwrap();
        assert!(html.contains("<p id=message>The folder &lt;b&gt; cannot be used.</p>"), "{html}");
    }
}
