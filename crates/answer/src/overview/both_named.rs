//! The lines of a comparison that name several of its things: they may compare them.

use super::lines::{Line, lines_of_candidates, topic_candidates};
use super::picked_lines::PickedLines;
use super::weak_lines::is_readable;
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
};
use takeaways_text::model::Shape;

/// The maximum number of lines.
const MAX_LINES: usize = 4;
/// The maximum number of lines of an author.
const LINES_OF_AUTHOR: usize = 2;
/// How much of each thing a line must name. Its section names less.
const MIN_COVERAGE: f32 = 0.5;

/// The best lines that name two or more of some things; none if a side is an event, or they have different scopes.
pub(super) fn lines(engine: &Engine, sides: &[&QueryPlan]) -> Result<Vec<Line>, AnswerError> {
    let Some(first) = sides.first() else { return Ok(Vec::new()) };
    if sides.iter().any(|side| side.concepts.is_empty() || side.scope != first.scope) {
        return Ok(Vec::new());
    }
    let concepts: Vec<Concept> = sides.iter().flat_map(|side| side.concepts.iter().cloned()).collect();
    let plan = QueryPlan { concepts, ..(*first).clone() };
    let mut candidates = topic_candidates(engine, &plan, Shape::Comparison)?;
    candidates.retain(|candidate| {
        let mut coverage = candidate.concept_coverage.as_slice();
        let is_named = |side: &&&QueryPlan| {
            let (own, others) = coverage.split_at(side.concepts.len().min(coverage.len()));
            coverage = others;
            own.iter().all(|it| *it >= MIN_COVERAGE)
        };
        sides.iter().filter(is_named).count() > 1
    });
    let mut lines = lines_of_candidates(&candidates, &plan, Shape::Comparison);
    lines.retain(|line| is_readable(line, plan.language));
    Ok(PickedLines::default().pick(&lines, MAX_LINES, LINES_OF_AUTHOR))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};

    #[test]
    fn what_names_both_things_comes_first() {
        let both = "Most teams begin with Linkerd, and move to Istio only when they need more of it.";
        let engine = engine_of_recaps(&[
            ("Ann", "I found that Linkerd was excellent for our small clusters this year."),
            ("Bo", "For our team Istio was disappointing, because it broke each week."),
            ("Cy", both),
        ]);
        let overview = overview_of(&engine, "Linkerd vs Istio").expect("an overview");
        assert_sound(&overview);
        assert_eq!(overview.excerpts[0].quote.text, both);
        let counts: Vec<u32> = overview.groups.iter().map(|group| group.posts.posts).collect();
        assert_eq!(
            (counts, overview.topic.as_deref(), overview.too_few),
            (vec![1, 2, 2], Some("Linkerd or Istio"), false)
        );
    }
}
