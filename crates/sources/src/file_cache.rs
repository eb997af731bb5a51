//! What was read from files, as long as the files stay the same.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// When a file was changed, and its length.
type Stamp = (SystemTime, u64);

/// What was made from the content of files, by their paths.
pub(crate) struct FileCache<T> {
    known: Mutex<HashMap<PathBuf, (Stamp, Arc<T>)>>,
}

impl<T> Default for FileCache<T> {
    fn default() -> Self {
        Self { known: Mutex::default() }
    }
}

impl<T> FileCache<T> {
    /// The value of a file, read again only if the file changed. An error is not kept, nor is the value of a file that is not
    /// there.
    pub(crate) fn get_or_read<E>(
        &self,
        path: &Path,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let stamp = stamp(path);
        if let (Some(stamp), Some((known, value))) = (stamp, self.lock().get(path))
            && *known == stamp
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(read()?);
        if let Some(stamp) = stamp {
            self.lock().insert(path.to_owned(), (stamp, Arc::clone(&value)));
        }
        Ok(value)
    }

    /// Keeps the value of a file that was just written.
    pub(crate) fn insert(&self, path: PathBuf, value: T) {
        if let Some(stamp) = stamp(&path) {
            self.lock().insert(path, (stamp, Arc::new(value)));
        }
    }

    pub(crate) fn remove(&self, path: &Path) {
        self.lock().remove(path);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, (Stamp, Arc<T>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_read_again_only_if_it_changed_and_an_error_is_not_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let cache: FileCache<String> = FileCache::default();
        let get = || cache.get_or_read(&path, || fs::read_to_string(&path)).map(|text| text.to_string());
        assert!(get().is_err(), "it is not there");
        fs::write(&path, "one").expect("written");
        assert_eq!(get().expect("read"), "one");
        let kept = cache.get_or_read(&path, || Err("it is read again"));
        assert_eq!(kept.as_deref().map(String::as_str), Ok("one"));
        fs::write(&path, "three").expect("written");
        assert_eq!(cache.get_or_read(&path, || Err("damaged")), Err("damaged"));
        assert_eq!(get().expect("read"), "three");
        cache.insert(path.clone(), "given".to_owned());
        assert_eq!(get().expect("read"), "given");
        cache.remove(&path);
        assert_eq!(get().expect("read"), "three");
        fs::remove_file(&path).expect("removed");
        let of_nothing = |value: &str| cache.get_or_read(&path, || Ok::<_, Infallible>(value.to_owned()));
        assert_eq!(of_nothing("a").map(|text| text.to_string()), Ok("a".to_owned()));
        assert_eq!(of_nothing("b").map(|text| text.to_string()), Ok("b".to_owned()), "no file is kept");
    }
}
