//! Posts that were read lately.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::DocId;
use tantivy::index::SegmentId;

use super::error::RetrievalError;
use takeaways_text::model::Post;

/// Bytes of posts that are kept. Enough for all posts of most corpora; a question looks at some dozen posts.
const BUDGET: usize = 8 << 20;

/// Bytes that an entry takes beside its texts, roughly.
const OVERHEAD: usize = 1 << 10;

/// Where a post is stored: never changes while its segment exists.
type Place = (SegmentId, DocId);

/// Posts that were read lately, up to a number of bytes.
#[derive(Debug, Default)]
pub(super) struct PostCache {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<Place, Entry>,
    /// The places of all entries, in the order in which they are looked at when something must go.
    queue: VecDeque<Place>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    post: Arc<Post>,
    bytes: usize,
    /// Used since it was last looked at: then it stays once more.
    used: bool,
}

impl PostCache {
    /// The post at a place, read where it is not known.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn get(
        &self,
        place: Place,
        read: impl FnOnce() -> Result<Post, RetrievalError>,
    ) -> Result<Arc<Post>, RetrievalError> {
        if let Some(post) = self.state().touch(place) {
            return Ok(post);
        }
        let post = Arc::new(read()?);
        self.state().insert(place, Arc::clone(&post));
        Ok(post)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A cache is right in any state that a panic could have left it in.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn touch(&mut self, place: Place) -> Option<Arc<Post>> {
        let entry = self.entries.get_mut(&place)?;
        entry.used = true;
        Some(Arc::clone(&entry.post))
    }

    fn insert(&mut self, place: Place, post: Arc<Post>) {
        let bytes = size(&post);
        if bytes > BUDGET {
            return;
        }
        match self.entries.insert(place, Entry { post, bytes, used: false }) {
            // Another thread was faster.
            Some(old) => self.bytes -= old.bytes,
            None => self.queue.push_back(place),
        }
        self.bytes += bytes;
        while self.bytes > BUDGET
            && let Some(place) = self.queue.pop_front()
        {
            self.look_at(place);
        }
    }

    /// Removes an entry, or puts it back if it was used.
    fn look_at(&mut self, place: Place) {
        let Some(entry) = self.entries.get_mut(&place) else { return };
        if std::mem::take(&mut entry.used) {
            self.queue.push_back(place);
        } else {
            self.bytes -= entry.bytes;
            self.entries.remove(&place);
        }
    }
}

fn size(post: &Post) -> usize {
    let body = &post.body;
    let links: usize = body.links.iter().map(|link| link.url.len() + size_of_val(link)).sum();
    OVERHEAD
        + body.text.len()
        + size_of_val(&*body.blocks)
        + size_of_val(&*body.sections)
        + size_of_val(&*body.sentences)
        + size_of_val(&*body.passages)
        + links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::post;

    #[test]
    fn the_budget_holds_and_what_is_used_stays() {
        let cache = PostCache::default();
        let segment = SegmentId::generate_random();
        let big = || Ok(post("big").text(&"x".repeat(BUDGET / 4)).build());
        cache.get((segment, 0), big).expect("reads");
        for doc in 1..20 {
            cache.get((segment, doc), big).expect("reads");
            cache.get((segment, 0), || panic!("still there")).expect("kept");
        }
        let state = cache.state();
        assert!(state.bytes <= BUDGET, "{} bytes", state.bytes);
        assert_eq!((state.entries.len(), state.queue.len()), (3, 3));
    }
}
