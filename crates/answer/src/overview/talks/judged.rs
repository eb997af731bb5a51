//! The sentences in which writers judge talks, for questions such as "which talks were the best?"

use std::sync::Arc;

use super::super::lines::Line;
use super::super::lines::is_in_scope;
use super::{Talk, can_be_line, has_word_for_talk};
use crate::{people::capitalised_pairs, plan::QueryPlan, shape_words::is_preference};
use takeaways_corpus::points::{shows_side, takes_side};
use takeaways_text::language;
use takeaways_text::model::{Post, Span, Stance};
use takeaways_text::tokens::is_any_stop_word;

/// The maximum number of words between one that says that something was liked most and one for a talk, or a verb such as "is".
const MAX_WORDS_BETWEEN: usize = 3;
/// A sentence that ends so has its word for a talk among so many words before: "the keynote by Ann Lee was the best".
const MAX_WORDS_BEFORE: usize = 8;
/// What begins the title of a talk in a sentence.
const OPENING_QUOTES: [char; 4] = ['"', '“', '„', '«'];

/// The side on which a question asks for talks: `best`, `praised`, `disappointing`. `None` if it asks for all of them.
pub(super) fn asked_side(plan: &QueryPlan) -> Option<Stance> {
    let (text, words) = (&plan.question.syntax.text, &plan.question.syntax.words);
    let shows = |side| shows_side(text, plan.language, side);
    let prefers = || words.iter().any(|word| is_preference(&word.text));
    plan.question.asked_side.or_else(|| {
        if shows(Stance::Against) {
            Some(Stance::Against)
        } else {
            (shows(Stance::For) || prefers() || names_favourite(text)).then_some(Stance::For)
        }
    })
}

/// Whether a text says which talk somebody liked most or least: "my favourite session", "the talk was the best".
pub(super) fn names_favourite(text: &str) -> bool {
    let lists = language::all();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_favourite = |at: &usize| lists.shapes.favourite_words.has_word(words[*at]);
    let is_talk = |word: &&str| has_word_for_talk(word);
    let is_copula = |word: &&str| lists.stances.copulas.has_word(word);
    (0..words.len()).filter(is_favourite).any(|at| {
        let after = &words[at..words.len().min(at + MAX_WORDS_BETWEEN + 2)];
        let near = &words[at.saturating_sub(MAX_WORDS_BETWEEN + 1)..at];
        let before = &words[at.saturating_sub(MAX_WORDS_BEFORE)..at];
        // "The talk was about best practices" says which content.
        let ends = words.get(at + 1).is_none_or(|next| is_any_stop_word(next));
        after.iter().any(is_talk) || ends && near.iter().any(is_copula) && before.iter().any(is_talk)
    })
}

/// Whether a line says which talk somebody liked most or least, or stands below a heading that does.
pub(super) fn is_favourite(line: &Line) -> bool {
    let headings = line.post.body.heading_path(line.section);
    names_favourite(line.text()) || headings.into_iter().any(names_favourite)
}

/// Whether a line of a talk stands under a heading that judges: "My favourite talks".
pub(super) fn is_under_judgement(line: &Line, side: Stance) -> bool {
    let body = &line.post.body;
    // The title of a talk judges something else: "Is it good for you?"
    let own = body.slice(line.lead_in.unwrap_or(line.span));
    let headings = body.heading_path(line.section).into_iter().filter(|heading| *heading != own);
    let judges = |heading: &str| {
        let prefers = || heading.split_whitespace().any(is_preference);
        shows_side(heading, line.post.language, side) || side == Stance::For && prefers()
    };
    headings.into_iter().any(|heading| has_word_for_talk(heading) && judges(heading))
}

/// The points of a post that take a side on a talk and name it, or who gave it. They are found much faster than sentences.
pub(super) fn points_on_side(post: &Arc<Post>, side: Stance, plan: &QueryPlan) -> Vec<Line> {
    let points = post.body.points.iter().filter(|point| point.kind.judges).map(|point| point.span);
    lines_on_side(post, points, &[], side, plan)
}

/// The sentences of a post that take a side on a talk and name it, or who gave it, with the heading of the talk if they stand below it.
pub(super) fn sentences_on_side(
    post: &Arc<Post>,
    talks: &[Talk],
    side: Stance,
    plan: &QueryPlan,
) -> Vec<Line> {
    let sentences = post.body.sentences.iter().map(|sentence| sentence.span);
    lines_on_side(post, sentences, talks, side, plan)
}

fn lines_on_side(
    post: &Arc<Post>,
    spans: impl Iterator<Item = Span>,
    talks: &[Talk],
    side: Stance,
    plan: &QueryPlan,
) -> Vec<Line> {
    let body = &post.body;
    let line = |span| {
        let text = body.slice(span);
        if !can_be_line(text) || !has_word_for_talk(text) {
            return None;
        }
        // They are in the order of the post, and none is in another.
        let next = talks.partition_point(|talk| talk.heading.end() <= span.start());
        let last = next.checked_sub(1).and_then(|at| talks.get(at));
        let talk = last.filter(|talk| span.end() <= talk.end);
        let names_one =
            || talk.is_some() || capitalised_pairs(text).next().is_some() || text.contains(OPENING_QUOTES);
        let takes = |side| takes_side(body, span, post.language, side);
        let is_liked_most = || side == Stance::For && names_favourite(text) && !takes(Stance::Against);
        if !names_one() || !takes(side) && !is_liked_most() {
            return None;
        }
        let line = Line::graded_at(post, span);
        is_in_scope(post, line.section, span, plan)
            .then(|| Line { lead_in: talk.map(|talk| talk.heading), ..line })
    };
    spans.filter_map(line).collect()
}
