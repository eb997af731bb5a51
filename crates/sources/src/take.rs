//! Takes in one post that a source lists: reads it, judges it, writes its file.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use takeaways_corpus::front_matter::split_front_matter;
use takeaways_faults::fail_point;
use xxhash_rust::xxh3::xxh3_64;

use crate::about::{JudgedPost, is_excluded_by_head, judge};
use crate::fetcher::{FetchError, Fetched, FetchedPage, Fetcher};
use crate::library::Library;
use crate::listing::Listed;
use crate::page_kind::leads_to_first_page;
use crate::post_file::NewPost;
use crate::post_index::PostIndex;
use crate::source_list::{Source, SourceKind};
use crate::source_state::{PostState, PostStatus, SourceState, later, pause_after};
use crate::{PageError, address, markdown, read_page, store_files};

/// What became of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is new in the corpus.
    Added,
    /// Its text changed, and its file with it.
    Changed,
    /// Nothing changed.
    Unchanged,
    /// It is left out, with the reason.
    LeftOut(String),
    /// It is the same post as another one.
    SameAs(String),
    /// Its text changed on the web, and a person edited its file: the new text is beside it, with the ending `.orig`.
    Edited,
    /// A person took it out.
    Removed,
    /// It could not be read, with the reason.
    Failed(String),
    /// It could not be read before, with the reason, and is tried again later.
    Waiting(String),
}

/// A post with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPost {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: Option<String>,
    /// The event that it is about.
    pub event: Option<String>,
    /// What became of it.
    pub outcome: PostOutcome,
}

/// What taking in a post needs to know.
pub(crate) struct Taking<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) folder: &'a Path,
    pub(crate) source: &'a Source,
    pub(crate) index: &'a PostIndex,
    pub(crate) library: &'a Library,
    pub(crate) interval: SignedDuration,
    /// Whether a person changed what is taken in.
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
    /// Whether its page is gone for good.
    is_gone: bool,
}

impl From<&str> for ReadFailure {
    fn from(why: &str) -> Self {
        Self { why: why.to_owned(), not_before: None, is_gone: false }
    }
}

impl From<&FetchError> for ReadFailure {
    fn from(error: &FetchError) -> Self {
        let is_gone = *error == FetchError::Gone;
        Self { why: error.to_string(), not_before: error.not_before(), is_gone }
    }
}

