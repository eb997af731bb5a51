//! Which posts of a source would come in, before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use crate::about::{JudgedPost, is_excluded_by_head, judge};
use crate::fetcher::{FetchOutcome, FetchedPage, Fetcher};
use crate::library::{Library, LibraryError};
use crate::listing::ListedPost;
use crate::markdown::fragment_markdown;
use crate::page::read_page;
use crate::post_file::NewPost;
use crate::post_index::PostIndex;
use crate::source_list::Source;
use crate::{FoundSource, SourceKind};

/// Why a post that a person removed does not come in.
pub const REMOVED_BY_HAND: &str = "removed by hand";
/// How many pages are fetched at most to show one post of a source that has no texts.
const MAX_SAMPLES: usize = 3;
/// The most events that are named.
const MAX_EVENTS: usize = 6;

/// Why a post that repeats another one does not come in.
pub fn repeats_reason(other: &str) -> String {
    if other.is_empty() {
        return "another source has it".to_owned();
    }
    format!("it is the same post as {other}")
}

/// What a library knows of posts that a new source may have: those that are there, and those that a person removed.
#[derive(Default)]
pub struct KnownPosts {
    removed: BTreeSet<String>,
    /// Gets the texts of the posts that are previewed, too: a source may have one twice.
    index: PostIndex,
}

impl KnownPosts {
    /// Reads what a library knows.
    ///
    /// # Errors
    /// If the list of removed posts can't be read.
    pub fn read(library: &Library) -> Result<Self, LibraryError> {
        let known = Self { removed: library.removed_posts()?, index: PostIndex::default() };
        known.index.add(&library.rows().0);
        Ok(known)
    }
}

/// Which posts of a source would come in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The number of posts that it lists.
    pub total: usize,
    /// The number of posts that would come in, by the event that they are about; `""` without an event.
    pub events: BTreeMap<String, usize>,
    /// Posts that would come in: title and event.
    pub included: Vec<(String, Option<String>)>,
    /// Posts that would not: title and reason.
    pub excluded: Vec<(String, String)>,
    /// The number of posts whose pages must be read first.
    pub unread: usize,
    /// The first post that would come in.
    pub first: Option<PreviewPost>,
}

/// A post that would come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewPost {
    /// Its address.
    pub url: Url,
    /// Its title.
    pub title: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its day.
    pub date: Option<Date>,
    /// The event that it is about.
    pub event: Option<String>,
    /// Its licence, if one is stated.
    pub licence: Option<String>,
    /// How it begins, in one line.
    pub beginning: String,
}

impl PreviewPost {
    fn new(post: &NewPost, judged: &JudgedPost) -> Self {
        Self {
            url: post.url.clone(),
            title: post.title.clone(),
            authors: post.authors.clone(),
            date: judged.date.or(post.date),
            event: judged.event.as_ref().map(|event| event.name.clone()),
            licence: post.licence.clone(),
            beginning: judged.beginning.clone(),
        }
    }
}

impl Preview {
    /// Judges the posts of a source whose text is known.
    pub fn new(found: &FoundSource, source: &Source, now: Timestamp) -> Self {
        Self::beside(&KnownPosts::default(), found, source, now)
    }

    /// The same without the posts that would come in twice, and those that a person removed.
    pub fn beside(known: &KnownPosts, found: &FoundSource, source: &Source, now: Timestamp) -> Self {
        // Who names a page wants it, also if it was removed before.
        let is_removed = |identity: &str| source.kind != SourceKind::Page && known.removed.contains(identity);
        let entries = &found.listing.entries;
        let mut preview = Self { total: entries.len(), ..Self::default() };
        for listed in entries {
            let title = listed.title.clone().unwrap_or_else(|| listed.url.to_string());
            let identity = crate::identity(&listed.url);
            if is_removed(&identity) {
                preview.excluded.push((title, REMOVED_BY_HAND.to_owned()));
                continue;
            }
            if let Some(other) = known.index.file_elsewhere(&identity, &source.identity()) {
                preview.excluded.push((title, repeats_reason(&other)));
                continue;
            }
            if let Some(reason) = is_excluded_by_head(listed, source) {
                preview.excluded.push((title, reason));
                continue;
            }
            match known_post(found, listed, now) {
                Some(post) => preview.add(title, &post, source, &known.index, now),
                None => preview.unread += 1,
            }
        }
        preview
    }

