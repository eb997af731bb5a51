//! Refreshes sources: fetches those that are due, ingests their new posts, and saves their states.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use takeaways_faults::fail_point;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::contribution::MAX_CONTRIBUTED_POSTS;
use crate::discovery::{page_listing, sitemap_entries};
use crate::feed::read_feed;
use crate::fetcher::{FetchError, FetchOutcome, FetchedPage, Fetcher};
use crate::http::Validators;
use crate::ingest::Ingest;
use crate::library::Library;
use crate::listing::PostListing;
use crate::page_kind::leads_to_first_page;
use crate::post_index::PostIndex;
use crate::refresh_report::{IngestResult, PostOutcome, RefreshFailure, RefreshReport};
use crate::source_row::SourceRow;
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::{FoundSource, Source, SourceKind, site_folder};

/// Hosts that are asked at the same time.
const HOSTS_AT_ONCE: usize = 8;
/// The number of changed posts after which the state of a source is saved. Later posts are recognised by their files.
const POSTS_PER_SAVE: usize = 20;
/// How often the lock of a host is tried.
const LOCK_WAIT: Duration = Duration::from_millis(200);

/// Refreshes the sources of a library.
pub struct Refresher {
    fetcher: Arc<Fetcher>,
    library: Arc<Library>,
    interval: SignedDuration,
    /// The posts of all sources while a refresh runs: two at once share them, so that none ingests a post of the other.
    index: Mutex<Weak<PostIndex>>,
}

/// The progress of a refresh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RefreshProgress {
    /// Posts that were looked at.
    pub done: usize,
    /// Posts that the sources list, as far as they are read.
    pub total: usize,
}

/// Is called after each post.
pub type ShowProgress<'a> = &'a (dyn Fn(RefreshProgress, &IngestResult) + Send + Sync);

/// What to refresh, and how.
#[derive(Default)]
pub struct RefreshOptions<'a> {
    /// Whether sources that are not due are refreshed too.
    pub is_forced: bool,
    /// The identities of the sources to refresh; empty for all.
    pub only: Vec<String>,
    /// What was fetched already, by the identity of the source.
    pub found: BTreeMap<String, FoundSource>,
    /// Is called after each post.
    pub progress: Option<ShowProgress<'a>>,
    /// Whether to wait while another process refreshes the same host. Without it the host is skipped.
    pub waits: bool,
}

impl Refresher {
    /// A refresher that reads each source once in `interval`; at least an hour lies between two fetches.
    pub fn new(fetcher: Arc<Fetcher>, library: Arc<Library>, interval: Duration) -> Self {
        let interval = SignedDuration::try_from(interval).unwrap_or(SignedDuration::MAX);
        Self {
            fetcher,
            library,
            interval: interval.max(SignedDuration::from_hours(1)),
            index: Mutex::default(),
        }
    }

    /// The library.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// The fetcher.
    pub fn fetcher(&self) -> &Arc<Fetcher> {
        &self.fetcher
    }

    /// Refreshes the sources that are due. A source that fails is in the report and stops no other one.
    pub async fn refresh(&self, options: &RefreshOptions<'_>) -> RefreshReport {
        // Before the rows, so that what another refresh writes is in one of them.
        let index = &self.shared_index();
        let (rows, errors) = self.library.rows();
        let mut report = RefreshReport::default();
        report.failed.extend(errors.iter().map(|error| (String::new(), error.into())));
        if errors.is_empty() && options.only.is_empty() {
            self.library.remove_orphans(&rows);
        }
        let now = self.fetcher.now();
        let matches =
            |row: &&SourceRow| options.only.is_empty() || options.only.contains(&row.source.identity());
        // A person who changes a source wants to see what that does.
        let is_changed =
            |row: &SourceRow| row.state.read_at.is_some() && row.state.filters != row.source.filters();
        let is_due = |row: &SourceRow| {
            // A source that is gone is reported, and not fetched.
            options.is_forced || row.state.is_due(now) || (is_changed(row) && row.state.problem.is_none())
        };
        let mut hosts: BTreeMap<String, Vec<SourceRow>> = BTreeMap::new();
        for row in rows.iter().filter(matches) {
            if is_due(row) {
                hosts.entry(row.source.host()).or_default().push(row.clone());
            } else if !row.state.is_gone {
                report.note_due(row.state.due);
            }
        }
        if hosts.is_empty() {
            return report;
        }
        index.keep_only(&rows);
        index.add(&rows);
        let run = &RefreshRun {
            library: &self.library,
            fetcher: &self.fetcher,
            interval: self.interval,
            index,
            options,
        };
        let mut reports = stream::iter(hosts)
            .map(|(host, rows)| run.refresh_host(host, rows))
            .buffer_unordered(HOSTS_AT_ONCE);
        while let Some(one) = reports.next().await {
            report.merge(one);
        }
        report
    }

