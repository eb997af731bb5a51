//! Connections that can be encrypted, and that a handler can reset.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A host name with its own certificate.
pub(in super::super) struct Identity {
    pub certificate: tempfile::NamedTempFile,
    pub acceptor: TlsAcceptor,
}

impl Identity {
    pub(crate) fn new(name: &str) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let certificate = tempfile::Builder::new().suffix(".pem").tempfile().expect("a temporary file");
        std::fs::write(certificate.path(), cert.pem()).expect("a file");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the versions of the provider")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a key that fits");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Self { certificate, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }
}

/// The connection under a request.
#[derive(Clone)]
pub(super) struct ConnectionBreaker(Arc<AtomicBool>);

impl ConnectionBreaker {
    /// Resets the connection before anything more is written.
    pub(crate) fn break_connection(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for ConnectionBreaker {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(Arc::clone(&stream.io().broken))
    }
}

/// Accepts connections; TLS handshakes run concurrently.
pub(super) struct TlsListener {
    address: SocketAddr,
    accepted: mpsc::UnboundedReceiver<BreakableStream>,
}

impl TlsListener {
    pub(crate) fn new(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        let address = listener.local_addr().expect("an address");
        let (sender, accepted) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while !sender.is_closed() {
                let next = tokio::select! {
                    next = listener.accept() => next,
                    () = sender.closed() => return,
                };
                let Ok((stream, _)) = next else { continue };
                stream.set_nodelay(true).ok();
                let (sender, tls) = (sender.clone(), tls.clone());
                tokio::spawn(async move {
                    let stream = match tls {
                        Some(tls) => tls.accept(stream).await.map(|stream| Stream::Tls(Box::new(stream))),
                        None => Ok(Stream::Plain(stream)),
                    };
                    stream.map(|stream| sender.send(BreakableStream { stream, broken: Arc::default() })).ok();
                });
            }
        });
        Self { address, accepted }
    }
}

impl Listener for TlsListener {
    type Io = BreakableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (BreakableStream, SocketAddr) {
        let next = self.accepted.recv().await;
        match next {
            Some(io) => (io, self.address),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

pub(super) struct BreakableStream {
    stream: Stream,
    broken: Arc<AtomicBool>,
}

impl BreakableStream {
    fn check(&self) -> io::Result<()> {
        if !self.broken.load(Ordering::SeqCst) {
            return Ok(());
        }
        let tcp = match &self.stream {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.get_ref().0,
        };
        tcp.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for BreakableStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for BreakableStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
