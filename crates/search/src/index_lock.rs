//! The lock of who writes.

use std::fs::{self, OpenOptions};
use std::path::Path;

use takeaways_process_lock::{LockAttempt, ProcessLock};

use super::error::SearchError;

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(super) struct IndexLock {
    /// The last one who had it died with it.
    pub(super) is_abandoned: bool,
    _lock: ProcessLock,
}

/// What asking for the lock gives.
pub(super) enum IndexLockAttempt {
    Acquired(IndexLock),
    /// Who holds it, as they call themselves.
    HeldBy(String),
}

impl IndexLock {
    /// Takes the lock, if nobody else has it.
    pub(super) fn try_acquire(path: &Path) -> Result<IndexLockAttempt, SearchError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let attempt = ProcessLock::try_acquire(path, &options).map_err(SearchError::in_folder(path))?;
        match attempt {
            LockAttempt::Acquired(mut lock, text) => {
                lock.sign("").map_err(SearchError::in_folder(path))?;
                Ok(IndexLockAttempt::Acquired(Self { is_abandoned: !text.is_empty(), _lock: lock }))
            }
            LockAttempt::HeldBy(holder) => {
                Ok(IndexLockAttempt::HeldBy(holder.unwrap_or_else(|| "another process".to_owned())))
            }
        }
    }
}

/// Whether somebody is writing, or died doing so.
pub(super) fn has_holder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|lock| lock.len() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquire(path: &Path) -> IndexLock {
        match IndexLock::try_acquire(path) {
            Ok(IndexLockAttempt::Acquired(lock)) => lock,
            Ok(IndexLockAttempt::HeldBy(holder)) => panic!("held by {holder}"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn the_lock_names_its_holder_and_tells_who_died_with_it() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join("lock");
        let lock = acquire(&path);
        assert!(!lock.is_abandoned && has_holder(&path));
        let Ok(IndexLockAttempt::HeldBy(holder)) = IndexLock::try_acquire(&path) else {
            panic!("it is held")
        };
        assert!(holder.starts_with(&format!("process {} on ", std::process::id())), "{holder}");
        drop(lock);
        assert!(!has_holder(&path));
        fs::write(&path, "process 1 on a machine\n").expect("written");
        assert!(acquire(&path).is_abandoned);
    }
}
