//! What a refresh did.

use jiff::Timestamp;
use thiserror::Error;

use crate::library::LibraryError;

/// What became of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is new in the corpus.
    Added,
    /// Its text changed, and its file with it.
    Changed,
    /// Nothing changed.
    Unchanged,
    /// It is not in the corpus, with the reason.
    Excluded(String),
    /// It is the same post as another one.
    Duplicate(String),
    /// Its text changed on the web, and a person edited its file: the new text is beside it, with the ending `.orig`.
    Edited,
    /// A person removed it.
    Removed,
    /// It could not be read, with the reason.
    Failed(String),
    /// It could not be read before, with the reason, and is tried again later.
    Waiting(String),
}

/// A post with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestResult {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: Option<String>,
    /// The event that it is about.
    pub event: Option<String>,
    /// What became of it.
    pub outcome: PostOutcome,
}

/// Why a source could not be refreshed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefreshFailure {
    /// It can't be read; the text is for everybody.
    #[error("{0}")]
    Source(String),
    /// A file of this machine can't be read or written; the text names it, so it is for the operator.
    #[error("{0}")]
    Library(String),
}

impl From<&LibraryError> for RefreshFailure {
    fn from(error: &LibraryError) -> Self {
        Self::Library(error.to_string())
    }
}

/// What a refresh did.
#[derive(Debug, Default)]
pub struct RefreshReport {
    /// Sources that were read, also those that did not change.
    pub read: usize,
    /// Sources that could not be read, with the reason.
    pub failed: Vec<(String, RefreshFailure)>,
    /// Sources that another process refreshes now.
    pub busy: Vec<String>,
    /// The posts of the sources that changed, by the address of the source.
    pub posts: Vec<(String, IngestResult)>,
    /// When the next source is due.
    pub next_due: Option<Timestamp>,
}

impl RefreshReport {
    /// The number of posts with an outcome.
    pub fn count(&self, is: impl Fn(&PostOutcome) -> bool) -> usize {
        self.posts.iter().filter(|(_, post)| is(&post.outcome)).count()
    }

    /// How many posts were added, changed and failed, with the names that metrics have for that.
    pub fn outcome_counts(&self) -> [(&'static str, u64); 3] {
        let count = |is: fn(&PostOutcome) -> bool| self.count(is) as u64;
        [
            ("added", count(|it| *it == PostOutcome::Added)),
            ("changed", count(|it| *it == PostOutcome::Changed)),
            ("failed", count(|it| matches!(it, PostOutcome::Failed(_)))),
        ]
    }

    /// Whether a file of the corpus was written.
    pub fn has_changes(&self) -> bool {
        self.count(|outcome| matches!(outcome, PostOutcome::Added | PostOutcome::Changed)) > 0
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.read += other.read;
        self.failed.extend(other.failed);
        self.busy.extend(other.busy);
        self.posts.extend(other.posts);
        self.note_due(other.next_due);
    }

    pub(crate) fn note_due(&mut self, due: Option<Timestamp>) {
        self.next_due = [self.next_due, due].into_iter().flatten().min();
    }
}
