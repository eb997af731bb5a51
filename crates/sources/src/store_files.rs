//! Reads, writes and lists files in the state folder and the corpus folder. A file is written whole or not at all.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use takeaways_corpus::front_matter::split_front_matter;
use xxhash_rust::xxh3::xxh3_64;

/// The most bytes of a file of ours that are read.
const MAX_BYTES: u64 = 64 << 20;

/// The path of a file below a folder. Every path of a post's file is made here, so that none can leave the folder: neither
/// one that is made from an address nor one that stands in a file of the state.
///
/// # Errors
/// If the path below it is empty, absolute, or has parts such as `..`.
pub(crate) fn join_below(folder: &Path, below: &str) -> io::Result<PathBuf> {
    let is_below = |part: Component<'_>| matches!(part, Component::Normal(_));
    let has_odd_mark = below.contains(['\\', '\0']);
    if below.is_empty() || has_odd_mark || !Path::new(below).components().all(is_below) {
        return Err(io::Error::other("its name would leave the folder"));
    }
    Ok(folder.join(below))
}

/// The suffix of a file with the new text of a post whose own file was edited.
pub(crate) const ORIG_SUFFIX: &str = ".orig";

/// The path of the new text of a post whose own file was edited: beside it.
pub(crate) fn orig_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ORIG_SUFFIX);
    PathBuf::from(name)
}

/// Writes a file in one step: a reader, or a kill, sees the old content or the new.
pub(crate) fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folders(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // The dot hides it from the corpus; the number keeps two processes apart.
    let unfinished = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        // Read and write for the owner; read for whoever may read the folder.
        copy_mode(folder, &unfinished, 0o600, 0o044)
    });
    let renamed = written.and_then(|()| fs::rename(&unfinished, path));
    if renamed.is_err() {
        // It may not be there.
        let _ = fs::remove_file(&unfinished);
    }
    renamed
}

/// Creates a folder and those above it. Each may be read by whoever may read the one above it: the program gives new files
/// to their owner only, but posts in a folder of the operator are for the bot too, which may be another user.
pub(crate) fn create_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        create_folders(above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    above.map_or(Ok(()), |above| copy_mode(above, folder, 0o700, 0o055))
}

/// Gives a new file or folder its own bits, and those of these others that its folder has.
#[cfg(unix)]
fn copy_mode(from: &Path, to: &Path, own: u32, others: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = from.metadata()?.permissions().mode();
    fs::set_permissions(to, fs::Permissions::from_mode(own | (mode & others)))
}

#[cfg(not(unix))]
fn copy_mode(_from: &Path, _to: &Path, _own: u32, _others: u32) -> io::Result<()> {
    Ok(())
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

/// The address of the post whose file this is; empty if the post has none, and `None` if a source did not write the file.
pub(crate) fn url_of_post(path: &Path) -> Option<String> {
    let bytes = read_if_there(path).ok().flatten()?;
    let text = String::from_utf8_lossy(&bytes);
    let fields = split_front_matter(&text).ok()?.fields;
    fields.first_text(&["retrieved"])?;
    Some(fields.first_text(&["url"]).unwrap_or_default().to_owned())
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
    fn no_path_leaves_its_folder() {
        let folder = Path::new("/corpus");
        assert_eq!(join_below(folder, "b.example/a.md").expect("below"), Path::new("/corpus/b.example/a.md"));
        for below in
            ["", "/a.md", "//a.md", "../a.md", "b/../../a.md", ".", "./a.md", "b\\..\\a.md", "a\0.md"]
        {
            assert!(join_below(folder, below).is_err(), "{below}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn files_may_be_read_by_whoever_may_read_their_folder() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
        for (shared, of_folder, of_file) in
            [(0o755, 0o755, 0o644), (0o700, 0o700, 0o600), (0o750, 0o750, 0o640)]
        {
            let top = folder.path().join(format!("{shared:o}"));
            fs::create_dir(&top).expect("a folder");
            fs::set_permissions(&top, fs::Permissions::from_mode(shared)).expect("a mode");
            write_atomic(&top.join("host/sub/a.md"), b"one").expect("written");
            assert_eq!(mode(&top.join("host/sub")), of_folder, "{shared:o}");
            assert_eq!(mode(&top.join("host/sub/a.md")), of_file, "{shared:o}");
        }
    }

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
