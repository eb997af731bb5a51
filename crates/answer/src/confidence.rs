//! Computes the confidence: how likely the best candidate answers the question.
//!
//! It is a logistic regression over a few signals. `takeaways-eval fit` fits the weights and writes them to
//! `config/weights.toml` with their date and data.

use crate::{
    answer_type::AnswerType,
    candidates::Candidate,
    concepts::Concept,
    features::{Feature, Signal, Signals},
    origin::names_origin,
    plan::{QueryPlan, names_thing},
    relation::lacks_relation,
    weights::Weights,
};
use serde::{Deserialize, Serialize};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_text::model::{Scope, Span};

/// How much confidence an answer needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// Prefers no answer to a wrong one.
    Strict,
    /// As many wrong answers as wrong refusals.
    #[default]
    Balanced,
    /// Prefers an answer that may be wrong to none.
    Eager,
}

impl Strictness {
    /// Returns the minimum confidence of an answer.
    pub fn threshold(self) -> f32 {
        let thresholds = Weights::builtin().thresholds;
        match self {
            Self::Strict => thresholds.strict,
            Self::Balanced => thresholds.balanced,
            Self::Eager => thresholds.eager,
        }
    }
}

/// Returns the signals of a question with this best candidate, and its confidence from 0 to 1.
pub fn confidence(plan: &QueryPlan, best: &Candidate) -> (Signals, f32) {
    let signals = compute_signals(plan, best);
    let confidence = Weights::builtin().confidence(&signals);
    let limit = if is_about_something_else(plan, best) { Strictness::Eager.threshold() } else { 1.0 };
    (signals, confidence.min(limit))
}

/// The minimum share of the question, by importance, that an answer and its context cover if no kind of answer is asked for.
/// What covers less is about something else: about "cloud computing", for "confidential computing".
const MIN_ANSWER_COVERAGE: f32 = 0.35;
/// A question without an event or a person that has as many words that count, or fewer, is short. Each of them matters.
const MAX_SHORT: usize = 3;
/// The same share for a short question: "banana bread" does not say how to bake bread.
const MIN_SHORT_COVERAGE: f32 = 0.55;
/// The same share if its words stand apart in the answer: "a cup of coffee" for "the world" is not the World Cup.
const MIN_APART_COVERAGE: f32 = 0.65;
/// The minimum share of a short question that the answer covers without its context, of what its author and the heading of its section
/// do not tell.
const MIN_SHORT_DIRECT: f32 = 0.35;

/// The same share without the name that matters most: what others do in production does not tell what Acme does.
const MIN_NAMELESS_COVERAGE: f32 = 0.5;

/// A name that matters at least so much, as a share of the most important word, may tell whose number is asked for.
const NEAR_IMPORTANCE: f32 = 0.5;

/// Whether a candidate covers so little of the question that it is about something else.
fn is_about_something_else(plan: &QueryPlan, best: &Candidate) -> bool {
    let coverage = best.features.get(Feature::Coverage);
    // "What does SMI stand for, and who spoke of it?" has other answers.
    if plan.answer_type == AnswerType::Expansion && plan.concepts.len() == 1 {
        return best.matches_answer_type == Some(false);
    }
    if lacks_relation(plan, best) {
        return true;
    }
    let words = plan.concepts.iter().filter(|concept| concept.importance > 0.0 && !concept.is_weak()).count();
    let Scope { events, authors, people, .. } = &plan.scope;
    // Years, or a conference that most posts are about, tell nothing of what is asked.
    let has_scope = !(events.is_empty() && authors.is_empty() && people.is_empty());
    if !has_scope && (1..=MAX_SHORT).contains(&words) {
        let least = if has_words_apart(plan, best) { MIN_APART_COVERAGE } else { MIN_SHORT_COVERAGE };
        let own = best.own_words.share_of_rest(&plan.concepts);
        return with_scope(plan, coverage) < least || own < MIN_SHORT_DIRECT;
    }
    match plan.answer_type {
        AnswerType::HowMany => has_number_of_others(plan, best),
        _ if coverage < MIN_NAMELESS_COVERAGE && lacks_main_name(plan, best) => true,
        AnswerType::Anything => coverage < MIN_ANSWER_COVERAGE || lacks_main_project(plan, best),
        // A person or a day beside few of the words may answer all the same.
        _ => false,
    }
}

