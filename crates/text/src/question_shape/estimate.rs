//! Estimates the shape of a question from all its words, where no phrase tells it.
//!
//! The model is a multinomial logistic regression (Jurafsky and Martin, "Speech and Language Processing", chapter 5) on words and on pairs
//! of neighbours. `takeaways-eval shapes --out` fits it to
//! labelled questions. A word that the model does not know is mostly what a question is about, and all of them count as the same word.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::model::Shape;

/// The file of weights that is compiled in.
pub const SHAPES_TOML: &str = include_str!("../../../../config/shapes.toml");
/// Stands for one or more words that the model does not know.
const UNKNOWN: &str = "_";
/// Stand before the first and after the last word.
const START: &str = "^";
const END: &str = "$";
/// Stands for a number.
const NUMBER: &str = "#";

/// A value for each shape, in the order of [`Shape::ALL`].
pub type ShapeScores = [f32; Shape::ALL.len()];

/// The weights of the model, as they stand in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeWeights {
    #[serde(rename = "fitted")]
    _fitted: String,
    bias: ShapeScores,
    common: HashSet<String>,
    /// One text, since thousands of lists are slow to read as TOML.
    #[serde(deserialize_with = "word_lines")]
    words: HashMap<String, ShapeScores>,
}

/// Reads lines such as `how do: -5 3 0 0 0 0 12 0 0`: the weights in tenths.
fn word_lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HashMap<String, ShapeScores>, D::Error> {
    let read = |line: &str| {
        let (word, weights) = line.split_once(": ")?;
        let mut scores = ShapeScores::default();
        let mut weights = weights.split(' ');
        for score in &mut scores {
            *score = f32::from(weights.next()?.parse::<i16>().ok()?) / 10.0;
        }
        weights.next().is_none().then(|| (word.to_owned(), scores))
    };
    let text = Cow::<str>::deserialize(deserializer)?;
    let lines = text.lines().map(|line| read(line).ok_or(line));
    lines
        .collect::<Result<_, _>>()
        .map_err(|line| D::Error::custom(format!("no word with its weights: {line}")))
}

impl ShapeWeights {
    /// The weights that are compiled in.
    pub fn builtin() -> &'static Self {
        // A test parses the same text, so no build with a broken file is released.
        static BUILTIN: LazyLock<ShapeWeights> =
            LazyLock::new(|| ShapeWeights::parse(SHAPES_TOML).unwrap_or_default());
        &BUILTIN
    }

    /// Parses weights.
    ///
    /// # Errors
    /// If the text is not TOML of the expected form.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Whether many questions for sets of points have a folded word, so that it is mostly not what a question is about.
    pub fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    /// Whether the model knows a folded word.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Returns the probability of each shape of a question with these folded words.
    pub fn probabilities(&self, words: &[&str]) -> ShapeScores {
        let mut scores = self.bias;
        for feature in features(words, |word| self.knows(word)) {
            let weights = self.words.get(&feature).copied().unwrap_or_default();
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight);
        }
        let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares = scores.map(|score| (score - best).exp());
        let total: f32 = shares.iter().sum();
        shares.map(|share| share / total)
    }
}

/// Returns what the model looks at in a question with these folded words: each known word, and each pair of neighbours, in order
/// and without repetitions.
pub fn features(words: &[&str], knows: impl Fn(&str) -> bool) -> Vec<String> {
    let mut read = vec![START];
    for word in words {
        let word = if word.starts_with(|c: char| c.is_ascii_digit()) { NUMBER } else { word };
        let word = if word == NUMBER || knows(word) { word } else { UNKNOWN };
        if word != UNKNOWN || read.last() != Some(&UNKNOWN) {
            read.push(word);
        }
    }
    read.push(END);
    let is_known = |word: &&&str| ![START, END, UNKNOWN].contains(word);
    let mut features: Vec<String> = read.iter().filter(is_known).map(|word| (*word).to_owned()).collect();
    features.extend(read.windows(2).map(|pair| pair.join(" ")));
    features.sort();
    features.dedup();
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_weights_can_be_read() {
        let weights = ShapeWeights::parse(SHAPES_TOML).expect("it can be read");
        assert!(weights.knows("how") && !weights.words.contains_key(UNKNOWN));
    }

    #[test]
    fn what_is_not_known_counts_as_one_word() {
        let knows = |word: &str| ["how", "is", "in"].contains(&word);
        assert_eq!(
            features(&["how", "is", "istio", "linkerd", "in", "2019"], knows),
            ["#", "# $", "^ how", "_ in", "how", "how is", "in", "in #", "is", "is _"]
        );
        assert_eq!(features(&[], knows), ["^ $"]);
    }

    #[test]
    fn weights_make_probabilities() {
        let file = |weights: &str| {
            format!(
                "fitted = \"here\"\nbias = [1, 0, 0, 0, 0, 0, 0, 0, 0]\ncommon = []\nwords = '''\nhow: {weights}\n'''\n"
            )
        };
        for wrong in ["0 0 25 0 0 0 0 0", "0 0 25 0 0 0 0 0 0 0", "0 0 2.5 0 0 0 0 0 0"] {
            assert!(ShapeWeights::parse(&file(wrong)).is_err(), "{wrong}");
        }
        let weights = ShapeWeights::parse(&file("0 0 25 0 0 0 0 0 0")).expect("it can be read");
        let [fact, _, opinions, ..] = weights.probabilities(&["how"]);
        assert!(opinions > 0.5 && fact < opinions);
        let nothing = weights.probabilities(&["istio"]);
        assert!((nothing.iter().sum::<f32>() - 1.0).abs() < 1e-5 && nothing[0] > nothing[2]);
    }
}
