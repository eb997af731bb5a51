//! A web on loopback: pages that a test writes, over plain HTTP, with the faults of the real one.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read as _, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// The path with its query.
    pub path: String,
    /// The headers, with names in lower case.
    pub headers: HashMap<String, String>,
    /// When it came.
    pub at: Instant,
}

impl PageRequest {
    /// A header; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// A response.
#[derive(Debug, Clone, Default)]
pub struct PageReply {
    /// The status.
    pub status: u16,
    /// Headers besides the length.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
    /// The pause after each byte.
    pub drip: Option<Duration>,
}

impl PageReply {
    /// A page of this type.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }.header("content-type", content_type)
    }

    /// A web page.
    pub fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new("text/html; charset=utf-8", body)
    }

    /// A feed or a sitemap.
    pub fn xml(body: impl Into<Vec<u8>>) -> Self {
        Self::new("application/xml", body)
    }

    /// Only a status.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A redirect.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("location", to)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Handler = dyn Fn(&PageRequest) -> PageReply + Send + Sync;

/// A server on a port of loopback. It serves until the process ends.
#[derive(Clone)]
pub struct LoopbackWeb {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<PageRequest>>>,
}

impl LoopbackWeb {
    /// Serves these pages by their paths, and 404 for all others.
    pub fn serve(pages: impl IntoIterator<Item = (String, PageReply)>) -> Self {
        let pages: HashMap<String, PageReply> = pages.into_iter().collect();
        Self::handle(move |request| pages.get(&request.path).cloned().unwrap_or(PageReply::status(404)))
    }

    /// Answers each request with what `handler` gives.
    pub fn handle(handler: impl Fn(&PageRequest) -> PageReply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests: Arc<Mutex<Vec<PageRequest>>> = Arc::default();
        let handler: Arc<Handler> = Arc::new(handler);
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handler, seen) = (Arc::clone(&handler), Arc::clone(&seen));
                // A client that goes away in the middle is part of the tests.
                std::thread::spawn(move || answer(stream, &*handler, &seen).ok());
            }
        });
        Self { address, requests }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// All requests up to now.
    pub fn requests(&self) -> Vec<PageRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The paths of all requests up to now.
    pub fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).collect()
    }
}

fn answer(mut stream: TcpStream, handler: &Handler, seen: &Mutex<Vec<PageRequest>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(64 << 10));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let request = PageRequest { path, headers, at: Instant::now() };
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    let reply = handler(&request);
    let mut head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if reply.drip.is_none() {
        let _ = write!(head, "content-length: {}\r\n", reply.body.len());
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    match reply.drip {
        None => stream.write_all(&reply.body)?,
        Some(pause) => {
            for byte in &reply.body {
                stream.write_all(std::slice::from_ref(byte))?;
                std::thread::sleep(pause);
            }
        }
    }
    stream.flush()
}
