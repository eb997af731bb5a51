//! What can go wrong with the index, written for the log.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;

/// Why the index could not be opened, written or searched.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The folder or a file of it can't be read or written.
    #[error("the index folder {path} can't be used")]
    Folder {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another process is building the index and there is none to read yet.
    #[error("the index in {path} is being built by {holder}")]
    Busy {
        /// The index folder.
        path: PathBuf,
        /// The process that builds it, as it calls itself.
        holder: String,
    },
    /// What is on disk is not what was written there. The next opening builds the index anew.
    #[error("the index is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
    },
    /// Reading it went wrong in a way that nobody thought of, though its files are whole.
    #[error("reading the index panicked: {what}")]
    Panicked {
        /// The message of the panic.
        what: String,
    },
    /// A file of the corpus was read, but its post can't be stored.
    #[error("the post in {path} can't be stored")]
    Store {
        /// The file's path under its corpus folder.
        path: String,
        /// Why.
        #[source]
        source: postcard::Error,
    },
    /// The index can't be read, though nothing says that it is damaged.
    #[error("the index can't be read")]
    Open(#[source] TantivyError),
    /// The index can't be written.
    #[error("the index can't be written")]
    Write(#[source] TantivyError),
    /// A segment could not be searched; there are no partial results.
    #[error("the search failed")]
    Search(#[source] TantivyError),
}

impl SearchError {
    /// Says where an operation on files failed.
    pub(super) fn in_folder(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Folder { path, source }
    }

    /// The error and what caused it, in one line.
    #[must_use]
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
