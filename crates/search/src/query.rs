//! The query that the index understands: clauses, alternatives and filter.

use jiff::Timestamp;

use takeaways_text::model::{EventId, LanguageSet, PostId, Years};

/// Clauses to search for, and a filter on posts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The concepts of the question. Of [`ClauseRole::Should`] at most `Query::MAX_CLAUSES` are searched: those that
    /// can score highest.
    pub clauses: Vec<Clause>,
    /// The posts that may be found.
    pub filter: Filter,
}

/// One concept of a question, with the words for it.
///
/// Its score is the weighted sum over the fields of the best alternative in each. A clause without terms is ignored.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The words for it; the best alternative in a field counts.
    pub alternatives: Vec<Alternative>,
    /// The factor of its score: 0 or more, about 1.
    pub weight: f32,
    /// Whether a passage should, must or must not match it.
    pub role: ClauseRole,
}

/// Whether a passage should, must or must not match a clause, in any field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseRole {
    /// A match adds to the score.
    Should,
    /// A match adds to the score, and passages without one are excluded.
    Must,
    /// Passages with a match are excluded.
    MustNot,
}

/// A word or phrase for a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Terms as [`takeaways_text::tokens`] gives them. Several terms are a phrase: one after another in one field.
    pub terms: Vec<String>,
    /// 1 for the words of the question, less for looser ones.
    pub weight: f32,
    /// The languages of the posts in which it counts. The stem of a word in one language may be another word in another
    /// language.
    pub languages: LanguageSet,
}

/// The posts that may be found. Empty lists don't restrict anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Posts about one of these events.
    pub events: Vec<EventId>,
    /// Posts about an event of these years; if no event of a post has a known year, the year of the post counts.
    pub years: Option<Years>,
    /// Posts by one of these people, and passages of other posts with their words. Names are compared with [`crate::fold_name`].
    pub authors: Vec<String>,
    /// Posts by none of these people.
    pub excluded_authors: Vec<String>,
    /// Posts on one of these topics.
    pub topics: Vec<String>,
    /// Posts that name one of these projects.
    pub projects: Vec<String>,
    /// Posts that name one of these companies.
    pub companies: Vec<String>,
    /// Posts with these ids.
    pub posts: Vec<PostId>,
    /// Posts that may be shown at this time.
    pub visible_at: Timestamp,
}

impl Query {
    /// The most clauses of [`ClauseRole::Should`] that are searched: a question has a dozen, a pasted page has
    /// hundreds, and each costs time.
    pub(crate) const MAX_CLAUSES: usize = 48;

    /// The most terms that are looked up: first those of the `Must` and `MustNot` clauses, then in the order of the
    /// query. Alternatives beyond it are ignored.
    pub const MAX_TERMS: usize = 1_000;
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            years: None,
            authors: Vec::new(),
            excluded_authors: Vec::new(),
            topics: Vec::new(),
            projects: Vec::new(),
            companies: Vec::new(),
            posts: Vec::new(),
            visible_at: Timestamp::MAX,
        }
    }
}

impl Alternative {
    /// Makes an alternative of weight 1 of these terms, in posts of all languages.
    pub fn new(terms: Vec<String>) -> Self {
        Self { terms, weight: 1.0, languages: LanguageSet::ALL }
    }

    /// Makes an alternative of weight 1 of one term, in posts of all languages.
    pub fn term(term: impl Into<String>) -> Self {
        Self::new(vec![term.into()])
    }
}

impl Clause {
    /// Makes a clause with one alternative.
    pub fn new(alternative: Alternative, role: ClauseRole) -> Self {
        Self { alternatives: vec![alternative], weight: 1.0, role }
    }
}
