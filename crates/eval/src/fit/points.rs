//! Fits the weights of points: a linear regression of the readers' grades with an L2 penalty.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::models::minimise;
use super::toml_string;
use crate::metrics::to_float;
use crate::points::MeasuredSentence;
use jiff::civil::Date;
use takeaways_corpus::points::{FEATURES, feature_names, has_words};

/// A word in fewer marked sentences gets no weight.
const MIN_SENTENCES: usize = 5;
/// The number of words that get one: those that change the grades most. 1,400 words gain .005 of the area under the curve.
const MAX_WORDS: usize = 300;
/// The L2 penalty of the weights of words; a feature is first divided by its deviation, and its penalty is smaller.
const WORD_L2: f64 = 0.001;
const FEATURE_L2: f64 = 0.000_5;
const STEPS: u32 = 600;
const RATE: f64 = 0.05;

/// The fitted weights.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedPoints {
    /// The number of sentences.
    pub sentences: usize,
    /// The grade of a sentence without features and words.
    pub bias: f64,
    /// By name, in order.
    pub features: Vec<(&'static str, f64)>,
    /// By the code of the language and the word.
    pub words: BTreeMap<(&'static str, String), f64>,
}

type WordKey<'s> = (&'static str, &'s str);

/// A sentence as the regression sees it.
struct Sample<'s> {
    grade: f64,
    features: Vec<f64>,
    words: Vec<WordKey<'s>>,
    word_value: f64,
}

/// Fits the weights to marked sentences.
pub fn fit_points(sentences: &[MeasuredSentence]) -> FittedPoints {
    let deviations = deviations(sentences);
    let samples: Vec<Sample<'_>> = sentences.iter().map(|sentence| sample(sentence, &deviations)).collect();
    let mut frequencies: BTreeMap<WordKey<'_>, usize> = BTreeMap::new();
    for word in samples.iter().flat_map(|sample| &sample.words) {
        *frequencies.entry(*word).or_default() += 1;
    }
    frequencies.retain(|_, count| *count >= MIN_SENTENCES);
    let all: Vec<WordKey<'_>> = frequencies.keys().copied().collect();
    let weights = regression(&samples, &all);
    let mut by_effect: Vec<(f64, WordKey<'_>)> = all
        .iter()
        .zip(&weights[1 + FEATURES..])
        .map(|(word, weight)| (weight.abs() * to_float(frequencies[word]).sqrt(), *word))
        .collect();
    by_effect.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let chosen: Vec<WordKey<'_>> = by_effect.into_iter().take(MAX_WORDS).map(|(_, word)| word).collect();
    let weights = regression(&samples, &chosen);
    let features = feature_names().zip(weights[1..].iter().zip(&deviations));
    FittedPoints {
        sentences: sentences.len(),
        bias: weights[0],
        features: features.map(|(name, (weight, deviation))| (name, weight / deviation)).collect(),
        words: chosen
            .into_iter()
            .zip(&weights[1 + FEATURES..])
            .map(|((code, word), weight)| ((code, word.to_owned()), *weight))
            .collect(),
    }
}

/// The standard deviation of each feature; 1 for one that is always the same.
fn deviations(sentences: &[MeasuredSentence]) -> Vec<f64> {
    let count = to_float(sentences.len().max(1));
    let deviation = |at: usize| {
        let values = || sentences.iter().map(|sentence| f64::from(sentence.values.features[at]));
        let mean = values().sum::<f64>() / count;
        let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        if deviation > 0.0 { deviation } else { 1.0 }
    };
    (0..FEATURES).map(deviation).collect()
}

fn sample<'s>(sentence: &'s MeasuredSentence, deviations: &[f64]) -> Sample<'s> {
    let values = &sentence.values;
    let scaled = values.features.iter().zip(deviations).map(|(value, by)| f64::from(*value) / by);
    let words = values.words.iter().filter(|_| has_words(sentence.language));
    Sample {
        grade: f64::from(sentence.grade),
        features: scaled.collect(),
        words: words.map(|word| (sentence.language.code(), word.as_str())).collect(),
        word_value: f64::from(values.word_value),
    }
}

