//! The folder of an index: its generations, of which one is current, and the lock of the writer.
//!
//! ```text
//! <state>/index/<corpus and settings>/lock      held while writing; names the writer
//!                                    /current   the current generation and its version; replaced as a whole
//!                                    /gen-1/    an index of tantivy, and beside it
//!                                          checked   when all files were last known to be as indexed
//!                                          damaged   if it must not be used any more: the reason
//! ```
//!
//! A generation is updated in place while its version stays. A new version is built beside it and replaces it when it
//! is complete.

use crate::{error::SearchError, schema};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use takeaways_process_lock::{LockAttempt, ProcessLock};
use tantivy::directory::{MmapDirectory, error::OpenDirectoryError};
use xxhash_rust::xxh3::Xxh3;

/// Returns the folder of the index of these corpus folders, below the state folder.
///
/// `settings` names the settings that change how files are read. The same settings must give the same text.
pub fn index_folder(state: &Path, corpus: &[PathBuf], settings: &str) -> PathBuf {
    let mut hash = Xxh3::new();
    for folder in corpus {
        hash.update(folder.as_os_str().as_encoded_bytes());
        hash.update(&[0]);
    }
    hash.update(settings.as_bytes());
    state.join("index").join(format!("{:016x}", hash.digest()))
}

/// Generations up to this size, in bytes, are verified whenever they are opened.
const SMALL_BYTES: u64 = 2 << 20;

/// The folder of an index.
#[derive(Debug)]
pub(super) struct IndexFolder {
    path: PathBuf,
}

/// The contents of the file `current`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CurrentGeneration {
    /// There is no generation yet.
    None,
    /// The file can't be parsed.
    Unreadable,
    /// A generation of another version.
    OtherVersion,
    /// A generation of this version, by its number.
    Generation(u64),
}

impl IndexFolder {
    /// Creates the folder if it does not exist.
    pub(super) fn create(path: &Path) -> Result<Self, SearchError> {
        fs::create_dir_all(path).map_err(SearchError::in_folder(path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Reads which generation is current.
    pub(super) fn current(&self) -> Result<CurrentGeneration, SearchError> {
        let path = self.path.join("current");
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(CurrentGeneration::None),
            Err(error) => return Err(SearchError::in_folder(&path)(error)),
        };
        let mut words = text.split_whitespace();
        let number = words.next().and_then(parse_generation_number);
        Ok(match (number, words.next(), words.next()) {
            (Some(number), Some(version), None) if version == schema::index_version() => {
                CurrentGeneration::Generation(number)
            }
            (Some(_), Some(_), None) => CurrentGeneration::OtherVersion,
            _ => CurrentGeneration::Unreadable,
        })
    }

    /// Returns a generation by its number, whether it exists or not.
    pub(super) fn generation(&self, number: u64) -> Generation {
        Generation { number, path: self.path.join(format!("gen-{number}")) }
    }

    /// Creates an empty generation with a new number.
    pub(super) fn new_generation(&self) -> Result<Generation, SearchError> {
        let last = self.generations()?.into_iter().max().unwrap_or(0);
        let generation = self.generation(last + 1);
        fs::create_dir(&generation.path).map_err(SearchError::in_folder(&generation.path))?;
        Ok(generation)
    }

    /// Makes a generation the current one and removes all others. Processes that have one of them open can read on.
    pub(super) fn publish(&self, generation: &Generation) -> Result<(), SearchError> {
        let path = self.path.join("current");
        let line = format!("gen-{} {}\n", generation.number, schema::index_version());
        replace_file(&path, line.as_bytes(), true).map_err(SearchError::in_folder(&path))?;
        self.remove_others(generation);
        Ok(())
    }

    /// Removes all other generations, as far as possible.
    pub(super) fn remove_others(&self, keep: &Generation) {
        for number in self.generations().unwrap_or_default() {
            if number != keep.number {
                self.generation(number).remove();
            }
        }
    }

    /// Returns the path of the file that is locked while writing.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join("lock")
    }

    fn generations(&self) -> Result<Vec<u64>, SearchError> {
        let entries = fs::read_dir(&self.path).map_err(SearchError::in_folder(&self.path))?;
        Ok(entries.filter_map(|entry| parse_generation_number(entry.ok()?.file_name().to_str()?)).collect())
    }
}

/// One build of the index on disk, complete or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Generation {
    /// Counts up with each build.
    pub(super) number: u64,
    pub(super) path: PathBuf,
}

impl Generation {
    /// Opens its files.
    pub(super) fn open_directory(&self) -> Result<MmapDirectory, OpenDirectoryError> {
        MmapDirectory::open(&self.path)
    }

    /// Whether verifying all checksums takes less than a millisecond.
    pub(super) fn is_small(&self) -> bool {
        self.bytes() <= SMALL_BYTES
    }

