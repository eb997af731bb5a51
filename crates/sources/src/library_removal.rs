//! Removes sources and posts from a library.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use crate::library::{Library, LibraryError, SourceRow, file_error};
use crate::source_state::{PostState, PostStatus};
use crate::{address, store_files};

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// A source with this address, with so many files of its posts; these files stay, because somebody edited them.
    Source {
        /// The address.
        url: String,
        /// The number of files that were removed.
        files: usize,
        /// The files that stay.
        kept: Vec<PathBuf>,
    },
    /// A post with this address. It does not come back.
    Post {
        /// The address.
        url: String,
        /// Its file, which is gone; empty if it had none.
        file: PathBuf,
    },
}

impl Library {
    /// Removes a source, or a post of one, by its address, or a post by the path of its file. `None` if there is no such
    /// thing.
    ///
    /// # Errors
    /// If a file can't be read or written.
    pub fn remove(&self, name: &str, keeps_posts: bool) -> Result<Option<Removed>, LibraryError> {
        let _lock = self.lock_lists()?;
        let identity =
            crate::parse_address(name).map_or_else(|_| name.to_owned(), |url| crate::identity(&url));
        let (rows, mut errors) = self.rows();
        // The address of a site is not enough to remove all of it.
        let is_meant = |row: &&SourceRow| row.source.identity() == identity || row.source.url == name;
        if let Some(row) = rows.iter().find(is_meant) {
            return self.remove_source(row, keeps_posts).map(Some);
        }
        for row in &rows {
            let found = row.state.posts.iter().find(|(known, post)| {
                post.status == PostStatus::Taken
                    && (**known == identity
                        || row.is_file_of(post, name)
                        || address::identity_of(&post.url) == identity)
            });
            if let Some((known, post)) = found {
                return self.remove_post(row, known, post).map(Some);
            }
        }
        errors.pop().map_or(Ok(None), Err)
    }

    fn remove_source(&self, row: &SourceRow, keeps_posts: bool) -> Result<Removed, LibraryError> {
        let mut list = self.list(&row.folder)?;
        list.remove(&row.source.identity());
        Self::write_list(&row.folder, &list)?;
        let (mut files, mut kept) = (0, Vec::new());
        for post in row.state.posts.values().filter(|post| post.status == PostStatus::Taken) {
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
        Ok(Removed::Source { url: row.source.url.clone(), files, kept })
    }

    fn remove_post(
        &self,
        row: &SourceRow,
        identity: &str,
        post: &PostState,
    ) -> Result<Removed, LibraryError> {
        let file = row.file_of(post);
        // In this order: whoever reads the list of removed posts next does not write the file again.
        let mut removed = self.removed()?;
        removed.insert(identity.to_owned());
        removed.insert(address::identity_of(&post.url));
        let path = self.removed_path();
        let text = serde_json::to_vec_pretty(&removed).unwrap_or_default();
        store_files::write_atomic(&path, &text).map_err(|error| file_error(&path, error))?;
        if let Some(file) = &file {
            for path in [file, &store_files::beside(file)] {
                store_files::remove(path).map_err(|error| file_error(path, error))?;
            }
        }
        Ok(Removed::Post { url: post.url.clone(), file: file.unwrap_or_default() })
    }

    /// The identities of posts that a person took out.
    ///
    /// # Errors
    /// If the file can't be read: then nothing may be taken in, since it might be one of them.
    pub fn removed(&self) -> Result<BTreeSet<String>, LibraryError> {
        let path = self.removed_path();
        let bytes = store_files::read_if_there(&path).map_err(|error| file_error(&path, error))?;
        let Some(bytes) = bytes else { return Ok(BTreeSet::new()) };
        serde_json::from_slice(&bytes).map_err(|error| file_error(&path, io::Error::other(error)))
    }

    /// Lets a post that was taken out come back.
    ///
    /// # Errors
    /// If the file can't be read or written.
    pub fn restore(&self, identity: &str) -> Result<(), LibraryError> {
        let _lock = self.lock_lists()?;
        self.restore_under_lock(identity)
    }

    pub(crate) fn restore_under_lock(&self, identity: &str) -> Result<(), LibraryError> {
        let mut removed = self.removed()?;
        if removed.remove(identity) {
            let path = self.removed_path();
            let text = serde_json::to_vec_pretty(&removed).unwrap_or_default();
            store_files::write_atomic(&path, &text).map_err(|error| file_error(&path, error))?;
        }
        Ok(())
    }

    fn removed_path(&self) -> PathBuf {
        self.state.join("removed").join("posts.json")
    }

    /// Removes what is known of sources that stand in no list any more.
    pub(crate) fn remove_orphans(&self, rows: &[SourceRow]) {
        let known: BTreeSet<PathBuf> =
            rows.iter().map(|row| self.state_path(&row.folder, &row.source)).collect();
        for path in store_files::files_ending_in(&self.state, ".json") {
            if !known.contains(&path) {
                self.cache().remove(&path);
                // The next run tries again.
                let _ = store_files::remove(&path);
            }
        }
    }
}
