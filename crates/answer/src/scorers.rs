//! What the score of a stretch is made of: a list of scorers, each with a weight.
//!
//! The words are the only scorer here, and nothing needs another one. One that compares meanings would be added with
//! [`Engine::with_scorer`](super::Engine::with_scorer); it finds what shares no word with the question.

use std::fmt::Debug;
use std::sync::Arc;

use super::candidates::Candidate;
use super::features::FeatureVector;
use super::weights::Weights;

/// A stretch of a post that may be cited, as scorers see it.
#[derive(Debug, Clone, Copy)]
pub struct CandidateText<'w> {
    /// Its words.
    pub text: &'w str,
    features: &'w FeatureVector,
}

/// Tells how well stretches of posts answer a question.
pub trait Scorer: Debug + Send + Sync {
    /// One score for each stretch, in their order: the logarithm of how likely it is to be the answer, up to a constant.
    /// Stretches without one count 0.
    fn scores(&self, question: &str, stretches: &[CandidateText<'_>]) -> Vec<f32>;
}

/// What the words tell.
#[derive(Debug, Clone, Copy)]
struct LexicalScorer;

impl Scorer for LexicalScorer {
    fn scores(&self, _: &str, stretches: &[CandidateText<'_>]) -> Vec<f32> {
        stretches.iter().map(|stretch| Weights::builtin().score(stretch.features)).collect()
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
    /// Adds one.
    pub(super) fn push(&mut self, scorer: Arc<dyn Scorer>, weight: f32) {
        self.0.push((scorer, weight));
    }

    /// Sets the scores of windows.
    pub(super) fn score(&self, question: &str, windows: &mut [Candidate]) {
        let mut sums = vec![0.0; windows.len()];
        let stretches: Vec<CandidateText<'_>> = windows
            .iter()
            .map(|window| CandidateText {
                text: window.post.body.slice(window.span),
                features: &window.features,
            })
            .collect();
        for (scorer, weight) in &self.0 {
            for (sum, score) in sums.iter_mut().zip(scorer.scores(question, &stretches)) {
                *sum += weight * score;
            }
        }
        for (window, sum) in windows.iter_mut().zip(sums) {
            window.score = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{Engine, Request, ScopeOptions, Strictness};
    use super::*;
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};

    /// Likes what holds a word.
    #[derive(Debug)]
    struct WordScorer(&'static str);

    impl Scorer for WordScorer {
        fn scores(&self, _: &str, stretches: &[CandidateText<'_>]) -> Vec<f32> {
            stretches.iter().map(|stretch| f32::from(u8::from(stretch.text.contains(self.0)))).collect()
        }
    }

    #[test]
    fn another_scorer_counts_by_its_weight() {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) =
            Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
        let engine = Engine::new(Arc::new(index), Strictness::Eager);
        let request = Request {
            question: "what did people say about service mesh?".parse().expect("a question"),
            scope_options: ScopeOptions::default(),
            limit: 1,
            now,
        };
        let first = |engine: &Engine| {
            let answer = engine.answer(&request).expect("an answer");
            answer.excerpts().first().map(|excerpt| excerpt.quote.text.clone()).expect("an excerpt")
        };
        let by_words = first(&engine);
        let explained = engine.explain(&request, 50).expect("an explanation");
        let other =
            explained.candidates.iter().find(|window| !by_words.contains(&window.quote)).expect("another");
        let word: &'static str = other
            .quote
            .split_whitespace()
            .find(|word| word.len() > 5 && !by_words.contains(word))
            .map(|word| &*word.to_owned().leak())
            .expect("a word of its own");
        assert_eq!(first(&engine.clone().with_scorer(Arc::new(WordScorer(word)), 0.0)), by_words);
        assert!(first(&engine.with_scorer(Arc::new(WordScorer(word)), 100.0)).contains(word));
    }
}
