//! The lock file of the process that delivers. It names its holder and the id of the state.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use takeaways_process_lock::{LockAttempt, ProcessLock, read_text};

use super::{StoreError, sqlite};

/// The name of the lock file, beside the state file. Its first line is the id of the state. Its second line names the
/// holder, while there is one or if it died.
pub const LOCK_FILE: &str = "state.lock";

/// The right to deliver from the state in a folder. It ends on drop.
#[derive(Debug)]
pub(super) struct StateLock {
    lock: ProcessLock,
    state_id: Option<u64>,
}

impl StateLock {
    /// Takes the lock of a folder.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process has it.
    pub fn acquire(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(LOCK_FILE);
        let mut options = sqlite::private_file_options();
        options.create(true).truncate(false);
        match ProcessLock::try_acquire(&path, &options).map_err(StoreError::unavailable)? {
            LockAttempt::Acquired(lock, text) => {
                let mut lock = Self { state_id: number_in(&text), lock };
                lock.sign()?;
                Ok(lock)
            }
            LockAttempt::HeldBy(holder) => Err(StoreError::Locked(with_time(holder, &path))),
        }
    }

    /// The id of the state that was in this folder before.
    pub fn state_id(&self) -> Option<u64> {
        self.state_id
    }

    /// Records the id of the state that is in this folder.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn record_state_id(&mut self, number: u64) -> Result<(), StoreError> {
        self.state_id = Some(number);
        self.sign()
    }

    fn sign(&mut self) -> Result<(), StoreError> {
        let record =
            self.state_id.map_or_else(|| "state -\n".to_owned(), |number| format!("state {number:016x}\n"));
        self.lock.sign(&record).map_err(StoreError::unavailable)
    }
}

/// The id of the state that was in this folder before, from the lock file at `path`.
pub(super) fn read_state_id(path: &Path) -> Option<u64> {
    number_in(&read_text(path))
}

fn number_in(text: &str) -> Option<u64> {
    u64::from_str_radix(text.lines().next()?.strip_prefix("state ")?, 16).ok()
}

/// The holder, and since when it holds the lock.
fn with_time(holder: Option<String>, path: &Path) -> String {
    let name = holder.unwrap_or_else(|| "one that does not say its name".to_owned());
    let since = fs::metadata(path).and_then(|file| file.modified()).ok();
    match since.and_then(|since| Timestamp::try_from(since).ok()) {
        Some(since) => format!("{name}, since {since:.0}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f07_the_lock_names_its_holder_at_once() {
        let temp = tempfile::tempdir().expect("a folder");
        let lock = StateLock::acquire(temp.path()).expect("it is free");
        let Err(StoreError::Locked(holder)) = StateLock::acquire(temp.path()) else { panic!("it is held") };
        assert!(holder.starts_with(&format!("process {} on ", std::process::id())), "{holder}");
        assert!(holder.contains(", since 2"), "{holder}");
        drop(lock);
        StateLock::acquire(temp.path()).expect("it is free again");
    }

    #[test]
    fn the_lock_remembers_the_state_and_forgets_its_holder() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join(LOCK_FILE);
        assert_eq!(read_state_id(&path), None);
        let mut lock = StateLock::acquire(temp.path()).expect("it is free");
        lock.record_state_id(0xabc).expect("written");
        drop(lock);
        assert_eq!(fs::read_to_string(&path).expect("a file"), "state 0000000000000abc\n");
        assert_eq!(StateLock::acquire(temp.path()).expect("it is free").state_id(), Some(0xabc));
    }
}
