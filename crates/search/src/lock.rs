//! The lock of who writes. It names its holder, and tells when one died holding it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use super::error::RetrievalError;

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// The last one who had it died with it.
    pub(super) unclean: bool,
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
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = open.map_err(RetrievalError::at(path))?;
        match file.try_lock() {
            Ok(()) => {
                let unclean = is_marked(path);
                sign(&mut file).map_err(RetrievalError::at(path))?;
                Ok(Taken::Lock(Self { file, unclean }))
            }
            Err(TryLockError::WouldBlock) => Ok(Taken::By(holder(&file))),
            Err(TryLockError::Error(error)) => Err(RetrievalError::at(path)(error)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // If this fails the next writer checks the whole index: slower, not wrong.
        let _ = self.file.set_len(0);
    }
}

/// Whether somebody is writing, or died doing so.
pub(super) fn is_marked(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|lock| lock.len() > 0)
}

fn holder(file: &File) -> String {
    let mut holder = String::new();
    // Where the lock forbids reading too, its holder stays unknown.
    let _ = file.take(200).read_to_string(&mut holder);
    let holder = holder.trim();
    if holder.is_empty() { "another process".to_owned() } else { holder.to_owned() }
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "process {} on {}", std::process::id(), host())
}

fn host() -> String {
    let name = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "this machine".to_owned() } else { name.to_owned() }
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
