//! How likely it is that the best candidate answers the question, and when that is too little.
//!
//! A logistic regression over a few signals, each of which can be said in words. Its weights were fitted by
//! `takeaways-eval fit` and lie in `config/weights.toml` with their date and data.
//!
//! The signals of a question, computed from its plan and its best candidate.

use crate::{
    answer_type::AnswerType,
    candidates::Candidate,
    concepts::Concept,
    features::{Feature, Signal, Signals},
    plan::QueryPlan,
    weights::Weights,
};
use serde::{Deserialize, Serialize};

/// How sure it has to be to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// Rather no answer than a wrong one.
    Strict,
    /// As many wrong answers as wrong refusals.
    #[default]
    Balanced,
    /// Rather an answer that may not fit than none.
    Eager,
}

impl Strictness {
    /// The least confidence with which an answer is given.
    #[must_use]
    pub fn threshold(self) -> f32 {
        let thresholds = Weights::builtin().thresholds;
        match self {
            Self::Strict => thresholds.strict,
            Self::Balanced => thresholds.balanced,
            Self::Eager => thresholds.eager,
        }
    }
}

/// The signals of the best candidate of a question, and what they come to: 0 to 1.
#[must_use]
pub fn confidence(plan: &QueryPlan, first: &Candidate) -> (Signals, f32) {
    let signals = signals_of(plan, first);
    let confidence = Weights::builtin().confidence(&signals);
    (signals, confidence)
}

/// The most names or words that are counted.
const MAX_COUNTED: u8 = 6;
/// What is said by a loose synonym, or only nearby, is not counted as said.
const MIN_DIRECT_COVERAGE: f32 = 0.5;
/// The importance of a question's scope, against that of its words: about a word of one passage in a hundred.
const SCOPE_IMPORTANCE: f32 = 1.5;
/// A part of a question is not less than this: the logarithm of nothing says too much.
const MIN_SHARE: f32 = 0.03;

/// The signals of a question with this best candidate.
#[must_use]
pub fn signals_of(plan: &QueryPlan, first: &Candidate) -> Signals {
    let mut signals = Signals::default();
    for (signal, part) in [
        (Signal::Fits, Feature::Fits),
        (Signal::Misfits, Feature::Misfits),
        (Signal::NoNumber, Feature::NoNumber),
    ] {
        signals.set(signal, first.features.get(part));
    }
    // An event or an author that is named and found is a part of the question that is said.
    let words: f32 = plan.concepts.iter().map(|concept| concept.importance).sum();
    let scope = if plan.scope.is_everything() { 0.0 } else { SCOPE_IMPORTANCE };
    let whole = (words + scope).max(f32::EPSILON);
    // Names that are torn apart are other names.
    let is_torn = |at: usize| first.torn.contains(&at);
    let torn: f32 =
        (0..).zip(&plan.concepts).filter(|(at, _)| is_torn(*at)).map(|(_, it)| it.importance).sum();
    let log = |part| ((first.features.get(part) * words - torn + scope) / whole).max(MIN_SHARE).ln();
    signals.set(Signal::Coverage, log(Feature::Coverage));
    signals.set(Signal::Direct, log(Feature::Direct));
    signals.set_flag(Signal::Whole, first.features.get(Feature::Coverage) > 0.999 && first.torn.is_empty());
    signals.set_flag(Signal::Uncounted, plan.answer_type == AnswerType::HowMany && !first.counts);
    let is_elsewhere = !plan.missing.is_empty() && !plan.chosen.is_set();
    signals.set_flag(Signal::Elsewhere, is_elsewhere);
    set_concept_counts(&mut signals, &plan.concepts, &first.concept_coverage, !plan.scope.is_everything());
    signals
}

/// The signals that count names and concepts.
fn set_concept_counts(signals: &mut Signals, concepts: &[Concept], said: &[f32], is_scoped: bool) {
    let count = |is_so: &dyn Fn(&Concept, f32) -> bool| {
        let counted = concepts.iter().zip(said).filter(|(concept, said)| is_so(concept, **said)).count();
        // More than a few say no more.
        f32::from(u8::try_from(counted).unwrap_or(u8::MAX).min(MAX_COUNTED))
    };
    let is_said = |said: f32| said > 0.0;
    signals.set(
        Signal::NamesUnsaid,
        count(&|concept, said| concept.is_name && concept.is_known && !is_said(said)),
    );
    signals.set(Signal::NamesUnknown, count(&|concept, _| concept.is_name && !concept.is_known));
    let told = count(&|concept, said| !concept.is_weak() && said >= MIN_DIRECT_COVERAGE);
    signals.set(Signal::Said, (told + 0.5 * f32::from(u8::from(is_scoped))).ln_1p());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answer_type::AnswerType,
        features::Signal,
        resolve::ExplicitScope,
        samples::{candidate, concepts, post},
    };
    use takeaways_text::model::{Language, Missing, Scope};

    const TEXT: &str = "The mesh is young.";

    /// A plan that looks for some words.
    fn plan(words: &[&str], asked: AnswerType) -> QueryPlan {
        QueryPlan {
            scope: Scope::default(),
            events: Vec::new(),
            chosen: ExplicitScope::default(),
            series: Vec::new(),
            missing: Vec::new(),
            language: Language::En,
            concepts: concepts(words),
            phrases: Vec::new(),
            excluded_terms: Vec::new(),
            answer_type: asked,
        }
    }

    fn signals(plan: &QueryPlan) -> (Signals, f32) {
        let post = post("a", &format!("{TEXT}\n"));
        confidence(plan, &candidate(&post, &plan.concepts, plan.answer_type, TEXT))
    }

    #[test]
    fn what_is_missing_lowers_the_confidence() {
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
    fn signals_are_flagged_where_they_hold() {
        let missing = QueryPlan {
            missing: vec![Missing::Words("KubeCon Mars".into())],
            ..plan(&["mesh"], AnswerType::Anything)
        };
        let chosen = QueryPlan { chosen: ExplicitScope::Posts, ..missing.clone() };
        for (plan, signal, expected) in [
            (plan(&["mesh"], AnswerType::Anything), Signal::Whole, 1.0),
            (plan(&["mesh", "sourdough"], AnswerType::Anything), Signal::Whole, 0.0),
            (plan(&["mesh"], AnswerType::HowMany), Signal::Uncounted, 1.0),
            (plan(&["mesh"], AnswerType::HowMany), Signal::NoNumber, 1.0),
            (plan(&["mesh"], AnswerType::Anything), Signal::Uncounted, 0.0),
            (plan(&["mesh"], AnswerType::Anything), Signal::Elsewhere, 0.0),
            (missing, Signal::Elsewhere, 1.0),
            (chosen, Signal::Elsewhere, 0.0),
        ] {
            let (signals, _) = signals(&plan);
            assert!((signals.get(signal) - expected).abs() < 1e-6, "{}", signal.name());
        }
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

    #[test]
    fn strictness_orders_the_thresholds() {
        let thresholds =
            [Strictness::Strict, Strictness::Balanced, Strictness::Eager].map(Strictness::threshold);
        assert!(thresholds.is_sorted_by(|a, b| a > b), "{thresholds:?}");
    }
}