/// The most important word of a question, if posts have it and neither a candidate nor its context does.
fn lacked_main_word<'p>(plan: &'p QueryPlan, best: &Candidate) -> Option<&'p Concept> {
    let concepts = plan.concepts.iter().zip(&best.concept_coverage);
    let (main, coverage) = concepts.max_by(|a, b| a.0.importance.total_cmp(&b.0.importance))?;
    (main.is_known && *coverage <= 0.0).then_some(main)
}

/// Whether a candidate lacks the project that a question is about. The name of a company may tell whose words are asked for.
fn lacks_main_project(plan: &QueryPlan, best: &Candidate) -> bool {
    lacked_main_word(plan, best).is_some_and(|main| {
        let mentions = EntityTable::builtin().mentions(&main.text);
        mentions.iter().any(|mention| mention.kind == EntityKind::Project)
    })
}

/// Whether the most important word of a question is a name that posts have, and neither a candidate nor its context does.
fn lacks_main_name(plan: &QueryPlan, best: &Candidate) -> bool {
    lacked_main_word(plan, best).is_some_and(|main| main.is_name)
}

/// Whether a candidate lacks the name of whose number a question asks for, and has no other name that may be it.
fn has_number_of_others(plan: &QueryPlan, best: &Candidate) -> bool {
    lacked_main_word(plan, best).is_some_and(|main| {
        let mut concepts = plan.concepts.iter().zip(&best.concept_coverage);
        let is_like =
            |other: &Concept| other.is_name && other.importance >= NEAR_IMPORTANCE * main.importance;
        main.is_name
            && !names_origin(&main.text, &best.post)
            && !concepts.any(|(other, coverage)| is_like(other) && *coverage > 0.0)
    })
}

/// The maximum number of words between two words of the question that stand for one thing.
const MAX_BETWEEN: usize = 6;

/// Whether a candidate has several words of the question, none of them near another one. A name tells what the candidate is about
/// wherever it stands, and a text without blanks has no words to count.
fn has_words_apart(plan: &QueryPlan, best: &Candidate) -> bool {
    let mut concepts = plan.concepts.iter().zip(&best.concept_coverage);
    let names_subject = concepts.any(|(concept, coverage)| {
        *coverage >= MIN_DIRECT_COVERAGE && (concept.is_name || names_thing(&concept.text))
    });
    let is_far = |pair: &[Span]| {
        let between = best.post.body.text.get(pair[0].end()..pair[1].start()).unwrap_or_default();
        between.split_whitespace().nth(MAX_BETWEEN).is_some()
    };
    best.marks.len() > 1
        && !names_subject
        && !best.post.language.matches_inside_words()
        && best.marks.windows(2).all(is_far)
}

/// The maximum count of names or words.
const MAX_COUNTED: u8 = 6;
/// The minimum coverage of a concept that counts as covered. A loose synonym or a word nearby does not count.
const MIN_DIRECT_COVERAGE: f32 = 0.5;
/// The minimum share whose logarithm becomes a signal, since the logarithm of 0 is infinite.
const MIN_SHARE: f32 = 0.03;

/// The share of a question that is covered, of which its words cover a share. A named event, year or author that posts are about is
/// a covered part of it.
fn with_scope(plan: &QueryPlan, of_words: f32) -> f32 {
    let words: f32 = plan.concepts.iter().map(|concept| concept.importance).sum();
    (of_words * words + plan.scope_importance) / (words + plan.scope_importance).max(f32::EPSILON)
}

