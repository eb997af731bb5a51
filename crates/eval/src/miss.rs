//! What went wrong, told so that somebody can see why.

use regex::Regex;
use serde::Serialize;

use super::outcome::Outcome;
use super::questions::file_name;
use super::report::rounded;

/// A question that was not answered as it should have been.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What was asked.
    pub question: String,
    /// What should have been shown: one of these patterns, of one of these files. Both are empty where nothing should
    /// have been.
    pub wanted: Wanted,
    /// Whether it was refused; then `shown` was not.
    pub refused: bool,
    /// How sure it was of the first excerpt.
    pub confidence: f64,
    /// The place of the first right excerpt, from 1.
    pub best_rank: Option<usize>,
    /// What was shown, or would have been.
    pub shown: Vec<Shown>,
}

/// What answers a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wanted {
    /// Names of files.
    pub posts: Vec<String>,
    /// Regular expressions.
    pub any: Vec<String>,
}

/// An excerpt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// The name of its file.
    pub file: String,
    /// Its words.
    pub quote: String,
}

impl Miss {
    /// The first `most` misses, the worst kind first: answered without an answer or no right excerpt at all, refused
    /// though the first excerpt is right, a right excerpt behind a wrong one.
    #[must_use]
    pub fn first(outcomes: &[Outcome<'_>], most: usize) -> Vec<Self> {
        let mut missed: Vec<(u8, &Outcome<'_>)> =
            outcomes.iter().filter_map(|outcome| Some((badness(outcome)?, outcome))).collect();
        missed.sort_by_key(|(badness, _)| *badness);
        missed.into_iter().take(most).map(|(_, outcome)| Self::of(outcome)).collect()
    }

    pub(super) fn of(outcome: &Outcome<'_>) -> Self {
        let judged = outcome.judged;
        let shown = outcome.excerpts.iter().map(|excerpt| Shown {
            file: file_name(&excerpt.citation.path).to_owned(),
            quote: excerpt.quoted.quote.clone(),
        });
        Self {
            id: judged.id.clone(),
            kind: judged.kind.clone(),
            question: judged.question.text().to_owned(),
            wanted: Wanted {
                posts: judged.posts.iter().cloned().collect(),
                any: judged.any.iter().map(Regex::to_string).collect(),
            },
            refused: outcome.refused,
            confidence: rounded(outcome.confidence),
            best_rank: outcome.best_rank,
            shown: shown.collect(),
        }
    }
}

/// `None` where all is as it should be.
fn badness(outcome: &Outcome<'_>) -> Option<u8> {
    if !outcome.judged.is_answerable() {
        return (!outcome.refused).then_some(0);
    }
    match (outcome.best_rank, outcome.refused) {
        (Some(1), false) => None,
        (None, _) => Some(0),
        (Some(_), true) => Some(1),
        (Some(_), false) => Some(2),
    }
}
