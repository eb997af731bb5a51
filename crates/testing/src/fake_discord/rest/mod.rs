//! The REST server: records each request, validates it, and replies by a script or by its route.

mod net;
mod routes;
mod upload;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::{Response, Version, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use self::net::{ConnectionBreaker, TlsListener};
use self::upload::read_form;
use super::rate_limits::Headers;
use super::script::{ScriptedAnswer, ScriptedReply, describe};
use super::state::FakeState;
use super::{SharedState, validation};

pub(super) use self::net::Identity;
pub(super) use self::routes::needs_token;
pub use self::upload::UploadedFile;

/// The most bytes of a body. It is above Discord's limit, so that a body that is too large is noticed.
const MAX_BODY: usize = 64 << 20;

/// A recorded request.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// The time of its arrival.
    pub at: Instant,
    /// The HTTP method.
    pub method: String,
    /// The path below `/api/v10`, without the query.
    pub path: String,
    /// The query of the URL.
    pub query: String,
    /// Whether it came over HTTP/2.
    pub is_http2: bool,
    /// The header `Authorization`.
    pub authorization: Option<String>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The body as JSON: `null` if it is empty, its text if it is not JSON.
    pub body: Value,
    /// The files of the body.
    pub files: Vec<UploadedFile>,
    /// What is wrong with the form of the body.
    pub(super) form_faults: Vec<String>,
    /// The status of the reply; `None` while there is no reply, or if the connection was reset.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// Returns the parts of its path.
    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').skip(1).collect()
    }

    async fn read(request: Request) -> Self {
        let (head, body) = request.into_parts();
        let value = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
        let kind = value(header::CONTENT_TYPE);
        let multipart = kind.as_deref().filter(|kind| kind.starts_with("multipart/"));
        let (text, files, form_faults) = match multipart {
            Some(kind) => read_form(kind, bytes).await,
            None => (String::from_utf8_lossy(&bytes).into_owned(), Vec::new(), Vec::new()),
        };
        Self {
            at: Instant::now(),
            method: head.method.to_string(),
            path: head.uri.path().strip_prefix("/api/v10").unwrap_or_default().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            is_http2: head.version == Version::HTTP_2,
            authorization: value(header::AUTHORIZATION),
            user_agent: value(header::USER_AGENT),
            content_type: kind,
            body: match text.as_str() {
                "" => Value::Null,
                text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
            },
            files,
            form_faults,
            status: None,
        }
    }
}

/// The reply of a route.
pub(super) struct RouteOutcome {
    pub status: u16,
    pub body: Value,
}

impl RouteOutcome {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(crate) fn empty() -> Self {
        Self { status: 204, body: Value::Null }
    }

    pub(crate) fn error(status: u16, code: u32) -> Self {
        Self { status, body: json!({ "message": describe(code), "code": code }) }
    }
}

pub(super) async fn serve(core: Arc<SharedState>, listener: TcpListener, tls: Option<TlsAcceptor>) {
    let app = Router::new().fallback(answer).with_state(core);
    let service = app.into_make_service_with_connect_info::<ConnectionBreaker>();
    axum::serve(TlsListener::new(listener, tls), service).await.expect("the server runs");
}

async fn answer(
    Shared(core): Shared<Arc<SharedState>>,
    ConnectInfo(wire): ConnectInfo<ConnectionBreaker>,
    request: Request,
) -> Response<Body> {
    let request = RecordedRequest::read(request).await;
    let (at, reply, limits) = core.change(|state| receive(state, &request));
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    let real = reply.applied.then(|| core.change(|state| routes::apply(state, core.gateway, &request)));
    let response = match (reply.answer, real) {
        (ScriptedAnswer::Real, Some(outcome)) => from_outcome(&outcome, limits),
        (ScriptedAnswer::Status(status, headers, body), _) => build(status, &headers, body),
        (ScriptedAnswer::Reset | ScriptedAnswer::Real, _) => {
            wire.break_connection();
            return Response::default();
        }
    };
    let now = core.change(|state| {
        state.requests[at].status = Some(response.status().as_u16());
        state.now()
    });
    with_date(response, now)
}

/// Sets the header `Date` to this Discord's time, unless a script set it.
fn with_date(mut response: Response<Body>, now: i64) -> Response<Body> {
    let time = Timestamp::from_millisecond(now).expect("a time of this era");
    let date = time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string().try_into().expect("a header");
    response.headers_mut().entry(header::DATE).or_insert(date);
    response
}

/// Records and validates a request. Returns its number and its scripted reply.
fn receive(state: &mut FakeState, request: &RecordedRequest) -> (usize, ScriptedReply, Headers) {
    state.violations.extend(validation::violations(request));
    state.requests.push(request.clone());
    let scripted = state.scripts.take(&request.method, &request.path);
    let broken = scripted.as_ref().is_some_and(|reply| !matches!(reply.answer, ScriptedAnswer::Real));
    if let (true, ["interactions", id, ..]) = (broken, request.parts().as_slice()) {
        // The client may not have received that reply, so later requests are not held against it.
        let id = id.parse().unwrap_or_default();
        if let Some(interaction) = state.interactions.get_mut(&id) {
            interaction.is_excused = true;
        }
    }
    let at = state.requests.len() - 1;
    match (scripted, state.limits.check(request)) {
        (Some(scripted), _) => (at, scripted, Headers::new()),
        (None, Ok(headers)) => (at, ScriptedReply::real(), headers),
        (None, Err(refused)) => (at, refused, Headers::new()),
    }
}

fn from_outcome(outcome: &RouteOutcome, mut headers: Headers) -> Response<Body> {
    if outcome.body.is_null() {
        return build(outcome.status, &headers, String::new());
    }
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    build(outcome.status, &headers, outcome.body.to_string())
}

fn build(status: u16, headers: &[(String, String)], body: String) -> Response<Body> {
    let with = |response: axum::http::response::Builder, (name, value): &(String, String)| {
        response.header(name, value)
    };
    let response = headers.iter().fold(Response::builder().status(status), with);
    response.body(Body::from(body)).expect("a valid response")
}
