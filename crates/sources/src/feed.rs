//! RSS, Atom and JSON Feed.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed, Link, Person};
use takeaways_corpus::metadata::parse_day;
use takeaways_text::invisible::clean_line;
use takeaways_text::script::is_cjk;
use thiserror::Error;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::decoding::decode_feed;
use crate::feed_repair::{repair, with_prefixes};
use crate::html;
use crate::licence::FeedLicences;
use crate::listing::{ListedPost, PostListing};

/// The most entries of a feed that are read.
const MAX_ENTRIES: usize = 5_000;
/// A text below this length, in characters, counts as a summary.
const MIN_FULL_TEXT: usize = 600;
/// The longest title and name, in characters.
const MAX_LINE: usize = 300;
/// The most authors of a post.
const MAX_AUTHORS: usize = 10;

/// Words of the line that `WordPress` writes below the texts of its feeds, by language.
const FEED_LINES: [&str; 7] = [
    "appeared first on",
    "erschien zuerst auf",
    "est apparu en premier sur",
    "aparece primero en",
    "apareceu primeiro em",
    "proviene da",
    "verscheen eerst op",
];

/// Why bytes are no feed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it is no feed that can be read: {0}")]
pub(crate) struct FeedError(String);

/// Reads a feed. `url` is where it was found, for relative links; `this_year` limits its dates. Faults that are common
/// (control characters, entities of HTML, bare ampersands, a cut end) are repaired.
///
/// # Errors
/// If it is no feed, or too broken.
pub(crate) fn read_feed(bytes: &[u8], url: &Url, this_year: i16) -> Result<PostListing, FeedError> {
    let decoded = decode_feed(bytes).map(|text| with_prefixes(&text));
    // The reader of feeds knows more encodings, so it gets the bytes if nothing else can decode them.
    let (bytes, text) = match &decoded {
        Some(text) => (text.as_bytes(), Cow::Borrowed(text.as_str())),
        None => (bytes, String::from_utf8_lossy(bytes)),
    };
    let feed = parse(bytes, url, this_year)
        .or_else(|error| parse(repair(&text).as_bytes(), url, this_year).map_err(|_| error));
    let feed = feed.map_err(|error| FeedError(clean_line(&error, 120)))?;
    let licences = FeedLicences::read(&feed, &text);
    let entries = feed.entries.iter().take(MAX_ENTRIES).enumerate();
    let entries = entries.filter_map(|(at, entry)| read_entry(entry, &feed, licences.of(at, entry), url));
    let title = feed.title.as_ref().map(|title| html::plain_line(&title.content, MAX_LINE));
    Ok(PostListing::new(title.filter(|title| !title.is_empty()), entries))
}

fn parse(bytes: &[u8], url: &Url, this_year: i16) -> Result<Feed, String> {
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(url.as_str()))
        // The day stays as it was written, whatever its zone; noon keeps it the same in all of them.
        .timestamp_parser(move |text| {
            let day =
                parse_day(text, this_year).or_else(|_| parse_day(&with_whole_year(text), this_year)).ok()?;
            let noon = day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            DateTime::<Utc>::from_timestamp(noon.timestamp().as_second(), 0)
        })
        .build();
    parser.parse(bytes).map_err(|error| error.to_string())
}

/// A day of RFC 822 with all digits of its year: the first feeds write `13 Nov 03`.
fn with_whole_year(text: &str) -> String {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let is_number = |word: &String| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let at = (2..words.len()).find(|at| {
        is_number(&words[at - 2])
            && words[at - 1].chars().all(char::is_alphabetic)
            && is_number(&words[*at])
            && words[*at].len() == 2
    });
    if let Some(year) = at.and_then(|at| words.get_mut(at)) {
        let century = if *year.as_str() >= *"90" { "19" } else { "20" };
        year.insert_str(0, century);
    }
    words.join(" ")
}

fn read_entry(entry: &Entry, feed: &Feed, licence: Option<String>, base: &Url) -> Option<ListedPost> {
    let url = address(entry, base)?;
    let title = entry.title.as_ref().map(|title| html::plain_line(&title.content, MAX_LINE));
    let content = entry.content.as_ref().and_then(|content| {
        let body = content.body.as_deref()?;
        Some(as_html(body, content.content_type.essence().to_string() == "text/plain"))
    });
    let summary = entry.summary.as_ref().map(|summary| as_html(&summary.content, false));
    let content = content.map(without_feed_line);
    // Some feeds have the whole text in what should be a summary.
    let longest =
        [content.clone(), summary].into_iter().flatten().max_by_key(String::len).unwrap_or_default();
    let longest = without_feed_line(longest);
    let authors = authors_of(entry, feed);
    let date = entry.published.or(entry.updated).and_then(|time| {
        let day = jiff::Timestamp::from_second(time.timestamp()).ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).date())
    });
    let version = xxh3_64(
        format!("{title:?}{longest}{date:?}{:?}", entry.updated.map(|time| time.timestamp())).as_bytes(),
    );
    Some(ListedPost {
        title: title.filter(|title| !title.is_empty()),
        authors,
        date,
        licence,
        short_html: content.filter(|content| is_short(content) && !is_cut(content)),
        html: (!is_short(&longest) && !is_cut(&longest)).then_some(longest),
        ..ListedPost::new(crate::address::without_counting(&url), version)
    })
}

