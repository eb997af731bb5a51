//! The outcome of one question: its excerpts, whether they are right, and whether they are exact.

use jiff::Timestamp;

use crate::corpus_files::InMemoryCorpus;
use crate::questions::JudgedQuestion;
use takeaways_answer::{AnswerError, Engine, MAX_EXCERPTS, Request};
use takeaways_text::model::{Answer, Citation, Excerpt, Post, Quote};

/// The outcome of a question.
#[derive(Debug, Clone)]
pub struct QuestionOutcome<'q> {
    /// The question and its answer.
    pub judged: &'q JudgedQuestion,
    /// Whether the question was refused, so that nothing was shown.
    pub refused: bool,
    /// The excerpts that were shown, or that would have been shown without the refusal.
    pub excerpts: Vec<Excerpt>,
    /// The confidence of the first excerpt, 0 to 1.
    pub confidence: f64,
    /// The rank of the first right excerpt, from 1, whether it was shown or not.
    pub best_rank: Option<usize>,
    /// The excerpts that differ from their files.
    pub inexact: Vec<InexactExcerpt>,
}

/// An excerpt that differs from its file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InexactExcerpt {
    /// The id of the excerpt.
    pub excerpt: String,
    /// The path of its post.
    pub path: String,
    /// The names of the parts that differ.
    pub differs: Vec<&'static str>,
}

/// Returns the request for a question.
pub fn request(judged: &JudgedQuestion, now: Timestamp) -> Request {
    Request::new(judged.question.clone(), MAX_EXCERPTS, now)
}

/// Asks a question. `corpus` has the files that the engine's index was built from.
///
/// # Errors
/// If the index can't be read.
pub fn ask_question<'q>(
    engine: &Engine,
    corpus: &InMemoryCorpus,
    judged: &'q JudgedQuestion,
    now: Timestamp,
) -> Result<QuestionOutcome<'q>, AnswerError> {
    let request = engine.prepared(&request(judged, now))?.request;
    let (refused, confidence, excerpts) = match engine.answer(&request)? {
        Answer::Cited { excerpts, confidence, .. } => (false, confidence, excerpts),
        Answer::Overview(overview) => (false, overview.confidence, overview.excerpts),
        Answer::NothingFound { .. } => {
            let best = engine.best_excerpts(&request)?;
            (true, best.confidence, best.excerpts)
        }
    };
    let right = excerpts.iter().position(|excerpt| judged.is_answered_by(excerpt));
    let inexact = excerpts.iter().filter_map(|excerpt| check_exactness(excerpt, corpus)).collect();
    Ok(QuestionOutcome {
        judged,
        refused,
        confidence: f64::from(confidence),
        best_rank: right.map(|at| at + 1),
        inexact,
        excerpts,
    })
}

fn check_exactness(excerpt: &Excerpt, corpus: &InMemoryCorpus) -> Option<InexactExcerpt> {
    let differs = differences(excerpt, corpus);
    let (id, path) = (&excerpt.id, &excerpt.citation.path);
    (!differs.is_empty()).then(|| InexactExcerpt { excerpt: id.clone(), path: path.clone(), differs })
}

impl QuestionOutcome<'_> {
    /// Returns the rank of the first right excerpt that was shown, from 1; `None` if the question was refused.
    pub fn rank(&self) -> Option<usize> {
        self.best_rank.filter(|_| !self.refused)
    }

    /// Returns whether the first excerpt answers the question, shown or not. The confidence predicts this.
    pub fn is_right(&self) -> bool {
        self.best_rank == Some(1)
    }
}

/// Returns the names of an excerpt's parts that differ from its file, in the order quote, lead-in, citation.
///
/// The excerpt is compared with the post as it was read from its file, not with the index, so that errors of the index
/// are found too.
pub fn differences(excerpt: &Excerpt, corpus: &InMemoryCorpus) -> Vec<&'static str> {
    let Some(post) = corpus.post(&excerpt.citation.post) else { return vec!["post"] };
    let is_exact = |quoted: &Quote| quoted.span.slice(&post.body.text) == Some(quoted.text.as_str());
    let quotes = [("quote", is_exact(&excerpt.quote)), ("lead-in", excerpt.lead_in.iter().all(is_exact))];
    let checks = quotes.into_iter().chain(citation_checks(&excerpt.citation, post));
    checks.filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
}

fn citation_checks(citation: &Citation, post: &Post) -> [(&'static str, bool); 5] {
    [
        ("title", citation.title == post.display_title()),
        ("author", citation.author == post.byline()),
        ("date", citation.date == post.date),
        ("link", citation.url == post.url),
        ("path", citation.path == post.path),
    ]
}
