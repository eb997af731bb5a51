//! Finds the title of a post: in front matter, in the head of its page, or in its first heading.

use super::MetadataSources;
use crate::front_matter::FieldMap;
use takeaways_text::invisible::clean_line;
use takeaways_text::language;
use takeaways_text::model::{BlockKind, Body};
use takeaways_text::{MarkupFormat, plain_text};

/// Maximum length of a title, in characters.
pub(crate) const MAX_CHARS: usize = 300;

/// Returns the title in front matter.
pub(super) fn declared_title(fields: &FieldMap) -> Option<String> {
    fields.first_text(&["title"]).and_then(clean_title)
}

/// Returns the title in the rest of the file; `None` if every title would be a guess.
pub(super) fn inferred_title(sources: &MetadataSources<'_>) -> Option<String> {
    let MetadataSources { input, head_fields, json_ld, .. } = sources;
    let is_page = input.format == MarkupFormat::Html;
    let heading = || first_heading(input.body, is_page);
    let in_head = |names: &[&str]| head_fields.first_text(names).and_then(clean_title);
    let in_fields = |names: &[&str]| input.fields.first_text(names).and_then(clean_title);
    let headline = || json_ld.headline.as_deref().and_then(clean_title);
    if is_page {
        // The largest heading of a page may be that of the site. `<title>` and the share card belong to the post.
        let card = in_head(&["og:title", "twitter:title"]).or_else(headline);
        let card = card.map(|title| without_site(&title, head_fields.first_text(&["og:site_name"])));
        return card.or_else(|| page_title(sources)).or_else(heading);
    }
    let title = input.head.title.as_deref().and_then(clean_title);
    title
        .or_else(|| in_head(&["title"]))
        .or_else(heading)
        .or_else(|| in_head(&["og:title"]))
        .or_else(headline)
        .or_else(|| in_fields(&["meta_title", "seo_title", "og_title", "headline"]))
}

fn clean_title(title: &str) -> Option<String> {
    let title = clean_line(&plain_text(title), MAX_CHARS);
    title.chars().any(char::is_alphanumeric).then_some(title)
}

/// Returns the `<title>` of a page, without the name of the site if a heading or `og:site_name` shows which part
/// that is.
fn page_title(sources: &MetadataSources<'_>) -> Option<String> {
    let title = sources.input.head.title.as_deref().and_then(clean_title)?;
    let folded = title.to_lowercase();
    let body = sources.input.body;
    let heading = body
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Heading(1 | 2)))
        .filter_map(|block| clean_title(body.slice(block.span)))
        .find(|heading| folded.starts_with(&heading.to_lowercase()));
    Some(heading.unwrap_or_else(|| without_site(&title, sources.head_fields.first_text(&["og:site_name"]))))
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

/// Returns the heading of the whole text. On a page, headings of the site may precede it.
fn first_heading(body: &Body, is_page: bool) -> Option<String> {
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
    let is_first = headings.first().is_some_and(|first| first.0 == at);
    let is_title = match level {
        1 => (is_first || is_page) && is_title_of_all(body, &headings, at),
        _ => is_lower_title(&headings, at),
    };
    let block = body.blocks.get(at).filter(|_| is_title)?;
    clean_title(body.slice(block.span)).filter(|title| !is_section_name(title))
}

/// Whether the first heading of level 1 is more than the first of several equal sections.
fn is_title_of_all(body: &Body, headings: &[(usize, u8)], at: usize) -> bool {
    let Some(&(second, _)) = headings.iter().find(|(block, level)| *level == 1 && *block != at) else {
        return true;
    };
    let text = |at: usize| body.blocks.get(at).map(|block| body.slice(block.span)).unwrap_or_default();
    // Equal sections begin with the same label ("Speaker: …"), or introduce the text after them.
    let label = |at: usize| text(at + 1).split_once(':').map(|(label, _)| label.to_lowercase());
    let have_same_label = label(at).is_some_and(|first| label(second) == Some(first));
    !have_same_label && !text(at).ends_with(':')
}

/// Whether a heading of a lower level is the title: it begins the text, and the next heading of its level follows
/// it without text between them.
fn is_lower_title(headings: &[(usize, u8)], at: usize) -> bool {
    let [(first, level), (second, next), ..] = headings else { return false };
    *first == at && at == 0 && *second == 1 && level == next
}

fn is_section_name(title: &str) -> bool {
    let title = title.trim_end_matches([':', '.', ' ']).to_lowercase();
    let words = &language::all().titles;
    let is_number = |word| title.strip_prefix(word).is_some_and(|rest| rest.chars().all(char::is_numeric));
    words.numbered_parts.iter().any(is_number) || words.part_headings.contains(&title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::body;
    use takeaways_text::model::BlockKind::{Heading, Paragraph};

    #[test]
    fn a_heading_is_a_title_only_if_it_is_that_of_the_whole_text() {
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
    fn a_known_name_of_the_site_is_removed() {
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
    fn a_title_is_truncated_and_cleaned() {
        assert_eq!(clean_title(&"x".repeat(6_000)).map(|title| title.len()), Some(MAX_CHARS));
        assert_eq!(clean_title(" a\u{202e}b \u{7}"), Some("ab".to_owned()));
        assert_eq!(clean_title(" – "), None);
    }
}
