//! The lock of who writes.

use std::fs::{self, OpenOptions};
use std::path::Path;

use takeaways_process_lock::{LockAttempt, ProcessLock};

use super::error::RetrievalError;

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// The last one who had it died with it.
    pub(super) unclean: bool,
    _lock: ProcessLock,
}

/// What asking for the lock gives.
pub(super) enum Taken {
    Lock(Lock),
    /// Who holds it, as they call themselves.
    By(String),
}

impl Lock {
    /// Takes the lock, if nobody else has it.
    pub(super) fn take(path: &Path) -> Result<Taken, RetrievalError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let attempt = ProcessLock::try_acquire(path, &options).map_err(RetrievalError::at(path))?;
        match attempt {
            LockAttempt::Acquired(mut lock, text) => {
                lock.sign("").map_err(RetrievalError::at(path))?;
                Ok(Taken::Lock(Self { unclean: !text.is_empty(), _lock: lock }))
            }
            LockAttempt::HeldBy(holder) => {
                Ok(Taken::By(holder.unwrap_or_else(|| "another process".to_owned())))
            }
        }
    }
}

/// Whether somebody is writing, or died doing so.
pub(super) fn is_marked(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|lock| lock.len() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(path: &Path) -> Lock {
        match Lock::take(path) {
            Ok(Taken::Lock(lock)) => lock,
            Ok(Taken::By(holder)) => panic!("held by {holder}"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn the_lock_names_its_holder_and_tells_who_died_with_it() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join("lock");
        let lock = taken(&path);
        assert!(!lock.unclean && is_marked(&path));
        let Ok(Taken::By(holder)) = Lock::take(&path) else { panic!("it is held") };
        assert!(holder.starts_with(&format!("process {} on ", std::process::id())), "{holder}");
        drop(lock);
        assert!(!is_marked(&path));
        fs::write(&path, "process 1 on a machine\n").expect("written");
        assert!(taken(&path).unclean);
    }
}
