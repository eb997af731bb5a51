//! One page: its text, and what it says of itself.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use takeaways_corpus::metadata::parse_day;
use takeaways_corpus::{SourceFile, read_post};
use takeaways_text::language;
use takeaways_text::model::{Post, PostId};
use thiserror::Error;
use url::Url;

use crate::decoding::decode_page;
use crate::page_kind::is_list_address;
use crate::post_file::NewPost;
use crate::{address, html, licence, markdown};

/// The longest title and name, in characters.
const MAX_LINE: usize = 300;
/// A page with less text than this, in characters, that says it found nothing is a 404 with another status.
const SOFT_404_LEN: usize = 1_500;
/// A page with a field for a password and less text than this, in characters, is there to log in.
const LOGIN_LEN: usize = 400;
/// What pages that are not there may say in their titles, beside the words of each language.
const MAYBE_NOT_FOUND: [&str; 2] = ["404", "nothing found"];
/// The longest line that holds only a day and names, in bytes.
const MAX_BYLINE: usize = 100;

/// Why a page gives no post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum PageError {
    /// It is no HTML.
    #[error("it is no web page")]
    NotHtml,
    /// Its encoding is unknown.
    #[error("its characters are neither UTF-8 nor in an encoding that it declares")]
    Encoding,
    /// It is larger or nested deeper than the limits.
    #[error("it is too large, or nested too deeply")]
    TooLarge,
    /// It holds no text.
    #[error("it holds no readable text")]
    NoText,
    /// It asks for a password and shows no post.
    #[error("it asks for a password")]
    Login,
    /// It says that the page is not there, with a status that says it is.
    #[error("it says that there is no such page")]
    SoftNotFound,
}

/// Reads the post of a page. Its address is the one that the page names itself, if that is of the same site. `content_type`
/// is the header, for the encoding.
///
/// # Errors
/// Why it gives no post.
pub(crate) fn read_page(
    bytes: &[u8],
    content_type: Option<&str>,
    url: &Url,
    now: Timestamp,
) -> Result<NewPost, PageError> {
    // By RFC 9110 the case says nothing.
    let kind = content_type.map(str::to_ascii_lowercase);
    let is_html = kind.is_none_or(|kind| kind.contains("html") || kind.contains("text/plain"));
    let text = decode_page(bytes, content_type).ok_or(PageError::Encoding)?;
    if !is_html || !text.contains('<') {
        return Err(PageError::NotHtml);
    }
    let document = html::parse(&text).ok_or(PageError::TooLarge)?;
    let markdown = markdown::readable_markdown(&text, url).ok_or(PageError::NoText)?;
    let title_line = html::first_text(&document, &["title"], MAX_LINE).unwrap_or_default();
    if is_soft_404(&title_line, &markdown) {
        return Err(PageError::SoftNotFound);
    }
    if markdown.chars().count() < LOGIN_LEN && document.select("input[type=password]").exists() {
        return Err(PageError::Login);
    }
    // The corpus reads the heads of pages already: JSON-LD, OpenGraph, meta elements, microformats and bylines.
    let id = PostId("page".into());
    let parsed = read_post(&SourceFile { id: &id, path: "page.html", bytes: text.as_bytes() }, now);
    let known = parsed.post.as_ref();
    let this_year = now.to_zoned(TimeZone::UTC).year();
    let microdata = Microdata::read(&document, this_year);
    let authors = known.map(|post| post.authors.clone()).filter(|authors| !authors.is_empty());
    let title = known.and_then(|post| post.title.clone()).map(|title| trim_site(&title, &document));
    let without_title = title.as_deref().and_then(|title| markdown::without_title(&markdown, title));
    let date = known.and_then(|post| post.date).or(microdata.date);
    let markdown = without_title.unwrap_or(markdown);
    let authors = authors.unwrap_or(microdata.authors);
    let markdown = without_byline(&markdown, &authors, date, this_year).unwrap_or(markdown);
    Ok(NewPost {
        url: canonical(known, &document, url),
        title,
        authors,
        date,
        licence: licence::of_page(&document),
        tags: Vec::new(),
        events: Vec::new(),
        unread_header: None,
        markdown,
    })
}

