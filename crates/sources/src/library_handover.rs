//! Hands the posts of a source that is removed to other sources that list them too.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::address;
use crate::library::{Library, LibraryError, SourceRow};
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::store_files;

/// What was handed over.
pub(crate) struct HandedOver {
    /// The posts, by their identities in the source that is removed.
    pub(crate) posts: BTreeSet<String>,
    /// The posts that another source lists and judges itself when it is read next.
    pub(crate) left_to_judge: BTreeSet<String>,
    /// Whether a source could not take its posts because another process refreshes its host.
    pub(crate) has_busy: bool,
}

impl Library {
    /// Hands the posts of a source that is there no more to other sources that list them and take in the same. A source with
    /// other filters judges them itself when it is read next.
    pub(crate) fn hand_over(
        &self,
        gone: &SourceState,
        others: &[&SourceRow],
    ) -> Result<HandedOver, LibraryError> {
        let mut handed =
            HandedOver { posts: BTreeSet::new(), left_to_judge: BTreeSet::new(), has_busy: false };
        let mut known: HashMap<String, &String> = HashMap::new();
        for (identity, post) in gone.posts.iter().filter(|(_, post)| post.status == PostStatus::Taken) {
            known.insert(address::identity_of(&post.url), identity);
            known.insert(identity.clone(), identity);
        }
        let find = |identity: &String, post: &PostState| {
            let is_same = matches!(post.status, PostStatus::Same(_));
            let found = || known.get(identity).or_else(|| known.get(&address::identity_of(&post.url)));
            is_same.then(found).flatten().copied()
        };
        for heir in others {
            let posts = heir.state.posts.iter();
            let listed: Vec<&String> = posts.filter_map(|(identity, post)| find(identity, post)).collect();
            if listed.is_empty() {
                continue;
            }
            handed.left_to_judge.extend(listed.into_iter().cloned());
            if heir.source.filters() != gone.filters {
                continue;
            }
            let Some(_lock) = self.try_lock_host(&heir.source.host())? else {
                handed.has_busy = true;
                continue;
            };
            let mut state = SourceState::clone(&self.state(&heir.folder, &heir.source));
            for (identity, post) in &mut state.posts {
                let Some(old) = find(identity, post) else { continue };
                let Some(taken) = gone.posts.get(old).filter(|taken| !heir.is_missing(taken)) else {
                    continue;
                };
                if handed.posts.insert(old.clone()) {
                    *post = PostState { version: post.version, ..taken.clone() };
                }
            }
            self.save_state(&heir.folder, &heir.source, state)?;
        }
        handed.left_to_judge.retain(|post| !handed.posts.contains(post));
        Ok(handed)
    }

    /// Hands over the posts of a source whose lines somebody deleted from its list. Returns whether what was known of it is
    /// needed no more.
    pub(crate) fn hand_over_orphan(&self, path: &Path, rows: &[SourceRow]) -> bool {
        let bytes = store_files::read_if_there(path).ok().flatten().unwrap_or_default();
        let Ok(gone) = serde_json::from_slice::<SourceState>(&bytes) else { return true };
        match self.hand_over(&gone, &rows.iter().collect::<Vec<_>>()) {
            Ok(handed) => !handed.has_busy,
            Err(error) => {
                tracing::warn!(%error, "the posts of a source that was removed are handed over later");
                false
            }
        }
    }
}
