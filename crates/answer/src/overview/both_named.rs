//! The lines of a comparison that name several of its sides: they may compare them.

use std::sync::Arc;

use super::lines::{Line, lines_of_candidates, topic_candidates};
use super::listed::lines_of_best_list;
use super::picked_lines::PickedLines;
use super::weak_lines::is_readable;
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    resolve::NameRole,
};
use takeaways_text::model::Shape;

/// The maximum number of lines in a comparison.
const MAX_LINES: usize = 4;
/// The same of an author.
const LINES_OF_AUTHOR: usize = 2;
/// How much of each thing a line must name. Its section names less.
const MIN_COVERAGE: f32 = 0.5;

/// What tells of two or more of the sides of a comparison, the best first.
#[derive(Default)]
pub(super) struct LinesOnBoth {
    /// The items of a list that an introduction announces: "the differences between the two:".
    pub listed: Vec<Line>,
    pub lines: Vec<Line>,
}

impl LinesOnBoth {
    /// Finds those that name several things, for the sides of a question with this plan; none if a side is an event, or they have different scopes.
    pub fn find(engine: &Engine, asked: &QueryPlan, sides: &[&QueryPlan]) -> Result<Self, AnswerError> {
        let Some(first) = sides.first() else { return Ok(Self::default()) };
        if sides.iter().any(|side| side.concepts.is_empty() || side.scope != first.scope) {
            return Ok(Self::default());
        }
        let concepts: Vec<Concept> = sides.iter().flat_map(|side| side.concepts.iter().cloned()).collect();
        let plan = QueryPlan { concepts, ..(*first).clone() };
        let mut candidates = topic_candidates(engine, &plan, Shape::Comparison)?;
        // A side has only its own words.
        let whole = QueryPlan {
            question: Arc::clone(&asked.question),
            request: Arc::clone(&asked.request),
            ..plan.clone()
        };
        let all_words = engine.plan_again(&whole, NameRole::Subject)?;
        let listed = lines_of_best_list(&candidates, &whole, &all_words, Shape::Comparison);
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
        Ok(Self { listed, lines })
    }

    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.lines.is_empty()
    }

    /// All of them.
    pub fn into_lines(self) -> Vec<Line> {
        let Self { mut listed, lines } = self;
        listed.extend(lines);
        listed
    }

    /// Picks those that a comparison shows.
    pub fn pick(&self, picked: &mut PickedLines) -> Vec<Line> {
        let mut lines = picked.pick(&self.listed, MAX_LINES, MAX_LINES);
        let room = MAX_LINES - lines.len();
        lines.extend(picked.pick(&self.lines, room, LINES_OF_AUTHOR));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};

    #[test]
    fn a_list_of_the_differences_comes_first() {
        let text = "Istio and Linkerd both make the life of a team easier. The main differences between them are:\n\n\
            - Linkerd has few settings, and most teams need none of them.\n\
            - Istio has more of what large teams ask for, and more to learn.\n";
        let engine = engine_of_recaps(&[
            ("Ann", "I found that Linkerd was excellent for our small clusters this year."),
            ("Bo", "For our team Istio was disappointing, because it broke each week."),
            ("Cy", text),
        ]);
        let overview = overview_of(&engine, "difference between Istio and Linkerd?").expect("an overview");
        assert_sound(&overview);
        let lines: Vec<&str> =
            overview.excerpts.iter().map(|line| line.quote.text.as_str()).take(2).collect();
        let expected = [
            "Linkerd has few settings, and most teams need none of them.",
            "Istio has more of what large teams ask for, and more to learn.",
        ];
        assert_eq!(lines, expected, "{overview:?}");
    }

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
