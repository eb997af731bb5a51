//! The invariants of bodies and answers, for tests and fuzz targets.
//!
//! Each function returns the first violation, in words.

use super::{Answer, Block, BlockKind, Body, Excerpt, Overview, Passage, Post, Sentence, Span};
use crate::tokens::folding::collapse_whitespace;

/// The maximum number of characters of an excerpt.
pub const MAX_QUOTE_CHARS: usize = 1_400;
/// The maximum number of excerpts of an answer, and of one post.
const MAX_EXCERPTS: (usize, usize) = (3, 2);
/// The maximum number of lines of an overview, and of the characters of one.
const MAX_LINES: usize = 10;
const MAX_LINE_CHARS: usize = 300;

/// The first violation in the text, blocks, sections and links of a body.
pub fn markup_violation(body: &Body) -> Option<String> {
    let mut end = 0;
    for (index, block) in body.blocks.iter().enumerate() {
        if let Some(what) = block_violation(body, index, block, end) {
            return Some(format!("block {index} {what}: {block:?} {:?}", body.slice(block.span)));
        }
        end = block.span.end();
    }
    if end != body.text.len() {
        return Some("text stands behind the last block".to_owned());
    }
    section_violation(body).or_else(|| link_violation(body))
}

fn block_violation(body: &Body, index: usize, block: &Block, before: usize) -> Option<&'static str> {
    let Some(text) = block.span.slice(&body.text) else { return Some("is no cut of the text") };
    let gap = body.text.get(before..block.span.start());
    let apart = if index == 0 { gap == Some("") } else { matches!(gap, Some("\n" | "\n\n")) };
    let folded = collapse_whitespace(text);
    let section = body.sections.get(block.section as usize);
    let opens = section.is_some_and(|section| section.heading == Some(block.span));
    let faults = [
        (!apart, "stands in the wrong place"),
        (block.kind != BlockKind::Code && folded != text, "has white space that is not folded"),
        (block.kind == BlockKind::Code && text.trim_end() != text, "ends with white space"),
        (text.trim().is_empty(), "is empty"),
        (section.is_none(), "stands in no section"),
        (block.is_heading() && !opens, "opens no section"),
        (block.lead_in.is_some_and(|lead| lead as usize >= index), "is introduced by what follows"),
        (
            block.lead_in.is_some() && !matches!(block.kind, BlockKind::ListItem | BlockKind::Paragraph),
            "is introduced and neither an item nor a paragraph",
        ),
        (
            block.speaker.is_some_and(|at| at as usize >= body.speakers.len()),
            "has a speaker who is not listed",
        ),
        (text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "holds control characters"),
    ];
    faults.iter().find(|(wrong, _)| *wrong).map(|(_, what)| *what)
}

fn section_violation(body: &Body) -> Option<String> {
    if body.sections.first().is_none_or(|root| root.heading.is_some() || root.level != 0) {
        return Some("no root section".to_owned());
    }
    let wrong = body.sections.iter().enumerate().skip(1).find(|(index, section)| {
        section.parent.is_none_or(|parent| parent as usize >= *index)
            || section.heading.is_none()
            || !(1..=6).contains(&section.level)
    });
    wrong.map(|(index, section)| format!("section {index} {section:?}"))
}

fn link_violation(body: &Body) -> Option<String> {
    let wrong = body.links.iter().find(|link| {
        let at = body.blocks.partition_point(|block| block.span.end() <= link.span.start());
        !body.blocks.get(at).is_some_and(|block| block.span.contains(link.span)) || link.url.is_empty()
    });
    match wrong {
        Some(link) => Some(format!("{link:?} lies in no block or leads nowhere")),
        None => (!body.links.is_sorted_by_key(|link| link.span)).then(|| "links are out of order".to_owned()),
    }
}

/// The first violation in the sentences of a body. They leave out only white space.
pub fn sentence_violation(body: &Body) -> Option<String> {
    let mut end = 0;
    for sentence in &body.sentences {
        let text = body.slice(sentence.span);
        let block = body.blocks.get(sentence.block as usize);
        let faults = [
            (text.is_empty() || text.trim() != text, "is empty or has white space at its ends"),
            (!block.is_some_and(|block| block.span.contains(sentence.span)), "is not in its block"),
            (!is_blank(body, end, sentence.span.start()), "leaves out words before it"),
        ];
        if let Some((_, what)) = faults.iter().find(|(wrong, _)| *wrong) {
            return Some(format!("{sentence:?} {what}: {text:?}"));
        }
        end = sentence.span.end();
    }
    (!is_blank(body, end, body.text.len())).then(|| "words stand behind the last sentence".to_owned())
}

fn is_blank(body: &Body, start: usize, end: usize) -> bool {
    body.text.get(start..end).is_some_and(|gap| gap.trim().is_empty())
}

