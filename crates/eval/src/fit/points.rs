//! Fits the weights of points: a linear regression of the readers' grades, and a logistic regression of their marks, with an L2 penalty.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::models::minimise;
use super::toml_string;
use crate::marks::MarkedSentence;
use crate::metrics::to_float;
use crate::points::MeasuredSentence;
use jiff::civil::Date;
use takeaways_corpus::points::{FEATURES, SentenceValues, feature_names, has_words};
use takeaways_text::model::Language;

/// A word in fewer marked sentences gets no weight.
const MIN_SENTENCES: usize = 5;
const STEPS: u32 = 600;
const RATE: f64 = 0.05;

/// The fitted weights.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedPoints {
    /// How good a quote a sentence is.
    pub quote: FittedSum,
    /// Whether it tells of the event.
    pub event: FittedSum,
}

/// The weights of one of the sums.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedSum {
    /// The number of sentences that it is fitted to.
    pub sentences: usize,
    /// The sum of a sentence without features and words.
    pub bias: f64,
    /// By name, in order.
    pub features: Vec<(&'static str, f64)>,
    /// By the code of the language and the word.
    pub words: BTreeMap<(&'static str, String), f64>,
}

type WordKey<'s> = (&'static str, &'s str);

/// A sentence as a regression sees it.
struct Sample<'s> {
    target: f64,
    features: Vec<f64>,
    words: Vec<WordKey<'s>>,
    word_value: f64,
}

/// How a sum is fitted.
#[derive(Clone, Copy, PartialEq)]
enum Regression {
    /// To grades, by the least squared error.
    Linear,
    /// To marks, by the logistic loss: the sum is log-odds.
    Logistic,
}

impl Regression {
    /// The number of words that get a weight: those that change the sums most. Of marks, 1,000 words find no more on posts set aside;
    /// for grades, 1,400 words gain .005 of the area under the curve.
    fn max_words(self) -> usize {
        match self {
            Self::Linear => 300,
            Self::Logistic => 500,
        }
    }

    /// The L2 penalties of the weights of features and of words. A feature is first divided by its deviation.
    fn penalties(self) -> [f64; 2] {
        match self {
            Self::Linear => [0.000_5, 0.001],
            Self::Logistic => [0.000_1, 0.000_1],
        }
    }

    /// What a sum foretells.
    fn value(self, sum: f64) -> f64 {
        match self {
            Self::Linear => sum,
            Self::Logistic => 1.0 / (1.0 + (-sum).exp()),
        }
    }
}

/// Fits the weights to graded and to marked sentences.
pub fn fit_points(graded: &[MeasuredSentence], marked: &[MarkedSentence]) -> FittedPoints {
    let with_grade = graded.iter().map(|it| (f64::from(it.grade), &it.values, it.language));
    let mark = |it: &MarkedSentence| f64::from(u8::from(it.is_about_event()));
    let with_mark = marked.iter().map(|it| (mark(it), &it.values, it.language));
    FittedPoints {
        quote: fit_sum(with_grade.collect(), Regression::Linear),
        event: fit_sum(with_mark.collect(), Regression::Logistic),
    }
}

