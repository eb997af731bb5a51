//! Tells whether a candidate says what a question asks about a named thing: of "who founded Linkerd?", that somebody founded it.

use crate::{
    answer_type::{AnswerType, words_of_form},
    candidates::{Candidate, IN_AUTHOR, NEARBY},
    concepts::Concept,
    confidence::{Strictness, confidence},
    plan::QueryPlan,
    select::MAX_SCORE_GAP,
    shape_words::is_judgement,
};
use takeaways_text::{
    language,
    model::Shape,
    tokens::{is_any_stop_word, is_boilerplate},
};

/// The maximum number of names. What tells of more of them together is rarely about something else.
const MAX_NAMES: usize = 3;
/// The maximum number of words that tell what is asked about a thing. A longer question may be answered in other words.
const MAX_RELATION: usize = 2;
/// The minimum importance of such a word: at most one passage in twelve has it. Any post may say "use" or "run".
const MIN_IMPORTANCE: f32 = 2.0;
/// The maximum distance in words of such a word from the name of the thing.
const MAX_DISTANCE: u32 = 10;
/// The most words before the property of a thing: "what is the license of …".
const MAX_BEFORE_PROPERTY: usize = 3;

/// Whether a short question for a fact asks something about a named thing, and a candidate does not say that of it. One of two words
/// for what is asked is enough.
pub(crate) fn lacks_relation(plan: &QueryPlan, candidate: &Candidate) -> bool {
    let Some(relation) = asked_relation(plan) else { return false };
    // In another language it may be said in words that no table has.
    if candidate.post.language != plan.language {
        return false;
    }
    let coverage = |at: usize| candidate.concept_coverage.get(at).copied().unwrap_or_default();
    let says = |at: &usize| {
        // A heading or the speaker may say it, or the sentences themselves.
        coverage(*at) >= IN_AUTHOR && !candidate.own_words.has(*at)
            || candidate.own_words.has_near_name(*at, MAX_DISTANCE)
    };
    match (plan.answer_type, relation.as_slice()) {
        // What somebody does may be said in many ways, and a property in few.
        (AnswerType::Anything, [at]) => is_property(plan, *at) && coverage(*at) <= NEARBY,
        (AnswerType::Anything, _) => false,
        (AnswerType::HowMany, _) if candidate.has_counted_match => false,
        _ => !relation.iter().any(says),
    }
}

/// Puts the first sure candidate that says what a question asks about a named thing before the best one, if that does not and is
/// little better.
pub(crate) fn put_told_first(candidates: &mut [Candidate], plan: &QueryPlan) {
    let Some(best) = candidates.first().filter(|best| lacks_relation(plan, best)) else { return };
    let least = best.score - MAX_SCORE_GAP;
    // What lacks the relation is never sure.
    let tells = |it: &Candidate| {
        it.score >= least
            && it.post.language == plan.language
            && names_things(plan, it)
            && confidence(plan, it).1 >= Strictness::Strict.threshold()
    };
    if let Some(at) = candidates.iter().position(tells) {
        candidates.get_mut(..=at).unwrap_or_default().rotate_right(1);
    }
}

/// Whether a candidate or its context names all things of a question. What is only nearby does not count.
fn names_things(plan: &QueryPlan, candidate: &Candidate) -> bool {
    let mut covered = plan.concepts.iter().zip(&candidate.concept_coverage);
    covered.all(|(concept, coverage)| !concept.is_name_or_entity() || *coverage > NEARBY)
}