/// The text without a first line that holds the day of the post, with or without its authors, and nothing else.
fn without_byline(markdown: &str, authors: &[String], date: Option<Date>, this_year: i16) -> Option<String> {
    let (first, rest) = markdown.split_once('\n')?;
    // A sentence with a day in it is one of the post.
    if first.len() > MAX_BYLINE || first.trim_end().ends_with(['.', '!', '?', ':']) {
        return None;
    }
    let day = authors.iter().fold(first.to_owned(), |line, author| line.replacen(author.as_str(), " ", 1));
    let day = day.trim_matches(|c: char| !c.is_alphanumeric());
    let is_day = date.is_some() && parse_day(day, this_year).ok() == date;
    (is_day && !rest.trim().is_empty()).then(|| rest.trim_start().to_owned())
}

/// What a page says in microdata and by usual marks; the corpus does not read these.
struct Microdata {
    authors: Vec<String>,
    date: Option<Date>,
}

impl Microdata {
    fn read(document: &dom_query::Document, this_year: i16) -> Self {
        let author = html::first_text(
            document,
            &[
                "[itemprop=author] [itemprop=name]",
                "[itemprop=author]",
                "a[rel~=author]",
                ".author .fn",
                ".p-author",
                ".post-author",
                ".author-name",
            ],
            100,
        );
        let author = author.map(|name| name.strip_prefix("By ").unwrap_or(&name).trim().to_owned());
        let date = html::first_text(
            document,
            &[
                "[itemprop=datePublished]",
                "time.published",
                "time.entry-date",
                "time.dt-published",
                "article time[datetime]",
                "header time[datetime]",
                "time[datetime]",
                ".post-date",
                ".entry-date",
                ".published",
            ],
            100,
        );
        let date = date.and_then(|text| parse_day(&text, this_year).ok());
        Self { authors: author.into_iter().filter(|name| !name.is_empty()).collect(), date }
    }
}

/// The address that the page names, if it is of the same site: another site's page can't take a post's place.
fn canonical(post: Option<&Post>, document: &dom_query::Document, url: &Url) -> Url {
    let link = document.select("link[rel=canonical]").iter().next().and_then(|link| link.attr("href"));
    let named = link
        .and_then(|href| url.join(href.trim()).ok())
        .or_else(|| post.and_then(|post| post.url.as_deref()).and_then(|text| Url::parse(text).ok()))
        .filter(|named| address::is_same_site(named, url) && named.scheme().starts_with("http"))
        // The front page and a section are the canonical address of no post.
        .filter(|named| named.path() != "/" || url.path() == "/" || named.query().is_some())
        .filter(|named| !is_list_address(named) || is_list_address(url));
    address::without_counting(&named.unwrap_or_else(|| url.clone()))
}

/// A title without the name of the site after it.
fn trim_site(title: &str, document: &dom_query::Document) -> String {
    let site = html::first_text(document, &["meta[property='og:site_name']"], MAX_LINE).unwrap_or_default();
    let ends = [" | ", " - ", " – ", " — ", " · ", " :: "];
    let cut = ends
        .iter()
        .find_map(|end| title.rsplit_once(end).filter(|(_, name)| *name == site && !site.is_empty()));
    cut.map_or(title, |(title, _)| title).trim().to_owned()
}

fn is_soft_404(title: &str, markdown: &str) -> bool {
    if markdown.chars().count() >= SOFT_404_LEN {
        return false;
    }
    let start: String = markdown.chars().take(300).collect::<String>().to_lowercase();
    let title = title.to_lowercase();
    let says = |text: &str| language::all().titles.not_found.iter().any(|words| text.contains(words));
    let may_say = |text: &str| MAYBE_NOT_FOUND.iter().any(|words| text.contains(words));
    says(&title) || may_say(&title) && (says(&start) || may_say(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_a_media_type_says_nothing() {
        let url = Url::parse("https://b.example/2019/a").expect("an address");
        let page = format!("<title>A</title><article><p>{}</article>", "It was a long day. ".repeat(40));
        let read = |kind| read_page(page.as_bytes(), Some(kind), &url, Timestamp::UNIX_EPOCH).map(|_| ());
        assert_eq!(read("Text/HTML; Charset=UTF-8"), Ok(()));
        assert_eq!(read("Application/PDF"), Err(PageError::NotHtml));
    }
}
