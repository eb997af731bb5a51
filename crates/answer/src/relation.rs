//! Tells whether a candidate says what a question asks about a named thing: of "who founded Linkerd?", that somebody founded it.

use crate::{
    answer_type::{AnswerType, words_of_form},
    candidates::Candidate,
    concepts::Concept,
    confidence::MIN_DIRECT_COVERAGE,
    plan::QueryPlan,
};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_text::{language, tokens::is_boilerplate};

/// The maximum number of names. What tells of more of them together is rarely about something else.
const MAX_NAMES: usize = 3;
/// The maximum number of words that tell what is asked about a thing. A longer question may be answered in other words.
const MAX_RELATION: usize = 2;
/// The minimum importance of such a word: at most one passage in twelve has it. Any post may say "use" or "run".
const MIN_IMPORTANCE: f32 = 2.0;
/// The maximum distance in words of such a word from the name of the thing.
const MAX_DISTANCE: u32 = 10;
/// The coverage of a property that only the sentences around have, or a loose synonym: the "license" of "what license does Linkerd
/// use?".
const LOOSE_COVERAGE: f32 = 0.25;

/// Whether a short question asks something about a named thing, and a candidate does not say that of it.
pub(crate) fn lacks_relation(plan: &QueryPlan, candidate: &Candidate) -> bool {
    let Some(relation) = asked_relation(plan) else { return false };
    // In another language it may be said in words that no table has.
    if candidate.post.language != plan.language {
        return false;
    }
    let coverage = |at: usize| candidate.concept_coverage.get(at).copied().unwrap_or_default();
    let says = |at: &usize| {
        let own = candidate.own_words.coverage_of(*at);
        let is_around = own < MIN_DIRECT_COVERAGE && coverage(*at) >= MIN_DIRECT_COVERAGE;
        is_around || candidate.own_words.has_near_name(*at, MAX_DISTANCE)
    };
    let is_misfit = candidate.matches_answer_type == Some(false);
    match (plan.answer_type, relation.as_slice()) {
        // Other questions without a kind of answer are about what somebody does, which may be said in many ways.
        (AnswerType::Anything, [property]) => asks_which(plan) && coverage(*property) <= LOOSE_COVERAGE,
        (AnswerType::Anything, _) => false,
        (AnswerType::HowMany, _) if candidate.has_counted_match => false,
        (AnswerType::When, _) if is_misfit => true,
        (AnswerType::Who, _) if is_misfit && !names_company(candidate) => true,
        _ => !relation.iter().any(says),
    }
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
    if asks_of_anything || is_limited || plan.language.matches_inside_words() {
        return None;
    }
    let words = &plan.question.syntax.words;
    // The city of "in which city" need not be called one.
    let forms = [AnswerType::When, AnswerType::Where, AnswerType::HowMany]
        .map(|answer_type| words_of_form(words, answer_type));
    let tells = |concept: &Concept| {
        concept.importance >= MIN_IMPORTANCE
            && !concept.has_only(is_boilerplate)
            && !forms.iter().any(|form| form.contains(&concept.words.start))
    };
    let (mut names, mut relation, mut end_of_name) = (0, Vec::new(), None);
    for (at, concept) in plan.concepts.iter().enumerate() {
        if concept.is_thing() || concept.is_limit {
            // The words of "Liz Rice" are one name.
            names += usize::from(end_of_name != Some(concept.words.start));
            end_of_name = Some(concept.words.end);
        } else if tells(concept) {
            relation.push(at);
        }
    }
    let is_short = (1..=MAX_NAMES).contains(&names) && (1..=MAX_RELATION).contains(&relation.len());
    is_short.then_some(relation)
}

/// Whether a question begins with a word like "which" or "what".
fn asks_which(plan: &QueryPlan) -> bool {
    let first = plan.question.syntax.words.first();
    first.is_some_and(|word| language::all().questions.which.has_word(&word.text))
}

/// Whether a candidate names a company, which may be who did something.
fn names_company(candidate: &Candidate) -> bool {
    let mentions = EntityTable::builtin().mentions(candidate.post.body.slice(candidate.span));
    mentions.iter().any(|mention| mention.kind == EntityKind::Company)
}

#[cfg(test)]
mod tests {
    use crate::samples::{engine_over, request};

    const POST: &str = "# Mesh days\n\n\
        Alex Ellis, the founder of OpenFaaS, spoke on the first day, and in the afternoon we all met to hear how Linkerd adds TLS. \
        The Linkerd booth was full all day, and Linkerd gave away stickers and socks. \
        Prometheus was there too. Ann Lee bought the first ticket on Monday.\n\n\
        Falco watches the calls of the kernel. Kris Nova maintains the Falco project since March 2019. \
        Falco has the Apache license.\n";

    #[test]
    fn what_is_asked_about_a_thing_must_be_said_of_it() {
        // A word that is in most of a few passages tells nothing.
        let others = (0..30)
            .map(|at| (format!("{at}.md"), format!("# Day {at}\n\nThe rooms were full on day {at}.\n")));
        let files: Vec<_> = others.chain([("mesh.md".to_owned(), POST.to_owned())]).collect();
        let engine = engine_over(&files);
        for (question, is_answered) in [
            ("Who founded OpenFaaS?", true),
            ("Who founded Linkerd?", false),
            ("Who maintains Falco?", true),
            ("Who maintains Prometheus?", false),
            ("When did Kris maintain Falco?", true),
            ("When was Linkerd founded?", false),
            ("What license does Falco have?", true),
            ("What license does Linkerd have?", false),
            ("Who sold Prometheus?", false),
            ("What does Falco watch?", true),
        ] {
            let answer = engine.answer(&request(question)).expect("a readable index");
            assert_eq!(!answer.excerpts().is_empty(), is_answered, "{question}");
        }
    }
}
