//! A web in memory, which counts what is asked of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::{Clock, Web, WebError, WebRequest, WebResponse};

/// A request as it was recorded: when it came, in milliseconds, and its path. Paths are shared: a week has many requests.
type RecordedRequest = (i64, Arc<str>);
type Answer = dyn Fn(&WebRequest<'_>, Timestamp) -> Result<WebResponse, WebError> + Send + Sync;

/// Answers requests with a function.
pub(crate) struct MemoryWeb {
    clock: Clock,
    answer: Box<Answer>,
    /// The requests to each host.
    pub asked: Mutex<HashMap<String, Vec<RecordedRequest>>>,
    paths: Mutex<HashSet<Arc<str>>>,
    /// Requests under way by host, and the most at once.
    open: Mutex<HashMap<String, (usize, usize)>>,
    latency: std::time::Duration,
}

impl MemoryWeb {
    pub(crate) fn new(
        clock: Clock,
        answer: impl Fn(&WebRequest<'_>, Timestamp) -> Result<WebResponse, WebError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            clock,
            answer: Box::new(answer),
            asked: Mutex::default(),
            paths: Mutex::default(),
            open: Mutex::default(),
            latency: std::time::Duration::from_millis(50),
        })
    }

    /// The most requests to one host at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.open.lock().expect("a lock").values().map(|(_, most)| *most).max().unwrap_or_default()
    }

    fn shared_path(&self, path: &str) -> Arc<str> {
        let mut paths = self.paths.lock().expect("a lock");
        if let Some(known) = paths.get(path) {
            return Arc::clone(known);
        }
        let path: Arc<str> = path.into();
        paths.insert(Arc::clone(&path));
        path
    }

    /// The memory that the record of requests takes, in bytes.
    pub(crate) fn record_size(&self) -> usize {
        let asked = self.asked.lock().expect("a lock");
        asked.values().map(|all| all.capacity() * size_of::<RecordedRequest>()).sum()
    }

    /// The number of requests for a path of a host.
    pub(crate) fn count(&self, host: &str, path: &str) -> usize {
        let asked = self.asked.lock().expect("a lock");
        asked.get(host).map_or(0, |all| all.iter().filter(|(_, asked)| **asked == *path).count())
    }
}

impl Web for MemoryWeb {
    fn get<'a>(&'a self, request: WebRequest<'a>) -> BoxFuture<'a, Result<WebResponse, WebError>> {
        Box::pin(async move {
            let host = request.url.host_str().unwrap_or_default().to_owned();
            let now = (self.clock)();
            let path = self.shared_path(request.url.path());
            self.asked
                .lock()
                .expect("a lock")
                .entry(host.clone())
                .or_default()
                .push((now.as_millisecond(), path));
            {
                let mut open = self.open.lock().expect("a lock");
                let (now, most) = open.entry(host.clone()).or_default();
                *now += 1;
                *most = (*most).max(*now);
            }
            tokio::time::sleep(self.latency).await;
            if let Some((now, _)) = self.open.lock().expect("a lock").get_mut(&host) {
                *now -= 1;
            }
            (self.answer)(&request, now)
        })
    }
}

pub(crate) fn page(content_type: &str, body: &str) -> WebResponse {
    WebResponse {
        status: 200,
        content_type: Some(content_type.to_owned()),
        body: body.as_bytes().to_vec(),
        ..WebResponse::default()
    }
}

/// Only a status.
pub(crate) fn status(status: u16) -> WebResponse {
    WebResponse { status, ..WebResponse::default() }
}
