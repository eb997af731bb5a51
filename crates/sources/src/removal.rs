//! Removes sources and posts from a library. Posts that another source lists too are transferred to it.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use crate::http::Validators;
use crate::library::{Library, LibraryError, file_error, list_error};
use crate::source_row::SourceRow;
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::{address, store_files};

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// A source, with the files of its posts, except those that somebody edited.
    Source {
        /// The address.
        url: String,
        /// The number of files that were removed.
        files: usize,
        /// The files that stay.
        kept: Vec<PathBuf>,
        /// The number of posts that stay, because another source lists them too and has them now.
        transferred: usize,
        /// The number of posts that another source lists too, and may include when it is read next.
        may_return: usize,
    },
    /// A post with this address. It does not come back.
    Post {
        /// The address.
        url: String,
        /// Its file, which is gone; empty if it had none.
        file: PathBuf,
        /// Whether a person had edited the file.
        was_edited: bool,
    },
}

/// What was transferred.
struct Transfer {
    /// The posts, by their identities in the source that is removed.
    posts: BTreeSet<String>,
    /// The posts that another source lists, and judges when it is read next.
    pending: BTreeSet<String>,
    /// Whether a source got no posts because another process refreshes its host.
    has_busy: bool,
}

impl Library {
    /// Removes a source, or a post of one, by its address, or a post by the path of its file. `None` if there is no such
    /// thing.
    ///
    /// # Errors
    /// If a file can't be read or written.
    pub fn remove(&self, name: &str, keeps_posts: bool) -> Result<Option<Removal>, LibraryError> {
        let _lock = self.lock_lists()?;
        let identity =
            crate::parse_address(name).map_or_else(|_| name.to_owned(), |url| crate::identity(&url));
        let (rows, mut errors) = self.rows();
        // The address of a site is not enough to remove all of it.
        let matches = |row: &&SourceRow| row.source.identity() == identity || row.source.url == name;
        if let Some(row) = rows.iter().find(matches) {
            return self.remove_source(row, &rows, keeps_posts).map(Some);
        }
        for row in &rows {
            let found = row.state.posts.iter().find(|(known, post)| {
                post.status == PostStatus::Included
                    && (**known == identity
                        || row.is_file_of(post, name)
                        || address::identity_of(&post.url) == identity)
            });
            if let Some((known, post)) = found {
                return self.remove_post(row, known, post).map(Some);
            }
        }
        if let Some((file, url)) = self.find_unowned(name, &identity) {
            let was_edited = store_files::orig_path(&file).exists();
            self.remove_for_good([address::identity_of(&url)], Some(&file))?;
            return Ok(Some(Removal::Post { url, file, was_edited }));
        }
        errors.pop().map_or(Ok(None), Err)
    }

    fn remove_source(
        &self,
        row: &SourceRow,
        rows: &[SourceRow],
        keeps_posts: bool,
    ) -> Result<Removal, LibraryError> {
        let mut list = self.list(&row.folder)?;
        list.remove(&row.source.identity()).map_err(|error| list_error(&row.folder, error))?;
        Self::write_list(&row.folder, &list)?;
        let others: Vec<&SourceRow> = rows.iter().filter(|other| other.source != row.source).collect();
        let transfer = self.transfer_posts(&row.state, &others)?;
        let (transferred, may_return) = (transfer.posts, transfer.pending.len());
        let (mut files, mut kept) = (0, Vec::new());
        let included = row.state.posts.iter().filter(|(_, post)| post.status == PostStatus::Included);
        for (_, post) in included.filter(|(identity, _)| !transferred.contains(*identity)) {
            let Some(path) = row.file_of(post) else { continue };
            match store_files::file_hash(&path) {
                None => {}
                Some(hash) if hash == post.file_hash && !keeps_posts => {
                    store_files::remove(&path).map_err(|error| file_error(&path, error))?;
                    files += 1;
                }
                Some(_) => kept.push(path),
            }
        }
        let path = self.state_path(&row.folder, &row.source);
        store_files::remove(&path).map_err(|error| file_error(&path, error))?;
        Ok(Removal::Source {
            url: row.source.url.clone(),
            files,
            kept,
            transferred: transferred.len(),
            may_return,
        })
    }

