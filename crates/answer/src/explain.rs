//! Explains an answer: the plan of the question, and the features, signals and weights of the candidates.

use crate::{
    candidates::Candidate,
    confidence::confidence as candidate_confidence,
    engine::{AnswerError, Engine, RankedCandidates, Request, can_not_be_answered, excerpt_limit},
    features::{Feature, Signal},
    plan::QueryPlan,
    resolve::NameRole,
    select::{Decision, cut_candidate, decide_all},
    weights::Weights,
};
use takeaways_search::Alternative;
use takeaways_text::model::{Language, LanguageSet, Missing, PostId, Scope, Span};

/// The reasons for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The name of the answer type.
    pub answer_type: &'static str,
    /// The scope of the search.
    pub scope: Scope,
    /// The conferences that the question names without an edition.
    pub series: Vec<String>,
    /// Names in the question that no post is about or by.
    pub missing: Vec<Missing>,
    /// The concepts that were searched.
    pub concepts: Vec<ExplainedConcept>,
    /// The candidates, best first.
    pub candidates: Vec<ExplainedCandidate>,
    /// Whether recaps can't hold what the question asks for.
    pub is_unanswerable: bool,
    /// How likely the first candidate answers the question, 0 to 1.
    pub confidence: f32,
    /// The minimum confidence of an answer.
    pub threshold: f32,
    /// The log odds of the confidence if all signals are 0.
    pub bias: f32,
    /// Name, value and weight of each signal.
    pub signals: Vec<(&'static str, f32, f32)>,
}

/// A concept that was searched.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedConcept {
    /// The words of the question; empty for default words that stand for the question as a whole.
    pub text: String,
    /// The terms that were searched; a word of the question weighs 1.
    pub alternatives: Vec<ExplainedAlternative>,
    /// The other words that were searched, as people write them, each with its weight.
    pub other_words: Vec<(String, f32)>,
    /// How much it matters: a damped inverse document frequency.
    pub importance: f32,
    /// Whether it is written like a name.
    pub is_name: bool,
    /// Whether a post contains it.
    pub is_known: bool,
}

/// Terms that were searched for a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedAlternative {
    /// The terms, with a blank between two.
    pub terms: String,
    /// 1 for the words of the question, less for looser ones.
    pub weight: f32,
    /// The languages of the posts in which it was searched; empty if it was searched in all posts.
    pub languages: Vec<Language>,
}

/// A candidate, with the decision on it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedCandidate {
    /// The post.
    pub post: PostId,
    /// The path of the post's file.
    pub path: String,
    /// The span that would be shown.
    pub span: Span,
    /// The words of the span.
    pub quote: String,
    /// The weighted sum of the features.
    pub score: f32,
    /// Name, value and weight of the features that are not 0.
    pub features: Vec<(&'static str, f32, f32)>,
    /// Whether it is shown, or why not.
    pub decision: Decision,
}

impl Explanation {
    /// Whether the confidence is enough for an answer, and recaps can hold one.
    pub fn is_answered(&self) -> bool {
        self.confidence >= self.threshold && !self.is_unanswerable
    }

    /// Returns the log odds of the confidence: the bias plus the weighted sum of the signals.
    pub fn log_odds(&self) -> f32 {
        self.bias + self.signals.iter().map(|(_, value, weight)| value * weight).sum::<f32>()
    }
}

impl Engine {
    /// Explains the answer to a question, with the best `max_candidates` candidates and all that are shown.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn explain(&self, request: &Request, max_candidates: usize) -> Result<Explanation, AnswerError> {
        let (plan, ranked) = self.rank_to_show(self.plan(request, NameRole::Subject)?)?;
        Ok(self.explanation(&plan, &ranked, max_candidates))
    }

    /// Explains the answer that these candidates make.
    pub(super) fn explanation(
        &self,
        plan: &QueryPlan,
        ranked: &RankedCandidates,
        max_candidates: usize,
    ) -> Explanation {
        let RankedCandidates { candidates, confidence, signals } = ranked;
        let decisions =
            decide_all(candidates, excerpt_limit(&plan.request), &|it| candidate_confidence(plan, it).1);
        let weights = Weights::builtin();
        let searched = self.index().languages();
        Explanation {
            answer_type: plan.answer_type.name(),
            concepts: plan
                .concepts
                .iter()
                .map(|concept| ExplainedConcept {
                    text: concept.text.clone(),
                    alternatives: concept
                        .alternatives
                        .iter()
                        .map(|it| explain_alternative(it, searched))
                        .collect(),
                    other_words: concept.other_words.clone(),
                    importance: concept.importance,
                    is_name: concept.is_name,
                    is_known: concept.is_known,
                })
                .collect(),
            candidates: candidates
                .iter()
                .zip(decisions)
                .enumerate()
                .filter(|(at, (_, decision))| *at < max_candidates || matches!(decision, Decision::Shown(_)))
                .map(|(_, (candidate, decision))| explain_candidate(candidate, decision))
                .collect(),
            is_unanswerable: can_not_be_answered(plan, candidates.first()),
            confidence: *confidence,
            threshold: self.threshold(),
            bias: weights.bias(),
            signals: Signal::ALL
                .into_iter()
                .map(|signal| (signal.name(), signals.get(signal), weights.signal_weight(signal)))
                .collect(),
            scope: plan.scope.clone(),
            series: plan.series.clone(),
            missing: plan.missing.clone(),
        }
    }
}

fn explain_alternative(alternative: &Alternative, searched: LanguageSet) -> ExplainedAlternative {
    let is_limited = !alternative.languages.is_superset(searched);
    let languages = Language::ALL.into_iter().chain([Language::Other]);
    let counts = alternative.languages.intersection(searched);
    ExplainedAlternative {
        terms: alternative.terms.join(" "),
        weight: alternative.weight,
        languages: languages.filter(|it| is_limited && counts.contains(*it)).collect(),
    }
}

fn explain_candidate(candidate: &Candidate, decision: Decision) -> ExplainedCandidate {
    let body = &candidate.post.body;
    let span = cut_candidate(candidate).span;
    let weights = Weights::builtin();
    let features = Feature::ALL
        .into_iter()
        .map(|it| (it.name(), candidate.features.get(it), weights.feature_weight(it)));
    ExplainedCandidate {
        post: candidate.post.id.clone(),
        path: candidate.post.path.clone(),
        span,
        quote: body.slice(span).to_owned(),
        score: candidate.score,
        features: features.filter(|(_, value, _)| value.abs() > f32::EPSILON).collect(),
        decision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine, request};

    #[test]
    fn the_explanation_adds_up() {
        let explanation = engine().explain(&request("what about service mesh?"), 5).expect("an explanation");
        let confidence = 1.0 / (1.0 + (-explanation.log_odds()).exp());
        assert!((confidence - explanation.confidence).abs() < 1e-5);
        assert!(explanation.is_answered());
        for candidate in &explanation.candidates {
            let sum: f32 = candidate.features.iter().map(|(_, value, weight)| value * weight).sum();
            assert!((sum - candidate.score).abs() < 1e-4, "{candidate:?}");
        }
    }

    #[test]
    fn shown_candidates_are_explained_whatever_the_limit() {
        let explain =
            |limit| engine().explain(&request("what about service mesh?"), limit).expect("an explanation");
        let is_shown = |candidate: &ExplainedCandidate| matches!(candidate.decision, Decision::Shown(_));
        assert!(explain(0).candidates.iter().all(is_shown));
        assert!(explain(50).candidates.len() > explain(0).candidates.len());
    }
}
