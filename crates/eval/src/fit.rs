//! Fits the weights of the ranking and of the confidence to questions with known answers.
//!
//! Nothing here is drawn at random: the same posts and questions give the same weights. Every number of the report but
//! those that say otherwise is over questions that the weights had not seen: they are fitted as often as there are
//! folds, each time without one of them.

pub mod adam;
pub mod confidence;
pub mod corpora;
pub mod file;
pub mod folds;
pub mod listwise;
pub mod logistic;
pub mod ranking;

use std::sync::Arc;

use jiff::Timestamp;

use self::confidence::Case;
use self::corpora::Size;
use self::listwise::List;
use super::library::Library;
use super::outcome::request;
use super::questions::{Judged, file_name};
use takeaways_answer::{AnswerError, Engine, ExplainedCandidate, Strictness};
use takeaways_search::{Index, Options};

/// So many of a question's windows are ranked: the engine looks closely at no more of them.
const WINDOWS: usize = 96;

/// What was fitted, to what.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The questions.
    pub questions: usize,
    /// Those of them that a post answers.
    pub answerable: usize,
    /// All posts.
    pub posts: u64,
    /// The order of windows.
    pub ranking: ranking::Ranking,
    /// How sure an answer is.
    pub confidence: confidence::Confidence,
}

/// One number of the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
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
    library: &Library,
    judged: &[Judged],
    strictness: Strictness,
    now: Timestamp,
) -> Result<Fit, AnswerError> {
    let (mut lists, mut cases, mut sizes, mut posts) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for corpus in corpora::corpora(library) {
        let (index, _) = Index::open(None, &corpus.files, now, &Options::default())?;
        let engine = Engine::new(Arc::new(index), strictness);
        sizes.push((corpus.size, engine.index().posts()));
        let is_whole = corpus.size == Size::All;
        if is_whole {
            posts = engine.index().posts();
        }
        for judged in judged {
            let why = engine.explain(&request(judged, now), if is_whole { WINDOWS } else { 1 })?;
            cases.push(Case::of(judged, &why, &corpus));
            if is_whole && judged.is_answerable() {
                lists.push(List::of(judged, &why.candidates));
            }
        }
    }
    Ok(Fit {
        questions: judged.len(),
        answerable: lists.len(),
        posts,
        ranking: ranking::Ranking::fit(&lists),
        confidence: confidence::Confidence::fit(&cases, &sizes),
    })
}

/// Whether a window is what a question asks for.
fn is_right(judged: &Judged, window: &ExplainedCandidate) -> bool {
    judged.posts.contains(file_name(&window.path)) && judged.is_said_in(&window.quote)
}

/// The sum of the products.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
