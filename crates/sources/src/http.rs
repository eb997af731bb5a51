//! Requests and their answers, and the client that sends them over HTTP.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use thiserror::Error;
use url::Url;

use crate::decoding::{self, GzipError};
use crate::{AddressGuard, AddressRefusal, MAX_BODY_BYTES};

/// How long a request may take, from the connection to the last byte.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// How long a connection may take to be made.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// The most bytes of a validator. Longer ones are not kept.
const MAX_VALIDATOR_LEN: usize = 1_000;

/// What is asked for: feeds and pages before anything else.
const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, \
                        application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1";

/// Looks up the addresses of a name. Tests have their own.
pub trait Lookup: Send + Sync {
    /// Returns the addresses of a host.
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the system.
#[derive(Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The web over HTTP, past all proxies: a proxy would look up and connect by itself, where nothing judges it.
pub struct HttpWeb {
    guard: AddressGuard,
    lookup: Arc<dyn Lookup>,
    agent: String,
    time_limit: Duration,
    /// A client for each port, since a resolver does not know for which port it resolves a name.
    clients: Mutex<HashMap<u16, Client>>,
}

impl HttpWeb {
    /// A client that reaches what the guard lets through. `agent` is the header `User-Agent`.
    pub fn new(guard: AddressGuard, agent: String) -> Self {
        Self {
            guard,
            lookup: Arc::new(SystemLookup),
            agent,
            time_limit: TIME_LIMIT,
            clients: Mutex::default(),
        }
    }

    /// Looks names up with another resolver.
    pub fn with_lookup(self, lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup, ..self }
    }

    /// Sets the time limit of a request.
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    fn client(&self, port: u16) -> Result<Client, WebError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&port) {
            return Ok(client.clone());
        }
        let resolver = GuardedResolver { guard: self.guard.clone(), lookup: Arc::clone(&self.lookup), port };
        let headers: HeaderMap = [
            (ACCEPT, HeaderValue::from_static(ACCEPTED)),
            (ACCEPT_ENCODING, HeaderValue::from_static("gzip")),
        ]
        .into_iter()
        .collect();
        let client = Client::builder()
            .user_agent(&self.agent)
            .default_headers(headers)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .dns_resolver(Arc::new(resolver))
            .connect_timeout(CONNECT_LIMIT.min(self.time_limit))
            .timeout(self.time_limit)
            .pool_max_idle_per_host(1)
            .build()
            .map_err(|error| WebError::Unreachable(error.to_string()))?;
        clients.insert(port, client.clone());
        Ok(client)
    }

    async fn send(&self, request: WebRequest<'_>) -> Result<WebResponse, WebError> {
        let WebRequest { url, validators } = request;
        // The client asks no resolver about an IP address.
        self.guard.check_url(url)?;
        let mut builder = self.client(url.port_or_known_default().unwrap_or_default())?.get(url.clone());
        if let Some(validators) = validators {
            for (name, value) in
                [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)]
            {
                if let Some(value) = value {
                    builder = builder.header(name, value);
                }
            }
        }
        let response = builder.send().await.map_err(|error| web_error(&error))?;
        read_response(response).await
    }
}

impl Web for HttpWeb {
    fn get<'a>(&'a self, request: WebRequest<'a>) -> BoxFuture<'a, Result<WebResponse, WebError>> {
        Box::pin(self.send(request))
    }
}

async fn read_response(mut response: Response) -> Result<WebResponse, WebError> {
    let text = |name: HeaderName| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let kept = |name| text(name).filter(|value| value.len() <= MAX_VALIDATOR_LEN);
    let encoding = text(CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    let mut answer = WebResponse {
        status: response.status().as_u16(),
        validators: Validators { etag: kept(ETAG), last_modified: kept(LAST_MODIFIED) },
        location: text(LOCATION),
        retry_after: text(RETRY_AFTER),
        content_type: text(CONTENT_TYPE),
        body: Vec::new(),
    };
    if !response.status().is_success() {
        return Ok(answer);
    }
    if response.content_length().is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(WebError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| web_error(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY_BYTES {
            return Err(WebError::TooLarge);
        }
    }
    answer.body = match encoding.trim() {
        "" | "identity" => body,
        "gzip" | "x-gzip" => decoding::unpack_gzip(&body, MAX_BODY_BYTES).map_err(|error| match error {
            GzipError::TooLarge => WebError::TooLarge,
            GzipError::Damaged => WebError::Encoding,
        })?,
        _ => return Err(WebError::Encoding),
    };
    Ok(answer)
}

/// The error of a request without its address, which may hold what a person typed.
fn web_error(error: &reqwest::Error) -> WebError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut last = String::new();
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<RefusedName>() {
            return WebError::Refused(refused.0.clone());
        }
        last = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() { WebError::Timeout } else { WebError::Unreachable(last) }
}

/// Resolves names to addresses that the guard lets through. The client connects to what this returns, so there is no
/// second look-up that could differ.
struct GuardedResolver {
    guard: AddressGuard,
    lookup: Arc<dyn Lookup>,
    port: u16,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, port) = (self.guard.clone(), self.port);
        let looking = self.lookup.lookup(name.as_str());
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found = looking.await?;
            let chosen = guard.choose(found, port);
            if let Err(AddressRefusal::LeadsInside(address)) = &chosen {
                tracing::info!(name, %address, "a name leads to an address that is not of the public web");
            }
            let chosen = chosen.map_err(RefusedName)?;
            let addresses: Addrs = Box::new(chosen.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct RefusedName(AddressRefusal);

/// A request for one address, without redirects.
#[derive(Debug, Clone, Copy)]
pub struct WebRequest<'a> {
    /// The address, which the guard has let through.
    pub url: &'a Url,
    /// What was received with the last answer.
    pub validators: Option<&'a Validators>,
}

/// What a server wants to see again to say that nothing changed. Kept as received.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validators {
    /// The header `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// The answer to one request.
#[derive(Debug, Clone, Default)]
pub struct WebResponse {
    /// The status of HTTP.
    pub status: u16,
    /// What to send with the next request.
    pub validators: Validators,
    /// The header `Location`.
    pub location: Option<String>,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The content, decompressed.
    pub body: Vec<u8>,
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WebError {
    /// The guard does not let it through.
    #[error(transparent)]
    Refused(#[from] AddressRefusal),
    /// It took too long.
    #[error("it took longer than the time limit")]
    Timeout,
    /// The content is too large, or unpacks to too much.
    #[error("it is larger than 10 MB")]
    TooLarge,
    /// The content is compressed in a way that was not asked for, or damaged.
    #[error("its compression can't be read")]
    Encoding,
    /// There was no connection, or it broke.
    #[error("the host can't be reached: {0}")]
    Unreachable(String),
}

/// What sends requests: HTTP, or a web in the memory of a test.
pub trait Web: Send + Sync {
    /// Sends one request and reads its answer. Follows no redirect.
    fn get<'a>(&'a self, request: WebRequest<'a>) -> BoxFuture<'a, Result<WebResponse, WebError>>;
}