/// Computes the signals of a question with this best candidate.
fn compute_signals(plan: &QueryPlan, best: &Candidate) -> Signals {
    let mut signals = Signals::default();
    for (signal, feature) in [(Signal::Misfits, Feature::Misfits), (Signal::NoNumber, Feature::NoNumber)] {
        signals.set(signal, best.features.get(feature));
    }
    let words: f32 = plan.concepts.iter().map(|concept| concept.importance).sum();
    // A split name is another name.
    let is_split = |at: usize| best.split_names.contains(&at);
    let split: f32 =
        (0..).zip(&plan.concepts).filter(|(at, _)| is_split(*at)).map(|(_, it)| it.importance).sum();
    let split = split / words.max(f32::EPSILON);
    let log_share = |feature| with_scope(plan, best.features.get(feature) - split).max(MIN_SHARE).ln();
    signals.set(Signal::Coverage, log_share(Feature::Coverage));
    signals.set(Signal::Direct, log_share(Feature::Direct));
    let is_whole = best.features.get(Feature::Coverage) > 0.999 && best.split_names.is_empty();
    signals.set_flag(Signal::Whole, is_whole);
    signals.set_flag(Signal::Uncounted, plan.answer_type == AnswerType::HowMany && !best.has_counted_match);
    set_concept_counts(&mut signals, &plan.concepts, &best.concept_coverage, !plan.scope.is_everything());
    signals
}

