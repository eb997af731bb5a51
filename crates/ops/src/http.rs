//! Serves three pages: `/healthz`, `/readyz` and `/metrics`.
//!
//! Connections are limited in number, lifetime and bytes: any local program can open the port and send nothing, or
//! send without end. Neither may cost more than a few sockets, nor keep others from their reply. axum has no such limits.

use crate::{Health, Metrics};
use axum::{
    Router,
    extract::State,
    http::{
        HeaderValue, StatusCode,
        header::{CONNECTION, CONTENT_TYPE},
    },
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
    serve::Listener,
};
use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::{Sleep, sleep},
};

/// The content type of [`Metrics::render`].
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The sources of the pages.
#[derive(Clone)]
struct OpsState {
    metrics: Metrics,
    health: Health,
}

/// Serves the pages until `shutdown` ends and the pending replies are sent, which takes seconds at most.
///
/// - `/healthz` is 200 while the process lives, and shows its health. A supervisor restarts the process if there is no
///   reply. No problem that the process can report is cured by a restart, so none changes the status.
/// - `/readyz` is 200 while questions are answered, even with problems, else 503. It is for rollouts, for the health
///   check of a container, and for people.
/// - `/metrics` is for Prometheus. It has the problems too, as `takeaways_state`, for alerts.
///
/// # Errors
/// If axum fails; at present it never does.
pub async fn serve(
    listener: TcpListener,
    metrics: Metrics,
    health: Health,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_with_limits(ConnectionLimits::DEFAULT, listener, metrics, health, shutdown).await
}

async fn serve_with_limits(
    limits: ConnectionLimits,
    listener: TcpListener,
    metrics: Metrics,
    health: Health,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let state = router(OpsState { metrics, health });
    axum::serve(LimitedListener::new(listener, limits), state).with_graceful_shutdown(shutdown).await
}

fn router(state: OpsState) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .fallback(not_found)
        .layer(map_response(close_connection))
        .with_state(state)
}

async fn healthz(State(state): State<OpsState>) -> String {
    line(&state.health.report().text)
}

async fn readyz(State(state): State<OpsState>) -> (StatusCode, String) {
    let report = state.health.report();
    let status = if report.is_answering { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, line(&report.text))
}

async fn metrics(State(state): State<OpsState>) -> impl IntoResponse {
    state.metrics.set_state(state.health.report().state);
    ([(CONTENT_TYPE, OPEN_METRICS)], state.metrics.render())
}

/// The reply does not repeat the path.
async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "not found\n")
}

/// One request for each connection: the lifetime limit then can't cut off a second one.
async fn close_connection(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn line(text: &str) -> String {
    format!("{text}\n")
}

/// The limits of one listener.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionLimits {
    /// The most connections at once. A further one ends the oldest that has not sent a whole request.
    pub connections: usize,
    /// The lifetime of a connection, from the first byte of the request to the last of the reply.
    pub lifetime: Duration,
    /// The most bytes that are read from one connection.
    pub bytes: usize,
}

impl ConnectionLimits {
    /// Far more than a supervisor and a few scrapers need.
    pub(crate) const DEFAULT: Self =
        Self { connections: 32, lifetime: Duration::from_secs(5), bytes: 16 << 10 };
}

/// A listener whose connections are limited.
pub(crate) struct LimitedListener {
    listener: TcpListener,
    limits: ConnectionLimits,
    permits: Arc<Semaphore>,
    /// Ends a connection that has no reply yet, the oldest first.
    without_reply: VecDeque<oneshot::Sender<()>>,
}

impl LimitedListener {
    /// Accepts the connections of `listener` within `limits`.
    pub(crate) fn new(listener: TcpListener, limits: ConnectionLimits) -> Self {
        let permits = Arc::new(Semaphore::new(limits.connections));
        Self { listener, limits, permits, without_reply: VecDeque::new() }
    }

    /// Waits for a place. If all are taken, the oldest connection that has not sent a whole request loses its place:
    /// whoever sends a request does so at once.
    async fn permit(&mut self) -> Option<OwnedSemaphorePermit> {
        self.without_reply.retain(|end| !end.is_closed());
        if self.permits.available_permits() == 0
            && let Some(end) = self.without_reply.pop_front()
        {
            // It fails if the connection has ended by itself meanwhile.
            let _ = end.send(());
        }
        // An error would mean that the semaphore is closed, which never happens.
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }
}

