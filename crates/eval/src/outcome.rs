//! What became of one question: what was shown, or would have been, and whether that was right.

use jiff::Timestamp;

use super::exact;
use super::library::Library;
use super::questions::Judged;
use takeaways_answer::{AnswerError, Engine, MAX_EXCERPTS, Request, Wish};
use takeaways_text::model::{Answer, Excerpt};

/// One question after it was asked.
#[derive(Debug, Clone)]
pub struct Outcome<'q> {
    /// What was asked and what answers it.
    pub judged: &'q Judged,
    /// Whether people would have been told that nothing was found.
    pub refused: bool,
    /// What was shown; where it was refused, what was held back.
    pub excerpts: Vec<Excerpt>,
    /// How sure the engine was of the first of them, 0 to 1.
    pub confidence: f64,
    /// The first of them that is right, from 1, whether it was shown or not.
    pub best_rank: Option<usize>,
    /// What excerpts say otherwise than their files.
    pub inexact: Vec<Inexact>,
}

/// An excerpt that is not exact.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Inexact {
    /// The excerpt's id.
    pub excerpt: String,
    /// The path of its post.
    pub path: String,
    /// What differs.
    pub differs: Vec<&'static str>,
}

/// What the engine is asked for a question.
#[must_use]
pub fn request(judged: &Judged, now: Timestamp) -> Request {
    Request { question: judged.question.clone(), wish: Wish::default(), limit: MAX_EXCERPTS, now }
}

/// Asks one question. `library` has the files that the engine's index was built from.
///
/// # Errors
/// Where the index can't be read.
pub fn ask<'q>(
    engine: &Engine,
    library: &Library,
    judged: &'q Judged,
    now: Timestamp,
) -> Result<Outcome<'q>, AnswerError> {
    let request = request(judged, now);
    let (refused, confidence, excerpts) = match engine.answer(&request)? {
        Answer::Cited { excerpts, confidence, .. } => (false, confidence, excerpts),
        Answer::NothingFound { .. } => {
            let best = engine.best(&request)?;
            (true, best.confidence, best.excerpts)
        }
    };
    let right = excerpts.iter().position(|excerpt| judged.is_answered_by(excerpt));
    let inexact = excerpts.iter().filter_map(|excerpt| inexact(excerpt, library)).collect();
    Ok(Outcome {
        judged,
        refused,
        confidence: f64::from(confidence),
        best_rank: right.map(|at| at + 1),
        inexact,
        excerpts,
    })
}

fn inexact(excerpt: &Excerpt, library: &Library) -> Option<Inexact> {
    let differs = exact::differences(excerpt, library);
    let (id, path) = (&excerpt.id, &excerpt.citation.path);
    (!differs.is_empty()).then(|| Inexact { excerpt: id.clone(), path: path.clone(), differs })
}

impl Outcome<'_> {
    /// The first right excerpt among those that were shown, from 1: `None` where it was refused.
    #[must_use]
    pub fn rank(&self) -> Option<usize> {
        self.best_rank.filter(|_| !self.refused)
    }

    /// Whether the first excerpt answers the question, were it shown or not: what the confidence is about.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.best_rank == Some(1)
    }
}
