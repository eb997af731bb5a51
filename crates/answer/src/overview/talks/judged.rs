//! The sentences in which writers judge talks, for questions such as "which talks were the best?"

use std::sync::Arc;

use super::super::lines::Line;
use super::super::lines::is_in_scope;
use super::{Talk, can_be_line, has_word_for_talk};
use crate::{people::capitalised_pairs, plan::QueryPlan, shape_words::is_preference};
use takeaways_corpus::points::{shows_side, takes_side};
use takeaways_text::model::{Post, Span, Stance};

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
            (shows(Stance::For) || prefers()).then_some(Stance::For)
        }
    })
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
        if !names_one() || !takes_side(body, span, post.language, side) {
            return None;
        }
        let line = Line::graded_at(post, span);
        is_in_scope(post, line.section, span, plan)
            .then(|| Line { lead_in: talk.map(|talk| talk.heading), ..line })
    };
    spans.filter_map(line).collect()
}
