//! Fits the weights of the ranking and of the confidence to questions with known answers, and writes them as TOML.
//!
//! The fit is deterministic: the same posts and questions give the same weights. Unless the report says otherwise, its
//! numbers are cross-validated: each question is measured with weights that were fitted without it.

pub mod confidence;
pub mod models;
pub mod points;
pub mod ranking;
pub mod shapes;

use crate::{
    corpus_files::{CorpusSize, InMemoryCorpus, sample_corpora},
    outcome::request,
    questions::{JudgedQuestion, file_name},
};
use confidence::ConfidenceCase;
use jiff::{Timestamp, civil::Date};
use models::CandidateList;
use std::{collections::BTreeMap, sync::Arc};
use takeaways_answer::{AnswerError, Engine, ExplainedCandidate, Strictness};
use takeaways_search::{Index, IndexOptions};
use takeaways_text::lists::join_and;

/// The number of candidates that are ranked for a question: the engine computes the features of no more.
const MAX_CANDIDATES: usize = 96;

/// The result of a fit.
#[derive(Debug, Clone)]
pub struct FitResult {
    /// The number of questions.
    pub questions: usize,
    /// The number of answerable questions.
    pub answerable: usize,
    /// The number of posts.
    pub posts: u64,
    /// The fit of the ranking.
    pub ranking: ranking::RankingFit,
    /// The fit of the confidence.
    pub confidence: confidence::ConfidenceFit,
}

/// A weight of the weights file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedWeight {
    /// The name in the file.
    pub name: &'static str,
    /// The compiled-in value.
    pub before: f64,
    /// The fitted value; `None` if the weight is not fitted.
    pub fitted: Option<f64>,
}

/// Asks all questions of samples of the corpus and fits the weights to the candidates.
///
/// # Errors
/// If an index can't be built or read.
pub fn fit(
    corpus: &InMemoryCorpus,
    judged: &[JudgedQuestion],
    strictness: Strictness,
    now: Timestamp,
) -> Result<FitResult, AnswerError> {
    let (mut lists, mut cases, mut sizes, mut posts) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for sample in sample_corpora(corpus) {
        let (index, _) = Index::open(None, &sample.files, now, &IndexOptions::default())?;
        let engine = Engine::new(Arc::new(index), strictness);
        sizes.push((sample.size, engine.index().posts()));
        let is_whole = sample.size == CorpusSize::All;
        if is_whole {
            posts = engine.index().posts();
        }
        for judged in judged {
            let explanation =
                engine.explain(&request(judged, now), if is_whole { MAX_CANDIDATES } else { 1 })?;
            cases.push(ConfidenceCase::new(judged, &explanation, &sample));
            if is_whole && judged.is_answerable() {
                lists.push(CandidateList::new(judged, &explanation.candidates));
            }
        }
    }
    Ok(FitResult {
        questions: judged.len(),
        answerable: lists.len(),
        posts,
        ranking: ranking::RankingFit::fit(&lists),
        confidence: confidence::ConfidenceFit::fit(&cases, &sizes),
    })
}

/// Returns whether a candidate answers a question.
fn is_right(judged: &JudgedQuestion, candidate: &ExplainedCandidate) -> bool {
    judged.posts.contains(file_name(&candidate.path)) && judged.matches_answer(&candidate.quote)
}

/// Returns the dot product.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The number of folds for cross-validation.
pub const FOLDS: u64 = 5;

/// Returns the fold of the questions about this file. They share a fold, because each of them would help to answer the
/// others.
pub fn fold(name: &str) -> u64 {
    (fnv_1a(name) >> 40) % FOLDS
}

