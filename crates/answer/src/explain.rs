//! Why an answer is what it is: the question as it was plan, and what was weighed how.
//!
//! The best excerpts of a question, whether they suffice or not: what a refusal held back is only known by looking.

use crate::{
    candidates::Candidate,
    engine::{AnswerError, Engine, RankedCandidates, Request, excerpt_limit, excerpts},
    features::{Feature, Signal},
    plan::QueryPlan,
    select::{Decision, decide_all, shown_span},
    weights::Weights,
};
use takeaways_search::Alternative;
use takeaways_text::model::{Excerpt, Missing, PostId, Scope, Span};

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

/// What an answer would show if it were never refused.
#[derive(Debug, Clone, PartialEq)]
pub struct BestExcerpts {
    /// Best first, as many as an answer would have; empty where no sentence fits the question at all.
    pub excerpts: Vec<Excerpt>,
    /// How sure it is that the first of them answers the question, 0 to 1: the same as that of the answer.
    pub confidence: f32,
}

impl Engine {
    /// The best excerpts of a question, for measuring only: people get [`Engine::answer`], which holds back those
    /// that don't suffice. Where it doesn't, the two give the same excerpts.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub fn best_excerpts(&self, request: &Request) -> Result<BestExcerpts, AnswerError> {
        let (plan, found) = self.rank_candidates(request)?;
        let excerpts = excerpts(found.candidates, request, &plan.scope);
        Ok(BestExcerpts { excerpts, confidence: found.confidence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ScopeOptions, Strictness};
    use jiff::Timestamp;
    use std::sync::Arc;
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};
    use takeaways_text::model::Answer;

    #[test]
    fn what_suffices_is_the_answer_and_what_does_not_is_shown_all_the_same() {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) =
            Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
        let engine = Engine::new(Arc::new(index), Strictness::default());
        let request = |question: &str| Request {
            question: question.parse().expect("a question"),
            scope_options: ScopeOptions::default(),
            limit: 3,
            now,
        };
        let answered = request("what did people say about service mesh?");
        let answer = engine.answer(&answered).expect("an answer");
        let best = engine.best_excerpts(&answered).expect("excerpts");
        assert!(matches!(answer, Answer::Cited { .. }));
        assert_eq!((answer.excerpts(), answer.confidence()), (best.excerpts.as_slice(), best.confidence));
        let refused = request("who sang about the service mesh of sourdough?");
        let answer = engine.answer(&refused).expect("an answer");
        let best = engine.best_excerpts(&refused).expect("excerpts");
        assert!(answer.excerpts().is_empty() && !best.excerpts.is_empty());
        assert!((answer.confidence() - best.confidence).abs() < f32::EPSILON);
    }
}
