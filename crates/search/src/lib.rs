//! The index: passages of posts on disk, found again by their words.
//!
//! The only crate that names tantivy. It knows posts and terms: not answers, not how files are parsed (they
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

mod corpus_files;
mod documents;
mod error;
mod facets;
mod filter;
mod folder;
mod index;
mod load;
mod open;
mod packed_tokens;
mod query;
mod query_terms;
mod report;
mod schema;
mod score;
mod searcher;
mod segment;
#[cfg(test)]
mod tests;
mod top_passages;
mod update_plan;
mod vocabulary;
mod write;

pub use corpus_files::CorpusFiles;
pub use corpus_files::{FileContent, FileSource, Stamp};
pub use error::SearchError;
pub use facets::Facets;
pub use facets::fold_name;
pub use folder::index_folder;
pub use index::{Hit, Index};
pub use open::IndexOptions;
pub use query::{Alternative, Clause, ClauseRole, FIELD_WEIGHTS, FieldWeights, Filter, Query};
pub use report::IndexStatus;
pub use report::{IndexNotice, OpenReport, ReadProgress};