    fn remove_post(
        &self,
        row: &SourceRow,
        identity: &str,
        post: &PostState,
    ) -> Result<Removal, LibraryError> {
        let file = row.file_of(post);
        let hash = file.as_deref().and_then(store_files::file_hash);
        let was_edited = hash.is_some_and(|hash| hash != post.file_hash);
        self.remove_for_good([identity.to_owned(), address::identity_of(&post.url)], file.as_deref())?;
        Ok(Removal::Post { url: post.url.clone(), file: file.unwrap_or_default(), was_edited })
    }

    /// Removes a post with these identities for good, with its file and the new text beside it.
    fn remove_for_good(
        &self,
        identities: impl IntoIterator<Item = String>,
        file: Option<&Path>,
    ) -> Result<(), LibraryError> {
        // The list first, so that no other process writes the file again.
        let mut removed = self.removal_list()?;
        removed.extend(identities.into_iter().filter(|identity| !identity.is_empty()));
        self.save_removal_list(&removed)?;
        if let Some(file) = file {
            for path in [file, &*store_files::orig_path(file)] {
                store_files::remove(path).map_err(|error| file_error(path, error))?;
            }
        }
        Ok(())
    }

    /// The file of a post that came from a source which stands in no list any more, with the address of the post. A file of
    /// another program is none of these.
    fn find_unowned(&self, name: &str, identity: &str) -> Option<(PathBuf, String)> {
        let named = std::path::absolute(name).ok();
        for folder in self.folders() {
            let hosts = std::fs::read_dir(folder).into_iter().flatten().flatten();
            for file in hosts.flat_map(|host| store_files::files_ending_in(&host.path(), ".md")) {
                let Some(url) = store_files::url_of_post(&file) else { continue };
                let below = file.strip_prefix(folder).unwrap_or(&file);
                let is_named = [below, &below.with_extension("")].contains(&Path::new(name))
                    || named.as_ref() == Some(&file);
                if is_named || address::identity_of(&url) == identity {
                    return Some((file, url));
                }
            }
        }
        None
    }

    /// The identities of the posts that a person removed by a command.
    ///
    /// # Errors
    /// If the file can't be read: then nothing may come in, since it might be one of them.
    pub(crate) fn removal_list(&self) -> Result<BTreeSet<String>, LibraryError> {
        let path = self.removed_path();
        let bytes = store_files::read_if_there(&path).map_err(|error| file_error(&path, error))?;
        let Some(bytes) = bytes else { return Ok(BTreeSet::new()) };
        serde_json::from_slice(&bytes).map_err(|error| file_error(&path, io::Error::other(error)))
    }

    /// The identities of the posts that a person removed by a command or by deleting their files, without those that
    /// somebody named again since.
    ///
    /// # Errors
    /// If the list of removed posts can't be read.
    pub fn removed_posts(&self) -> Result<BTreeSet<String>, LibraryError> {
        let mut removed = self.removal_list()?;
        let rows = self.rows().0;
        for row in &rows {
            for (identity, post) in row.state.posts.iter().filter(|(_, post)| row.is_removed(post)) {
                removed.extend([identity.clone(), address::identity_of(&post.url)]);
            }
        }
        for post in rows.iter().flat_map(SourceRow::posts) {
            removed.remove(&address::identity_of(&post.url));
        }
        Ok(removed)
    }

    /// Lets a removed post come back.
    ///
    /// # Errors
    /// If the file can't be read or written.
    pub fn restore(&self, identity: &str) -> Result<(), LibraryError> {
        let _lock = self.lock_lists()?;
        self.restore_under_lock(identity)
    }

    pub(crate) fn restore_under_lock(&self, identity: &str) -> Result<(), LibraryError> {
        let mut removed = self.removal_list()?;
        let mut identities = BTreeSet::from([identity.to_owned()]);
        for row in self.rows().0 {
            let matches = |(known, post): (&String, &PostState)| {
                let is_named = known == identity || address::identity_of(&post.url) == identity;
                is_named && row.is_removed(post)
            };
            let found: Vec<String> =
                row.state.posts.iter().filter(|one| matches(*one)).map(|(known, _)| known.clone()).collect();
            if found.is_empty() {
                continue;
            }
            let mut state = SourceState::clone(&row.state);
            for known in found {
                let Some(post) = state.posts.get_mut(&known) else { continue };
                identities.extend([known.clone(), address::identity_of(&post.url)]);
                // It leaves the list, so the state of each source that had it must say that it was removed.
                post.status = PostStatus::Removed;
                if row.source.identity() == identity {
                    state.posts.remove(&known);
                    (state.due, state.validators) = (None, Validators::default());
                }
            }
            self.save_state(&row.folder, &row.source, state)?;
        }
        let before = removed.len();
        removed.retain(|known| !identities.contains(known));
        if removed.len() < before { self.save_removal_list(&removed) } else { Ok(()) }
    }

