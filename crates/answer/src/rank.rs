//! Ranks candidates: the score of a candidate is the weighted sum of what all scorers of the engine give it.
//!
//! The built-in scorer weighs features of the words. A scorer that compares meanings could find candidates that share
//! no word with the question; [`Engine::with_scorer`](crate::Engine::with_scorer) would add it.

use std::{fmt::Debug, sync::Arc};

use crate::{candidates::Candidate, features::FeatureVector, weights::Weights};

/// A candidate, as scorers see it.
#[derive(Debug, Clone, Copy)]
pub struct CandidateText<'c> {
    /// Its words.
    pub text: &'c str,
    features: &'c FeatureVector,
}

/// Scores how well candidates answer a question.
pub trait Scorer: Debug + Send + Sync {
    /// Returns one score for each candidate, in their order: the logarithm of how likely the candidate is the answer,
    /// up to a constant. Missing scores count as 0.
    fn scores(&self, question: &str, candidates: &[CandidateText<'_>]) -> Vec<f32>;
}

/// Weighs the features of the words.
#[derive(Debug, Clone, Copy)]
struct LexicalScorer;

impl Scorer for LexicalScorer {
    fn scores(&self, _: &str, candidates: &[CandidateText<'_>]) -> Vec<f32> {
        candidates.iter().map(|candidate| Weights::builtin().score(candidate.features)).collect()
    }
}

/// The scorers of an engine, with their weights.
#[derive(Debug, Clone)]
pub(super) struct WeightedScorers(Vec<(Arc<dyn Scorer>, f32)>);

impl Default for WeightedScorers {
    fn default() -> Self {
        Self(vec![(Arc::new(LexicalScorer), 1.0)])
    }
}

impl WeightedScorers {
    /// Adds a scorer.
    pub(super) fn push(&mut self, scorer: Arc<dyn Scorer>, weight: f32) {
        self.0.push((scorer, weight));
    }

    /// Sets the scores of candidates.
    pub(super) fn score(&self, question: &str, candidates: &mut [Candidate]) {
        let mut sums = vec![0.0; candidates.len()];
        let texts: Vec<CandidateText<'_>> = candidates
            .iter()
            .map(|it| CandidateText { text: it.post.body.slice(it.span), features: &it.features })
            .collect();
        for (scorer, weight) in &self.0 {
            for (sum, score) in sums.iter_mut().zip(scorer.scores(question, &texts)) {
                *sum += weight * score;
            }
        }
        for (candidate, sum) in candidates.iter_mut().zip(sums) {
            candidate.score = sum;
        }
    }
}

/// Sorts candidates by score, best first. Equal scores are sorted by the post's id and the position in the post, so
/// that the order does not depend on the search.
#[must_use]
pub fn sort_candidates(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.post.id.cmp(&b.post.id)).then_with(|| a.span.cmp(&b.span))
    });
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Engine, Request, Strictness,
        samples::{index, request, scored_candidate},
    };

    #[test]
    fn candidates_are_sorted_by_score_and_then_by_post() {
        let sorted = sort_candidates(vec![
            scored_candidate("b", "A mesh is young.", 1.0),
            scored_candidate("c", "A mesh is old.", 2.0),
            scored_candidate("a", "A mesh is new.", 1.0),
        ]);
        let ids: Vec<&str> = sorted.iter().map(|it| it.post.id.0.as_str()).collect();
        assert_eq!(ids, ["c", "a", "b"]);
    }

    /// Prefers candidates with a word.
    #[derive(Debug)]
    struct WordScorer(&'static str);

    impl Scorer for WordScorer {
        fn scores(&self, _: &str, candidates: &[CandidateText<'_>]) -> Vec<f32> {
            candidates.iter().map(|it| f32::from(u8::from(it.text.contains(self.0)))).collect()
        }
    }

    /// Gives a score to the first candidate only.
    #[derive(Debug)]
    struct ShortScorer;

    impl Scorer for ShortScorer {
        fn scores(&self, _: &str, _: &[CandidateText<'_>]) -> Vec<f32> {
            vec![2.0]
        }
    }

    #[test]
    fn a_missing_score_counts_as_0() {
        let mut candidates =
            ["A mesh is young.", "A mesh is old."].map(|text| scored_candidate("a", text, 0.0));
        let mut scorers = WeightedScorers::default();
        scorers.score("mesh", &mut candidates);
        let before = candidates.clone().map(|it| it.score);
        scorers.push(Arc::new(ShortScorer), 0.5);
        scorers.score("mesh", &mut candidates);
        assert!((candidates[0].score - before[0] - 1.0).abs() < 1e-5);
        assert!((candidates[1].score - before[1]).abs() < 1e-5);
    }

    #[test]
    fn a_scorer_counts_by_its_weight() {
        let engine = Engine::new(index(), Strictness::Eager);
        let request = Request { limit: 1, ..request("what was said about service mesh?") };
        let best_quote = |engine: &Engine| {
            let answer = engine.answer(&request).expect("an answer");
            answer.excerpts().first().map(|excerpt| excerpt.quote.text.clone()).expect("an excerpt")
        };
        let lexical = best_quote(&engine);
        let explanation = engine.explain(&request, 50).expect("an explanation");
        let candidate =
            explanation.candidates.iter().find(|it| !lexical.contains(&it.quote)).expect("another candidate");
        let word: &'static str = candidate
            .quote
            .split_whitespace()
            .find(|word| word.len() > 5 && !lexical.contains(word))
            .map(|word| &*word.to_owned().leak())
            .expect("a word of its own");
        assert_eq!(best_quote(&engine.clone().with_scorer(Arc::new(WordScorer(word)), 0.0)), lexical);
        assert!(best_quote(&engine.with_scorer(Arc::new(WordScorer(word)), 100.0)).contains(word));
    }
}
