//! The fitted weights of ranking and confidence, as they lie in `config/weights.toml`.
//!
//! What the score of a stretch is made of: a list of scorers, each with a weight.
//!
//! The words are the only scorer here, and nothing needs another one. One that compares meanings would be added with
//! [`Engine::with_scorer`](super::Engine::with_scorer); it finds what shares no word with the question.

use crate::{
    candidates::Candidate,
    features::{Feature, FeatureVector, Signal, Signals},
};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, LazyLock},
};

/// The weights that are compiled in.
#[derive(Debug, Default)]
pub struct Weights {
    features: [f32; Feature::ALL.len()],
    signals: [f32; Signal::ALL.len()],
    bias: f32,
    pub(super) thresholds: Thresholds,
}

/// The least confidence of an answer, for each strictness.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    pub(super) strict: f32,
    pub(super) balanced: f32,
    pub(super) eager: f32,
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsFile {
    ranking: RankingTable,
    confidence: ConfidenceTable,
}

/// Its feature on the order of windows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RankingTable {
    #[serde(rename = "fitted")]
    _fitted: String,
    weights: BTreeMap<String, f32>,
}

/// Its feature on how sure an answer is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfidenceTable {
    #[serde(rename = "fitted")]
    _fitted: String,
    bias: f32,
    thresholds: Thresholds,
    weights: BTreeMap<String, f32>,
}

impl Weights {
    /// The file that they are read from, as it is compiled in.
    pub const FILE: &'static str = include_str!("../../../config/weights.toml");

    /// Those that are compiled in.
    #[must_use]
    pub fn builtin() -> &'static Self {
        // A test reads the same text: a build that can't would never leave the house.
        static BUILTIN: LazyLock<Weights> =
            LazyLock::new(|| Weights::parse(Weights::FILE).unwrap_or_default());
        &BUILTIN
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let WeightsFile { ranking, confidence } = toml::from_str(text)?;
        let of = |weights: &BTreeMap<String, f32>, name| weights.get(name).copied().unwrap_or_default();
        Ok(Self {
            features: Feature::ALL.map(|feature| of(&ranking.weights, feature.name())),
            signals: Signal::ALL.map(|signal| of(&confidence.weights, signal.name())),
            bias: confidence.bias,
            thresholds: confidence.thresholds,
        })
    }

    /// What a feature adds to a window's score, for each 1 of it: the logarithm of how many times likelier it makes the
    /// window to be the answer.
    #[must_use]
    pub fn feature_weight(&self, feature: Feature) -> f32 {
        self.features[feature as usize]
    }

    /// The score of a candidate with these features.
    #[must_use]
    pub fn score(&self, features: &FeatureVector) -> f32 {
        Feature::ALL.into_iter().map(|feature| self.feature_weight(feature) * features.get(feature)).sum()
    }

    /// What a signal adds to the logarithm of the odds, for each 1 of it.
    #[must_use]
    pub fn signal_weight(&self, signal: Signal) -> f32 {
        self.signals[signal as usize]
    }

    /// The logarithm of the odds where no signal says anything.
    #[must_use]
    pub fn bias(&self) -> f32 {
        self.bias
    }

    /// 0 to 1: how likely a window with these signals answers its question.
    #[must_use]
    pub fn confidence(&self, signals: &Signals) -> f32 {
        let weighed = Signal::ALL.into_iter().map(|signal| self.signal_weight(signal) * signals.get(signal));
        1.0 / (1.0 + (-(self.bias + weighed.sum::<f32>())).exp())
    }
}

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
    use super::*;
    use crate::{Engine, Request, ScopeOptions, Strictness};
    use jiff::Timestamp;
    use std::collections::BTreeSet;
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};

    #[test]
    fn the_file_weighs_all_and_nothing_else() {
        let WeightsFile { ranking, confidence } = toml::from_str(Weights::FILE).expect("it can be read");
        let features: BTreeSet<&str> = Feature::ALL.into_iter().map(Feature::name).collect();
        assert_eq!(ranking.weights.keys().map(String::as_str).collect::<BTreeSet<_>>(), features);
        let signals: BTreeSet<&str> = Signal::ALL.into_iter().map(Signal::name).collect();
        assert_eq!(confidence.weights.keys().map(String::as_str).collect::<BTreeSet<_>>(), signals);
        let Thresholds { strict, balanced, eager } = confidence.thresholds;
        assert!(1.0 > strict && strict > balanced && balanced > eager && eager > 0.0);
    }

    #[test]
    fn parts_and_signals_stand_in_their_places() {
        for (at, feature) in Feature::ALL.into_iter().enumerate() {
            assert_eq!(feature as usize, at, "{}", feature.name());
        }
        for (at, signal) in Signal::ALL.into_iter().enumerate() {
            assert_eq!(signal as usize, at, "{}", signal.name());
        }
    }

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
