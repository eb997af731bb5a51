//! The files of a generation, written to disk no more often than they need to be.
//!
//! tantivy waits for the disk after each file and again for each name on its list of files: some twenty times
//! to add one post. What is needed is less: that a commit is on disk after everything that it names. Where
//! losing power may cost the whole generation anyway, not even that.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

/// The file that makes a commit what it is.
const COMMIT: &str = "meta.json";

/// When to wait for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Before each commit, for all that it names.
    ForCommits,
    /// Never: the generation is not in use yet, or is checked whole whenever it is opened.
    Never,
}

/// The files of a generation.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    mapped: MmapDirectory,
    root: PathBuf,
    waiting: Waiting,
    /// Files that were written but may not be on disk yet.
    pending: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Disk {
    /// The files of an existing folder.
    pub(super) fn open(root: &Path, waiting: Waiting) -> Result<Self, OpenDirectoryError> {
        let mapped = MmapDirectory::open(root)?;
        Ok(Self { mapped, root: root.to_owned(), waiting, pending: Arc::default() })
    }

    fn wrote(&self, path: &Path) {
        if self.waiting == Waiting::ForCommits {
            self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        }
    }

    /// Waits until all that was written is on disk.
    fn settle(&self) -> io::Result<()> {
        let pending = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        for path in &pending {
            sync(&self.root.join(path))?;
        }
        if self.waiting == Waiting::ForCommits { self.mapped.sync_directory() } else { Ok(()) }
    }
}

/// Waits until all files of a folder are on disk.
pub(super) fn sync_folder(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        sync(&entry?.path())?;
    }
    MmapDirectory::open(root).map_err(io::Error::other)?.sync_directory()
}

/// Replaces a file: it has its old contents or the new ones, never parts of both.
pub(super) fn replace(path: &Path, contents: &[u8], wait: bool) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(contents)?;
    if wait {
        file.sync_all()?;
    }
    fs::rename(&beside, path)
}

fn sync(path: &Path) -> io::Result<()> {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file.sync_all(),
        // Removed since.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

impl Directory for Disk {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = OpenOptions::new().write(true).create_new(true).open(self.root.join(path));
        let file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(path.to_owned()),
            _ => OpenWriteError::wrap_io_error(error, path.to_owned()),
        })?;
        self.wrote(path);
        Ok(BufWriter::new(Box::new(Unhurried(file))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let commit = path == Path::new(COMMIT);
        if commit {
            self.settle()?;
        } else {
            self.wrote(path);
        }
        replace(&self.root.join(path), data, commit && self.waiting == Waiting::ForCommits)
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(()) // part of `settle`
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}

/// A file that is not waited for.
struct Unhurried(File);

impl Write for Unhurried {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl TerminatingWrite for Unhurried {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_waits_for_what_was_written_before_it() {
        let temp = tempfile::tempdir().expect("a folder");
        for (waiting, expected) in [(Waiting::ForCommits, 2), (Waiting::Never, 0)] {
            let disk = Disk::open(temp.path(), waiting).expect("opened");
            let name = PathBuf::from(format!("{waiting:?}.store"));
            let mut file = disk.open_write(&name).expect("made");
            file.write_all(b"words").and_then(|()| file.terminate()).expect("written");
            disk.atomic_write(Path::new(".managed.json"), b"[]").expect("written");
            assert_eq!(disk.pending.lock().expect("no panic").len(), expected, "{waiting:?}");
            disk.atomic_write(Path::new(COMMIT), b"{}").expect("written");
            assert_eq!(disk.pending.lock().expect("no panic").len(), 0, "{waiting:?}");
            assert_eq!(disk.atomic_read(Path::new(COMMIT)).expect("read"), b"{}");
            assert_eq!(fs::read(temp.path().join(name)).expect("read"), b"words");
        }
    }
}