    /// The posts that would come in by event, the most first, each event in the words of `count`, which gets an empty
    /// name for posts without an event.
    pub fn event_counts(&self, count: impl Fn(&str, usize) -> String) -> String {
        let mut events: Vec<(&String, &usize)> = self.events.iter().collect();
        events.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
        let named = events.iter().take(MAX_EVENTS).map(|(event, posts)| count(event, **posts));
        let more = events.len().saturating_sub(MAX_EVENTS);
        named.chain((more > 0).then(|| format!("and {more} more events"))).collect::<Vec<_>>().join(", ")
    }

    /// The same with one post of a source whose texts are not known: the first pages are fetched for it.
    pub async fn with_sample(mut self, found: &FoundSource, source: &Source, fetcher: &Fetcher) -> Self {
        let now = fetcher.now();
        let entries = found.listing.entries.iter();
        let unread = entries
            .filter(|listed| !listed.has_whole_text() && is_excluded_by_head(listed, source).is_none());
        for listed in unread.take(MAX_SAMPLES) {
            if self.first.is_some() || self.unread == 0 {
                break;
            }
            let Ok(FetchOutcome::Page(page)) = fetcher.fetch(&listed.url, None).await else { continue };
            let (listed, source) = (listed.clone(), source.clone());
            let work = move || {
                let post = page_post(&listed, &page, now)?;
                let title = post.title.clone().unwrap_or_else(|| post.url.to_string());
                let mut one = Self::default();
                one.add(title, &post, &source, &PostIndex::default(), now);
                Some(one)
            };
            let Ok(Some(one)) = tokio::task::spawn_blocking(work).await else { continue };
            self.unread -= 1;
            self.excluded.extend(one.excluded);
            self.included.extend(one.included);
            for (event, count) in one.events {
                *self.events.entry(event).or_default() += count;
            }
            self.first = one.first;
        }
        self
    }

    fn add(&mut self, title: String, post: &NewPost, source: &Source, index: &PostIndex, now: Timestamp) {
        let mut judged = judge(post, source, now);
        let repeats = || index.claim_text(judged.text_hash, post.url.as_str(), &source.identity()).err();
        let reason = judged.reason.take().or_else(|| repeats().map(|other| repeats_reason(&other)));
        if let Some(reason) = reason {
            self.excluded.push((title, reason));
            return;
        }
        if self.first.is_none() {
            self.first = Some(PreviewPost::new(post, &judged));
        }
        let event = judged.event.map(|event| event.name);
        *self.events.entry(event.clone().unwrap_or_default()).or_default() += 1;
        self.included.push((title, event));
    }
}

/// The post of an entry, as far as its text came with the source.
fn known_post(found: &FoundSource, listed: &ListedPost, now: Timestamp) -> Option<NewPost> {
    if let (SourceKind::Page, Some(page)) = (found.kind, &found.fetched) {
        return page_post(listed, page, now);
    }
    known_text(listed).map(|markdown| listed.with_text(markdown))
}

/// The post of a page that an entry leads to. What the entry says goes before what the page says.
pub(crate) fn page_post(listed: &ListedPost, page: &FetchedPage, now: Timestamp) -> Option<NewPost> {
    let page = read_page(&page.body, page.content_type.as_deref(), &page.url, now).ok()?;
    Some(listed.with_page(page))
}

fn known_text(listed: &ListedPost) -> Option<String> {
    let from_html =
        || listed.html.as_deref().map(|html| fragment_markdown(html, &listed.url).unwrap_or_default());
    listed.markdown.clone().or_else(from_html)
}
