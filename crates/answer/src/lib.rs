//! A question to an answer: understanding it, choosing excerpts, refusing, and what to try instead.
//!
//! This crate knows the index and what posts are; it does not know how an answer is shown or who asked.

mod answer_type;
mod candidates;
pub mod completion;
mod concepts;
mod confidence;
mod engine;
mod explain;
mod features;
mod freshness;
mod handle;
mod matcher;
mod opener;
mod parse;
mod passage_cache;
mod plan;
mod question_syntax;
mod rank;
mod resolve;
pub mod resolve_name;
#[cfg(test)]
mod samples;
mod select;
mod small_talk;
mod suggestions;
mod verify;
mod weights;

pub use answer_type::{is_about_itself, is_number};
pub use confidence::Strictness;
pub use engine::{AnswerError, Engine, MAX_EXCERPTS, Request};
pub use explain::BestExcerpts;
pub use explain::{ExplainedCandidate, ExplainedConcept, Explanation};
pub use features::{Feature, Signal};
pub use handle::{EngineHandle, HandleError, OpenEngine, OpenEngineError, Snapshot, VerifiedAnswer};
pub use opener::{EngineOpener, OpenedEngine, OpenerError};
pub use resolve::ScopeOptions;
pub use select::Decision;
pub use small_talk::{is_chatter, is_greeting, is_help_request, is_thanks, is_wordless};
pub use suggestions::examples;
pub use verify::{QuoteMismatch, verify_answer, verify_quotes};
pub use weights::Weights;
pub use weights::{CandidateText, Scorer};
