//! What opening the index did, and what people should know about it.

use std::fmt;

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
