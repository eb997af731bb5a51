//! Discord's rate limits: 50 requests per second, and those of a route.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::rest::RecordedRequest;
use super::script::ScriptedReply;

/// The names and values of headers.
pub(super) type Headers = Vec<(String, String)>;

const SECOND: Duration = Duration::from_secs(1);
/// The most requests per second over all routes:
/// <https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>.
const MAX_PER_SECOND: usize = 50;
/// The observed limit of a channel's messages: requests per window.
const ROUTE_LIMIT: (u32, Duration) = (5, Duration::from_secs(5));

#[derive(Default)]
pub(super) struct RateLimits {
    pub is_enforced: bool,
    recent: VecDeque<Instant>,
    /// The end of each route's window and its remaining requests.
    routes: HashMap<String, (Instant, u32)>,
}

impl RateLimits {
    /// Returns the rate limit headers of a reply, or the refusal of the request.
    pub(crate) fn check(&mut self, request: &RecordedRequest) -> Result<Headers, ScriptedReply> {
        let parts = request.parts();
        if !self.is_enforced || matches!(parts[0], "interactions" | "webhooks") {
            return Ok(Headers::new());
        }
        self.recent.retain(|at| at.elapsed() < SECOND);
        if self.recent.len() >= MAX_PER_SECOND {
            return Err(ScriptedReply::limited_globally(1.0));
        }
        self.recent.push_back(request.at);
        // Ids of channels and servers are part of the route; other ids are not.
        let part = |(at, part): (usize, &&str)| {
            if at != 1 && part.parse::<u64>().is_ok() { "*" } else { part }.to_owned()
        };
        let route = parts.iter().enumerate().map(part).collect::<Vec<_>>().join("/");
        self.check_route(format!("{} {route}", request.method))
    }

    fn check_route(&mut self, route: String) -> Result<Headers, ScriptedReply> {
        let now = Instant::now();
        let (most, window) = ROUTE_LIMIT;
        let (end, left) = self.routes.entry(route).or_insert((now + window, most));
        if *end <= now {
            (*end, *left) = (now + window, most);
        }
        let rest = (*end - now).as_secs_f64();
        if *left == 0 {
            return Err(ScriptedReply::limited(rest, "user"));
        }
        *left -= 1;
        let header = |name: &str, value: String| (format!("x-ratelimit-{name}"), value);
        Ok(vec![
            header("limit", most.to_string()),
            header("remaining", left.to_string()),
            header("reset-after", format!("{rest:.3}")),
            header("bucket", "messages".into()),
        ])
    }
}
