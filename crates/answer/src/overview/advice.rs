//! What writers advise those who go to an event.

use std::sync::Arc;

use super::lines::{Line, MAX_PASSAGES, points_of_posts, prefer_attendee_advice, sort_best_first};
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    features::Feature,
    plan::QueryPlan,
};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::model::{Post, ReasonKind, Shape};

/// With fewer lines of advice for people who go to events, other advice follows.
const ENOUGH_LINES: usize = 3;
/// With fewer signs, what is about a technology is advice for its users: "Register the resource definition at the API server".
const SURE_SIGNS: u8 = 3;
/// What it adds to the grade of a line that it has all other words of the question.
const WORDS_GAIN: f32 = 1.5;

/// Whether a line advises people who go to events.
fn is_for_attendees(line: &Line) -> bool {
    let signs = line.kind.attendee_advice;
    signs >= SURE_SIGNS || signs > 0 && !is_about_content(line)
}

/// Whether a line names a project, a company or a topic of the content of events.
fn is_about_content(line: &Line) -> bool {
    let table = TopicTable::builtin();
    let mut topics = line.topics.iter().filter_map(|topic| table.id_at(*topic));
    !line.entities.is_empty() || topics.any(|topic| !is_event_topic(topic))
}

/// What the posts advise, best first. `other_words` are those of the question beside its scope: lines with them come first.
pub(super) fn lines(
    engine: &Engine,
    posts: &[Arc<Post>],
    plan: &QueryPlan,
    other_words: Vec<Concept>,
    request: &Request,
) -> Result<Vec<Line>, AnswerError> {
    let (mut lines, others): (Vec<Line>, Vec<Line>) =
        points_of_posts(posts, plan).into_iter().partition(is_for_attendees);
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
        lines.splice(..0, best.filter(is_for_attendees));
    }
    if lines.len() < ENOUGH_LINES {
        lines.extend(others.into_iter().filter(|line| line.kind.advises));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};

    #[test]
    fn what_users_of_a_technology_should_do_is_no_tip_for_visitors() {
        let tips = "Book your hotel early, because the rooms near the venue sell out.\n\n\
            Bring comfortable shoes, because the walk between the rooms is long.\n\n\
            Plan your sessions beforehand, because the rooms fill up quickly.\n";
        let other = "Register the operator in Kubernetes first, because most teams forget it.";
        let engine = engine_of_recaps(&[("Ada", tips), ("Bea", other)]);
        let overview = overview_of(&engine, "tips for KubeCon newcomers").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.len() >= 3 && !lines.contains(&other), "{lines:?}");
    }
}
