//! Fits the weights of the words that tell the shape of a question: a multinomial logistic regression with an L2 penalty.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use jiff::civil::Date;
use takeaways_corpus::{entities::EntityTable, events::EventTable, topics::TopicTable};
use takeaways_text::model::Shape;
use takeaways_text::question_shape::features;

use super::models::minimise;
use super::toml_string;
use crate::metrics::to_float;

/// A word in fewer questions is not known to the model.
const MIN_QUESTIONS_WITH_WORD: usize = 3;
/// A word in as many questions for sets of points is common: mostly it is not what they are about.
const MIN_QUESTIONS_WITH_COMMON: usize = 14;
/// A pair of words in fewer questions has no weight.
const MIN_QUESTIONS_WITH_PAIR: usize = 2;
/// The number of pairs that get one: those that change the shapes most.
const MAX_PAIRS: usize = 2_000;
/// The L2 penalty of the weights, chosen by leaving out the questions of one writer at a time.
const L2: f64 = 0.000_1;
/// The steps of the optimiser, and its learning rate.
const STEPS: u32 = 250;
const RATE: f64 = 0.1;
const SHAPES: usize = Shape::ALL.len();

/// The fitted weights, for the shapes in the order of [`Shape::ALL`].
#[derive(Debug, Clone, PartialEq)]
pub struct FittedShapes {
    /// The number of questions.
    pub questions: usize,
    /// The weights of a question without known words, as logarithms of odds.
    pub bias: [f64; SHAPES],
    /// The words that many questions for sets of points have.
    pub common: BTreeSet<String>,
    /// The weights of words and pairs of words, likewise.
    pub words: BTreeMap<String, [f64; SHAPES]>,
}

/// Fits the weights to questions with their shapes.
pub fn fit_shapes(questions: &[(&str, Shape)]) -> FittedShapes {
    let known = words_of(questions, MIN_QUESTIONS_WITH_WORD);
    let read: Vec<Vec<String>> =
        questions.iter().map(|(question, _)| features(question, |word| known.contains(word))).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in read.iter().flatten() {
        *counts.entry(feature).or_default() += 1;
    }
    counts.retain(|_, count| *count >= MIN_QUESTIONS_WITH_PAIR);
    let shapes: Vec<usize> = questions.iter().map(|(_, shape)| shape.index()).collect();
    let all: Vec<&str> = counts.keys().copied().collect();
    let weights = regression(&read, &shapes, &all);
    let is_pair = |feature: &str| feature.contains(' ');
    let effect = |at: usize| {
        let largest =
            row(&weights, at + 1).iter().fold(0.0, |largest: f64, weight| largest.max(weight.abs()));
        largest * to_float(counts[all[at]]).sqrt()
    };
    let mut pairs: Vec<(f64, &str)> =
        (0..all.len()).filter(|at| is_pair(all[*at])).map(|at| (effect(at), all[at])).collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let words = all.iter().copied().filter(|feature| !is_pair(feature));
    let chosen: Vec<&str> = words.chain(pairs.into_iter().take(MAX_PAIRS).map(|(_, pair)| pair)).collect();
    let weights = regression(&read, &shapes, &chosen);
    let broad: Vec<(&str, Shape)> =
        questions.iter().copied().filter(|(_, shape)| *shape != Shape::Fact).collect();
    FittedShapes {
        questions: questions.len(),
        bias: row(&weights, 0),
        common: words_of(&broad, MIN_QUESTIONS_WITH_COMMON)
            .into_iter()
            .filter(|word| !is_name(word))
            .collect(),
        words: chosen
            .iter()
            .enumerate()
            .map(|(at, word)| ((*word).to_owned(), row(&weights, at + 1)))
            .collect(),
    }
}

/// The words that at least so many questions have.
fn words_of(questions: &[(&str, Shape)], least: usize) -> HashSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (question, _) in questions {
        for word in features(question, |_| true).into_iter().filter(|feature| !feature.contains(' ')) {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(word, _)| word).collect()
}

/// Whether a word names an event, a topic, a project or a company, however it is written.
fn is_name(word: &str) -> bool {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    let spellings = [word.to_owned(), first.to_uppercase() + rest, word.to_uppercase()];
    spellings.iter().any(|word| {
        !EventTable::builtin().mentions(word).is_empty()
            || !TopicTable::builtin().named_in(word).is_empty()
            || EntityTable::builtin().knows(word)
    })
}

