//! What holds for what a file says about itself, whatever the file.

use takeaways_corpus::front_matter::{FieldMap, FieldValue};
use takeaways_corpus::front_matter::{MAX_DEPTH, MAX_KEYS, SplitSource};
use takeaways_corpus::metadata::Metadata;
use takeaways_text::invisible::clean_line;

/// The most characters of any of the lines that are shown.
const MAX_CHARS: usize = 300;

/// # Panics
/// Where front matter and body are no cut of the source, or its limits are passed.
pub fn check_split(split: &SplitSource<'_>, source: &str) {
    assert!(source.ends_with(split.body), "the body is not the end of the source");
    let lines = u32::try_from(source.matches('\n').count()).unwrap_or(u32::MAX) + 2;
    assert!((1..=lines).contains(&split.body_line), "the body begins at line {} of {lines}", split.body_line);
    if let Some(fault) = &split.error {
        assert!((1..=lines).contains(&fault.line), "{fault:?} of {lines} lines");
        assert!(!fault.kind.is_fatal(), "{fault:?} should refuse the file");
    }
    let (names, depth) = measure(&split.fields);
    assert!(names <= MAX_KEYS && depth <= MAX_DEPTH, "{names} names, {depth} levels");
}

/// How many names there are, and how deep it is nested.
fn measure(fields: &FieldMap) -> (usize, usize) {
    let mut names = 0;
    let mut deepest = 0;
    let mut open: Vec<(&FieldValue, usize)> = fields.iter().map(|(_, value)| (value, 1)).collect();
    names += fields.len();
    while let Some((value, depth)) = open.pop() {
        deepest = deepest.max(depth);
        match value {
            FieldValue::List(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            FieldValue::Map(fields) => {
                names += fields.len();
                open.extend(fields.iter().map(|(_, value)| (value, depth + 1)));
            }
            _ => {}
        }
    }
    (names, deepest)
}

/// # Panics
/// Where a line is empty, too long or not clean, or an address is none.
pub fn check_metadata(metadata: &Metadata) {
    metadata.title.iter().for_each(|title| check_line(title, "title"));
    metadata.authors.iter().for_each(|author| check_line(author, "author"));
    metadata.publisher.iter().for_each(|publisher| check_line(publisher, "publisher"));
    metadata.tags.iter().for_each(|tag| check_line(tag, "tag"));
    metadata.events.iter().for_each(|event| check_line(event, "event"));
    check_url(metadata.url.as_deref());
}

/// # Panics
/// Where the text is not one that can be shown as a line.
pub fn check_line(text: &str, what: &str) {
    assert!(!text.is_empty(), "an empty {what}");
    assert_eq!(clean_line(text, MAX_CHARS), text, "the {what} is not clean, or too long");
}

/// # Panics
/// Where it is an address that does not lead to a page.
pub fn check_url(url: Option<&str>) {
    if let Some(url) = url {
        let scheme = url.split("://").next().unwrap_or_default();
        assert!(matches!(scheme, "http" | "https"), "the address {url:?}");
        assert!(!url.contains(|c: char| c.is_control() || c.is_whitespace()), "the address {url:?}");
    }
}
