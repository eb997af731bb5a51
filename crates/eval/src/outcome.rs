//! The outcome of one question: what was shown, or would have been; whether that was right, and whether it says what its
//! file says.

use jiff::Timestamp;

use crate::corpus_files::InMemoryCorpus;
use crate::questions::JudgedQuestion;
use takeaways_answer::{AnswerError, Engine, MAX_EXCERPTS, Request, ScopeOptions};
use takeaways_text::model::{Answer, Citation, Excerpt, Post, Quote};

/// One question after it was asked.
#[derive(Debug, Clone)]
pub struct QuestionOutcome<'q> {
    /// What was asked and what answers it.
    pub judged: &'q JudgedQuestion,
    /// Whether people would have been told that nothing was found.
    pub refused: bool,
    /// What was shown; where it was refused, what was held back.
    pub excerpts: Vec<Excerpt>,
    /// How sure the engine was of the first of them, 0 to 1.
    pub confidence: f64,
    /// The first of them that is right, from 1, whether it was shown or not.
    pub best_rank: Option<usize>,
    /// What excerpts say otherwise than their files.
    pub inexact: Vec<InexactExcerpt>,
}

/// An excerpt that is not exact.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InexactExcerpt {
    /// The excerpt's id.
    pub excerpt: String,
    /// The path of its post.
    pub path: String,
    /// What differs.
    pub differs: Vec<&'static str>,
}

/// What the engine is asked for a question.
#[must_use]
pub fn request(judged: &JudgedQuestion, now: Timestamp) -> Request {
    Request {
        question: judged.question.clone(),
        scope_options: ScopeOptions::default(),
        limit: MAX_EXCERPTS,
        now,
    }
}

/// Asks one question. `corpus` has the files that the engine's index was built from.
///
/// # Errors
/// Where the index can't be read.
pub fn ask_question<'q>(
    engine: &Engine,
    corpus: &InMemoryCorpus,
    judged: &'q JudgedQuestion,
    now: Timestamp,
) -> Result<QuestionOutcome<'q>, AnswerError> {
    let request = request(judged, now);
    let (refused, confidence, excerpts) = match engine.answer(&request)? {
        Answer::Cited { excerpts, confidence, .. } => (false, confidence, excerpts),
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

/// What an excerpt says otherwise than its file, in the order quote, lead-in, citation; empty where it is exact.
///
/// It is compared with the post as it was read from its file, not with what the index keeps of it: an error on the way
/// into the index is one too.
#[must_use]
pub fn differences(excerpt: &Excerpt, corpus: &InMemoryCorpus) -> Vec<&'static str> {
    let Some(post) = corpus.post(&excerpt.citation.post) else { return vec!["post"] };
    let is_said = |quoted: &Quote| quoted.span.slice(&post.body.text) == Some(quoted.text.as_str());
    let words = [("quote", is_said(&excerpt.quote)), ("lead-in", excerpt.lead_in.iter().all(is_said))];
    let all = words.into_iter().chain(citation_checks(&excerpt.citation, post));
    all.filter(|(_, same)| !same).map(|(what, _)| what).collect()
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
