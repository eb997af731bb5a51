//! What a comparison of events asks about: "was the food better in Valencia or in Amsterdam?"

use super::lines::{Line, topic_lines};
use crate::{
    engine::{AnswerError, Engine, Request},
    plan::QueryPlan,
    question_syntax::overlap,
};
use takeaways_text::model::{QuestionShape, Shape};

/// The lines of a side on what a question asks about beside its sides, best first; none if the side is a thing, or if nothing
/// else is asked about. `plan` is that of the whole question.
pub(super) fn lines(
    engine: &Engine,
    request: &Request,
    plan: &QueryPlan,
    shape: &QuestionShape,
    side: &QueryPlan,
) -> Result<Vec<Line>, AnswerError> {
    let mut asked = plan.clone();
    asked.keep_topic(shape);
    let words = &plan.question.syntax.words;
    let is_of_side = |word: usize| {
        let word = words.get(word);
        shape.sides.iter().flatten().any(|side| word.is_some_and(|word| overlap(side, &word.range)))
    };
    asked.concepts.retain(|concept| concept.is_known && !concept.words.clone().any(is_of_side));
    if asked.concepts.is_empty() || !side.concepts.is_empty() {
        return Ok(Vec::new());
    }
    topic_lines(engine, &QueryPlan { concepts: asked.concepts, ..side.clone() }, Shape::Comparison, request)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of, overview_of};

    #[test]
    fn what_is_asked_about_two_events_comes_first() {
        let recap = |year: i16, text: &str| {
            let text = format!("---\ntitle: R\nevent: KubeCon EU {year}\n---\n\n{text}\n");
            (format!("{year}.md"), text)
        };
        let months = "Most teams should start without a mesh, because it takes months to learn it well.\n\n";
        let engine = engine_of(&[
            recap(2018, &format!("{months}The lunch was cold and the queues for it were long.")),
            recap(2019, &format!("{months}The lunch was warm, and everybody could sit down for it.")),
        ]);
        let question = "which was better for lunch, KubeCon EU 2018 or KubeCon EU 2019?";
        let overview = overview_of(&engine, question).expect("an overview");
        assert_sound(&overview);
        for group in &overview.groups {
            let first = &overview.excerpts[group.lines.start].quote.text;
            assert!(first.contains("lunch"), "{first}");
        }
        assert_eq!(overview.groups.len(), 2);
    }
}
