//! Answers questions with excerpts from posts, or refuses and suggests other questions.
//!
//! This crate knows the index and the posts. It does not know how an answer is shown or who asks.
//!
//! The bot and the command line call an [`EngineHandle`] (`handle.rs`): it verifies every answer, repairs a damaged
//! index and takes in changed posts. It holds an [`Engine`] (`engine.rs`), where a question takes these steps:
//!
//! | step | file | result |
//! |---|---|---|
//! | parse | `parse.rs`, with `question_syntax.rs` and `answer_type.rs` | `ParsedQuestion`, from the words alone |
//! | resolve | `resolve.rs`, with `times.rs`; for its callers `question_names.rs` | `ResolvedQuestion`: names matched with events, years and authors of the index |
//! | plan | `plan.rs`, with `concepts.rs` and `event_facts.rs` | `QueryPlan`: scope, weighted concepts, answer type |
//! | search | the crate `search` | the best passages |
//! | candidates | `candidates.rs`, with `matcher.rs` and `passage_cache.rs` | `Candidate`s: runs of sentences |
//! | features | `candidates/feature_extraction.rs`, with `features.rs` | a `FeatureVector` for each candidate |
//! | rank | `rank.rs`, with `weights.rs` | the candidates in order of their scores |
//! | confidence | `confidence.rs` | how likely the best candidate answers the question |
//! | select | `select.rs` | one to three candidates; or a refusal, with questions from `suggestions.rs` |
//! | cut | `cut.rs` | `Excerpt`s: where each begins and ends, and how much of a list is shown |
//! | overview | `overview.rs` | for a question for a set of points: groups of lines, in place of the steps from confidence on |
//! | verify | `verify.rs` | the answer, after each quote was compared with its post |
//!
//! `conversation.rs` understands a message that goes on with a conversation, and `excerpt_place.rs` shows an excerpt again.
//! `named_overview.rs` has the overviews that a caller names by their parts, so that no words have to be recognised.
//! `quotes.rs` finds the post that words are from. `explain.rs` tells why an answer is what it is. `evaluation.rs` has the
//! queries of `takeaways-eval`.
//! `spelling.rs` reads a question in right spelling before all of this. `completion.rs`, `find_name.rs` and `resolve_name.rs` serve
//! options that are names. `small_talk.rs` recognises messages that are not questions. `opener.rs` opens an engine over the
//! posts of the settings.

mod aliases;
mod amount;
mod answer_type;
mod attendance;
mod candidates;
mod circumstances;
pub mod completion;
mod concepts;
mod confidence;
mod conversation;
mod counted;
mod cut;
mod engine;
mod evaluation;
mod event_facts;
mod excerpt_place;
mod excluded_topics;
mod expansions;
mod explain;
mod features;
mod find_name;
mod freshness;
mod handle;
mod matcher;
mod named_overview;
mod newest_posts;
mod opener;
mod origin;
mod overview;
mod parse;
mod passage_cache;
mod people;
mod plan;
mod post_part;
mod question_forms;
mod question_names;
mod question_syntax;
mod quotes;
mod rank;
mod relation;
mod resolve;
pub mod resolve_name;
#[cfg(test)]
mod samples;
mod scope_importance;
mod section_event;
mod select;
mod shape_words;
mod small_talk;
mod spelling;
mod suggestions;
mod times;
mod verify;
mod weights;
mod word_forms;

pub use answer_type::is_number;
pub use confidence::Strictness;
pub use conversation::{
    AnswerHeading, Command, ListedRecap, Notice, Origin, PastTopic, RecapList, Reply, Turn, TurnAnswer,
};
pub use engine::{AnswerError, AnswerLimits, Engine, MAX_EXCERPTS, Request};
pub use evaluation::BestExcerpts;
pub use excerpt_place::{CitedFor, ExcerptPlace};
pub use explain::{ExplainedAlternative, ExplainedCandidate, ExplainedConcept, Explanation};
pub use features::{Feature, Signal};
pub use handle::{
    EngineHandle, HandleError, OpenEngine, OpenEngineError, Reload, ReopenedEngine, Snapshot, VerifiedAnswer,
};
pub use named_overview::{NamedOverview, Subject};
pub use opener::{EngineOpener, OpenedEngine, OpenerError};
pub use overview::speakers_of_talks;
pub use passage_cache::is_about_itself;
pub use quotes::{QuoteMatch, QuoteSearch};
pub use resolve::ScopeOptions;
pub use select::Decision;
pub use small_talk::{SmallTalk, find_newest_since, find_small_talk, small_talk_language};
pub use spelling::{PreparedRequest, Respelling};
pub use suggestions::examples;
pub use times::parse_years;
pub use verify::{QuoteMismatch, verify_answer, verify_quotes};
pub use weights::Weights;
