//! A post's title: from front matter, else from the head of its page or its first heading.

use std::sync::LazyLock;

use super::MetadataSources;
use super::web_page::JsonLd;
use crate::front_matter::FieldMap;
use takeaways_text::invisible::clean_line;
use takeaways_text::language::all_words;
use takeaways_text::model::{BlockKind, Body};
use takeaways_text::{MarkupFormat, plain_text};

/// Longest title, in characters.
pub const MAX_CHARS: usize = 300;

/// Headings that name a part of a text, never the text.
static PARTS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.titles.part_headings));

/// Words that a part's number follows.
static NUMBERED_PARTS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.titles.numbered_parts));

/// The title that front matter gives.
pub(super) fn declared_title(fields: &FieldMap) -> Option<String> {
    fields.first_text(&["title"]).and_then(clean_title)
}

/// The title that the rest of the file gives; nothing where that would be a guess.
pub(super) fn inferred_title(source: &MetadataSources<'_>, json_ld: &JsonLd) -> Option<String> {
    let head = &source.head;
    let heading = || first_heading(source.body, source.format == MarkupFormat::Html);
    let named = |names: &[&str]| head.first_text(names).and_then(clean_title);
    if source.format == MarkupFormat::Html {
        // On a page, the largest heading may be the site's; the address line and the share card are the post's.
        let card = named(&["og:title", "twitter:title"])
            .or_else(|| json_ld.headline.as_deref().and_then(clean_title));
        let card = card.map(|title| without_site(&title, head.first_text(&["og:site_name"])));
        return card.or_else(|| page_title(source)).or_else(heading);
    }
    source
        .title
        .and_then(clean_title)
        .or_else(|| named(&["title"]))
        .or_else(heading)
        .or_else(|| named(&["og:title"]))
        .or_else(|| json_ld.headline.as_deref().and_then(clean_title))
        .or_else(|| {
            source
                .fields
                .first_text(&["meta_title", "seo_title", "og_title", "headline"])
                .and_then(clean_title)
        })
}

fn clean_title(title: &str) -> Option<String> {
    let title = clean_line(&plain_text(title), MAX_CHARS);
    title.chars().any(char::is_alphanumeric).then_some(title)
}

/// `<title>`, without the site's name where a heading or the site's name tells which part that is.
fn page_title(source: &MetadataSources<'_>) -> Option<String> {
    let title = source.title.and_then(clean_title)?;
    let folded = title.to_lowercase();
    let within = source
        .body
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Heading(1 | 2)))
        .filter_map(|block| clean_title(source.body.slice(block.span)))
        .find(|heading| folded.starts_with(&heading.to_lowercase()));
    Some(within.unwrap_or_else(|| without_site(&title, source.head.first_text(&["og:site_name"]))))
}

fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site.and_then(clean_title) else { return title.to_owned() };
    let rest = title.strip_suffix(&site).map(str::trim_end);
    let rest = rest.and_then(|rest| rest.strip_suffix(['-', '–', '—', '|', '·', '•', ':', '»']));
    match rest.map(str::trim) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => title.to_owned(),
    }
}

/// The heading that stands over the whole text. On a page, headings of the site may stand before it.
fn first_heading(body: &Body, on_a_page: bool) -> Option<String> {
    let headings: Vec<(usize, u8)> = body
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(at, block)| match block.kind {
            BlockKind::Heading(level) => Some((at, level)),
            _ => None,
        })
        .collect();
    let &(at, level) = headings.iter().find(|(_, level)| *level == 1).or_else(|| headings.first())?;
    let first = headings.first().is_some_and(|first| first.0 == at);
    let over_all = match level {
        1 => (first || on_a_page) && is_over_all(body, &headings, at),
        _ => is_sole_lower_heading(&headings, at),
    };
    let block = body.blocks.get(at).filter(|_| over_all)?;
    clean_title(body.slice(block.span)).filter(|title| !is_section_name(title))
}

