//! A whole corpus at once: its posts, its problems, and how many of what.

use jiff::Timestamp;
use serde::Serialize;

use super::identity::Duplicates;
use super::source::Corpus;
use super::{Problem, Severity};
use takeaways_text::model::{Kind, Post};

/// A corpus in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The posts that are shown, in the order of sources and paths.
    pub posts: Vec<Post>,
    /// Every problem, by folder and path.
    pub problems: Vec<Problem>,
    /// How many of what.
    pub counts: Counts,
}

/// How many files there are and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Files that were listed.
    pub files: usize,
    /// Posts that are shown, but for notes.
    pub posts: usize,
    /// Notes that are shown.
    pub notes: usize,
    /// Posts and notes left out as drafts.
    pub drafts: usize,
    /// Posts and notes left out until their time comes.
    pub scheduled: usize,
    /// Files that were refused.
    pub refused: usize,
}

/// Loads a corpus. `now` judges dates and what is to be shown.
#[must_use]
pub fn load(corpus: &Corpus, now: Timestamp) -> Loaded {
    let mut posts = Vec::new();
    let (problems, counts) = each(corpus, now, |post| posts.push(post));
    Loaded { posts, problems, counts }
}

/// Reads a corpus post by post, for those who need not hold all of them; gives the problems, by folder
/// and path, and counts.
pub fn each(corpus: &Corpus, now: Timestamp, mut visit: impl FnMut(Post)) -> (Vec<Problem>, Counts) {
    let listing = corpus.list();
    let mut problems = listing.problems;
    let mut counts = Counts { files: listing.files.len(), ..Counts::default() };
    let mut duplicates = Duplicates::default();
    for file in &listing.files {
        let mut parsed = corpus.read_one(file, now);
        problems.append(&mut parsed.problems);
        let Some(post) = parsed.post else {
            counts.refused += 1;
            continue;
        };
        if let Some(problem) = corpus.left_out(&post, now) {
            *(if problem.code == "draft" { &mut counts.drafts } else { &mut counts.scheduled }) += 1;
            problems.push(corpus.placed(problem, file.root));
            continue;
        }
        problems.extend(duplicates.see(&post).map(|problem| corpus.placed(problem, file.root)));
        *(if post.kind == Kind::Note { &mut counts.notes } else { &mut counts.posts }) += 1;
        visit(post);
    }
    problems.sort();
    (problems, counts)
}

impl Loaded {
    /// Whether a file, or a part of one, was not read.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

#[cfg(test)]
mod tests;
