//! Brings one post that a source lists into the corpus: reads it, judges it, writes its file.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use takeaways_faults::fail_point;

use crate::about::{JudgedPost, is_excluded_by_head, judge};
use crate::fetcher::{FetchError, FetchOutcome, FetchedPage, Fetcher};
use crate::library::Library;
use crate::listing::ListedPost;
use crate::markdown;
use crate::page::{PageError, read_page};
use crate::page_kind::leads_to_first_page;
use crate::post_file::NewPost;
use crate::post_index::PostIndex;
use crate::refresh_report::{IngestResult, PostOutcome};
use crate::source_list::{Source, SourceKind};
use crate::source_state::{PostState, PostStatus, SourceState, later, pause_after};

/// The pause before a page that the site forbids is tried again.
const FORBIDDEN_RETRY: SignedDuration = SignedDuration::from_hours(24);

/// What the posts of a source are ingested with.
pub(crate) struct Ingest<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) folder: &'a Path,
    pub(crate) source: &'a Source,
    pub(crate) index: &'a PostIndex,
    pub(crate) library: &'a Library,
    pub(crate) interval: SignedDuration,
    /// Whether a person changed which posts the source includes.
    pub(crate) has_new_filters: bool,
    /// The page of a source that is a single page, which is fetched already.
    pub(crate) fetched: Option<&'a FetchedPage>,
    pub(crate) now: Timestamp,
}

/// Why a post could not be read.
struct ReadFailure {
    why: String,
    /// When its host may be asked again.
    not_before: Option<Timestamp>,
    kind: FailureKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FailureKind {
    /// Its page is gone for good.
    Gone,
    /// The site does not let its page be read.
    Forbidden,
    /// It has no page.
    Absent,
    Other,
}

impl From<&str> for ReadFailure {
    fn from(why: &str) -> Self {
        Self { why: why.to_owned(), not_before: None, kind: FailureKind::Other }
    }
}

impl From<&FetchError> for ReadFailure {
    fn from(error: &FetchError) -> Self {
        let (kind, why) = match error {
            FetchError::Gone => (FailureKind::Gone, error.to_string()),
            FetchError::Robots => (FailureKind::Forbidden, "robots.txt forbids it".to_owned()),
            FetchError::NotFound => (FailureKind::Absent, error.to_string()),
            _ => (FailureKind::Other, error.to_string()),
        };
        Self { why, not_before: error.not_before(), kind }
    }
}

impl From<PageError> for ReadFailure {
    fn from(error: PageError) -> Self {
        let kind = if error == PageError::SoftNotFound { FailureKind::Absent } else { FailureKind::Other };
        Self { why: error.to_string(), not_before: None, kind }
    }
}

impl Ingest<'_> {
    /// Ingests a post and records in `state` what became of it.
    pub(crate) async fn run(&self, listed: &ListedPost, state: &mut SourceState) -> IngestResult {
        let identity = crate::identity(&listed.url);
        let known = state.posts.get(&identity).cloned();
        let mut result = IngestResult {
            url: listed.url.to_string(),
            title: listed.title.clone().or_else(|| known.as_ref().and_then(|post| post.title.clone())),
            event: known.as_ref().and_then(|post| post.event.clone()),
            outcome: PostOutcome::Unchanged,
        };
        let mut post = known.clone().unwrap_or_else(|| new_state(listed, self.now));
        post.retry_at = None;
        let status = known.as_ref().map(|known| &known.status);
        // Who names a page wants it, also if another source had it and a person removed it there.
        let is_removed = || {
            let is_named = self.source.kind == SourceKind::Page;
            status != Some(&PostStatus::Included) && !is_named && self.index.is_removed(&identity)
        };
        if status == Some(&PostStatus::Removed) || is_removed() {
            post.status = PostStatus::Removed;
            result.outcome = PostOutcome::Removed;
        } else if let Some(outcome) = self.without_reading(listed, &identity, known.as_ref()) {
            result.outcome = outcome;
            return result;
        } else if let Some(why) = self.excluded_elsewhere(listed, &identity, known.as_ref()) {
            result.outcome = exclude(&mut post, why);
        } else {
            let source = self.source.identity();
            result.outcome = match self.index.claim(&identity, &source) {
                Err(other) => {
                    post.status = PostStatus::Duplicate(other.clone());
                    PostOutcome::Duplicate(other)
                }
                Ok(()) => self.read_and_write(listed, known.as_ref(), &mut post, &identity).await,
            };
            if post.status != PostStatus::Included {
                self.index.release(&identity, &source);
            }
        }
        if !matches!(result.outcome, PostOutcome::Failed(_)) {
            (post.failures, post.version) = (0, listed.version);
        }
        if let (PostStatus::Excluded(why), None) = (&post.status, post.retry_at) {
            self.index.record_exclusion(&identity, &self.source.identity(), self.source.filters(), why);
        }
        (result.title, result.event) = (post.title.clone().or(result.title), post.event.clone());
        state.posts.insert(identity, post);
        result
    }