/// Sets the signals that count names and concepts.
fn set_concept_counts(signals: &mut Signals, concepts: &[Concept], coverage: &[f32], is_scoped: bool) {
    let count = |is_counted: &dyn Fn(&Concept, f32) -> bool| {
        let pairs = concepts.iter().zip(coverage);
        let count = pairs.filter(|(concept, coverage)| is_counted(concept, **coverage)).count();
        f32::from(u8::try_from(count).unwrap_or(u8::MAX).min(MAX_COUNTED))
    };
    signals.set(
        Signal::NamesUnsaid,
        count(&|concept, coverage| concept.is_name && concept.is_known && coverage <= 0.0),
    );
    // What no post says may still name where one is from.
    signals.set(
        Signal::NamesUnknown,
        count(&|concept, coverage| concept.is_name && !concept.is_known && coverage <= 0.0),
    );
    // The words of an event that an answer must mention weigh nothing.
    let covered = count(&|concept, coverage| {
        concept.importance > 0.0 && !concept.is_weak() && coverage >= MIN_DIRECT_COVERAGE
    });
    signals.set(Signal::Said, (covered + 0.5 * f32::from(u8::from(is_scoped))).ln_1p());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answer_type::AnswerType,
        features::Signal,
        samples::{self, candidate, post},
    };

    const TEXT: &str = "The mesh is young.";

    /// A plan that looks for some words.
    fn plan(words: &[&str], answer_type: AnswerType) -> QueryPlan {
        QueryPlan { answer_type, ..samples::plan(words) }
    }

    fn signals(plan: &QueryPlan) -> (Signals, f32) {
        let post = post("a", &format!("{TEXT}\n"));
        confidence(plan, &candidate(&post, &plan.concepts, plan.answer_type, TEXT))
    }

    #[test]
    fn missing_words_lower_the_confidence() {
        let whole = plan(&["mesh", "young"], AnswerType::Anything);
        let half = plan(&["mesh", "sourdough"], AnswerType::Anything);
        let none = plan(&["bread", "sourdough"], AnswerType::Anything);
        let confidences = [&whole, &half, &none].map(|plan| signals(plan).1);
        assert!(confidences.is_sorted_by(|a, b| a > b), "{confidences:?}");
        assert!(confidences.iter().all(|it| (0.0..=1.0).contains(it)), "{confidences:?}");
    }

    #[test]
    fn coverage_is_a_logarithm_with_a_floor() {
        for (words, expected) in [
            (vec!["mesh"], 0.0_f32),
            (vec!["mesh", "sourdough"], 0.5_f32.ln()),
            (vec!["sourdough"], 0.03_f32.ln()),
        ] {
            let (signals, _) = signals(&plan(&words, AnswerType::Anything));
            assert!((signals.get(Signal::Coverage) - expected).abs() < 1e-5, "{words:?}");
        }
    }

    #[test]
    fn flags_are_set_where_they_hold() {
        for (plan, signal, expected) in [
            (plan(&["mesh"], AnswerType::Anything), Signal::Whole, 1.0),
            (plan(&["mesh", "sourdough"], AnswerType::Anything), Signal::Whole, 0.0),
            (plan(&["mesh"], AnswerType::HowMany), Signal::Uncounted, 1.0),
            (plan(&["mesh"], AnswerType::HowMany), Signal::NoNumber, 1.0),
            (plan(&["mesh"], AnswerType::Anything), Signal::Uncounted, 0.0),
        ] {
            let (signals, _) = signals(&plan);
            assert!((signals.get(signal) - expected).abs() < 1e-6, "{}", signal.name());
        }
    }

    #[test]
    fn words_that_weigh_nothing_are_not_counted() {
        let mut plan = plan(&["mesh", "young"], AnswerType::Anything);
        let said = |plan: &QueryPlan| signals(plan).0.get(Signal::Said);
        let both = said(&plan);
        plan.concepts[1].importance = 0.0;
        assert!(said(&plan) < both);
    }

    #[test]
    fn names_count_as_unsaid_or_unknown() {
        let mut plan = plan(&["mesh", "Istio", "Zanzibar"], AnswerType::Anything);
        for concept in &mut plan.concepts[1..] {
            concept.is_name = true;
        }
        plan.concepts[2].is_known = false;
        let (signals, _) = signals(&plan);
        assert!((signals.get(Signal::NamesUnsaid) - 1.0).abs() < 1e-6);
        assert!((signals.get(Signal::NamesUnknown) - 1.0).abs() < 1e-6);
    }

    /// Whether the text is no sure answer to a question for these words.
    fn is_unsure(plan: &QueryPlan) -> bool {
        signals(plan).1 <= Strictness::Eager.threshold()
    }

    #[test]
    fn what_does_not_name_the_subject_answers_only_if_it_covers_most_of_the_rest() {
        let mut plan = plan(&["mesh", "young", "Acme", "pods"], AnswerType::Anything);
        assert!(!is_unsure(&plan));
        plan.concepts[2].is_name = true;
        plan.concepts[2].importance *= 1.5;
        assert!(is_unsure(&plan));
        plan.concepts[3].importance = 0.0;
        assert!(!is_unsure(&plan));
    }

    #[test]
    fn what_covers_little_of_the_question_is_no_sure_answer() {
        let post = post("a", &format!("{TEXT}\n"));
        let short = (plan(&["mesh", "sourdough"], AnswerType::When), true);
        let long = (plan(&["mesh", "young", "sourdough", "hydroponics"], AnswerType::Anything), false);
        let other = (plan(&["mesh", "bread", "sourdough", "hydroponics"], AnswerType::Anything), true);
        let mut scoped = plan(&["mesh", "sourdough"], AnswerType::When);
        scoped.scope.authors.push("Ann Lee".into());
        let mut of_series = plan(&["mesh", "sourdough"], AnswerType::When);
        of_series.series.push("KubeCon".into());
        let mut of_years = plan(&["mesh", "sourdough"], AnswerType::When);
        of_years.scope.years = "2022".parse().ok();
        for (plan, is_limited) in [
            (plan(&["mesh"], AnswerType::Anything), false),
            short,
            (scoped, false),
            (of_years, true),
            (of_series, true),
            long,
            other,
        ] {
            let words = &plan.concepts;
            let best = candidate(&post, &plan.concepts, plan.answer_type, TEXT);
            let (_, confidence) = confidence(&plan, &best);
            assert_eq!(confidence <= Strictness::Eager.threshold(), is_limited, "{words:?}: {confidence}");
        }
    }

    #[test]
    fn words_that_are_apart_are_no_evidence_for_a_short_question() {
        for (text, is_limited) in [
            ("A cup of coffee tells you what happens in the world.", true),
            ("The cup of coffee and of all the world is full.", false),
        ] {
            let mut plan = plan(&["won", "world", "cup"], AnswerType::Anything);
            plan.concepts[0].importance *= 1.3;
            let post = post("a", &format!("{text}\n"));
            let best = candidate(&post, &plan.concepts, plan.answer_type, text);
            let (_, confidence) = confidence(&plan, &best);
            assert_eq!(confidence <= Strictness::Eager.threshold(), is_limited, "{text}: {confidence}");
        }
    }

    #[test]
    fn strictness_orders_the_thresholds() {
        let thresholds =
            [Strictness::Strict, Strictness::Balanced, Strictness::Eager].map(Strictness::threshold);
        assert!(thresholds.is_sorted_by(|a, b| a > b), "{thresholds:?}");
    }
}
