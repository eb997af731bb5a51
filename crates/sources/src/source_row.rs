//! What a library returns: sources, posts, and what was removed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source_list::{Source, SourceKind};
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::store_files;

/// A source with its folder and its state.
#[derive(Debug, Clone)]
pub struct SourceRow {
    /// The corpus folder of its list and its posts.
    pub folder: PathBuf,
    /// The source.
    pub source: Source,
    /// Its state.
    pub state: Arc<SourceState>,
}

impl SourceRow {
    /// The file of a post of this source. One that would lie outside the folder is not a file of ours.
    pub(crate) fn file_of(&self, post: &PostState) -> Option<PathBuf> {
        store_files::join_below(&self.folder, post.file.as_deref()?).ok()
    }

    /// Whether the file of a post is not there any more: a person deleted it.
    pub(crate) fn is_missing(&self, post: &PostState) -> bool {
        self.file_of(post).is_some_and(|file| matches!(file.try_exists(), Ok(false)))
    }

    /// Whether a person removed a post: by a command, or by deleting its file.
    pub(crate) fn is_removed(&self, post: &PostState) -> bool {
        match post.status {
            PostStatus::Removed => true,
            PostStatus::Included => self.is_missing(post),
            _ => false,
        }
    }

    /// The posts of this source that are in the corpus.
    pub fn posts(&self) -> impl Iterator<Item = &PostState> {
        let posts = self.state.posts.values();
        posts.filter(|post| post.status == PostStatus::Included && !self.is_missing(post))
    }

    /// Whether `name` is the path of the file of a post: below the folder, with or without its extension, or as a path of
    /// this machine.
    pub(crate) fn is_file_of(&self, post: &PostState, name: &str) -> bool {
        let Some(file) = &post.file else { return false };
        let id = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let is_path = || {
            let path = std::path::absolute(name).ok();
            path.is_some() && path == self.file_of(post)
        };
        file == name || id == name || is_path()
    }
}

/// The source that is this folder of the machine, by any path that leads to it; only for the operator, who may know paths.
pub fn find_folder_source<'r>(rows: &'r [SourceRow], name: &Path) -> Option<&'r SourceRow> {
    let path = real_path(name);
    rows.iter()
        .find(|row| row.source.kind == SourceKind::Folder && real_path(Path::new(&row.source.url)) == path)
}

/// The one of `folders` that a path leads to. Neither needs to exist yet.
pub fn find_folder<'f>(folders: &'f [PathBuf], name: &Path) -> Option<&'f PathBuf> {
    let path = real_path(name);
    folders.iter().find(|folder| real_path(folder) == path)
}

/// The path without links and `..`, as far as it is there.
fn real_path(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in whole.ancestors() {
        if let (Ok(real), Ok(rest)) = (above.canonicalize(), whole.strip_prefix(above)) {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    whole
}

/// The source with this address; else the only one of the site with this address.
pub fn find_source<'r>(rows: &'r [SourceRow], name: &str) -> Option<&'r SourceRow> {
    let url = crate::parse_address(name).ok();
    let identity = url.as_ref().map_or_else(|| name.to_owned(), crate::identity);
    let matches = |row: &&SourceRow| row.source.identity() == identity || row.source.url == name;
    let site = url.filter(|url| matches!(url.path(), "" | "/") && url.query().is_none());
    let of_site = || {
        let site = crate::identity(&site?);
        let mut found =
            rows.iter().filter(|row| row.source.identity().split('/').next() == site.split('/').next());
        found.next().filter(|_| found.next().is_none())
    };
    rows.iter().find(matches).or_else(of_site)
}