impl Taking<'_> {
    /// Takes in a post and records in `state` what became of it.
    pub(crate) async fn take(&self, listed: &Listed, state: &mut SourceState) -> TakenPost {
        let identity = crate::identity(&listed.url);
        let known = state.posts.get(&identity).cloned();
        let mut taken = TakenPost {
            url: listed.url.to_string(),
            title: listed.title.clone().or_else(|| known.as_ref().and_then(|post| post.title.clone())),
            event: known.as_ref().and_then(|post| post.event.clone()),
            outcome: PostOutcome::Unchanged,
        };
        let mut post = known.clone().unwrap_or_else(|| new_state(listed, self.now));
        let status = known.as_ref().map(|known| &known.status);
        // Who names a page wants it, also if another source had it and it was taken out there.
        let is_removed = || {
            let is_named = self.source.kind == SourceKind::Page;
            status != Some(&PostStatus::Taken) && !is_named && self.index.is_removed(&identity)
        };
        if status == Some(&PostStatus::Removed) || is_removed() {
            post.status = PostStatus::Removed;
            taken.outcome = PostOutcome::Removed;
        } else if let Some(outcome) = self.without_reading(listed, &identity, known.as_ref()) {
            taken.outcome = outcome;
            return taken;
        } else {
            let source = self.source.identity();
            taken.outcome = match self.index.claim(&identity, &source) {
                Err(other) => {
                    post.status = PostStatus::Same(other.clone());
                    PostOutcome::SameAs(other)
                }
                Ok(()) => self.read_and_write(listed, known.as_ref(), &mut post, &identity).await,
            };
            if post.status != PostStatus::Taken {
                self.index.release(&identity, &source);
            }
        }
        if !matches!(taken.outcome, PostOutcome::Failed(_)) {
            (post.failures, post.retry_at, post.version) = (0, None, listed.version);
        }
        (taken.title, taken.event) = (post.title.clone().or(taken.title), post.event.clone());
        state.posts.insert(identity, post);
        taken
    }

    /// What is known without reading the post again.
    fn without_reading(
        &self,
        listed: &Listed,
        identity: &str,
        known: Option<&PostState>,
    ) -> Option<PostOutcome> {
        let known = known?;
        // Whatever else changes. A text that comes with the source needs no page.
        let is_final = known.is_gone && listed.html.is_none() && listed.markdown.is_none();
        match &known.status {
            PostStatus::Failed(why) if known.retry_at.is_some_and(|at| at > self.now) => {
                Some(PostOutcome::Waiting(why.clone()))
            }
            PostStatus::Failed(_) => None,
            _ if known.version != listed.version && !is_final => None,
            PostStatus::Left(_) if self.has_new_filters && !is_final => None,
            PostStatus::Left(why) => Some(PostOutcome::LeftOut(why.clone())),
            // The source of the other one was removed.
            PostStatus::Same(_) if !self.index.has_same(identity, known) => None,
            PostStatus::Same(other) => Some(PostOutcome::SameAs(other.clone())),
            PostStatus::Removed => Some(PostOutcome::Removed),
            PostStatus::Taken => Some(PostOutcome::Unchanged),
        }
    }

    async fn read_and_write(
        &self,
        listed: &Listed,
        known: Option<&PostState>,
        post: &mut PostState,
        identity: &str,
    ) -> PostOutcome {
        if let Some(why) = is_excluded_by_head(listed, self.source) {
            return leave_out(post, why);
        }
        let new = match self.read(listed).await {
            Ok(new) => new,
            Err(failure) if failure.is_gone => {
                post.is_gone = true;
                return leave_out(post, failure.why);
            }
            Err(failure) => return self.record_failure(post, failure),
        };
        post.is_gone = false;
        fail_point("sources.read.after");
        let canonical = crate::identity(&new.url);
        let source = self.source.identity();
        if canonical != identity
            && let Err(other) = self.index.claim(&canonical, &source)
        {
            post.status = PostStatus::Same(other.clone());
            post.url = new.url.to_string();
            return PostOutcome::SameAs(other);
        }
        let (judged, new) = {
            let (source, now) = (self.source.clone(), self.now);
            let work = move || {
                let judged = judge(&new, &source, now);
                (judged, new)
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(judged) => judged,
                Err(_) => return self.record_failure(post, "it could not be read".into()),
            }
        };
        // As late as possible: a person may have removed the post or its source meanwhile.
        match self.library.removed() {
            Err(error) => {
                // Moderators read the reason of a failure: it names no file of the machine.
                tracing::warn!(%error, "no post is taken in");
                return self.record_failure(post, "the list of removed posts can't be read".into());
            }
            Ok(removed)
                if removed.contains(identity)
                    || removed.contains(&canonical)
                    || !self.library.is_listed(self.folder, self.source) =>
            {
                post.status = PostStatus::Removed;
                return PostOutcome::Removed;
            }
            Ok(_) => {}
        }
        let text_hash = judged.text_hash;
        let outcome = self.write(known, post, &new, judged);
        if post.status == PostStatus::Taken {
            self.index.record([identity, &canonical], &source, post);
        } else {
            self.index.release(&canonical, &source);
            self.index.release_text(text_hash, &post.url);
        }
        outcome
    }

    /// Each failure is tried again, also if the source does not change.
    fn record_failure(&self, post: &mut PostState, failure: ReadFailure) -> PostOutcome {
        let ReadFailure { why, not_before, .. } = failure;
        post.failures = post.failures.saturating_add(1);
        let retry_at = later(self.now, pause_after(post.failures, self.interval));
        post.retry_at = Some(not_before.map_or(retry_at, |not_before| retry_at.max(not_before)));
        // What is in the corpus stays there.
        if post.status != PostStatus::Taken {
            post.status = PostStatus::Failed(why.clone());
        }
        PostOutcome::Failed(why)
    }

    /// The text of the post: from its source, or from its page.
    async fn read(&self, listed: &Listed) -> Result<NewPost, ReadFailure> {
        if let Some(markdown) = &listed.markdown {
            return Ok(listed.with_text(markdown.clone()));
        }
        if let Some(html) = &listed.html {
            let (html, base) = (html.clone(), listed.url.clone());
            let work = move || markdown::fragment_markdown(&html, &base);
            let markdown = tokio::task::spawn_blocking(work).await.ok().flatten();
            return markdown
                .map(|markdown| listed.with_text(markdown))
                .ok_or_else(|| "it holds no readable text".into());
        }
        let page = match self.fetched {
            Some(page) => page.clone(),
            None => match self.fetcher.fetch(&listed.url, None).await {
                Ok(Fetched::Page(page)) => page,
                Ok(Fetched::NotModified) => return Err("the site says that it did not change".into()),
                Err(error) => return Err((&error).into()),
            },
        };
        if leads_to_first_page(&listed.url, &page.url) {
            return Err(PageError::SoftNotFound.to_string().as_str().into());
        }
        let now = self.now;
        let read = move || read_page(&page.body, page.content_type.as_deref(), &page.url, now);
        let page = tokio::task::spawn_blocking(read).await.map_err(|_| "it could not be read")?;
        Ok(listed.with_page(page.map_err(|error| ReadFailure::from(error.to_string().as_str()))?))
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
            return leave_out(post, why);
        }
        if let Err(other) = self.index.claim_text(judged.text_hash, &post.url, &self.source.identity()) {
            post.status = PostStatus::Same(other.clone());
            return PostOutcome::SameAs(other);
        }
        let added = self.source.added.map(|added| added.to_zoned(jiff::tz::TimeZone::UTC).date());
        post.is_old = post.date.zip(added).is_some_and(|(date, added)| date < added);
        let before = known.filter(|known| known.status == PostStatus::Taken);
        // An author may correct the event and leave the text as it is.
        let is_same_event = |before: &PostState| new.events.is_empty() || before.event == post.event;
        if before.is_some_and(|before| before.text_hash == judged.text_hash && is_same_event(before)) {
            return PostOutcome::Unchanged;
        }
        post.text_hash = judged.text_hash;
        post.taken = before.map_or(self.now, |before| before.taken);
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

    fn write_file(
        &self,
        before: Option<&PostState>,
        post: &mut PostState,
        new: &NewPost,
        text: &str,
    ) -> std::io::Result<PostOutcome> {
        let is_below = |file: &String| store_files::join_below(self.folder, file).is_ok();
        let before = before.filter(|before| before.file.as_ref().is_some_and(is_below));
        let expected = before.map(|before| before.file_hash);
        let file = before.and_then(|before| before.file.clone());
        let file = file.unwrap_or_else(|| self.free_name(new, text));
        let path = store_files::join_below(self.folder, &file)?;
        let on_disk = store_files::read_if_there(&path)?;
        post.file = Some(file);
        let is_ours = |bytes: &[u8]| {
            expected == Some(xxh3_64(bytes)) || without_time(bytes) == without_time(text.as_bytes())
        };
        let outcome = match (on_disk, expected) {
            // A person deleted it. It does not come back.
            (None, Some(_)) => {
                post.status = PostStatus::Removed;
                return Ok(PostOutcome::Removed);
            }
            (Some(bytes), _) if !is_ours(&bytes) => {
                let beside = store_files::beside(&path);
                store_files::write_atomic(&beside, text.as_bytes())?;
                post.file_hash = expected.unwrap_or_else(|| xxh3_64(text.as_bytes()));
                post.status = PostStatus::Taken;
                return Ok(PostOutcome::Edited);
            }
            (Some(bytes), None) => {
                // It was written before a kill, and what was known of it is lost.
                post.file_hash = xxh3_64(&bytes);
                post.status = PostStatus::Taken;
                return Ok(PostOutcome::Added);
            }
            (Some(_), Some(_)) => PostOutcome::Changed,
            (None, None) => PostOutcome::Added,
        };
        fail_point("sources.write.before");
        store_files::write_atomic(&path, text.as_bytes())?;
        fail_point("sources.write.after");
        post.file_hash = xxh3_64(text.as_bytes());
        post.status = PostStatus::Taken;
        Ok(outcome)
    }

    /// A name that no file of another post has. A file of the same address is the post itself, and without an address one
    /// of the same content.
    fn free_name(&self, new: &NewPost, text: &str) -> String {
        let (folder, stem) = (new.folder(&self.source.url), new.file_stem());
        let identity = crate::identity(&new.url);
        let has_address = address::is_of_web(&new.url);
        let read = |name: &String| store_files::read_if_there(&store_files::join_below(self.folder, name)?);
        let is_free = |name: &String| match read(name) {
            Ok(None) => true,
            Ok(Some(bytes)) if !has_address => without_time(&bytes) == without_time(text.as_bytes()),
            Ok(Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes);
                let url = split_front_matter(&text)
                    .ok()
                    .and_then(|split| split.fields.first_text(&["url"]).map(address::identity_of));
                url.as_deref() == Some(identity.as_str())
            }
            Err(_) => false,
        };
        let plain = format!("{folder}/{stem}.md");
        let numbered = (2..100).map(|number| format!("{folder}/{stem}-{number}.md"));
        std::iter::once(plain)
            .chain(numbered)
            .find(is_free)
            .unwrap_or_else(|| format!("{folder}/{stem}-{:016x}.md", xxh3_64(identity.as_bytes())))
    }
}

fn leave_out(post: &mut PostState, why: String) -> PostOutcome {
    // A post that is in the corpus stays: its new text may only lack the words.
    if post.status == PostStatus::Taken && post.file.is_some() {
        return PostOutcome::Unchanged;
    }
    post.status = PostStatus::Left(why.clone());
    PostOutcome::LeftOut(why)
}

fn new_state(listed: &Listed, now: Timestamp) -> PostState {
    PostState {
        url: listed.url.to_string(),
        status: PostStatus::Left(String::new()),
        title: listed.title.clone(),
        date: listed.date,
        event: None,
        file: None,
        text_hash: 0,
        file_hash: 0,
        version: 0,
        is_old: false,
        taken: now,
        failures: 0,
        retry_at: None,
        is_gone: false,
    }
}

/// A file without the line that says when it was retrieved.
fn without_time(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut kept = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 12 || !line.starts_with("retrieved: ") {
            kept.push_str(line);
        }
    }
    kept
}
