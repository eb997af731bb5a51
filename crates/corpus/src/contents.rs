//! A corpus in memory, for tests. The program never holds all posts at once.

use super::{Corpus, CorpusCounts, Problem, ReadOptions, Severity, for_each_post};
use jiff::Timestamp;
use takeaways_text::model::Post;

/// A corpus in memory.
pub(crate) struct CorpusContents {
    /// The visible posts, in the order of sources and paths.
    pub posts: Vec<Post>,
    /// Every problem, sorted by folder and path.
    pub problems: Vec<Problem>,
    /// The counts of files and posts.
    pub counts: CorpusCounts,
}

impl CorpusContents {
    /// Whether any file, or a part of one, was not read.
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// Loads a corpus. `now` decides whether a date is plausible and whether a post is visible.
pub(crate) fn load_corpus(corpus: &Corpus, now: Timestamp) -> CorpusContents {
    let mut posts = Vec::new();
    let (problems, counts) = for_each_post(corpus, now, &ReadOptions::default(), |post| posts.push(post));
    CorpusContents { posts, problems, counts }
}
