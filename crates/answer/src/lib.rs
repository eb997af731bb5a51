//! A question to an answer: understanding it, choosing excerpts, refusing, and what to try instead.
//!
//! This room knows the index and what posts are; it does not know how an answer is shown or who asked.

mod age;
mod asked;
mod best;
mod candidates;
pub mod complete;
mod concepts;
mod confidence;
mod engine;
mod examples;
mod explain;
mod features;
mod forms;
mod handle;
mod matches;
pub mod meant;
pub mod names;
mod now;
mod offers;
mod opener;
mod parse;
mod passage_cache;
mod phrase;
mod plan;
mod question_syntax;
mod rank;
mod resolve;
#[cfg(test)]
mod samples;
mod scorers;
mod script;
mod section_event;
mod select;
mod shape;
mod small_talk;
mod usual;
mod verify;
mod weights;
mod years;

pub use best::Best;
pub use confidence::Strictness;
pub use engine::{AnswerError, Engine, MAX_EXCERPTS, Request};
pub use examples::examples;
pub use explain::{ExplainedCandidate, ExplainedConcept, Explanation};
pub use features::{Feature, Signal};
pub use handle::{EngineHandle, HandleError, OpenEngine, OpenEngineError, Snapshot, VerifiedAnswer};
pub use opener::{EngineOpener, OpenedEngine, OpenerError};
pub use resolve::Wish;
pub use scorers::{Scorer, Stretch};
pub use select::Decision;
pub use shape::{is_about_itself, is_number};
pub use small_talk::{asks_for_help, chatters, greets, holds_no_question, thanks};
pub use verify::{Differs, verify, verify_quotes};
pub use weights::Weights;
