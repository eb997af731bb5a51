//! A whole corpus at once: its posts, its problems, and how many of what.

use jiff::Timestamp;
use serde::Serialize;

use super::identity::DuplicateFinder;
use super::source::Corpus;
use super::{Problem, Severity};
use takeaways_text::model::{Post, PostKind};

/// A corpus in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CorpusContents {
    /// The posts that are shown, in the order of sources and paths.
    pub posts: Vec<Post>,
    /// Every problem, by folder and path.
    pub problems: Vec<Problem>,
    /// How many of what.
    pub counts: CorpusCounts,
}

/// How many files there are and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CorpusCounts {
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
    #[serde(rename = "refused")]
    pub rejected: usize,
}

/// Loads a corpus. `now` judges dates and what is to be shown.
#[must_use]
pub fn load_corpus(corpus: &Corpus, now: Timestamp) -> CorpusContents {
    let mut posts = Vec::new();
    let (problems, counts) = for_each_post(corpus, now, |post| posts.push(post));
    CorpusContents { posts, problems, counts }
}

/// Reads a corpus post by post, for those who need not hold all of them; gives the problems, by folder
/// and path, and counts.
pub fn for_each_post(
    corpus: &Corpus,
    now: Timestamp,
    mut visit: impl FnMut(Post),
) -> (Vec<Problem>, CorpusCounts) {
    let listing = corpus.list();
    let mut problems = listing.problems;
    let mut counts = CorpusCounts { files: listing.files.len(), ..CorpusCounts::default() };
    let mut duplicates = DuplicateFinder::default();
    for file in &listing.files {
        let mut parsed = corpus.read_file(file, now);
        problems.append(&mut parsed.problems);
        let Some(post) = parsed.post else {
            counts.rejected += 1;
            continue;
        };
        if let Some(problem) = corpus.exclusion(&post, now) {
            *(if problem.code == "draft" { &mut counts.drafts } else { &mut counts.scheduled }) += 1;
            problems.push(corpus.with_folder(problem, file.root));
            continue;
        }
        problems.extend(duplicates.check(&post).map(|problem| corpus.with_folder(problem, file.root)));
        *(if post.kind == PostKind::Note { &mut counts.notes } else { &mut counts.posts }) += 1;
        visit(post);
    }
    problems.sort();
    (problems, counts)
}

impl CorpusContents {
    /// Whether a file, or a part of one, was not read.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

#[cfg(test)]
mod tests;