/// The weights of a feature.
fn row(weights: &[f64], at: usize) -> [f64; SHAPES] {
    let mut row = [0.0; SHAPES];
    row.iter_mut().zip(&weights[at * SHAPES..]).for_each(|(to, weight)| *to = *weight);
    row
}

/// Returns the biases, and the weights of the features, with which the shapes of the questions are most probable.
fn regression(read: &[Vec<String>], shapes: &[usize], features: &[&str]) -> Vec<f64> {
    let index: HashMap<&str, usize> =
        features.iter().enumerate().map(|(at, feature)| (*feature, (at + 1) * SHAPES)).collect();
    let rows: Vec<Vec<usize>> = read
        .iter()
        .map(|features| {
            let places = features.iter().filter_map(|feature| index.get(feature.as_str()).copied());
            std::iter::once(0).chain(places).collect()
        })
        .collect();
    let count = to_float(read.len().max(1));
    let size = (features.len() + 1) * SHAPES;
    minimise(size, STEPS, RATE, |weights| {
        let mut slopes: Vec<f64> = weights.iter().map(|weight| L2 * weight).collect();
        for (row, shape) in rows.iter().zip(shapes) {
            let mut scores = [0.0; SHAPES];
            for at in row {
                scores.iter_mut().zip(&weights[*at..]).for_each(|(score, weight)| *score += weight);
            }
            let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let odds = scores.map(|score| (score - best).exp());
            let total: f64 = odds.iter().sum();
            let mut residuals = odds.map(|odds| odds / total / count);
            residuals[*shape] -= 1.0 / count;
            for at in row {
                slopes[*at..].iter_mut().zip(residuals).for_each(|(slope, residual)| *slope += residual);
            }
        }
        slopes
    })
}

/// Returns the text of `config/shapes.toml`.
pub fn shapes_file(fitted: &FittedShapes, day: Date, files: &str) -> String {
    let names: Vec<String> = Shape::ALL.iter().map(|shape| format!("{shape:?}").to_lowercase()).collect();
    let mut text = format!(
        "# What words, and pairs of words, tell of the shape of a question. `takeaways-eval shapes --out` writes this file.\n\
         # The weights are those of: {}. `^` stands before the first word, `$` after the last, `#` for a\n\
         # number, and `_` for words that are not in this file.\n\n",
        names.join(", ")
    );
    let source = format!("{day} on {files}, {} questions", fitted.questions);
    // Writing to a string never fails.
    let bias = fitted.bias.map(|weight| format!("{weight:.1}")).join(", ");
    let _ = writeln!(text, "fitted = {}\nbias = [{bias}]", toml_string(&source));
    text.push_str("\n# Words that many questions for sets of points have.\ncommon = [\n");
    for word in &fitted.common {
        let _ = writeln!(text, "    {},", toml_string(word));
    }
    text.push_str("]\n\n# The weights of words, in tenths.\nwords = '''\n");
    for (word, weights) in &fitted.words {
        let tenths = weights.map(|weight| format!("{}", (weight * 10.0).round() + 0.0)).join(" ");
        let _ = writeln!(text, "{word}: {tenths}");
    }
    text.push_str("'''\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::question_shape::estimate::ShapeWeights;

    #[test]
    fn what_shows_a_shape_gets_its_weight() {
        let things = ["istio", "linkerd", "flux", "argo", "helm", "rook"];
        let questions: Vec<(String, Shape)> = things
            .iter()
            .flat_map(|thing| {
                [
                    // Another name, so that each is in two questions.
                    (format!("who made open{thing}"), Shape::Fact),
                    (format!("anyone found {thing} painful"), Shape::Opinions),
                    (format!("show me talks on {thing}"), Shape::List),
                ]
            })
            .collect();
        let questions: Vec<(&str, Shape)> = questions.iter().map(|(text, shape)| (&**text, *shape)).collect();
        let fitted = fit_shapes(&questions);
        assert!(!fitted.words.contains_key("istio") && fitted.words.contains_key("found _"), "{fitted:?}");
        let file = shapes_file(&fitted, jiff::civil::date(2026, 11, 26), "a test");
        let weights = ShapeWeights::parse(&file).expect("it can be read");
        let opinions =
            weights.probabilities(&["anyone", "found", "vitess", "painful"])[Shape::Opinions.index()];
        assert!(opinions > 0.8, "{opinions}");
    }
}
