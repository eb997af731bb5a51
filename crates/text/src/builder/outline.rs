//! The tree of headings, and what acts as a heading or an introduction without being marked up as one.

use crate::model::{BlockKind, Body, Section, Span};

/// A bold line longer than this, in characters, is no heading.
const MAX_BOLD_HEADING: usize = 80;

/// A paragraph without a full stop longer than this, in characters, introduces nothing.
const MAX_INTRODUCTION: usize = 160;

/// What is marked up as a heading and longer than this, in bytes, is a paragraph before which somebody forgot
/// to end one.
const MAX_HEADING: usize = 600;

/// Where in the tree of headings the text stands.
#[derive(Debug, Default)]
pub struct Outline {
    section: u32,
    /// The level of the last heading that is marked up as one.
    level: u8,
    /// A paragraph that acts as a heading if something follows on it.
    expected_heading: Option<u32>,
}

impl Outline {
    /// The section that a block stands in that is written now.
    pub fn section(&self) -> u32 {
        self.section
    }

    /// The block is a heading if text follows on it.
    pub fn set_expected_heading(&mut self, block: u32) {
        self.expected_heading = Some(block);
    }

    /// Whether the last block becomes a heading when something follows.
    pub fn has_expected_heading(&self) -> bool {
        self.expected_heading.is_some()
    }

    /// A block of this kind follows: a bold line before it is a heading, but not where a heading follows, and not
    /// where a list does: there it introduces the list, and what comes after the list is not under it.
    pub fn resolve_expected_heading(&mut self, body: &mut Body, next: BlockKind) {
        let Some(block) = self.expected_heading.take().and_then(|index| body.blocks.get_mut(index as usize))
        else {
            return;
        };
        if matches!(next, BlockKind::Heading(_) | BlockKind::ListItem) {
            return;
        }
        let level = (self.level + 1).clamp(2, 6);
        block.kind = BlockKind::Heading(level);
        let span = block.span;
        self.push_section(body, span, level);
        if let Some(block) = body.blocks.last_mut() {
            block.section = self.section;
        }
    }

    /// A heading that is marked up as one begins a section.
    pub fn begin_section(&mut self, body: &mut Body, heading: Span, level: u8) {
        self.level = level;
        self.push_section(body, heading, level);
    }

    fn push_section(&mut self, body: &mut Body, heading: Span, level: u8) {
        let mut parent = self.section;
        while let Some(section) = body.sections.get(parent as usize).filter(|section| section.level >= level)
        {
            parent = section.parent.unwrap_or(0);
        }
        self.section = u32::try_from(body.sections.len()).unwrap_or(u32::MAX);
        body.sections.push(Section { heading: Some(heading), level, parent: Some(parent) });
    }
}

/// Whether what is marked up as a heading may be one.
pub fn may_be_heading(text: &str) -> bool {
    text.len() <= MAX_HEADING
}

/// Whether a bold line reads as a heading: short, no sentence, no byline.
pub fn reads_as_heading(text: &str) -> bool {
    const ENDS: &str = ".!?,;:…。！？，、；：";
    let short = text.chars().count() <= MAX_BOLD_HEADING;
    let sentence =
        text.trim_end_matches(['"', '”', '\'', '’', ')', '*', ' ']).ends_with(|c| ENDS.contains(c));
    short && !sentence && text.contains(char::is_alphanumeric) && !is_byline(text)
}

/// Whether a line that is not bold reads as a title: some words, the long ones capitalised.
pub fn is_title_case(text: &str) -> bool {
    let words = text.split_whitespace();
    let small = |word: &str| word.chars().count() <= 3;
    let capitalised = |word: &str| !word.starts_with(|c: char| c.is_lowercase());
    let count = words.clone().count();
    (2..=9).contains(&count)
        && reads_as_heading(text)
        && text.starts_with(char::is_uppercase)
        && words.clone().all(|word| small(word) || capitalised(word))
        && words.filter(|word| !small(word)).count() >= 1
}

/// Whether a line says who wrote or when, and not what follows.
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
    let labelled = label.len() < lower.len() && LABELS.contains(&label);
    let by =
        ["by ", "written by ", "posted by ", "posted on ", "guest post by ", "edited by ", "published on "];
    labelled || by.iter().any(|start| lower.starts_with(start))
}

/// Whether a paragraph reads as the introduction of a list that follows on it.
pub fn introduces_list(text: &str) -> bool {
    let ends_with = |ends: &str| text.ends_with(|c| ends.contains(c));
    ends_with(":：") || (text.chars().count() < MAX_INTRODUCTION && !ends_with(".!?…。！？;；"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_as_a_heading() {
        for (line, is) in [
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
            assert_eq!(reads_as_heading(line), is, "{line}");
        }
        assert!(!reads_as_heading(&"long ".repeat(20)));
    }

    #[test]
    fn what_reads_as_a_title() {
        for (line, is) in [
            ("A Call to Action", true),
            ("A call to action", false),
            ("Kubernetes", false),
            ("Insights and Innovations", true),
            ("the Last One", false),
            ("A Call to Action:", false),
        ] {
            assert_eq!(is_title_case(line), is, "{line}");
        }
    }

    #[test]
    fn what_introduces_a_list() {
        for (text, does) in [
            ("Three things:", true),
            ("参加者：", true),
            ("Announcements", true),
            ("What do they look like?", false),
            ("What do they look like?\"", true),
            ("It was good.", false),
        ] {
            assert_eq!(introduces_list(text), does, "{text}");
        }
        assert!(introduces_list(&format!("{}:", "long ".repeat(99))));
        assert!(!introduces_list(&"long ".repeat(99)));
    }
}