impl Listener for LimitedListener {
    type Io = LimitedConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (LimitedConnection, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        let permit = self.permit().await;
        let deadline = Box::pin(sleep(self.limits.lifetime));
        let (end, ended) = oneshot::channel();
        self.without_reply.push_back(end);
        let bytes_left = self.limits.bytes;
        (LimitedConnection { stream, bytes_left, deadline, ended: Some(ended), _permit: permit }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails if it exceeds its limits.
pub(crate) struct LimitedConnection {
    stream: TcpStream,
    /// The bytes that may still be read.
    bytes_left: usize,
    deadline: Pin<Box<Sleep>>,
    /// Whether another connection needs this one's place; `None` once there is a reply.
    ended: Option<oneshot::Receiver<()>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl LimitedConnection {
    fn check_deadline(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }

    fn check_place(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.ended.as_mut().map(|ended| Pin::new(ended).poll(cx)) {
            Some(Poll::Ready(Ok(()))) => Err(io::ErrorKind::ConnectionAborted.into()),
            // The listener is gone, so nobody needs the place.
            Some(Poll::Ready(Err(_))) => {
                self.ended = None;
                Ok(())
            }
            Some(Poll::Pending) | None => Ok(()),
        }
    }
}

impl AsyncRead for LimitedConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_deadline(cx)?;
        self.check_place(cx)?;
        if self.bytes_left == 0 {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        let limit = buf.remaining().min(self.bytes_left);
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(limit));
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.advance(read);
        self.bytes_left -= read;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LimitedConnection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_deadline(cx)?;
        self.ended = None;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
        time::Duration,
    };
    use tokio::{runtime::Runtime, task::JoinHandle};

    const LONG_LIVED: ConnectionLimits =
        ConnectionLimits { lifetime: Duration::from_mins(10), ..ConnectionLimits::DEFAULT };

    /// Serves within `limits` on a port of its own while `check` runs with its address.
    fn with_server(limits: ConnectionLimits, check: impl FnOnce(SocketAddr)) {
        let runtime = Runtime::new().expect("a runtime");
        let (address, stop, server) = runtime.block_on(start_server(limits));
        check(address);
        stop.send(()).expect("the server still runs");
        runtime.block_on(server).expect("no panic").expect("no error");
    }

    async fn start_server(
        limits: ConnectionLimits,
    ) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<io::Result<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { drop(stopped.await) };
        let server =
            tokio::spawn(serve_with_limits(limits, listener, Metrics::new(), Health::new(), shutdown));
        (address, stop, server)
    }

    /// The whole reply, up to the end of the connection.
    fn reply(stream: &mut TcpStream) -> String {
        let mut reply = Vec::new();
        // A reset also ends the connection.
        let _ = stream.read_to_end(&mut reply);
        String::from_utf8_lossy(&reply).into_owned()
    }

    fn connect(address: SocketAddr) -> TcpStream {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a timeout");
        stream
    }

    fn ask(address: SocketAddr, path: &str) -> String {
        let mut stream = connect(address);
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").expect("a request");
        reply(&mut stream)
    }

    #[test]
    fn a22_who_says_nothing_is_cut_off() {
        let limits = ConnectionLimits { lifetime: Duration::from_millis(50), ..ConnectionLimits::DEFAULT };
        with_server(limits, |address| {
            assert_eq!(reply(&mut connect(address)), "");
            let mut half = connect(address);
            half.write_all(b"GET /healthz HTTP/1.1\r\nx-slow: ").expect("half a request");
            assert!(!reply(&mut half).contains("200"), "half a request is none");
        });
    }

    #[test]
    fn a22_who_says_too_much_is_cut_off() {
        with_server(LONG_LIVED, |address| {
            let mut stream = connect(address);
            let request = format!("GET /healthz HTTP/1.1\r\nx-long: {}\r\n\r\n", "x".repeat(64 << 10));
            // The connection may be closed while this is being written.
            let _ = stream.write_all(request.as_bytes());
            assert!(!reply(&mut stream).contains("200"));
            assert!(ask(address, "/healthz").starts_with("HTTP/1.1 200 "));
        });
    }

    #[test]
    fn a22_a_request_gets_the_place_of_half_a_request() {
        with_server(ConnectionLimits { connections: 2, ..LONG_LIVED }, |address| {
            let half = || {
                let mut stream = connect(address);
                stream.write_all(b"GET /healthz HTTP/1.1\r\n").expect("half a request");
                stream
            };
            let (mut oldest, mut other) = (half(), half());
            assert!(ask(address, "/healthz").starts_with("HTTP/1.1 200 "));
            assert_eq!(reply(&mut oldest), "");
            other.write_all(b"host: x\r\n\r\n").expect("the other half");
            assert!(reply(&mut other).starts_with("HTTP/1.1 200 "), "it kept its place");
        });
    }

    #[test]
    fn a22_half_open_connections_do_not_delay_a_request() {
        with_server(LONG_LIVED, |address| {
            let half_open: Vec<TcpStream> = (0..161)
                .map(|number| {
                    let mut stream = connect(address);
                    // The first of them may have lost their places.
                    let _ = stream.write_all(format!("GET /{number}").as_bytes());
                    stream
                })
                .collect();
            let start = std::time::Instant::now();
            assert!(ask(address, "/healthz").starts_with("HTTP/1.1 200 "));
            assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
            drop(half_open);
        });
    }

    #[test]
    fn a_connection_without_a_request_does_not_hold_up_the_end() {
        let mut silent = None;
        with_server(LONG_LIVED, |address| {
            silent = Some(connect(address));
            assert!(ask(address, "/readyz").starts_with("HTTP/1.1 503 "));
        });
        assert_eq!(silent.map(|mut stream| reply(&mut stream)).as_deref(), Some(""));
    }
}
