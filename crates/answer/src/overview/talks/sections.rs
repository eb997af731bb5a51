//! The sections of posts that tell of one talk each.

use std::collections::HashSet;

use super::super::days::names_part;
use super::{has_word_for_talk, names_person};
use crate::candidates::{MAX_HEADING, has_at_most};
use crate::people::{heading_names_person, people_of_heading};
use crate::post_part::place_of_section;
use takeaways_text::model::{Block, BlockKind, Body, Span};
use takeaways_text::sentences::is_title_like;
use takeaways_text::tokens::folding::fold;

/// The words of a heading among which its label is: `Keynote: …`, `Talk 5: …`.
const MAX_LABEL_WORDS: usize = 3;
/// The fewest words of the title of a talk, and of one that only its text tells to be one.
const MIN_TITLE_WORDS: usize = 2;
const MIN_WORDS_OF_TOLD_TITLE: usize = 3;

/// A talk that a section of a post tells of, with the sections below it.
pub(in super::super) struct Talk {
    pub section: u32,
    pub heading: Span,
    /// Where the text of it, with the sections below it, ends.
    pub end: usize,
}

/// The sentences of the blocks of a kind in a talk.
pub(super) fn sentences_of<'b>(
    body: &'b Body,
    talk: &'b Talk,
    kind: BlockKind,
) -> impl Iterator<Item = Span> + 'b {
    let from = body.sentences.partition_point(|sentence| sentence.span.start() < talk.heading.start());
    let sentences = body.sentences.get(from..).unwrap_or_default().iter();
    let is_of_kind =
        move |block: u32| body.blocks.get(block as usize).is_some_and(|block| block.kind == kind);
    sentences
        .take_while(|sentence| sentence.span.start() < talk.end)
        .filter(move |sentence| is_of_kind(sentence.block))
        .map(|sentence| sentence.span)
}

/// The talks of a post, in its order.
pub(in super::super) fn talks_of(body: &Body) -> Vec<Talk> {
    let parents: HashSet<u32> = body.sections.iter().filter_map(|section| section.parent).collect();
    let mut talks: Vec<Talk> = Vec::new();
    let mut in_talks: HashSet<u32> = HashSet::new();
    for (at, section) in (0_u32..).zip(&body.sections) {
        let Some(heading) = section.heading else { continue };
        if section.parent.is_some_and(|parent| in_talks.contains(&parent)) {
            in_talks.insert(at);
            continue;
        }
        if tells_of_one_talk(body, at, heading, parents.contains(&at)) {
            in_talks.insert(at);
            talks.push(Talk { section: at, heading, end: place_of_section(body, at).end });
        }
    }
    talks
}

/// The people whom the headings of the talks of a post name.
pub fn speakers_of_talks(body: &Body) -> impl Iterator<Item = String> {
    talks_of(body).into_iter().flat_map(|talk| people_of_heading(body.slice(talk.heading)))
}

/// Whether a section tells of one talk: its heading names a speaker beside a title, or has a label (`Keynote: …`), or is a title under
/// a heading for talks, or its text says in the beginning that it is a talk. One with sections below it may tell of several, and so may
/// "Day 1".
fn tells_of_one_talk(body: &Body, section: u32, heading: Span, has_sections: bool) -> bool {
    let text = body.slice(heading);
    let words = text.split_whitespace().count();
    if !has_at_most(body, heading, MAX_HEADING) || words < MIN_TITLE_WORDS {
        return false;
    }
    let mut above = body.heading_path(section);
    above.pop();
    if has_label(text) || names_talk_and_speaker(text, &above) {
        return true;
    } else if has_sections || has_word_for_talk(text) || names_part(text) {
        return false;
    }
    let says_talk = || {
        let first = body.blocks_of_section(section).find(|block| block.kind == BlockKind::Paragraph);
        let first = first.map_or("", |block| body.slice(block.span));
        has_word_for_talk(first) && (names_person(first) || is_title_like(text))
    };
    let lists_talks = || {
        let mut below = body.blocks_of_section(section).filter(|block| !block.is_heading());
        below.clone().count() > 1 && below.all(|block| is_talk_of_group(body, block))
    };
    above.into_iter().any(has_word_for_talk) && !lists_talks()
        || words >= MIN_WORDS_OF_TOLD_TITLE && says_talk()
}

/// Whether a block is an item that tells of a talk, under a heading for talks: "Faster Builds: This talk was about caches."
pub(super) fn is_talk_of_group(body: &Body, block: &Block) -> bool {
    block.kind == BlockKind::ListItem
        && has_word_for_talk(body.slice(block.span))
        && body.heading_path(block.section).into_iter().any(has_word_for_talk)
}

/// Whether a title names a speaker: a person whose given name is known, or what may be a name where it is said that it is of a talk, in
/// the title or in the headings above it.
pub(super) fn names_talk_and_speaker(title: &str, above: &[&str]) -> bool {
    names_person(title)
        || heading_names_person(title)
            && (has_word_for_talk(title) || above.iter().copied().any(has_word_for_talk))
}

/// The title in a heading without its label: posts on one talk have the same.
pub(super) fn title_key(heading: &str) -> String {
    fold(label_and_title(heading).map_or(heading, |(_, title)| title))
}

/// Whether a heading begins with a word for a talk before a sign: `Keynote: …`, `Talk 5 – …`.
pub(super) fn has_label(heading: &str) -> bool {
    label_and_title(heading).is_some()
}

fn label_and_title(heading: &str) -> Option<(&str, &str)> {
    let parts = [": ", " - ", " – ", " — "].iter().filter_map(|sign| heading.split_once(sign));
    let (label, title) = parts.min_by_key(|(label, _)| label.len())?;
    let is_label = label.split_whitespace().count() <= MAX_LABEL_WORDS && has_word_for_talk(label);
    is_label.then_some((label, title))
}
