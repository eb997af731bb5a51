//! Cuts excerpts: decides what is shown around the sentences that answer.
//!
//! A reader must be able to begin where an excerpt begins, and nothing may announce what is not shown. A list is shown
//! whole where it fits.

mod answer;
mod list;
mod paragraphs;

use crate::candidates::{MarksAround, begins_with_reference, has_at_most};
use crate::passage_cache::is_about_itself;
use answer::answering_part;
use list::{ItemList, items_at_end};
use paragraphs::{is_line_of_its_own, is_question_with_answer, paragraph_after, with_paragraphs};
use std::collections::HashSet;
use std::ops::Range;
use takeaways_text::{
    language,
    model::{Block, BlockKind, Body, ItemCount, Sentence, Span},
    quotation::Quotations,
    sentences::ends_with_question,
    tokens::folding::{fold, folded_words},
};

/// The maximum number of characters of an excerpt that is not a list, without [`CONTINUATION`]: most paragraphs of recaps are
/// shorter.
pub const MAX_PROSE: usize = 720;
/// The maximum number of characters of a list that is the answer as a whole. Three of these fit into one message.
const MAX_LIST: usize = 1_400;
/// By how many characters an excerpt may be longer for what its last sentence announces, or for a sentence that goes on
/// about what it names last.
const CONTINUATION: usize = 160;
/// The maximum number of sentences that are put before one that can't begin an excerpt.
const MAX_SENTENCES_BEFORE: usize = 2;
/// A first sentence with fewer words may be a remark on the sentence before: "His view?".
const MIN_FIRST_WORDS: usize = 4;

/// What is shown of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// What is shown.
    pub span: Span,
    /// The sentences that answer, if more is shown.
    pub answer: Option<Span>,
    /// How many items of its list are shown.
    pub items: Option<ItemCount>,
}

/// The places of a question's words.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'m> {
    /// Those in a candidate.
    pub own: &'m [Span],
    /// Those in the paragraphs around it, which may be shown too.
    pub around: &'m MarksAround,
}

/// Cuts the excerpt of the candidate with these sentences of a post. `is_number` tells that it has the number that is asked for:
/// then the items beside it add nothing. If it is not a list, it has about `limit` characters at most. `None` if the post has no
/// such sentences.
pub fn cut(
    body: &Body,
    sentences: &Range<usize>,
    marks: Marks<'_>,
    is_number: bool,
    limit: usize,
) -> Option<Cut> {
    let core = body.sentences.get(sentences.clone())?;
    let answer = core.first()?.span.cover(core.last()?.span);
    if let Some(list) = ItemList::around(body, core) {
        let (span, items) = list.cut(body, core, marks, is_number);
        return Some(Cut { span, answer: answer_in(body, core, marks, span), items });
    }
    let shown = with_paragraphs(body, cut_prose(body, sentences, answer, limit), marks.around, limit);
    let shown = with_list_after(body, with_quote_after(body, shown, limit), marks);
    // What a last paragraph announces is not shown where it stands under headings.
    let is_paragraph =
        |it: &Sentence| body.blocks.get(it.block as usize).is_some_and(|block| block.span == it.span);
    if announces(body, shown)
        && let [kept @ .., last] = core
        && last.span.end() == shown.end()
        && is_paragraph(last)
        && let Some(end) = kept.last()
        && let Some(span) = Span::new(&body.text, shown.start()..end.span.end())
    {
        return Some(Cut { span, answer: answer_in(body, kept, marks, span), items: None });
    }
    Some(Cut { span: shown, answer: answer_in(body, core, marks, shown), items: items_at_end(body, shown) })
}

/// The sentences of a candidate that answer; `None` if nothing else is shown.
fn answer_in(body: &Body, core: &[Sentence], marks: Marks<'_>, shown: Span) -> Option<Span> {
    answering_part(body, core, marks.own).filter(|answer| *answer != shown)
}

/// Returns what is shown of running text: to the end of the paragraph, because the sentence after a name usually explains
/// it, and from its start if that fits too.
fn cut_prose(body: &Body, sentences: &Range<usize>, answer: Span, limit: usize) -> Span {
    let begun = begin(body, sentences, answer, limit);
    let ended = end(body, sentences.end, begun, limit);
    let paragraph =
        body.sentences.get(sentences.start).and_then(|first| body.blocks.get(first.block as usize));
    // What the paragraph announces at its end, and does not fit, is no part of the excerpt.
    let whole = paragraph.and_then(|block| Span::new(&body.text, block.span.start()..ended.end()));
    whole.filter(|whole| has_at_most(body, *whole, limit)).unwrap_or_else(|| lead_up(body, ended, limit))
}

