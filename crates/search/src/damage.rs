//! Telling a damaged index from one that merely can't be read now.
//!
//! Only damage is a reason to build an index anew: a missing permission, a lock or a full disk is not.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tantivy::TantivyError;
use tantivy::directory::error::{OpenDirectoryError, OpenReadError};

use super::error::RetrievalError;
use super::index::Index;

impl Index {
    /// Reads all of the index's files and compares them with their checksums. Gives the names of those that
    /// are damaged; if there are any, the next opening builds the index anew.
    ///
    /// # Errors
    /// [`RetrievalError::Damaged`] where a file is missing or cut, [`RetrievalError::Open`] where one can't be read.
    pub fn validate(&self) -> Result<Vec<String>, RetrievalError> {
        let damaged = self.noting_damage(|| self.damaged_files())?;
        if let (Some(home), [first, ..]) = (&self.home, &*damaged) {
            home.mark_damaged(&format!("the checksum of {first} is wrong"));
        }
        Ok(damaged)
    }

    /// Reads from the index. What shows that it is damaged is remembered for the next opening.
    pub(super) fn noting_damage<T>(
        &self,
        read: impl FnOnce() -> Result<T, RetrievalError>,
    ) -> Result<T, RetrievalError> {
        let error = match guarded(read) {
            Ok(value) => return Ok(value),
            Err(error @ RetrievalError::Panicked { .. }) => self.diagnosed(error),
            Err(error) => error,
        };
        if let (RetrievalError::Damaged { what }, Some(home)) = (&error, &self.home) {
            home.mark_damaged(what);
        }
        Err(error)
    }

    /// The files whose checksums are wrong, as they are on disk now: others may have written since this was opened.
    fn damaged_files(&self) -> Result<Vec<String>, RetrievalError> {
        match &self.home {
            None => validate(&self.tantivy),
            // Another generation has taken its place.
            Some(home) if !home.path.exists() => Ok(Vec::new()),
            Some(home) => {
                let files = home.files().map_err(|error| reading(error.into()))?;
                validate(&tantivy::Index::open(files).map_err(reading)?)
            }
        }
    }

    /// Why reading panicked: because of a damaged file, or else the panic itself.
    fn diagnosed(&self, panic: RetrievalError) -> RetrievalError {
        match self.damaged_files().as_deref() {
            Ok([]) => panic,
            Ok([first, ..]) => RetrievalError::Damaged { what: format!("the checksum of {first} is wrong") },
            Err(_) => RetrievalError::Damaged { what: panic.to_string() },
        }
    }
}

/// Whether an error means that what is on disk is not what was written there.
pub(super) fn is_damage(error: &TantivyError) -> bool {
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. })
        | TantivyError::IoError(io_error) => is_damaged_file(io_error),
        TantivyError::OpenReadError(_)
        | TantivyError::OpenDirectoryError(_)
        | TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::SchemaError(_)
        | TantivyError::InvalidArgument(_)
        | TantivyError::InternalError(_)
        | TantivyError::FieldNotFound(_)
        | TantivyError::DeserializeError(_) => true,
        // Locks, threads, and what writing can run into.
        _ => false,
    }
}

/// The system's own errors say nothing about the contents; those without a system code were made by whoever
/// tried to make sense of them.
fn is_damaged_file(error: &io::Error) -> bool {
    error.raw_os_error().is_none() || error.kind() == io::ErrorKind::NotFound
}

/// An error of reading, as damage where it is one.
pub(super) fn reading(error: TantivyError) -> RetrievalError {
    if is_damage(&error) {
        RetrievalError::Damaged { what: error.to_string() }
    } else {
        RetrievalError::Open(error)
    }
}

/// Reads from the index. A file that lies about its contents can make tantivy panic: that becomes an error.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, RetrievalError>) -> Result<T, RetrievalError> {
    // What a panic could leave half done is an answer that is thrown away, or behind a lock that allows for it.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result,
        Err(panic) => Err(RetrievalError::Panicked { what: message(&*panic) }),
    }
}

/// The names of the files whose checksums are wrong.
pub(super) fn validate(index: &tantivy::Index) -> Result<Vec<String>, RetrievalError> {
    let damaged = index.validate_checksum().map_err(reading)?;
    let mut names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
    names.sort();
    Ok(names)
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn f29_a_permission_or_a_lock_is_no_damage() {
        let io = |error: io::Error| TantivyError::IoError(Arc::new(error));
        let os = |code| io(io::Error::from_raw_os_error(code));
        for (error, damage) in [
            (os(13), false), // no permission
            (os(24), false), // too many open files
            (os(28), false), // disk full
            (os(2), true),   // no such file
            (io(io::ErrorKind::UnexpectedEof.into()), true),
            (io(io::Error::other("unsupported dictionary type")), true),
            (TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, None), false),
            (TantivyError::SchemaError("another".into()), true),
        ] {
            assert_eq!(is_damage(&error), damage, "{error}");
        }
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let panicked = guarded(|| -> Result<(), _> { panic!("torn") });
        assert!(matches!(panicked, Err(RetrievalError::Panicked { what }) if what == "torn"));
    }
}
