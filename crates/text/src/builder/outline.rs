//! The tree of headings, and the lines that act as headings or introductions without markup.

use crate::model::{BlockKind, Body, Section, Span};

/// The maximum length of a bold line that acts as a heading, in characters.
const MAX_BOLD_HEADING: usize = 80;

/// The maximum length of a paragraph without a full stop that introduces a list, in characters.
const MAX_INTRODUCTION: usize = 160;

/// The maximum length of a heading, in bytes. A longer one is a paragraph after a heading that was never closed.
const MAX_HEADING: usize = 600;

/// The current place in the tree of headings.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// The section of a block that is written now.
    pub(super) section: u32,
    /// The level of the last marked-up heading.
    level: u8,
    /// The section and the level to go back to behind a footnote.
    before_footnote: Option<(u32, u8)>,
    /// The index of a paragraph that becomes a heading if another block follows.
    pub(super) expected_heading: Option<u32>,
}

impl Outline {
    /// Handles the block after a bold line: the bold line becomes a heading, unless a heading or a list follows.
    /// Before a list it is the introduction, and the text after the list does not belong to it.
    pub(crate) fn resolve_expected_heading(&mut self, body: &mut Body, next: BlockKind) {
        let Some(block) = self.expected_heading.take().and_then(|index| body.blocks.get_mut(index as usize))
        else {
            return;
        };
        if matches!(next, BlockKind::Heading(_) | BlockKind::ListItem) {
            return;
        }
        let level = (self.level + 1).clamp(2, 6);
        block.kind = BlockKind::Heading(level);
        block.lead_in = None;
        let span = block.span;
        self.push_section(body, span, level);
        if let Some(block) = body.blocks.last_mut() {
            block.section = self.section;
        }
    }

    /// Begins the section of a marked-up heading.
    pub(crate) fn begin_section(&mut self, body: &mut Body, heading: Span, level: u8) {
        self.level = level;
        self.push_section(body, heading, level);
    }

    /// Begins a footnote: it stands in no section, wherever it is written.
    pub(crate) fn begin_footnote(&mut self) {
        self.expected_heading = None;
        self.before_footnote.get_or_insert((self.section, self.level));
        (self.section, self.level) = (0, 0);
    }

    /// Goes back to the section before a footnote.
    pub(crate) fn end_footnote(&mut self) {
        self.expected_heading = None;
        if let Some(before) = self.before_footnote.take() {
            (self.section, self.level) = before;
        }
    }

    fn push_section(&mut self, body: &mut Body, heading: Span, level: u8) {
        let mut parent = self.section;
        while let Some(section) = body.sections.get(parent as usize).filter(|section| section.level >= level)
        {
            parent = section.parent.unwrap_or(0);
        }
        self.section = u32::try_from(body.sections.len()).unwrap_or(u32::MAX);
        body.sections.push(Section { heading: Some(heading), level, parent: Some(parent), event: None });
    }
}

/// Whether a marked-up heading is short enough to be one.
pub(crate) fn may_be_heading(text: &str) -> bool {
    text.len() <= MAX_HEADING
}

/// Whether a bold line reads as a heading: it is short, and neither a sentence nor a byline.
pub(crate) fn reads_as_heading(text: &str) -> bool {
    const SENTENCE_ENDS: &str = ".!?,;:…。！？，、；：";
    let is_short = text.chars().count() <= MAX_BOLD_HEADING;
    let unquoted = text.trim_end_matches(['"', '”', '\'', '’', ')', '*', ' ']);
    let is_sentence = unquoted.ends_with(|c| SENTENCE_ENDS.contains(c));
    is_short && !is_sentence && text.contains(char::is_alphanumeric) && !is_byline(text)
}

/// Whether a line that is not bold reads as a title: two to nine words, the long ones capitalised.
pub(crate) fn is_title_case(text: &str) -> bool {
    let words = text.split_whitespace();
    let is_small = |word: &str| word.chars().count() <= 3;
    let is_capitalised = |word: &str| !word.starts_with(|c: char| c.is_lowercase());
    let count = words.clone().count();
    (2..=9).contains(&count)
        && reads_as_heading(text)
        && text.starts_with(char::is_uppercase)
        && words.clone().all(|word| is_small(word) || is_capitalised(word))
        && !words.clone().all(is_small)
}

