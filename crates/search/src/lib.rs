//! The search index: stores posts on disk and finds their passages by terms.
//!
//! This is the only crate that names tantivy. It does not know answers, file formats (files come through
//! [`FileSource`]) or the clock (the time is an argument).
//!
//! [`Index::open`] compares the files with the index (`update_plan`), writes the difference (`write`, `documents`,
//! `packed_tokens`) into a folder that other processes may be reading (`folder`, `load`, `open`), and loads the result.
//! [`Index::search`] turns a [`Query`] into weights of tantivy (`query_terms`), with the statistics of all segments
//! (`searcher`), and walks through the passages that can be among the best (`max_score`).
//!
//! Each file of the corpus is one *file document*, followed by one *passage document* for each passage of its post.
//! Title, authors, events and topics are indexed in each passage. The post itself and its columns are in the file
//! document only.

mod bm25;
mod corpus_files;
mod documents;
mod error;
mod facets;
mod filter;
mod folder;
mod index;
mod load;
mod max_score;
mod open;
mod packed_tokens;
mod post_language;
mod post_records;
mod query;
mod query_terms;
mod report;
mod schema;
mod scope_counts;
mod score;
mod searcher;
mod segment;
#[cfg(test)]
mod tests;
mod top_passages;
mod update_plan;
mod vocabulary;
mod write;

pub use corpus_files::{CorpusFiles, FileContent, FileSource};
pub use error::SearchError;
pub use facets::{AuthorFacet, Facets, fold_name};
pub use folder::index_folder;
pub use index::{Hit, Index};
pub use open::IndexOptions;
pub use post_records::{PostRecord, post_fingerprint};
pub use query::{Alternative, Clause, ClauseRole, Filter, Query};
pub use report::{IndexNotice, IndexStatus, OpenReport, ReadProgress};
pub use scope_counts::ScopeCounts;
pub use takeaways_corpus::CorpusFile;
