//! The lists of sources of all corpus folders, and the states of the sources, on disk.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use takeaways_faults::fail_point;
use takeaways_process_lock::{LockAttempt, ProcessLock};
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_128;

use crate::source_list::{FILE_NAME, Source, SourceList, SourceListError};
use crate::source_row::SourceRow;
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::store_files;
use crate::store_files::FileCache;

/// How long a change of a list waits for another one.
const LIST_WAIT: Duration = Duration::from_secs(10);

/// Why the sources can't be read or changed.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// A list is wrong.
    #[error("{}{}: {}", path.display(), error.line.map(|line| format!(":{line}")).unwrap_or_default(), error.what)]
    List {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: SourceListError,
    },
    /// A file can't be read or written.
    #[error("{} can't be read or written: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
    /// Another process changes the lists and does not end.
    #[error("another process changes the sources now; try again")]
    Busy,
}

/// The sources and their posts.
pub struct Library {
    folders: Vec<PathBuf>,
    pub(crate) state_folder: PathBuf,
    pub(crate) states: FileCache<SourceState>,
    lists: FileCache<SourceList>,
    posts_folder: PathBuf,
}

impl Library {
    /// The library of these corpus folders and of `posts/` in the state folder.
    pub fn new(corpus_folders: &[PathBuf], state_dir: &Path) -> Self {
        let posts_folder = Self::posts_folder_of(state_dir);
        let mut folders = corpus_folders.to_vec();
        if !folders.contains(&posts_folder) {
            folders.push(posts_folder.clone());
        }
        Self {
            folders,
            state_folder: state_dir.join("sources"),
            states: FileCache::default(),
            lists: FileCache::default(),
            posts_folder,
        }
    }

    /// The folder in the state folder that posts go into if no other is named.
    pub fn posts_folder_of(state_dir: &Path) -> PathBuf {
        state_dir.join("posts")
    }

    /// The folder that posts go into if no other is named.
    pub(crate) fn posts_folder(&self) -> &Path {
        &self.posts_folder
    }

    /// Whether a folder holds the file of a post of a source, in the folder of a host.
    pub fn holds_posts(folder: &Path) -> bool {
        let Ok(hosts) = std::fs::read_dir(folder) else { return false };
        hosts.flatten().any(|host| !store_files::files_ending_in(&host.path(), ".md").is_empty())
    }

    /// All folders that may have a list.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Reads the list of a folder; an empty one if there is none.
    ///
    /// # Errors
    /// If it can't be read, or is wrong.
    pub fn list(&self, folder: &Path) -> Result<SourceList, LibraryError> {
        let path = folder.join(FILE_NAME);
        let bytes = store_files::read_if_there(&path).map_err(|error| file_error(&path, error))?;
        let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
        SourceList::parse(&text).map_err(|error| LibraryError::List { path, error })
    }

    /// All sources, in the order of folders and lists, and the lists that can't be read.
    pub fn rows(&self) -> (Vec<SourceRow>, Vec<LibraryError>) {
        self.rows_where(|_| true)
    }

    /// The sources of a host, in the same order. Lists that can't be read are left out.
    pub(crate) fn rows_of_host(&self, host: &str) -> Vec<SourceRow> {
        self.rows_where(|source| source.host() == host).0
    }

    fn rows_where(&self, matches: impl Fn(&Source) -> bool) -> (Vec<SourceRow>, Vec<LibraryError>) {
        let (mut rows, mut errors) = (Vec::new(), Vec::new());
        let mut known = BTreeSet::new();
        // A refresh writes nothing if this can't be read, and says so.
        let removed = self.removal_list().unwrap_or_default();
        for folder in &self.folders {
            match self.cached_list(folder) {
                Ok(list) => rows.extend(
                    list.sources()
                        .iter()
                        .filter(|source| matches(source) && known.insert(source.identity()))
                        .map(|source| self.row(folder, source, &removed)),
                ),
                Err(error) => errors.push(error),
            }
        }
        (rows, errors)
    }

    /// A post that a person removed counts as removed at once, also before its source is refreshed.
    fn row(&self, folder: &Path, source: &Source, removed: &BTreeSet<String>) -> SourceRow {
        let mut state = self.state(folder, source);
        let is_removed = |(identity, post): (&String, &PostState)| {
            post.status == PostStatus::Included && removed.contains(identity)
        };
        if state.posts.iter().any(is_removed) {
            Arc::make_mut(&mut state).mark_removed(removed);
        }
        SourceRow { folder: folder.to_owned(), source: source.clone(), state }
    }

    /// Adds a source to the list of a folder. The caller has the lock of the lists.
    pub(crate) fn add_to_list(
        folder: &Path,
        mut list: SourceList,
        source: &Source,
    ) -> Result<(), LibraryError> {
        fail_point("sources.list.before");
        // Who adds a source again wants its posts, also those that were removed with it.
        list.add(source).map_err(|error| list_error(folder, error))?;
        Self::write_list(folder, &list)?;
        fail_point("sources.list.after");
        Ok(())
    }

    /// Whether a source still stands in its list. A list that can't be read now says nothing against it.
    pub(crate) fn is_listed(&self, folder: &Path, source: &Source) -> bool {
        let Ok(list) = self.cached_list(folder) else { return true };
        // The usual case needs no address to be parsed.
        let identity = || source.identity();
        list.sources().contains(source) || list.sources().iter().any(|known| known.identity() == identity())
    }

