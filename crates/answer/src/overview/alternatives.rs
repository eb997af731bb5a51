//! Alternatives in a topic, of which one is enough: the first two things of "local development / dev loop on Kubernetes".

use super::naming::joined_concepts;
use crate::{
    concepts::Concept,
    plan::QueryPlan,
    question_syntax::contains,
    word_forms::{PostLanguages, word_forms},
};
use takeaways_search::Index;
use takeaways_text::tokens::folding::fold;

/// The maximum number of words before the second of two alternatives that are no part of the topic: the "inner" of "inner dev loop".
const MAX_LEFT_OUT: usize = 1;
/// The minimum number of letters of a word that a stroke joins with another one.
const MIN_PART: usize = 4;

/// Joins the things that a topic offers as alternatives, by a stroke or a word such as "or".
pub(super) fn join_alternatives(plan: &mut QueryPlan, index: &Index) {
    // "Local development / dev loop" offers two things of two words each.
    let things = joined_concepts(plan, &plan.concepts);
    let things: Vec<Concept> = things.into_iter().map(|thing| with_parts(thing, index)).collect();
    let mut joined: Vec<Concept> = Vec::new();
    for (at, next) in things.iter().enumerate() {
        let [before, after] = [joined.len().checked_sub(2).and_then(|at| joined.get(at)), things.get(at + 1)];
        match joined.last() {
            Some(last) if are_alternatives([last, next], [before, after], plan) => {
                let either = either(last, next, plan);
                joined.pop();
                joined.push(either);
            }
            _ => joined.push(next.clone()),
        }
    }
    joined.retain(|concept| concept.is_choice);
    if joined.is_empty() {
        return;
    }
    // Other words stay as they were.
    let is_joined = |concept: &Concept| joined.iter().any(|choice| contains(&choice.words, &concept.words));
    let others = plan.concepts.iter().filter(|concept| !is_joined(concept)).cloned();
    plan.concepts = others.chain(joined.iter().cloned()).collect();
    plan.concepts.sort_by_key(|concept| concept.words.start);
}

/// Whether a question offers two things as alternatives. What stands right before or after them may be said of one alone.
fn are_alternatives(
    [first, second]: [&Concept; 2],
    [before, after]: [Option<&Concept>; 2],
    plan: &QueryPlan,
) -> bool {
    let syntax = &plan.question.syntax;
    if first.words == second.words {
        // The parts of "copy/paste"; those of "copy-paste" are one thing.
        return syntax.text_of(&first.words).is_some_and(|word| word.contains('/'));
    }
    let places = syntax.bytes_of(&first.words).zip(syntax.bytes_of(&second.words));
    let Some(between) = places.and_then(|(first, second)| syntax.text.get(first.end..second.start)) else {
        return false;
    };
    let mut words = between.split_whitespace();
    let offers = words
        .next()
        .is_some_and(|word| word == "/" || plan.language.words().shapes.or.contains(fold(word).as_str()))
        && words.count() <= MAX_LEFT_OUT;
    let is_beside = |a: &Concept, b: &Concept| {
        let places = syntax.bytes_of(&a.words).zip(syntax.bytes_of(&b.words));
        let between = places.and_then(|(a, b)| syntax.text.get(a.end..b.start));
        between.is_some_and(|it| it.trim().is_empty())
    };
    let is_alone =
        !before.is_some_and(|it| is_beside(it, first)) && !after.is_some_and(|it| is_beside(second, it));
    offers && (between == "/" || is_alone)
}

/// A concept with each part of its word if a stroke joins whole words, as in "containers/clouds". Parts as short as those of "I/O" are of
/// one name.
fn with_parts(mut concept: Concept, index: &Index) -> Concept {
    let word = concept.text.clone();
    let are_words = || word.split('/').all(|part| part.chars().count() >= MIN_PART);
    if word.contains(' ') || !word.contains('/') || !are_words() {
        return concept;
    }
    for part in word.split('/') {
        concept.alternatives.extend(word_forms(part, 1.0, PostLanguages::of_index(index)));
        concept.other_words.push((part.to_owned(), 1.0));
    }
    Concept { is_choice: true, own_forms: concept.alternatives.len(), ..concept }
}

/// The concept of one of two things.
fn either(first: &Concept, second: &Concept, plan: &QueryPlan) -> Concept {
    let words = first.words.start..second.words.end;
    let (own, others): (Vec<_>, Vec<_>) = [first, second]
        .map(|concept| concept.alternatives.split_at(concept.own_forms.min(concept.alternatives.len())))
        .into_iter()
        .unzip();
    let names = [first, second].map(|concept| (concept.text.clone(), 1.0));
    Concept {
        text: plan.question.syntax.text_of(&words).unwrap_or(&first.text).to_owned(),
        words,
        own_forms: own.iter().map(|forms| forms.len()).sum(),
        alternatives: own.into_iter().chain(others).flatten().cloned().collect(),
        other_words: first.other_words.iter().chain(&second.other_words).chain(&names).cloned().collect(),
        // What more posts have is more common.
        importance: first.importance.min(second.importance),
        is_name: first.is_name || second.is_name,
        is_entity: first.is_entity || second.is_entity,
        is_known: first.is_known || second.is_known,
        is_known_otherwise: first.is_known_otherwise || second.is_known_otherwise,
        is_required: first.is_required || second.is_required,
        is_choice: true,
        ..first.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use crate::{resolve::NameRole, samples::request};

    #[test]
    fn one_of_several_alternatives_is_enough() {
        let recaps = [
            ("Ada", "I think that breakfast for speakers was great, because nobody had to wait for it."),
            ("Bea", "I think that lunch for speakers was great, because most people could choose."),
            ("Cem", "Most teams should look at local development first, because it is easier to debug."),
        ];
        let engine = engine_of_recaps(&recaps);
        for (question, expected) in [
            ("breakfast / lunch for speakers", &["breakfast / lunch", "speakers"][..]),
            ("breakfast/lunch for speakers", &["breakfast/lunch", "speakers"]),
            ("breakfast or big lunch for speakers", &["breakfast or big lunch", "speakers"]),
            ("local development / lunch for speakers", &["local development / lunch", "speakers"]),
            ("breakfast and lunch for speakers", &["breakfast", "lunch", "speakers"]),
            ("the Istio/Lunch for speakers", &["Istio/Lunch", "speakers"]),
            ("breakfast-lunch for speakers", &["breakfast", "lunch", "speakers"]),
        ] {
            let mut plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
            super::join_alternatives(&mut plan, engine.index());
            let texts: Vec<&str> = plan.concepts.iter().map(|concept| concept.text.as_str()).collect();
            assert_eq!(texts, expected, "{question}");
        }
        for (question, expected) in [
            ("how many recaps mention breakfast / lunch for speakers?", Some(2)),
            ("how many recaps mention breakfast and lunch for speakers?", None),
        ] {
            let count = overview_of(&engine, question).and_then(|it| Some(it.groups.first()?.posts.posts));
            assert_eq!(count.filter(|posts| *posts > 0), expected, "{question}");
        }
    }
}