/// Returns the concepts that tell what a question asks about a few named things; `None` if it asks for something else, or limits the
/// posts.
fn asked_relation(plan: &QueryPlan) -> Option<Vec<usize>> {
    let asks_of_anything = matches!(
        plan.answer_type,
        AnswerType::Project | AnswerType::Meaning | AnswerType::Expansion | AnswerType::Impression
    );
    let scope = &plan.scope;
    let is_limited = !scope.events.is_empty() || scope.years.is_some() || !scope.authors.is_empty();
    let is_fact = plan.question.shape().shape == Shape::Fact;
    if asks_of_anything || is_limited || !is_fact || plan.language.matches_inside_words() {
        return None;
    }
    let questions = &language::all().questions;
    let asks_who = plan.answer_type == AnswerType::Who;
    // The workshop of "who gave the workshop on eBPF?" may be called a talk.
    let is_talk =
        |word: &str| asks_who && (questions.talks.has_word(word) || questions.talk_kinds.has_word(word));
    let tells = |concept: &Concept| {
        concept.importance >= MIN_IMPORTANCE
            && !concept.has_only(|word| is_boilerplate(word) || is_judgement(word) || is_talk(word))
    };
    let (mut names, mut relation, mut end_of_name) = (0, Vec::new(), None);
    for (at, concept) in plan.concepts.iter().enumerate() {
        if concept.is_name_or_entity() || concept.is_limit {
            // The words of "Liz Rice" are one name.
            names += usize::from(end_of_name != Some(concept.words.start));
            end_of_name = Some(concept.words.end);
        } else if tells(concept) {
            relation.push(at);
        }
    }
    // Most questions end here, before their forms are looked for.
    if !(1..=MAX_NAMES).contains(&names) || relation.is_empty() {
        return None;
    }
    let words = &plan.question.syntax.words;
    // The city of "in which city" need not be called one.
    let forms = [AnswerType::Company, AnswerType::When, AnswerType::Where, AnswerType::HowMany]
        .map(|answer_type| words_of_form(words, answer_type));
    relation.retain(|at| !forms.iter().any(|form| form.contains(&plan.concepts[*at].words.start)));
    (1..=MAX_RELATION).contains(&relation.len()).then_some(relation)
}

/// Whether a question asks for a property by this concept: "which license", "what is the license". In "what did Ann fix?" it is no
/// property.
fn is_property(plan: &QueryPlan, concept: usize) -> bool {
    let words = &plan.question.syntax.words;
    let asks_which = words.first().is_some_and(|it| language::all().questions.which.has_word(&it.text));
    let start = plan.concepts.get(concept).map_or(0, |it| it.words.start);
    let mut before = words.iter().take(start).skip(1);
    asks_which && (1..=MAX_BEFORE_PROPERTY).contains(&start) && before.all(|it| is_any_stop_word(&it.text))
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::Engine,
        samples::{engine_over, request},
    };

    const POST: &str = "# Mesh days\n\n\
        Nordstrom picked Linkerd, said Cody Vandermyn. He measured the delay of each call.\n\n\
        Alex Ellis, the founder of OpenFaaS, spoke on the first day, and in the afternoon we all met to hear how Linkerd adds TLS. \
        The Linkerd booth was full all day, and Linkerd gave away stickers and socks. \
        Prometheus was there too. Ann Lee bought the first ticket on Monday.\n\n\
        Falco watches the calls of the kernel. Kris Nova maintains the Falco project since March 2019. \
        Falco has the Apache license.\n";

    /// An engine over the post and others, since a word that is in most of a few passages tells nothing.
    fn engine() -> Engine {
        let other = |at| (format!("{at}.md"), format!("# Day {at}\n\nThe rooms were full on day {at}.\n"));
        let files: Vec<_> = (0..30).map(other).chain([("mesh.md".to_owned(), POST.to_owned())]).collect();
        engine_over(&files)
    }

    #[test]
    fn what_is_asked_about_a_thing_must_be_said_of_it() {
        let engine = engine();
        for (question, is_answered) in [
            ("Who founded OpenFaaS?", true),
            ("Who founded Linkerd?", false),
            ("who founded linkerd", false),
            ("Who maintains Falco?", true),
            ("Who maintains Prometheus?", false),
            ("When did Kris maintain Falco?", true),
            ("When was Linkerd founded?", false),
            ("What license does Falco have?", true),
            ("What license does Linkerd have?", false),
            ("Who sold Prometheus?", false),
            ("What does Falco watch?", true),
            // Another form of a synonym.
            ("Who chose Linkerd?", true),
            // A sentence without the name, after one that has it.
            ("What did Cody Vandermyn measure?", true),
        ] {
            let answer = engine.answer(&request(question)).expect("a readable index");
            assert_eq!(!answer.excerpts().is_empty(), is_answered, "{question}");
        }
    }
}
