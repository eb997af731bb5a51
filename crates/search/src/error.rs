//! The errors of the index, worded for the log.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;

/// Why the index could not be opened, written or searched.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The folder or a file in it can't be read or written.
    #[error("the index folder {path} can't be used")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// The error of the system.
        #[source]
        source: io::Error,
    },
    /// Another process is building the first index, so there is none to read yet.
    #[error("the index in {path} is being built by {holder}")]
    Busy {
        /// The index folder.
        path: PathBuf,
        /// The process that builds it, as named in the lock file.
        holder: String,
    },
    /// The index on disk is not as it was written. The next opening rebuilds it.
    #[error("the index is damaged: {reason}")]
    Damaged {
        /// The damage.
        reason: String,
    },
    /// Reading the index panicked, although its files are whole.
    #[error("reading the index panicked: {reason}")]
    Panicked {
        /// The message of the panic.
        reason: String,
    },
    /// A file of the corpus was read, but its post can't be stored.
    #[error("the post in {path} can't be stored")]
    Store {
        /// The file's path under its corpus folder.
        path: String,
        /// The error of the serialiser.
        #[source]
        source: postcard::Error,
    },
    /// A reload would lose many files, and not all of the corpus could be read.
    #[error(
        "{lost} of {known} files would be lost, because not all of the corpus could be read: correct that, or start \
         the program again if the files were removed on purpose"
    )]
    TooManyLost {
        /// The number of files that would be lost.
        lost: u64,
        /// The number of files that are known.
        known: u64,
    },
    /// The index can't be read, but nothing shows that it is damaged.
    #[error("the index can't be read")]
    Open(#[source] TantivyError),
    /// The index can't be written.
    #[error("the index can't be written")]
    Write(#[source] TantivyError),
    /// A segment could not be searched. There are no partial results.
    #[error("the search failed")]
    Search(#[source] TantivyError),
}

impl SearchError {
    /// Turns an I/O error at a path into a [`SearchError::Folder`].
    pub(super) fn in_folder(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Folder { path, source }
    }

    /// Returns the error and its causes in one line.
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            line.push_str(": ");
            line.push_str(&error.to_string());
            cause = error.source();
        }
        line
    }
}