    /// The list of a folder, read again only if its file changed: it is looked at before each file that is written.
    fn cached_list(&self, folder: &Path) -> Result<Arc<SourceList>, LibraryError> {
        self.lists.get_or_read(&folder.join(FILE_NAME), || self.list(folder))
    }

    /// The addresses of all posts that are dated before their source was added: they are no news. A post without an address
    /// is named by the path of its file in its corpus folder.
    pub fn old_posts(&self) -> std::collections::HashSet<String> {
        let (rows, _) = self.rows();
        let old = rows.iter().flat_map(|row| row.state.posts.values());
        old.filter(|post| post.is_old && post.status == PostStatus::Included)
            .filter_map(|post| post.web_url().or(post.file.as_deref()).map(str::to_owned))
            .collect()
    }

    /// The posts that came in last, the newest first.
    pub fn recent(&self, limit: usize) -> Vec<PostState> {
        let (rows, _) = self.rows();
        let mut posts: Vec<(&SourceRow, &PostState)> = rows
            .iter()
            .flat_map(|row| row.state.posts.values().map(move |post| (row, post)))
            .filter(|(_, post)| post.status == PostStatus::Included)
            .collect();
        posts.sort_by(|(_, one), (_, other)| {
            other.included_at.cmp(&one.included_at).then(other.date.cmp(&one.date))
        });
        let there = posts.into_iter().filter(|(row, post)| !row.is_missing(post)).take(limit);
        there.map(|(_, post)| post.clone()).collect()
    }

    /// The state of a source; an empty one if its file is missing or damaged. Then the source is fetched as for the first
    /// time, and its files are recognised by their addresses.
    pub fn state(&self, folder: &Path, source: &Source) -> Arc<SourceState> {
        let path = self.state_path(folder, source);
        // A damaged file counts as an empty state, which is cached, so that it is logged once.
        let Ok(state) = self.states.get_or_read::<Infallible>(&path, || Ok(read_state(&path)));
        state
    }

    /// Saves the state of a source.
    ///
    /// # Errors
    /// If it can't be written.
    pub(crate) fn save_state(
        &self,
        folder: &Path,
        source: &Source,
        state: SourceState,
    ) -> Result<(), LibraryError> {
        let path = self.state_path(folder, source);
        let text = serde_json::to_vec(&state).unwrap_or_default();
        store_files::write_atomic(&path, &text).map_err(|error| file_error(&path, error))?;
        self.states.insert(path, state);
        Ok(())
    }

    /// Locks a host, to refresh its sources; `None` if another process has the lock.
    ///
    /// # Errors
    /// If the file of the lock can't be written.
    pub(crate) fn try_lock_host(&self, host: &str) -> Result<Option<ProcessLock>, LibraryError> {
        let name: String =
            host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(80).collect();
        self.try_lock(&format!("{name}.lock"))
    }

    pub(crate) fn lock_lists(&self) -> Result<ProcessLock, LibraryError> {
        let started = Instant::now();
        loop {
            if let Some(lock) = self.try_lock("lists.lock")? {
                return Ok(lock);
            }
            if started.elapsed() > LIST_WAIT {
                return Err(LibraryError::Busy);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn try_lock(&self, name: &str) -> Result<Option<ProcessLock>, LibraryError> {
        let path = self.state_folder.join("locks").join(name);
        let attempt = || {
            std::fs::create_dir_all(self.state_folder.join("locks"))?;
            let mut options = OpenOptions::new();
            ProcessLock::try_acquire(&path, options.create(true).truncate(false).read(true).write(true))
        };
        match attempt().map_err(|error| file_error(&path, error))? {
            LockAttempt::Acquired(lock, _) => Ok(Some(lock)),
            LockAttempt::HeldBy(_) => Ok(None),
        }
    }

    pub(crate) fn write_list(folder: &Path, list: &SourceList) -> Result<(), LibraryError> {
        let path = folder.join(FILE_NAME);
        store_files::write_atomic(&path, list.text().as_bytes()).map_err(|error| file_error(&path, error))
    }

    pub(crate) fn state_path(&self, folder: &Path, source: &Source) -> PathBuf {
        let canonical = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let folder = canonical(folder);
        // What is in the state folder moves with it.
        let is_own = folder == canonical(&self.posts_folder);
        let place = if is_own { String::new() } else { folder.display().to_string() };
        let key = xxh3_128(format!("{place}\n{}", source.identity()).as_bytes());
        self.state_folder.join(format!("{key:032x}.json"))
    }
}

pub(crate) fn create_folder(folder: &Path) -> Result<(), LibraryError> {
    store_files::create_folders(folder).map_err(|error| file_error(folder, error))
}

/// That the list of a folder is wrong, or can't be changed.
pub(crate) fn list_error(folder: &Path, error: SourceListError) -> LibraryError {
    LibraryError::List { path: folder.join(FILE_NAME), error }
}

pub(crate) fn file_error(path: &Path, error: io::Error) -> LibraryError {
    LibraryError::File { path: path.to_owned(), error }
}

fn read_state(path: &Path) -> SourceState {
    let Some(bytes) = store_files::read_if_there(path).ok().flatten() else { return SourceState::default() };
    serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), %error, "what was known of a source is damaged; it is fetched anew");
        SourceState::default()
    })
}
