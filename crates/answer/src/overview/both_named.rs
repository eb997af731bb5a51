//! The lines of a comparison that name both of two things: they may compare them.

use super::lines::{Line, PickedLines, lines_of_candidates, topic_candidates};
use super::weak_lines::is_readable;
use crate::{
    engine::{AnswerError, Engine, Request},
    plan::QueryPlan,
};
use takeaways_text::model::Shape;

/// The maximum number of lines.
const MAX_LINES: usize = 4;
/// The maximum number of lines of an author.
const LINES_OF_AUTHOR: usize = 2;
/// How much of each thing a line must name. Its section names less.
const MIN_COVERAGE: f32 = 0.5;

/// The best lines that name both of two things; none if a side is an event, or they have different scopes.
pub(super) fn lines(
    engine: &Engine,
    request: &Request,
    [first, second]: [&QueryPlan; 2],
) -> Result<Vec<Line>, AnswerError> {
    if first.concepts.is_empty() || second.concepts.is_empty() || first.scope != second.scope {
        return Ok(Vec::new());
    }
    let concepts = [first.concepts.as_slice(), second.concepts.as_slice()].concat();
    let plan = QueryPlan { concepts, ..first.clone() };
    let mut candidates = topic_candidates(engine, &plan, Shape::Comparison, request)?;
    candidates.retain(|candidate| candidate.concept_coverage.iter().all(|it| *it >= MIN_COVERAGE));
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
        assert_eq!(overview.groups.len(), 2, "{overview:?}");
    }
}