    /// Returns its size in bytes; unreadable files count 0.
    pub(super) fn bytes(&self) -> u64 {
        let Ok(entries) = fs::read_dir(&self.path) else { return 0 };
        entries.filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len())).sum()
    }

    /// Reads the list of its segments; `None` if there is none.
    pub(super) fn meta(&self) -> Option<Vec<u8>> {
        fs::read(self.path.join("meta.json")).ok()
    }

    /// Notes that it must not be used any more. If that fails, the damage will be detected again.
    pub(super) fn mark_damaged(&self, reason: &str) {
        let _ = fs::write(self.path.join("damaged"), reason);
    }

    /// Returns why it must not be used any more; `None` if it may be used.
    pub(super) fn damage_reason(&self) -> Option<String> {
        let bytes = fs::read(self.path.join("damaged")).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Reads when all files were last known to be as indexed, in nanoseconds since 1970.
    pub(super) fn checked_ns(&self) -> i64 {
        let text = fs::read_to_string(self.path.join("checked")).ok();
        text.and_then(|text| text.trim().parse().ok()).unwrap_or(i64::MIN)
    }

    /// Notes when all files were known to be as indexed.
    pub(super) fn set_checked_ns(&self, checked_ns: i64) -> Result<(), SearchError> {
        let path = self.path.join("checked");
        // Not synced: if it gets lost, files are read once more.
        replace_file(&path, format!("{checked_ns}\n").as_bytes(), false)
            .map_err(SearchError::in_folder(&path))
    }

    /// Removes it as far as possible: Windows keeps files that another process has open.
    pub(super) fn remove(&self) {
        let _ = if self.path.is_dir() { fs::remove_dir_all(&self.path) } else { fs::remove_file(&self.path) };
    }
}

/// Replaces a file atomically; `sync` waits until the disk has the new contents.
fn replace_file(path: &Path, contents: &[u8], sync: bool) -> io::Result<()> {
    let new_path = path.with_extension("new");
    let mut file = File::create(&new_path)?;
    file.write_all(contents)?;
    if sync {
        file.sync_all()?;
    }
    fs::rename(&new_path, path)
}

fn parse_generation_number(name: &str) -> Option<u64> {
    name.strip_prefix("gen-")?.parse().ok()
}

/// The right to write, held until it is dropped.
#[derive(Debug)]
pub(super) struct IndexLock {
    /// Whether the last holder died while it held the lock.
    pub(super) is_abandoned: bool,
    _lock: ProcessLock,
}

/// The outcome of an attempt to take the lock.
pub(super) enum IndexLockAttempt {
    Acquired(IndexLock),
    /// The process that holds it, as named in the lock file.
    HeldBy(String),
}

impl IndexLock {
    /// Takes the lock if no other process holds it.
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

/// Whether a process is writing, or died while it wrote.
pub(super) fn has_holder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|lock| lock.len() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn current_is_parsed() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = IndexFolder::create(temp.path()).expect("created");
        assert_eq!(folder.current().expect("read"), CurrentGeneration::None);
        let version = schema::index_version();
        for (text, expected) in [
            (format!("gen-7 {version}\n"), CurrentGeneration::Generation(7)),
            ("gen-7 0123\n".to_owned(), CurrentGeneration::OtherVersion),
            (format!("gen-x {version}"), CurrentGeneration::Unreadable),
            (String::new(), CurrentGeneration::Unreadable),
            ("\0\0\0".to_owned(), CurrentGeneration::Unreadable),
        ] {
            fs::write(temp.path().join("current"), &text).expect("written");
            assert_eq!(folder.current().expect("read"), expected, "{text:?}");
        }
    }

    #[test]
    fn a_published_generation_replaces_the_others() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = IndexFolder::create(temp.path()).expect("created");
        let first = folder.new_generation().expect("created");
        folder.publish(&first).expect("published");
        let second = folder.new_generation().expect("created");
        assert_eq!(second.number, first.number + 1);
        folder.publish(&second).expect("published");
        assert_eq!(folder.current().expect("read"), CurrentGeneration::Generation(second.number));
        assert!(!first.path.exists() && second.path.exists());
    }

    #[test]
    fn each_corpus_and_settings_have_their_own_folder() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let state = Path::new("state");
        let folders = [
            index_folder(state, &paths(&["a"]), ""),
            index_folder(state, &paths(&["a"]), "x"),
            index_folder(state, &paths(&["a", "b"]), ""),
            index_folder(state, &paths(&["ab"]), ""),
        ];
        for (at, folder) in folders.iter().enumerate() {
            assert!(!folders[..at].contains(folder), "{at}");
        }
    }

    fn acquire(path: &Path) -> IndexLock {
        match IndexLock::try_acquire(path) {
            Ok(IndexLockAttempt::Acquired(lock)) => lock,
            Ok(IndexLockAttempt::HeldBy(holder)) => panic!("held by {holder}"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn the_lock_names_its_holder_and_shows_that_one_died() {
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
