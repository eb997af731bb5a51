//! What opening the index did, and what people should know about it.
//!
//! What the index holds and where.

use crate::{folder::Generation, index::Index};
use jiff::civil::Date;
use std::{fmt, path::PathBuf};

/// What opening the index did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Files of the corpus.
    pub files: usize,
    /// Files that were read.
    pub read: usize,
    /// Files that were taken in and had not been there.
    pub added: usize,
    /// Files that were taken in anew.
    pub changed: usize,
    /// Files that were there and are gone.
    pub removed: usize,
    /// Files that could not be read, with the reason, by path; they are not in the index.
    pub failed: Vec<(String, String)>,
    /// What people should know, in the order in which it happened.
    pub notices: Vec<IndexNotice>,
}

/// Something that people should know about the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexNotice {
    /// It is held in memory, and gone with the process.
    InMemory {
        /// Why it is not on disk.
        reason: String,
    },
    /// Another process is writing it; what is on disk was opened for reading.
    ReadOnly {
        /// The process that is writing.
        holder: String,
        /// How many files differ from what is on disk and were not taken in.
        pending: usize,
    },
    /// It was damaged and has been built anew.
    Rebuilt {
        /// What was wrong.
        reason: String,
    },
    /// It was of another version and has been built anew.
    OtherVersion,
    /// A process died while writing it; all of it has been checked.
    Unclean,
    /// Small parts could not be put together; it works, a little slower.
    NotMerged {
        /// Why.
        reason: String,
    },
}

/// How far reading the files has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadProgress {
    /// Files read.
    pub done: usize,
    /// Files to read.
    pub total: usize,
}

impl fmt::Display for IndexNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InMemory { reason } => write!(f, "the index is held in memory only: {reason}"),
            Self::ReadOnly { holder, pending } => {
                write!(f, "{holder} is writing the index; {pending} changed files are not in it yet")
            }
            Self::Rebuilt { reason } => write!(f, "the index was damaged and has been built anew: {reason}"),
            Self::OtherVersion => f.write_str("the index was of another version and has been built anew"),
            Self::Unclean => f.write_str("the index was not closed properly; it has been checked"),
            Self::NotMerged { reason } => write!(f, "the parts of the index could not be merged: {reason}"),
        }
    }
}

/// What the index holds and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStatus {
    /// Files, with or without a post.
    pub files: u64,
    /// Posts.
    pub posts: u64,
    /// Passages.
    pub passages: u64,
    /// Problems that were found in the files when they were read.
    pub problems: u64,
    /// The date of the newest post.
    pub newest: Option<Date>,
    /// Segments that each search looks through.
    pub segments: usize,
    /// Deleted documents that are still there.
    pub deleted: usize,
    /// Size on disk, in bytes; 0 in memory.
    pub bytes: u64,
    /// Where it lies; `None` in memory.
    pub folder: Option<PathBuf>,
}

impl Index {
    /// What the index holds and where.
    #[must_use]
    pub fn status(&self) -> IndexStatus {
        IndexStatus {
            files: self.counts().files,
            posts: self.counts().posts,
            passages: self.counts().passages,
            problems: self.counts().problems,
            newest: self.counts().newest.and_then(date_of_days),
            segments: self.segments().len(),
            deleted: self.segments().iter().map(|part| part.deleted.len()).sum(),
            bytes: self.generation.as_ref().map_or(0, Generation::bytes),
            folder: self.generation.as_ref().map(|home| home.path.clone()),
        }
    }
}

fn date_of_days(days: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}
