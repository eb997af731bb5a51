//! Connections with bounds: how many at once, how long each lives, and how much it may send.
//!
//! Whoever can reach the port may open it and say nothing, or not stop talking; neither is to cost more than a few
//! sockets. axum has no such limits by itself.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

/// What one listener puts up with.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most connections at once; more wait until one ends.
    pub connections: usize,
    /// How long a connection lives, from the first byte of the request to the last of the reply.
    pub lifetime: Duration,
    /// The most bytes that are read from one connection.
    pub bytes: usize,
}

impl Bounds {
    /// Far beyond what a supervisor and a few scrapers need.
    pub const USUAL: Self = Self { connections: 32, lifetime: Duration::from_secs(5), bytes: 16 << 10 };
}

/// A listener whose connections are bounded.
pub struct Bounded {
    listener: TcpListener,
    bounds: Bounds,
    places: Arc<Semaphore>,
}

impl Bounded {
    /// Takes connections from `listener` within `bounds`.
    pub fn new(listener: TcpListener, bounds: Bounds) -> Self {
        Self { listener, bounds, places: Arc::new(Semaphore::new(bounds.connections)) }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // An error would mean that the semaphore is closed, which nobody does.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, from) = Listener::accept(&mut self.listener).await;
        let end = Box::pin(sleep(self.bounds.lifetime));
        (Connection { stream, left: self.bounds.bytes, end, _place: place }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends with an error where it goes beyond its bounds.
pub struct Connection {
    stream: TcpStream,
    /// In bytes.
    left: usize,
    end: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn in_time(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.end.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.in_time(cx)?;
        if self.left == 0 {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        let room = buf.remaining().min(self.left);
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(room));
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.advance(read);
        self.left -= read;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.in_time(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