fn address(entry: &Entry, base: &Url) -> Option<Url> {
    let is_page = |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    let is_beside = |link: &&Link| {
        matches!(link.rel.as_deref(), Some("enclosure" | "replies" | "edit" | "related" | "license"))
    };
    let of_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    let of_link = |link: &Link| base.join(link.href.trim()).ok().filter(of_web);
    let page = entry.links.iter().filter(is_page).find_map(of_link);
    let of_id = || Url::parse(&entry.id).ok().filter(of_web);
    let other = || entry.links.iter().filter(|link| !is_page(link) && !is_beside(link)).find_map(of_link);
    page.or_else(of_id).or_else(other)
}

/// A text as HTML. In a text without markup empty lines separate the paragraphs, which HTML would not show.
fn as_html(text: &str, is_plain: bool) -> String {
    if !is_plain && (text.contains('<') || !text.trim().contains("\n\n")) {
        return text.to_owned();
    }
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let shown = |text: &str| {
        // What is no plain text may have entities.
        if is_plain { text.replace('&', "&amp;").replace('<', "&lt;") } else { text.to_owned() }
    };
    let paragraphs: Vec<String> =
        paragraphs.map(|paragraph| format!("<p>{}</p>\n", shown(paragraph))).collect();
    paragraphs.concat()
}

/// The authors of an entry, else those of its feed, else the editor.
fn authors_of(entry: &Entry, feed: &Feed) -> Vec<String> {
    let is_editor = |person: &&Person| person.role.as_deref() == Some("managingEditor");
    let named = |people: &[Person]| names(people.iter().filter_map(|person| person.name.as_deref()));
    [
        named(&entry.authors),
        named(&feed.authors),
        names(feed.contributors.iter().filter(is_editor).filter_map(|person| person.name.as_deref())),
    ]
    .into_iter()
    .find(|names| !names.is_empty())
    .unwrap_or_default()
}

/// Names without addresses: RSS has `ann@blog.example (Ann Lee)`, forums have `@ann Ann Lee`.
fn names<'a>(written: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in written.take(MAX_AUTHORS) {
        let name = html::plain_line(name, MAX_LINE);
        let name = match name.strip_prefix('@') {
            Some(handle) => handle.split_once(' ').map_or(handle, |(_, name)| name).to_owned(),
            None => name,
        };
        let name = match name.split_once('(') {
            Some((before, inside)) if before.contains('@') => inside.trim_end_matches(')').trim().to_owned(),
            _ if name.contains('@') => continue,
            _ => name.trim_start_matches('(').trim_end_matches(')').trim().to_owned(),
        };
        let is_nobody = matches!(name.to_lowercase().as_str(), "" | "unknown" | "admin" | "author" | "none");
        if !is_nobody && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A text without the line that `WordPress` writes below each text of a feed, in the language of the site: "The post … appeared
/// first on …".
fn without_feed_line(mut text: String) -> String {
    if let Some(at) = text.rfind("<p>").filter(|at| is_feed_line(&text[*at..])) {
        text.truncate(at);
    }
    text
}

/// Whether this is the line: the whole rest of the text is a paragraph with two links, and nothing but the words stands
/// between them. Paragraphs of authors may hold the words too.
fn is_feed_line(rest: &str) -> bool {
    let Some(inside) = rest.trim_end().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) else {
        return false;
    };
    let parts: Vec<&str> = inside.split("</a>").collect();
    let [first, second, end] = parts.as_slice() else { return false };
    let Some((between, _)) = second.split_once("<a ") else { return false };
    let between = html::plain_line(between, 100).to_lowercase();
    inside.len() < 5_000
        && inside.matches("<a ").count() == 2
        && first.contains("<a ")
        && FEED_LINES.contains(&between.trim())
        && matches!(end.trim(), "" | "." | "。")
}

/// How many letters of an alphabet say as much as a character: those of Chinese, Japanese and Korean say more.
fn letters(c: char) -> usize {
    if is_cjk(c) { 3 } else { 1 }
}

/// Whether a text is so short that it may be only the beginning of a post.
fn is_short(text: &str) -> bool {
    html::plain_line(text, usize::MAX).chars().map(letters).sum::<usize>() < MIN_FULL_TEXT
}

/// Whether a text says itself that it is only the beginning of a post.
fn is_cut(text: &str) -> bool {
    let line = html::plain_line(text, usize::MAX);
    let end = line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ']' | ')' | '»' | '→' | '.'));
    line.trim_end_matches([']', ')']).trim_end().ends_with("...")
        || end.ends_with('…')
        || ["read more", "continue reading", "weiterlesen", "read the full post"]
            .iter()
            .any(|words| end.to_lowercase().ends_with(words))
}

