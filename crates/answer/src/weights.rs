//! The fitted weights of the ranking and of the confidence, from `config/weights.toml`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::features::{Feature, FeatureVector, Signal, Signals};

/// The weights of both models.
#[derive(Debug, Default)]
pub struct Weights {
    features: [f32; Feature::ALL.len()],
    signals: [f32; Signal::ALL.len()],
    bias: f32,
    pub(super) thresholds: Thresholds,
}

/// The minimum confidence of an answer, for each strictness.
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

/// The table of the ranking.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RankingTable {
    #[serde(rename = "fitted")]
    _fitted: String,
    weights: BTreeMap<String, f32>,
}

/// The table of the confidence.
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
    /// The text of the file that is compiled in.
    pub const FILE: &'static str = include_str!("../../../config/weights.toml");

    /// Returns the weights that are compiled in.
    pub fn builtin() -> &'static Self {
        // A test parses the same text, so no build with a broken file is released.
        static BUILTIN: LazyLock<Weights> =
            LazyLock::new(|| Weights::parse(Weights::FILE).unwrap_or_default());
        &BUILTIN
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let WeightsFile { ranking, confidence } = toml::from_str(text)?;
        let weight = |weights: &BTreeMap<String, f32>, name| weights.get(name).copied().unwrap_or_default();
        Ok(Self {
            features: Feature::ALL.map(|feature| weight(&ranking.weights, feature.name())),
            signals: Signal::ALL.map(|signal| weight(&confidence.weights, signal.name())),
            bias: confidence.bias,
            thresholds: confidence.thresholds,
        })
    }

    /// Returns the weight of a feature: the logarithm of how many times likelier a feature of 1 makes a candidate to be
    /// the answer.
    pub fn feature_weight(&self, feature: Feature) -> f32 {
        self.features[feature as usize]
    }

    /// Returns the score of a candidate: the weighted sum of its features.
    pub fn score(&self, features: &FeatureVector) -> f32 {
        Feature::ALL.into_iter().map(|feature| self.feature_weight(feature) * features.get(feature)).sum()
    }

    /// Returns the weight of a signal: what a signal of 1 adds to the log odds of the confidence.
    pub fn signal_weight(&self, signal: Signal) -> f32 {
        self.signals[signal as usize]
    }

    /// Returns the log odds of the confidence if all signals are 0.
    pub fn bias(&self) -> f32 {
        self.bias
    }

    /// Returns the confidence, 0 to 1: how likely a candidate with these signals answers its question.
    pub fn confidence(&self, signals: &Signals) -> f32 {
        let weighted = Signal::ALL.into_iter().map(|signal| self.signal_weight(signal) * signals.get(signal));
        1.0 / (1.0 + (-(self.bias + weighted.sum::<f32>())).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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
    fn the_score_and_the_confidence_are_weighted_sums() {
        let weights = Weights::builtin();
        let mut features = FeatureVector::default();
        assert!(weights.score(&features).abs() < f32::EPSILON);
        features.set(Feature::Coverage, 2.0);
        assert!((weights.score(&features) - 2.0 * weights.feature_weight(Feature::Coverage)).abs() < 1e-6);
        let mut signals = Signals::default();
        let log_odds = |signals: &Signals| {
            let confidence = weights.confidence(signals);
            (confidence / (1.0 - confidence)).ln()
        };
        assert!((log_odds(&signals) - weights.bias()).abs() < 1e-3);
        signals.set(Signal::Direct, 0.5);
        let expected = weights.bias() + 0.5 * weights.signal_weight(Signal::Direct);
        assert!((log_odds(&signals) - expected).abs() < 1e-3);
    }
}
