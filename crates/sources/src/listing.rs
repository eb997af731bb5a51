//! What a source lists: the same for feeds, sitemaps, pages and folders.

use std::collections::HashSet;

use jiff::civil::Date;
use url::Url;

use crate::post_file::NewPost;

/// A post as its source lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPost {
    /// Its address.
    pub url: Url,
    /// Its title, if the source names it.
    pub title: Option<String>,
    /// Its authors, if the source names them.
    pub authors: Vec<String>,
    /// The day of publication, if the source names it.
    pub date: Option<Date>,
    /// Its licence, if the source states one.
    pub licence: Option<String>,
    /// Its tags, from a folder.
    pub tags: Vec<String>,
    /// The names of the events that its author says it is about, from a folder.
    pub events: Vec<String>,
    /// Its whole text as HTML; `None` if the page must be fetched.
    pub html: Option<String>,
    /// A short text as HTML that may be all of it: it counts if there is no page.
    pub short_html: Option<String>,
    /// Its whole text as Markdown, from a folder.
    pub markdown: Option<String>,
    /// Why its front matter could not be read, from a folder.
    pub unread_header: Option<String>,
    /// A hash of what the source says of it. While it stays the same, nothing is fetched again.
    pub version: u64,
}

impl ListedPost {
    /// A post with nothing but its address and version.
    pub(crate) fn new(url: Url, version: u64) -> Self {
        Self {
            url,
            title: None,
            authors: Vec::new(),
            date: None,
            licence: None,
            tags: Vec::new(),
            events: Vec::new(),
            html: None,
            short_html: None,
            markdown: None,
            unread_header: None,
            version,
        }
    }

    /// Whether its whole text came with the source.
    pub(crate) fn has_whole_text(&self) -> bool {
        self.html.is_some() || self.markdown.is_some()
    }

    /// Whether a text came with the source that may be all of it.
    pub(crate) fn has_text(&self) -> bool {
        self.has_whole_text() || self.short_html.is_some()
    }

    /// The post with this text, as its source describes it.
    pub(crate) fn with_text(&self, markdown: String) -> NewPost {
        let Self { url, title, authors, date, licence, tags, events, unread_header, .. } = self.clone();
        NewPost { url, title, authors, date, licence, tags, events, unread_header, markdown }
    }

    /// The post of its page. The source's fields replace those of the page, except the licence.
    pub(crate) fn with_page(&self, page: NewPost) -> NewPost {
        NewPost {
            title: self.title.clone().or(page.title),
            authors: if self.authors.is_empty() { page.authors } else { self.authors.clone() },
            date: self.date.or(page.date),
            licence: page.licence.or_else(|| self.licence.clone()),
            ..page
        }
    }
}

/// All posts that a source lists, the newest first where the source has an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostListing {
    /// The name of the source.
    pub title: Option<String>,
    /// Its posts.
    pub entries: Vec<ListedPost>,
}

impl PostListing {
    /// A listing in which each address stands once. Where a source has an address twice, the first one counts: otherwise
    /// each would replace the other's text in each refresh.
    pub(crate) fn new(title: Option<String>, entries: impl Iterator<Item = ListedPost>) -> Self {
        let mut known = HashSet::new();
        let entries = entries.filter(|entry| known.insert(crate::identity(&entry.url))).collect();
        Self { title, entries }
    }
}
