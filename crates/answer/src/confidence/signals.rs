//! The signals of a question, computed from its plan and its best candidate.

use crate::answer_type::AnswerType;
use crate::candidates::Candidate;
use crate::concepts::Concept;
use crate::features::{Feature, Signal, Signals};
use crate::plan::QueryPlan;

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
