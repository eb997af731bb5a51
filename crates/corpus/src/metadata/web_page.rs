//! Reads what a web page says of itself (JSON-LD), and the address of a post.

use super::MetadataSources;
use crate::front_matter::{FieldMap, FieldValue};
use serde_json::Value as Json;
use takeaways_text::invisible::is_deceptive;

/// Most objects that are looked at.
const MAX_OBJECTS: usize = 1_000;

/// The article that a page holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct JsonLd {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
}

impl JsonLd {
    /// The first article in the scripts of a page. What is not JSON is passed over.
    pub(super) fn from_scripts(scripts: &[String]) -> Self {
        scripts
            .iter()
            .filter_map(|script| serde_json::from_str(script).ok())
            .find_map(|json| find_article(&json))
            .unwrap_or_default()
    }
}

/// Looks through lists and graphs, without recursion.
fn find_article(json: &Json) -> Option<JsonLd> {
    let mut waiting = vec![json];
    for _ in 0..MAX_OBJECTS {
        match waiting.pop()? {
            Json::Array(items) => waiting.extend(items.iter().rev().take(MAX_OBJECTS)),
            Json::Object(object) if is_article(object) => return Some(read_article(object)),
            Json::Object(object) => {
                waiting.extend(object.get("@graph").into_iter().chain(object.get("mainEntity")));
            }
            _ => {}
        }
    }
    None
}

fn is_article(object: &serde_json::Map<String, Json>) -> bool {
    let named = |kind: &str| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report";
    texts(object.get("@type")).any(named)
}

fn read_article(object: &serde_json::Map<String, Json>) -> JsonLd {
    let text = |name: &str| texts(object.get(name)).next().map(str::to_owned);
    let page = object.get("mainEntityOfPage").and_then(|page| page.get("@id").or(Some(page)));
    JsonLd {
        headline: text("headline").or_else(|| text("name")),
        authors: texts(object.get("author")).map(str::to_owned).collect(),
        published: text("datePublished").or_else(|| text("dateCreated")),
        url: text("url").or_else(|| texts(page).next().map(str::to_owned)),
        language: text("inLanguage"),
    }
}

/// A text, the texts of a list, or the names of objects.
fn texts(json: Option<&Json>) -> impl Iterator<Item = &str> {
    let items = match json {
        Some(Json::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    items
        .iter()
        .take(MAX_OBJECTS)
        .filter_map(|item| item.as_str().or_else(|| item.get("name").and_then(Json::as_str)))
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Longest address, in bytes.
const MAX_LEN: usize = 2_000;

/// The names that front matter has for the address, those that say outright where the post stands first.
const DECLARED: &[&str] = &[
    "canonical_url",
    "canonical",
    "permalink",
    "url",
    "original_url",
    "original",
    "source_url",
    "external_url",
    "link",
    "og_url",
    "meta_og_url",
    "params.canonical_url",
    "seo.canonical",
];

/// The address that a file gives.
pub(super) fn find_url(source: &MetadataSources<'_>, json_ld: &JsonLd) -> Option<String> {
    let of_page = source
        .canonical
        .into_iter()
        .chain(source.head.non_empty_values(&["og:url", "url"]).filter_map(FieldValue::as_text));
    declared_url(source.fields, DECLARED)
        .or_else(|| of_page.chain(json_ld.url.as_deref()).find_map(web_address))
}

/// The first address under `names`.
pub(super) fn declared_url(fields: &FieldMap, names: &[&str]) -> Option<String> {
    fields.non_empty_values(names).filter_map(FieldValue::as_text).find_map(web_address)
}

/// An `http` or `https` address with a host, the scheme in lower case as all who read it look for it; anything
/// else is none: paths, patterns (`/:year/:title`), scripts.
fn web_address(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let (scheme, rest) = text.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let safe = !text
        .chars()
        .any(|c| c.is_whitespace() || is_deceptive(c) || matches!(c, '<' | '>' | '"' | '{' | '}'));
    (web && safe && text.len() <= MAX_LEN && host.contains('.') && !host.starts_with('.'))
        .then(|| format!("{}://{rest}", scheme.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_wherever_it_stands() {
        let article = r#"{"@type": ["Thing", "BlogPosting"], "headline": " T ", "author": [{"name": "A"}, "B"],
            "datePublished": "2018-08-29", "mainEntityOfPage": {"@id": "https://x.org/p"}, "inLanguage": "ko"}"#;
        for script in
            [article.to_owned(), format!("[{{}}, {article}]"), format!("{{\"@graph\": [1, {article}]}}")]
        {
            let read = JsonLd::from_scripts(&["not json".to_owned(), script.clone()]);
            assert_eq!(read.headline.as_deref(), Some("T"), "{script}");
            assert_eq!(read.authors, ["A", "B"], "{script}");
            assert_eq!(read.published.as_deref(), Some("2018-08-29"), "{script}");
            assert_eq!(read.url.as_deref(), Some("https://x.org/p"), "{script}");
        }
    }

    #[test]
    fn what_is_no_article_says_nothing() {
        for script in ["", "{}", "null", r#"{"@type": "WebSite", "name": "Site"}"#, &"[".repeat(100_000)] {
            assert_eq!(JsonLd::from_scripts(&[script.to_owned()]), JsonLd::default());
        }
    }

    #[test]
    fn only_an_address_on_the_web_is_one() {
        for (text, is) in [
            ("https://example.org/post", true),
            ("http://example.org", true),
            ("<https://example.org/post>", true),
            ("/2019/11/19/summary/", false),
            ("/blog/:year/:month/post", false),
            ("https://", false),
            ("https://localhost/x", false),
            ("javascript://example.org/%0aalert", false),
            ("ftp://example.org/x", false),
            ("https://example.org/{{ slug }}", false),
            ("https://exam\u{202e}ple.org", false),
            ("see https://example.org", false),
        ] {
            assert_eq!(web_address(text).is_some(), is, "{text}");
        }
        assert_eq!(web_address("HttpS://Example.org/Post").as_deref(), Some("https://Example.org/Post"));
    }
}
