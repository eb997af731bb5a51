//! The topic of an overview, as the question words it.

use super::{several, shape};
use crate::{concepts::Concept, plan::QueryPlan};
use takeaways_text::model::Shape;
use takeaways_text::tokens::is_stop_word;

/// What is counted of the topic of a plan: the things, if it names any. "45 recaps name service meshes" is clear, and "24 recaps
/// name problems with service meshes" is not.
pub(super) fn counted(plan: &QueryPlan, shape: Shape) -> Vec<Concept> {
    // Each of several things is counted, also one that is in no table.
    let things = match shape {
        Shape::Count | Shape::Trend => Vec::new(),
        _ if !several::things_listed(plan).is_empty() => Vec::new(),
        _ => shape::things(plan),
    };
    if things.is_empty() { plan.concepts.clone() } else { things }
}

/// What is counted, as the question words it: `cost of observability`, `Istio or Linkerd`; `None` if it has no topic.
pub(super) fn topic_text(plan: &QueryPlan, shape: Shape) -> Option<String> {
    let concepts = counted(plan, shape);
    let things = several::things_listed(&QueryPlan { concepts: concepts.clone(), ..plan.clone() });
    if things.is_empty() {
        return words_of(&concepts, plan);
    }
    // A recap that names one of several things counts.
    let names: Vec<String> = things.iter().filter_map(|thing| words_of(thing, plan)).collect();
    Some(plan.language.refusals().any_of(&names))
}

/// The words of concepts, as the question has them.
fn words_of(concepts: &[Concept], plan: &QueryPlan) -> Option<String> {
    let words = concepts.first()?.words.start..concepts.last()?.words.end;
    let syntax = &plan.question.syntax;
    let is_of_topic = |at: usize| {
        let is_told = concepts.iter().any(|concept| concept.words.contains(&at));
        is_told || syntax.words.get(at).is_some_and(|word| is_stop_word(&word.text, plan.language))
    };
    let bytes = syntax.bytes_of(&words).filter(|_| words.clone().all(is_of_topic));
    let text = bytes.and_then(|bytes| syntax.text.get(bytes)).unwrap_or_default();
    if text.is_empty() || text.contains([',', ':', ';', '.', '?', '!', '(', ')']) {
        let mut told = String::new();
        let mut end = None;
        for concept in concepts {
            let bytes = syntax.bytes_of(&concept.words).unwrap_or_default();
            let between = end.and_then(|end| syntax.text.get(end..bytes.start));
            told.push_str(between.map_or("", |text| if text.trim().is_empty() { " " } else { ", " }));
            told.push_str(&concept.text);
            end = Some(bytes.end);
        }
        return Some(told);
    }
    Some(text.to_owned())
}
