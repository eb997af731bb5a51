//! Transfers the posts of a source that is removed to other sources that list them too.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::address;
use crate::library::{Library, LibraryError, SourceRow};
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::store_files;

/// What was transferred.
pub(crate) struct Transfer {
    /// The posts, by their identities in the source that is removed.
    pub(crate) posts: BTreeSet<String>,
    /// The posts that another source lists, and judges when it is read next.
    pub(crate) pending: BTreeSet<String>,
    /// Whether a source got no posts because another process refreshes its host.
    pub(crate) has_busy: bool,
}

impl Library {
    /// Transfers the posts of a removed source to other sources that list them and have the same filters. A source with
    /// other filters judges them when it is read next.
    pub(crate) fn transfer_posts(
        &self,
        removed: &SourceState,
        others: &[&SourceRow],
    ) -> Result<Transfer, LibraryError> {
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
    pub(crate) fn transfer_orphan(&self, path: &Path, rows: &[SourceRow]) -> bool {
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