/// Returns the part of the corpus that a file is in, for a corpus of `parts` parts.
pub fn partition(name: &str, parts: u64) -> u64 {
    (fnv_1a(name) >> 20) % parts
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo), which is easy to write in other languages that need the same split.
pub fn fnv_1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Returns the text of the weights file `before` with the fitted weights, and the data that they were fitted to.
/// Comments, the order and all other values stay as they are.
pub fn weights_file(before: &str, fit: &FitResult, day: Date, files: &[String]) -> String {
    let FitResult { questions, posts, ranking, confidence, .. } = fit;
    let source = format!("{day} on {}, {questions} questions over", join_and(files));
    let sizes: Vec<String> = confidence.sizes.iter().rev().map(|at| at.posts.to_string()).collect();
    let mut values: BTreeMap<(&str, &str), String> = BTreeMap::new();
    values.insert(("ranking", "fitted"), toml_string(&format!("{source} {posts} posts")));
    values.insert(("confidence", "fitted"), toml_string(&format!("{source} {} posts", join_and(&sizes))));
    let bias = std::iter::once(("confidence", &confidence.bias));
    let signals = confidence.weights.iter().map(|weight| ("confidence.weights", weight));
    let parts = ranking.weights.iter().map(|weight| ("ranking.weights", weight));
    for (section, FittedWeight { name, fitted, .. }) in bias.chain(signals).chain(parts) {
        values.extend(fitted.map(|weight| ((section, *name), format_weight(weight))));
    }
    let mut section = "";
    let line = |line| {
        section = table_name(line).unwrap_or(section);
        let fitted = line
            .split_once(" = ")
            .and_then(|(name, _)| values.get(&(section, name)).map(|value| format!("{name} = {value}\n")));
        fitted.unwrap_or_else(|| format!("{line}\n"))
    };
    before.lines().map(line).collect()
}

/// Returns the name of the table that this line begins.
fn table_name(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

/// Formats a weight with three digits, since more are noise, and writes 0 for -0.
fn format_weight(weight: f64) -> String {
    format!("{:.3}", (weight * 1e3).round() / 1e3 + 0.0)
}

fn toml_string(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::{confidence::ConfidenceFit, ranking::RankingFit, *};
    use crate::corpus_files::CorpusSize;
    use jiff::civil::date;
    use takeaways_answer::Weights;
    use toml::Table;

    #[test]
    fn hashes_are_those_of_fnv() {
        // The authors' test vectors.
        for (text, expected) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
        {
            assert_eq!(fnv_1a(text), expected, "{text}");
        }
    }

    #[test]
    fn quarters_lie_within_halves() {
        for name in ["a.md", "b.md", "2019-kubecon.md", "x"] {
            assert_eq!(partition(name, 4) % 2, partition(name, 2), "{name}");
            assert!(fold(name) < FOLDS);
        }
    }

    fn fit() -> FitResult {
        let mut fit = FitResult {
            questions: 7,
            answerable: 5,
            posts: 12,
            ranking: RankingFit::fit(&[]),
            confidence: ConfidenceFit::fit(&[], &[(CorpusSize::All, 12), (CorpusSize::Half, 6)]),
        };
        let weights = fit.ranking.weights.iter_mut().chain(&mut fit.confidence.weights);
        for weight in weights.chain([&mut fit.confidence.bias]) {
            weight.fitted = weight.fitted.map(|_| weight.before);
        }
        fit
    }

    fn parse_table(text: &str) -> Table {
        text.parse().expect("TOML")
    }

    #[test]
    fn compiled_in_weights_give_the_same_file() {
        let text =
            weights_file(Weights::FILE, &fit(), date(2026, 11, 20), &["a.jsonl".into(), "b.jsonl".into()]);
        let (mut found, mut known) = (parse_table(&text), parse_table(Weights::FILE));
        assert_eq!(
            found["ranking"]["fitted"].as_str(),
            Some("2026-11-20 on a.jsonl and b.jsonl, 7 questions over 12 posts")
        );
        assert_eq!(
            found["confidence"]["fitted"].as_str(),
            Some("2026-11-20 on a.jsonl and b.jsonl, 7 questions over 6 and 12 posts")
        );
        for table in [&mut found, &mut known] {
            for section in ["ranking", "confidence"] {
                table[section].as_table_mut().expect("a table").remove("fitted");
            }
        }
        assert_eq!(found, known);
        let comments = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(comments(&text), comments(Weights::FILE));
    }

    #[test]
    fn only_fitted_weights_are_replaced() {
        let mut fit = fit();
        fit.ranking.weights[0].fitted = Some(-0.000_1);
        fit.confidence.weights[0].fitted = Some(1.234_56);
        let table =
            parse_table(&weights_file(Weights::FILE, &fit, date(2026, 11, 20), &["a\"b.jsonl".into()]));
        assert_eq!(table["ranking"]["weights"][fit.ranking.weights[0].name].as_float(), Some(0.0));
        assert_eq!(table["confidence"]["weights"][fit.confidence.weights[0].name].as_float(), Some(1.235));
        let known = parse_table(Weights::FILE);
        assert_eq!(table["ranking"]["weights"]["title_like"], known["ranking"]["weights"]["title_like"]);
        assert_eq!(table["confidence"]["thresholds"], known["confidence"]["thresholds"]);
    }
}
