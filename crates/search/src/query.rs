//! What is looked for: the contract between understanding a question and searching.

use jiff::Timestamp;

use takeaways_text::model::{EventId, PostId, Years};

/// What to look for in which part of the corpus.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The concepts of the question. Of `Occur::Should` at most `CollectionQuery::MAX_CLAUSES` are looked for: those
    /// that can score highest.
    pub clauses: Vec<Clause>,
    /// What may be found at all.
    pub filter: Filter,
}

/// One concept of a question, and how it may be said.
///
/// It scores the weighted sum over the fields of its best alternative there. Without any term it is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Ways to say it; the best one counts.
    pub alternatives: Vec<Alternative>,
    /// Multiplies its score: 0 or more, in the order of 1. (Scores of a passage are summed exactly up to 1,024.)
    pub weight: f32,
    /// Whether a passage may, must or must not hold it.
    pub role: ClauseRole,
}

/// Whether a passage may, must or must not hold something (in any field, its post's fields included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseRole {
    /// It scores.
    Should,
    /// It scores, and passages without it are left out.
    Must,
    /// Passages with it are left out.
    MustNot,
}

/// One way to say something.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Terms as [`takeaways_text::tokens`] gives them; more than one is a phrase: one after another in one field.
    pub terms: Vec<String>,
    /// 1 for the words themselves, less for looser ones.
    pub weight: f32,
}

/// What may be found; empty lists don't restrict anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Posts about one of these events.
    pub events: Vec<EventId>,
    /// Posts about an event of these years, or, where no event's year is known, of these years themselves.
    pub years: Option<Years>,
    /// Posts by one of these people, as compared by [`super::fold_name`].
    pub authors: Vec<String>,
    /// These posts.
    pub posts: Vec<PostId>,
    /// Posts that may be shown at this time.
    pub visible_at: Timestamp,
}

/// How much a match in each field counts, compared with one in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldWeights {
    /// The post's title.
    pub title: f32,
    /// The headings over the passage.
    pub heading: f32,
    /// The post's authors.
    pub author: f32,
    /// Name and place of the post's events. Little: that a question names an event is better told by the filter.
    pub event: f32,
    /// The post's topics and tags.
    pub topics: f32,
    /// The passage itself.
    pub body: f32,
}

/// The weights that searches use.
pub const FIELD_WEIGHTS: FieldWeights =
    FieldWeights { title: 0.25, heading: 0.5, author: 0.5, event: 0.3, topics: 0.2, body: 1.0 };

impl Query {
    /// The most concepts of `Occur::Should` that a search looks for: a question has a dozen, a pasted page
    /// has hundreds, and each costs time.
    pub const MAX_CLAUSES: usize = 48;

    /// The most terms that a search looks up: those of what must and must not be there first, then in the
    /// query's order. Alternatives that would exceed it are left out.
    pub const MAX_TERMS: usize = 1_000;
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            years: None,
            authors: Vec::new(),
            posts: Vec::new(),
            visible_at: Timestamp::MAX,
        }
    }
}

impl Alternative {
    /// One term, as it is.
    #[must_use]
    pub fn term(term: impl Into<String>) -> Self {
        Self { terms: vec![term.into()], weight: 1.0 }
    }
}

impl Clause {
    /// Something that may be there, said in one way.
    #[must_use]
    pub fn new(alternative: Alternative, role: ClauseRole) -> Self {
        Self { alternatives: vec![alternative], weight: 1.0, role }
    }
}
