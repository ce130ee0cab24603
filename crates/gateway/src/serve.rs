//! The loop that accepts connections: bounded in number and in patience, and over soon after it is told to stop.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// A head that is not whole after this time is a slow attack or a dead phone; idle connections end by it too.
const HEAD_MAX: Duration = Duration::from_secs(20);
/// Bytes of a request's head, with room for long cookies of other pages of the same host.
const HEAD_MAX_BYTES: usize = 16 * 1024;
/// Unacknowledged bytes this old mean that the phone has left the network.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED_MAX_MS: u32 = 30_000;
/// What a connection beyond the bound is told, before it is closed.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// Pause after an accept that failed: out of file descriptors is not cured by trying again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// When to stop: first kindly, then at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    /// Streams end, answers in progress are finished.
    pub kindly: CancellationToken,
    /// Connections are dropped.
    pub now: CancellationToken,
}

/// Serves `router` on `listener` until told to stop; connections are tracked by `tasks`.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    connections_max: usize,
    stop: Stop,
    tasks: TaskTracker,
) {
    let places = Arc::new(Semaphore::new(connections_max));
    loop {
        let accepted = tokio::select! {
            () = stop.kindly.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            // One try: whoever floods us is not waited for.
            let _ = stream.try_write(FULL);
            continue;
        };
        let (router, stop) = (router.clone(), stop.clone());
        tasks.spawn(async move {
            converse(stream, peer, router, stop).await;
            drop(place);
        });
    }
}

/// Sets up a socket: small events leave at once, and phones that left are noticed.
fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    rustix::net::sockopt::set_tcp_user_timeout(stream, UNACKNOWLEDGED_MAX_MS)?;
    Ok(())
}

async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, stop: Stop) {
    if let Err(error) = tune(&stream) {
        tracing::debug!(%error, "a connection could not be tuned");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX)
        .max_buf_size(HEAD_MAX_BYTES.max(8192))
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // A phone that goes away is no fault.
        _ = connection.as_mut() => return,
        () = stop.kindly.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => (),
        () = stop.now.cancelled() => (),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn ask(address: SocketAddr, request: &str) -> (TcpStream, String) {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 1024];
        let read = socket.read(&mut answer).await.unwrap();
        (socket, String::from_utf8_lossy(answer.get(..read).unwrap()).into_owned())
    }

    #[tokio::test]
    async fn a_connection_beyond_the_bound_is_told_so_and_a_stuck_one_is_dropped_at_the_end() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, tasks) = (Stop::default(), TaskTracker::new());
        let router = Router::new().route("/", get(|| async { "hello" }));
        let router = router.route("/stuck", get(std::future::pending::<()>));
        tasks.spawn(serve(listener, router, 1, stop.clone(), tasks.clone()));
        let (mut first, hello) = ask(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(hello.starts_with("HTTP/1.1 200"), "{hello}");
        let (_, full) = ask(address, "").await;
        assert!(full.starts_with("HTTP/1.1 503") && full.contains("Retry-After"), "{full}");
        first.write_all(b"GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        stop.kindly.cancel();
        tasks.close();
        stop.now.cancel();
        tasks.wait().await;
    }
}