/// Whether a line names the author or the date.
fn is_byline(text: &str) -> bool {
    const LABELS: [&str; 16] = [
        "author",
        "authors",
        "by",
        "date",
        "editor",
        "edited by",
        "guest post by",
        "photo",
        "photos",
        "posted",
        "posted by",
        "posted on",
        "published",
        "tags",
        "updated",
        "written by",
    ];
    let lower = text.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let label = lower.split([':', '：']).next().unwrap_or_default().trim();
    let has_label = label.len() < lower.len() && LABELS.contains(&label);
    let starts =
        ["by ", "written by ", "posted by ", "posted on ", "guest post by ", "edited by ", "published on "];
    has_label || starts.iter().any(|start| lower.starts_with(start))
}

/// Whether a paragraph reads as the introduction of the list after it.
pub(crate) fn introduces_list(text: &str) -> bool {
    let ends_with = |ends: &str| text.ends_with(|c| ends.contains(c));
    ends_with(":：") || (text.chars().count() < MAX_INTRODUCTION && !ends_with(".!?…。！？;；"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Block;
    use crate::readable::{MarkupFormat, read_markup};

    /// The words of each block, and behind `<` the headings above it.
    fn sections(source: &str) -> String {
        let body = read_markup(MarkupFormat::Markdown, source, 1).body;
        let row = |block: &Block| {
            format!("{} < {}", body.slice(block.span), body.heading_path(block.section).join(" > "))
        };
        let is_text = |block: &&Block| !block.is_heading();
        body.blocks.iter().filter(is_text).map(row).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn the_last_rule_closes_the_section_above_it() {
        for (source, expected) in [
            ("# T\n\n## A\n\na\n\n---\n\nb\n\n- c", "a < T > A; b < T; c < T"),
            ("## A\n\na\n\n---\n\n**Ends**\n- b", "a < A; Ends < ; b < "),
            ("## A\n\n---\n\na", "a < A"),
            ("## A\n\na\n\n---\n\nb\n\n---\n\nc", "a < A; b < A; c < A"),
            ("## A\n\na\n\n---\n\nb\n\n## C\n\nc", "a < A; b < A; c < C"),
            ("## A\n\na\n\n> b", "a < A; b < A"),
            ("## A\n\na\n\n---\n\nb\n\n## C\n\nc\n\n---\n\nd", "a < A; b < A; c < C; d < C"),
            ("# T\n\na\n\n---\n\nb\n\n---\n\n## C\n\nc\n\n---\n\nd", "a < T; b < T; c < T > C; d < T"),
        ] {
            assert_eq!(sections(source), expected, "{source}");
        }
    }

    #[test]
    fn a_footnote_stands_in_no_section() {
        let source = "## A\n\na[^1]\n\n[^1]: note\n\nb";
        assert_eq!(sections(source), "a < A; note < ; b < A");
        let body = read_markup(MarkupFormat::Markdown, &format!("{source}\n\n## C\n\nc"), 1).body;
        let words: Vec<&str> = body.blocks_of_section(1).map(|block| body.slice(block.span)).collect();
        assert_eq!(words, ["A", "a", "b"]);
    }

    #[test]
    fn lines_that_read_as_headings() {
        for (line, expected) in [
            ("Build", true),
            ("“Optimizing for Learning” by Ann Lee", true),
            ("It was good.", false),
            ("What now?", false),
            ("He said “stop.”", false),
            ("Build:", false),
            ("By Ann Lee", false),
            ("Authors: Ann, Bo", false),
            ("Bylaws and other talks", true),
            ("Date night", true),
            ("***", false),
            ("参加しました。", false),
        ] {
            assert_eq!(reads_as_heading(line), expected, "{line}");
        }
        assert!(!reads_as_heading(&"long ".repeat(20)));
    }

    #[test]
    fn lines_that_read_as_titles() {
        for (line, expected) in [
            ("A Call to Action", true),
            ("A call to action", false),
            ("Kubernetes", false),
            ("Insights and Innovations", true),
            ("the Last One", false),
            ("A Call to Action:", false),
        ] {
            assert_eq!(is_title_case(line), expected, "{line}");
        }
    }

    #[test]
    fn paragraphs_that_introduce_a_list() {
        for (text, expected) in [
            ("Three things:", true),
            ("参加者：", true),
            ("Announcements", true),
            ("What do they look like?", false),
            ("What do they look like?\"", true),
            ("It was good.", false),
        ] {
            assert_eq!(introduces_list(text), expected, "{text}");
        }
        assert!(introduces_list(&format!("{}:", "long ".repeat(99))));
        assert!(!introduces_list(&"long ".repeat(99)));
    }
}