/// Extends a span backwards by the sentences before it in its paragraph that fit: what leads up to an answer often names who
/// and what it is about.
fn lead_up(body: &Body, span: Span, limit: usize) -> Span {
    let first = body.sentences.partition_point(|sentence| sentence.span.start() < span.start());
    let Some(block) = body.sentences.get(first).map(|sentence| sentence.block) else { return span };
    let before = body.sentences[..first].iter().rev().take(MAX_SENTENCES_BEFORE);
    let before = before.take_while(|sentence| sentence.block == block);
    let fitting = before.take_while(|sentence| has_at_most(body, sentence.span.cover(span), limit));
    let first = fitting.filter(|sentence| may_begin(body, sentence)).last();
    first.map_or(span, |first| first.span.cover(span))
}

/// Whether a reader can begin at a sentence of a text.
fn may_begin(body: &Body, sentence: &Sentence) -> bool {
    let Some(block) = body.blocks.get(sentence.block as usize) else { return true };
    let (start, all) = (sentence.span.start(), block.span);
    can_begin(body.slice(sentence.span), start > all.start())
        && !Quotations::find(body.slice(all)).contain(start - all.start())
}

/// Extends a span backwards while a reader can't begin at its first sentence.
fn begin(body: &Body, sentences: &Range<usize>, answer: Span, limit: usize) -> Span {
    let mut span = answer;
    let mut at = sentences.start;
    for _ in 0..MAX_SENTENCES_BEFORE {
        let Some(before) = at.checked_sub(1) else { break };
        let Some((first, before)) = body.sentences.get(at).zip(body.sentences.get(before)) else { break };
        let is_same_block = before.block == first.block;
        let joins = is_same_block || continues_prose(body, before.block, first.block);
        let extended = before.span.cover(span);
        if !joins || !has_at_most(body, extended, limit) || may_begin(body, first) {
            break;
        }
        span = extended;
        at -= 1;
    }
    span
}

/// Whether a reader can begin at a sentence; `is_inside` if it is not the first one of its paragraph.
fn can_begin(sentence: &str, is_inside: bool) -> bool {
    let is_fragment = || {
        let starts_small = sentence.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
        starts_small || sentence.split_whitespace().count() < MIN_FIRST_WORDS
    };
    // "Who came?" refers to nothing before it, unlike "Who, by the way, came later."
    let refers = || begins_with_reference(sentence) && !ends_with_question(sentence);
    !(refers() || is_inside && is_fragment())
}

/// Extends a span, which ends before the sentence `next`, to the end of its paragraph, and on where it announces what follows.
fn end(body: &Body, next: usize, begun: Span, limit: usize) -> Span {
    let mut span = begun;
    // The last place where the excerpt may end.
    let mut ended = begun;
    let Some(mut block) = next.checked_sub(1).and_then(|at| body.sentences.get(at)).map(|it| it.block) else {
        return begun;
    };
    if let Some(list) = list_under(body, next, block) {
        // A list that is announced is the answer, also the first items of it.
        let is_announced = announces(body, begun) || counts_items(body, begun, &list);
        let most = if is_announced { limit.max(MAX_LIST) } else { limit };
        let whole = list.cover(body, begun);
        if has_at_most(body, whole, most) {
            return whole;
        }
        let blocks = body.blocks.get(list.blocks.clone()).unwrap_or_default().iter();
        let shown = blocks.map(|block| begun.cover(block.span)).take_while(|it| has_at_most(body, *it, most));
        if let Some(first_items) = shown.last().filter(|_| is_announced) {
            return first_items;
        }
    }
    for next in body.sentences.get(next..).unwrap_or_default() {
        let is_open = announces(body, span);
        let goes_on = next.block == block && begins_with_reference(body.slice(next.span));
        let objects = next.block != block && turns_against(body, block, next);
        let limit = if is_open || goes_on || objects { limit + CONTINUATION } else { limit };
        let joins = next.block == block
            || objects
            || is_open && is_announced(body, block, next.block)
            || is_introduced_in(body, span, next.block);
        let extended = span.cover(next.span);
        if !joins || !has_at_most(body, extended, limit) || is_about_itself(body.slice(next.span)) {
            break;
        }
        block = next.block;
        span = extended;
        if !announces(body, span) {
            ended = span;
        }
    }
    // What is announced at the end and does not fit is left out with its announcement.
    ended
}

/// The list whose first sentence is `next`, if it stands directly under a paragraph: it usually tells what the last sentence of the
/// paragraph announces, also without a colon.
fn list_under(body: &Body, next: usize, paragraph: u32) -> Option<ItemList> {
    let first = body.sentences.get(next..next + 1)?;
    let (above, item) = neighbours(body, paragraph, first[0].block)?;
    if above.kind != BlockKind::Paragraph || item.kind != BlockKind::ListItem {
        return None;
    }
    // The title of the next talk belongs to the paragraph below it.
    ItemList::around(body, first).filter(|list| !list.introduces_paragraph(body))
}

