//! The posts of all sources by address and text.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::address;
use crate::source_row::SourceRow;
use crate::source_state::{PostState, PostStatus, SourceState};

/// The posts of all sources, so that none comes in twice.
#[derive(Default)]
pub(crate) struct PostIndex {
    inner: Mutex<IndexMaps>,
}

#[derive(Default)]
struct IndexMaps {
    /// The posts that a source has or is about to have, by identity.
    by_address: HashMap<String, IndexedPost>,
    /// The texts of posts, by their hashes.
    by_text: HashMap<u64, IndexedText>,
    /// The posts that a person removed, by identity: the identity of the source that had them.
    removed: HashMap<String, String>,
    /// The posts that a source excluded, by identity.
    excluded: HashMap<String, Exclusion>,
    /// What was added of each source.
    added: HashMap<String, Arc<SourceState>>,
}

struct IndexedPost {
    /// The identity of the source.
    source: String,
    /// The file; empty until it is written.
    file: String,
}

struct IndexedText {
    /// The address of the post.
    url: String,
    /// The identity of the source.
    source: String,
}

struct Exclusion {
    /// The identity of the source.
    source: String,
    /// The hash of its filters.
    filters: u64,
    reason: String,
}

impl IndexMaps {
    fn add(&mut self, row: &SourceRow, source: &str, identity: &str, post: &PostState) {
        let source = source.to_owned();
        let identities = || [address::identity_of(&post.url), identity.to_owned()];
        if row.is_removed(post) {
            self.removed.extend(identities().map(|identity| (identity, source.clone())));
        } else if let (PostStatus::Excluded(reason), None) = (&post.status, post.retry_at) {
            let exclusion = Exclusion { source, filters: row.state.filters, reason: reason.clone() };
            self.excluded.insert(identity.to_owned(), exclusion);
        } else if post.status == PostStatus::Included {
            let file = post.file.clone().unwrap_or_default();
            for identity in identities() {
                let new = || IndexedPost { source: source.clone(), file: file.clone() };
                self.by_address.entry(identity).or_insert_with(new);
            }
            let new = || IndexedText { url: post.url.clone(), source };
            self.by_text.entry(post.text_hash).or_insert_with(new);
        }
    }
}

impl PostIndex {
    /// Forgets the posts of sources that are no longer among all of them.
    pub(crate) fn keep_only(&self, all: &[SourceRow]) {
        let mut maps = self.lock();
        let sources: HashSet<String> = all.iter().map(|row| row.source.identity()).collect();
        maps.by_address.retain(|_, post| sources.contains(&post.source));
        maps.by_text.retain(|_, text| sources.contains(&text.source));
        maps.removed.retain(|_, source| sources.contains(source));
        maps.excluded.retain(|_, exclusion| sources.contains(&exclusion.source));
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
                    maps.excluded.retain(|_, exclusion| exclusion.source != source);
                }
                None => {}
            }
            for (identity, post) in &row.state.posts {
                maps.add(row, &source, identity, post);
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
        let exclusion = maps.excluded.get(identity).filter(|exclusion| exclusion.filters == filters)?;
        Some(exclusion.reason.clone())
    }

    pub(crate) fn record_exclusion(&self, identity: &str, source: &str, filters: u64, reason: &str) {
        let exclusion = Exclusion { source: source.to_owned(), filters, reason: reason.to_owned() };
        self.lock().excluded.insert(identity.to_owned(), exclusion);
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

    /// The file of the other source that has a post, if one has.
    pub(crate) fn file_elsewhere(&self, identity: &str, source: &str) -> Option<String> {
        let maps = self.lock();
        let post = maps.by_address.get(identity).filter(|post| post.source != source)?;
        Some(post.file.clone())
    }

    /// Claims a post for a source; the file of the other source that has it, if one has.
    pub(crate) fn claim(&self, identity: &str, source: &str) -> Result<(), String> {
        let mut maps = self.lock();
        match maps.by_address.get(identity) {
            Some(post) if post.source != source => Err(post.file.clone()),
            Some(_) => Ok(()),
            None => {
                let post = IndexedPost { source: source.to_owned(), file: String::new() };
                maps.by_address.insert(identity.to_owned(), post);
                Ok(())
            }
        }
    }

    pub(crate) fn release(&self, identity: &str, source: &str) {
        let mut maps = self.lock();
        if maps.by_address.get(identity).is_some_and(|post| post.source == source && post.file.is_empty()) {
            maps.by_address.remove(identity);
        }
    }

    /// Claims a text for the post of an address; the address of the other post that has it, if one has.
    pub(crate) fn claim_text(&self, hash: u64, url: &str, source: &str) -> Result<(), String> {
        let mut maps = self.lock();
        let new = || IndexedText { url: url.to_owned(), source: source.to_owned() };
        let known = &maps.by_text.entry(hash).or_insert_with(new).url;
        if address::identity_of(known) == address::identity_of(url) { Ok(()) } else { Err(known.clone()) }
    }

    pub(crate) fn release_text(&self, hash: u64, url: &str) {
        let mut maps = self.lock();
        if maps.by_text.get(&hash).is_some_and(|known| known.url == url) {
            maps.by_text.remove(&hash);
        }
    }

    pub(crate) fn record(&self, identities: [&str; 2], source: &str, post: &PostState) {
        let mut maps = self.lock();
        for identity in identities {
            let file = post.file.clone().unwrap_or_default();
            maps.by_address.insert(identity.to_owned(), IndexedPost { source: source.to_owned(), file });
        }
        let text = IndexedText { url: post.url.clone(), source: source.to_owned() };
        maps.by_text.insert(post.text_hash, text);
    }

    fn lock(&self) -> MutexGuard<'_, IndexMaps> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
