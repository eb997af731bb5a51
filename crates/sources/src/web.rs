//! One request and its answer, whatever sends it.

use futures_util::future::BoxFuture;
use thiserror::Error;
use url::Url;

use crate::Refusal;

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
    Refused(#[from] Refusal),
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
