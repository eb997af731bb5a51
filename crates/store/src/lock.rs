//! The lock of the process that delivers. It names its holder, and remembers that there was a state.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use jiff::Timestamp;

use super::{StoreError, sqlite};

/// The name of the file, beside the state's. Its first line is the number of the state that was there, and its second, while
/// somebody holds it or died with it, who that is.
pub const FILE: &str = "state.lock";

/// The right to deliver from the state in a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    number: Option<u64>,
}

impl Lock {
    /// Takes the lock of a folder.
    ///
    /// # Errors
    /// [`StoreError::Held`] where another process has it.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let file =
            sqlite::private().create(true).truncate(false).open(&path).map_err(StoreError::unavailable)?;
        match file.try_lock() {
            Ok(()) => {
                let mut lock = Self { number: number(&path), file };
                lock.write(Some(&format!("process {} on {}", std::process::id(), host())))?;
                Ok(lock)
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::Held(holder(&path))),
            Err(TryLockError::Error(error)) => Err(StoreError::unavailable(error)),
        }
    }

    /// The number of the state that was there once.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    /// Remembers that a state with this number is there.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn remember(&mut self, number: u64) -> Result<(), StoreError> {
        self.number = Some(number);
        self.write(Some(&format!("process {} on {}", std::process::id(), host())))
    }

    fn write(&mut self, holder: Option<&str>) -> Result<(), StoreError> {
        let number =
            self.number.map_or_else(|| "state -".to_owned(), |number| format!("state {number:016x}"));
        let text = format!("{number}\n{}", holder.map(|holder| format!("{holder}\n")).unwrap_or_default());
        self.overwrite(&text).map_err(StoreError::unavailable)
    }

    /// The first line stays as it is where it is the same, whenever the power fails.
    fn overwrite(&mut self, text: &str) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // If this fails the file names somebody who no longer holds it.
        let _ = self.write(None);
        // Else it would hold for as long as a process that was just forked from this one has the file open too.
        let _ = self.file.unlock();
    }
}

/// The number of the state that was in this folder once, as the lock file at `path` says.
pub(super) fn number(path: &Path) -> Option<u64> {
    let text = lines(path);
    u64::from_str_radix(text.lines().next()?.strip_prefix("state ")?, 16).ok()
}

/// Who holds it, since when.
fn holder(path: &Path) -> String {
    let text = lines(path);
    let name =
        text.lines().nth(1).filter(|name| !name.is_empty()).unwrap_or("one that does not say its name");
    let since = fs::metadata(path).and_then(|file| file.modified()).ok();
    match since.and_then(|since| Timestamp::try_from(since).ok()) {
        Some(since) => format!("{name}, since {since:.0}"),
        None => name.to_owned(),
    }
}

fn lines(path: &Path) -> String {
    let mut text = String::new();
    // Where it can't be read nothing is known of it.
    let _ = File::open(path).and_then(|file| file.take(400).read_to_string(&mut text));
    text
}

fn host() -> String {
    let name = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "this machine".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f07_the_lock_names_its_holder_at_once() {
        let temp = tempfile::tempdir().expect("a folder");
        let lock = Lock::take(temp.path()).expect("it is free");
        let Err(StoreError::Held(holder)) = Lock::take(temp.path()) else { panic!("it is held") };
        assert!(holder.starts_with(&format!("process {} on ", std::process::id())), "{holder}");
        assert!(holder.contains(", since 2"), "{holder}");
        drop(lock);
        Lock::take(temp.path()).expect("it is free again");
    }

    #[test]
    fn the_lock_remembers_the_state_and_forgets_its_holder() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join(FILE);
        assert_eq!(number(&path), None);
        let mut lock = Lock::take(temp.path()).expect("it is free");
        lock.remember(0xabc).expect("written");
        drop(lock);
        assert_eq!(fs::read_to_string(&path).expect("a file"), "state 0000000000000abc\n");
        assert_eq!(Lock::take(temp.path()).expect("it is free").number(), Some(0xabc));
    }
}