/// Whether the first heading of level 1 is more than the first of a row of equal parts.
fn is_over_all(body: &Body, headings: &[(usize, u8)], at: usize) -> bool {
    let others: Vec<usize> =
        headings.iter().filter(|(other, level)| *level == 1 && *other != at).map(|h| h.0).collect();
    let Some(second) = others.first() else { return true };
    let text = |at: usize| body.blocks.get(at).map(|block| body.slice(block.span)).unwrap_or_default();
    // Parts are alike: they begin with the same label ("Speaker: …"), or introduce what follows.
    let label = |at: usize| text(at + 1).split_once(':').map(|(label, _)| label.to_lowercase());
    let alike = label(at).is_some_and(|first| label(*second).is_some_and(|second| first == second));
    !alike && !text(at).ends_with(':')
}

/// Whether a heading of a lower level is the title all the same: it begins the text, and has no text of its own
/// before the next heading of its level.
fn is_sole_lower_heading(headings: &[(usize, u8)], at: usize) -> bool {
    let [(first, level), (second, next), ..] = headings else { return false };
    *first == at && at == 0 && *second == 1 && level == next
}

fn is_section_name(title: &str) -> bool {
    let title = title.trim_end_matches([':', '.', ' ']).to_lowercase();
    let numbered = NUMBERED_PARTS
        .iter()
        .any(|word| title.strip_prefix(*word).is_some_and(|rest| rest.chars().all(char::is_numeric)));
    numbered || PARTS.contains(&title.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::sample::body;
    use takeaways_text::model::BlockKind::{Heading, Paragraph};

    #[test]
    fn a_heading_is_a_title_only_where_it_stands_over_the_text() {
        for (name, blocks, title) in [
            ("first", vec![(Heading(1), "Recap"), (Paragraph, "x")], Some("Recap")),
            ("after a picture", vec![(BlockKind::ImageAlt, "logo"), (Heading(1), "Recap")], Some("Recap")),
            (
                "over sections",
                vec![(Heading(1), "Recap"), (Paragraph, "x"), (Heading(1), "Day")],
                Some("Recap"),
            ),
            ("a section", vec![(Heading(2), "Keynote"), (Paragraph, "x"), (Heading(2), "Talk")], None),
            ("a section with parts", vec![(Heading(2), "Workshop"), (Heading(3), "Setup")], None),
            (
                "over level 2",
                vec![(Heading(2), "Recap of it"), (Heading(2), "Introduction")],
                Some("Recap of it"),
            ),
            ("a part's name", vec![(Heading(1), "Introduction"), (Paragraph, "x")], None),
            ("a day", vec![(Heading(1), "Day 1:"), (Paragraph, "x")], None),
            (
                "talks",
                vec![
                    (Heading(1), "A"),
                    (Paragraph, "Speaker: X"),
                    (Heading(1), "B"),
                    (Paragraph, "Speaker: Y"),
                ],
                None,
            ),
            ("introducing", vec![(Heading(1), "Links:"), (Heading(1), "More:")], None),
            ("level 1 later", vec![(Heading(2), "A"), (Heading(1), "B"), (Heading(1), "C")], None),
            ("level 1 in the middle", vec![(Heading(2), "A"), (Paragraph, "x"), (Heading(1), "B")], None),
            ("none", vec![(Paragraph, "x")], None),
        ] {
            assert_eq!(first_heading(&body(&blocks), false).as_deref(), title, "{name}");
        }
    }

    #[test]
    fn the_site_is_taken_off_where_its_name_is_known() {
        for (title, site, rest) in [
            ("Recap - Blog", Some("Blog"), "Recap"),
            ("Recap · Blog", Some("Blog"), "Recap"),
            ("Recap - Day 1", Some("Blog"), "Recap - Day 1"),
            ("Blog", Some("Blog"), "Blog"),
            ("My Blog", Some("Blog"), "My Blog"),
            ("Recap | Blog", None, "Recap | Blog"),
        ] {
            assert_eq!(without_site(title, site), rest, "{title}");
        }
    }

    #[test]
    fn a_title_is_cut_and_cleaned() {
        assert_eq!(clean_title(&"x".repeat(6_000)).map(|title| title.len()), Some(MAX_CHARS));
        assert_eq!(clean_title(" a\u{202e}b \u{7}"), Some("ab".to_owned()));
        assert_eq!(clean_title(" – "), None);
    }
}