    /// The posts of all sources, with those of a refresh that runs already.
    fn shared_index(&self) -> Arc<PostIndex> {
        let mut shared = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let index = shared.upgrade().unwrap_or_default();
        *shared = Arc::downgrade(&index);
        index
    }
}

/// What one refresh works with.
struct RefreshRun<'a> {
    library: &'a Library,
    fetcher: &'a Fetcher,
    interval: SignedDuration,
    index: &'a PostIndex,
    options: &'a RefreshOptions<'a>,
}

impl RefreshRun<'_> {
    /// Refreshes the sources of a host, one after the other.
    async fn refresh_host(&self, host: String, rows: Vec<SourceRow>) -> RefreshReport {
        let (index, options) = (self.index, self.options);
        let mut report = RefreshReport::default();
        let lock = loop {
            match self.library.try_lock_host(&host) {
                Ok(Some(lock)) => break lock,
                Ok(None) if options.waits => tokio::time::sleep(LOCK_WAIT).await,
                Ok(None) => {
                    report.busy = rows.iter().map(|row| row.source.url.clone()).collect();
                    return report;
                }
                Err(error) => {
                    report.failed.extend(rows.iter().map(|row| (row.source.url.clone(), (&error).into())));
                    return report;
                }
            }
        };
        // What other processes ingested while this one waited. They hold the lock of this host only.
        index.add(&self.library.rows_of_host(&host));
        for row in rows {
            // Another process may have read it while this one waited.
            let row = SourceRow { state: self.library.state(&row.folder, &row.source), ..row };
            let (url, now) = (&row.source.url, self.fetcher.now());
            let gone = || {
                format!(
                    "it is gone for good (410) and is not asked again; `takeaways corpus add {url}` asks once whether it is back"
                )
            };
            let why_not = if row.state.is_gone { Some(gone()) } else { row.state.back_off(now) };
            if let Some(why) = why_not.filter(|_| !options.found.contains_key(&row.source.identity())) {
                report.failed.push((url.clone(), RefreshFailure::Source(why)));
                report.note_due(row.state.due.filter(|_| !row.state.is_gone));
                continue;
            }
            let is_changed = row.state.filters != row.source.filters();
            if options.is_forced || is_changed || row.state.is_due(now) {
                self.refresh_source(&row, &mut report).await;
            }
        }
        drop(lock);
        report
    }

    async fn refresh_source(&self, row: &SourceRow, report: &mut RefreshReport) {
        let mut state = SourceState::clone(&row.state);
        state.url.clone_from(&row.source.url);
        // If the list can't be read, no file is written either.
        state.mark_removed(&self.library.removal_list().unwrap_or_default());
        for post in state.posts.values_mut().filter(|post| post.status == PostStatus::Included) {
            // A person deleted it. It does not come back.
            if row.is_missing(post) {
                post.status = PostStatus::Removed;
            }
        }
        fail_point("sources.fetch.before");
        // Before its posts are read, so that the log says which source it was, should reading end the process.
        tracing::info!(source = row.source.url, "reading a source of posts");
        let listed = self.list(row, &mut state).await;
        fail_point("sources.fetch.after");
        let now = self.fetcher.now();
        let jitter = xxh3_64(format!("{}{now}", row.source.url).as_bytes());
        match listed {
            Ok(content) => {
                state.record_success(now, self.interval, jitter);
                report.read += 1;
                if let Some(content) = content {
                    self.ingest_all(row, &mut state, content, report).await;
                }
            }
            Err(error) => {
                let not_before = error.not_before();
                state.is_gone = error == FetchError::Gone;
                // Whether a host can be reached may lie at this machine: another process asks it at once.
                state.backed_off_until = not_before.filter(|_| !matches!(error, FetchError::BackedOff(_)));
                state.record_failure(error.to_string(), now, self.interval, not_before, jitter);
                report.failed.push((row.source.url.clone(), RefreshFailure::Source(error.to_string())));
            }
        }
        fail_point("sources.save.before");
        if self.library.is_listed(&row.folder, &row.source) {
            report.note_due(state.due.filter(|_| !state.is_gone));
            self.save(row, state, report);
        }
        fail_point("sources.save.after");
    }

    fn save(&self, row: &SourceRow, state: SourceState, report: &mut RefreshReport) {
        if let Err(error) = self.library.save_state(&row.folder, &row.source, state) {
            report.failed.push((row.source.url.clone(), (&error).into()));
        }
    }

    /// What the source lists now; `None` if nothing changed. Validators are kept only after the content was understood.
    async fn list(
        &self,
        row: &SourceRow,
        state: &mut SourceState,
    ) -> Result<Option<SourceContent>, FetchError> {
        if let Some(found) = self.options.found.get(&row.source.identity()) {
            state.validators = found.fetched.as_ref().map(|page| page.validators.clone()).unwrap_or_default();
            state.title.clone_from(&found.listing.title);
            // It was found at its own address.
            state.moved_to = None;
            return Ok(Some(SourceContent { listing: found.listing.clone(), page: found.fetched.clone() }));
        }
        if row.source.kind == SourceKind::Folder {
            let (folder, now) = (PathBuf::from(&row.source.url), self.fetcher.now());
            let read = move || site_folder::list_posts(&folder, now);
            let unreadable = |_| FetchError::NotUnderstood("it can't be read".to_owned());
            let listing = tokio::task::spawn_blocking(read).await.map_err(unreadable)?;
            let listing = listing.ok_or(FetchError::NoFolder)?.listing;
            return Ok(Some(SourceContent { listing, page: None }));
        }
        if let Some(moved_to) = state.moved_to.clone() {
            let listed = self.list_at(&moved_to, row, state).await;
            let leads_nowhere =
                matches!(listed, Err(FetchError::NotFound | FetchError::Gone | FetchError::NotUnderstood(_)));
            if !leads_nowhere {
                return listed;
            }
            // The address of the list may work again, or lead to another place by now.
            (state.moved_to, state.validators) = (None, Validators::default());
        }
        self.list_at(&row.source.url, row, state).await
    }

    /// What the source lists now at an address: its own, or the one to which it moved.
    async fn list_at(
        &self,
        address: &str,
        row: &SourceRow,
        state: &mut SourceState,
    ) -> Result<Option<SourceContent>, FetchError> {
        let url = crate::parse_address(address).map_err(|_| FetchError::Location)?;
        if row.source.kind == SourceKind::Sitemap {
            let listing = sitemap_entries(self.fetcher, &url).await?;
            return Ok(Some(SourceContent { listing, page: None }));
        }
        // Some posts are looked at again also if the list did not change: those that could not be read, and those of
        // another source that is there no more.
        let is_open = |(identity, post): (&String, &PostState)| match post.status {
            PostStatus::Duplicate(_) => !self.index.has_original(identity, post),
            PostStatus::Excluded(_) => post.retry_at.is_some_and(|at| at <= self.fetcher.now()),
            _ => post.retry_at.is_some(),
        };
        let has_open = state.posts.iter().any(is_open);
        let is_judged = state.filters == row.source.filters();
        let validators = (is_judged && !has_open).then(|| state.validators.clone());
        let page = match self.fetcher.fetch(&url, validators.as_ref()).await? {
            FetchOutcome::NotModified => return Ok(None),
            FetchOutcome::Page(page) => page,
        };
        let kind = row.source.kind;
        if kind == SourceKind::Page && leads_to_first_page(&url, &page.url) {
            return Err(FetchError::NotFound);
        }
        let this_year = self.fetcher.now().to_zoned(TimeZone::UTC).year();
        let copy = page.clone();
        let parse = move || match kind {
            SourceKind::Feed => {
                read_feed(&copy.body, &copy.url, this_year).map_err(|error| error.to_string())
            }
            _ => Ok(page_listing(&copy, None)),
        };
        let parsed =
            tokio::task::spawn_blocking(parse).await.unwrap_or_else(|_| Err("it can't be read".into()));
        let listing = parsed.map_err(FetchError::NotUnderstood)?;
        state.validators = page.validators.clone();
        state.moved_to = page.moved_to.as_ref().map(Url::to_string).or(state.moved_to.take());
        if listing.title.is_some() {
            state.title.clone_from(&listing.title);
        }
        Ok(Some(SourceContent { listing, page: Some(page) }))
    }

    async fn ingest_all(
        &self,
        row: &SourceRow,
        state: &mut SourceState,
        content: SourceContent,
        report: &mut RefreshReport,
    ) {
        let is_page = row.source.kind == SourceKind::Page;
        let filters = row.source.filters();
        let ingest = Ingest {
            has_new_filters: state.filters != filters,
            fetcher: self.fetcher,
            folder: &row.folder,
            source: &row.source,
            index: self.index,
            library: self.library,
            interval: self.interval,
            fetched: content.page.as_ref().filter(|_| is_page),
            now: self.fetcher.now(),
        };
        let (listed, limit) = (content.listing.entries.len(), most_posts(&row.source));
        let total = listed.min(limit);
        if listed > total {
            tracing::warn!(
                source = row.source.url,
                listed,
                limit,
                "a source that was added on Discord lists too many posts"
            );
        }
        let mut unsaved = 0;
        for (at, listed) in content.listing.entries.iter().take(total).enumerate() {
            let result = ingest.run(listed, state).await;
            if let Some(show) = self.options.progress {
                show(RefreshProgress { done: at + 1, total }, &result);
            }
            unsaved +=
                usize::from(!matches!(result.outcome, PostOutcome::Unchanged | PostOutcome::Waiting(_)));
            report.posts.push((row.source.url.clone(), result));
            if unsaved >= POSTS_PER_SAVE {
                unsaved = 0;
                fail_point("sources.progress.before");
                // Not due yet means: not complete. After a kill the source is read again at once.
                let partial = SourceState { due: None, validators: Validators::default(), ..state.clone() };
                if self.library.is_listed(&row.folder, &row.source) {
                    self.save(row, partial, report);
                }
                fail_point("sources.progress.after");
            }
        }
        forget_unlisted(state, &content.listing);
        state.filters = filters;
    }
}

/// The most posts of a source that are looked at. A site may list more than it did when somebody added it on Discord.
fn most_posts(source: &Source) -> usize {
    if source.added_by.is_some() { MAX_CONTRIBUTED_POSTS } else { usize::MAX }
}

/// What a source lists, with its page.
struct SourceContent {
    listing: PostListing,
    page: Option<FetchedPage>,
}

/// Forgets posts that are not in the corpus and that the source does not list any more.
fn forget_unlisted(state: &mut SourceState, listing: &PostListing) {
    let listed: std::collections::HashSet<String> =
        listing.entries.iter().map(|entry| crate::identity(&entry.url)).collect();
    state.posts.retain(|identity, post| {
        matches!(post.status, PostStatus::Included | PostStatus::Removed) || listed.contains(identity)
    });
}
