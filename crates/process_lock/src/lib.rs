//! A lock file that names the process that holds it.
//!
//! The system releases the lock when its holder ends, however that happens. If the holder died, its name is still in
//! the file.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// The longest part of a lock file that is read, in bytes.
const MAX_BYTES: u64 = 400;

/// A lock of one process. It is released on drop.
#[derive(Debug)]
pub struct ProcessLock {
    file: File,
    record: String,
}

/// The result of an attempt to take a lock.
#[derive(Debug)]
pub enum LockAttempt {
    /// The lock, and the text that its file had before.
    Acquired(ProcessLock, String),
    /// Another process holds it. The name of that process, if the file has it.
    HeldBy(Option<String>),
}

impl ProcessLock {
    /// Takes the lock if no other process has it. `options` must create the file and open it for reading and writing.
    ///
    /// # Errors
    /// If the file can't be opened, read or locked.
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

    /// Writes `record` and then the name of this process. On drop the name is removed; the record stays.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn sign(&mut self, record: &str) -> io::Result<()> {
        record.clone_into(&mut self.record);
        self.overwrite(&format!("{record}process {} on {}\n", std::process::id(), host_name()))
    }

    /// Overwrites in place, so that an unchanged record survives a power failure.
    fn overwrite(&mut self, text: &str) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }
}

impl Drop for ProcessLock {
    fn drop(&mut self) {
        let record = std::mem::take(&mut self.record);
        // If this fails, the file names a process that no longer holds the lock, as if that process had died.
        let _ = self.overwrite(&record);
        // Otherwise a process that was just forked from this one would hold the lock while it has the file open.
        let _ = self.file.unlock();
    }
}

/// The text of a lock file; empty if it can't be read.
pub fn read_text(path: &Path) -> String {
    let mut bytes = Vec::new();
    // If the lock forbids reading too, the text stays empty.
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
