//! The index: passages of posts on disk, found again by their words.
//!
//! The only room that names tantivy. It knows posts and terms: not answers, not how files are parsed (they
//! come through [`FileSource`]) and not the clock (the time comes as an argument).
//!
//! The way through: [`Index::open`] compares the files with what the index holds (`plan`), writes the
//! difference (`write`, `documents`, `packed`, `merge`) into a folder that other processes may be reading
//! (`folder`, `load`, `open`), and answers a [`Query`] from the result (`search`, `terms`, `statistics`) with the queries of
//! tantivy.
//!
//! Each file is one *file document*, followed by one *passage document* for each of its post's passages. The
//! words of a post (title, author, event, topics) stand in each of its passages. The post itself and its columns stand in
//! the file document only; a passage finds it by its ordinal.

mod cache;
mod counts;
mod damage;
mod documents;
mod error;
mod facets;
mod files;
mod filter;
mod folder;
mod index;
mod layout;
mod load;
mod lock;
mod merge;
mod names;
mod open;
mod packed;
mod part;
mod plan;
mod query;
mod read;
mod report;
mod rounding;
mod schema;
mod score;
mod search;
mod searcher;
mod source;
mod statistics;
mod status;
mod terms;
#[cfg(test)]
mod tests;
mod top;
mod vocabulary;
mod write;

pub use error::RetrievalError;
pub use facets::Facets;
pub use files::CorpusFiles;
pub use folder::index_folder;
pub use index::{Hit, Index};
pub use names::folded;
pub use open::Options;
pub use query::{Alternative, Filter, Group, Need, Query, WEIGHTS, Weights};
pub use report::{Notice, OpenReport, Progress};
pub use source::{FileSource, Read, Stamp};
pub use status::Status;
