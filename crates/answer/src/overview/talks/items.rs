//! The items of lists that tell of a talk each.

use std::sync::Arc;

use super::super::lines::{Line, beginning_of, is_short_enough};
use super::super::on_topic::Topic;
use super::sections::{is_talk_of_group, names_talk_and_speaker};
use super::{NAMED_ABOVE, has_length_of_line, names_person};
use crate::people::heading_names_person;
use takeaways_text::model::{Block, BlockKind, Body, Post, Span};
use takeaways_text::sentences::is_title_like;

/// What it adds to the score of an item that it names the topic.
const NAMED_IN_ITEM: f32 = 2.5;
/// So many items before and after one are read for what their list is of.
const MAX_BESIDE: usize = 8;
/// A list is one of talks if as many of its items are.
const ENOUGH_BESIDE: usize = 2;

/// The line of the block at a position, an item of a list, that names a talk with its speaker, with how the text below it begins; or
/// of one that tells of a talk under a heading for talks.
pub(super) fn line_of_item(post: &Arc<Post>, at: usize, item: &Block) -> Option<Line> {
    let body = &post.body;
    let (text, above) = (body.slice(item.span), body.heading_path(item.section));
    let title = without_labels(text);
    let is_talk = || is_title_like(title) && names_talk_and_speaker(title, &above);
    if is_short_enough(text) && (is_talk() || heading_names_person(title) && is_beside_talks(body, at)) {
        let is_below = |block: &&Block| block.lead_in.is_some_and(|lead_in| lead_in as usize == at);
        let below =
            body.blocks.get(at + 1).filter(is_below).filter(|block| block.kind == BlockKind::Paragraph);
        let told = below
            .and_then(|block| beginning_of(body, block))
            .filter(|span| has_length_of_line(body.slice(*span)));
        return Some(told.map_or_else(
            || Line::at(post, item.span),
            |told| Line { lead_in: Some(item.span), ..Line::at(post, told) },
        ));
    }
    if !is_talk_of_group(body, item) {
        return None;
    }
    beginning_of(body, item)
        .filter(|span| has_length_of_line(body.slice(*span)))
        .map(|span| Line::at(post, span))
}

/// A text without the labels of links at its end: `Go in Space — Ann Lee (video) (slides)`.
fn without_labels(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some((before, label)) = rest.strip_suffix(')').and_then(|inside| inside.rsplit_once('('))
        && !label.contains(char::is_whitespace)
        && label.starts_with(char::is_lowercase)
    {
        rest = before.trim_end();
    }
    rest
}

/// Whether several items of the list of the block at a position name a talk and its speaker: then the others are talks too.
fn is_beside_talks(body: &Body, at: usize) -> bool {
    let Some((before, after)) = body.blocks.split_at_checked(at) else { return false };
    let is_item = |block: &&Block| block.kind == BlockKind::ListItem;
    let beside = before.iter().rev().take_while(is_item).take(MAX_BESIDE);
    let beside = beside.chain(after.iter().skip(1).take_while(is_item).take(MAX_BESIDE));
    let titles = beside.map(|item| without_labels(body.slice(item.span)));
    titles.filter(|title| is_title_like(title) && names_person(title)).take(ENOUGH_BESIDE).count()
        == ENOUGH_BESIDE
}

/// What it adds to the score of an item for a talk where it, what introduces it or the headings above name the topic; `None` if it is
/// not on it.
pub(super) fn gain_of_item(post: &Post, item: &Block, shown: Span, topic: &Topic<'_>) -> Option<f32> {
    let body = &post.body;
    if !topic.marks_of(post, shown).is_empty() {
        return Some(NAMED_IN_ITEM);
    }
    let introduction = body.lead_in_of(item).map(|block| body.slice(block.span));
    let above = body.heading_path(item.section).into_iter().chain(introduction);
    topic.is_named_by(above, post.language).then_some(NAMED_ABOVE)
}
