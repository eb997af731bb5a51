//! Why an answer is what it is: the question as it was plan, and what was weighed how.

use super::candidates::Candidate;
use super::engine::{AnswerError, Engine, RankedCandidates, Request, excerpt_limit};
use super::features::{Feature, Signal};
use super::plan::QueryPlan;
use super::select::{Decision, decide_all, shown_span};
use super::weights::Weights;
use takeaways_search::Alternative;
use takeaways_text::model::{Missing, PostId, Scope, Span};

/// Why an answer is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The kind of thing that is asked for.
    pub answer_type: &'static str,
    /// Where it was looked for.
    pub scope: Scope,
    /// The conferences that are named without an edition.
    pub series: Vec<String>,
    /// What is named and no post is about or by.
    pub missing: Vec<Missing>,
    /// What was looked for.
    pub concepts: Vec<ExplainedConcept>,
    /// What was found, best first.
    pub candidates: Vec<ExplainedCandidate>,
    /// How likely it is that the first one answers the question, 0 to 1.
    pub confidence: f32,
    /// The least confidence with which an answer is given.
    pub threshold: f32,
    /// Where the logarithm of the confidence's odds begins.
    pub bias: f32,
    /// What adds up to it: name, value, weight.
    pub signals: Vec<(&'static str, f32, f32)>,
}

/// One thing that was looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedConcept {
    /// As it was typed; empty where it is told from the question as a whole.
    pub text: String,
    /// What the index was asked for, and what each counts against the typed word.
    pub alternatives: Vec<(String, f32)>,
    /// How much it says.
    pub importance: f32,
    /// It was taken for a name.
    pub is_name: bool,
    /// A post holds it.
    pub is_known: bool,
}

/// A stretch of a post that might have been cited.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedCandidate {
    /// The post.
    pub post: PostId,
    /// Its file.
    pub path: String,
    /// What would be shown of it.
    pub span: Span,
    /// The words there.
    pub quote: String,
    /// The sum of its features.
    pub score: f32,
    /// Name, value and weight of the features that are not 0.
    pub features: Vec<(&'static str, f32, f32)>,
    /// Whether it is shown, and why not.
    pub decision: Decision,
}

impl Explanation {
    /// Whether it is sure enough to answer.
    #[must_use]
    pub fn is_confident_enough(&self) -> bool {
        self.confidence >= self.threshold
    }

    /// The logarithm of the confidence's odds: the bias and what each signal adds.
    #[must_use]
    pub fn log_odds(&self) -> f32 {
        self.bias + self.signals.iter().map(|(_, value, weight)| value * weight).sum::<f32>()
    }
}

impl Engine {
    /// Why the answer to a question is what it is, with the best `most` of what was weighed and all that is chosen
    /// of it.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn explain(&self, request: &Request, most: usize) -> Result<Explanation, AnswerError> {
        let (plan, found) = self.rank_candidates(request)?;
        Ok(self.explanation(request, &plan, &found, most))
    }

    /// Why the answer that these candidates make is what it is.
    pub(super) fn explanation(
        &self,
        request: &Request,
        plan: &QueryPlan,
        found: &RankedCandidates,
        most: usize,
    ) -> Explanation {
        let RankedCandidates { candidates, confidence, signals } = found;
        let decisions = decide_all(candidates, excerpt_limit(request));
        let weights = Weights::builtin();
        let alternatives = |alternatives: &[Alternative]| {
            alternatives.iter().map(|way| (way.terms.join(" "), way.weight)).collect()
        };
        Explanation {
            answer_type: plan.answer_type.name(),
            concepts: plan
                .concepts
                .iter()
                .map(|concept| ExplainedConcept {
                    text: concept.text.clone(),
                    alternatives: alternatives(&concept.alternatives),
                    importance: concept.importance,
                    is_name: concept.is_name,
                    is_known: concept.is_known,
                })
                .collect(),
            candidates: candidates
                .iter()
                .zip(decisions)
                .enumerate()
                .filter(|(at, (_, decision))| *at < most || matches!(decision, Decision::Shown(_)))
                .map(|(_, (candidate, decision))| explain_candidate(candidate, decision))
                .collect(),
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

fn explain_candidate(candidate: &Candidate, decision: Decision) -> ExplainedCandidate {
    let body = &candidate.post.body;
    let span = shown_span(candidate);
    let weights = Weights::builtin();
    let features = Feature::ALL
        .into_iter()
        .map(|part| (part.name(), candidate.features.get(part), weights.feature_weight(part)));
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
