//! Files: written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

/// The most bytes of a file of ours that are read.
const MAX_BYTES: u64 = 64 << 20;

/// Writes a file in one step: a reader, or a kill, sees the old content or the new.
pub(crate) fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // The dot hides it from the corpus; the number keeps two processes apart.
    let unfinished = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written = File::create(&unfinished).and_then(|mut file| file.write_all(bytes));
    let renamed = written.and_then(|()| fs::rename(&unfinished, path));
    if renamed.is_err() {
        // It may not be there.
        let _ = fs::remove_file(&unfinished);
    }
    renamed
}

/// The content of a file; `None` if there is none.
pub(crate) fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Err(io::Error::other("it is no regular file")),
        Ok(found) if found.len() > MAX_BYTES => Err(io::Error::other("it is too large")),
        Ok(_) => fs::read(path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The hash of the content of a file; `None` if there is no such file, or it can't be read.
pub(crate) fn file_hash(path: &Path) -> Option<u64> {
    read_if_there(path).ok().flatten().map(|bytes| xxh3_64(&bytes))
}

/// Removes a file. That there is none is no error.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// All files of a folder with this ending, in order; none if there is no such folder.
pub(crate) fn files_ending_in(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name().is_some_and(|name| {
                let name = name.to_string_lossy();
                name.ends_with(ending) && !name.starts_with('.')
            })
        })
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b.md");
        write_atomic(&path, b"one").expect("written");
        write_atomic(&path, b"two").expect("written");
        assert_eq!(read_if_there(&path).expect("read"), Some(b"two".to_vec()));
        assert_eq!(fs::read_dir(folder.path().join("a")).expect("a folder").count(), 1);
        assert_eq!(file_hash(&path), Some(xxh3_64(b"two")));
        remove(&path).expect("removed");
        remove(&path).expect("nothing to do");
        assert_eq!(read_if_there(&path).expect("none"), None);
    }
}