fn fit_sum(sentences: Vec<(f64, &SentenceValues, Language)>, kind: Regression) -> FittedSum {
    let deviations = deviations(&sentences);
    let samples: Vec<Sample<'_>> =
        sentences.into_iter().map(|sentence| sample(sentence, &deviations)).collect();
    let mut frequencies: BTreeMap<WordKey<'_>, usize> = BTreeMap::new();
    for word in samples.iter().flat_map(|sample| &sample.words) {
        *frequencies.entry(*word).or_default() += 1;
    }
    frequencies.retain(|_, count| *count >= MIN_SENTENCES);
    let all: Vec<WordKey<'_>> = frequencies.keys().copied().collect();
    let weights = regression(&samples, &all, kind);
    let mut by_effect: Vec<(f64, WordKey<'_>)> = all
        .iter()
        .zip(&weights[1 + FEATURES..])
        .map(|(word, weight)| (weight.abs() * to_float(frequencies[word]).sqrt(), *word))
        .collect();
    by_effect.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let chosen: Vec<WordKey<'_>> =
        by_effect.into_iter().take(kind.max_words()).map(|(_, word)| word).collect();
    let weights = regression(&samples, &chosen, kind);
    let features = feature_names().zip(weights[1..].iter().zip(&deviations));
    FittedSum {
        sentences: samples.len(),
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
fn deviations(sentences: &[(f64, &SentenceValues, Language)]) -> Vec<f64> {
    let count = to_float(sentences.len().max(1));
    let deviation = |at: usize| {
        let values = || sentences.iter().map(|(_, values, _)| f64::from(values.features[at]));
        let mean = values().sum::<f64>() / count;
        let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        if deviation > 0.0 { deviation } else { 1.0 }
    };
    (0..FEATURES).map(deviation).collect()
}

fn sample<'s>(
    (target, values, language): (f64, &'s SentenceValues, Language),
    deviations: &[f64],
) -> Sample<'s> {
    let scaled = values.features.iter().zip(deviations).map(|(value, by)| f64::from(*value) / by);
    let words = values.words.iter().filter(|_| has_words(language));
    Sample {
        target,
        features: scaled.collect(),
        words: words.map(|word| (language.code(), word.as_str())).collect(),
        word_value: f64::from(values.word_value),
    }
}

/// Returns the bias, the weights of the features and those of the words that give the least loss.
fn regression(samples: &[Sample<'_>], words: &[WordKey<'_>], kind: Regression) -> Vec<f64> {
    let index: HashMap<WordKey<'_>, usize> =
        words.iter().enumerate().map(|(at, word)| (*word, 1 + FEATURES + at)).collect();
    let rows: Vec<(&Sample<'_>, Vec<usize>)> = samples
        .iter()
        .map(|sample| (sample, sample.words.iter().filter_map(|word| index.get(word).copied()).collect()))
        .collect();
    let count = to_float(samples.len().max(1));
    let size = 1 + FEATURES + words.len();
    let [feature_penalty, word_penalty] = kind.penalties();
    minimise(size, STEPS, RATE, |weights| {
        let mut slopes = vec![0.0; size];
        for (sample, words) in &rows {
            let features = sample.features.iter().zip(&weights[1..]).map(|(value, weight)| value * weight);
            let in_words: f64 = words.iter().map(|at| weights[*at]).sum();
            let sum = weights[0] + features.sum::<f64>() + sample.word_value * in_words;
            // Both losses have the same slope.
            let residual = kind.value(sum) - sample.target;
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
            at if at <= FEATURES => feature_penalty * weight,
            _ => word_penalty * weight,
        };
        let slopes = slopes.into_iter().zip(weights).enumerate();
        slopes.map(|(at, (slope, weight))| slope / count + penalty(at, *weight)).collect()
    })
}

/// Returns the text of `config/points.toml`. `files` are those of the grades and of the marks.
pub fn points_file(fitted: &FittedPoints, day: Date, files: [&str; 2]) -> String {
    let mut text = String::from(
        "# What tells the points of a post: the weights of features and words. `takeaways-eval points --out` writes this file.\n",
    );
    // Writing to a string never fails.
    let sums = [
        ("quote", "How good a quote a sentence is: a grade.", &fitted.quote),
        ("event", "Whether it tells of the event as a whole: log-odds.", &fitted.event),
    ];
    for ((name, what, sum), file) in sums.into_iter().zip(files) {
        let source = toml_string(&format!("{day} on {file}, {} sentences", sum.sentences));
        let _ = writeln!(text, "\n# {what}\n[{name}]\nfitted = {source}\nbias = {:.3}", sum.bias);
        let _ = writeln!(text, "\n[{name}.features]");
        for (feature, weight) in &sum.features {
            let _ = writeln!(text, "{feature} = {:.3}", weight + 0.0);
        }
        let _ = writeln!(text, "\n[{name}.words]");
        let mut last = "";
        for ((code, word), weight) in &sum.words {
            if *code != last {
                let _ = writeln!(text, "\n[{name}.words.{code}]");
                last = code;
            }
            let _ = writeln!(text, "{} = {:.2}", toml_string(word), weight + 0.0);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Mark;

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
                        sums_up: false,
                        is_in_list_of_links: false,
                        is_advertisement: false,
                    },
                    language: Language::En,
                    estimate: 0.0,
                }
            })
            .collect();
        let marked = sentences.iter().map(|it| MarkedSentence {
            values: it.values.clone(),
            language: it.language,
            marks: if it.grade >= 2 { vec![Mark::Event] } else { Vec::new() },
        });
        let fitted = fit_points(&sentences, &marked.collect::<Vec<_>>());
        let FittedSum { features, words, .. } = &fitted.quote;
        assert!((features[3].1 - 2.0).abs() < 0.1, "{:?}", features[3]);
        assert!((words[&("en", "mesh".to_owned())] - 2.0).abs() < 0.2, "{words:?}");
        let FittedSum { features, bias, .. } = &fitted.event;
        assert!(*bias < -2.0 && bias + features[3].1 > 2.0, "{bias} {:?}", features[3]);
        let file = points_file(&fitted, jiff::civil::date(2026, 11, 21), ["points.jsonl", "marks.jsonl"]);
        assert!(takeaways_corpus::points::PointWeights::parse(&file).is_ok(), "{file}");
    }
}