    /// Why another source with the same filters excluded a post that is new here. Then its page is not fetched again.
    fn excluded_elsewhere(
        &self,
        listed: &ListedPost,
        identity: &str,
        known: Option<&PostState>,
    ) -> Option<String> {
        let must_fetch = !listed.has_text() && self.fetched.is_none();
        let is_new = known.is_none();
        (is_new && must_fetch).then(|| self.index.exclusion(identity, self.source.filters())).flatten()
    }

    /// What is known without reading the post again.
    fn without_reading(
        &self,
        listed: &ListedPost,
        identity: &str,
        known: Option<&PostState>,
    ) -> Option<PostOutcome> {
        let known = known?;
        // Whatever else changes. A text that comes with the source needs no page.
        let is_final = known.is_gone && !listed.has_text();
        match &known.status {
            PostStatus::Failed(why) if known.retry_at.is_some_and(|at| at > self.now) => {
                Some(PostOutcome::Waiting(why.clone()))
            }
            PostStatus::Failed(_) => None,
            _ if known.version != listed.version && !is_final => None,
            // A site may change what it forbids.
            PostStatus::Excluded(_) if known.retry_at.is_some_and(|at| at <= self.now) => None,
            PostStatus::Excluded(_) if self.has_new_filters && !is_final => None,
            PostStatus::Excluded(why) => Some(PostOutcome::Excluded(why.clone())),
            // The source of the other one was removed.
            PostStatus::Duplicate(_) if !self.index.has_original(identity, known) => None,
            PostStatus::Duplicate(other) => Some(PostOutcome::Duplicate(other.clone())),
            PostStatus::Removed => Some(PostOutcome::Removed),
            PostStatus::Included => Some(PostOutcome::Unchanged),
        }
    }

