//! Where a post can be read.

use super::json_ld::JsonLd;
use super::source::Source;
use crate::clean;
use crate::front_matter::field_map::{Fields, Value};

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
pub(super) fn of(source: &Source<'_>, json_ld: &JsonLd) -> Option<String> {
    let of_page =
        source.canonical.into_iter().chain(source.head.all(&["og:url", "url"]).filter_map(Value::text));
    declared(source.fields, DECLARED).or_else(|| of_page.chain(json_ld.url.as_deref()).find_map(absolute))
}

/// The first address under `names`.
pub(super) fn declared(fields: &Fields, names: &[&str]) -> Option<String> {
    fields.all(names).filter_map(Value::text).find_map(absolute)
}

/// An `http` or `https` address with a host, the scheme in lower case as all who read it look for it; anything
/// else is none: paths, patterns (`/:year/:title`), scripts.
fn absolute(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let (scheme, rest) = text.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let safe = !text
        .chars()
        .any(|c| c.is_whitespace() || clean::is_hidden(c) || matches!(c, '<' | '>' | '"' | '{' | '}'));
    (web && safe && text.len() <= MAX_LEN && host.contains('.') && !host.starts_with('.'))
        .then(|| format!("{}://{rest}", scheme.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(absolute(text).is_some(), is, "{text}");
        }
        assert_eq!(absolute("HttpS://Example.org/Post").as_deref(), Some("https://Example.org/Post"));
    }
}
