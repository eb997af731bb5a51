//! What a source lists: the same for feeds, sitemaps, pages and folders.

use jiff::civil::Date;
use url::Url;

/// A post as its source lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
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
    /// Its whole text as HTML; `None` if the page must be fetched.
    pub html: Option<String>,
    /// Its whole text as Markdown, from a folder.
    pub markdown: Option<String>,
    /// A hash of what the source says of it. While it stays the same, nothing is fetched again.
    pub version: u64,
}

/// All posts that a source lists, the newest first where the source has an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The name of the source.
    pub title: Option<String>,
    /// Its posts.
    pub entries: Vec<Listed>,
}