/// Returns the bias, the weights of the features and those of the words that give the least squared error.
fn regression(samples: &[Sample<'_>], words: &[WordKey<'_>]) -> Vec<f64> {
    let index: HashMap<WordKey<'_>, usize> =
        words.iter().enumerate().map(|(at, word)| (*word, 1 + FEATURES + at)).collect();
    let rows: Vec<(&Sample<'_>, Vec<usize>)> = samples
        .iter()
        .map(|sample| (sample, sample.words.iter().filter_map(|word| index.get(word).copied()).collect()))
        .collect();
    let count = to_float(samples.len().max(1));
    let size = 1 + FEATURES + words.len();
    minimise(size, STEPS, RATE, |weights| {
        let mut slopes = vec![0.0; size];
        for (sample, words) in &rows {
            let features = sample.features.iter().zip(&weights[1..]).map(|(value, weight)| value * weight);
            let in_words: f64 = words.iter().map(|at| weights[*at]).sum();
            let estimate = weights[0] + features.sum::<f64>() + sample.word_value * in_words;
            let residual = estimate - sample.grade;
            slopes[0] += residual;
            for (slope, value) in slopes[1..].iter_mut().zip(&sample.features) {
                *slope += residual * value;
            }
            for at in words {
                slopes[*at] += residual * sample.word_value;
            }
        }
        let penalty = |at: usize, weight: f64| match at {
            0 => 0.0,
            at if at <= FEATURES => FEATURE_L2 * weight,
            _ => WORD_L2 * weight,
        };
        let slopes = slopes.into_iter().zip(weights).enumerate();
        slopes.map(|(at, (slope, weight))| slope / count + penalty(at, *weight)).collect()
    })
}

/// Returns the text of `config/points.toml`.
pub fn points_file(fitted: &FittedPoints, day: Date, file: &str) -> String {
    let mut text = String::from(
        "# How good a quote a sentence is: the weights of features and words. `takeaways-eval points --out` writes this file.\n\n",
    );
    let source = format!("{day} on {file}, {} sentences", fitted.sentences);
    // Writing to a string never fails.
    let _ = writeln!(text, "fitted = {}\nbias = {:.3}\n\n[features]", toml_string(&source), fitted.bias);
    for (name, weight) in &fitted.features {
        let _ = writeln!(text, "{name} = {:.3}", weight + 0.0);
    }
    text.push_str("\n[words]\n");
    let mut last = "";
    for ((code, word), weight) in &fitted.words {
        if *code != last {
            let _ = writeln!(text, "\n[words.{code}]");
            last = code;
        }
        let _ = writeln!(text, "{} = {:.2}", toml_string(word), weight + 0.0);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_corpus::points::SentenceValues;
    use takeaways_text::model::Language;

    #[test]
    fn what_makes_a_grade_gets_its_weight() {
        let sentences: Vec<MeasuredSentence> = (0..200_u8)
            .map(|at| {
                let (number, word) = (at.is_multiple_of(2), at.is_multiple_of(3));
                let mut features = [0.0; FEATURES];
                features[3] = f32::from(u8::from(number));
                let words = if word { vec!["mesh".to_owned()] } else { Vec::new() };
                MeasuredSentence {
                    grade: 2 * u8::from(number) + u8::from(word),
                    values: SentenceValues {
                        features,
                        words,
                        word_value: 0.5,
                        attendee_advice: 0,
                        refers_back: false,
                        announces: false,
                        prevalence: 0,
                        is_in_list_of_links: false,
                        is_advertisement: false,
                    },
                    language: Language::En,
                    estimate: 0.0,
                }
            })
            .collect();
        let fitted = fit_points(&sentences);
        assert!((fitted.features[3].1 - 2.0).abs() < 0.1, "{:?}", fitted.features[3]);
        assert!((fitted.words[&("en", "mesh".to_owned())] - 2.0).abs() < 0.2, "{:?}", fitted.words);
        let file = points_file(&fitted, jiff::civil::date(2026, 11, 21), "points.jsonl");
        assert!(takeaways_corpus::points::PointWeights::parse(&file).is_ok(), "{file}");
    }
}
