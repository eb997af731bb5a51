//! The posts of all sources by address and text.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::address;
use crate::library::SourceRow;
use crate::source_state::{PostState, PostStatus, SourceState};

/// The posts of all sources, so that none comes in twice.
#[derive(Default)]
pub(crate) struct PostIndex {
    inner: Mutex<IndexMaps>,
}

#[derive(Default)]
struct IndexMaps {
    /// By identity: the identity of the source, and the file.
    by_address: HashMap<String, (String, String)>,
    /// By the hash of the text: the address, and the identity of the source.
    by_text: HashMap<u64, (String, String)>,
    /// The posts that a person removed, by identity: the identity of the source that had them.
    removed: HashMap<String, String>,
    /// The posts that a source excluded, by identity: the source, its filters, and the reason.
    excluded: HashMap<String, (String, u64, String)>,
    /// What was added of each source.
    added: HashMap<String, Arc<SourceState>>,
}

impl PostIndex {
    /// Forgets the posts of sources that are no longer among all of them.
    pub(crate) fn keep_only(&self, all: &[SourceRow]) {
        let mut maps = self.lock();
        let sources: HashSet<String> = all.iter().map(|row| row.source.identity()).collect();
        maps.by_address.retain(|_, (owner, _)| sources.contains(owner));
        maps.by_text.retain(|_, (_, owner)| sources.contains(owner));
        maps.removed.retain(|_, owner| sources.contains(owner));
        maps.excluded.retain(|_, (owner, ..)| sources.contains(owner));
        maps.added.retain(|source, _| sources.contains(source));
    }

    /// Adds the posts of some sources that it does not have yet. A source that did not change since is not looked at again.
    pub(crate) fn add(&self, rows: &[SourceRow]) {
        let mut maps = self.lock();
        for row in rows {
            let source = row.source.identity();
            match maps.added.insert(source.clone(), Arc::clone(&row.state)) {
                Some(known) if Arc::ptr_eq(&known, &row.state) => continue,
                Some(_) => {
                    maps.removed.retain(|_, owner| *owner != source);
                    maps.excluded.retain(|_, (owner, ..)| *owner != source);
                }
                None => {}
            }
            for (identity, post) in &row.state.posts {
                if row.is_removed(post) {
                    maps.removed.insert(address::identity_of(&post.url), source.clone());
                    maps.removed.insert(identity.clone(), source.clone());
                } else if let (PostStatus::Excluded(why), None) = (&post.status, post.retry_at) {
                    let excluded = (source.clone(), row.state.filters, why.clone());
                    maps.excluded.insert(identity.clone(), excluded);
                } else if post.status == PostStatus::Included {
                    let owner = (source.clone(), post.file.clone().unwrap_or_default());
                    maps.by_address.entry(address::identity_of(&post.url)).or_insert_with(|| owner.clone());
                    maps.by_address.entry(identity.clone()).or_insert(owner);
                    let owner = || (post.url.clone(), source.clone());
                    maps.by_text.entry(post.text_hash).or_insert_with(owner);
                }
            }
        }
    }

    /// Whether a person removed a post, and nobody named it again since.
    pub(crate) fn is_removed(&self, identity: &str) -> bool {
        let maps = self.lock();
        maps.removed.contains_key(identity) && !maps.by_address.contains_key(identity)
    }

    /// Why a source with the same filters excluded a post.
    pub(crate) fn exclusion(&self, identity: &str, filters: u64) -> Option<String> {
        let maps = self.lock();
        let (_, _, why) = maps.excluded.get(identity).filter(|(_, of_other, _)| *of_other == filters)?;
        Some(why.clone())
    }

    pub(crate) fn record_exclusion(&self, identity: &str, source: &str, filters: u64, why: &str) {
        let excluded = (source.to_owned(), filters, why.to_owned());
        self.lock().excluded.insert(identity.to_owned(), excluded);
    }

    /// Whether the post that this one repeats still counts: a source has it, or a person removed it.
    pub(crate) fn has_original(&self, identity: &str, post: &PostState) -> bool {
        let PostStatus::Duplicate(other) = &post.status else { return false };
        let maps = self.lock();
        let is_known =
            |identity: &str| maps.by_address.contains_key(identity) || maps.removed.contains_key(identity);
        is_known(identity)
            || is_known(&address::identity_of(&post.url))
            || is_known(&address::identity_of(other))
    }

    /// Claims a post for a source; the file of the other source that has it, if one has.
    pub(crate) fn claim(&self, identity: &str, source: &str) -> Result<(), String> {
        let mut maps = self.lock();
        match maps.by_address.get(identity) {
            Some((owner, file)) if owner != source => Err(file.clone()),
            Some(_) => Ok(()),
            None => {
                maps.by_address.insert(identity.to_owned(), (source.to_owned(), String::new()));
                Ok(())
            }
        }
    }

    pub(crate) fn release(&self, identity: &str, source: &str) {
        let mut maps = self.lock();
        if maps.by_address.get(identity).is_some_and(|(owner, file)| owner == source && file.is_empty()) {
            maps.by_address.remove(identity);
        }
    }

    /// Claims a text for the post of an address; the address of the other post that has it, if one has.
    pub(crate) fn claim_text(&self, hash: u64, url: &str, source: &str) -> Result<(), String> {
        let mut maps = self.lock();
        let (known, _) = maps.by_text.entry(hash).or_insert_with(|| (url.to_owned(), source.to_owned()));
        if address::identity_of(known) == address::identity_of(url) { Ok(()) } else { Err(known.clone()) }
    }

    pub(crate) fn release_text(&self, hash: u64, url: &str) {
        let mut maps = self.lock();
        if maps.by_text.get(&hash).is_some_and(|(known, _)| known == url) {
            maps.by_text.remove(&hash);
        }
    }

    pub(crate) fn record(&self, identities: [&str; 2], source: &str, post: &PostState) {
        let mut maps = self.lock();
        for identity in identities {
            let owner = (source.to_owned(), post.file.clone().unwrap_or_default());
            maps.by_address.insert(identity.to_owned(), owner);
        }
        maps.by_text.insert(post.text_hash, (post.url.clone(), source.to_owned()));
    }

    fn lock(&self) -> MutexGuard<'_, IndexMaps> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
