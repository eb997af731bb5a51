//! Fits the weights of the ranking and of the confidence to questions with known answers.
//!
//! Nothing here is drawn at random: the same posts and questions give the same weights. Every number of the report but
//! those that say otherwise is cross-validated: over questions that the weights had not seen.

pub mod confidence;
pub mod models;
pub mod ranking;
pub mod weights_file;

use std::sync::Arc;

use jiff::Timestamp;

use self::confidence::ConfidenceCase;
use self::models::CandidateList;
use crate::corpus_files::{CorpusSize, InMemoryCorpus, sample_corpora};
use crate::outcome::request;
use crate::questions::{JudgedQuestion, file_name};
use takeaways_answer::{AnswerError, Engine, ExplainedCandidate, Strictness};
use takeaways_search::{Index, IndexOptions};

/// So many of a question's candidates are ranked: the engine looks closely at no more of them.
const MAX_CANDIDATES: usize = 96;

/// What was fitted, to what.
#[derive(Debug, Clone)]
pub struct FitResult {
    /// The questions.
    pub questions: usize,
    /// Those of them that a post answers.
    pub answerable: usize,
    /// All posts.
    pub posts: u64,
    /// The order of candidates.
    pub ranking: ranking::RankingFit,
    /// How sure an answer is.
    pub confidence: confidence::ConfidenceFit,
}

/// One number of the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedWeight {
    /// Its name there.
    pub name: &'static str,
    /// As it is compiled in.
    pub before: f64,
    /// As it was fitted; `None` where it is left as it is.
    pub fitted: Option<f64>,
}

/// Asks all questions of all corpora and fits the weights to what comes back.
///
/// # Errors
/// Where an index can't be built or read.
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
            let why = engine.explain(&request(judged, now), if is_whole { MAX_CANDIDATES } else { 1 })?;
            cases.push(ConfidenceCase::new(judged, &why, &sample));
            if is_whole && judged.is_answerable() {
                lists.push(CandidateList::new(judged, &why.candidates));
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

/// Whether a candidate is what a question asks for.
fn is_right(judged: &JudgedQuestion, candidate: &ExplainedCandidate) -> bool {
    judged.posts.contains(file_name(&candidate.path)) && judged.matches_answer(&candidate.quote)
}

/// The sum of the products.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The parts that questions are split into.
pub const FOLDS: u64 = 5;

/// The part that questions about this file are in. Questions about one file are in one part: what is learned from one
/// of them would help with the others.
#[must_use]
pub fn fold(name: &str) -> u64 {
    (hash(name) >> 40) % FOLDS
}

/// Which of so many parts of the corpus a file is in.
#[must_use]
pub fn partition(name: &str, parts: u64) -> u64 {
    (hash(name) >> 20) % parts
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo): short to write in any language, so that a split can be made elsewhere.
fn hash(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_fnv() {
        // From the test vectors of the authors.
        for (text, expected) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
        {
            assert_eq!(hash(text), expected, "{text}");
        }
    }

    #[test]
    fn quarters_lie_within_halves() {
        for name in ["a.md", "b.md", "2019-kubecon.md", "x"] {
            assert_eq!(partition(name, 4) % 2, partition(name, 2), "{name}");
            assert!(fold(name) < FOLDS);
        }
    }
}
