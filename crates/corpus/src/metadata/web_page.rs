//! Reads the JSON-LD of a web page, and finds the address of a post.

use super::MetadataSources;
use crate::front_matter::FieldMap;
use serde_json::Value as Json;
use takeaways_text::invisible::is_deceptive;

/// Maximum number of JSON objects that are visited.
const MAX_OBJECTS: usize = 1_000;

/// The article in the JSON-LD of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct JsonLd {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
}

impl JsonLd {
    /// Returns the first article in the scripts of a page. Skips scripts that are not JSON. Line ends in texts, which JSON
    /// does not allow and pages have, count as blanks.
    pub(super) fn from_scripts(scripts: &[String]) -> Self {
        scripts
            .iter()
            .filter_map(|script| serde_json::from_str(&script.replace(char::is_control, " ")).ok())
            .find_map(|json| find_article(&json))
            .unwrap_or_default()
    }
}

/// Searches lists and graphs for an article, without recursion.
fn find_article(json: &Json) -> Option<JsonLd> {
    let mut stack = vec![json];
    for _ in 0..MAX_OBJECTS {
        match stack.pop()? {
            Json::Array(items) => stack.extend(items.iter().rev().take(MAX_OBJECTS)),
            Json::Object(object) if is_article(object) => return Some(read_article(object, json)),
            Json::Object(object) => {
                stack.extend(object.get("@graph").into_iter().chain(object.get("mainEntity")));
            }
            _ => {}
        }
    }
    None
}

fn is_article(object: &serde_json::Map<String, Json>) -> bool {
    let is_article_type =
        |name: &str| name.ends_with("Article") || name.ends_with("Posting") || name == "Report";
    texts(object.get("@type")).any(is_article_type)
}

/// Reads an article. An author may be named elsewhere in `whole`, under an id.
fn read_article(object: &serde_json::Map<String, Json>, whole: &Json) -> JsonLd {
    let text = |name: &str| texts(object.get(name)).next().map(str::to_owned);
    let page = object.get("mainEntityOfPage").and_then(|page| page.get("@id").or(Some(page)));
    JsonLd {
        headline: text("headline").or_else(|| text("name")),
        authors: author_names(object.get("author"), whole),
        published: text("datePublished").or_else(|| text("dateCreated")),
        url: text("url").or_else(|| texts(page).next().map(str::to_owned)),
        language: text("inLanguage"),
    }
}

/// Returns the names of authors. One that has only an id has its name where `whole` describes it.
fn author_names(authors: Option<&Json>, whole: &Json) -> Vec<String> {
    let named: Vec<String> = texts(authors).map(str::to_owned).collect();
    if !named.is_empty() {
        return named;
    }
    let graph = whole.get("@graph").unwrap_or(whole);
    let described = |id: &Json| {
        let thing = items(Some(graph))
            .iter()
            .take(MAX_OBJECTS)
            .find(|thing| thing.get("@id") == Some(id) && thing.get("name").is_some());
        thing.and_then(|thing| texts(Some(thing)).next())
    };
    let ids = items(authors).iter().take(MAX_OBJECTS).filter_map(|author| author.get("@id"));
    ids.filter_map(described).map(str::to_owned).collect()
}

fn items(json: Option<&Json>) -> &[Json] {
    match json {
        Some(Json::Array(items)) => items.as_slice(),
        Some(item) => std::slice::from_ref(item),
        None => &[],
    }
}

/// Returns a text, the texts of a list, or the names of objects, without blank ones.
fn texts(json: Option<&Json>) -> impl Iterator<Item = &str> {
    items(json)
        .iter()
        .take(MAX_OBJECTS)
        .filter_map(|item| item.as_str().or_else(|| item.get("name").and_then(Json::as_str)))
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Maximum length of an address, in bytes.
pub(super) const MAX_URL_LEN: usize = 2_000;

/// The fields of front matter with the address, the most explicit ones first.
const FIELD_NAMES: &[&str] = &[
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

/// Returns the address that a file declares for its post.
pub(super) fn find_url(sources: &MetadataSources<'_>) -> Option<String> {
    let MetadataSources { input, head_fields, json_ld, .. } = sources;
    let in_head = head_fields.texts(&["og:url", "url"]);
    declared_url(input.fields, FIELD_NAMES).or_else(|| {
        let canonical = input.head.canonical.as_deref();
        canonical.into_iter().chain(in_head).chain(json_ld.url.as_deref()).find_map(web_address)
    })
}

/// Returns the first address in the fields of `names`.
pub(super) fn declared_url(fields: &FieldMap, names: &[&str]) -> Option<String> {
    fields.texts(names).find_map(web_address)
}

/// Returns an `http` or `https` address with a host, with its scheme in lower case. Returns `None` for paths, patterns
/// of URLs (`/:year/:title`) and scripts.
pub(super) fn web_address(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let (scheme, rest) = text.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let is_safe = !text
        .chars()
        .any(|c| c.is_whitespace() || is_deceptive(c) || matches!(c, '<' | '>' | '"' | '{' | '}'));
    (is_web && is_safe && text.len() <= MAX_URL_LEN && host.contains('.') && !host.starts_with('.'))
        .then(|| format!("{}://{rest}", scheme.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_found_in_lists_and_graphs() {
        let article = r#"{"@type": ["Thing", "BlogPosting"], "headline": " T ", "author": [{"name": "A"}, "B"],
            "datePublished": "2018-08-29", "mainEntityOfPage": {"@id": "https://x.org/p"}, "inLanguage": "ko"}"#;
        for script in [
            article.to_owned(),
            article.replace("\"T\"", "\"T\n\""),
            format!("[{{}}, {article}]"),
            format!("{{\"@graph\": [1, {article}]}}"),
        ] {
            let read = JsonLd::from_scripts(&["not json".to_owned(), script.clone()]);
            assert_eq!(read.headline.as_deref(), Some("T"), "{script}");
            assert_eq!(read.authors, ["A", "B"], "{script}");
            assert_eq!(read.published.as_deref(), Some("2018-08-29"), "{script}");
            assert_eq!(read.url.as_deref(), Some("https://x.org/p"), "{script}");
        }
    }

    #[test]
    fn an_author_with_an_id_is_named_elsewhere() {
        let article =
            |author: &str| format!(r#"{{"@type": "Article", "headline": "T", "author": {author}}}"#);
        let person = r##"{"@type": "Person", "@id": "#p", "name": "A"}"##;
        for (author, authors) in [
            (r##"{"@id": "#p"}"##, vec!["A"]),
            (r##"[{"@id": "#x"}, {"@id": "#p"}]"##, vec!["A"]),
            (r##"{"@id": "#p", "name": "B"}"##, vec!["B"]),
            (r##"{"@id": "#x"}"##, vec![]),
        ] {
            let script = format!(r#"{{"@graph": [{}, {person}]}}"#, article(author));
            assert_eq!(JsonLd::from_scripts(&[script]).authors, authors, "{author}");
        }
    }

    #[test]
    fn other_json_gives_no_article() {
        for script in ["", "{}", "null", r#"{"@type": "WebSite", "name": "Site"}"#, &"[".repeat(100_000)] {
            assert_eq!(JsonLd::from_scripts(&[script.to_owned()]), JsonLd::default());
        }
    }

    #[test]
    fn only_addresses_on_the_web_are_accepted() {
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
