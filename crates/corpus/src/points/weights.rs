//! The weights that tell the points of a post.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::features::{SentenceValues, feature_names};
use takeaways_text::model::Language;

/// The text of the compiled-in weights.
pub(crate) const POINTS_TOML: &str = include_str!("../../../../config/points.toml");

/// The least log-odds of what tells of the event. By readers' marks on posts set aside, half of such sentences do.
const MIN_EVENT: f32 = -1.0;

/// What tells the points of a post: two sums of weighted features and words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointWeights {
    /// How good a quote a sentence is: a grade, mostly from 0 to 3.
    pub(super) quote: SentenceWeights,
    /// Whether it tells of the event as a whole: its size, place, form, themes or mood, or what the writer thinks of it. Log-odds.
    pub(super) event: SentenceWeights,
}

/// The weights of one of the sums.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SentenceWeights {
    #[serde(rename = "fitted")]
    _fitted: String,
    bias: f32,
    pub(super) features: HashMap<String, f32>,
    /// By the code of a language and the word.
    pub(super) words: HashMap<String, HashMap<String, f32>>,
    /// Those of the features, in the order of [`feature_names`].
    #[serde(skip)]
    in_order: Vec<f32>,
}

impl PointWeights {
    /// The weights that are compiled in.
    pub fn builtin() -> &'static Self {
        // A test parses the same text, so no build with a broken file is released.
        static BUILTIN: LazyLock<PointWeights> =
            LazyLock::new(|| PointWeights::parse(POINTS_TOML).unwrap_or_default());
        &BUILTIN
    }

    /// Parses weights.
    ///
    /// # Errors
    /// If the text is not TOML of the expected shape.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut weights: Self = toml::from_str(text)?;
        for sum in [&mut weights.quote, &mut weights.event] {
            let of = |name| sum.features.get(name).copied().unwrap_or_default();
            sum.in_order = feature_names().map(of).collect();
        }
        Ok(weights)
    }

    /// Returns the grade of a sentence of a language, mostly from 0 to 3.
    pub fn grade(&self, values: &SentenceValues, language: Language) -> f32 {
        self.quote.sum(values, language)
    }

    /// Whether a sentence of a language tells of the event as a whole.
    pub fn is_about_event(&self, values: &SentenceValues, language: Language) -> bool {
        self.event.sum(values, language) >= MIN_EVENT
    }
}

impl SentenceWeights {
    fn sum(&self, values: &SentenceValues, language: Language) -> f32 {
        let features = self.in_order.iter().zip(&values.features).map(|(weight, value)| weight * value);
        let words = self.words.get(language.code()).filter(|_| has_words(language));
        let weights = words.into_iter().flat_map(|words| values.words.iter().filter_map(|it| words.get(it)));
        self.bias + features.sum::<f32>() + values.word_value * weights.sum::<f32>()
    }
}

/// Whether the words of a language are told apart by spaces, so that they can have weights.
pub fn has_words(language: Language) -> bool {
    !language.matches_inside_words()
}
