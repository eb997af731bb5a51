//! A lock file that names the process that holds it.
//!
//! The system releases the lock when its holder ends, however that happens. The holder's name stays in the file
//! then, which shows that the holder died.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// The most bytes of a lock file that are read.
const MAX_BYTES: u64 = 400;

/// The right of one process, until it is dropped.
#[derive(Debug)]
pub struct ProcessLock {
    file: File,
    record: String,
}

/// The outcome of asking for a lock.
#[derive(Debug)]
pub enum LockAttempt {
    /// The lock, and the text that was in its file.
    Acquired(ProcessLock, String),
    /// Another process holds it; its name, where the file tells.
    HeldBy(Option<String>),
}

impl ProcessLock {
    /// Takes the lock, if nobody else has it. `options` must create the file and allow to read and write it.
    ///
    /// # Errors
    /// Where the file can't be opened, read or locked.
    pub fn try_acquire(path: &Path, options: &OpenOptions) -> io::Result<LockAttempt> {
        let mut file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => {
                let mut bytes = Vec::new();
                (&mut file).take(MAX_BYTES).read_to_end(&mut bytes)?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Ok(LockAttempt::Acquired(Self { file, record: String::new() }, text))
            }
            Err(TryLockError::WouldBlock) => Ok(LockAttempt::HeldBy(holder(path))),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Writes `record`, which stays in the file, and after it the name of this process, until the lock is dropped.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn sign(&mut self, record: &str) -> io::Result<()> {
        record.clone_into(&mut self.record);
        self.overwrite(&format!("{record}process {} on {}\n", std::process::id(), host_name()))
    }

    /// A record that is the same stays as it is, whenever the power fails.
    fn overwrite(&mut self, text: &str) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }
}

impl Drop for ProcessLock {
    fn drop(&mut self) {
        let record = std::mem::take(&mut self.record);
        // If this fails the file names a process that no longer holds it, as if that one had died.
        let _ = self.overwrite(&record);
        // Else it would hold for as long as a process that was just forked from this one has the file open too.
        let _ = self.file.unlock();
    }
}

/// The text of a lock file; empty where it can't be read.
#[must_use]
pub fn read_text(path: &Path) -> String {
    let mut bytes = Vec::new();
    // Where the lock forbids reading too, nothing is known.
    let _ = File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn holder(path: &Path) -> Option<String> {
    read_text(path).lines().find(|line| line.starts_with("process ")).map(str::to_owned)
}

fn host_name() -> String {
    let name = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "this machine".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquired(path: &Path) -> (ProcessLock, String) {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        match ProcessLock::try_acquire(path, &options) {
            Ok(LockAttempt::Acquired(lock, text)) => (lock, text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_lock_names_its_holder_and_keeps_its_record() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join("lock");
        let (mut lock, text) = acquired(&path);
        assert_eq!(text, "");
        lock.sign("a record\n").expect("written");
        let mut options = OpenOptions::new();
        let Ok(LockAttempt::HeldBy(Some(holder))) =
            ProcessLock::try_acquire(&path, options.read(true).write(true))
        else {
            panic!("it is held")
        };
        assert!(holder.starts_with(&format!("process {} on ", std::process::id())), "{holder}");
        drop(lock);
        assert_eq!(fs::read_to_string(&path).expect("read"), "a record\n");
        fs::write(&path, "process 1 on a machine\n").expect("written");
        assert_eq!(acquired(&path).1, "process 1 on a machine\n");
    }
}