    async fn read_and_write(
        &self,
        listed: &ListedPost,
        known: Option<&PostState>,
        post: &mut PostState,
        identity: &str,
    ) -> PostOutcome {
        if let Some(why) = is_excluded_by_head(listed, self.source) {
            return exclude(post, why);
        }
        let (new, absent) = match self.read_or_exclude(listed, post).await {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        fail_point("sources.read.after");
        let canonical = crate::identity(&new.url);
        let source = self.source.identity();
        if canonical != identity
            && let Err(other) = self.index.claim(&canonical, &source)
        {
            post.status = PostStatus::Duplicate(other.clone());
            post.url = new.url.to_string();
            return PostOutcome::Duplicate(other);
        }
        let Some((judged, new)) = self.judge(new).await else {
            return self.record_failure(post, "it could not be read".into());
        };
        // The page may come later, and say more.
        if let Some(failure) = absent.filter(|_| judged.reason.is_some()) {
            return self.record_failure(post, failure);
        }
        // As late as possible: a person may have removed the post or its source meanwhile.
        match self.is_still_wanted([identity, &canonical]) {
            Ok(true) => {}
            Ok(false) => {
                post.status = PostStatus::Removed;
                return PostOutcome::Removed;
            }
            Err(failure) => return self.record_failure(post, failure),
        }
        let text_hash = judged.text_hash;
        let outcome = self.write(known, post, &new, judged);
        if post.status == PostStatus::Included {
            self.index.record([identity, &canonical], &source, post);
        } else {
            self.index.release(&canonical, &source);
            self.index.release_text(text_hash, &post.url);
        }
        outcome
    }

    /// The post, with why it has no page if its short text stands for it. What became of it if it can't be read.
    async fn read_or_exclude(
        &self,
        listed: &ListedPost,
        post: &mut PostState,
    ) -> Result<(NewPost, Option<ReadFailure>), PostOutcome> {
        let read = if post.is_gone && !listed.has_whole_text() {
            Err(ReadFailure::from(&FetchError::Gone))
        } else {
            self.read(listed).await
        };
        post.is_gone = read.as_ref().is_err_and(|failure| failure.kind == FailureKind::Gone);
        let failure = match read {
            Ok(new) => return Ok((new, None)),
            Err(failure) if failure.kind == FailureKind::Other => {
                return Err(self.record_failure(post, failure));
            }
            Err(failure) => failure,
        };
        if let Some(new) = self.read_short(listed).await {
            return Ok((new, Some(failure).filter(|failure| failure.kind == FailureKind::Absent)));
        }
        Err(match failure.kind {
            FailureKind::Absent => self.record_failure(post, failure),
            FailureKind::Gone => exclude(post, failure.why),
            FailureKind::Forbidden | FailureKind::Other => {
                let outcome = exclude(post, failure.why);
                let is_excluded = matches!(post.status, PostStatus::Excluded(_));
                post.retry_at = is_excluded.then(|| later(self.now, FORBIDDEN_RETRY));
                outcome
            }
        })
    }

    async fn judge(&self, new: NewPost) -> Option<(JudgedPost, NewPost)> {
        let (source, now) = (self.source.clone(), self.now);
        let work = move || (judge(&new, &source, now), new);
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// Whether the source still stands in its list, and no person removed the post.
    fn is_still_wanted(&self, identities: [&str; 2]) -> Result<bool, ReadFailure> {
        let removed = self.library.removal_list().map_err(|error| {
            // Moderators read the reason of a failure: it names no file of the machine.
            tracing::warn!(%error, "no post is ingested");
            ReadFailure::from("the list of removed posts can't be read")
        })?;
        let is_removed = identities.into_iter().any(|identity| removed.contains(identity));
        Ok(!is_removed && self.library.is_listed(self.folder, self.source))
    }

    /// Each failure is tried again, also if the source does not change.
    fn record_failure(&self, post: &mut PostState, failure: ReadFailure) -> PostOutcome {
        let ReadFailure { why, not_before, .. } = failure;
        post.failures = post.failures.saturating_add(1);
        let retry_at = later(self.now, pause_after(post.failures, self.interval));
        post.retry_at = Some(not_before.map_or(retry_at, |not_before| retry_at.max(not_before)));
        // What is in the corpus stays there.
        if post.status != PostStatus::Included {
            post.status = PostStatus::Failed(why.clone());
        }
        PostOutcome::Failed(why)
    }

    /// The text of the post: from its source, or from its page.
    async fn read(&self, listed: &ListedPost) -> Result<NewPost, ReadFailure> {
        if let Some(markdown) = &listed.markdown {
            return Ok(listed.with_text(markdown.clone()));
        }
        if let Some(html) = &listed.html {
            let new = from_html(listed, html).await;
            return new.ok_or_else(|| "it holds no readable text".into());
        }
        let page = match self.fetched {
            Some(page) => page.clone(),
            None => match self.fetcher.fetch(&listed.url, None).await {
                Ok(FetchOutcome::Page(page)) => page,
                Ok(FetchOutcome::NotModified) => return Err("the site says that it did not change".into()),
                Err(error) => return Err((&error).into()),
            },
        };
        if leads_to_first_page(&listed.url, &page.url) {
            return Err(PageError::SoftNotFound.into());
        }
        let now = self.now;
        let read = move || read_page(&page.body, page.content_type.as_deref(), &page.url, now);
        let page = tokio::task::spawn_blocking(read).await.map_err(|_| "it could not be read")?;
        Ok(listed.with_page(page.map_err(ReadFailure::from)?))
    }

    /// The short text of a post that has no page: then it is all that there is.
    async fn read_short(&self, listed: &ListedPost) -> Option<NewPost> {
        from_html(listed, listed.short_html.as_deref()?).await
    }

    fn write(
        &self,
        known: Option<&PostState>,
        post: &mut PostState,
        new: &NewPost,
        judged: JudgedPost,
    ) -> PostOutcome {
        post.url = new.url.to_string();
        (post.title, post.date) = (new.title.clone(), judged.date.or(new.date));
        post.event = judged.event.map(|event| event.name);
        if let Some(why) = judged.reason {
            return exclude(post, why);
        }
        if let Err(other) = self.index.claim_text(judged.text_hash, &post.url, &self.source.identity()) {
            post.status = PostStatus::Duplicate(other.clone());
            return PostOutcome::Duplicate(other);
        }
        let added = self.source.added.map(|added| added.to_zoned(jiff::tz::TimeZone::UTC).date());
        post.is_old = post.date.zip(added).is_some_and(|(date, added)| date < added);
        let before = known.filter(|known| known.status == PostStatus::Included);
        // An author may correct the event and leave the text as it is.
        let is_same_event = |before: &PostState| new.events.is_empty() || before.event == post.event;
        if before.is_some_and(|before| before.text_hash == judged.text_hash && is_same_event(before)) {
            return PostOutcome::Unchanged;
        }
        post.text_hash = judged.text_hash;
        post.included_at = before.map_or(self.now, |before| before.included_at);
        let text = new.to_text(post.event.as_deref(), self.now);
        match self.write_file(before, post, new, &text) {
            Ok(outcome) => outcome,
            Err(error) => {
                // The new text is not in the file, so that it is still new.
                post.text_hash = before.map_or(0, |before| before.text_hash);
                self.record_failure(post, format!("its file can't be written: {error}").as_str().into())
            }
        }
    }
}

/// The post with this text, which came with its source.
async fn from_html(listed: &ListedPost, html: &str) -> Option<NewPost> {
    let (html, base) = (html.to_owned(), listed.url.clone());
    let work = move || markdown::fragment_markdown(&html, &base);
    let markdown = tokio::task::spawn_blocking(work).await.ok().flatten()?;
    Some(listed.with_text(markdown))
}

fn exclude(post: &mut PostState, why: String) -> PostOutcome {
    // A post that is in the corpus stays: its new text may only lack the words.
    if post.status == PostStatus::Included && post.file.is_some() {
        return PostOutcome::Unchanged;
    }
    post.status = PostStatus::Excluded(why.clone());
    PostOutcome::Excluded(why)
}

fn new_state(listed: &ListedPost, now: Timestamp) -> PostState {
    let status = PostStatus::Excluded(String::new());
    PostState {
        title: listed.title.clone(),
        date: listed.date,
        ..PostState::new(listed.url.to_string(), status, now)
    }
}