/// The first violation in the passages of a body. They contain every sentence but the headings, once.
pub fn passage_violation(body: &Body) -> Option<String> {
    let mut sentence = 0;
    let mut end = 0;
    for passage in &body.passages {
        let skipped = body.sentences.get(sentence as usize..passage.first_sentence as usize);
        let faults = [
            (passage.span.start() < end, "overlaps the one before"),
            (passage.span.slice(&body.text).is_none(), "is no cut of the text"),
            (body.sentences_of(passage).is_empty(), "has no sentences"),
            (!skipped.is_some_and(|remaining| all_headings(body, remaining)), "leaves out what is before it"),
            (!holds_its_sentences(body, passage), "has sentences of other places"),
        ];
        if let Some((_, what)) = faults.iter().find(|(wrong, _)| *wrong) {
            return Some(format!("{passage:?} {what}"));
        }
        sentence = passage.end_sentence;
        end = passage.span.end();
    }
    let remaining = body.sentences.get(sentence as usize..);
    (!remaining.is_some_and(|remaining| all_headings(body, remaining)))
        .then(|| "the end is in no passage".to_owned())
}

fn all_headings(body: &Body, sentences: &[Sentence]) -> bool {
    sentences.iter().all(|sentence| {
        let block = body.blocks.get(sentence.block as usize);
        block.is_some_and(Block::is_heading)
    })
}

fn holds_its_sentences(body: &Body, passage: &Passage) -> bool {
    body.sentences_of(passage).iter().all(|sentence| {
        let block = body.blocks.get(sentence.block as usize);
        passage.span.contains(sentence.span)
            && block.is_some_and(|block| block.section == passage.section && !block.is_heading())
    })
}

/// The first violation in an answer, given the posts that it cites.
pub fn answer_violation<'p>(
    answer: &Answer,
    post_of: &mut dyn FnMut(&Excerpt) -> Option<&'p Post>,
) -> Option<String> {
    let excerpts = answer.excerpts();
    let of_post = |excerpt: &Excerpt| {
        excerpts.iter().filter(|other| other.citation.post == excerpt.citation.post).count()
    };
    let is_cited = matches!(answer, Answer::Cited { .. });
    let overview = match answer {
        Answer::Overview(overview) => Some(overview),
        Answer::Cited { .. } | Answer::NothingFound { .. } => None,
    };
    let is_long = |line: &Excerpt| line.quote.text.chars().count() > MAX_LINE_CHARS;
    let faults = [
        (!(0.0..=1.0).contains(&answer.confidence()), "the confidence is not in 0..=1"),
        (is_cited && excerpts.is_empty(), "it is cited without an excerpt"),
        (overview.is_none() && excerpts.len() > MAX_EXCERPTS.0, "too many excerpts"),
        (
            overview.is_none() && excerpts.iter().any(|excerpt| of_post(excerpt) > MAX_EXCERPTS.1),
            "too many excerpts of one post",
        ),
        (excerpts.is_empty() && overview.is_some(), "it is an overview without a line"),
        (excerpts.len() > MAX_LINES, "too many lines"),
        (overview.is_some() && excerpts.iter().any(is_long), "a line is too long"),
        (overview.is_some_and(|overview| !are_all_in_groups(overview)), "the groups are not the lines"),
    ];
    let wrong = faults.iter().find(|(wrong, _)| *wrong).map(|(_, what)| (*what).to_owned());
    wrong.or_else(|| {
        answer.quoted().find_map(|excerpt| match post_of(excerpt) {
            Some(post) => excerpt_violation(excerpt, &post.body).map(|what| format!("{what}: {excerpt:?}")),
            None => Some(format!("no such post: {excerpt:?}")),
        })
    })
}

/// Whether the groups hold all lines, one group after the other.
fn are_all_in_groups(overview: &Overview) -> bool {
    let ends = overview.groups.iter().try_fold(0, |end, group| {
        (group.lines.start == end && group.lines.end > end).then_some(group.lines.end)
    });
    ends == Some(overview.excerpts.len())
}

fn excerpt_violation(excerpt: &Excerpt, body: &Body) -> Option<&'static str> {
    let verbatim = |span: Span, quote: &str| span.slice(&body.text) == Some(quote);
    let span = excerpt.quote.span;
    let is_mark = |mark: &Span| span.contains(*mark) && mark.slice(&body.text).is_some();
    let lead_in = excerpt.lead_in.as_ref();
    let faults = [
        (!verbatim(span, &excerpt.quote.text), "the quote is not the post's text"),
        (excerpt.quote.text.chars().count() > MAX_QUOTE_CHARS, "the quote is too long"),
        (lead_in.is_some_and(|lead| !verbatim(lead.span, &lead.text)), "the lead-in is not the post's text"),
        (lead_in.is_some_and(|lead| lead.span.overlaps(span)), "the lead-in is in the quote"),
        (!excerpt.marks.iter().all(is_mark), "a mark is outside of the quote"),
        (!excerpt.marks.is_sorted_by(|one, next| one.end() <= next.start()), "the marks are out of order"),
        (!excerpt.score.is_finite(), "the score is no number"),
        (!is_id(&excerpt.id), "the id is not 12 hexadecimal digits"),
    ];
    faults.iter().find(|(wrong, _)| *wrong).map(|(_, what)| *what)
}

fn is_id(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