    fn save_removal_list(&self, removed: &BTreeSet<String>) -> Result<(), LibraryError> {
        let path = self.removed_path();
        let text = serde_json::to_vec_pretty(removed).unwrap_or_default();
        store_files::write_atomic(&path, &text).map_err(|error| file_error(&path, error))
    }

    fn removed_path(&self) -> PathBuf {
        self.state_folder.join("removed").join("posts.json")
    }

    /// Removes the states of sources that stand in no list any more.
    pub(crate) fn remove_orphans(&self, rows: &[SourceRow]) {
        let known: BTreeSet<PathBuf> =
            rows.iter().map(|row| self.state_path(&row.folder, &row.source)).collect();
        for path in store_files::files_ending_in(&self.state_folder, ".json") {
            if !known.contains(&path) && self.transfer_orphan(&path, rows) {
                self.states.remove(&path);
                // The next run tries again.
                let _ = store_files::remove(&path);
            }
        }
    }

    /// Transfers the posts of a removed source to other sources that list them and have the same filters. A source with
    /// other filters judges them when it is read next.
    fn transfer_posts(&self, removed: &SourceState, others: &[&SourceRow]) -> Result<Transfer, LibraryError> {
        let mut transfer = Transfer { posts: BTreeSet::new(), pending: BTreeSet::new(), has_busy: false };
        let mut known: HashMap<String, &String> = HashMap::new();
        for (identity, post) in removed.posts.iter().filter(|(_, post)| post.status == PostStatus::Included) {
            known.insert(address::identity_of(&post.url), identity);
            known.insert(identity.clone(), identity);
        }
        let find = |identity: &String, post: &PostState| {
            let is_same = matches!(post.status, PostStatus::Duplicate(_));
            let found = || known.get(identity).or_else(|| known.get(&address::identity_of(&post.url)));
            is_same.then(found).flatten().copied()
        };
        for successor in others {
            let posts = successor.state.posts.iter();
            let listed: Vec<&String> = posts.filter_map(|(identity, post)| find(identity, post)).collect();
            if listed.is_empty() {
                continue;
            }
            transfer.pending.extend(listed.into_iter().cloned());
            if successor.source.filters() != removed.filters {
                continue;
            }
            let Some(_lock) = self.try_lock_host(&successor.source.host())? else {
                transfer.has_busy = true;
                continue;
            };
            let mut state = SourceState::clone(&self.state(&successor.folder, &successor.source));
            for (identity, post) in &mut state.posts {
                let Some(old) = find(identity, post) else { continue };
                let Some(included) = removed.posts.get(old).filter(|post| !successor.is_missing(post)) else {
                    continue;
                };
                if transfer.posts.insert(old.clone()) {
                    *post = PostState { version: post.version, ..included.clone() };
                }
            }
            self.save_state(&successor.folder, &successor.source, state)?;
        }
        transfer.pending.retain(|post| !transfer.posts.contains(post));
        Ok(transfer)
    }

    /// Transfers the posts of a source whose lines somebody deleted from its list. Returns whether its state is needed no
    /// more.
    fn transfer_orphan(&self, path: &Path, rows: &[SourceRow]) -> bool {
        let bytes = store_files::read_if_there(path).ok().flatten().unwrap_or_default();
        let Ok(removed) = serde_json::from_slice::<SourceState>(&bytes) else { return true };
        match self.transfer_posts(&removed, &rows.iter().collect::<Vec<_>>()) {
            Ok(transfer) => !transfer.has_busy,
            Err(error) => {
                tracing::warn!(%error, "the posts of a source that was removed are transferred later");
                false
            }
        }
    }
}
