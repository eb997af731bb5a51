//! All posts of an index as digests see them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Counted, Recap};
use takeaways_search::{Index, RetrievalError};
use takeaways_text::model::{Post, PostId};

/// The posts of an index, each read once. All clones share them.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    recaps: Vec<Arc<Recap>>,
    by_id: HashMap<PostId, usize>,
    revision: Option<u64>,
}

impl Shelf {
    /// The posts of an index, in the order of their ids. What this shelf has of them is taken over where neither title nor
    /// text has changed; the shelf of the same index stays as it is.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn refreshed(&self, index: &Index, now: Timestamp) -> Result<Self, RetrievalError> {
        if self.revision == Some(index.revision()) {
            return Ok(self.clone());
        }
        let facets = index.facets(now)?;
        let commonness = Counted::new(index, &facets);
        let mut recaps: Vec<Arc<Recap>> = Vec::new();
        index.each_post(&mut |post| {
            let known = self.find(&post.id).filter(|known| known.is_of(post));
            let recap =
                known.map_or_else(|| Arc::new(Recap::of(post, &commonness)), |known| known.renewed(post));
            recaps.push(recap);
        })?;
        let by_id = recaps.iter().enumerate().map(|(at, recap)| (recap.post.id.clone(), at)).collect();
        Ok(Self { recaps, by_id, revision: Some(index.revision()) })
    }

    /// All posts, also those that are not out.
    #[must_use]
    pub fn all(&self) -> &[Arc<Recap>] {
        &self.recaps
    }

    /// Those that are out at a time: the posts to take note of as seen.
    pub fn out(&self, now: Timestamp) -> impl Iterator<Item = &Arc<Recap>> {
        self.recaps.iter().filter(move |recap| recap.is_out(now))
    }

    /// The post of this id.
    #[must_use]
    pub fn find(&self, id: &PostId) -> Option<&Arc<Recap>> {
        self.by_id.get(id).and_then(|&at| self.recaps.get(at))
    }
}

impl Recap {
    /// Whether it was made of these words.
    fn is_of(&self, post: &Post) -> bool {
        self.fingerprint == super::recap::fingerprint(post) && self.post.language == post.language
    }

    /// The same with what else is known of the post now.
    fn renewed(self: &Arc<Self>, post: &Post) -> Arc<Self> {
        let now = super::recap::without_words(post);
        if self.post == now {
            return Arc::clone(self);
        }
        let address = super::recap::address(post);
        Arc::new(Self { post: now, address, ..Self::clone(self) })
    }
}