/// The day of an entry, for tests.
#[cfg(test)]
pub(crate) fn day(entry: &ListedPost) -> Option<jiff::civil::Date> {
    entry.date
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const BASE: &str = "https://blog.example/feed.xml";

    pub(crate) fn read(text: &str) -> PostListing {
        read_feed(text.as_bytes(), &Url::parse(BASE).expect("an address"), 2026).expect("a feed")
    }

    /// A feed with this item.
    pub(crate) fn rss(item: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>A blog</title>{item}</channel></rss>"
        )
    }

    #[test]
    fn fields_of_rss_are_read() {
        let feed =
            read(&rss("<item><title>Notes &amp;amp; thoughts</title><link>/kubecon?utm_source=rss</link>\
             <author>ann@blog.example (Ann Lee)</author><pubDate>Tue, 19 Nov 2019 23:30:00 -0800</pubDate>\
             <description>Short.</description></item>"));
        assert_eq!(feed.title.as_deref(), Some("A blog"));
        let entry = &feed.entries[0];
        assert_eq!(entry.url.as_str(), "https://blog.example/kubecon");
        assert_eq!(entry.title.as_deref(), Some("Notes & thoughts"));
        assert_eq!(entry.authors, ["Ann Lee"]);
        assert_eq!(day(entry), Some(jiff::civil::Date::constant(2019, 11, 19)), "the day as it was written");
        assert_eq!(entry.html, None, "a summary");
    }

    #[test]
    fn the_address_of_an_entry_is_that_of_its_page() {
        for (id, links, expected) in [
            ("https://b.example/e", "<link rel=\"enclosure\" href=\"https://b.example/a.mp3\"/>", "/e"),
            ("https://b.example/e", "<link rel=\"replies\" href=\"https://b.example/c\"/>", "/e"),
            ("https://b.example/e", "<link rel=\"self\" href=\"/s\"/><link href=\"/p\"/>", "/p"),
            (
                "tag:b.example,2019:1",
                "<link rel=\"edit\" href=\"/x\"/><link rel=\"self\" href=\"/s\"/>",
                "/s",
            ),
            ("tag:b.example,2019:1", "<link rel=\"enclosure\" href=\"/a.mp3\"/>", "none"),
        ] {
            let feed = read(&format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>B</title><id>x</id><entry><title>One</title>\
                 <id>{id}</id>{links}</entry></feed>"
            ));
            let path = feed.entries.first().map_or("none", |entry| entry.url.path());
            assert_eq!(path, expected, "{links}");
        }
    }

    #[test]
    fn wrong_dates_are_no_dates() {
        for date in
            ["Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "Mon, 40 Feb 2019 00:00:00 GMT", "2999-01-01"]
        {
            let feed = read(&rss(&format!(
                "<item><title>x</title><link>https://blog.example/a</link><pubDate>{date}</pubDate></item>"
            )));
            assert_eq!(day(&feed.entries[0]), None, "{date}");
        }
    }

    #[test]
    fn a_cut_text_is_a_summary() {
        let long = "Words of a post about a conference. ".repeat(30);
        assert!(!is_short(&long) && !is_cut(&long));
        for end in ["…", "[…]", "[...]", "<a href=x>Continue reading</a>", "Read more »", "&#8230;"] {
            assert!(is_cut(&format!("{long}{end}")), "{end}");
        }
        assert!(is_short("Short.") && !is_cut("Short."));
    }

    #[test]
    fn only_the_line_of_the_program_is_cut() {
        let link = |text: &str| format!("<a rel=\"nofollow\" href=\"https://blog.example/\">{text}</a>");
        let (one, two) = (link("KubeCon"), link("Il blog"));
        for line in [
            format!("<p>L&#8217;articolo {one} proviene da {two}.</p>\n"),
            format!("<p>The post {one} appeared first on {two}.</p>"),
            format!("<p>Der Beitrag {one} erschien zuerst auf {two}</p>"),
        ] {
            assert_eq!(without_feed_line(format!("<p>Testo.</p>{line}")), "<p>Testo.</p>", "{line}");
        }
        for last in [
            format!("<p>Il codice di {one}, che proviene da {two}, è ora nella CNCF.</p>"),
            format!("<p>Il codice di {one} proviene da {two} e da altri.</p>"),
            format!("<p>Il codice {one} proviene da IBM.</p>"),
            format!("<p>Il codice {one} proviene da {two}.</p>Fine."),
            format!("<p>Di {one} e {two}: il codice proviene da {one}.</p>"),
            "<p>La maggior parte del codice proviene da IBM.</p>".to_owned(),
        ] {
            let text = format!("<p>Testo.</p>{last}");
            assert_eq!(without_feed_line(text.clone()), text);
        }
    }
}