/// Whether the last sentence of a span says how many items a list has: "He presented four patterns for agents."
fn counts_items(body: &Body, span: Span, list: &ItemList) -> bool {
    let (Some(sentence), Some(items)) = (body.last_sentence_in(span), list.count(body, list.blocks.clone()))
    else {
        return false;
    };
    let numbers = &language::all().times.numbers;
    let is_count = |word: &String| {
        let in_words = || numbers.position_folded(word).and_then(|at| u32::try_from(at + 1).ok());
        word.parse().ok().or_else(in_words) == Some(items.all)
    };
    folded_words(body.slice(sentence.span)).iter().any(is_count)
}

/// Extends running text by the list in the same section whose introduction follows it and has a word of the question that the text has
/// not in this form, if all of it fits: after "a demo" the list of "some demos" may be asked for.
fn with_list_after(body: &Body, shown: Span, marks: Marks<'_>) -> Span {
    let words_in = |place: Span| -> HashSet<String> {
        let marks = marks.own.iter().chain(&marks.around.all).filter(|mark| place.overlaps(**mark));
        marks.map(|mark| fold(body.slice(*mark))).collect()
    };
    let list = || {
        let introduction = paragraph_after(body, shown).filter(|next| announces(body, *next))?;
        let is_asked = !words_in(introduction).is_subset(&words_in(shown));
        let next = body.sentences.partition_point(|sentence| sentence.span.start() < introduction.end());
        let block = body.blocks_at(introduction).last().filter(|_| is_asked)?;
        Some(list_under(body, next, block)?.cover(body, shown))
    };
    list().filter(|whole| has_at_most(body, *whole, MAX_LIST)).unwrap_or(shown)
}

/// Extends running text by the quotation right after its paragraph, if it fits whole: a writer may announce one without a colon. One
/// of several in a row may be about anything, and so may a note that is set like a quotation.
fn with_quote_after(body: &Body, shown: Span, limit: usize) -> Span {
    let quote = || {
        let own = body.blocks_at(shown).last()?;
        let (above, quote) = neighbours(body, own, own + 1)?;
        let is_last =
            neighbours(body, own + 1, own + 2).is_none_or(|(_, next)| next.kind != BlockKind::Quote);
        let follows = above.kind == BlockKind::Paragraph && above.span.end() == shown.end();
        (follows && is_last && quote.kind == BlockKind::Quote && !is_note(body.slice(quote.span)))
            .then_some(quote.span)
    };
    quote().map(|quote| shown.cover(quote)).filter(|whole| has_at_most(body, *whole, limit)).unwrap_or(shown)
}

/// Whether a quotation begins with a sign or with a word in capitals: "NOTE", "ℹ️".
fn is_note(quotation: &str) -> bool {
    let first: String = quotation.chars().take_while(|c| !c.is_whitespace()).collect();
    let letters: String = first.chars().filter(|c| c.is_alphabetic()).collect();
    letters.is_empty() || letters.len() > 2 && letters.chars().all(char::is_uppercase)
}

/// Whether the first sentence of a paragraph turns against the paragraph before it: without it the excerpt may say the opposite of
/// what its writer does.
fn turns_against(body: &Body, block: u32, next: &Sentence) -> bool {
    let text = body.slice(next.span);
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    continues_prose(body, block, next.block) && language::all().stances.contrasts.has_word(first)
}

/// Whether a block is an item of a list that a span introduces: it has the end of what stands before the list.
fn is_introduced_in(body: &Body, span: Span, item: u32) -> bool {
    let item = body.blocks.get(item as usize).filter(|block| block.kind == BlockKind::ListItem);
    let lead_in = item.and_then(|item| body.lead_in_of(item)).map(|block| block.span);
    lead_in.is_some_and(|lead_in| lead_in.overlaps(span) && lead_in.end() <= span.end())
}

/// Whether a block may be what the block before it announces.
fn is_announced(body: &Body, block: u32, next: u32) -> bool {
    let is_text =
        |block: &Block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote | BlockKind::ListItem);
    neighbours(body, block, next).is_some_and(|(_, next)| is_text(next))
}

/// Whether two blocks are paragraphs of the same section and the same speaker, and the second one goes on with the first.
fn continues_prose(body: &Body, block: u32, next: u32) -> bool {
    let is_paragraph = |block: &Block| block.kind == BlockKind::Paragraph && !is_line_of_its_own(body, block);
    neighbours(body, block, next).is_some_and(|(block, next)| is_paragraph(block) && is_paragraph(next))
        && !is_question_with_answer(body, next)
}

/// Returns two blocks if they are of the same section and the same speaker.
fn neighbours(body: &Body, block: u32, next: u32) -> Option<(&Block, &Block)> {
    let pair = body.blocks.get(block as usize).zip(body.blocks.get(next as usize));
    pair.filter(|(block, next)| block.section == next.section && block.speaker == next.speaker)
}

/// Whether a span ends with a question or with an introduction.
fn announces(body: &Body, span: Span) -> bool {
    let text = body.slice(span);
    text.ends_with([':', '：']) || ends_with_question(text)
}

#[cfg(test)]
mod tests;
