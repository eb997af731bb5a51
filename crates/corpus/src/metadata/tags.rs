//! The tags, categories and keywords of a post, as written.

use super::source::MetadataSources;
use crate::front_matter::field_map::{FieldMap, FieldValue};
use takeaways_text::invisible::clean_line;

/// Most tags that are kept.
pub const MAX_TAGS: usize = 100;
/// Longest tag, in characters.
const MAX_CHARS: usize = 100;

/// The names that front matter has for them, and whether a text without commas is one tag or a word each.
const TAG_FIELDS: &[(&str, bool)] = &[
    ("tags", true),
    ("tag", false),
    ("categories", true),
    ("category", false),
    ("keywords", true),
    ("topics", true),
    ("params.tags", true),
    ("taxonomies.tags", true),
    ("taxonomies.categories", true),
    ("extra.tags", true),
];

/// All of them, without repeats, in the order of the file.
pub(super) fn find_tags(source: &MetadataSources<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    for (name, words) in TAG_FIELDS {
        add_field_tags(&mut tags, source.fields, name, *words);
        add_field_tags(&mut tags, &source.head, name, *words);
    }
    // A page has one such element for each tag.
    for (_, value) in source.head.iter().filter(|(name, _)| *name == "article:tag") {
        push_tag(&mut tags, value.as_text());
    }
    tags
}

fn add_field_tags(tags: &mut Vec<String>, fields: &FieldMap, name: &str, words: bool) {
    let Some(value) = fields.get(name) else { return };
    match value {
        FieldValue::List(items) => {
            for item in items.iter().take(2 * MAX_TAGS) {
                let named =
                    item.as_map().and_then(|fields| fields.first_text(&["name", "label", "title", "slug"]));
                push_tag(tags, named.or_else(|| item.as_text()));
            }
        }
        scalar => {
            let text = scalar.as_text().unwrap_or_default();
            let comma = text.contains([',', ';', '、', '，']);
            let cut = |c: char| {
                if comma { matches!(c, ',' | ';' | '、' | '，') } else { words && c.is_whitespace() }
            };
            for tag in text.split(cut).take(2 * MAX_TAGS) {
                push_tag(tags, Some(tag));
            }
        }
    }
}

fn push_tag(tags: &mut Vec<String>, tag: Option<&str>) {
    let Some(tag) = tag else { return };
    let tag = clean_line(tag.trim().trim_matches(['#', '"', '\'']), MAX_CHARS);
    let known = tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
    if tags.len() < MAX_TAGS && !tag.is_empty() && !known {
        tags.push(tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_lists() {
        for (text, words, tags) in [
            ("a b c", true, vec!["a", "b", "c"]),
            ("Docker, Event", true, vec!["Docker", "Event"]),
            ("Cloud Native", false, vec!["Cloud Native"]),
            ("#go, Go, 'x'", true, vec!["go", "x"]),
            ("", true, vec![]),
        ] {
            let mut fields = FieldMap::default();
            fields.push("tags", FieldValue::Text(text.to_owned()));
            let mut out = Vec::new();
            add_field_tags(&mut out, &fields, "tags", words);
            assert_eq!(out, tags, "{text}");
        }
    }
}
