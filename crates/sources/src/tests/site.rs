//! A web in memory, and a site on it with the folders of its posts.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{block_on, clock, now, refresher};
use crate::{
    Clock, Library, PostOutcome, RefreshOptions, RefreshReport, Refresher, Removal, Source, SourceKind, Web,
    WebError, WebRequest, WebResponse,
};

/// The feed of the blog that most tests have.
pub(crate) const FEED: &str = "https://blog.example/feed.xml";

/// A web with a process that reads it.
pub(crate) struct TestSite {
    folder: tempfile::TempDir,
    clock: Clock,
    pub web: Arc<MemoryWeb>,
    pub process: Refresher,
}

impl TestSite {
    pub(crate) fn new(web: Arc<MemoryWeb>) -> Self {
        Self::with_clock(web, clock())
    }

    pub(crate) fn with_clock(web: Arc<MemoryWeb>, clock: Clock) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let process = process(&web, &clock, folder.path());
        Self { folder, clock, web, process }
    }

    /// The same with a source.
    pub(crate) fn with(self, url: &str, kind: SourceKind) -> Self {
        self.add(url, kind);
        self
    }

    /// Another process on the same folders.
    pub(crate) fn other_process(&self) -> Refresher {
        process(&self.web, &self.clock, self.folder.path())
    }

    /// The folder with the corpus and the state.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn corpus(&self) -> PathBuf {
        self.folder().join("corpus")
    }

    pub(crate) fn library(&self) -> &Library {
        self.process.library()
    }

    pub(crate) fn add(&self, url: &str, kind: SourceKind) {
        self.add_source(Source::new(url, kind, now()));
    }

    pub(crate) fn add_source(&self, source: Source) {
        self.library().add_source(&self.corpus(), source).expect("added");
    }

    /// Adds and reads a source as `corpus add` does.
    pub(crate) fn add_and_read(&self, source: Source) -> RefreshReport {
        let added = self.library().add_source(&self.corpus(), source).expect("written");
        let only = vec![added.identity()];
        block_on(self.process.refresh(&RefreshOptions { is_forced: true, only, ..RefreshOptions::default() }))
    }

    pub(crate) fn remove(&self, name: &str) -> Removal {
        self.library().remove(name, false).expect("removed").expect("it is there")
    }

    /// Refreshes all sources, also those that are not due.
    pub(crate) fn refresh(&self) -> RefreshReport {
        block_on(self.process.refresh(&RefreshOptions { is_forced: true, ..RefreshOptions::default() }))
    }

    pub(crate) fn refresh_due(&self) -> RefreshReport {
        block_on(self.process.refresh(&RefreshOptions::default()))
    }

    pub(crate) fn outcomes(&self) -> Vec<PostOutcome> {
        self.refresh().posts.into_iter().map(|(_, post)| post.outcome).collect()
    }

    /// The names of the files of the blog, also of new texts beside them.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.file("")).into_iter().flatten();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.corpus().join("blog.example").join(name)
    }

    /// The number of posts of each source.
    pub(crate) fn counts(&self) -> Vec<usize> {
        self.library().rows().0.iter().map(|row| row.posts().count()).collect()
    }
}

fn process(web: &Arc<MemoryWeb>, clock: &Clock, folder: &Path) -> Refresher {
    refresher(Arc::clone(web) as Arc<dyn Web>, Arc::clone(clock), folder, Duration::ZERO)
}

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
