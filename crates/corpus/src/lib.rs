//! A folder of files to posts and problems.
//!
//! This crate knows texts and files: not the index, not answers. Only `folder` touches the file
//! system; the rest turns bytes into posts.

pub mod events;
mod folder;
pub mod front_matter;
pub mod identity;
pub mod load;
pub mod metadata;
pub mod problem;
pub mod read;
pub mod settings;
pub mod source;
pub mod topics;

/// Changes whenever the tables of events and topics do, which posts are read with.
#[must_use]
pub fn tables_version() -> u64 {
    xxhash_rust::xxh3::xxh3_64(
        concat!(include_str!("../../../config/events.toml"), include_str!("../../../config/topics.toml"))
            .as_bytes(),
    )
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod shared_posts;

pub use load::{CorpusContents, CorpusCounts, for_each_post, load_corpus};
pub use problem::{Problem, Severity};
pub use read::{ParsedFile, SourceFile, read_post};
pub use settings::{CorpusSettings, ExcludeError, ExcludePatterns};
pub use source::{Corpus, CorpusFile, CorpusSource, Listing};
