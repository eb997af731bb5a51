//! The fitted weights of ranking and confidence, as they lie in `config/weights.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::features::{Feature, FeatureVector, Signal, Signals};

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

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
}
