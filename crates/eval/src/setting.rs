//! What was asked of what: all that a report depends on besides the program.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::library::Library;
use super::questions::Judged;
use takeaways_answer::{Engine, Strictness};

/// What was asked of what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Questions that were asked.
    pub questions: usize,
    /// Those of them that a post answers.
    pub answerable: usize,
    /// Posts of the index.
    pub posts: u64,
    /// Passages of the index.
    pub passages: u64,
    /// How sure it has to be to answer.
    pub strictness: Strictness,
    /// The least confidence with which it answers.
    pub threshold: f32,
    /// When it was asked.
    pub now: Timestamp,
    /// Files that questions name and that the corpus does not have: what they answer can't be found.
    pub absent: Vec<String>,
}

impl Setting {
    /// Of questions that `engine` is asked, whose index holds `library`.
    #[must_use]
    pub fn new(
        questions: &[Judged],
        library: &Library,
        engine: &Engine,
        strictness: Strictness,
        now: Timestamp,
    ) -> Self {
        let there: BTreeSet<&str> = library.posts().map(|(name, _)| name).collect();
        let named: BTreeSet<&str> =
            questions.iter().flat_map(|judged| &judged.posts).map(String::as_str).collect();
        Self {
            questions: questions.len(),
            answerable: questions.iter().filter(|judged| judged.is_answerable()).count(),
            posts: engine.index().posts(),
            passages: engine.index().passages(),
            strictness,
            threshold: strictness.threshold(),
            now,
            absent: named.difference(&there).map(|name| (*name).to_owned()).collect(),
        }
    }
}
