//! What writers advise those who go to an event.

use std::sync::Arc;

use super::lines::{Line, MAX_PASSAGES, points_of_posts, prefer_attendee_advice, sort_best_first};
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    features::Feature,
    plan::QueryPlan,
};
use takeaways_text::model::{Post, ReasonKind, Shape};

/// With fewer lines of advice for people who go to events, other advice follows.
const ENOUGH_LINES: usize = 3;
/// What it adds to the grade of a line that it has all other words of the question.
const WORDS_GAIN: f32 = 1.5;

/// What the posts advise, best first. `other_words` are those of the question beside its scope: lines with them come first.
pub(super) fn lines(
    engine: &Engine,
    posts: &[Arc<Post>],
    plan: &QueryPlan,
    other_words: Vec<Concept>,
    request: &Request,
) -> Result<Vec<Line>, AnswerError> {
    let (mut lines, others): (Vec<Line>, Vec<Line>) =
        points_of_posts(posts, plan).into_iter().partition(|line| line.kind.attendee_advice > 0);
    prefer_attendee_advice(&mut lines);
    let plan = QueryPlan { concepts: other_words, ..plan.clone() };
    for candidate in engine.candidates(request, &plan, MAX_PASSAGES)? {
        let coverage = candidate.features.get(Feature::Coverage);
        let is_of =
            |line: &&mut Line| line.post.id == candidate.post.id && line.span.overlaps(candidate.span);
        for line in lines.iter_mut().filter(is_of) {
            line.add(ReasonKind::Rank, WORDS_GAIN * coverage);
        }
    }
    sort_best_first(&mut lines);
    if !plan.concepts.is_empty() {
        let (best, _) = engine.best_line(Shape::Advice, request)?;
        lines.splice(..0, best.filter(|line| line.kind.attendee_advice > 0));
    }
    if lines.len() < ENOUGH_LINES {
        lines.extend(others.into_iter().filter(|line| line.kind.advises));
    }
    Ok(lines)
}
