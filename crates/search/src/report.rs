//! Reports how opening the index went and what the index holds.

use crate::{documents::date_of_days, folder::Generation, index::Index};
use jiff::civil::Date;
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// The outcome of opening the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Files of the corpus.
    pub files: usize,
    /// Files read.
    pub read: usize,
    /// Files added to the index.
    pub added: usize,
    /// Files indexed again because they changed.
    pub changed: usize,
    /// Files removed from the index.
    pub removed: usize,
    /// Files whose folders could not be listed now, and that stay in the index.
    pub kept: usize,
    /// Paths of the files that could not be read, with the reason, sorted. What the index has of them stays.
    pub failed: Vec<(String, String)>,
    /// Notices for the user, in the order of the events.
    pub notices: Vec<IndexNotice>,
}

/// A notice for the user about the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexNotice {
    /// The index is held in memory and is lost with the process.
    InMemory {
        /// Why it is not on disk.
        reason: String,
    },
    /// Another process is writing the index; it was opened for reading.
    ReadOnly {
        /// The process that is writing, as named in the lock file.
        holder: String,
        /// Number of files that differ from the index and are not in it yet.
        pending: usize,
    },
    /// The index was damaged and has been rebuilt.
    Rebuilt {
        /// The damage.
        reason: String,
    },
    /// The index was of another version and has been rebuilt.
    OtherVersion,
    /// A process died while it wrote the index; all checksums have been verified.
    Unclean,
    /// Segments could not be merged; searches are a little slower.
    NotMerged {
        /// The error.
        reason: String,
    },
}

/// The progress of reading files.
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
            Self::InMemory { reason } => write!(f, "the index is only in memory: {reason}"),
            Self::ReadOnly { holder, pending } => {
                write!(f, "{holder} is writing the index; {pending} changed files are not in it yet")
            }
            Self::Rebuilt { reason } => write!(f, "the index was damaged and has been rebuilt: {reason}"),
            Self::OtherVersion => f.write_str("the index was from another version and has been rebuilt"),
            Self::Unclean => f.write_str("the index was not closed properly; it has been checked"),
            Self::NotMerged { reason } => {
                write!(f, "the segments of the index could not be merged: {reason}")
            }
        }
    }
}

/// Size, contents and folder of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStatus {
    /// Files, with or without a post.
    pub files: u64,
    /// Posts.
    pub posts: u64,
    /// Passages.
    pub passages: u64,
    /// Problems in the files.
    pub problems: u64,
    /// Files that were left out because of their content.
    pub rejected: u64,
    /// The date of the newest post.
    pub newest: Option<Date>,
    /// Segments that each search visits.
    pub segments: usize,
    /// Deleted documents that are not merged away yet.
    pub deleted: usize,
    /// Size on disk, in bytes; 0 in memory.
    pub bytes: u64,
    /// The folder of the current generation; `None` in memory.
    pub folder: Option<PathBuf>,
}

impl Index {
    /// Returns the size, contents and folder of the index.
    pub fn status(&self) -> IndexStatus {
        let counts = self.counts();
        IndexStatus {
            files: counts.files,
            posts: counts.posts,
            passages: counts.passages,
            problems: counts.problems,
            rejected: counts.rejected,
            newest: counts.newest.and_then(date_of_days),
            segments: self.segments().len(),
            deleted: self.segments().iter().map(|segment| segment.deleted.len()).sum(),
            bytes: self.generation.as_ref().map_or(0, Generation::bytes),
            folder: self.folder().map(Path::to_owned),
        }
    }
}
