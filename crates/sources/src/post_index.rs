//! The posts of all sources by address and text.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::address;
use crate::library::SourceRow;
use crate::source_state::{PostState, PostStatus};

/// The posts of all sources, so that none is taken in twice.
#[derive(Default)]
pub(crate) struct PostIndex {
    inner: Mutex<IndexMaps>,
}

#[derive(Default)]
struct IndexMaps {
    /// By identity: the identity of the source, and the file.
    by_address: HashMap<String, (String, String)>,
    /// By the hash of the text: the address.
    by_text: HashMap<u64, String>,
}

impl PostIndex {
    pub(crate) fn new(rows: &[SourceRow]) -> Self {
        let index = Self::default();
        let mut maps = index.lock();
        for row in rows {
            for (identity, post) in &row.state.posts {
                if post.status == PostStatus::Taken {
                    let owner = (row.source.identity(), post.file.clone().unwrap_or_default());
                    maps.by_address.insert(address::identity_of(&post.url), owner.clone());
                    maps.by_address.insert(identity.clone(), owner);
                    maps.by_text.insert(post.text_hash, post.url.clone());
                }
            }
        }
        drop(maps);
        index
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

    pub(crate) fn other_with_text(&self, hash: u64, url: &str) -> Option<String> {
        let maps = self.lock();
        maps.by_text
            .get(&hash)
            .filter(|known| address::identity_of(known) != address::identity_of(url))
            .cloned()
    }

    pub(crate) fn record(&self, identities: [&str; 2], source: &str, post: &PostState) {
        let mut maps = self.lock();
        for identity in identities {
            let owner = (source.to_owned(), post.file.clone().unwrap_or_default());
            maps.by_address.insert(identity.to_owned(), owner);
        }
        maps.by_text.insert(post.text_hash, post.url.clone());
    }

    fn lock(&self) -> MutexGuard<'_, IndexMaps> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
