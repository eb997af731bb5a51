//! Scripted replies that replace the real ones.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

/// The route that sends a message, as in [`FakeDiscord::script`](super::FakeDiscord::script).
pub const SEND_MESSAGE: &str = "POST /channels/*/messages";

/// The reply to a scripted request.
#[derive(Clone, Debug)]
pub struct ScriptedReply {
    pub(super) answer: ScriptedAnswer,
    pub(super) applied: bool,
    pub(super) delay: Duration,
}

/// The content of a scripted reply.
#[derive(Clone, Debug)]
pub(super) enum ScriptedAnswer {
    /// The real reply.
    Real,
    /// A reset connection without any reply.
    Reset,
    Status(u16, Vec<(String, String)>, String),
}

impl ScriptedReply {
    fn new(answer: ScriptedAnswer, applied: bool) -> Self {
        Self { answer, applied, delay: Duration::ZERO }
    }

    /// The real reply, to let a request through or to delay it.
    pub fn real() -> Self {
        Self::new(ScriptedAnswer::Real, true)
    }

    /// A reset connection. With [`Self::applied`] it breaks after the request had its effect.
    pub fn reset() -> Self {
        Self::new(ScriptedAnswer::Reset, false)
    }

    /// A status with an empty body.
    pub fn status(status: u16) -> Self {
        Self::new(ScriptedAnswer::Status(status, Vec::new(), String::new()), false)
    }

    /// A status with an error of Discord.
    pub fn error(status: u16, code: u32) -> Self {
        Self::status(status).json(&json!({ "message": describe(code), "code": code }))
    }

    /// 429 for one route: `scope` is `user` or `shared`.
    pub fn limited(seconds: f64, scope: &str) -> Self {
        Self::status(429)
            .json(
                &json!({ "message": "You are being rate limited.", "retry_after": seconds, "global": false }),
            )
            .header("retry-after", &seconds.ceil().to_string())
            .header("x-ratelimit-limit", "5")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset-after", &seconds.to_string())
            .header("x-ratelimit-bucket", "0123456789abcdef")
            .header("x-ratelimit-scope", scope)
    }

    /// 429 for the whole bot.
    pub fn limited_globally(seconds: f64) -> Self {
        Self::status(429)
            .json(
                &json!({ "message": "You are being rate limited.", "retry_after": seconds, "global": true }),
            )
            .header("retry-after", &seconds.ceil().to_string())
            .header("x-ratelimit-global", "true")
            .header("x-ratelimit-scope", "global")
    }

    /// 429 of the CDN, which bans an address: a page without the headers and without JSON.
    pub fn banned_by_the_edge() -> Self {
        Self::status(429).text("text/html", "<html><title>Access denied</title><h1>Error 1015</h1></html>")
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.text("application/json", &body.to_string())
    }

    /// Sets the body.
    pub fn text(mut self, kind: &str, text: &str) -> Self {
        if let ScriptedAnswer::Status(_, _, body) = &mut self.answer {
            text.clone_into(body);
        }
        self.header("content-type", kind)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let ScriptedAnswer::Status(_, headers, _) = &mut self.answer {
            headers.push((name.into(), value.into()));
        }
        self
    }

    /// Applies the request before the reply.
    pub fn applied(mut self) -> Self {
        self.applied = true;
        self
    }

    /// Delays the request before any effect.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// Returns roughly Discord's message for an error code.
pub(super) fn describe(code: u32) -> &'static str {
    match code {
        0 => "401: Unauthorized",
        10003 => "Unknown Channel",
        10004 => "Unknown Guild",
        10008 => "Unknown Message",
        10015 => "Unknown Webhook",
        10062 => "Unknown interaction",
        10063 => "Unknown application command",
        40094 => "Max number of follow up messages reached",
        40060 => "Interaction has already been acknowledged.",
        50001 => "Missing Access",
        50005 => "Cannot edit a message authored by another user",
        50006 => "Cannot send an empty message",
        50007 => "Cannot send messages to this user",
        50013 => "Missing Permissions",
        50027 => "Invalid Webhook Token",
        50035 => "Invalid Form Body",
        _ => "An error",
    }
}

/// All scripts.
#[derive(Default)]
pub(super) struct Scripts(Vec<RouteScript>);

struct RouteScript {
    route: String,
    replies: VecDeque<ScriptedReply>,
    forever: bool,
}

impl Scripts {
    pub(crate) fn add(&mut self, route: &str, replies: Vec<ScriptedReply>) {
        self.0.push(RouteScript { route: route.into(), replies: replies.into(), forever: false });
    }

    pub(crate) fn add_forever(&mut self, route: &str, reply: ScriptedReply) {
        self.0.push(RouteScript { route: route.into(), replies: VecDeque::from([reply]), forever: true });
    }

    pub(crate) fn remove(&mut self, route: &str) {
        self.0.retain(|script| script.route != route);
    }

    /// Returns the scripted reply to this request, if any.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<ScriptedReply> {
        let mut meant = self.0.iter_mut().filter(|script| matches(&script.route, method, path));
        let script = meant.find(|script| !script.replies.is_empty())?;
        if script.forever { script.replies.front().cloned() } else { script.replies.pop_front() }
    }
}

/// Returns whether a route with `*` and `**` matches this request.
pub(super) fn matches(route: &str, method: &str, path: &str) -> bool {
    let (wanted, pattern) = route.split_once(' ').unwrap_or(("*", route));
    let (mut parts, mut given) = (pattern.split('/'), path.split('/'));
    if wanted != "*" && wanted != method {
        return false;
    }
    loop {
        match (parts.next(), given.next()) {
            (Some("**"), Some(_)) | (None, None) => return true,
            (Some(part), Some(one)) if part == "*" || part == one => {}
            _ => return false,
        }
    }
}
